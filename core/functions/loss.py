"""A loss: the distance of the predictions from the targets, its derivative, and the formulas of both."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

from ..quantities.formula import Node, Term, Terms
from .arrays import Array


class Needed(NamedTuple):
    """The output activations that a loss needs."""

    activations: tuple[str, ...]
    """Their names, the usual one first."""
    why: str
    """The needs of the loss, as "predictions between 0 and 1"."""


class Targets(NamedTuple):
    """The targets that a loss accepts."""

    expected: str
    """A description, as "a number from 0 to 1"."""
    takes: Callable[[float], bool]


@dataclass(frozen=True, eq=False)
class FusedLoss:
    """A loss and an activation with a common form that is exact where the two alone are not."""

    activation: str
    """The activation's name."""
    value: Callable[[Array, Array], Array]
    """A function of z and y, both (batch, n_out): the loss of each example, (batch,)."""
    dz: Callable[[Array, Array], Array]
    """A function of y_hat and y: ∂loss/∂z, (batch, n_out)."""
    formula: Callable[[Terms, Terms], Node]
    """The formula of an example's loss, from its z and y."""
    slope: Callable[[Term, Terms, int], Node]
    """The formula of ∂loss/∂z of an output, from its y_hat, all y and its number."""
    head: Callable[[Array, Array, Array], Array] | None = None
    """The loss of each example, from z and y; it writes the activation, (batch, n_out), into its third argument."""
    of_softplus: Callable[[Array, Array, Array], Array] | None = None
    """The loss of each output from ln(1 + eᶻ), ln(1 + e⁻ᶻ) and y, all (batch, n_out); None if it needs more."""


@dataclass(frozen=True, eq=False, kw_only=True)
class Loss:
    """The loss of each example with its derivative, their formulas, and the outputs and targets that it accepts."""

    name: str
    description: str
    """A line for help and docs/file-format.md."""
    value: Callable[[Array, Array], Array]
    """A function of y_hat and y, both (batch, n_out): the loss of each example, (batch,)."""
    derivative: Callable[[Array, Array], Array]
    """A function of the same: ∂loss/∂y_hat, (batch, n_out)."""
    formula: Callable[[Terms, Terms], Node]
    """The formula of an example's loss, from its y_hat and y."""
    slope: Callable[[Term, Term, int], Node]
    """The formula of ∂loss/∂y_hat of an output, from its y_hat and y and the number of outputs."""
    kink: Callable[[Array, Array], Array] | None = None
    """A number for each output, whose sign changes at a kink of the loss or of its slope."""
    is_mean_over_outputs: bool = False
    """Whether it is the mean over the outputs, not their sum."""
    divides_by_weights: bool = True
    """Whether a mean over weighted examples is divided by the sum of their weights, not their number, as in PyTorch."""
    outputs: Needed | None = None
    """The activations that the last layer needs; None for any."""
    targets: Targets | None = None
    """The targets that it accepts; None for any number."""
    classes: tuple[float, float] | None = None
    """The targets of the wrong and of the right class of an example; None if targets are numbers."""
    takes_class_numbers: bool = False
    """Whether a target may be the number of a class, from 0, instead of a number for each output."""
    fused: tuple[FusedLoss, ...] = ()
    """Its exact forms together with activations."""
    other_names: tuple[str, ...] = ()
    """Its names in other programs and books, in small letters without signs and without "loss" at the end."""

    @property
    def usual_output(self) -> str:
        """The usual activation of the last layer for it."""
        return self.outputs.activations[0] if self.outputs else "identity"

    def fused_with(self, activation: str) -> FusedLoss | None:
        """Its exact form together with an activation of this name, if there is one."""
        return next((each for each in self.fused if each.activation == activation), None)
