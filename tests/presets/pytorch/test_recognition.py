"""PyTorch and core compute the same numbers, from what a step's capture says."""

import random
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nn_tui.core.quantities.quantity import Kind
from nn_tui.core.training.trainer import Trainer
from nn_tui.presets.build import build
from nn_tui.presets.live.messages import Recognized, StepNumbers
from nn_tui.presets.live.proof import prove
from nn_tui.presets.live.proof_cause import cause_text
from nn_tui.presets.live.step_numbers import backward_of, preset_at, trainer_at
from nn_tui.presets.pytorch.autograd_losses import UnrecognizedError
from nn_tui.presets.pytorch.loss_by_value import KnownLosses
from nn_tui.presets.pytorch.step_capture import StepCapture

torch = pytest.importorskip("torch", reason="PyTorch is not installed: pip install -e '.[torch-dev]'")
F, nn, optim = torch.nn.functional, torch.nn, torch.optim
TorchModule: Any = torch.nn.Module
Function: Any = torch.autograd.Function

ACTIVATIONS: dict[str, Callable[[], Any]] = {
    "sigmoid": nn.Sigmoid,
    "tanh": nn.Tanh,
    "relu": nn.ReLU,
    "leaky-relu": nn.LeakyReLU,
    "leaky-relu(0.2)": lambda: nn.LeakyReLU(0.2),
    "elu": nn.ELU,
    "elu(0.5)": lambda: nn.ELU(0.5),
    "selu": nn.SELU,
    "silu": nn.SiLU,
    "gelu": nn.GELU,
    "gelu-tanh": lambda: nn.GELU(approximate="tanh"),
    "softplus": nn.Softplus,
    "softmax": lambda: nn.Softmax(1),
    "identity": nn.Identity,
}
OPTIMIZERS: dict[str, Callable[[Any], Any]] = {
    "sgd": lambda p: optim.SGD(p, 0.1),
    "sgd with decay": lambda p: optim.SGD(p, 0.1, weight_decay=0.01),
    "momentum": lambda p: optim.SGD(p, 0.1, momentum=0.8, weight_decay=0.01),
    "nesterov": lambda p: optim.SGD(p, 0.1, momentum=0.8, nesterov=True),
    "adagrad": lambda p: optim.Adagrad(p, 0.1, initial_accumulator_value=0.1),
    "adadelta": lambda p: optim.Adadelta(p, 0.5, rho=0.8),
    "rmsprop": lambda p: optim.RMSprop(p, 0.01, alpha=0.9, weight_decay=0.1),
    "adam": lambda p: optim.Adam(p, 0.01, betas=(0.8, 0.95)),
    "adam with decay": lambda p: optim.Adam(p, 0.01, weight_decay=0.1),
    "adamw": lambda p: optim.AdamW(p, 0.01, weight_decay=0.1),
}


def targets_of(rng: np.random.Generator, kind: str, examples: int, outputs: int) -> Any:
    if kind == "classes":
        return torch.from_numpy(rng.integers(0, outputs, examples))
    numbers = rng.uniform(size=(examples, outputs)) if kind == "shares" else 2 * rng.normal(size=(examples, outputs))
    return torch.from_numpy(numbers)


