"""The status line: what is trained and how, and where the training stands."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from ...core.checking.gradient_check import Check
from ...core.debugger.facts import Activity, TimelineStatus
from ...core.debugger.snapshot import Freshness, Snapshot
from ...core.quantities.quantity import Quantity
from ...core.training.dataset import Evaluation
from ...core.training.trainer import Trainer
from .captions import batch_name, check_text
from .numbers import count, percent, plain, short
from .spans import Line, Lines, Span, heading, label

GLYPHS = {Activity.RUNNING: "▶", Activity.PAUSED: "‖", Activity.FINISHED: "■", Activity.FAILED: "✗"}


@dataclass(frozen=True, eq=False, kw_only=True)
class Status:
    """Everything that the status line tells."""

    name: str
    title: str
    activity: Activity
    snapshot: Snapshot
    trainer: Trainer
    test: Evaluation | None
    updates_per_second: float | None
    why: str = ""
    """Why it pauses or ends, where no key asked for that."""
    dead: str = ""
    """Which layers are dead."""
    place: TimelineStatus | None = None
    decimals: int
    """Of the loss."""
    pace: float | None = None
    """The most updates a second that a run makes; None for as many as it can."""
    checks: Mapping[Quantity, Check] | None = None
    """What a gradient check has found so far; None where there is none."""

    def page(self, width: int) -> Lines:
        """Two lines of this width."""
        return Lines([_spread(self._what(), self._how(), width), _spread(self._where(), self._result(), width)])

    def _what(self) -> Line:
        """The name, and the title where nothing more urgent is to be said."""
        urgent = [
            *([Span(self._reason(), (self.activity.value,))] if self.why else []),
            *([Span(self.dead, ("failed",))] if self.dead else []),
        ]
        spaced = [part for each in urgent or [label(self.title)] for part in (Span("  "), each)]
        return [heading(self.name), *spaced]

    def _reason(self) -> str:
        """Why it pauses or ends, without the step, which is said anyway."""
        words = self.why.removeprefix(f"step {self.snapshot.step}: ")
        return f"at {words}" if self.activity is Activity.PAUSED else words

    def _how(self) -> Line:
        trainer = self.trainer
        functions = "·".join(layer.activation.name for layer in trainer.network.layers)
        optimizer = type(trainer.optimizer).__name__.lower()
        rate = Span(f"η {short(trainer.learning_rate(self.snapshot.state))}", ("value",))
        return [label(f"{functions}  "), label(f"{trainer.output.loss.name}  {optimizer}  "), rate]

    def _where(self) -> Line:
        state = self.snapshot.state
        return [
            Span(f"{GLYPHS[self.activity]} {self.activity.value}", (self.activity.value,)),
            *self._check(),
            Span(f"  step {count(state.step)}  epoch {count(state.epoch)}  ", ("value",)),
            Span(self.snapshot.stage.text, ("phase",)),
            *self._timeline(),
        ]

    def _check(self) -> Line:
        """The result of the gradient check, before all that a narrow screen has no room for."""
        text = check_text(self.checks, self.snapshot) if self.checks else ""
        return [Span(f"  {text}", ("wrong" if text.startswith("✗") else "agrees",))] if text else []

    def _timeline(self) -> Line:
        """The newest step, the branch and the changes, where there is more than one way straight ahead."""
        place, parts = self.place, []
        if place and place.newest > self.snapshot.step:
            parts.append(label(f"  of {count(place.newest)}"))
        if place and len(place.branches) > 1:
            parts.append(label(f"  branch {place.branches.index(place.branch) + 1} of {len(place.branches)}"))
        if place and place.changes:
            parts.append(label(f"  {_edits(place)}"))
        return parts

    def _result(self) -> Line:
        parts: list[Span] = []
        if self.updates_per_second is not None:
            parts.append(label(f"{count(self.updates_per_second)} updates/s  "))
        if self.pace is not None:
            parts.append(label(f"at most {short(self.pace)}/s  "))
        return [*parts, *self._test(), *self._accuracy(), self._loss()]

    def _loss(self) -> Span:
        loss, freshness, name = self.snapshot.loss, self.snapshot.loss_freshness, batch_name(self.trainer)
        return (
            label(f"{name} loss ·")
            if loss is None or freshness is Freshness.ABSENT
            else Span(f"{name} loss {plain(loss, self.decimals)}", ("value", freshness.value))
        )

    def _accuracy(self) -> Iterator[Span]:
        """Of the batch whose predictions are known last."""
        layer = self.snapshot.layers - 1
        forward, freshness = self.snapshot.forward_of(layer), self.snapshot.forward_freshness(layer)
        share = self.trainer.accuracy(forward.y_hat, forward.y) if forward else None
        if share is not None:
            yield Span(f"{batch_name(self.trainer)} accuracy {percent(share)}  ", ("value", freshness.value))

    def _test(self) -> Iterator[Span]:
        """The newest result on the held-out examples."""
        if self.test:
            yield Span(f"test loss {plain(self.test.loss, self.decimals)}  ", ("value",))
        if self.test and self.test.accuracy is not None:
            yield Span(f"test accuracy {percent(self.test.accuracy)}  ", ("value",))


def _edits(place: TimelineStatus) -> str:
    """How many edits the branch has; of those that are undone or come later, that they do not count here."""
    made = len(place.changes)
    of = f"{place.counting} of " if place.counting < made else ""
    return f"{of}{made} edit{'s' * (made > 1)}"


def _spread(left: Line, right: Line, width: int) -> Line:
    """Two ends of a line; where they do not fit, the right one loses its first parts, then the left one its end."""
    while len(right) > 1 and _length(left) + 2 + _length(right) > width:
        right = right[1:]
    kept, room = [], width - _length(right) - 2
    for span in left:
        text = span.text if len(span.text) <= room else span.text[: max(room - 1, 0)] + "…" * (room > 0)
        kept.append(Span(text, span.styles))
        room -= len(text)
    return [*kept, Span(" " * max(0, width - _length(kept) - _length(right))), *right]


def _length(line: Line) -> int:
    return sum(len(span.text) for span in line)
