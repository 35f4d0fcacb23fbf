"""The header: title, predictions, loss, and step."""

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from msgspec import Struct

from ...core.data.dataset import Evaluation
from ...core.debugger.facts import Activity, Agreement, TimelineStatus
from ...core.debugger.snapshot import Freshness, Snapshot
from ...core.metrics.series import Point
from ...core.notation.notation import Notation
from ...core.quantities.quantity import Quantity
from ...core.training.trainer import Trainer
from .captions import check_text
from .data_names import DataNames
from .numbers import count, percent, plain, short, significant, wide
from .safe import safe
from .spans import Line, Span, label
from .sparkline import sparkline

if TYPE_CHECKING:
    from ...core.gradient_check import Check

GLYPHS = {Activity.RUNNING: "▶", Activity.PAUSED: "‖", Activity.FINISHED: "■", Activity.FAILED: "✗"}
SPARK = 12
"""Columns of the loss's sparkline."""
MOST_OUTPUTS = 2
"""The most predictions of a single example that are shown."""
WHERE, LEAST_WHERE = 45, 26
"""Columns for the pause, the step and the learning rate, and for the first two alone."""
KEPT = 3
"""The highest rank of results that stay beside a remark."""
NARROW = 70
"""Columns from which on a stage is written in full."""
FULL_TITLE = 100
"""Columns from which on a title includes the words after its colon."""


class Part(NamedTuple):
    """A part of a line, and its rank: if the parts do not fit, the highest rank is left out first."""

    rank: int
    line: Line


NO_CONDITIONS = ("first not finite", "breakpoint at")
"""The beginnings of reasons for a pause that are not the user's own conditions."""