LOSSES: dict[str, tuple[str, str, int, Callable[[Any, Any], Any]]] = {
    # the last activation, the kind of target, outputs, the loss
    "mse": ("tanh", "numbers", 3, F.mse_loss),
    "mse of a module": ("identity", "numbers", 1, lambda p, y: nn.MSELoss()(p, y)),
    "mse by its sum": ("identity", "numbers", 2, lambda p, y: F.mse_loss(p, y, reduction="sum")),
    "mse by hand": ("sigmoid", "numbers", 2, lambda p, y: ((p - y) ** 2).mean()),
    "mse by hand, reversed": ("gelu", "numbers", 2, lambda p, y: ((y - p) ** 2).sum()),
    "mse by hand, a quarter": ("tanh", "numbers", 3, lambda p, y: ((p - y) ** 2).mean() / 4),
    "mse, a third": ("tanh", "numbers", 3, lambda p, y: F.mse_loss(p, y) / 3),
    "half the sum by hand": ("identity", "numbers", 2, lambda p, y: 0.5 * ((p - y) * (p - y)).sum() / len(y)),
    "sum over outputs by hand": ("gelu", "numbers", 2, lambda p, y: ((p - y) ** 2).sum(dim=1).mean()),
    "l1 by hand": ("identity", "numbers", 2, lambda p, y: (y - p).abs().sum()),
    "bce by hand": ("sigmoid", "shares", 2, lambda p, y: -(y * p.log() + (1 - y) * (1 - p).log()).mean()),
    "cross-entropy by hand": ("softmax", "classes", 3, lambda p, y: -p.log()[torch.arange(len(y)), y].mean()),
    "huber by hand": ("tanh", "numbers", 1, lambda p, y: torch.where((p - y).abs() <= 1, 0.5 * (p - y) ** 2, (p - y).abs() - 0.5).mean()),
    "mse of single outputs": ("identity", "numbers", 1, lambda p, y: F.mse_loss(p.squeeze(1), y.squeeze(1))),
    "mse of a column": ("identity", "numbers", 1, lambda p, y: F.mse_loss(p[:, 0], y[:, 0])),
    "mse, reduced outside": ("tanh", "numbers", 2, lambda p, y: F.mse_loss(p, y, reduction="none").mean()),
    "l1": ("identity", "numbers", 3, F.l1_loss),
    "smooth l1": ("identity", "numbers", 2, F.smooth_l1_loss),
    "huber": ("softplus", "numbers", 1, lambda p, y: F.huber_loss(p, y, reduction="sum")),
    "bce": ("sigmoid", "shares", 1, F.binary_cross_entropy),
    "bce of three": ("sigmoid", "shares", 3, lambda p, y: nn.BCELoss()(p, y)),
    "bce by its sum": ("sigmoid", "shares", 2, lambda p, y: F.binary_cross_entropy(p, y, reduction="sum")),
    "bce with logits": ("identity", "shares", 2, F.binary_cross_entropy_with_logits),
    "bce with pos_weight": (
        "identity", "shares", 1,
        lambda p, y: F.binary_cross_entropy_with_logits(p, y, pos_weight=torch.tensor([3.0], dtype=p.dtype)),
    ),
    "cross-entropy": ("identity", "classes", 4, F.cross_entropy),
    "cross-entropy by its sum": ("identity", "classes", 3, lambda p, y: F.cross_entropy(p, y, reduction="sum")),
    "cross-entropy with weights": (
        "identity", "classes", 3, lambda p, y: F.cross_entropy(p, y, weight=torch.tensor([1.0, 2.0, 0.5], dtype=p.dtype))
    ),
    "nll": ("identity", "classes", 3, lambda p, y: F.nll_loss(F.log_softmax(p, dim=1), y)),
    "nll of one dimension from the end": ("identity", "classes", 3, lambda p, y: F.nll_loss(p.log_softmax(-1), y)),
}  # fmt: skip


def captured(loss: Any, optimizer: Any) -> tuple[Recognized, StepNumbers]:
    capture = StepCapture(loss)
    optimizer.zero_grad()
    loss.backward()
    recognized = capture.recognized(optimizer, {})
    table = recognized.training.optimizer
    rule = table if isinstance(table, str) else str(table.__struct_config__.tag)
    step_numbers = capture.step_numbers(optimizer.steps, optimizer, None if recognized.no_update else rule, False)
    capture.release()
    return recognized, step_numbers


def twin(recognized: Recognized, step_numbers: StepNumbers) -> Trainer:
    return trainer_at(build(preset_at(recognized, step_numbers, "train.py"), Path()).trainer, step_numbers)


def apart(blocks: Any, arrays: Any) -> float:
    """The largest difference, against the largest number of each array."""
    pairs = [(block.array(), array) for block, array in zip(blocks, arrays, strict=True)]
    assert all(ours.shape == theirs.shape for theirs, ours in pairs)
    return max(
        (np.abs(theirs - ours).max() / max(1e-3, np.abs(ours).max()) for theirs, ours in pairs if ours.size),
        default=0.0,
    )


