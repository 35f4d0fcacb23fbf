"""The kept steps of a training in another process, which can be shown again although the training cannot step back."""

from dataclasses import dataclass

from ...core.debugger.snapshot import Snapshot
from ...core.debugger.stage import UPDATE, WHOLE_BACKWARD, number_of, stages
from ...core.steps.events import BackwardPass, Updated
from ...core.training.trainer import Trainer

BUDGET = 64 * 2**20
"""Bytes for kept steps."""
MOST = 1000
"""Steps that are kept at most."""


@dataclass(frozen=True, eq=False)
class KeptStep:
    """A step of which every number is known."""

    trainer: Trainer
    """The trainer with the batch and the learning rate of the step."""
    backward: BackwardPass
    before: Updated | None = None
    """The update that led to it; None if the previous step was not reported."""
    is_edited: bool = False
    """Whether a parameter was edited after its passes."""

    @property
    def step(self) -> int:
        """Updates done before it."""
        return self.backward.step

    @property
    def bytes(self) -> int:
        """The state of its own numbers."""
        forward, state = self.backward.forward, self.backward.state
        arrays = (forward.X, forward.numbers, self.backward.numbers, self.backward.gradient, state.parameters)
        return sum(array.nbytes for array in (*arrays, *state.slots))


class KeptSteps:
    """The last steps that were reported, and the stage of one of them that is shown."""

    def __init__(self, budget: int = BUDGET) -> None:
        """Begin without steps; they can use this many bytes."""
        self._budget = budget
        self._bytes = 0
        self._steps: list[KeptStep] = []
        self._at = 0
        self._stage = WHOLE_BACKWARD

    @property
    def shown(self) -> KeptStep:
        """The step that is shown."""
        return self._steps[self._at]

    @property
    def shown_number(self) -> int | None:
        """The updates before the step that is shown; None before there is any."""
        return self._steps[self._at].step if self._steps else None

    @property
    def newest(self) -> KeptStep | None:
        """The newest reported step; None before the first."""
        return self._steps[-1] if self._steps else None

    @property
    def numbers(self) -> list[int]:
        """The numbers of the kept steps."""
        return [each.step for each in self._steps]

    @property
    def is_at_newest(self) -> bool:
        """Whether there is no later step to show."""
        return self._at >= len(self._steps) - 1

    @property
    def is_at_oldest(self) -> bool:
        """Whether there is no earlier step to show."""
        return self._at == 0

    @property
    def snapshot(self) -> Snapshot:
        """What is shown."""
        shown = self.shown
        updated = self._steps[self._at + 1].before if self._stage.phase is UPDATE.phase else None
        return Snapshot(self._stage, shown.backward, shown.before, updated)

    def add(self, trainer: Trainer, backward: BackwardPass, *, is_edited: bool = False) -> KeptStep:
        """Keep a step, replacing an earlier report of the same step."""
        while self._steps and self._steps[-1].step >= backward.step:
            self._bytes -= self._steps.pop().bytes
        last = self.newest
        follows = last is not None and last.step + 1 == backward.step
        before = Updated(last.backward, backward.state) if last and follows else None
        kept = KeptStep(trainer, backward, before, is_edited)
        self._steps.append(kept)
        self._bytes += kept.bytes
        while len(self._steps) > 2 and (self._bytes > self._budget or len(self._steps) > MOST):
            self._bytes -= self._steps.pop(0).bytes
            self._at -= 1
        self._at = min(max(self._at, 0), len(self._steps) - 1)
        return kept

    def show_newest(self, *, updating: bool = False) -> None:
        """Show the newest step whole, or the update that led to it, if the previous step was kept."""
        self._at, self._stage = len(self._steps) - 1, WHOLE_BACKWARD
        if updating and self.shown.before and self._at:
            self._at, self._stage = self._at - 1, UPDATE

    def next_phase(self) -> bool:
        """Show the next stage, and return whether there is one."""
        layers = len(self.shown.trainer.network.layers)
        following = stages(layers)[(number_of(self._stage, layers) + 1) % (2 * layers + 2)]
        if following == UPDATE and (self.is_at_newest or self._steps[self._at + 1].before is None):
            return self.next_step()
        if self._stage == UPDATE:
            self._at += 1
        self._stage = following
        return True

    def last_phase(self) -> bool:
        """Show the previous stage, and return whether there is one."""
        layers = len(self.shown.trainer.network.layers)
        number = number_of(self._stage, layers)
        if number > 0:
            self._stage = (stages(layers)[number - 1]) if number - 1 != 2 * layers else WHOLE_BACKWARD
            return True
        if self.is_at_oldest or self.shown.before is None:
            return self.last_step()
        self._at, self._stage = self._at - 1, UPDATE
        return True

    def next_step(self) -> bool:
        """Show the next kept step, and return whether there is one."""
        return self._move(1)

    def last_step(self) -> bool:
        """Show the previous kept step, or the step itself from a stage of its update; return whether there is one."""
        if self._stage == UPDATE:
            self._stage = WHOLE_BACKWARD
            return True
        return self._move(-1)

    def go_to(self, step: int) -> bool:
        """Show a step, and return whether it was kept."""
        if step not in self.numbers:
            return False
        self._at, self._stage = self.numbers.index(step), WHOLE_BACKWARD
        return True

    def _move(self, by: int) -> bool:
        if not 0 <= self._at + by < len(self._steps):
            return False
        self._at, self._stage = self._at + by, WHOLE_BACKWARD
        return True


def text_of_numbers(numbers: list[int]) -> str:
    """Rising numbers as ranges: 0, 4–7, 9."""
    ranges: list[list[int]] = []
    for each in numbers:
        if ranges and ranges[-1][1] == each - 1:
            ranges[-1][1] = each
        else:
            ranges.append([each, each])
    return ", ".join(f"{first}" if first == last else f"{first}–{last}" for first, last in ranges)
