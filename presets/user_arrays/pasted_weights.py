"""Weights pasted into a preset from another program: as (in, out), or with the biases in them."""

from collections.abc import Sequence
from typing import Any

OUT_IN, IN_OUT, THETA = LAYOUTS = ("out-in", "in-out", "theta")
"""Layouts of W: (n_out, n_in) as in PyTorch, (n_in, n_out) as in Keras, or with the bias in the first column."""
ASKED = 'layout = "out-in" beside weights, if they are as PyTorch prints them, or layout = "in-out", as Keras does'
PRINTED_DIGITS = range(7, 10)
"""Significant digits with which a program prints a float32."""
ONE_MORE = (
    "each row of weights has one number more than the layer has inputs: "
    'if the first one is the bias, expected layout = "theta"'
)


def with_our_layout(network: dict[str, Any]) -> dict[str, Any]:
    """The table of a network with weights[layer][to][from], converted by its key `layout` or by its shapes.

    Tables that are no network are returned unchanged; the schema reports what is wrong.

    Raises:
        ValueError: the layout is unknown, or a shape shows that it is needed.
    """
    layout = network.get("layout")
    if layout not in (None, *LAYOUTS):
        raise ValueError(f"expected {', '.join(map(repr, LAYOUTS[:-1]))} or {LAYOUTS[-1]!r}")
    table = {key: value for key, value in network.items() if key != "layout"}
    weights, sizes = network["weights"], network.get("layers")
    shapes = _shapes(weights)
    if shapes is None or not isinstance(sizes, list) or not all(isinstance(each, int) for each in sizes):
        return table
    usual = [(n_out, n_in) for n_in, n_out in zip(sizes, sizes[1:], strict=False)]
    if layout is None and shapes == [(n_out, n_in + 1) for n_out, n_in in usual] and "biases" not in network:
        raise ValueError(ONE_MORE)
    if layout is None and shapes == usual and (square := _square(shapes)) and _are_printed(weights):
        raise ValueError(f"the weights of layer {square} are square: expected {ASKED}")
    if layout == THETA:
        biases = [[row[0] for row in W if row] for W in weights]
        return {**table, "weights": [[row[1:] for row in W] for W in weights], "biases": biases}
    if layout == IN_OUT or (layout is None and shapes != usual and shapes == [each[::-1] for each in usual]):
        turned = [
            W if shape == own and shape[0] != shape[1] else [list(column) for column in zip(*W, strict=True)]
            for W, shape, own in zip(weights, shapes, usual, strict=False)
        ]
        return {**table, "weights": turned}
    return table


def _square(shapes: Sequence[tuple[int, int]]) -> int | None:
    """The first layer, from 1, whose matrix is square, so that both layouts fit."""
    return next((n for n, (rows, columns) in enumerate(shapes, 1) if rows == columns > 1), None)


def _are_printed(weights: Sequence[Any]) -> bool:
    """Whether the numbers have as many digits as a program prints, so that nobody typed them."""
    numbers = [each for W in weights for row in W for each in row if isinstance(each, float)]
    digits = [len(f"{each!r}".partition("e")[0].lstrip("-0.").replace(".", "")) for each in numbers]
    return (
        bool(digits)
        and max(digits) in PRINTED_DIGITS
        and 2 * sum(each in PRINTED_DIGITS for each in digits) > len(digits)
    )


def _shapes(weights: Sequence[Any]) -> list[tuple[int, int]] | None:
    """Rows and columns of each matrix; None if one is not a matrix."""
    for W in weights:
        if not isinstance(W, list) or not W or not all(isinstance(row, list) and len(row) == len(W[0]) for row in W):
            return None
    return [(len(W), len(W[0])) for W in weights]
