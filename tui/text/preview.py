"""The preview of the item under the picker's cursor: a picture that learns, facts, and a summary."""

from collections.abc import Iterable, Iterator, Sequence
from textwrap import wrap
from typing import TYPE_CHECKING

from msgspec import Struct

from ...core.notation.notation import Notation
from ...core.quantities.quantity import Kind
from ...presets.schema import Preset
from .numbers import count, plain, short
from .preset_summary import optimizer_name, parameter_count
from .safe import safe
from .spans import Line, Lines, Span
from .sparkline import sparkline

if TYPE_CHECKING:
    from .preview_training import PreviewTraining

NARROW = 40
"""Columns up to which the loss has one decimal less."""
WIDE = 54
"""Columns from which on the facts are beside the picture."""
FACTS = 24
"""Columns of the facts beside the picture."""
GAP = 3
LOW = 24
"""Lines below which only the summary is under the picture."""
MOST_ROWS = 26
"""The most rows of a picture, because each pixel that changes is sent to the terminal."""
LEAST_BAR, LONGEST = 6, 72
"""Columns of a bar, and of a line with bars."""
FIGURE = 10
"""Columns of a prediction behind its bar, and of the printed figure."""
MOST_BARS = 2
"""The most outputs whose bars are drawn side by side."""


class Preview(Struct, frozen=True, eq=False):
    """The preview of a preset, and of its training if there is one."""

    preset: Preset
    words: str = ""
    """A text instead of the preset's summary."""
    place: str = ""
    """The position of a session."""
    training: "PreviewTraining | None" = None
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
        return Lines([list(_cut(line, width)) for line in [*top, [], *text][:height]])

    def _beside(self, width: int, height: int) -> list[Line]:
        """The picture, with the facts at its right."""
        picture_width = width - FACTS - GAP
        left = self._picture(picture_width, height)
        picture_width = min(max((_width(line) for line in left), default=0), picture_width)
        right = [*self._state(), [], *self._facts()]
        rows = max(len(left), min(len(right), height))
        left, right = _filled(left, rows), _filled(right, rows)
        return [
            [*_cut(a, picture_width), Span(" " * (picture_width - min(_width(a), picture_width) + GAP)), *b]
            for a, b in zip(left, right, strict=True)
        ]

    def _above(self, width: int, height: int) -> list[Line]:
        """The picture, with the facts in a few lines below it."""
        told = [*self._brief(width)]
        return [*self._picture(width, max(height - len(told) - 1, 3)), [], *told]

    def _picture(self, width: int, height: int) -> list[Line]:
        training = self.training
        if training is None:
            return [[Span(line, ("second",))] for line in wrap(self.why_not, width)]
        if len(training.trainer.train) == 1:
            return list(_course(training, self.preset, min(width, LONGEST), height))
        from ...core.debugger.snapshot import Snapshot
        from ...core.debugger.stage import WHOLE_BACKWARD
        from .picture.picture import PictureView, picture

        height = min(height, MOST_ROWS)
        shown = PictureView(
            training.trainer,
            Snapshot(WHOLE_BACKWARD, training.backward),
            has_colours=self.has_colours,
            is_ascii=self.is_ascii,
            notation=Notation(self.preset.notation),
        )
        page = picture(shown, min(width, 2 * height + 8 if width > WIDE else 4 * height), height)
        return [page.line(y) for y in range(min(page.height, height))]

    def _state(self) -> Iterator[Line]:
        """The progress of the training."""
        if training := self.training:
            yield [Span(f"{training.activity:<10}", ("accent",)), Span(f"step {count(training.backward.step)}")]
            yield _fact("loss", plain(training.losses[-1][1], 4))
            yield [Span(sparkline(training.losses, FACTS - 2), ("second",))]
            if training.accuracy is not None and len(training.trainer.train) > 1:
                yield _fact("wrong", _wrong(training))
            if not training.trainer.is_full_batch:
                yield _fact("epoch", count(training.backward.state.epoch))

    def _facts(self) -> list[Line]:
        """The facts, one a line."""
        network, learns = self.preset.network, self.preset.training
        names = [network.activations] if isinstance(network.activations, str) else network.activations
        hidden, output = ", ".join(dict.fromkeys(names[:-1])) or names[-1], names[-1]
        facts = [
            ("layers", _shape(network.layers)),
            ("", f"{count(parameter_count(network))} parameters"),
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
            loss = f"loss {plain(training.losses[-1][1], 4 if width > NARROW else 3)} "
            wrong = (
                f" {_wrong(training)} wrong"
                if training.accuracy is not None and len(training.trainer.train) > 1
                else ""
            )
            line = sparkline(training.losses, max(width - len(loss) - len(wrong), 0))
            yield [Span(loss[:5], ("second",)), Span(loss[5:]), Span(line, ("second",)), Span(wrong)]
        if self.place:
            yield [Span(self.place[:width])]
        preset = self.preset
        yield [Span(f"{_shape(preset.network.layers)}, {count(parameter_count(preset.network))} parameters"[:width])]
        learns = f"{preset.training.loss}, {optimizer_name(preset)}, η {short(preset.training.learning_rate)}"
        yield [Span(learns[:width], ("second",))]

    def _data(self) -> Iterator[str]:
        """The number of examples."""
        if training := self.training:
            train, test = training.trainer.train, training.trainer.test
            total = len(train) + (len(test) if test else 0)
            yield f"{count(total)} example{'s' * (total != 1)}{',' * bool(test)}"
            if test:
                yield f"{count(len(test))} held out"
        elif self.preset.data.file:
            yield safe(self.preset.data.file)

    def _text(self, width: int, is_short: bool) -> Iterator[Line]:
        """The summary, exercises, and the source."""
        yield from ([Span(line)] for line in wrap(self.words or safe(self.preset.summary), width))
        if is_short:
            return
        yield []
        yield from _tips(self.training)
        source = safe(self.preset.source)
        origin = safe(self.training.trainer.train.origin) if self.training else ""
        told = [line for text in (source, origin) if text for line in wrap(text, width)]
        yield from ([[], *([Span(line, ("faint",))] for line in told)] if told else [])


def _course(training: "PreviewTraining", preset: Preset, width: int, height: int) -> Iterator[Line]:
    """A bar for the prediction at each of the first steps, then one for the newest step."""
    from ...presets.printed_figures import PrintedFigures
    from .data_names import DataNames

    shown = dict(training.predictions)
    shown[training.backward.step] = training.backward.forward.y_hat[0].tolist()
    steps = sorted(shown)
    if len(steps) > height - 1:
        steps = [*steps[: height - 2], steps[-1]]
    number = max(len(f"{steps[-1]}"), 4)
    outputs = min(max((width - number - 2) // (LEAST_BAR + FIGURE), 1), MOST_BARS)
    target = training.backward.forward.y[0].tolist()[:outputs]
    network = training.trainer.network
    names, printed = DataNames.of(training.trainer, Notation(preset.notation)), PrintedFigures.of(preset.published)
    if training.edited_at is not None:
        printed = printed.before(training.edited_at)
    of = [network.names.of(Kind.A, len(network.layers) - 1, n, example=0) for n in range(len(target))]
    room = (width - number - 2) // len(target)
    ends = [_ends([values[n] for values in shown.values()], target[n]) for n in range(len(target))]
    head = "".join(f"{names.output(n)} → {short(value)}".ljust(room) for n, value in enumerate(target))
    yield [Span("step".ljust(number + 2), ("faint",)), Span(head, ("second",))]
    for step in steps:
        line = [Span(f"{step:>{number}}  ", ("faint",))]
        for n, value in enumerate(shown[step][:outputs]):
            figure = printed.at(of[n], step)
            mark = figure.mark(value) if figure else " "
            line += _bar(value, target[n], ends[n], room - FIGURE)
            line += [Span(f" {plain(value, 3)[:6]:<6}"), Span(f"{mark} ", ("agrees" if mark == "✓" else "wrong",))]
        yield line


def _ends(values: Sequence[float], target: float) -> tuple[float, float]:
    """The two ends of a bar."""
    known = [each for each in (*values, target) if abs(each) < 1e6]
    return min(0.0, *known), max(1.0 if max(known) > 0.5 else max(known), *known)


def _bar(value: float, target: float, ends: tuple[float, float], width: int) -> list[Span]:
    """A number as a bar on a track, with a mark at its target."""
    width = max(width, LEAST_BAR)
    least, most = ends
    span = (most - least) or 1.0
    filled = min(max(round((value - least) / span * width), 0), width) if value == value else 0
    at = min(max(round((target - least) / span * (width - 1)), 0), width - 1)
    cells = ["━" if n < filled else "─" for n in range(width)]
    before, after = "".join(cells[:at]), "".join(cells[at + 1 :])
    spans = [*_run(before), Span("◆", ("accent",)), *_run(after)]
    return spans


def _run(cells: str) -> list[Span]:
    full = cells.rstrip("─")
    return [Span(full, ("plus-3",)), Span(cells[len(full) :], ("ghost",))]


def _tips(training: "PreviewTraining | None") -> Iterator[Line]:
    """The first exercise."""
    tips = [("enter", "opens it"), ("space", "then trains it")]
    if training and len(training.trainer.train) == 1:
        tips = [("enter", "opens it"), ("s", "then steps once"), ("x", "shows the factors of a gradient")]
    elif training and training.trainer.network.layers[0].n_in == 2:
        tips.append(("h", "shows one hidden neuron"))
    elif training:
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
    return [Span(f"{name:<10}", ("second",)), Span(value)]


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
