"""A cause of wrong numbers: one convention or mistake, as small functions that vary the computation."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import TypeAlias

from ..functions.arrays import Array
from .computation import Computation, Move, Operation
from .update_inputs import Figure, UpdateInputs

Vary: TypeAlias = "Callable[[Computation, int, Callable[[], Array]], Array]"
"""An operation that replaces another; its last argument computes the original result."""
Applies: TypeAlias = "Callable[[UpdateInputs, int], bool]"


class CauseKind(Enum):
    """What a cause is."""

    CONVENTION = "convention"
    """Another usual way to compute the same: nothing is wrong."""
    SLIP = "slip"


class Scope(Enum):
    """Which layers a cause can act in."""

    EACH = "each"
    """Every layer, all hidden ones, the output's, or a single one."""
    OUTPUT = "output"
    WHOLE = "whole"
    """All layers at once."""


def always(setting: UpdateInputs, layer: int) -> bool:
    """Of any layer."""
    return True


@dataclass(frozen=True, eq=False, kw_only=True)
class Cause:
    """One convention or mistake, and the layers in which it can act."""

    name: str
    sentence: str
    """The sentence for the user; {layer} is the layer's number, {activation} its activation."""
    at: Mapping[str, Vary]
    """What replaces each operation that it changes."""
    above: frozenset[str] = frozenset()
    """Operations that it changes in the layer below its own, as da of layer 1 is computed from W of layer 2."""
    kind: CauseKind = CauseKind.SLIP
    scope: Scope = Scope.EACH
    rule: Move | None = None
    """How its update moves a parameter, if it keeps slots of its own."""
    applies: Applies = always
    """Whether it can act in a layer of a setting."""
    right: str = ""
    """The right line in NumPy; {slope} is the derivative of the layer's activation."""
    source: str = ""
    """A public example of it."""

    def text(self, layer: int, activation: str) -> str:
        """The sentence for one of its layers."""
        return self.sentence.format(layer=layer, activation=activation)

    def acts_on(self, figure: Figure, layers: frozenset[int]) -> bool:
        """Whether it changes the operation of an array when it acts in these layers."""
        if figure.name not in self.at:
            return False
        return not figure.layer or figure.layer + (figure.name in self.above) in layers

    def variants(self, setting: UpdateInputs) -> Iterator[Variant]:
        """The cause in each set of layers in which it can act, the largest set first."""
        layers = frozenset(n for n in range(1, setting.layers + 1) if self.applies(setting, n))
        seen = set()
        for part in self._parts(layers, setting.layers):
            if part and part not in seen:
                seen.add(part)
                yield Variant(((self, part),))

    def _parts(self, layers: frozenset[int], last: int) -> Iterator[frozenset[int]]:
        match self.scope:
            case Scope.WHOLE:
                yield layers
            case Scope.OUTPUT:
                yield layers & {last}
            case Scope.EACH:
                yield layers
                yield layers - {last}
                yield layers & {last}
                for layer in sorted(layers):
                    yield frozenset({layer})


@dataclass(frozen=True)
class Variant:
    """Causes that act together, each in some layers."""

    causes: tuple[tuple[Cause, frozenset[int]], ...]

    def __add__(self, other: Variant) -> Variant:
        return Variant(self.causes + other.causes)

    @property
    def rule(self) -> Move | None:
        """How the update moves a parameter, if a cause keeps slots of its own."""
        return next((cause.rule for cause, _ in self.causes if cause.rule), None)

    def acts_on(self, figure: Figure) -> bool:
        """Whether it changes the operation that computes an array."""
        return any(cause.acts_on(figure, layers) for cause, layers in self.causes)

    def compute(self, run: Computation, figure: Figure, operation: Operation) -> Array:
        """The result of an array's operation, changed by each cause in turn."""

        def right() -> Array:
            return operation(run, figure.layer)

        result = right
        for cause, layers in self.causes:
            if cause.acts_on(figure, layers):
                result = _varied(cause.at[figure.name], run, figure.layer, result)
        return result()


def _varied(vary: Vary, run: Computation, layer: int, base: Callable[[], Array]) -> Callable[[], Array]:
    return lambda: vary(run, layer, base)
