"""A loss: how far the predictions are from the targets, its derivative, and the formulas of both."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

from ..quantities.formula import Node, Term, Terms
from .arrays import Array


class Needed(NamedTuple):
    """The activations that a loss can be of."""

    activations: tuple[str, ...]
    """Their names, the usual one first."""
    why: str
    """What the loss needs, as "predictions between 0 and 1"."""


class Targets(NamedTuple):
    """The targets that a loss takes."""

    expected: str
    """In words, as "a number from 0 to 1"."""
    takes: Callable[[float], bool]


@dataclass(frozen=True, eq=False)
class FusedLoss:
    """A loss and an activation whose composition has a form that stays exact where the two alone would not."""

    activation: str
    """The activation's name."""
    value: Callable[[Array, Array], Array]
    """The loss of each example, (batch,), of z and y, both (batch, n_out)."""
    dz: Callable[[Array, Array], Array]
    """∂loss/∂z, (batch, n_out), of y_hat and y."""
    formula: Callable[[Terms, Terms], Node]
    """The loss of one example, of its z and y, written out."""
    slope: Callable[[Term, Terms, int], Node]
    """∂loss/∂z of one output, of its y_hat, all y and its number, written out."""
    head: Callable[[Array, Array, Array], Array] | None = None
    """The loss of each example, of z and y; it writes the activation of z into its third argument, (batch, n_out)."""
    of_softplus: Callable[[Array, Array, Array], Array] | None = None
    """The loss of each output, of ln(1 + eᶻ), ln(1 + e⁻ᶻ) and y, all (batch, n_out), where it follows from these."""


@dataclass(frozen=True, eq=False, kw_only=True)
class Loss:
    """The loss of each example and its derivative, both written out, and what outputs and targets it takes."""

    name: str
    description: str
    """In one line, for help and docs/file-format.md."""
    value: Callable[[Array, Array], Array]
    """Of y_hat and y, both (batch, n_out): the loss of each example, (batch,)."""
    derivative: Callable[[Array, Array], Array]
    """∂loss/∂y_hat, (batch, n_out)."""
    formula: Callable[[Terms, Terms], Node]
    """The loss of one example, of its y_hat and y, written out."""
    slope: Callable[[Term, Term, int], Node]
    """∂loss/∂y_hat of one output, of its y_hat and y and the number of outputs, written out."""
    kink: Callable[[Array, Array], Array] | None = None
    """A number for each output, whose sign changes where the slope of the loss, or its curvature, jumps."""
    is_mean_over_outputs: bool = False
    """It is the mean over the outputs, not their sum."""
    divides_by_weights: bool = True
    """The mean over weighted examples is divided by the sum of their weights, not by their number, as in PyTorch."""
    outputs: Needed | None = None
    """Which activations of the last layer it is a loss of; None if of any."""
    targets: Targets | None = None
    """Which targets it takes; None if any number."""
    classes: tuple[float, float] | None = None
    """The targets of a class that an example does not belong to and of one that it does; None for numbers."""
    takes_class_numbers: bool = False
    """A target may be the number of a class, from 0, instead of one number for each output."""
    fused: tuple[FusedLoss, ...] = ()
    """Its exact forms together with activations."""
    other_names: tuple[str, ...] = ()
    """What other programs and books call it, in small letters without signs and without "loss" at the end."""

    @property
    def usual_output(self) -> str:
        """The activation of the last layer that goes with it."""
        return self.outputs.activations[0] if self.outputs else "identity"

    def fused_with(self, activation: str) -> FusedLoss | None:
        """Its exact form together with an activation of this name, where there is one."""
        return next((each for each in self.fused if each.activation == activation), None)