class Status(Struct, frozen=True, eq=False, kw_only=True):
    """The data of the header."""

    name: str
    title: str
    activity: Activity
    snapshot: Snapshot
    trainer: Trainer
    test: Evaluation | None
    updates_per_second: float | None
    why: str = ""
    """The reason for a pause or an end that no key asked for."""
    dead: str = ""
    """The dead layers, in words."""
    place: TimelineStatus | None = None
    decimals: int | None = None
    """The decimals of the loss and the predictions; None for as many as fit."""
    pace: float | None = None
    """The most updates a second of a run; None for no limit."""
    checks: "Mapping[Quantity, Check] | None" = None
    """The results of a gradient check so far; None without a check."""
    losses: Sequence[Point] = ()
    """The loss of each step's batch."""
    correct: tuple[int, int] | None = None
    """The number of correct training examples at the last forward pass, and of all; None if it is not known."""
    notation: Notation = Notation.SUPERSCRIPT
    agreement: Agreement | None = None
    """The comparison with another program's numbers; None if nothing is compared."""

    def header(self, width: int, notice: str = "", *, is_whole: bool = True) -> Line:
        """The header: title, results if they have no line of their own, and step; a notice replaces the first two."""
        said = list(self._what(width, is_whole=is_whole))
        if notice:
            said = [*(self._urgent() if is_whole else ()), Part(0, [Span(notice, ("value",))])]
        result = list(self._result()) if is_whole and not notice else []
        return spread([Part(0, [Span(self.name, ("lit",))]), *said], result, list(self._where(width)), width)

    def result(self, width: int, notice: str = "", asides: Sequence[str] = ()) -> Line:
        """The line under the tabs: the results, and the first remark that fits."""
        said = [*self._urgent(), *([Part(0, [Span(notice, ("value",))])] if notice else self._result())]
        kept = [part for part in said if part.rank <= KEPT]
        room = width - _width_of([kept]) - WIDE_GAP
        aside = next((each for each in asides if len(each) <= room), "") if not notice else ""
        style = "agrees" if aside.endswith("✓") else "second"
        return spread(said, [], [Part(KEPT, [Span(aside, (style,))])] if aside else [], width)

    def _what(self, width: int, *, is_whole: bool) -> Iterator[Part]:
        """The title, or something more urgent unless that has a line of its own."""
        is_urgent = is_whole and bool(self.why or self.dead)
        if is_urgent:
            yield from self._urgent()
        if self.agreement:
            yield self._compared(self.agreement, width - len(self.name) - WHERE, is_urgent=is_urgent)
        elif not is_urgent:
            title = self.title if width >= FULL_TITLE else self.title.partition(":")[0]
            yield Part(7, [Span(title, ("second",))])

    def _compared(self, agreement: Agreement, room: int, *, is_urgent: bool) -> Part:
        """The comparison with another program's numbers, in as many words as fit."""
        texts = [agreement.text, *agreement.briefer]
        if agreement.agrees:  # agreement matters more than the learning rate and the phase
            texts.append(agreement.text.replace("torch and nn-tui agree", "both agree"))
            room += WHERE - LEAST_WHERE
        words = texts[-1] if is_urgent else next((each for each in texts if len(each) <= room), texts[-1])
        style = "agrees" if agreement.agrees else "wrong"
        return Part((2 if is_urgent else 1) if agreement.agrees else is_urgent, [Span(safe(words), (style,))])

    def _urgent(self) -> Iterator[Part]:
        """The reason for a pause, and the dead layers."""
        if self.why:
            yield Part(0, [Span(self._reason(), (self.activity.value,))])
        if self.dead:
            yield Part(0, [Span(self.dead, ("failed",))])

    def _reason(self) -> str:
        """The reason for a pause or an end, without the step, which is shown anyway."""
        words = self.why.removeprefix(f"step {self.snapshot.step}: ")
        is_condition = self.activity is Activity.PAUSED and not words.startswith(NO_CONDITIONS)
        return f"at {words}" if is_condition else words

    def _where(self, width: int) -> Iterator[Part]:
        state, stage = self.snapshot.state, self.snapshot.stage
        yield from self._check()
        yield from self._timeline()
        if self.updates_per_second is not None:
            pace = f"at most {short(self.pace)}/s" if self.pace is not None else ""
            yield Part(9, [label(pace or f"{count(self.updates_per_second)} updates/s")])
        elif self.pace is not None:
            yield Part(9, [label(f"at most {short(self.pace)}/s")])
        yield Part(2, [Span(f"η {short(self.trainer.learning_rate(state))}", ("second",))])
        yield Part(0, [Span(f"{GLYPHS[self.activity]} {self.activity.value}", (self.activity.value,))])
        yield Part(0, [Span(f"step {count(state.step)}", ("value", "new")), *self._newest()])
        if not self.trainer.is_full_batch:
            yield Part(4, [label(f"epoch {count(state.epoch)}")])
        if self.activity is not Activity.RUNNING and (self.trainer.is_full_batch or stage.layer is not None):
            short_stage = f"{stage.phase.value.split()[0]}{'' if stage.layer is None else f' {stage.layer + 1}'}"
            yield Part(3, [label(stage.text if width >= NARROW else short_stage)])

    def _check(self) -> Iterator[Part]:
        """The result of the gradient check."""
        if text := check_text(self.checks, self.snapshot) if self.checks else "":
            yield Part(1, [Span(text, ("wrong" if text.startswith("✗") else "agrees",))])

    def _newest(self) -> Iterator[Span]:
        """The newest step, if that is not the shown one."""
        if self.place and self.place.newest > self.snapshot.state.step:
            yield label(f" of {count(self.place.newest)}")

    def _timeline(self) -> Iterator[Part]:
        """The number of the branch if there are several, and of the edits."""
        place = self.place
        if place and len(place.branches) > 1:
            yield Part(4, [label(f"branch {place.branches.index(place.branch) + 1} of {len(place.branches)}")])
        if place and (edits := _edits(place, self.snapshot.step)):
            yield Part(5, [label(edits)])

    def _result(self) -> Iterator[Part]:
        """Predictions of a single example; the loss; the number of correct examples."""
        forward = self.snapshot.forward_of(self.snapshot.layers - 1)
        if forward and len(forward.X) == 1 and len(self.trainer.train.X) == 1:
            yield Part(1, list(self._predictions(forward.y_hat[0].tolist(), forward.y[0].tolist())))
        yield Part(2, [label("loss "), *self._loss()])
        if spark := sparkline(self.losses, SPARK):
            yield Part(6, [Span(spark, ("second",))])
        if self.correct:
            right, of = self.correct
            yield Part(3, [label("correct "), _result(count(right), self._freshness), label(f" of {count(of)}")])
        if self.test:
            accuracy = f" {percent(self.test.accuracy)}" if self.test.accuracy is not None else ""
            yield Part(9, [label("held-out loss "), Span(self._loss_text(self.test.loss), ("value",))])
            if accuracy:
                yield Part(10, [label("held-out"), Span(accuracy, ("value",))])

    def _predictions(self, y_hat: list[float], y: list[float]) -> Iterator[Span]:
        """ŷ → target of each output, as far as they fit."""
        names, freshness = DataNames.of(self.trainer, self.notation), self._freshness
        for n, (predicted, target) in enumerate(zip(y_hat[:MOST_OUTPUTS], y, strict=False)):
            yield label(f"{'  ' * bool(n)}{names.output(n)} ")
            yield _result(plain(predicted, self._decimals), freshness)
            yield label(f" → {short(target)}")
        if len(y_hat) > MOST_OUTPUTS:
            yield label(f"  of {len(y_hat)}")

    @property
    def _freshness(self) -> Freshness:
        return self.snapshot.forward_freshness(self.snapshot.layers - 1)

    @property
    def _decimals(self) -> int:
        return 3 if self.decimals is None else self.decimals

    def _loss(self) -> Line:
        """The loss, and blanks, so that nothing beside it moves."""
        loss, freshness = self.snapshot.loss, self.snapshot.loss_freshness
        if loss is None or freshness is Freshness.ABSENT:
            return [label("·")]
        text = self._loss_text(loss)
        return [_result(text, freshness), Span(" " * (wide() - len(text)))]

    def _loss_text(self, loss: float) -> str:
        """A loss with three significant digits, or with the decimals that the user chose."""
        return significant(loss) if self.decimals is None else plain(loss, self.decimals)


