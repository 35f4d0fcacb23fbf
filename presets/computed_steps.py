"""The steps of a preset, computed again to be held beside printed figures."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass

from ..core.explaining.explain import explain
from ..core.quantities.quantity import Quantity, When
from ..core.steps.events import BackwardPass, Updated
from ..core.steps.values import value_of
from ..core.training.trainer import Trainer


@dataclass(frozen=True)
class ComputedSteps:
    """The computed steps for which a source prints numbers."""

    trainer: Trainer
    steps: dict[int, tuple[BackwardPass, Updated | None]]
    """Each step with the update that led to it."""
    failure: str
    """Why training could not continue; empty if it could."""

    def value(self, quantity: Quantity, step: int) -> float:
        """A quantity's value at a step.

        Raises:
            IndexError: there is no such step, or the network has no such quantity.
            ValueError: the optimizer has no such quantity.
        """
        if step not in self.steps:
            raise IndexError(self.failure or f"training has no step {step}")
        backward, before = self.steps[step]
        with suppress(IndexError, ValueError):  # what only an explanation knows, or why the network has no such thing
            if quantity.when is When.NOW:
                return value_of(quantity, backward)
        return explain(self.trainer, backward, quantity, before).value


@dataclass(frozen=True)
class SteppedVelocity(ComputedSteps):
    """Steps whose velocity is the change of the parameter itself, −η times the usual one."""

    @classmethod
    def of(cls, training: ComputedSteps) -> SteppedVelocity:
        """The same steps."""
        return cls(training.trainer, training.steps, training.failure)

    def value(self, quantity: Quantity, step: int) -> float:
        """A quantity's value, the velocity times −η; raises as ComputedSteps does."""
        found = super().value(quantity, step)
        return -self.trainer.optimizer.learning_rate * found if quantity.slot == "velocity" else found
