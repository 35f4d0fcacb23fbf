"""The verbs of a training: what a screen may ask of it, whichever thread or process it runs in."""

from collections.abc import Mapping
from enum import Enum
from typing import Protocol

from ..debugger.breakpoints import Breakpoint
from ..debugger.stage import StepUnit
from ..quantities.quantity import Quantity
from ..training.changes import Change


class Ability(Enum):
    """What one training can do and another cannot."""

    STEP_BACK = "step back"
    RESET = "go back to the start"
    FIND_EPOCHS = "find the end of an epoch"
    SET = "change its settings"
    BRANCH = "branch"
    SAVE = "save"


class Verbs(Protocol):
    """A handle on a training: every verb returns at once, and its results are put into an inbox as facts."""

    @property
    def lacks(self) -> Mapping[Ability, str]:
        """What this training cannot do, each with the reason."""

    def run(self) -> None:
        """Run until a pause, a breakpoint or a stop; from a stop, run beyond it."""

    def pause(self) -> None:
        """Pause as soon as every number of the current step is known; steps that wait are forgotten."""

    def step(self, unit: StepUnit) -> None:
        """Train for one phase, update or epoch more."""

    def back(self, unit: StepUnit) -> None:
        """Go back by one phase, update or epoch; a change that was made there is undone."""

    def go_to(self, step: int | None) -> None:
        """Go to a step, back or forward; without one, to the newest of the branch."""

    def reset(self) -> None:
        """Go back to the start, without any change."""

    def change(self, *changes: Change) -> None:
        """Continue from here with something changed."""

    def nudge(self, what: Quantity, by: float) -> None:
        """Move a parameter a little, and put the loss that its gradient predicts beside the actual one."""

    def switch(self) -> None:
        """Switch to the next branch."""

    def compare(self) -> None:
        """Compare this branch with the last other one."""

    def save(self) -> None:
        """Put the timeline as plain values, to be saved."""

    def break_at(self, breakpoints: tuple[Breakpoint, ...]) -> None:
        """Pause where one of these becomes true, or is true already and was not reported."""

    def pace(self, updates_per_second: float | None) -> None:
        """Run no faster than this; without a number, as fast as possible."""

    def close(self) -> None:
        """End, and wait for the end."""
