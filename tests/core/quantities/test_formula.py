"""The size of an expression, to which the exactness of its value is relative."""

from math import exp, log, log1p

import pytest

from nn_tui.core.quantities.formula import Difference, Function, Node, Number, Sum

DIFFERENCE = Difference(Number(5.0), Number(3.0))
"""2, of parts whose sizes are 8 together."""


@pytest.mark.parametrize(
    ("node", "size"),
    [
        (Sum((Number(5.0), Number(-3.0))), 8.0),
        (DIFFERENCE, 8.0),
        (Function("exp", (DIFFERENCE,)), exp(2.0) * 9.0),
        (Function("ln", (DIFFERENCE,)), log(2.0) + 8.0 / 2.0),
        (Function("ln1p", (DIFFERENCE,)), log1p(2.0) + 8.0 / 2.0),
        (Function("tanh", (DIFFERENCE,)), 8.0),
        (Function("exp", (Number(-1.0),)), exp(-1.0) * 2.0),
    ],
)
def test_the_size_of_an_expression_counts_what_cancels_in_it(node: Node, size: float) -> None:
    assert node.size == pytest.approx(size)
