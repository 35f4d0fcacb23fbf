"""The preview of the item under the picker's cursor: a picture that learns, facts, and a summary."""

from collections.abc import Iterable, Iterator, Sequence
from textwrap import wrap
from typing import TYPE_CHECKING

from msgspec import Struct

from ...core.notation.notation import Notation
from ...presets.schema import Preset
from .numbers import count, short, significant, wide
from .preset_summary import optimizer_name, parameter_count
from .preview_course import preview_course
from .safe import safe
from .spans import Line, Lines, Page, Span
from .sparkline import sparkline

if TYPE_CHECKING:
    from .preview_training import PreviewTraining

NARROW = 40
"""Columns up to which the loss has one decimal less."""
WIDE = 54
"""Columns from which on the facts are beside the picture."""
FACTS, NAME = 24, 10
"""Columns of the facts beside the picture, and of the name of each."""
GAP = 3
LONGEST = 72
"""The most columns of a line with bars."""
LOW = 24
"""Lines below which only the summary is under the picture."""
MOST_ROWS = 26
"""The most rows of a picture, because each pixel that changes is sent to the terminal."""
LEAST_PART = 3
"""The fewest lines of a table that is cut below."""
MOST_STEPS = 14
"""The most lines of a table of the first steps: its place is free from the first one on."""


