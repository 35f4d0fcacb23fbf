"""The recorder collects facts into one history for each branch, and measures the speed."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from ..data.dataset import Evaluation
from ..metrics.history import History
from ..timeline.timeline import Timeline
from ..training.changes import Change
from ..training.trainer import Trainer
from ..training.training import Training
from .facts import (
    Activity,
    ActivityChanged,
    Agreement,
    Arrived,
    BranchBegun,
    Fact,
    Filled,
    Losses,
    Rewound,
    TimelineStatus,
)
from .snapshot import Snapshot

WINDOW = 0.5
"""Least number of seconds over which the speed is measured."""


class Rate:
    """Updates per second, renewed twice a second."""

    def __init__(self) -> None:
        """Begin without a speed."""
        self.value: float | None = None
        self._begin: tuple[int, float] | None = None

    def see(self, step: int, now: float) -> None:
        """Note the step at a time in seconds."""
        if self._begin is None:
            self._begin = (step, now)
        elif now - self._begin[1] >= WINDOW:
            self.value = (step - self._begin[0]) / (now - self._begin[1])
            self._begin = (step, now)

    def forget(self) -> None:
        """Forget the speed, because training has paused."""
        self.value = self._begin = None


class Recorder:
    """The losses and norms of a training, for charts and files."""

    def __init__(self, histories: Mapping[int, History] | None = None) -> None:
        """Begin with the histories that branches have already, by their numbers."""
        self.histories: dict[int, History] = dict(histories or {})
        """By the number of a branch."""
        self.timeline = TimelineStatus(1, (1,), 0, ())
        self.activity = Activity.PAUSED
        self.why = ""
        """Why it pauses or ends, if no verb asked for that."""
        self.snapshot: Snapshot | None = None
        """The newest."""
        self.agreement: Agreement | None = None
        """How the step that is shown compares with another program's; None if nothing is compared."""
        self.trainer: Trainer | None = None
        """How training continues from the newest snapshot."""
        self.evaluation: Evaluation | None = None
        """The newest result on the held-out examples."""
        self.unchanged: Training | None = None
        """The training without changes, as far as it was seen."""
        self.changes: dict[int, tuple[tuple[int, Change], ...]] = {}
        """The changes of each branch that has been current, with their steps."""
        self.rate = Rate()

    def resume(self, timeline: Timeline) -> None:
        """Read the branches of a timeline that is continued, with their changes."""
        first = timeline.branches[0].segments[0]
        self.unchanged = Training(first.trainer, first.start)
        self.changes = {branch.number: branch.changes for branch in timeline.branches}

    @property
    def history(self) -> History:
        """The history of the current branch."""
        return self.histories.setdefault(self.timeline.branch, History())

    @property
    def shown_history(self) -> History:
        """The history of the current branch; if an edit at the shown step is undone, without the edit."""
        snapshot, undone = self.snapshot, self.timeline.changes[self.timeline.counting :]
        if snapshot is None or self.trainer is None or snapshot.step not in {step for step, _ in undone}:
            return self.history
        here, alone = History(), replace(snapshot, before=None)
        if not snapshot.updated:
            if alone.loss is not None:
                here.batch_loss.add(alone.step, alone.loss)
            _add_known(here, alone, self.trainer)
        return self.history.with_step(snapshot.step, here)

    @property
    def other_number(self) -> int | None:
        """The number of the branch that was left last; None if there is none."""
        return next((each for each in self.timeline.branches[::-1] if each != self.timeline.branch), None)

    @property
    def other(self) -> History:
        """The history of the branch that was left last; empty if there is none."""
        return History() if self.other_number is None else self.histories.get(self.other_number, History())

    def fold(self, facts: Iterable[Fact], now: float) -> None:
        """Add facts in their order, taken at a time in seconds."""
        before = self.snapshot
        for fact in facts:
            self._fold(fact)
        if self.activity is not Activity.RUNNING:
            self.rate.forget()
        elif self.snapshot and self.snapshot is not before:
            self.rate.see(self.snapshot.step, now)

    def _fold(self, fact: Fact) -> None:
        match fact:
            case Losses():
                self._add(fact)
            case Arrived():
                self._arrive(fact)
            case Filled(branch=branch, metrics=metrics):
                self._of(branch).fill(metrics)
            case Rewound(branch=branch, step=step):
                self._of(branch).rewind(step)
                self.evaluation = None
            case BranchBegun(branch=branch, parent=parent, step=step):
                self.histories[branch] = self._of(parent).before(step)
                self.evaluation = None
            case ActivityChanged(activity=activity, why=why):
                self.activity, self.why = activity, why
            case Agreement():
                self.agreement = fact
            case _:
                pass  # the other facts are messages, and nothing is drawn for them

    def _of(self, branch: int) -> History:
        return self.histories.setdefault(branch, History())

    def _add(self, losses: Losses) -> None:
        history = self._of(losses.branch)
        if losses.test_loss.last_step > history.test_loss.last_step:
            accuracy = losses.test_accuracy[-1][1] if losses.test_accuracy else None
            self.evaluation = Evaluation(losses.test_loss[-1][1], accuracy)
        history.add(losses.batch_loss, losses.test_loss, losses.test_accuracy)

    def _arrive(self, arrived: Arrived) -> None:
        self.timeline, self.trainer = arrived.timeline, arrived.trainer
        self.histories = {
            number: self.histories[number] for number in self.timeline.branches if number in self.histories
        }
        self.changes[self.timeline.branch] = self.timeline.changes
        if arrived.snapshot:
            self.snapshot = arrived.snapshot
            if not self.timeline.counting and self.unchanged is None:
                self.unchanged = Training(arrived.trainer, arrived.snapshot.state)
            _add_known(self.history, arrived.snapshot, arrived.trainer)


def _add_known(history: History, snapshot: Snapshot, trainer: Trainer) -> None:
    """Add the numbers of a snapshot, if its step is later than the known ones."""
    if snapshot.backward_of(0) is snapshot.backward:
        history.see_backward(snapshot.backward)
    if snapshot.last_update:
        history.see_update(snapshot.last_update)
    if snapshot.forward_of(snapshot.layers - 1) is snapshot.forward:
        history.see_forward(snapshot.forward, trainer.classes)