def check_agreement(
    loss_of: Callable[[], Any], optimizer: Any, parameters: list[Any], bound: float, steps: int = 3
) -> Recognized:
    """Train for some steps, and see core compute all numbers of each, and the next parameters."""
    optimizer.steps = 0
    for _ in range(steps):
        recognized, step_numbers = captured(loss_of(), optimizer)
        assert recognized.no_update == ""
        trainer = twin(recognized, step_numbers)
        reported = backward_of(trainer, step_numbers)
        ours = trainer.backward(trainer.forward(reported.state))

        assert step_numbers.loss == pytest.approx(ours.forward.loss, rel=bound)
        assert apart(step_numbers.z, ours.forward.z) < bound
        assert apart(step_numbers.a, ours.forward.a) < bound
        assert apart(step_numbers.dz, ours.dz) < bound
        assert apart(step_numbers.da, ours.da[:-1]) < bound
        assert apart(step_numbers.dW, ours.dW) < bound
        assert apart(step_numbers.db, ours.db) < bound

        optimizer.step()
        optimizer.steps += 1
        updated = trainer.update(reported).state
        layers = len(updated.W)
        ordered = [*parameters[0::2], *parameters[1::2]] if len(parameters) == 2 * layers else parameters
        for theirs, mine in zip(ordered, (*updated.W, *(b for b in updated.b if b.size)), strict=True):
            np.testing.assert_allclose(theirs.detach().numpy(), mine, rtol=bound, atol=bound)
    return recognized


def random_network(rng: random.Random, last: str, outputs: int, dtype: Any) -> tuple[Any, list[str]]:
    sizes = [rng.randrange(1, 6) for _ in range(rng.randrange(1, 4))]
    names = [rng.choice([each for each in ACTIVATIONS if each != "softmax"]) for _ in sizes] + [last]
    layers: list[Any] = []
    for n_in, n_out, name in zip([3, *sizes], [*sizes, outputs], names, strict=True):
        layers += [nn.Linear(n_in, n_out, bias=True, dtype=dtype), ACTIVATIONS[name]()]
    return nn.Sequential(*layers), names


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize("name", LOSSES)
def test_networks_of_every_activation_and_loss_are_computed_by_core_too(name: str, dtype: str) -> None:
    last, kind, outputs, loss = LOSSES[name]
    for seed in range(3):
        rng = random.Random(f"{name} {seed}")
        torch.manual_seed(seed)
        model, names = random_network(rng, last, outputs, getattr(torch, dtype))
        numbers = np.random.default_rng(seed)
        X = torch.from_numpy(numbers.normal(size=(rng.randrange(2, 9), 3))).to(getattr(torch, dtype))
        y = targets_of(numbers, kind, len(X), outputs)
        y = y if kind == "classes" else y.to(X.dtype)
        optimizer = OPTIMIZERS[rng.choice([*OPTIMIZERS])](model.parameters())

        recognized = check_agreement(
            partial(lambda model, X, y: loss(model(X), y), model, X, y),
            optimizer,
            [*model.parameters()],
            1e-11 if dtype == "float64" else 3e-4,
        )

        folded = {"bce with logits": "sigmoid", "bce with pos_weight": "sigmoid"}.get(
            name, "softmax" if kind == "classes" else last
        )
        assert recognized.network.activations == [*names[:-1], folded]


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize("name", OPTIMIZERS)
def test_every_optimizer_moves_as_cores_does(name: str, dtype: str) -> None:
    torch.manual_seed(0)
    kind = getattr(torch, dtype)
    model = nn.Sequential(nn.Linear(3, 4, dtype=kind), nn.Tanh(), nn.Linear(4, 2, dtype=kind))
    X, y = torch.randn(6, 3, dtype=kind), torch.randn(6, 2, dtype=kind)
    check_agreement(
        lambda: F.mse_loss(model(X), y), OPTIMIZERS[name](model.parameters()), [*model.parameters()],
        1e-12 if dtype == "float64" else 1e-4, steps=5,
    )  # fmt: skip


