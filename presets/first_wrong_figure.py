"""The first wrong number of a source: each is computed from the numbers printed before it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from functools import partial
from math import isfinite, log2
from typing import TypeAlias

import numpy as np

from ..core.diagnosis.computation import Computation, Move, Operation, Rounding
from ..core.diagnosis.judgement import rounded_to
from ..core.diagnosis.mistyped_input import BITS_A_DECIMAL, inputs_of, solved, with_input
from ..core.diagnosis.update_inputs import Figure, UpdateInputs
from ..core.diagnosis.varied_training import next_setting, place_of_number
from ..core.functions.arrays import Array
from ..core.quantities.quantity import Quantity
from .schema import Published

ROUNDED = (2, 3, 4, 5, 6)
"""Decimals to which a source may round intermediate results."""
MOST_DECIMALS = 6
"""Most decimals of an input's other value."""
Entries = Mapping[Figure, Sequence[tuple[tuple[int, ...], float]]]
Agrees = Callable[[Published, float], bool]


class FigurePlace(Enum):
    """How a figure compares with those printed before it."""

    AGREES = "agrees"
    CARRIED = "carried"
    """It agrees when computed from them, with their rounding."""
    FOLLOWS = "follows"
    """It agrees when computed from them, and one of them is wrong."""
    WRONG = "wrong"


@dataclass(frozen=True)
class PlacedFigure:
    """A figure, and how it compares with those before it."""

    figure: Published
    place: FigurePlace
    computed: float
    """From those before it."""
    decimals: int | None = None
    """To which they are rounded where it agrees."""


@dataclass(frozen=True)
class Substituted:
    """A computation that continues from the printed numbers of each array."""

    entries: Entries
    rule: Move | None = field(default=None, init=False)

    def acts_on(self, figure: Figure) -> bool:
        """Whether any number of an array is printed."""
        return figure in self.entries

    def compute(self, run: Computation, figure: Figure, operation: Operation) -> Array:
        """An array with the printed numbers in it."""
        array = np.array(operation(run, figure.layer), dtype=np.float64)
        for index, value in self.entries.get(figure, ()):
            array[index] = value
        return array


@dataclass(frozen=True)
class Located:
    """A published figure and the place that it has in the arrays of an update."""

    published: Published
    figure: Figure
    index: tuple[int, ...]


def placed_figures(
    setting: UpdateInputs, figures: Sequence[Published], right: Callable[[Published], float], agrees: Agrees
) -> list[PlacedFigure]:
    """Each figure beside those that are printed before it, in the order of computation.

    Args:
        setting: the first update.
        figures: of a source, each a number of an array.
        right: what a figure is by the preset alone.
        agrees: whether a figure is a computed number.

    Raises:
        ValueError: one is no number of an array.
        IndexError: the network has no such number.
    """
    found: list[PlacedFigure] = []
    is_wrong = False
    for one, before, at in _in_order(setting, figures):
        computed = right(one.published)
        if agrees(one.published, computed):
            found.append(PlacedFigure(one.published, FigurePlace.AGREES, computed))
            continue
        values = [(None, _number(at, before, one)), *_from_rounded(at, before, one)]
        fitting = next((each for each in values if agrees(one.published, each[1])), None)
        if fitting is None:
            is_wrong = True
            found.append(PlacedFigure(one.published, FigurePlace.WRONG, values[0][1]))
        else:
            place = FigurePlace.FOLLOWS if is_wrong else FigurePlace.CARRIED
            found.append(PlacedFigure(one.published, place, fitting[1], fitting[0]))
    return found


