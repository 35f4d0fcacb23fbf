"""The arrays that the user gave, and their precision."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from ..functions.arrays import Array
from .update_inputs import Figure

FULL = 12
"""A number with this many significant digits counts as written in full."""
MOSTLY = 0.7
"""The share of an array's numbers that must have the same digits."""
LAST_BITS = 4.0
"""Units of the last bit by which a printed number may differ; for a large number this exceeds its decimals."""


@dataclass(frozen=True, eq=False)
class UserArray:
    """An array that the user gave."""

    values: Array
    """In nn-tui's shape."""
    half: Array | None
    """Half a unit of the last digit of each number, of the same shape; None if numbers are given in full."""
    decimals: int | None = None
    """The decimals that it is written with; None if in full, or by significant digits."""
    relative: float = field(default=1e-9)
    """How far numbers given in full may differ, as a share of the largest number of the array."""
    missing: npt.NDArray[np.bool_] | None = None
    """Which numbers are not given; None if all are. A given NaN is not missing."""

    @property
    def given(self) -> npt.NDArray[np.bool_]:
        """Which numbers are given, of the shape of the figure."""
        return np.ones(self.values.shape, bool) if self.missing is None else ~self.missing

    @property
    def is_whole(self) -> bool:
        """Whether no number is missing, so that later ones can be computed from it."""
        return self.missing is None or not bool(self.missing.any())

    @property
    def is_finite(self) -> bool:
        """Whether no number is missing, infinite or NaN, so that a training can begin with them."""
        return self.is_whole and bool(np.isfinite(self.values).all())

    def allowed(self, computed: Array) -> Array:
        """How far each number may be from the computed number, of the shape of the figure."""
        if self.half is not None:
            return np.asarray(self.half * (1.0 + 1e-6) + LAST_BITS * np.spacing(np.abs(self.values)))
        return np.full(self.values.shape, self.unit(computed))

    def unit(self, computed: Array) -> float:
        """The smallest difference that counts where numbers are given in full."""
        sizes = np.abs(np.concatenate([self.values.ravel(), np.ravel(computed)]))
        largest = float(np.nanmax(np.where(np.isfinite(sizes), sizes, 0.0), initial=0.0))
        return self.relative * max(largest, 1e-290)


Figures = Mapping[Figure, UserArray]


def user_array_of(values: npt.ArrayLike, shape: tuple[int, ...]) -> UserArray:
    """An array with the precision that its numbers show: in full, with this many decimals, or this many digits.

    Numbers that it masks are missing.

    Raises:
        ValueError: it cannot have that shape.
    """
    array = np.asarray(values)
    relative = 2e-6 if array.dtype == np.float32 else 1e-9
    numbers = np.asarray(array, dtype=np.float64).reshape(shape)
    half, decimals = precision_of(numbers[np.isfinite(numbers)], numbers) if array.dtype != np.float32 else (None, None)
    missing = np.ma.getmaskarray(values).reshape(shape) if np.ma.isMaskedArray(values) else None
    return UserArray(numbers, half, decimals, relative, missing)


def precision_of(known: Array, all_numbers: Array) -> tuple[Array | None, int | None]:
    """Half a unit of the last digit of each number, and the decimals; None if the numbers are written in full."""
    written = [_written(float(number)) for number in known.ravel()[:1000] if number]
    if not written:
        return np.full(all_numbers.shape, 0.5e-6), 6
    digits = max(each for each, _ in written)
    if digits >= FULL:
        return None, None
    decimals = max(each for _, each in written)
    by_decimals = _share(each == decimals for _, each in written)
    by_digits = _share(each == digits for each, _ in written)
    if by_digits > max(by_decimals, MOSTLY) and len({each for _, each in written}) > 1:
        sizes = np.where(all_numbers == 0.0, 1.0, np.abs(all_numbers))
        half: Array = 0.5 * 10.0 ** (np.floor(np.log10(sizes)) - digits + 1)
        return half, None
    return np.full(all_numbers.shape, 0.5 * 10.0**-decimals), decimals


def _written(number: float) -> tuple[int, int]:
    """The significant digits and the decimals of the shortest way to write a number."""
    mantissa, _, exponent = np.format_float_scientific(number, trim="-").partition("e")
    digits = len(mantissa.lstrip("-").replace(".", ""))
    return digits, max(digits - 1 - int(exponent), 0)


def _share(each: Iterable[bool]) -> float:
    flags = list(each)
    return sum(flags) / len(flags)
