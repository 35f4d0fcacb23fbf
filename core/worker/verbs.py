"""The verbs of a training: what a screen can ask of it, in any thread or process."""

from collections.abc import Mapping
from enum import Enum
from typing import TYPE_CHECKING, Protocol

from ..debugger.stage import StepUnit
from ..quantities.quantity import Quantity
from ..training.changes import Change

if TYPE_CHECKING:
    from ..debugger.breakpoints import Breakpoint


class Ability(Enum):
    """Abilities that some trainings lack."""

    STEP_BACK = "step back"
    RESET = "go back to the start"
    FIND_EPOCHS = "find the end of an epoch"
    SET = "change its settings"
    BRANCH = "branch"
    SAVE = "save"


class Verbs(Protocol):
    """A handle of a training. Every verb returns at once; its results arrive in an inbox as facts."""

    @property
    def lacks(self) -> Mapping[Ability, str]:
        """The abilities that this training lacks, each with the reason."""

    def run(self) -> None:
        """Run until a pause, a breakpoint or a stop; from a stop, run beyond it."""

    def pause(self) -> None:
        """Pause as soon as every number of the current step is known, and drop the queued steps."""

    def step(self, unit: StepUnit) -> None:
        """Train for one more phase, update or epoch."""

    def back(self, unit: StepUnit) -> None:
        """Step back by one phase, update or epoch; a change that was made there is undone."""

    def go_to(self, step: int | None) -> None:
        """Go to a step, back or forward; without a step, to the newest of the branch."""

    def reset(self) -> None:
        """Go back to the start, and remove all changes."""

    def change(self, *changes: Change) -> None:
        """Make a change, and continue from here."""

    def nudge(self, what: Quantity, by: float) -> None:
        """Move a parameter a little, and report the predicted and the actual change of the loss."""

    def switch(self) -> None:
        """Switch to the next branch."""

    def compare(self) -> None:
        """Compare this branch with the last other one."""

    def save(self) -> None:
        """Put the timeline into the inbox as plain values, to save it."""

    def break_at(self, breakpoints: "tuple[Breakpoint, ...]") -> None:
        """Pause when one of these becomes true, or is already true and has not been reported."""

    def pace(self, updates_per_second: float | None) -> None:
        """Run at most at this many updates per second; None for full speed."""

    def close(self) -> None:
        """End the training, and wait until it has ended."""
