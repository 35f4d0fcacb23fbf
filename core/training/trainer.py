"""The trainer: gradient descent as a stream of events."""

from collections.abc import Iterator
from contextvars import copy_context
from dataclasses import dataclass, replace
from functools import cached_property
from math import inf, isfinite
from typing import Self

import numpy as np
import numpy.typing as npt

from ..data.classes import Classes, classes_of
from ..data.dataset import Batches, Dataset, Evaluation
from ..engine.arithmetic import BLAS, ORDERED, Arithmetic
from ..engine.burst import Burst, burst_of
from ..engine.choice import OF_ANOTHER_CLASS, EngineChoice, choose_engine
from ..engine.in_numpy import NumpyEngine
from ..engine.workspace import Workspace, Workspaces
from ..functions.arrays import Array, frozen, frozen_copy
from ..functions.optimizer import NO_CLIPPING, Clipping, Moved, Optimizer
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
        return choose_engine(
            self,
            lambda state: (*self.batch(state), self.batch_weights(state)),
            self._step_by_numpy,
            self._burst_by_numpy,
        )

    @cached_property
    def _numpy_engine(self) -> NumpyEngine | None:
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
                if not updated.state.position:
                    updated = replace(updated, state=self._watching(updated.state))
                return begun, updated, update_fault(updated.state)
            space = spaces[len(X)]
            begun = self._backward(space, self._forward(space, state, X, y, self.penalty, weights))
        updated = self._update(begun)
        return begun, updated, update_fault(updated.state)

    def _step_by_numpy(self, state: State) -> tuple[BackwardPass, Updated]:
        X, y = self.batch(state)
        with np.errstate(all="ignore"):
            space, weights = self._workspace(X, state), self.batch_weights(state)
            backward = self._backward(space, self._forward(space, state, X, y, self.penalty, weights))
        return backward, self.update(backward)

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
        elif left and stop.patience is None and (engine := self.engine.generated or self._numpy_engine):
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

    def rows(self, state: State) -> npt.NDArray[np.int64]:
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
            return self._forward(space or self._workspace(X, state), state, X, y, penalty, weights)

    def backward(self, forward: ForwardPass) -> BackwardPass:
        """Make the backward pass of a forward pass."""
        space = self._workspace(forward.X, forward.state)
        space.parameters[...] = forward.state.parameters
        space.forward[...] = forward.numbers
        with np.errstate(all="ignore"):
            return self._backward(space, forward)

    def update(self, backward: BackwardPass) -> Updated:
        """Move the parameters against their gradients."""
        with np.errstate(all="ignore"):
            return self._update(backward)

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
        time = self.schedule.time(state.step, state.epoch)
        return self.optimizer.learning_rate * self.schedule.factor(time)

    def passed_back(self, backward: BackwardPass) -> tuple[Array, ...]:
        """W, (n_out, n_in), that the gradient of each layer passes back through: new if updates are sequential."""
        if not self.sequential:
            return backward.state.W
        with np.errstate(all="ignore"):
            return tuple(self._updated_W(backward.state, backward.gradient, n) for n in range(len(self.network.layers)))

    def _workspace(self, X: Array, state: State) -> Workspace:
        return Workspace(self.network, len(X), state.parameters.dtype)

    def _forward(
        self, space: Workspace, state: State, X: Array, y: Array, penalty: Penalty, weights: Array | None
    ) -> ForwardPass:
        """Compute z and a of each layer, and the loss."""
        space.parameters[...] = state.parameters
        a, arithmetic, last = X, self.arithmetic, space.forward_layers[-1]
        for layer in space.forward_layers:
            arithmetic.times(a, layer.W_T, layer.z)
            np.add(layer.z, layer.b, layer.z)
            a = layer.a
            if layer is not last:
                arithmetic.activate(layer.activation, layer.z, a)
        space.losses[...] = arithmetic.head(self.output, last.z, a, y)
        price = price_of(self, penalty, state)
        loss = arithmetic.reduce(self.output.of(weights), space.losses, y) + price
        return ForwardPass(state, X, y, frozen_copy(space.forward), space.forward_layout, price, loss, weights)

    def _backward(self, space: Workspace, forward: ForwardPass) -> BackwardPass:
        """Compute dz, dW, db and da of each layer, the last layer first, of the forward pass in the workspace.

        Source: Rumelhart, Hinton and Williams, Learning representations by back-propagating errors, 1986.
        """
        layers, arithmetic, output = space.backward_layers, self.arithmetic, self.output.of(forward.weights)
        penalty_gradient: Array | None = None
        penalty_dW: tuple[Array, ...] = ()
        penalty_db: tuple[Array, ...] = ()
        if self.penalty.is_in_loss:
            penalty_gradient = frozen(
                self.penalty.gradient(forward.state.parameters[self.penalty.part(self.network.weights)])
            )
            penalty_dW = self.network.layout.views(penalty_gradient, 0, len(layers))
            penalty_db = self.network.layout.views(penalty_gradient, len(layers)) if self.penalty.biases else ()
        arithmetic.dz(output, layers[-1].z, layers[-1].a, forward.y, layers[-1].dz)
        for n in range(len(layers) - 1, -1, -1):
            layer = layers[n]
            arithmetic.times(layer.dz_T, layers[n - 1].a if n else forward.X, layer.dW)
            if penalty_dW:
                np.add(layer.dW, penalty_dW[n], layer.dW)
            arithmetic.sum_down(layer.ones, layer.db_shares, layer.db)
            if penalty_db:
                np.add(layer.db, penalty_db[n], layer.db)
            if n:
                before, da = layers[n - 1], space.da[n - 1]
                W = self._updated_W(forward.state, space.gradient, n) if self.sequential else layer.W
                arithmetic.times(layer.dz, W, da)
                arithmetic.pass_back(before.activation, da, before.z, before.a, before.dz)
        return BackwardPass(
            forward,
            output,
            self.network,
            frozen_copy(space.gradient),
            penalty_gradient,
            frozen_copy(space.backward),
            space.backward_layout,
        )

    def _update(self, backward: BackwardPass) -> Updated:
        """Compute the next state."""
        state, gradient = backward.forward.state, backward.gradient
        if self.clipping != NO_CLIPPING:
            gradient = self.arithmetic.clipped(self.clipping, gradient[self.network.trained])
        parameters, slots = self._moved(state, gradient)
        epoch, position = state.epoch, state.position + 1
        if position == self.batches.per_epoch:
            epoch, position = epoch + 1, 0
        for slot in slots:
            frozen(slot)
        watched = state.best_loss, state.epochs_since
        new = State(state.step + 1, epoch, position, frozen(parameters), slots, state.layout, *watched)
        return Updated(backward, new if position else self._watching(new))

    def _watching(self, state: State) -> State:
        """The state at the end of an epoch, with its loss where that is watched and the least so far."""
        if self.watched is Watched.NOTHING:
            return state
        loss = self._watched_loss(state)
        if loss < state.best_loss:
            return replace(state, best_loss=loss, epochs_since=0)
        return replace(state, epochs_since=state.epochs_since + 1)

    def _watched_loss(self, state: State) -> float:
        """A step by NumPy, which engines are compared with."""
        data = self.test if self.watched is Watched.TEST else self.train
        if data is None:
            return inf
        penalty = self.penalty if data is self.train else NO_PENALTY
        with np.errstate(all="ignore"):
            space = self._workspace(data.X, state)
            return self._forward(space, state, data.X, data.y, penalty, self.weights_of(data)).loss

    def _moved(self, state: State, gradient: Array) -> Moved:
        """All parameters after an update, and the optimizer's slots."""
        trained, learning_rate = self.network.trained, self.learning_rate(state)
        old, gradient = state.parameters[trained], gradient[trained]
        if self.penalty.is_in_update:
            old, gradient = self.penalty.decayed(old, gradient, learning_rate, self.network.weights.stop)
        parameters, slots = self.arithmetic.moved(self.optimizer, old, gradient, state.slots, learning_rate)
        if not self.network.train_bias:
            parameters = np.concatenate([parameters, state.parameters[len(parameters) :]])
        return parameters, slots

    def _updated_W(self, state: State, gradient: Array, n: int) -> Array:
        """The weights of layer number n after an update, which needs only the gradients of that layer.

        Their gradients are clipped by value only, because the norm of all gradients is not known yet.
        """
        if self.clipping.value < inf:
            gradient = np.clip(gradient, -self.clipping.value, self.clipping.value)
        parameters, _ = self._moved(state, gradient)
        return self.network.layout.views(parameters, n, n + 1)[0]


def price_of(trainer: Trainer, penalty: Penalty, state: State) -> float:
    """What a penalty adds to the loss of a state."""
    if not penalty.is_in_loss:
        return 0.0
    return trainer.arithmetic.price(penalty, state.parameters[penalty.part(trainer.network.weights)])
