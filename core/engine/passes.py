"""The passes of a step by NumPy: the ones that every engine must agree with."""

from dataclasses import replace
from math import inf

import numpy as np

from ..functions.arrays import Array, frozen, frozen_copy
from ..functions.optimizer import NO_CLIPPING, Moved
from ..functions.penalty import NO_PENALTY, Penalty
from ..steps.events import BackwardPass, ForwardPass, Updated
from ..steps.state import State
from ..steps.stop import Watched
from .task import Task
from .workspace import Workspace


class Passes:
    """The forward pass, the backward pass and the update of a task; the caller switches NumPy's warnings off."""

    def __init__(self, task: Task) -> None:
        """Compute the steps of a task."""
        self._task = task
        self._network, self._output, self._penalty = task.network, task.output, task.penalty
        self._arithmetic, self._clipping = task.arithmetic, task.clipping

    def workspace(self, X: Array, state: State) -> Workspace:
        """Memory for the passes of some examples, (examples, n_in)."""
        return Workspace(self._network, len(X), state.parameters.dtype)

    def step(self, state: State, X: Array, y: Array, weights: Array | None) -> tuple[BackwardPass, Updated]:
        """A whole step of some examples: X, (examples, n_in), y, (examples, n_out), and what each counts."""
        with np.errstate(all="ignore"):
            space = self.workspace(X, state)
            backward = self.backward(space, self.forward(space, state, X, y, self._penalty, weights))
            return backward, self.update(backward)

    def forward(
        self, space: Workspace, state: State, X: Array, y: Array, penalty: Penalty, weights: Array | None
    ) -> ForwardPass:
        """Compute z and a of each layer, and the loss.

        Args:
            space: where to compute.
            state: whose parameters are used.
            X: inputs, (examples, n_in).
            y: targets, (examples, n_out).
            penalty: what is added to the loss.
            weights: what each example counts, (examples,).
        """
        space.parameters[...] = state.parameters
        a, arithmetic, last = X, self._arithmetic, space.forward_layers[-1]
        for layer in space.forward_layers:
            arithmetic.times(a, layer.W_T, layer.z)
            np.add(layer.z, layer.b, layer.z)
            a = layer.a
            if layer is not last:
                arithmetic.activate(layer.activation, layer.z, a)
        space.losses[...] = arithmetic.head(self._output, last.z, a, y)
        price = price_of(self._task, penalty, state)
        loss = arithmetic.reduce(self._output.of(weights), space.losses, y) + price
        return ForwardPass(state, X, y, frozen_copy(space.forward), space.forward_layout, price, loss, weights)

    def backward(self, space: Workspace, forward: ForwardPass) -> BackwardPass:
        """Compute dz, dW, db and da of each layer, the last layer first, of the forward pass in the workspace.

        Source: Rumelhart, Hinton and Williams, Learning representations by back-propagating errors, 1986.
        """
        layers, arithmetic, output = space.backward_layers, self._arithmetic, self._output.of(forward.weights)
        penalty_gradient: Array | None = None
        penalty_dW: tuple[Array, ...] = ()
        penalty_db: tuple[Array, ...] = ()
        if self._penalty.is_in_loss:
            penalty_gradient = frozen(
                self._penalty.gradient(forward.state.parameters[self._penalty.part(self._network.weights)])
            )
            penalty_dW = self._network.layout.views(penalty_gradient, 0, len(layers))
            penalty_db = self._network.layout.views(penalty_gradient, len(layers)) if self._penalty.biases else ()
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
                W = self.updated_W(forward.state, space.gradient, n) if self._task.sequential else layer.W
                arithmetic.times(layer.dz, W, da)
                arithmetic.pass_back(before.activation, da, before.z, before.a, before.dz)
        return BackwardPass(
            forward,
            output,
            self._network,
            frozen_copy(space.gradient),
            penalty_gradient,
            frozen_copy(space.backward),
            space.backward_layout,
        )

    def update(self, backward: BackwardPass) -> Updated:
        """Compute the next state."""
        state, gradient = backward.forward.state, backward.gradient
        if self._clipping != NO_CLIPPING:
            gradient = self._arithmetic.clipped(self._clipping, gradient[self._network.trained])
        parameters, slots = self._moved(state, gradient)
        epoch, position = state.epoch, state.position + 1
        if position == self._task.batches.per_epoch:
            epoch, position = epoch + 1, 0
        for slot in slots:
            frozen(slot)
        watched = state.best_loss, state.epochs_since
        new = State(state.step + 1, epoch, position, frozen(parameters), slots, state.layout, *watched)
        return Updated(backward, new if position else self.watching(new))

    def watching(self, state: State) -> State:
        """The state at the end of an epoch, with its loss where that is watched and the least so far."""
        if self._task.watched is Watched.NOTHING:
            return state
        loss = self._watched_loss(state)
        if loss < state.best_loss:
            return replace(state, best_loss=loss, epochs_since=0)
        return replace(state, epochs_since=state.epochs_since + 1)

    def _watched_loss(self, state: State) -> float:
        """The watched loss, by NumPy, as it is asked for before an engine is chosen."""
        data = self._task.test if self._task.watched is Watched.TEST else self._task.train
        if data is None:
            return inf
        penalty = self._penalty if data is self._task.train else NO_PENALTY
        with np.errstate(all="ignore"):
            space = self.workspace(data.X, state)
            return self.forward(space, state, data.X, data.y, penalty, self._task.weights_of(data)).loss

    def _moved(self, state: State, gradient: Array) -> Moved:
        """All parameters after an update, and the optimizer's slots."""
        trained, learning_rate = self._network.trained, self._task.learning_rate(state)
        old, gradient = state.parameters[trained], gradient[trained]
        if self._penalty.is_in_update:
            old, gradient = self._penalty.decayed(old, gradient, learning_rate, self._network.weights.stop)
        parameters, slots = self._arithmetic.moved(self._task.optimizer, old, gradient, state.slots, learning_rate)
        if not self._network.train_bias:
            parameters = np.concatenate([parameters, state.parameters[len(parameters) :]])
        return parameters, slots

    def updated_W(self, state: State, gradient: Array, n: int) -> Array:
        """The weights of layer number n, (n_out, n_in), after an update, which needs only the gradients of that layer.

        Their gradients are clipped by value only, because the norm of all gradients is not known yet.
        """
        if self._clipping.value < inf:
            gradient = np.clip(gradient, -self._clipping.value, self._clipping.value)
        parameters, _ = self._moved(state, gradient)
        return self._network.layout.views(parameters, n, n + 1)[0]


def price_of(task: Task, penalty: Penalty, state: State) -> float:
    """What a penalty adds to the loss of a state."""
    if not penalty.is_in_loss:
        return 0.0
    return task.arithmetic.price(penalty, state.parameters[penalty.part(task.network.weights)])