def test_the_way_a_script_writes_its_layers_does_not_matter() -> None:
    torch.manual_seed(0)
    W1, b1, W2 = (torch.randn(*shape, dtype=torch.float64, requires_grad=True) for shape in ((3, 4), (4,), (2, 4)))
    X, y = torch.randn(5, 3, dtype=torch.float64), torch.randn(5, 2, dtype=torch.float64)
    b2 = torch.zeros(1, 2, dtype=torch.float64, requires_grad=True)
    optimizer = optim.Adam([W1, b1, W2, b2], 0.01)
    optimizer.steps = 0

    recognized, step_numbers = captured(((torch.tanh(X @ W1 + b1) @ W2.T + b2 - y) ** 2).mean(), optimizer)

    trainer = twin(recognized, step_numbers)
    ours = trainer.backward(trainer.forward(backward_of(trainer, step_numbers).state))
    assert recognized.network.layers == [3, 4, 2] and recognized.network.activations == ["tanh", "identity"]
    assert (
        apart(step_numbers.dW, ours.dW) < 1e-13
        and apart(step_numbers.db, ours.db) < 1e-13
        and apart(step_numbers.z, ours.forward.z) < 1e-13
    )
    assert step_numbers.W[0].shape == (4, 3)


class Written(TorchModule):  # type: ignore[misc]
    """Functional activations, a flattened input, dropout that does nothing, in place."""

    def __init__(self) -> None:
        super().__init__()
        self.first, self.second = nn.Linear(6, 4, dtype=torch.float64), nn.Linear(4, 3, dtype=torch.float64, bias=True)

    def forward(self, x: Any) -> Any:
        h = F.dropout(F.relu(self.first(x.flatten(1)), inplace=True), 0.5, training=False)
        return self.second(h)


def test_a_module_with_functions_is_recognized() -> None:
    torch.manual_seed(0)
    model = Written()
    X, y = torch.randn(5, 2, 3, dtype=torch.float64), torch.tensor([0, 2, 1, 1, 0])
    check_agreement(
        lambda: F.cross_entropy(model(X), y), OPTIMIZERS["adam"](model.parameters()), [*model.parameters()], 1e-12
    )


def test_classes_are_named_as_pytorch_counts_them() -> None:
    model, X = nn.Linear(3, 2), torch.randn(4, 3)
    for loss, names in (
        (F.cross_entropy(model(X), torch.tensor([0, 1, 1, 0])), ("0", "1")),
        (F.mse_loss(model(X), torch.ones(4, 2)), ()),
    ):
        optimizer = OPTIMIZERS["adam"](model.parameters())
        optimizer.steps = 0
        trainer = twin(*captured(loss, optimizer))
        assert trainer.train.class_names == names
        assert len(trainer.train.y) == 4


def test_a_network_without_biases_is_recognized() -> None:
    model = nn.Sequential(
        nn.Linear(3, 4, bias=False, dtype=torch.float64), nn.Tanh(), nn.Linear(4, 2, bias=False, dtype=torch.float64)
    )
    X, y = torch.randn(5, 3, dtype=torch.float64), torch.randn(5, 2, dtype=torch.float64)
    recognized = check_agreement(
        lambda: F.mse_loss(model(X), y), OPTIMIZERS["momentum"](model.parameters()), [*model.parameters()], 1e-12
    )
    assert recognized.network.bias == "none"


def test_weight_decay_of_weights_alone_is_a_penalty_without_biases() -> None:
    model = nn.Sequential(nn.Linear(3, 4, dtype=torch.float64), nn.Tanh(), nn.Linear(4, 2, dtype=torch.float64))
    groups = [
        {"params": [model[0].weight, model[2].weight], "weight_decay": 0.1},
        {"params": [model[0].bias, model[2].bias], "weight_decay": 0.0},
    ]
    X, y = torch.randn(5, 3, dtype=torch.float64), torch.randn(5, 2, dtype=torch.float64)
    for rule in (optim.Adam, optim.AdamW, optim.SGD):
        recognized = check_agreement(
            lambda: F.mse_loss(model(X), y),
            rule([{**group} for group in groups], lr=0.05),
            [*model.parameters()],
            1e-12,
        )
        assert recognized.training.penalty.l2 == 0.1 and not recognized.training.penalty.biases


