"""The trainer: gradient descent, one fact after the other."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from math import isfinite
from typing import Self

import numpy as np

from ..model.arrays import Array, published
from ..model.clipping import NO_CLIPPING, Clipping
from ..model.network import Network
from ..model.optimizers import Optimizer, Slots
from ..model.output import Output
from ..model.penalties import NO_PENALTY, Penalty
from ..model.schedules import Constant, Schedule
from .batches import Batches
from .dataset import Dataset
from .divergence import forward_fault, update_fault
from .evaluation import Evaluation, accuracy
from .events import BackwardPass, EpochEnded, Event, Failed, Finished, ForwardPass, Updated
from .state import State
from .stop import NEVER, Stop


@dataclass(frozen=True, kw_only=True)
class Trainer:
    """Everything of a training that does not change with its steps."""

    network: Network
    output: Output
    optimizer: Optimizer
    batches: Batches
    train: Dataset
    test: Dataset | None = None
    schedule: Schedule = Constant()
    penalty: Penalty = NO_PENALTY
    clipping: Clipping = NO_CLIPPING
    sequential: bool = False
    """Update the output layer first and pass the gradient back through its new weights.

    Some published examples do so by mistake; gradients of hidden layers are then not those of the loss.
    """

    def start(self, W: tuple[Array, ...], b: tuple[Array, ...]) -> State:
        """The state that training begins with, of the first parameters."""
        return State(
            step=0,
            epoch=0,
            position=0,
            W=W,
            b=b,
            W_slots=tuple(self.optimizer.slots(W_layer) for W_layer in W),
            b_slots=tuple(self.optimizer.slots(b_layer) for b_layer in b),
        )

    def events(self, state: State, stop: Stop = NEVER) -> Iterator[Event]:
        """What happens from a state on.

            ┌─▶ ForwardPass ─▶ BackwardPass ─▶ Updated ─▶ (EpochEnded) ─┐
            └───────────────────────────────────────────────────────────┘

        After a BackwardPass where the stop is reached: Finished, and no more.
        Where a number is not finite: Failed, and no more.
        """
        while True:
            forward = self.forward(state)
            if not isfinite(forward.loss):
                yield Failed(reason=forward_fault(forward), state=state)
                return
            yield forward
            if flat := self.network.flat_activation:
                reason = f"step {state.step}: nothing can be learned through {flat}, whose slope is 0"
                yield Failed(reason=reason, state=state)
                return
            backward = self.backward(forward)
            yield backward
            if stop.reached(backward):
                yield Finished(backward=backward)
                return
            updated = self.update(backward)
            if fault := update_fault(updated.state):
                yield Failed(reason=fault, state=state)
                return
            yield updated
            state = updated.state
            if state.position == 0:
                yield EpochEnded(updated=updated, test=self.evaluate(state, self.test) if self.test else None)

    def forward(self, state: State) -> ForwardPass:
        """Show the network its next batch."""
        rows = self.batches.rows(state.epoch, state.position)
        return self.forward_on(state, self.train.X[rows], self.train.y[rows], self.penalty)

    def forward_on(self, state: State, X: Array, y: Array, penalty: Penalty = NO_PENALTY) -> ForwardPass:
        """Show the network these examples."""
        with np.errstate(all="ignore"):
            z, a = self.network.forward(state.W, state.b, X)
            losses = self.output.losses(z[-1], a[-1], y)
            price = penalty.value(state.W) if penalty else 0.0
        return ForwardPass(
            state=state,
            X=published(X),
            y=published(y),
            z=tuple(map(published, z)),
            a=tuple(map(published, a)),
            losses=published(losses),
            penalty=price,
            loss=self.output.reduce(losses) + price,
        )

    def backward(self, forward: ForwardPass) -> BackwardPass:
        """Find every gradient of a forward pass's loss.

        Source: Rumelhart, Hinton and Williams, Learning representations by back-propagating errors, 1986.
        """
        DZ: list[Array] = []
        DA: list[Array] = []
        DW: list[Array] = []
        DB: list[Array] = []
        with np.errstate(all="ignore"):
            shares = self._penalty_dW(forward.state)
            dz = self.output.dz(forward.z[-1], forward.y_hat, forward.y)
            for n in reversed(range(len(self.network.layers))):
                dW = dz.T @ forward.a_prev(n)
                if shares:
                    dW = dW + shares[n]
                DZ.append(published(dz))
                DW.append(published(dW))
                DB.append(published(self.network.bias.gradient(dz)))
                if n:
                    da = dz @ self._W_to_pass_back(forward.state, n, dW)
                    DA.append(published(da))
                    dz = self.network.layers[n - 1].activation.backward(da, forward.z[n - 1], forward.a[n - 1])
        return BackwardPass(
            forward=forward,
            output=self.output,
            dz=tuple(DZ[::-1]),
            hidden_da=tuple(DA[::-1]),
            dW=tuple(DW[::-1]),
            db=tuple(DB[::-1]),
            penalty_dW=shares,
        )

    def update(self, backward: BackwardPass) -> Updated:
        """Move the parameters against their gradients."""
        state, layers = backward.state, len(backward.dW)
        with np.errstate(all="ignore"):
            gradients = self._clipped(backward)
            W, W_slots = self._move(state, state.W, gradients[:layers], state.W_slots)
            b, b_slots = state.b, state.b_slots
            if self.network.train_bias:
                b, b_slots = self._move(state, state.b, gradients[layers:], state.b_slots)
        epoch, position = state.epoch, state.position + 1
        if position == self.batches.per_epoch:
            epoch, position = epoch + 1, 0
        after = State(step=state.step + 1, epoch=epoch, position=position, W=W, b=b, W_slots=W_slots, b_slots=b_slots)
        return Updated(backward=backward, state=after)

    def evaluate(self, state: State, data: Dataset) -> Evaluation:
        """The loss and the accuracy on a data set."""
        forward = self.forward_on(state, data.X, data.y)
        return Evaluation(loss=forward.loss, accuracy=accuracy(forward.y_hat, data.y))

    def with_learning_rate(self, learning_rate: float) -> Self:
        """The same training with another learning rate."""
        return replace(self, optimizer=self.optimizer.with_learning_rate(learning_rate))

    def learning_rate(self, state: State) -> float:
        """The length of the step from a state on."""
        return self.optimizer.learning_rate * self.schedule.factor(state.epoch)

    def _penalty_dW(self, state: State) -> tuple[Array, ...] | None:
        if not self.penalty:
            return None
        return tuple(published(self.penalty.gradient(W)) for W in state.W)

    def _clipped(self, backward: BackwardPass) -> tuple[Array, ...]:
        """All gradients that move something, within bounds."""
        moving = backward.dW + backward.db if self.network.train_bias else backward.dW
        return moving if self.clipping is NO_CLIPPING else self.clipping(moving)

    def _W_to_pass_back(self, state: State, n: int, dW: Array) -> Array:
        """The weights of layer number n through which its gradient reaches the layer before."""
        if not self.sequential:
            return state.W[n]
        W, _ = self.optimizer.update(state.W[n], dW, state.W_slots[n], self.learning_rate(state))
        return W

    def _move(
        self, state: State, parameters: tuple[Array, ...], gradients: tuple[Array, ...], slots: tuple[Slots, ...]
    ) -> tuple[tuple[Array, ...], tuple[Slots, ...]]:
        rate, update = self.learning_rate(state), self.optimizer.update
        moved, kept = [], []
        for parameter, gradient, slots_before in zip(parameters, gradients, slots, strict=True):
            after, slots_after = update(parameter, gradient, slots_before, rate)
            moved.append(published(after))
            kept.append(slots_after)
            for slot in slots_after:
                published(slot)
        return tuple(moved), tuple(kept)
