"""A step of a training as data that JSON can hold."""

from typing import Any

from ...core.training.events import BackwardPass


def trace(backward: BackwardPass) -> dict[str, Any]:
    """The state before an update, with that update's batch, forward pass and gradients."""
    forward, state = backward.forward, backward.state
    return {
        "step": state.step,
        "epoch": state.epoch,
        "batch_loss": forward.loss,
        "predictions": forward.y_hat.tolist(),
        "layers": [
            {
                "W": state.W[n].tolist(),
                "b": state.b[n].tolist(),
                "z": forward.z[n].tolist(),
                "a": forward.a[n].tolist(),
                "da": backward.da[n].tolist(),
                "dz": backward.dz[n].tolist(),
                "dW": backward.dW[n].tolist(),
                "db": backward.db[n].tolist(),
            }
            for n in range(len(state.W))
        ],
    }