class Preview(Struct, frozen=True, eq=False):
    """The preview of a preset, and of its training if there is one; what is there before that stays in place."""

    preset: Preset
    words: str = ""
    """A text instead of the preset's summary."""
    place: str = ""
    """The position of a session."""
    training: "PreviewTraining | None" = None
    is_waiting: bool = False
    """Whether the training is about to begin."""
    why_not: str = ""
    """The reason why there is no training."""
    has_colours: bool = True
    is_ascii: bool = False

    def page(self, width: int, height: int) -> Lines:
        """The whole preview in this many columns and rows."""
        text = list(self._text(width, is_short=height < LOW))
        if width >= WIDE:
            top = self._beside(width, max(height - len(text) - 1, len(self._facts()) + 3))
        else:
            top = self._above(width, height - min(len(text) + 1, max(height // 3, 3)))
        if self.is_waiting and not self._has_known_size:
            top, text = top if width >= WIDE else [], []
        return Lines([list(_cut(line, width)) for line in [*top, [], *text][:height]])

    @property
    def _is_single(self) -> bool:
        """Whether there is a single example; before the training, a file counts as many."""
        return len(self.training.trainer.train if self.training else self.preset.data.inputs or ()) == 1

    @property
    def _has_known_size(self) -> bool:
        """Whether the size of the picture is known before the training: others depend on the examples."""
        return self._is_single or (self.preset.network.layers[0] <= 2 and not self.preset.data.file)

    def _beside(self, width: int, height: int) -> list[Line]:
        """The picture, with the facts at its right."""
        right = [*self._state(), [], *self._facts()]
        size = picture_width, _ = self._room(
            width - FACTS - GAP, min(height, len(right)) if self._is_single else height
        )
        left = self._picture(*size)
        rows = max(len(left), min(len(right), height))
        left, right = _filled(left, rows), _filled(right, rows)
        return [
            [*_cut(a, picture_width), Span(" " * (picture_width - min(_width(a), picture_width) + GAP)), *b]
            for a, b in zip(left, right, strict=True)
        ]

    def _above(self, width: int, height: int) -> list[Line]:
        """The picture, with the facts in a few lines below it."""
        told = [*self._brief(width)]
        return [*self._picture(*self._room(width, max(height - len(told) - 1, 3))), [], *told]

    def _room(self, width: int, height: int) -> tuple[int, int]:
        """The columns and rows of the picture, at most these."""
        if self._is_single:
            return min(width, LONGEST), min(height, MOST_STEPS)
        height = min(height, MOST_ROWS)
        return min(width, 2 * height + 8 if width > WIDE else 4 * height), height

    def _picture(self, width: int, height: int) -> list[Line]:
        training = self.training
        if self.is_waiting:
            return [[]] * height if self._has_known_size else []
        if training is None:
            return [[Span(line, ("second",))] for line in wrap(self.why_not, width)]
        if self._is_single:
            return _filled(preview_course(training, self.preset, width, height), height)
        from ...core.debugger.snapshot import Snapshot
        from ...core.debugger.stage import WHOLE_BACKWARD
        from .picture.picture import PictureView, picture

        shown = PictureView(
            training.trainer,
            Snapshot(WHOLE_BACKWARD, training.backward),
            has_colours=self.has_colours,
            is_ascii=self.is_ascii,
            notation=Notation(self.preset.notation),
        )
        page = picture(shown, width, height)
        lines = _whole_parts(page, height)
        return _filled(lines, height) if self._has_known_size else lines

    def _state(self) -> list[Line]:
        """The progress of the training, in as many lines before it as later."""
        found: list[Line] = []
        if training := self.training:
            found = [
                [Span(f"{training.activity:<10}", ("accent",)), Span(f"step {count(training.backward.step)}")],
                _fact("loss", significant(training.losses[-1][1], 4)),
                [Span(sparkline(training.losses, FACTS - 2), ("second",))],
            ]
            if training.accuracy is not None and not self._is_single:
                found.append(_fact("wrong", _wrong(training)))
            if not training.trainer.is_full_batch:
                found.append(_fact("epoch", count(training.backward.state.epoch)))
        rows = 3 if self._is_single else 4 + (self.preset.training.batch_size != "all")
        return _filled(found, max(rows, len(found)))

    def _facts(self) -> list[Line]:
        """The facts, one a line."""
        network, learns = self.preset.network, self.preset.training
        names = [network.activations] if isinstance(network.activations, str) else network.activations
        hidden, output = ", ".join(dict.fromkeys(names[:-1])) or names[-1], names[-1]
        number = parameter_count(network)
        parameters = f"{count(number)} parameters"
        facts = [
            ("layers", _shape(network.layers)),
            ("", parameters if len(parameters) <= FACTS - NAME else f"{count(number)} params"),
            *([("hidden", hidden)] if len(network.layers) > 2 else []),
            ("output", output),
            ("loss", learns.loss),
            ("optimizer", optimizer_name(self.preset)),
            ("η", short(learns.learning_rate)),
            ("batch", str(learns.batch_size)),
            *(("data" if not n else "", line) for n, line in enumerate(self._data())),
        ]
        return [_fact(name, value) for name, value in facts]

    def _brief(self, width: int) -> Iterator[Line]:
        """The progress and the facts in a few lines."""
        if training := self.training:
            yield [Span(f"{training.activity} ", ("accent",)), Span(f"step {count(training.backward.step)}")]
            digits = 4 if width > NARROW else 3
            loss = f"loss {significant(training.losses[-1][1], digits):<{wide(digits)}} "
            wrong = f" {_wrong(training)} wrong" if training.accuracy is not None and not self._is_single else ""
            line = sparkline(training.losses, max(width - len(loss) - len(wrong), 0))
            yield [Span(loss[:5], ("second",)), Span(loss[5:]), Span(line, ("second",)), Span(wrong)]
        elif self.is_waiting:
            yield from ([], [])
        if self.place:
            yield [Span(self.place[:width])]
        preset = self.preset
        yield [Span(f"{_shape(preset.network.layers)}, {count(parameter_count(preset.network))} parameters"[:width])]
        learns = f"{preset.training.loss}, {optimizer_name(preset)}, η {short(preset.training.learning_rate)}"
        yield [Span(learns[:width], ("second",))]

    def _data(self) -> list[str]:
        """The number of examples, in as many lines before the training as later."""
        if training := self.training:
            train, test = training.trainer.train, training.trainer.test
            total = len(train) + (len(test) if test else 0)
            examples = f"{count(total)} example{'s' * (total != 1)}{',' * bool(test)}"
            return [examples, f"{count(len(test))} held out" if test else ""][: 1 if self._is_single else 2]
        if self._is_single:
            return ["1 example"]
        return ["" if self.is_waiting else safe(self.preset.data.file or ""), ""]

    def _text(self, width: int, is_short: bool) -> Iterator[Line]:
        """The summary, exercises, and the source."""
        yield from ([Span(line)] for line in wrap(self.words or safe(self.preset.summary), width))
        if is_short:
            return
        yield []
        yield from self._tips()
        source = safe(self.preset.source)
        origin = safe(self.training.trainer.train.origin if self.training else self.preset.data.origin or "")
        told = [line for text in (source, origin) if text for line in wrap(text, width)]
        yield from ([[], *([Span(line, ("faint",))] for line in told)] if told else [])

    def _tips(self) -> Iterator[Line]:
        """The first exercise."""
        tips = [("enter", "opens it"), ("space", "then trains it")]
        if self._is_single:
            tips = [("enter", "opens it"), ("s", "then steps once"), ("x", "shows the factors of a gradient")]
        elif self.preset.network.layers[0] == 2:
            tips.append(("h", "shows one hidden neuron"))
        else:
            tips.append(("n", "shows the next example"))
        for n, (key, does) in enumerate(tips):
            head = "Try  " if not n else "     "
            yield [Span(head, ("second",)), Span(key, ("accent",)), Span(f" {does}", ("second",))]


def _wrong(training: "PreviewTraining") -> str:
    total = len(training.trainer.train)
    return f"{count(round((1 - (training.accuracy or 0.0)) * total))} of {count(total)}"


def _shape(layers: Sequence[int]) -> str:
    text = "-".join(map(str, layers))
    return text if len(text) <= FACTS - 10 else f"{layers[0]}-…-{layers[-1]}"


def _fact(name: str, value: str) -> Line:
    return [Span(name.ljust(NAME), ("second",)), Span(value)]


def _whole_parts(page: Page, height: int) -> list[Line]:
    """The first lines of a page, without a last table of which only the headings would be left."""
    lines = [page.line(y) for y in range(min(page.height, height))]
    last = next((n for n, line in enumerate(reversed(lines)) if not line), len(lines))
    return lines[: -last - 1] if page.height > height and 0 < last < LEAST_PART else lines


def _width(line: Line) -> int:
    return sum(len(span.text) for span in line)


def _cut(line: Line, width: int) -> Iterator[Span]:
    """The first columns of a line."""
    for span in line:
        if width <= 0:
            return
        yield span._replace(text=span.text[:width])
        width -= len(span.text)


def _filled(lines: Iterable[Line], rows: int) -> list[Line]:
    found = list(lines)[:rows]
    return [*found, *([[]] * (rows - len(found)))]
