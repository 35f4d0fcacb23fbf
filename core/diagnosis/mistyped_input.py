"""A mistyped input: one weight, bias, input, target or learning rate that explains all figures with another value."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from math import isfinite, log2

import numpy as np

from ..functions.arrays import Array
from .computation import Computation, Given
from .figures import Figures
from .judgement import Judged, Judgement
from .update_inputs import Figure, UpdateInputs

MOST_INPUTS = 1500
"""The most inputs that are tried."""
MOST_AIMS = 4
"""The most wrong numbers from which an input is solved."""
ROUNDS = 12
"""Most rounds of the secant method."""
MOST_DECIMALS = 8
BITS_A_DECIMAL = 3.3


@dataclass(frozen=True)
class MistypedInput:
    """An input, and another value of it that explains all figures."""

    figure: Figure
    """x, y, W or b of a layer; `learning_rate` with layer 0."""
    index: tuple[int, ...]
    was: float
    value: float
    decimals: int
    """Of the value."""
    price: float
    """Bits of evidence that the choice of the input and of the value costs."""


@dataclass(frozen=True)
class Aim:
    """A wrong number for which an input is solved."""

    figure: Figure
    entry: tuple[int, ...]
    value: float
    half: float
    """Half a unit of its last digit."""


def mistyped_inputs(
    setting: UpdateInputs, figures: Figures, wrong: Sequence[Judged], rates_only: bool = False
) -> Iterator[MistypedInput]:
    """Every input that alone explains all figures."""
    aims = _aims(wrong)
    inputs = [each for each in inputs_of(setting, rates_only) if each[0] not in figures]
    given = {name: each.values for name, each in figures.items() if each.is_whole}
    for name, index, was in inputs[:MOST_INPUTS]:
        for found in _values(setting, given, name, index, was, aims):
            if answer := _shortest(setting, figures, name, index, found):
                value, decimals = answer
                price = log2(len(inputs)) + BITS_A_DECIMAL * decimals + 2.0
                yield MistypedInput(name, index, was, value, decimals, price)
                break


def _values(
    setting: UpdateInputs, given: Given, name: Figure, index: tuple[int, ...], was: float, aims: Sequence[Aim]
) -> Iterator[float]:
    """The values of an input that explain the number of each aim; they differ a little, because numbers are rounded."""
    for aim in aims:
        difference = partial(_difference, setting, given, name, index, aim)
        for start in (1e-3, -0.5, 1.0) if aim.figure.name == "loss" else (1e-3,):  # a loss can have two solutions
            found = solved(difference, was, start, 1e-3 * aim.half)
            if found is not None and (name.name != "learning_rate" or found > 0.0):
                yield found


def _difference(
    setting: UpdateInputs, given: Given, name: Figure, index: tuple[int, ...], aim: Aim, value: float
) -> float:
    """The difference to the user's number when an input has another value."""
    with np.errstate(all="ignore"):
        run = Computation(with_input(setting, name, index, value), None, given)
        return float(run.computed(aim.figure)[0][aim.entry]) - aim.value


def _aims(wrong: Sequence[Judged]) -> list[Aim]:
    """The number with the most digits in each wrong figure, the loss last."""
    aims: list[tuple[float, Aim]] = []
    for judged in wrong:
        allowed = judged.theirs.allowed(judged.from_theirs)
        sizes = np.abs(judged.theirs.values) / allowed
        sizes = np.where(judged.wrong & np.isfinite(sizes), sizes, -1.0)
        entry = tuple(int(each) for each in np.unravel_index(int(np.argmax(sizes)), sizes.shape))
        value = float(judged.theirs.values[entry])
        size = -1.0 if judged.figure.name == "loss" else float(sizes[entry])
        aims.append((size, Aim(judged.figure, entry, value, float(allowed[entry]))))
    return [aim for _, aim in sorted(aims, key=lambda pair: -pair[0])[:MOST_AIMS]]


def inputs_of(setting: UpdateInputs, rates_only: bool = False) -> Iterator[tuple[Figure, tuple[int, ...], float]]:
    """Every input of an update: its array, its index, and its value."""
    yield Figure("learning_rate"), (), setting.learning_rate
    if rates_only:
        return
    layers = range(setting.layers)
    arrays: list[tuple[Figure, Array]] = [
        *((Figure("W", n + 1), setting.W[n]) for n in layers),
        *((Figure("b", n + 1), setting.b[n]) for n in layers),
        (Figure("x"), setting.x),
        (Figure("y"), setting.y),
    ]
    for figure, array in arrays:
        for index in np.ndindex(*array.shape):
            yield figure, index, float(array[index])


def with_input(setting: UpdateInputs, name: Figure, index: tuple[int, ...], value: float) -> UpdateInputs:
    """The setting with another value of one input."""

    def changed(array: Array) -> Array:
        copy = array.copy()
        copy[index] = value
        return copy

    def changed_in(arrays: tuple[Array, ...]) -> tuple[Array, ...]:
        return tuple(changed(each) if n == name.layer - 1 else each for n, each in enumerate(arrays))

    match name.name:
        case "W":
            return replace(setting, W=changed_in(setting.W))
        case "b":
            return replace(setting, b=changed_in(setting.b))
        case "x":
            return replace(setting, x=changed(setting.x))
        case "y":
            return replace(setting, y=changed(setting.y))
    return replace(setting, learning_rate=value)


def solved(of: Callable[[float], float], was: float, start: float, close: float) -> float | None:
    """The input for which a function is 0, by the secant method; None if it is not found."""
    before, value = was, was + start * max(1.0, abs(was))
    f_before, f = of(before), of(value)
    for _ in range(ROUNDS):
        if abs(f) <= close:
            return value
        if not isfinite(f) or f == f_before:
            return None
        before, value, f_before = value, value - f * (value - before) / (f - f_before), f
        if value == before:
            return value
        f = of(value)
    return value if abs(value - before) <= 1e-6 * max(abs(value), 1e-6) else None


def _shortest(
    setting: UpdateInputs, figures: Figures, name: Figure, index: tuple[int, ...], value: float
) -> tuple[float, int] | None:
    """The value with the fewest decimals under which all figures agree; None if there is none."""
    exact = Judgement(with_input(setting, name, index, value), figures).first_wrong()
    if exact is not None and all(each.half is None for each in figures.values()):
        return None
    for decimals in range(MOST_DECIMALS + 1):
        short = round(value, decimals)
        if Judgement(with_input(setting, name, index, short), figures).first_wrong() is None:
            return short, decimals
    return None
