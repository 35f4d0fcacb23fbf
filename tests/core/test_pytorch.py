"""Networks trained beside PyTorch: the same losses, gradients and parameters after every update."""

from copy import deepcopy
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nn_tui.core.steps.events import BackwardPass
from nn_tui.presets.build import build
from nn_tui.presets.preset_file import check_preset, preset_of_tables

torch: Any = pytest.importorskip("torch")

Course = list[list[Any]]

UPDATES = 25
ACTIVATIONS: dict[str, Any] = {
    "identity": torch.nn.Identity,
    "sigmoid": torch.nn.Sigmoid,
    "tanh": torch.nn.Tanh,
    "relu": torch.nn.ReLU,
    "leaky-relu": torch.nn.LeakyReLU,
    "leaky-relu(0.2)": lambda: torch.nn.LeakyReLU(0.2),
    "elu": torch.nn.ELU,
    "elu(0.5)": lambda: torch.nn.ELU(0.5),
    "selu": torch.nn.SELU,
    "silu": torch.nn.SiLU,
    "gelu": torch.nn.GELU,
    "gelu-tanh": lambda: torch.nn.GELU(approximate="tanh"),
    "softplus": torch.nn.Softplus,
}
HIDDEN = list(ACTIVATIONS)
LOSSES: dict[str, tuple[str, Any]] = {
    "mse": ("identity", torch.nn.MSELoss()),
    "huber": ("tanh", torch.nn.SmoothL1Loss()),
    "bce": ("sigmoid", lambda z, y: torch.nn.functional.binary_cross_entropy_with_logits(z, y) * y.shape[1]),
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


def ours(tables: dict[str, Any]) -> Course:
    """Loss, gradients and parameters of each step, until training ends or a number is not finite."""
    of, course = build(check_preset(preset_of_tables(tables, "test"), "test"), Path()), []
    for event in of.trainer.events(of.start):
        if isinstance(event, BackwardPass):
            course.append([np.array(event.forward.loss), *event.dW, *event.db, *event.state.W, *event.state.b])
            if event.step == UPDATES:
                break
    return course


def pytorchs(tables: dict[str, Any], loss_of: Any = None, optimizer_of: Any = None) -> Course:
    """The same of PyTorch, whose loss is of z where there is such a one: log(1 - ŷ) of a rounded ŷ loses digits."""
    network, training = tables["network"], tables["training"]
    linear, layers = [], list[Any]()
    for W, b, name in zip(network["weights"], network["biases"], network["activations"], strict=True):
        linear.append(torch.nn.Linear(len(W[0]), len(W), dtype=torch.float64))
        linear[-1].weight.data, linear[-1].bias.data = (torch.tensor(each, dtype=torch.float64) for each in (W, b))
        layers += [linear[-1], *([ACTIVATIONS[name]()] if name in ACTIVATIONS else [])]
    model = torch.nn.Sequential(*(layers[:-1] if training["loss"].startswith("bce") else layers))
    X, y = (torch.tensor(tables["data"][each], dtype=torch.float64) for each in ("inputs", "targets"))
    loss_of = loss_of or LOSSES[training["loss"]][1]
    optimizer_of = optimizer_of or OPTIMIZERS[training["optimizer"]][1]
    optimizer, course = optimizer_of(model.parameters(), training["learning_rate"]), []
    for _ in range(UPDATES + 1):
        optimizer.zero_grad()
        loss = loss_of(model(X), y)
        loss.backward()
        parameters = [layer.weight for layer in linear] + [layer.bias for layer in linear]
        found = [loss.detach(), *(each.grad for each in parameters), *(each.data for each in parameters)]
        course.append([each.numpy().copy() for each in found])
        optimizer.step()
    return course


def greatest_difference(one: Course, other: Course) -> float:
    """Of all numbers of the steps that both have."""
    return max(float(np.abs(a - b).max()) for pair in zip(one, other, strict=False) for a, b in zip(*pair, strict=True))


@pytest.mark.parametrize(("seed", "hidden", "loss", "optimizer"), cases(32))
def test_25_updates_are_those_of_pytorch(seed: int, hidden: str, loss: str, optimizer: str) -> None:
    tables = tables_of(seed, hidden, loss, optimizer)

    assert len(ours(tables)) == UPDATES + 1
    assert greatest_difference(ours(tables), pytorchs(tables)) < 1e-12


def test_the_loss_of_a_prediction_near_1_keeps_its_digits() -> None:
    tables = tables_of(108, "identity", "bce", "adadelta")  # 1 - ŷ is 2.8e-8

    assert greatest_difference(ours(tables), pytorchs(tables)) < 1e-14


def test_a_network_that_differs_more_differs_from_itself_as_much_after_1e_15_in_the_weights() -> None:
    tables = tables_of(360, "identity", "mse", "sgd")  # diverges: the loss is 1e187 after 6 updates
    moved = deepcopy(tables)
    moved["network"]["weights"] = [(np.array(W) * (1 + 1e-15)).tolist() for W in tables["network"]["weights"]]

    assert greatest_difference(ours(tables), pytorchs(tables)) < greatest_difference(ours(tables), ours(moved))


F = torch.nn.functional
SAMPLE_WEIGHTS = [1.0, 0.5, 3.0, 2.0, 0.0, 1.5, 4.0, 0.25]
COLUMN = torch.tensor(SAMPLE_WEIGHTS, dtype=torch.float64)[:, None].expand(8, 3)
CLASS_WEIGHTS = torch.tensor([1.0, 5.0, 2.0], dtype=torch.float64)
CONVENTIONS: dict[str, tuple[str, dict[str, Any], Any, Any]] = {
    "bce, mean over outputs": (
        "bce",
        {"reduction": "mean-over-outputs"},
        F.binary_cross_entropy_with_logits,
        None,
    ),
    "mse, mean over outputs": ("mse", {"reduction": "mean-over-outputs"}, F.mse_loss, None),
    "half of mse": ("half-sse", {"reduction": "mean-over-outputs"}, lambda y_hat, y: F.mse_loss(y_hat, y) / 2, None),
    "class weights": (
        "cross-entropy",
        {"class_weights": CLASS_WEIGHTS.tolist()},
        lambda z, y: F.cross_entropy(z, y.argmax(dim=1), weight=CLASS_WEIGHTS),
        None,
    ),
    "positive weight": (
        "bce(3)",
        {"reduction": "mean-over-outputs"},
        lambda z, y: F.binary_cross_entropy_with_logits(z, y, pos_weight=torch.full((3,), 3.0, dtype=torch.float64)),
        None,
    ),
    "weights, mse": ("mse", {"weights": SAMPLE_WEIGHTS}, lambda a, y: F.mse_loss(a, y, weight=COLUMN), None),
    "weights, mae": ("mae", {"weights": SAMPLE_WEIGHTS}, lambda a, y: F.l1_loss(a, y, weight=COLUMN), None),
    "weights, huber": ("huber", {"weights": SAMPLE_WEIGHTS}, lambda a, y: F.huber_loss(a, y, weight=COLUMN), None),
    "weights, bce": (
        "bce",
        {"weights": SAMPLE_WEIGHTS, "reduction": "mean-over-outputs"},
        lambda z, y: F.binary_cross_entropy_with_logits(z, y, weight=COLUMN),
        None,
    ),
    "weights, sum of bce": (
        "bce",
        {"weights": SAMPLE_WEIGHTS, "reduction": "sum"},
        lambda z, y: F.binary_cross_entropy_with_logits(z, y, weight=COLUMN, reduction="sum"),
        None,
    ),
    "weight decay of sgd": (
        "mse",
        {"penalty": {"l2": 0.1, "biases": True, "acts_on": "gradient"}},
        None,
        lambda p, rate: torch.optim.SGD(p, rate, weight_decay=0.1),
    ),
    "weight decay of adam": (
        "mse",
        {"optimizer": "adam", "penalty": {"l2": 0.1, "biases": True, "acts_on": "gradient"}},
        None,
        lambda p, rate: torch.optim.Adam(p, rate, weight_decay=0.1),
    ),
    "weight decay of adamw": (
        "mse",
        {"optimizer": "adam", "penalty": {"l2": 0.1, "biases": True, "acts_on": "weights"}},
        None,
        lambda p, rate: torch.optim.AdamW(p, rate, weight_decay=0.1),
    ),
    "momentum 1": (
        "mse",
        {"optimizer": {"name": "momentum", "momentum": 1.0}},
        None,
        lambda p, rate: torch.optim.SGD(p, rate, momentum=1.0),
    ),
}
"""Of each, our loss and settings, and PyTorch's loss and optimizer where they are not the usual ones."""


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("name", CONVENTIONS)
def test_conventions_are_those_of_pytorch(name: str, seed: int) -> None:
    loss, settings, loss_of, optimizer_of = CONVENTIONS[name]
    tables = tables_of(seed, "tanh", "bce" if loss == "bce(3)" else loss if loss in LOSSES else "mse", "sgd")
    settings = dict(settings)
    tables["data"] |= {"weights": settings.pop("weights")} if "weights" in settings else {}
    tables["training"] |= {"loss": loss, "learning_rate": 0.05, **settings}

    assert len(ours(tables)) == UPDATES + 1
    assert greatest_difference(ours(tables), pytorchs(tables, loss_of, optimizer_of)) < 1e-12