REASONS: dict[str, tuple[Callable[[Any, Any], Any], str]] = {
    "convolution": (lambda x, y: F.mse_loss(nn.Conv1d(1, 1, 2)(x[:, None])[:, 0], y[:, :2]), "got convolution"),
    "layer norm": (lambda x, y: F.mse_loss(nn.LayerNorm(3)(nn.Linear(3, 3)(x)), y), "got layer norm"),
    "dropout": (lambda x, y: F.mse_loss(F.dropout(nn.Linear(3, 3)(x), 0.5), y), "dropout"),
    "a skip": (lambda x, y: F.mse_loss(nn.Linear(3, 3)(h := nn.Linear(3, 3)(x)) + h, y), "two parts of the network are added"),
    "another loss": (lambda x, y: F.poisson_nll_loss(nn.Linear(3, 3)(x), y), "not a loss function of nn-tui"),
    "the root of a loss": (lambda x, y: F.mse_loss(nn.Linear(3, 3)(x), y).sqrt(), "the loss ends in sqrt of MSELoss, which is not"),
    "complex numbers": (lambda x, y: ((nn.Linear(3, 3, dtype=torch.cfloat)(x.cfloat()) - y).abs() ** 2).mean(), "its numbers are complex"),
    "a sum of two": (lambda x, y: F.mse_loss(nn.Linear(3, 3)(x), y) + nn.Linear(3, 3)(x).pow(2).sum(), "ends in add"),
    "the negative": (lambda x, y: -F.mse_loss(nn.Linear(3, 3)(x), y), "the negative of MSELoss, which training makes larger"),
    "all pairs": (lambda x, y: ((nn.Linear(3, 1)(x) - y[:, 0]) ** 2).mean(), "4 x 4 numbers: the shapes of outputs and targets"),
    "all pairs, by PyTorch": (lambda x, y: F.mse_loss(nn.Linear(3, 1)(x).expand(4, 4), y[:, 0].expand(4, 4)), "repeated, as their shape is not that of the targets"),
    "a penalty": (lambda x, y: ((h := nn.Linear(3, 3))(x) - y).pow(2).mean() + h.weight.pow(2).sum(), "a term of the parameters"),
    "a difference of something else": (lambda x, y: ((2 * nn.Linear(3, 3)(x) - y) ** 2).mean(), "ends in mean of pow"),
    "a scaled loss": (lambda x, y: F.huber_loss(nn.Linear(3, 3)(x), y, delta=2.0), "only with delta 1"),
    "label smoothing": (lambda x, y: F.cross_entropy(nn.Linear(3, 3)(x), y.argmax(1), label_smoothing=0.1), "only without label smoothing"),
    "left out": (lambda x, y: F.cross_entropy(nn.Linear(3, 3)(x), torch.full((len(x),), -100)), "ignore_index"),
    "a shared weight": (lambda x, y: F.mse_loss((h := nn.Linear(3, 3))(h(x).tanh()), y), "share their weights"),
    "half precision": (lambda x, y: F.mse_loss(nn.Linear(3, 3, dtype=torch.bfloat16)(x.bfloat16()), y.bfloat16()), "got torch.bfloat16"),
    "a frozen weight": (lambda x, y: F.mse_loss(F.linear(x.requires_grad_(), torch.randn(3, 3)), y), "frozen"),
    "mixed biases": (lambda x, y: F.mse_loss(nn.Linear(3, 3)(nn.Linear(3, 3, bias=False)(x)), y), "some layers have biases"),
}  # fmt: skip


