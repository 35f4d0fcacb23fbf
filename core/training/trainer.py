"""The trainer: gradient descent as a stream of events."""

from collections.abc import Iterator
from contextvars import copy_context
from dataclasses import dataclass, replace
from functools import cached_property
from math import inf, isfinite
from typing import Self

import numpy as np

from ..data.classes import Classes, classes_of
from ..data.dataset import Batches, Dataset, Evaluation, RowNumbers
from ..engine.arithmetic import BLAS, ORDERED, Arithmetic
from ..engine.burst import Burst, burst_of
from ..engine.burst_updates import learning_rate_at
from ..engine.choice import OF_ANOTHER_CLASS, EngineChoice, choose_engine
from ..engine.in_numpy import NumpyEngine
from ..engine.passes import Passes, price_of
from ..engine.workspace import Workspace, Workspaces
from ..functions.arrays import Array, frozen
from ..functions.optimizer import NO_CLIPPING, Clipping, Optimizer
from ..functions.output_head import OutputHead
from ..functions.penalty import NO_PENALTY, Penalty
from ..functions.schedules import Constant, Schedule
from ..network.network import Network
from ..steps.events import BackwardPass, EpochEnded, Event, Failed, Finished, ForwardPass, Updated
from ..steps.state import State
from ..steps.stop import NEVER, Stop, Watched, backward_fault, flat_fault, forward_fault, update_fault


