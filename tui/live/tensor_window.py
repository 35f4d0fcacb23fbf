"""The window on a tensor: its visible part, and the cursor."""

from math import prod
from typing import Self

import numpy as np
from msgspec import Struct
from msgspec.structs import replace

from ...presets.live.model_training import GRADIENT, OUTPUT, TensorRow
from ...presets.live.orders import WindowAt


class TensorWindow(Struct, frozen=True):
    """A position in a tensor, whose last two axes are shown."""

    tensor: str = ""
    shape: tuple[int, ...] = ()
    index: tuple[int, ...] = ()
    """Indices of the leading axes."""
    y: int = 0
    x: int = 0
    """The number under the cursor."""
    top: int = 0
    left: int = 0
    is_gradient: bool = False
    is_complex: bool = False

    @classmethod
    def of(cls, row: TensorRow) -> Self:
        """The beginning of a tensor."""
        return cls(row.tensor, row.shape, (0,) * max(len(row.shape) - 2, 0), is_complex=row.is_complex)

    @property
    def sides(self) -> tuple[int, int]:
        """Rows and columns of the last two axes; of a vector one row."""
        return (self.shape[-2] if len(self.shape) > 1 else 1), (self.shape[-1] if self.shape else 1)

    @property
    def is_editable(self) -> bool:
        """Whether its numbers are a parameter's."""
        return bool(self.tensor) and not self.tensor.endswith(OUTPUT) and not self.is_gradient

    @property
    def place(self) -> tuple[int, ...]:
        """The index of the number under the cursor."""
        return (*self.index, self.y, self.x) if len(self.shape) > 1 else (self.x,) if self.shape else ()

    def moved(self, y: int, x: int, rows: int, columns: int) -> Self:
        """The window with the cursor moved, scrolled so that the cursor is visible in this many rows and columns."""
        high, wide = self.sides
        at_y, at_x = min(max(self.y + y, 0), high - 1), min(max(self.x + x, 0), wide - 1)
        top = min(max(self.top, at_y - rows + 1), at_y)
        left = min(max(self.left, at_x - columns + 1), at_x)
        return replace(self, y=at_y, x=at_x, top=max(top, 0), left=max(left, 0))

    def flipped(self) -> Self:
        """The gradient instead of the values, or the values again."""
        return replace(self, is_gradient=not self.is_gradient)

    def turned(self, by: int) -> Self:
        """The next or the previous part of the leading axes."""
        sizes = self.shape[: len(self.index)]
        flat = (int(np.ravel_multi_index(self.index, sizes)) + by) % prod(sizes) if sizes else 0
        return replace(self, index=tuple(map(int, np.unravel_index(flat, sizes)))) if sizes else self

    def order(self, rows: int, columns: int) -> WindowAt:
        """The request to the training for these rows and columns."""
        name = self.tensor + GRADIENT * self.is_gradient
        return WindowAt(
            tensor=name, index=self.index, top=self.top, left=self.left, rows=min(rows, 500), columns=min(columns, 500)
        )
