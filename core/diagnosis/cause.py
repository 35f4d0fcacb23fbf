"""A cause of wrong numbers: one misunderstanding, as small functions that vary the computation."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import TypeAlias

from ..functions.arrays import Array
from .computation import Computation, Figure, Move, Operation, UpdateInputs

Vary: TypeAlias = "Callable[[Computation, int, Callable[[], Array]], Array]"
"""An operation in place of another one, which the last argument computes."""
Applies: TypeAlias = "Callable[[UpdateInputs, int], bool]"


class CauseKind(Enum):
    """What a cause is."""

    CONVENTION = "convention"
    """Another way to say or to compute the same: nothing is wrong."""
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
    """One misunderstanding, wherever it acts."""

    name: str
    sentence: str
    """What a person reads; {layer} is the layer's number, {activation} its activation."""
    at: Mapping[str, Vary]
    """What replaces each operation that it changes."""
    above: frozenset[str] = frozenset()
    """Operations that it changes in the layer below its own, as da of layer 1 is computed from W of layer 2."""
    kind: CauseKind = CauseKind.SLIP
    scope: Scope = Scope.EACH
    rule: Move | None = None
    """How its update moves a parameter, where it has a memory of its own."""
    applies: Applies = always
    """Whether it can act in a layer of a setting."""
    right: str = ""
    """The line that is right, as one would write it in NumPy; {slope} is the derivative of the layer's activation."""
    source: str = ""
    """Where it was seen in public."""

    def text(self, layer: int, activation: str) -> str:
        """The sentence for one of its layers."""
        return self.sentence.format(layer=layer, activation=activation)

    def acts_on(self, figure: Figure, layers: frozenset[int]) -> bool:
        """Whether it changes the operation of an array when it acts in these layers."""
        if figure.name not in self.at:
            return False
        return not figure.layer or figure.layer + (figure.name in self.above) in layers

    def variants(self, setting: UpdateInputs) -> Iterator[Variant]:
        """The cause in each set of layers in which it can act, the widest first."""
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
        """How the update moves a parameter, where a cause has a memory of its own."""
        return next((cause.rule for cause, _ in self.causes if cause.rule), None)

    def acts_on(self, figure: Figure) -> bool:
        """Whether the operation that gives an array is another one."""
        return any(cause.acts_on(figure, layers) for cause, layers in self.causes)

    def compute(self, run: Computation, figure: Figure, operation: Operation) -> Array:
        """An array by its operation as the causes vary it, one after the other."""

        def right() -> Array:
            return operation(run, figure.layer)

        result = right
        for cause, layers in self.causes:
            if cause.acts_on(figure, layers):
                result = _varied(cause.at[figure.name], run, figure.layer, result)
        return result()


def _varied(vary: Vary, run: Computation, layer: int, base: Callable[[], Array]) -> Callable[[], Array]:
    return lambda: vary(run, layer, base)
