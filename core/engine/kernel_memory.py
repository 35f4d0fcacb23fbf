"""The kernel in C, if it was compiled, and the memory that it works on."""

import os
from collections.abc import Callable
from ctypes import Structure, addressof, c_double, c_int64, c_void_p, sizeof
from math import inf
from typing import Any, TypeAlias

import numpy as np

from ..data.classes import Classes
from ..data.dataset import Dataset
from ..functions.arrays import Array, frozen_copy
from ..functions.penalty import ACTS_ON
from ..network.network import Bias
from ..steps.state import State
from ..steps.stop import Watched
from .elementary import constants
from .ordered_functions import kind_of
from .task import ACTIVATION_KINDS, LOSS_KINDS, OPTIMIZER_KINDS, OPTIMIZER_SETTINGS, Task

try:
    from . import _kernel  # type: ignore[attr-defined]
except ImportError:
    _kernel = None
SWITCH = "NN_TUI_ENGINE"
"""The environment variable that switches the kernel off ("python"), or generated Python too ("numpy")."""
BIASES = (Bias.NONE, Bias.SHARED, Bias.PER_NEURON)
MOST_SLOTS = 3
address: Callable[[Any], int] = lambda array: array.__array_interface__["data"][0]  # noqa: E731
"""Of the numbers of an array."""


def is_there() -> bool:
    """Whether there is a kernel that is not switched off."""
    return kernel is not None and os.environ.get(SWITCH) not in ("numpy", "python")


class Plan(Structure):
    """The arguments of the kernel; kernel.c has the same fields in the same order."""

    _fields_ = [
        *((name, c_int64) for name in ("layers", "bias", "loss_kind", "optimizer", "share", "examples", "batch")),
        *((name, c_int64) for name in ("parameters_size", "trained_size", "weights_size")),
        *((name, c_void_p) for name in ("sizes", "activations", "activation_numbers", "settings")),
        *((name, c_int64) for name in ("divides_by_weights", "penalized_size", "penalty_acts", "watched")),
        *((name, c_double) for name in ("l1", "l2", "clip_value", "clip_norm")),
        *((name, c_void_p) for name in ("X", "y", "weights", "test_X", "test_y", "test_weights", "test_classes")),
        ("test_examples", c_int64),
        ("middle", c_double),
        *((name, c_void_p) for name in ("forward", "backward", "gradient", "clipped", "transposed")),
        *((name, c_void_p) for name in ("batch_X", "batch_y", "batch_weights", "decayed")),
        ("parameters", c_void_p * 2),
        ("slots", c_void_p * MOST_SLOTS * 2),
        *((name, c_int64) for name in ("most", "epoch", "position", "is_step", "by_update")),
        *((name, c_void_p) for name in ("orders", "rates")),
        ("least_loss", c_double),
        ("patience", c_int64),
        *((name, c_void_p) for name in ("losses", "gradients")),
        *((name, c_int64) for name in ("keep_every", "keep_first")),
        *((name, c_void_p) for name in ("kept", "test_losses", "test_right")),
        *((name, c_int64) for name in ("done", "ending", "present", "kept_count", "test_count")),
        *((name, c_double) for name in ("loss", "price")),
        ("best_loss", c_double * 2),
        ("epochs_since", c_int64 * 2),
    ]


_is_ours = getattr(_kernel, "PLAN_SIZE", 0) == sizeof(Plan) and hasattr(_kernel, "forward")
kernel: Any = _kernel if _is_ours else None
"""The module that setup.py compiles; None if there was no compiler, or if its version differs."""
if kernel:
    _tables = np.concatenate(constants().tables)
    kernel.tables(_tables.size, _tables.ctypes.data)


Outcome: TypeAlias = tuple[Array, tuple[Array, ...], tuple[float, int]]
"""Parameters and slots, and the least loss that is watched with the epochs since then."""


