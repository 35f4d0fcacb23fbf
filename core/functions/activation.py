"""An activation: a = f(z), how a gradient passes back through it, and the formulas of both."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ..quantities.formula import Node, Terms
from . import lazy_numpy as np
from .arrays import Array


@dataclass(frozen=True, eq=False, kw_only=True)
class Activation:
    """A function applied to each z of a layer, with its derivative, and both written out."""

    name: str
    description: str
    """In one line, for help and docs/file-format.md."""
    function: Callable[[Array, Array], object]
    """Write a = f(z) into its second argument, of the shape of the first, (batch, n_out)."""
    derivative: Callable[[Array, Array], Array]
    """∂a/∂z, (batch, n_out), of z and a = f(z): the cheaper of the two is used."""
    formula: Callable[..., Node]
    """f(z) of a Term z, written out."""
    slope: Callable[..., Node]
    """∂a/∂z of the Terms z and a, written out by a where that is shorter."""
    range: tuple[float, float] | None = None
    """What a lies between, where both ends are known."""
    has_kink: bool = False
    """Its slope, or its curvature, jumps at z = 0."""
    is_flat: bool = False
    """Its slope is 0 wherever it has one, so that no gradient passes through it."""
    can_die: bool = False
    """It and its slope are 0 wherever z ≤ 0: a neuron whose z is so for every example learns no more."""
    other_names: tuple[str, ...] = ()
    """What other programs and books call it, in small letters without signs."""

    @property
    def is_of_classes(self) -> bool:
        """Whether it gives probabilities, so that as an output it is meant for classes."""
        return self.range == (0.0, 1.0)

    def __call__(self, z: Array) -> Array:
        """a = f(z), (batch, n_out)."""
        a = np.empty_like(z)
        self.function(z, a)
        return a

    def backward(self, da: Array, z: Array, a: Array, dz: Array) -> None:
        """Write ∂L/∂z of ∂L/∂a into dz; all are (batch, n_out)."""
        np.multiply(da, self.derivative(z, a), dz)

    def write(self, z: Terms, neuron: int) -> Node:
        """The formula of a neuron's a, of the z of its layer."""
        return self.formula(z[neuron])

    def write_slope(self, z: Terms, a: Terms, of: int, by: int) -> Node:
        """The formula of ∂a/∂z, of one neuron's a by another's z of the same layer; here both are one."""
        return self.slope(z[by], a[of])


class VectorActivation(Activation):
    """Softmax: a function of all z of a layer together.

    `derivative` is that of each a by its own z; `formula` is of the Terms z of a layer and a neuron's number, `slope`
    of the Terms a and the numbers of two neurons.
    """

    def backward(self, da: Array, z: Array, a: Array, dz: Array) -> None:
        """Write ∂L/∂z of ∂L/∂a through softmax, a (∂L/∂a − Σ a ∂L/∂a), into dz; all are (batch, n_out)."""
        mean: Array = (da * a).sum(axis=1, keepdims=True)
        np.multiply(a, da - mean, dz)

    def write(self, z: Terms, neuron: int) -> Node:
        """The formula of a neuron's a, of the z of its layer."""
        return self.formula(z, neuron)

    def write_slope(self, z: Terms, a: Terms, of: int, by: int) -> Node:
        """The formula of ∂a/∂z, of one neuron's a by another's z of the same layer."""
        return self.slope(a, of, by)
