"""The compiled engine: the kernel in C, if it was compiled. It has the same bits as the ordered arithmetic."""

from collections.abc import Iterator
from contextlib import contextmanager
from ctypes import addressof
from math import inf
from typing import Any

import numpy as np

from ..data.dataset import Evaluation
from ..functions.arrays import Array, frozen, frozen_copy
from ..network.layout import Layout
from ..steps.events import BackwardPass, ForwardPass, Updated
from ..steps.state import State
from .burst import Burst
from .burst_updates import learning_rate_at, learning_rates, orders, state_after
from .kept_states import KeptStates
from .kernel_memory import Memory, Plan, address, kernel
from .task import Task

COMPLETE, UPDATE_NOT_FINITE = 0, 4


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
            memory.rate[0] = learning_rate_at(task, state.step, state.epoch)
            plan.X, plan.y, plan.rates = address(X), address(y), memory.rate_address
            plan.weights = None if weights is None else address(weights)
            plan.orders = plan.losses = plan.gradients = plan.test_losses = None
            plan.most = plan.is_step = 1
            plan.examples = plan.batch = rows
            plan.position = plan.keep_every = 0
            memory.run()
            numbers = frozen_copy(memory.forward[: forward_layout.size])
            penalty, price, penalty_gradient = task.penalty, 0.0, None
            if penalty.is_in_loss:
                penalized = state.parameters[penalty.part(task.network.weights)]
                price, penalty_gradient = plan.price, frozen(penalty.gradient(penalized))
            forward = ForwardPass(state, X, y, numbers, forward_layout, price, plan.loss, weights)
            backward = BackwardPass(
                forward,
                task.output.of(weights),
                task.network,
                frozen_copy(memory.gradient),
                penalty_gradient,
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
            plan.X, plan.y, plan.examples = address(X), address(y), len(X)
            plan.forward, plan.backward = address(numbers), address(parts)
            kernel.forward(addressof(plan))
            plan.forward, plan.backward = address(memory.forward), address(memory.backward)
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
            plan.X, plan.y, plan.rates = address(memory.X), address(memory.y), address(rates)
            plan.weights = None if memory.weights is None else address(memory.weights)
            plan.patience = -1 if patience is None else patience
            plan.orders = None if order is None else address(order)
            plan.losses, plan.gradients = address(losses), address(gradients)
            plan.most, plan.is_step, plan.least_loss = most, 0, least_loss
            plan.examples, plan.batch = task.batches.examples, task.batches.size
            rows = self._room(state, most, keep_every, plan)
            test_losses, test_right = np.empty(epochs), np.empty(epochs, np.int64)
            plan.test_losses = address(test_losses) if evaluates and task.test else None
            plan.test_right = address(test_right)
            memory.run()
            done, kept = plan.done, self._kept(state, rows[: plan.kept_count], keep_every)
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
                kept,
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
        plan.kept = address(room)
        return room

    def _kept(self, state: State, rows: Array, every: int) -> KeptStates:
        """The states in the rows that are written, whose steps are multiples of a distance."""
        every = every or 1
        first = state.step + every - state.step % every
        return KeptStates(self._task, state, rows, range(first, first + every * len(rows), every))

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
    kernel.elementary(which, x.size, address(x), address(y))
    return y