class Memory:
    """A plan, and the arrays that it points to; used by one call of the kernel at a time."""

    def __init__(self, task: Task, state: State) -> None:
        """Make room for batches of a task."""
        network, batch, count = task.network, task.batches.size, state.layout.size
        most = max(batch, len(task.test) if task.test else 0, len(task.train) if task.watched is Watched.TRAIN else 0)
        outputs = most * sum(network.sizes[1:])
        numbers = [kind_of(layer.activation) for layer in network.layers]
        self.sizes = np.array(network.sizes, np.int64)
        self.kinds = np.array([ACTIVATION_KINDS.index(name) for name, _ in numbers], np.int64)
        self.numbers = np.array([number for _, number in numbers])
        names = OPTIMIZER_SETTINGS[type(task.optimizer)]
        values = [getattr(task.optimizer, name) if name else 0.0 for name in names]
        self.settings = np.array([*values, *[0.0] * (4 - len(values))])
        self.X, self.y = np.ascontiguousarray(task.train.X), np.ascontiguousarray(task.train.y)
        weights, penalty = task.weights_of(task.train), task.penalty.in_usual_form
        self.weights = None if weights is None else np.ascontiguousarray(weights)
        self.forward, self.backward = np.empty(2 * outputs + most), np.empty(2 * outputs)
        self.gradient, self.clipped = np.empty(count), np.empty(count)
        self.transposed = np.empty(max(layer.n_in * layer.n_out for layer in network.layers))
        self.rate = np.empty(1)
        self.rate_address = address(self.rate)
        self.batch_X, self.batch_y = np.empty((batch, network.sizes[0])), np.empty((batch, network.sizes[-1]))
        self.batch_weights, self.decayed = np.empty(batch), np.empty(count)
        self.parameters = [np.empty(count), np.empty(count)]
        self.slots = [[np.empty(slot.shape) for slot in state.slots] for _ in range(2)]
        self.plan = Plan(
            layers=len(network.layers),
            bias=BIASES.index(network.bias),
            loss_kind=LOSS_KINDS.index(task.output.loss.name),
            optimizer=OPTIMIZER_KINDS.index(type(task.optimizer)),
            share=0 if task.output.reduction == "sum" else int(task.output.divisor(1, network.sizes[-1])),
            by_update=task.schedule.by_update,
            parameters_size=count,
            trained_size=count if network.train_bias else network.weights.stop,
            weights_size=network.weights.stop,
            **{name: address(getattr(self, name)) for name in ("sizes", "settings", "forward", "backward")},
            **{name: address(getattr(self, name)) for name in ("gradient", "clipped", "transposed")},
            **{name: address(getattr(self, name)) for name in ("batch_X", "batch_y", "batch_weights", "decayed")},
            divides_by_weights=task.output.loss.divides_by_weights,
            penalized_size=count if penalty.biases else network.weights.stop,
            penalty_acts=ACTS_ON.index(penalty.acts_on),
            watched=list(Watched).index(task.watched),
            activations=address(self.kinds),
            activation_numbers=address(self.numbers),
            l1=penalty.l1,
            l2=penalty.l2,
            clip_value=task.clipping.value,
            clip_norm=task.clipping.norm,
            least_loss=-inf,
        )
        for n in range(2):
            self.plan.parameters[n] = address(self.parameters[n])
            for slot, array in enumerate(self.slots[n]):
                # Adam's t, the only single number, has the last place.
                self.plan.slots[n][slot] = address(array)
        if task.test:
            self._hold_out(task.test, task.classes, task.weights_of(task.test))
        self._address = addressof(self.plan)

    def _hold_out(self, test: Dataset, classes: Classes | None, weights: Array | None) -> None:
        """Point to the held-out examples."""
        self.test_X, self.test_y = np.ascontiguousarray(test.X), np.ascontiguousarray(test.y)
        self.plan.test_X, self.plan.test_y = address(self.test_X), address(self.test_y)
        self.plan.test_examples = len(test)
        if weights is not None:
            self.test_weights = np.ascontiguousarray(weights)
            self.plan.test_weights = address(self.test_weights)
        if classes:
            self.test_classes = classes.of(test.y).astype(np.int64)
            self.plan.test_classes = address(self.test_classes)
            self.plan.middle = (classes.low + classes.high) / 2

    def begin(self, state: State) -> None:
        """Set the state for the next call."""
        self.place(state.parameters)
        for ours, theirs in zip(self.slots[0], state.slots, strict=True):
            np.copyto(ours, theirs)
        self.plan.epoch, self.plan.position = state.epoch, state.position
        self.plan.best_loss[1], self.plan.epochs_since[1] = state.best_loss, state.epochs_since

    def place(self, parameters: Array) -> None:
        """Set the parameters for the next call; a forward pass needs nothing else."""
        self.plan.present = 0
        np.copyto(self.parameters[0], parameters)

    def run(self) -> None:
        """Call the kernel."""
        kernel.run(self._address)

    def present(self) -> Outcome:
        """Copies of the results of the last call."""
        return self._copies(self.plan.present, 1)

    def previous(self) -> Outcome:
        """The state before its last update."""
        return self._copies(1 - self.plan.present, 0)

    def _copies(self, n: int, watched: int) -> Outcome:
        return (
            frozen_copy(self.parameters[n]),
            tuple(frozen_copy(slot) for slot in self.slots[n]),
            (self.plan.best_loss[watched], self.plan.epochs_since[watched]),
        )
