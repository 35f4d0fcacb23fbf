"""A preset's data as a small picture: points in the plane, a curve, images, or the first rows."""

from collections.abc import Iterator

import numpy as np

from ....core.functions.arrays import Array
from ....core.training.classes import Classes
from ....core.training.dataset import Dataset
from ..numbers import short
from .bounds import Bounds, around
from .classes import names_of
from .images import SIDES
from .pixels import GLYPHS, shades

FEW = 3
"""Examples up to which their numbers say more than points would."""
POINTS = 1_000
"""The most examples that are drawn as points."""
MARKS = "○●"
"""The lower class, the higher."""
CLASSES = "1234567890"
POINT = "•"
GAP = 2


def data_picture(data: Dataset, classes: Classes | None, width: int, height: int) -> list[str]:
    """The examples in at most so many columns and lines.

    Args:
        data: those to train on.
        classes: what their targets are; None where they are numbers.
        width: columns.
        height: lines.
    """
    n_in = data.X.shape[1]
    if n_in in SIDES:
        return list(_images(data, classes, width, height, SIDES[n_in]))
    if n_in == 2 and len(data) > FEW:
        return list(_scatter(data.X, _marks(data, classes), ("x₁", "x₂"), width, height))
    if n_in == 1 and data.y.shape[1] == 1 and len(data) > FEW:
        return list(_scatter(np.hstack([data.X, data.y]), [POINT] * len(data), ("x", "y"), width, height))
    return list(_rows(data, classes, width, height))


def _scatter(points: Array, marks: list[str], names: tuple[str, str], width: int, height: int) -> Iterator[str]:
    """Points in the plane, and what its sides are."""
    across, up = around(points[:, 0]), around(points[:, 1])
    cells = [[" "] * width for _ in range(height - 1)]
    places = zip(across.places(points[:, 0], width), up.places(points[:, 1], height - 1), marks, strict=True)
    for column, row, mark in list(places)[:POINTS]:
        cells[height - 2 - row][column] = mark
    yield from ("".join(row).rstrip() for row in cells)
    yield f"→{names[0]} {_side(across)}  ↑{names[1]} {_side(up)}"[:width]


def _side(side: Bounds) -> str:
    return f"{short(float(f'{side.least:.2g}'))}…{short(float(f'{side.greatest:.2g}'))}"


def _marks(data: Dataset, classes: Classes | None) -> list[str]:
    """The mark of each example: its class, where it has one."""
    if classes is None:
        return [POINT] * len(data)
    marks = CLASSES if data.y.shape[1] > 1 else MARKS
    return [marks[number % len(marks)] for number in classes.of(data.y).tolist()]


def _images(data: Dataset, classes: Classes | None, width: int, height: int, side: int) -> Iterator[str]:
    """The first images, two columns to a pixel, and what they are."""
    fit = max((width + GAP) // (2 * side + GAP), 1)
    images = data.original(data.X[:fit]).reshape(-1, side, side)
    ladder = np.array(list(GLYPHS))[shades(images, images.min(), images.max()) * len(GLYPHS) // 9]
    for y in range(min(side, height - 1)):
        yield (" " * GAP).join("".join(glyph * 2 for glyph in image[y]) for image in ladder).rstrip()
    told = [_target(data, classes, y) for y in data.y[:fit].tolist()]
    yield (" " * GAP).join(name.ljust(2 * side)[: 2 * side] for name in told).rstrip()


def _rows(data: Dataset, classes: Classes | None, width: int, height: int) -> Iterator[str]:
    """The numbers of the first examples, and how many more there are."""
    shown = len(data) if len(data) <= height else height - 1
    X = data.original(data.X[:shown])
    for x, y in zip(X.tolist(), data.y[:shown].tolist(), strict=True):
        target = f" → {_target(data, classes, y)}"
        yield _cut("  ".join(map(_number, x)), width - len(target)) + target
    if shown < len(data):
        yield f"… {len(data) - shown} more"


def _target(data: Dataset, classes: Classes | None, y: list[float]) -> str:
    """The class by its name, where it has one, or else the numbers."""
    if classes and data.class_names:
        return names_of(data)[int(classes.of(np.array([y]))[0])]
    return "  ".join(map(_number, y))


def _number(value: float) -> str:
    return short(float(f"{value:.4g}"))


def _cut(text: str, width: int) -> str:
    return text if len(text) <= width else text[: max(width - 2, 0)].rstrip() + " …"
