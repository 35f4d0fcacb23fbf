"""The task of an engine: the parts of a Trainer, and whether the kernel knows them."""

from collections.abc import Collection
from dataclasses import MISSING, fields
from typing import Any, Protocol

from ..data.classes import Classes
from ..data.dataset import Batches, Dataset
from ..functions.activation import Activation
from ..functions.arrays import Array
from ..functions.optimizer import Clipping, Optimizer
from ..functions.optimizers import SGD, AdaDelta, AdaGrad, Adam, AdamW, Momentum, Nesterov, RMSProp
from ..functions.output_head import OutputHead
from ..functions.penalty import Penalty
from ..functions.schedules import Constant, Cosine, Exponential, InverseTime, Schedule, Steps, WarmUp
from ..network.network import Network
from ..steps.state import State
from ..steps.stop import Watched
from .arithmetic import ORDERED, Arithmetic
from .ordered_functions import kind_of, loss_kind

# In the order of the kernel's numbers for them.
ACTIVATION_KINDS = (
    *("identity", "sigmoid", "tanh", "relu", "leaky-relu", "elu", "selu", "silu", "gelu", "gelu-tanh", "softplus"),
    "softmax",
)
LOSS_KINDS = ("sse", "half-sse", "mse", "mae", "bce", "cross-entropy", "hinge", "huber")
OPTIMIZER_SETTINGS: dict[type[Optimizer], tuple[str, ...]] = {
    SGD: (),
    Momentum: ("momentum",),
    Nesterov: ("momentum",),
    AdaGrad: ("", "", "epsilon"),
    AdaDelta: ("rho", "", "epsilon"),
    RMSProp: ("alpha", "", "epsilon"),
    Adam: ("beta_1", "beta_2", "epsilon"),
    AdamW: ("beta_1", "beta_2", "epsilon", "weight_decay"),
}
"""The optimizers in that order, each with its settings at their places."""
OPTIMIZER_KINDS = tuple(OPTIMIZER_SETTINGS)
SCHEDULE_KINDS = (Constant, Steps, Exponential, Cosine, InverseTime, WarmUp)
"""Schedules whose factor depends only on the epoch or the update."""


class Task(Protocol):
    """The parts of a Trainer that an engine reads."""

    @property
    def network(self) -> Network: ...  # noqa: D102
    @property
    def output(self) -> OutputHead: ...  # noqa: D102
    @property
    def optimizer(self) -> Optimizer: ...  # noqa: D102
    @property
    def batches(self) -> Batches: ...  # noqa: D102
    @property
    def train(self) -> Dataset: ...  # noqa: D102
    @property
    def test(self) -> Dataset | None: ...  # noqa: D102
    @property
    def classes(self) -> Classes | None: ...  # noqa: D102
    @property
    def schedule(self) -> Schedule: ...  # noqa: D102
    @property
    def penalty(self) -> Penalty: ...  # noqa: D102
    @property
    def clipping(self) -> Clipping: ...  # noqa: D102
    @property
    def sequential(self) -> bool: ...  # noqa: D102
    @property
    def arithmetic(self) -> Arithmetic: ...  # noqa: D102
    @property
    def watched(self) -> Watched: ...  # noqa: D102
    def weights_of(self, data: Dataset) -> Array | None: ...  # noqa: D102
    def learning_rate(self, state: State) -> float: ...  # noqa: D102


PARTS = (
    *("network", "output", "optimizer", "batches", "train", "test", "schedule", "penalty", "clipping", "sequential"),
    *("arithmetic", "class_weights", "watched"),
)


def unknown_part(task: Task) -> str:
    """The first part of a task that the kernel does not know, in a word or two; empty if it knows all."""
    network, output = task.network, task.output
    checks = (
        (task.arithmetic is ORDERED, f"the arithmetic {task.arithmetic.name}"),
        (task.train.X.dtype == task.train.y.dtype == "float64", f"numbers of {task.train.X.dtype}"),
        (not task.sequential, "sequential updates"),
        (all(_is_known(layer.activation) for layer in network.layers), "an activation"),
        (
            loss_kind(output.loss) in LOSS_KINDS,
            f"the loss {output.loss.name}",
        ),
        (output.reduction in ("mean", "sum", "mean-over-outputs"), f"the reduction {output.reduction}"),
        (type(task.optimizer) in OPTIMIZER_KINDS, f"the optimizer {task.optimizer.name}"),
        (type(task.schedule) in SCHEDULE_KINDS, f"the schedule {task.schedule.name}"),
        (
            _has_only(task.optimizer, ("learning_rate", *OPTIMIZER_SETTINGS.get(type(task.optimizer), ()))),
            "a new setting",
        ),
        (_has_only(task, PARTS), "a new part of the training"),
        (_has_only(network, ("layers", "bias", "train_bias", "letters")), "a new part of the network"),
        (_has_only(output, ("activation", "loss", "reduction")), "a new part of the output"),
        (_has_only(task.penalty, ("l1", "l2", "form", "biases", "acts_on", "examples")), "a new penalty"),
        (_has_only(task.clipping, ("norm", "value")), "a new clipping"),
        (_has_only(task.batches, ("examples", "size", "shuffle", "seed")), "new batches"),
    )
    return next((name for is_known, name in checks if not is_known), "")


def _is_known(activation: Activation) -> bool:
    return kind_of(activation)[0] in ACTIVATION_KINDS


def _has_only(value: Any, names: Collection[str]) -> bool:
    """Whether all other fields of a dataclass have their default values."""
    others = (each for each in fields(value) if each.name not in names)
    return all(each.default is not MISSING and getattr(value, each.name) == each.default for each in others)