@dataclass(frozen=True, kw_only=True)
class Trainer:
    """The parts of a training that do not change with its steps."""

    network: Network
    output: OutputHead
    optimizer: Optimizer
    batches: Batches
    train: Dataset
    test: Dataset | None = None
    schedule: Schedule = Constant()
    penalty: Penalty = NO_PENALTY
    clipping: Clipping = NO_CLIPPING
    class_weights: tuple[float, ...] | None = None
    """The weight of each class in the loss; None if all have the same weight."""
    watched: Watched = Watched.NOTHING
    """The loss whose least value the states keep, for early stopping."""
    sequential: bool = False
    """Update the output layer first and pass the gradient back through its new weights.

    Some published examples do so by mistake; gradients of hidden layers are then not those of the loss.
    """
    arithmetic: Arithmetic = BLAS
    """The arithmetic: the order of sums, and the exponentials."""

    @cached_property
    def classes(self) -> Classes | None:
        """The classes of the outputs; None if they are numbers."""
        targets = [data.y for data in (self.train, self.test) if data]
        return classes_of(self.output.loss.name, self.output.activation.name, targets)

    @cached_property
    def engine(self) -> EngineChoice:
        """The engine that computes its steps."""
        if type(self) is not Trainer:  # a subclass with other formulas is known only to NumPy
            return OF_ANOTHER_CLASS
        return choose_engine(self, self._examples, self._step_by_numpy, self._burst_by_numpy)

    @cached_property
    def _passes(self) -> Passes:
        """What computes the passes of a step where NumPy does."""
        return Passes(self)

    @cached_property
    def numpy_engine(self) -> NumpyEngine | None:
        """Bursts by NumPy; None if bursts are made from events."""
        is_unknown = self.sequential or self.watched is not Watched.NOTHING or self.network.flat_activation
        if is_unknown or self.arithmetic is not ORDERED or type(self) is not Trainer:
            return None
        return NumpyEngine(self, self._train_weights, self.evaluate)

    def weights_of(self, data: Dataset) -> Array | None:
        """The weight of each example of a data set, by itself and by its class, (examples,)."""
        if self.class_weights is None or self.classes is None:
            return data.weights
        of_classes = np.array(self.class_weights, data.y.dtype)[self.classes.of(data.y)]
        return frozen(of_classes if data.weights is None else of_classes * data.weights)

    @cached_property
    def _train_weights(self) -> Array | None:
        return self.weights_of(self.train)

    def batch_weights(self, state: State) -> Array | None:
        """The weight of each example of a state's next batch, (batch,)."""
        every = self._train_weights
        return None if every is None else every[self.batches.rows(state.epoch, state.position)]

    @property
    def is_full_batch(self) -> bool:
        """Whether a batch contains all training examples."""
        return self.batches.per_epoch == 1

    def accuracy(self, y_hat: Array, y: Array) -> float | None:
        """The share of examples, (examples, n_out), whose class is predicted; None for numbers, or of one example."""
        return self.classes.accuracy(y_hat, y) if self.classes else None

    def start(self, W: tuple[Array, ...], b: tuple[Array, ...]) -> State:
        """The state that training begins with; of each layer W, (n_out, n_in), and b, (n_out,)."""
        parameters = self.network.parameters(W, b)
        slots = self.optimizer.slots(parameters[self.network.trained])
        return State(0, 0, 0, parameters, slots, self.network.layout)

    def events(self, state: State, stop: Stop = NEVER, begun: BackwardPass | None = None) -> Iterator[Event]:
        """The events from a state on.

            ┌─▶ ForwardPass ─▶ BackwardPass ─▶ Updated ─▶ (EpochEnded) ─┐
            └───────────────────────────────────────────────────────────┘

        After a BackwardPass where the stop is reached: Finished, and no more.
        Where a number is not finite: Failed, and no more.

        Args:
            state: where to begin.
            stop: where to end.
            begun: the backward pass of that state, where it is known: the events begin after it.
        """
        spaces, flat = Workspaces(self.network, state.parameters.dtype), self.network.flat_activation
        _ = self.engine  # chosen before warnings are switched off for the steps
        # NumPy's warnings about what is not finite are switched off once: that is quicker than at every step.
        quiet = copy_context()
        quiet.run(np.seterr, all="ignore")
        examples = self.batch(state) if self.is_full_batch else None
        while True:
            backward, updated, fault = quiet.run(self._step, spaces, state, examples, begun)
            if begun is None:
                forward = backward.forward
                if not isfinite(forward.loss):
                    yield Failed(reason=forward_fault(forward), state=state)
                    return
                yield forward
            if flat:
                yield Failed(reason=flat_fault(self.network, state), state=state)
                return
            if begun is None:
                yield backward
            begun = None
            if stop.reached(backward):
                yield Finished(backward=backward)
                return
            if fault:
                yield Failed(reason=fault, state=state)
                return
            yield updated
            state = updated.state
            if state.position == 0:
                test = self.evaluate(state, self.test, spaces[len(self.test)]) if self.test else None
                yield EpochEnded(updated=updated, test=test)

    def _step(
        self, spaces: Workspaces, state: State, examples: tuple[Array, Array] | None, begun: BackwardPass | None
    ) -> tuple[BackwardPass, Updated, str | None]:
        """The passes of a step, its update, and the failure that it causes, of given examples or of its batch."""
        if begun is None:
            X, y = examples or self.batch(state)
            weights = self.batch_weights(state)
            if compiled := self.engine.compiled:
                begun, updated = compiled.step(state, X, y, weights)
                if not updated.state.position and self.watched is not Watched.NOTHING:
                    updated = replace(updated, state=self._passes.watching(updated.state))
                return begun, updated, update_fault(updated.state)
            space = spaces[len(X)]
            begun = self._passes.backward(space, self._passes.forward(space, state, X, y, self.penalty, weights))
        updated = self._passes.update(begun)
        return begun, updated, update_fault(updated.state)

    def _step_by_numpy(self, state: State) -> tuple[BackwardPass, Updated]:
        return self._passes.step(state, *self._examples(state))

    def _examples(self, state: State) -> tuple[Array, Array, Array | None]:
        return *self.batch(state), self.batch_weights(state)

    def burst(self, state: State, most: int, stop: Stop = NEVER, keep_every: int = 0, evaluates: bool = False) -> Burst:
        """Many updates in one call, with the same bits as those of `events`, but without intermediate results.

        It ends before an update that fails, before one whose gradient is not finite, and where the stop is reached:
        `events` from there on says why.

        Args:
            state: where to begin.
            most: the most updates.
            stop: where to end.
            keep_every: of the states, those whose step is a multiple of this are kept; 0 keeps none.
            evaluates: whether the held-out examples are evaluated at the end of each epoch.
        """
        left = stop.updates_from(state, self.batches.per_epoch, most)
        least = -inf if stop.loss is None else stop.loss
        if left and (compiled := self.engine.compiled):
            burst = compiled.burst(state, left, least, keep_every, evaluates, stop.patience)
        elif left and stop.patience is None and (engine := self.engine.generated or self.numpy_engine):
            burst = engine.burst(state, left, least, keep_every, evaluates)
        else:
            burst = self._burst_by_numpy(state, left, replace(stop, steps=None, epochs=None), keep_every)
        return burst if left == most else replace(burst, is_ended=True)

    def _burst_by_numpy(self, state: State, most: int, stop: Stop, keep_every: int) -> Burst:
        return burst_of(self.events(state, stop) if most else (), state, most, keep_every)

    def failure_of(self, step: BackwardPass | Updated) -> Failed | None:
        """The reason why training cannot continue from a step or its update; None if it can."""
        state = step.backward.state if isinstance(step, Updated) else step.state
        with np.errstate(all="ignore"):
            fault = update_fault(step.state) if isinstance(step, Updated) else backward_fault(step)
        return Failed(reason=fault, state=state) if fault else None

    def batch(self, state: State) -> tuple[Array, Array]:
        """The examples of a state's next batch, (batch, n_in), with their targets, (batch, n_out)."""
        rows = self.batches.rows(state.epoch, state.position)
        X, y = self.train.X[rows], self.train.y[rows]
        if X.flags.writeable:
            frozen(X), frozen(y)
        return X, y

    def rows(self, state: State) -> RowNumbers:
        """The row in the data of each example of a state's next batch, from 1."""
        return self.train.rows_of(self.batches.examples_of(state.epoch, state.position))

    def forward(self, state: State) -> ForwardPass:
        """Make the forward pass of the next batch."""
        return self.forward_on(state, *self.batch(state), self.penalty, weights=self.batch_weights(state))

    def forward_on(
        self,
        state: State,
        X: Array,
        y: Array,
        penalty: Penalty = NO_PENALTY,
        space: Workspace | None = None,
        weights: Array | None = None,
    ) -> ForwardPass:
        """Make the forward pass of these examples.

        Args:
            state: whose parameters are used.
            X: inputs, (examples, n_in).
            y: targets, (examples, n_out).
            penalty: what is added to the loss.
            space: a workspace for as many; without one, it is made.
            weights: the weight of each example, (examples,).
        """
        is_known = weights is None and len(X) and X.dtype == y.dtype == np.float64
        compiled = self.engine.compiled if is_known else None
        with np.errstate(all="ignore"):
            if compiled:
                return compiled.forward(state, X, y, price_of(self, penalty, state))
            return self._passes.forward(space or self._passes.workspace(X, state), state, X, y, penalty, weights)

    def backward(self, forward: ForwardPass) -> BackwardPass:
        """Make the backward pass of a forward pass."""
        space = self._passes.workspace(forward.X, forward.state)
        space.parameters[...] = forward.state.parameters
        space.forward[...] = forward.numbers
        with np.errstate(all="ignore"):
            return self._passes.backward(space, forward)

    def update(self, backward: BackwardPass) -> Updated:
        """Move the parameters against their gradients."""
        with np.errstate(all="ignore"):
            return self._passes.update(backward)

    def evaluate(self, state: State, data: Dataset, space: Workspace | None = None) -> Evaluation:
        """The loss and the accuracy on a data set; the loss of the examples to train on includes the penalty."""
        penalty = self.penalty if data is self.train else NO_PENALTY
        weights = self._train_weights if data is self.train else self.weights_of(data)
        forward = self.forward_on(state, data.X, data.y, penalty, space, weights)
        return Evaluation(loss=forward.loss, accuracy=self.accuracy(forward.y_hat, data.y))

    def with_learning_rate(self, learning_rate: float) -> Self:
        """The same training with another learning rate."""
        return replace(self, optimizer=self.optimizer.with_learning_rate(learning_rate))

    def as_of(self, backward: BackwardPass) -> Self:
        """The same training with the activations and the loss function that gave these gradients."""
        if backward.network is self.network and backward.output == self.output:
            return self
        return replace(self, network=backward.network, output=backward.output.of(None))

    def learning_rate(self, state: State) -> float:
        """The learning rate from a state on."""
        return learning_rate_at(self, state.step, state.epoch)

    def passed_back(self, backward: BackwardPass) -> tuple[Array, ...]:
        """W, (n_out, n_in), that the gradient of each layer passes back through: new if updates are sequential."""
        if not self.sequential:
            return backward.state.W
        with np.errstate(all="ignore"):
            return tuple(
                self._passes.updated_W(backward.state, backward.gradient, n) for n in range(len(self.network.layers))
            )
