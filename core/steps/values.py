"""The value of a quantity at a step."""

from typing import assert_never

import numpy as np

from ..quantities.quantity import Kind, Quantity, When
from .events import BackwardPass
from .state import State


def value_of(quantity: Quantity, backward: BackwardPass) -> float:
    """The value of a quantity at a step.

    Args:
        quantity: of the forward or the backward pass.
        backward: the gradients of its step.

    Raises:
        IndexError: the network has no such layer, neuron or example.
        ValueError: it is of the update.
    """
    if quantity.when is When.NEXT:
        raise ValueError(f"{quantity}: expected a number of the forward or the backward pass")
    layer, to, row = quantity.layer, quantity.to, quantity.row
    if min(to, row, layer + (quantity.kind is Kind.DA), *quantity.index) < 0:
        raise IndexError(f"{quantity}: layers, neurons and examples count from 1")
    forward = backward.forward
    match quantity.kind:
        case Kind.X:
            return float(forward.X[row, to])
        case Kind.Y:
            return float(forward.y[row, to])
        case Kind.Z:
            return float(forward.z[layer][row, to])
        case Kind.A:
            return float(forward.a[layer][row, to])
        case Kind.W | Kind.B:
            return parameter_of(quantity, backward.state)
        case Kind.LOSS:
            return forward.loss if quantity.example is None else float(forward.losses[row])
        case Kind.MEAN_ABS_ERROR:
            return float(np.abs(forward.y_hat - forward.y).mean())
        case Kind.PENALTY:
            return float(forward.penalty)
        case Kind.DW | Kind.DB:
            if quantity.example is not None:
                return _share(quantity, backward)
            return float((backward.dW if quantity.kind is Kind.DW else backward.db)[layer][quantity.index])
        case Kind.DZ:
            return float(backward.dz[layer][row, to])
        case Kind.DA:
            return float((backward.da[layer] if layer >= 0 else backward.dz[0] @ backward.state.W[0])[row, to])
        case Kind.PENALTY_DW:
            shares = backward.penalty_dW
            return float(shares[layer][quantity.index]) if shares else 0.0
        case Kind.PENALTY_DB:
            shares = backward.penalty_db
            return float(shares[layer][quantity.index]) if shares else 0.0
        case Kind.MINUS_DZ:
            return -float(backward.dz[layer][row, to])
        case Kind.OUTPUT_LOSS:
            return float(backward.output.losses_of_outputs(forward.z[-1], forward.y_hat, forward.y)[row, to])
        case Kind.CLIPPED_DW | Kind.CLIPPED_DB | Kind.SLOT | Kind.SLOPE | Kind.ACCURACY:
            raise ValueError(f"{quantity}: expected a number of the forward or the backward pass")
        case other:
            assert_never(other)


def parameter_of(quantity: Quantity, state: State) -> float:
    """The value of a weight or a bias in a state."""
    return float((state.W if quantity.kind is Kind.W else state.b)[quantity.layer][quantity.index])


def _share(quantity: Quantity, backward: BackwardPass) -> float:
    """What one example adds to dw or db; a shared bias gathers all neurons of its layer."""
    dz = backward.dz[quantity.layer][quantity.row]
    if quantity.kind is Kind.DW:
        return float(dz[quantity.to] * backward.forward.a_prev(quantity.layer)[quantity.row, quantity.from_])
    is_shared = backward.db[quantity.layer].size < dz.size
    return float(dz.sum() if is_shared and quantity.to == 0 else dz[quantity.to])
