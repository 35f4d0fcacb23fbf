"""An activation: a = f(z), its backward pass, and the formulas of both."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ..quantities.formula import Node, Terms
from . import lazy_numpy as np
from .arrays import Array


@dataclass(frozen=True, eq=False, kw_only=True)
class Activation:
    """A function of each z of a layer, with its derivative, and the formulas of both."""

    name: str
    description: str
    """A line for help and docs/file-format.md."""
    function: Callable[[Array, Array], object]
    """Write a = f(z) into its second argument, of the shape of the first, (batch, n_out)."""
    derivative: Callable[[Array, Array], Array]
    """∂a/∂z, (batch, n_out), from z and a = f(z), whichever is cheaper."""
    formula: Callable[..., Node]
    """The formula of f(z) for a Term z."""
    slope: Callable[..., Node]
    """The formula of ∂a/∂z for Terms z and a, by a if that is shorter."""
    range: tuple[float, float] | None = None
    """The bounds of a, if both are known."""
    has_kink: bool = False
    """Whether its slope or its curvature jumps at z = 0."""
    is_flat: bool = False
    """Whether its slope is 0 wherever it exists, so that it blocks the gradient."""
    can_die: bool = False
    """Whether it and its slope are 0 for z ≤ 0: a neuron with such z for every example stops learning."""
    other_names: tuple[str, ...] = ()
    """Its names in other programs and books, in small letters without signs."""

    @property
    def is_of_classes(self) -> bool:
        """Whether its outputs are probabilities, for classes."""
        return self.range == (0.0, 1.0)

    def __call__(self, z: Array) -> Array:
        """a = f(z), (batch, n_out)."""
        a = np.empty_like(z)
        self.function(z, a)
        return a

    def backward(self, da: Array, z: Array, a: Array, dz: Array) -> None:
        """Write ∂L/∂z into dz, from ∂L/∂a; all are (batch, n_out)."""
        np.multiply(da, self.derivative(z, a), dz)

    def write(self, z: Terms, neuron: int) -> Node:
        """The formula of a neuron's a, of the z of its layer."""
        return self.formula(z[neuron])

    def write_slope(self, z: Terms, a: Terms, of: int, by: int) -> Node:
        """The formula of ∂a/∂z, of a neuron's a by a neuron's z of the same layer; here both neurons are the same."""
        return self.slope(z[by], a[of])


class VectorActivation(Activation):
    """Softmax: a function of all z of a layer together.

    `derivative` is that of each a by its own z; `formula` needs the Terms z of a layer and a neuron's number, `slope`
    the Terms a and the numbers of two neurons.
    """

    def backward(self, da: Array, z: Array, a: Array, dz: Array) -> None:
        """Write ∂L/∂z = a (∂L/∂a − Σ a ∂L/∂a), the softmax's, into dz; all are (batch, n_out)."""
        mean: Array = (da * a).sum(axis=1, keepdims=True)
        np.multiply(a, da - mean, dz)

    def write(self, z: Terms, neuron: int) -> Node:
        """The formula of a neuron's a, of the z of its layer."""
        return self.formula(z, neuron)

    def write_slope(self, z: Terms, a: Terms, of: int, by: int) -> Node:
        """The formula of ∂a/∂z, of a neuron's a by a neuron's z of the same layer."""
        return self.slope(a, of, by)