def other_input(
    setting: UpdateInputs, figures: Sequence[Published], wrong: Sequence[Published], agrees: Agrees, enough: float
) -> tuple[Figure, tuple[int, ...], float, float] | None:
    """An input or a learning rate with which all wrong figures are computed from those printed before them.

    Its array, its place in it, its value here and the other one; None if there is none, or more than one.

    Args:
        setting: the first update.
        figures: of a source.
        wrong: those that do not agree with the ones printed before them.
        agrees: whether a figure is a computed number.
        enough: bits of evidence that they must give.
    """
    places = [each for each in _in_order(setting, figures) if any(each[0].published is one for one in wrong)]
    inputs = [each for each in inputs_of(setting) if each[0].name in ("x", "y", "learning_rate")]
    first = wrong[0]
    found = []
    for name, index, was in inputs:
        number = partial(_number_with, places, name, index)
        value = solved(partial(_distance, number, first), was, 1e-3, 0.5e-3 * 10.0**-first.decimals)
        if value is None or not isfinite(value):
            continue
        for decimals in range(MOST_DECIMALS + 1):
            short = round(value, decimals)
            if all(agrees(each[0].published, number(short, n)) for n, each in enumerate(places)):
                bits = sum(_bits(each[0].published, number(was, n)) for n, each in enumerate(places))
                if bits - log2(len(inputs)) - BITS_A_DECIMAL * decimals - 2.0 >= enough:
                    found.append((name, index, was, short))
                break
    return found[0] if len(found) == 1 else None


Placed: TypeAlias = tuple[Located, Entries, UpdateInputs]


def _number_with(places: Sequence[Placed], name: Figure, index: tuple[int, ...], value: float, n: int = 0) -> float:
    """One of the wrong figures with another value of an input."""
    one, before, at = places[n]
    return _number(with_input(at, name, index, value), before, one)


def _distance(number: Callable[[float], float], figure: Published, value: float) -> float:
    return number(value) - figure.value


def _in_order(setting: UpdateInputs, figures: Sequence[Published]) -> Iterator[Placed]:
    """Each figure in the order of computation, with those before it in its step, and the update that it is of."""
    order = {figure: place for place, figure in enumerate(setting.figures_to_bring())}
    located = [Located(each, *place_of_number(Quantity.parse(each.quantity))) for each in figures]
    if other := next((each for each in located if each.figure not in order), None):
        raise ValueError(f"{other.published.quantity}: no array of an update has it")
    for step in range(max(each.step for each in figures) + 1):
        entries: dict[Figure, list[tuple[tuple[int, ...], float]]] = {}
        here = [each for each in located if each.published.step == step]
        for one in sorted(here, key=lambda each: order[each.figure]):
            yield one, {figure: tuple(values) for figure, values in entries.items() if figure != one.figure}, setting
            entries.setdefault(one.figure, []).append((one.index, one.published.value))
        setting = next_setting(Computation(setting, Substituted(entries)))


def _number(setting: UpdateInputs, before: Entries, one: Located, rounding: Rounding | None = None) -> float:
    """A figure from those before it; what it is computed from may be rounded."""
    with np.errstate(all="ignore"):
        run = Computation(setting, Substituted(before), rounding=rounding)
        if rounding is None:
            return float(run.get(*one.figure)[one.index])
        last = Computation(setting, given=_AllBut(one.figure, run))
        return float(last.computed(one.figure)[0][one.index])


def _from_rounded(setting: UpdateInputs, before: Entries, one: Located) -> Iterator[tuple[int | None, float]]:
    """A figure from those before it, rounded to this many decimals: they alone, or all that is computed on the way."""
    for decimals in ROUNDED:
        rounded = {
            figure: tuple((index, round(value, decimals)) for index, value in values)
            for figure, values in before.items()
        }
        yield decimals, _number(setting, rounded, one)
        yield decimals, _number(setting, before, one, rounded_to(decimals))


class _AllBut(Mapping[Figure, Array]):
    """All arrays of a computation except one, as given arrays."""

    def __init__(self, but: Figure, run: Computation) -> None:
        """Compute each when it is asked for."""
        self._run, self._but = run, but

    def __contains__(self, figure: object) -> bool:
        return figure != self._but

    def __getitem__(self, figure: Figure) -> Array:
        return self._run.get(*figure)

    def __iter__(self) -> Iterator[Figure]:
        return iter(self._run.setting.figures())

    def __len__(self) -> int:
        return len(self._run.setting.figures())


def _bits(figure: Published, computed: float) -> float:
    return log2(max(abs(figure.value - computed) / (0.5 * 10.0**-figure.decimals), 1.0))