def _result(text: str, freshness: Freshness) -> Span:
    """A result, bold if it belongs to the shown step."""
    return Span(text, ("value", *(() if freshness is Freshness.STALE else ("new",)), freshness.value))


def _edits(place: TimelineStatus, step: int) -> str:
    """The number of edits in force, or that an edit was undone at this step."""
    if any(at == step for at, _ in place.changes[place.counting :]):
        return "edit undone"
    made = place.counting
    return f"{made} edit{'s' * (made > 1)}" if made else ""


GAP, WIDE_GAP = 2, 4
"""Blanks between parts, and at least between the three groups of them."""


def spread(left: list[Part], middle: list[Part], right: list[Part], width: int) -> Line:
    """Parts at the left, parts in the middle after a gap, and parts at the right end.

    If they do not fit, parts of the highest rank are left out; finally, the last remaining part at the left is cut.
    """
    groups = [left, middle, right]
    while _width_of(groups) > width and any(part.rank for group in groups for part in group):
        worst = max((part for group in groups for part in group), key=lambda part: part.rank)
        groups = [[part for part in group if part is not worst] for group in groups]
    left, middle, right = groups
    end = _joined(right)
    begin = [*_joined(left), *([Span(" " * WIDE_GAP)] if left and middle else []), *_joined(middle)]
    room = width - _length(end) - (GAP if end else 0)
    begin = _cut(begin, max(room, 0))
    return [*begin, Span(" " * max(width - _length(begin) - _length(end), 0)), *end]


def _width_of(groups: list[list[Part]]) -> int:
    inner = [sum(_length(part.line) + GAP for part in group) - GAP for group in groups if group]
    return sum(inner) + WIDE_GAP * max(len(inner) - 1, 0)


def _joined(parts: list[Part]) -> list[Span]:
    return [span for n, part in enumerate(parts) for span in ([Span(" " * GAP)] if n else []) + list(part.line)]


def _cut(line: list[Span], room: int) -> list[Span]:
    kept: list[Span] = []
    for span in line:
        text = span.text if len(span.text) <= room else span.text[: max(room - 1, 0)] + "…" * (room > 0)
        kept.append(Span(text, span.styles))
        room -= len(text)
    return kept


def _length(line: Line) -> int:
    return sum(len(span.text) for span in line)