@pytest.mark.parametrize("name", REASONS)
def test_what_is_not_recognized_says_why(name: str) -> None:
    make, reason = REASONS[name]
    torch.manual_seed(0)
    with pytest.raises(UnrecognizedError, match=reason):
        StepCapture(make(torch.randn(4, 3), torch.randn(4, 3)))


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (lambda m: optim.NAdam(m.parameters()), "does not have the optimizer NAdam"),
        (lambda m: optim.Adam(m.parameters(), amsgrad=True), "no amsgrad"),
        (lambda m: optim.SGD(m.parameters(), 0.1, momentum=0.5, dampening=0.1), "no dampening"),
        (lambda m: optim.RMSprop(m.parameters(), momentum=0.5), "RMSprop with momentum"),
        (
            lambda m: optim.SGD([{"params": [m.weight], "lr": 0.1}, {"params": [m.bias], "lr": 0.2}]),
            "different settings",
        ),
        (lambda m: optim.SGD([m.weight], 0.1), "does not move all parameters"),
    ],
)
def test_an_optimizer_that_core_does_not_have_leaves_the_passes_to_compare(
    make: Callable[[Any], Any], reason: str
) -> None:
    model = nn.Linear(3, 2)
    optimizer = make(model)
    optimizer.steps = 0

    recognized, step_numbers = captured(F.mse_loss(model(torch.randn(4, 3)), torch.randn(4, 2)), optimizer)

    assert reason in recognized.no_update
    assert step_numbers.slots == () and replace(twin(recognized, step_numbers)) is not None


def test_a_hook_that_changes_a_gradient_shows() -> None:
    model = nn.Sequential(nn.Linear(3, 4, dtype=torch.float64), nn.Tanh(), nn.Linear(4, 1, dtype=torch.float64))
    model[0].weight.register_hook(lambda gradient: gradient * 1.01)
    optimizer = OPTIMIZERS["sgd"](model.parameters())
    optimizer.steps = 0

    recognized, step_numbers = captured(
        F.mse_loss(model(torch.randn(4, 3, dtype=torch.float64)), torch.zeros(4, 1, dtype=torch.float64)), optimizer
    )

    trainer = twin(recognized, step_numbers)
    ours = trainer.backward(trainer.forward(backward_of(trainer, step_numbers).state))
    assert apart(step_numbers.dW[:1], ours.dW[:1]) == pytest.approx(0.01, rel=0.1)
    assert apart(step_numbers.dW[1:], ours.dW[1:]) < 1e-13


class HalfSquares(Function):  # type: ignore[misc]
    """A mean of squares whose own backward pass forgets a 2."""

    @staticmethod
    def forward(ctx: Any, p: Any, y: Any) -> Any:
        ctx.save_for_backward(p, y)
        return ((p - y) ** 2).mean()

    @staticmethod
    def backward(ctx: Any, gradient: Any) -> Any:
        p, y = ctx.saved_tensors
        return gradient * (p - y) / p.numel(), None


class TurnedSquares(HalfSquares):
    """One whose backward pass has y − ŷ."""

    @staticmethod
    def backward(ctx: Any, gradient: Any) -> Any:
        p, y = ctx.saved_tensors
        return 2 * gradient * (y - p) / p.numel(), None


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize(
    ("loss", "cause"),
    [(HalfSquares, "the loss has a factor ½"), (TurnedSquares, "has the opposite sign: y − ŷ for ŷ − y")],
)
def test_a_fault_in_a_loss_of_ones_own_is_found_and_named(loss: Any, cause: str, dtype: str) -> None:
    torch.manual_seed(0)
    kind = getattr(torch, dtype)
    model = nn.Sequential(nn.Linear(3, 4, dtype=kind), nn.Tanh(), nn.Linear(4, 2, dtype=kind))
    optimizer = OPTIMIZERS["adam"](model.parameters())
    optimizer.steps = 0
    recognized, step_numbers = captured(
        loss.apply(model(torch.randn(5, 3, dtype=kind)), torch.randn(5, 2, dtype=kind)), optimizer
    )

    trainer = twin(recognized, step_numbers)
    theirs = backward_of(trainer, step_numbers)
    proof = prove(trainer, theirs)
    assert proof.differing and proof.differing.quantity.kind is Kind.DZ and proof.differing.quantity.layer == 1
    assert cause in cause_text(trainer, theirs)


def test_a_loss_that_gives_another_value_later_stays_the_one_that_it_is() -> None:
    model, known = nn.Linear(3, 2), KnownLosses()
    X, y = torch.randn(4, 3), torch.randn(4, 2)
    assert StepCapture(((model(X) - y) ** 2).mean(), known).chain.loss.core_name == "mse"
    assert StepCapture(((model(X * float("nan")) - y) ** 2).mean(), known).chain.loss.core_name == "mse"
