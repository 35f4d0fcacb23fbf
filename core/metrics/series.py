"""A series: a number by step, such as a loss, stored compactly enough for every step."""

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TypeAlias, overload

import numpy as np
import numpy.typing as npt

from ..functions.arrays import Array

Point: TypeAlias = tuple[int, float]
"""A step and its number."""
Whole: TypeAlias = npt.NDArray[np.int64]
LEAST = 4
"""The fewest points that a series can keep: its ends, its least and its greatest."""


class Series(Sequence[Point]):
    """Points in rising order of step; with a limit, a longer series is downsampled so that no peak is lost."""

    __slots__ = ("_limit", "steps", "values")

    def __init__(self, points: Iterable[Point] = (), limit: int | None = None) -> None:
        """Begin with these points.

        Args:
            points: by rising step.
            limit: the most points that are kept; None for all.

        Raises:
            ValueError: the limit leaves no room for the ends and the extremes.
        """
        if limit is not None and limit < LEAST:
            raise ValueError(f"limit: expected at least {LEAST}, got {limit}")
        self._limit = limit
        self.steps = array("q")
        self.values = array("d")
        self.extend(points)

    @classmethod
    def of(cls, steps: Whole, values: Array) -> "Series":
        """The steps and the values, each (points,)."""
        if steps.shape != values.shape:
            raise ValueError(f"expected as many steps as values, got {len(steps)} and {len(values)}")
        series = cls()
        series.steps.frombytes(steps.astype(np.int64, copy=False).tobytes())
        series.values.frombytes(values.astype(np.float64, copy=False).tobytes())
        return series

    @property
    def last_step(self) -> int:
        """The step of the last point; -1 if there is none."""
        return self.steps[-1] if self.steps else -1

    def append(self, step: int, value: float) -> None:
        """Add the point of a later step."""
        self.steps.append(step)
        self.values.append(value)
        if self._limit is not None and len(self.steps) > self._limit:
            self._downsample_in_place()

    def add(self, step: int, value: float) -> None:
        """Add a point, unless this step or a later one is known."""
        if step > self.last_step:
            self.append(step, value)

    def extend(self, points: Iterable[Point]) -> None:
        """Add points of later steps."""
        if isinstance(points, Series):
            self.steps.extend(points.steps)
            self.values.extend(points.values)
        else:
            for step, value in points:
                self.steps.append(step)
                self.values.append(value)
        self._downsample_in_place()

    def fill(self, points: Iterable[Point]) -> None:
        """Add points of any steps; they replace known ones."""
        merged: Mapping[int, float] = dict(self) | dict(points)
        self.steps, self.values = array("q"), array("d")
        self.extend(sorted(merged.items()))

    def rewind(self, step: int) -> None:
        """Remove this step and later ones."""
        first = bisect_left(self.steps, step)
        del self.steps[first:], self.values[first:]

    def before(self, step: int) -> "Series":
        """The points before a step."""
        return self[: bisect_left(self.steps, step)]

    def after(self, step: int) -> "Series":
        """The points after a step."""
        return self[bisect_right(self.steps, step) :]

    def forget(self, step: int) -> None:
        """Remove the point of a step."""
        first, last = bisect_left(self.steps, step), bisect_right(self.steps, step)
        del self.steps[first:last], self.values[first:last]

    def near(self, step: int) -> "Series":
        """The point of a step, as a series; empty if there is none."""
        return self[bisect_left(self.steps, step) : bisect_right(self.steps, step)]

    def downsample(self, most: int) -> "Series":
        """At most this many points: the first, the last, and the least and the greatest of intervals of equal length.

        Early and late points are equally far apart, however often they have been downsampled before.
        """
        if len(self) <= max(most, LEAST):
            return self
        steps, values = np.array(self.steps), np.array(self.values)
        inner = np.flatnonzero(~np.isnan(values[1:-1])) + 1
        least, greatest = _extremes(_stretches(steps, (most - 2) // 2)[inner], values[inner])
        kept = np.zeros(len(self), bool)
        kept[[0, -1]] = kept[inner[least]] = kept[inner[greatest]] = True
        return Series.of(steps[kept], values[kept])

    def _downsample_in_place(self) -> None:
        while self._limit is not None and len(self) > self._limit:
            kept = self.downsample(len(self) // 2)
            self.steps, self.values = kept.steps, kept.values

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Series) and (self.steps, self.values) == (other.steps, other.values)

    def __repr__(self) -> str:
        ends = f" {self[0]} … {self[-1]}" if self.steps else ""
        return f"<Series of {len(self)} points{ends}>"

    def __len__(self) -> int:
        return len(self.steps)

    def __iter__(self) -> Iterator[Point]:
        return zip(self.steps, self.values, strict=True)

    @overload
    def __getitem__(self, place: int) -> Point: ...
    @overload
    def __getitem__(self, place: slice) -> "Series": ...
    def __getitem__(self, place: int | slice) -> "Point | Series":
        if isinstance(place, int):
            return self.steps[place], self.values[place]
        part = Series()
        part.steps, part.values = self.steps[place], self.values[place]
        return part


ALL_UP_TO = 16_000
"""The step up to which a burst keeps every number; later, it keeps the least and the greatest of some intervals."""
STRETCHES = 64


def series_of_burst(step: int, values: Array) -> Series:
    """Numbers of consecutive steps, (steps,); of many, as many as a chart can show, without losing a peak."""
    count = len(values)
    places = np.arange(count)
    if step + count > ALL_UP_TO and count > 4 * STRETCHES:
        length = count // STRETCHES
        stretches = values[: STRETCHES * length].reshape(STRETCHES, length)
        begins = np.arange(0, STRETCHES * length, length)
        extremes = (stretches.argmin(axis=1) + begins, stretches.argmax(axis=1) + begins)
        places = np.unique(np.concatenate([*extremes, [0], places[STRETCHES * length :]]).astype(np.int64))
    return Series.of(step + places, values[places])


def downsample(points: Iterable[Point], most: int) -> Series:
    """At most this many points: the first, the last, and the least and the greatest of each interval between them."""
    return (points if isinstance(points, Series) else Series(points)).downsample(most)


def _stretches(steps: Whole, count: int) -> Whole:
    """The interval of each step, out of this many of equal length. Steps from a file may be out of order."""
    shares = (steps - steps[0]) / max(steps[-1] - steps[0] + 1, 1)
    stretches: Whole = np.clip(shares * count, 0, count - 1).astype(np.int64)
    return stretches


def _extremes(stretches: Whole, values: Array) -> tuple[Whole, Whole]:
    """The indices of the least and of the greatest value of each interval."""
    by_value = np.lexsort((values, stretches))
    stretches = stretches[by_value]
    first, last = np.diff(stretches, prepend=-1), np.diff(stretches, append=-1)
    return by_value[np.flatnonzero(first)], by_value[np.flatnonzero(last)]
