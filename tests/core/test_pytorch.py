"""Networks trained beside PyTorch: the same losses, gradients and parameters after every update."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nn_tui.core.training.events import BackwardPass
from nn_tui.presets.build import build
from nn_tui.presets.preset_file import check_preset, preset_of_tables

torch: Any = pytest.importorskip("torch")

UPDATES = 25
ACTIVATIONS: dict[str, Any] = {
    "identity": torch.nn.Identity,
    "sigmoid": torch.nn.Sigmoid,
    "tanh": torch.nn.Tanh,
    "relu": torch.nn.ReLU,
    "leaky-relu": torch.nn.LeakyReLU,
    "elu": torch.nn.ELU,
    "gelu": torch.nn.GELU,
    "gelu-tanh": lambda: torch.nn.GELU(approximate="tanh"),
    "softplus": torch.nn.Softplus,
}
HIDDEN = list(ACTIVATIONS)
LOSSES: dict[str, tuple[str, Any]] = {
    "mse": ("identity", torch.nn.MSELoss()),
    "huber": ("tanh", torch.nn.SmoothL1Loss()),
    "bce": ("sigmoid", lambda y_hat, y: torch.nn.functional.binary_cross_entropy(y_hat, y) * y.shape[1]),
    "cross-entropy": ("softmax", lambda z, y: torch.nn.functional.cross_entropy(z, y)),
}
OPTIMIZERS: dict[str, tuple[float, Any]] = {
    "sgd": (0.1, lambda p, rate: torch.optim.SGD(p, rate)),
    "momentum": (0.05, lambda p, rate: torch.optim.SGD(p, rate, momentum=0.9)),
    "nesterov": (0.05, lambda p, rate: torch.optim.SGD(p, rate, momentum=0.9, nesterov=True)),
    "adagrad": (0.01, torch.optim.Adagrad),
    "adadelta": (1.0, torch.optim.Adadelta),
    "rmsprop": (0.01, torch.optim.RMSprop),
    "adam": (0.001, torch.optim.Adam),
    "adamw": (0.001, torch.optim.AdamW),
}


def cases(count: int) -> list[tuple[int, str, str, str]]:
    """Networks in which every activation, loss and optimizer occurs."""
    return [
        (seed, HIDDEN[seed % len(HIDDEN)], list(LOSSES)[seed // 2 % len(LOSSES)], list(OPTIMIZERS)[seed % 8])
        for seed in range(count)
    ]


def tables_of(seed: int, hidden: str, loss: str, optimizer: str) -> dict[str, Any]:
    """A preset with random weights, biases and examples."""
    rng = np.random.default_rng(seed)
    sizes = [3, *rng.integers(2, 6, rng.integers(1, 3)).tolist(), 3]
    y = np.eye(3)[rng.integers(0, 3, 8)] if loss in ("bce", "cross-entropy") else rng.normal(0, 0.5, (8, 3))
    shapes = list(zip(sizes[1:], sizes, strict=False))
    return {
        "name": "test",
        "network": {
            "layers": sizes,
            "activations": [hidden] * (len(sizes) - 2) + [LOSSES[loss][0]],
            "weights": [rng.normal(0, 0.7, shape).tolist() for shape in shapes],
            "biases": [rng.normal(0, 0.3, n_out).tolist() for n_out, _ in shapes],
        },
        "training": {"loss": loss, "optimizer": optimizer, "learning_rate": OPTIMIZERS[optimizer][0]},
        "data": {"inputs": rng.normal(0, 1, (8, 3)).tolist(), "targets": y.tolist()},
    }


def greatest_difference(tables: dict[str, Any]) -> float:
    """Of all losses, gradients and parameters of ours and PyTorch's."""
    network, training = tables["network"], tables["training"]
    layers: list[Any] = []
    for W, b, name in zip(network["weights"], network["biases"], network["activations"], strict=True):
        layers.append(torch.nn.Linear(len(W[0]), len(W), dtype=torch.float64))
        layers[-1].weight.data, layers[-1].bias.data = (torch.tensor(each, dtype=torch.float64) for each in (W, b))
        layers += [ACTIVATIONS[name]()] if name != "softmax" else []
    model = torch.nn.Sequential(*layers)
    X, y = (torch.tensor(tables["data"][each], dtype=torch.float64) for each in ("inputs", "targets"))
    optimizer = OPTIMIZERS[training["optimizer"]][1](model.parameters(), training["learning_rate"])
    of, greatest = build(check_preset(preset_of_tables(tables, "test"), "test"), Path()), 0.0
    for ours in of.trainer.events(of.start):
        if not isinstance(ours, BackwardPass):
            continue
        optimizer.zero_grad()
        loss = LOSSES[training["loss"]][1](model(X), y)
        loss.backward()
        pairs: list[tuple[Any, Any]] = [(ours.forward.loss, loss.detach().numpy())]
        for n, layer in enumerate(each for each in layers if isinstance(each, torch.nn.Linear)):
            pairs += [(ours.dW[n], layer.weight.grad.numpy()), (ours.db[n], layer.bias.grad.numpy())]
            pairs += [(ours.state.W[n], layer.weight.data.numpy()), (ours.state.b[n], layer.bias.data.numpy())]
        greatest = max(greatest, *(float(np.abs(a - b).max()) for a, b in pairs))
        if ours.step == UPDATES:
            break
        optimizer.step()
    return greatest


@pytest.mark.parametrize(("seed", "hidden", "loss", "optimizer"), cases(32))
def test_25_updates_are_those_of_pytorch(seed: int, hidden: str, loss: str, optimizer: str) -> None:
    assert greatest_difference(tables_of(seed, hidden, loss, optimizer)) < 1e-7
