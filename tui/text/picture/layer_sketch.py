"""A sketch of a network: a column of dots for each layer."""

from collections.abc import Iterator, Sequence

INPUT, NEURON, MORE = "●", "○", ":"


def sketch(layers: Sequence[int], width: int, height: int) -> Iterator[str]:
    """The layers from left to right; one that is too high ends in dots, a network that is too wide in an ellipsis."""
    shown = list(layers)[: max((width + 3) // 4, 1)]
    columns = [_column(size, INPUT if n == 0 else NEURON, height) for n, size in enumerate(shown)]
    rows = max(map(len, columns))
    for y in range(rows):
        yield "   ".join(_dot(column, y, rows) for column in columns) + (" …" if len(shown) < len(layers) else "")


def _column(size: int, dot: str, height: int) -> list[str]:
    return [dot] * size if size <= height else [dot] * (height - 1) + [MORE]


def _dot(column: list[str], y: int, rows: int) -> str:
    """The dot of a column that stands in the middle."""
    at = y - (rows - len(column)) // 2
    return column[at] if 0 <= at < len(column) else " "
