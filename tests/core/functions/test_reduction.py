"""The reduction of a batch's losses to one number, by hand."""

import numpy as np
import pytest

from nn_tui.core.functions.activations import ACTIVATIONS
from nn_tui.core.functions.losses import LOSSES
from nn_tui.core.functions.output_head import OutputHead

Y_HAT, Y = np.array([[1.0, 2.0], [3.0, 4.0], [0.0, 2.0]]), np.zeros((3, 2))


@pytest.mark.parametrize(
    ("loss", "reduction", "value", "da"),
    [
        # ½ (1 + 4) = 2.5, ½ (9 + 16) = 12.5, ½ (0 + 4) = 2: together 17, of 3 examples or 6 outputs.
        ("half-sse", "sum", 17.0, 2.0),
        ("half-sse", "mean", 17.0 / 3.0, 2.0 / 3.0),
        ("half-sse", "mean-over-outputs", 17.0 / 6.0, 2.0 / 6.0),
        # The mean over two outputs, 2.5, 12.5 and 2, is taken already.
        ("mse", "sum", 17.0, 2.0),
        ("mse", "mean", 17.0 / 3.0, 2.0 / 3.0),
        ("mse", "mean-over-outputs", 17.0 / 3.0, 2.0 / 3.0),
        ("mae", "mean-over-outputs", 2.0, 1.0 / 6.0),
    ],
)
def test_a_reduction_by_hand(loss: str, reduction: str, value: float, da: float) -> None:
    output = OutputHead(ACTIVATIONS["identity"], LOSSES[loss], reduction)
    dz = np.empty_like(Y)

    output.dz(Y_HAT, Y_HAT, Y, dz)

    assert output.reduce(output.losses(Y_HAT, Y_HAT, Y), Y) == pytest.approx(value, rel=1e-15)
    assert output.da(Y_HAT, Y)[0, 1] == dz[0, 1] == pytest.approx(da, rel=1e-15)
