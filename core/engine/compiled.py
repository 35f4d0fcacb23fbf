"""The compiled engine: the kernel in C, if it was compiled. It has the same bits as the ordered arithmetic."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from ctypes import Structure, addressof, c_double, c_int64, c_void_p, sizeof
from math import inf
from typing import Any, TypeAlias

import numpy as np

from ..data.classes import Classes
from ..data.dataset import Dataset, Evaluation
from ..functions.arrays import Array, frozen, frozen_copy
from ..functions.penalty import ACTS_ON
from ..network.layout import Layout
from ..network.network import Bias
from ..steps.events import BackwardPass, ForwardPass, Updated
from ..steps.state import State
from ..steps.stop import Watched
from .burst import Burst
from .burst_updates import learning_rate_at, learning_rates, orders, state_after
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
COMPLETE, UPDATE_NOT_FINITE = 0, 4


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
            **{name: _address(getattr(self, name)) for name in ("sizes", "settings", "forward", "backward")},
            **{name: _address(getattr(self, name)) for name in ("gradient", "clipped", "transposed")},
            **{name: _address(getattr(self, name)) for name in ("batch_X", "batch_y", "batch_weights", "decayed")},
            divides_by_weights=task.output.loss.divides_by_weights,
            penalized_size=count if penalty.biases else network.weights.stop,
            penalty_acts=ACTS_ON.index(penalty.acts_on),
            watched=list(Watched).index(task.watched),
            activations=_address(self.kinds),
            activation_numbers=_address(self.numbers),
            l1=penalty.l1,
            l2=penalty.l2,
            clip_value=task.clipping.value,
            clip_norm=task.clipping.norm,
            least_loss=-inf,
        )
        for n in range(2):
            self.plan.parameters[n] = _address(self.parameters[n])
            for slot, array in enumerate(self.slots[n]):
                # Adam's t, the only single number, has the last place.
                self.plan.slots[n][slot] = _address(array)
        if task.test:
            self._hold_out(task.test, task.classes, task.weights_of(task.test))
        self._address = addressof(self.plan)

    def _hold_out(self, test: Dataset, classes: Classes | None, weights: Array | None) -> None:
        """Point to the held-out examples."""
        self.test_X, self.test_y = np.ascontiguousarray(test.X), np.ascontiguousarray(test.y)
        self.plan.test_X, self.plan.test_y = _address(self.test_X), _address(self.test_y)
        self.plan.test_examples = len(test)
        if weights is not None:
            self.test_weights = np.ascontiguousarray(weights)
            self.plan.test_weights = _address(self.test_weights)
        if classes:
            self.test_classes = classes.of(test.y).astype(np.int64)
            self.plan.test_classes = _address(self.test_classes)
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


class CompiledEngine:
    """The kernel for one task; any thread may use it."""

    name = "c"

    def __init__(self, task: Task) -> None:
        """Prepare for a task whose parts the kernel all knows."""
        self._task = task
        self._free: list[Memory] = []
        self._layouts: dict[int, tuple[Layout, Layout]] = {}

    def step(self, state: State, X: Array, y: Array, weights: Array | None) -> tuple[BackwardPass, Updated]:
        """One step of these examples, with all intermediate results."""
        task, rows = self._task, len(X)
        forward_layout, backward_layout = self._layouts_of(rows)
        with self._memory(state) as memory:
            plan = memory.plan
            memory.begin(state)
            rate = np.array([learning_rate_at(task, state.step, state.epoch)])
            plan.X, plan.y, plan.rates = _address(X), _address(y), _address(rate)
            plan.weights = None if weights is None else _address(weights)
            plan.orders = plan.losses = plan.gradients = plan.test_losses = None
            plan.most = plan.is_step = 1
            plan.examples = plan.batch = rows
            plan.position = plan.keep_every = 0
            memory.run()
            numbers = frozen_copy(memory.forward[: forward_layout.size])
            penalty, penalized = task.penalty, state.parameters[task.penalty.part(task.network.weights)]
            price = plan.price if penalty.is_in_loss else 0.0
            forward = ForwardPass(state, X, y, numbers, forward_layout, price, plan.loss, weights)
            backward = BackwardPass(
                forward,
                task.output.of(weights),
                task.network,
                frozen_copy(memory.gradient),
                frozen(penalty.gradient(penalized)) if penalty.is_in_loss else None,
                frozen_copy(memory.backward[: backward_layout.size]),
                backward_layout,
            )
            updated = state_after(task, state, 1, *memory.present())
        return backward, Updated(backward, updated)

    def forward(self, state: State, X: Array, y: Array, price: float) -> ForwardPass:
        """The forward pass of any number of examples, (examples, n_in), whose penalty has this price."""
        X, y = np.ascontiguousarray(X), np.ascontiguousarray(y)
        layout = self._task.network.forward_layout(len(X))
        numbers, parts = np.empty(layout.size), np.empty(y.size)
        with self._memory(state) as memory:
            plan = memory.plan
            memory.place(state.parameters)
            plan.X, plan.y, plan.examples = _address(X), _address(y), len(X)
            plan.forward, plan.backward = _address(numbers), _address(parts)
            kernel.forward(addressof(plan))
            plan.forward, plan.backward = _address(memory.forward), _address(memory.backward)
            loss: float = plan.loss + price
        return ForwardPass(state, X, y, frozen(numbers), layout, price, loss)

    def burst(
        self,
        state: State,
        most: int,
        least_loss: float = -inf,
        keep_every: int = 0,
        evaluates: bool = False,
        patience: int | None = None,
    ) -> Burst:
        """Many updates; fewer if one fails, a loss is reached, or patience ends."""
        task = self._task
        losses, gradients = np.empty(most), np.empty(most)
        epochs = (state.position + most) // task.batches.per_epoch + 1
        with self._memory(state) as memory:
            plan = memory.plan
            memory.begin(state)
            rates, order = learning_rates(task, state, most, epochs), orders(task, state.epoch, epochs)
            plan.X, plan.y, plan.rates = _address(memory.X), _address(memory.y), _address(rates)
            plan.weights = None if memory.weights is None else _address(memory.weights)
            plan.patience = -1 if patience is None else patience
            plan.orders = None if order is None else _address(order)
            plan.losses, plan.gradients = _address(losses), _address(gradients)
            plan.most, plan.is_step, plan.least_loss = most, 0, least_loss
            plan.examples, plan.batch = task.batches.examples, task.batches.size
            kept = self._room(state, most, keep_every, plan)
            test_losses, test_right = np.empty(epochs), np.empty(epochs, np.int64)
            plan.test_losses = _address(test_losses) if evaluates and task.test else None
            plan.test_right = _address(test_right)
            memory.run()
            done = plan.done
            if plan.ending == UPDATE_NOT_FINITE and done:
                # The failing update has overwritten the state before the last one, which is computed again.
                memory.begin(state)
                plan.most, plan.keep_every, plan.test_losses = done, 0, None
                memory.run()
                plan.ending = UPDATE_NOT_FINITE
            return Burst(
                state_after(task, state, done, *memory.present()),
                losses[:done],
                gradients[:done],
                self._kept(state, kept, done, keep_every),
                plan.ending != COMPLETE,
                state_after(task, state, done - 1, *memory.previous()) if done else state,
                self._tests(state, done, test_losses, test_right) if evaluates and task.test else (),
            )

    def _tests(self, state: State, done: int, losses: Array, right: Any) -> tuple[tuple[int, Evaluation], ...]:
        """The results on the held-out examples, each with the step that it is of."""
        task = self._task
        per_epoch, examples = task.batches.per_epoch, len(task.test) if task.test else 0
        has_accuracy = task.classes is not None and examples > 1
        first = state.step - state.position + per_epoch
        found = zip(range(first, state.step + done + 1, per_epoch), losses.tolist(), right.tolist(), strict=False)
        return tuple((step, Evaluation(loss, n / examples if has_accuracy else None)) for step, loss, n in found)

    def _room(self, state: State, most: int, keep_every: int, plan: Plan) -> Array:
        """Memory for the kept states, one in each row."""
        plan.keep_every = keep_every
        if not keep_every:
            return np.empty((0, 0))
        plan.keep_first = keep_every - state.step % keep_every
        count = max(0, (most - plan.keep_first) // keep_every + 1)
        room = np.empty((count, state.layout.size + sum(slot.size for slot in state.slots) + 2))
        plan.kept = _address(room)
        return room

    def _kept(self, state: State, room: Array, done: int, keep_every: int) -> tuple[State, ...]:
        """The states in the rows that are written."""
        if not keep_every:
            return ()
        first = keep_every - state.step % keep_every
        found = []
        for n, row in enumerate(room[: max(0, (done - first) // keep_every + 1)]):
            numbers, slots, begin = frozen_copy(row), [], state.layout.size
            for slot in state.slots:
                slots.append(numbers[begin : begin + slot.size].reshape(slot.shape))
                begin += slot.size
            found.append(
                state_after(
                    self._task,
                    state,
                    first + n * keep_every,
                    numbers[: state.layout.size],
                    tuple(slots),
                    (float(numbers[-2]), int(numbers[-1])),
                )
            )
        return tuple(found)

    def _layouts_of(self, rows: int) -> tuple[Layout, Layout]:
        if rows not in self._layouts:
            self._layouts[rows] = self._task.network.forward_layout(rows), self._task.network.backward_layout(rows)
        return self._layouts[rows]

    @contextmanager
    def _memory(self, state: State) -> Iterator[Memory]:
        """Memory that no other thread uses."""
        try:
            memory = self._free.pop()
        except IndexError:
            memory = Memory(self._task, state)
        try:
            yield memory
        finally:
            self._free.append(memory)


def elementary(which: int, x: Array) -> Array:
    """One of the kernel's own elementary functions of an array, by its number."""
    x = np.ascontiguousarray(x, np.float64)
    y = np.empty_like(x)
    kernel.elementary(which, x.size, _address(x), _address(y))
    return y


_address: Callable[[Any], int] = lambda array: array.__array_interface__["data"][0]  # noqa: E731
