"""The comparison of a step with nn-tui's own computation from the same state, and the first number that differs."""

from collections.abc import Iterator
from dataclasses import dataclass
from math import isfinite
from typing import NamedTuple

import numpy as np

from ...core.functions.arrays import Array
from ...core.quantities.quantity import Kind, Quantity, When
from ...core.steps.events import BackwardPass, Updated
from ...core.steps.state import State
from ...core.training.trainer import Trainer

TOLERANCE = {"float64": 1e-12, "float32": 1e-5}
"""Tolerance of a number, relative to the size of the terms that it is the sum of."""


class Differing(NamedTuple):
    """A number that differs."""

    quantity: Quantity
    theirs: float
    ours: float


@dataclass(frozen=True)
class Proof:
    """The result of a comparison."""

    error: float = 0.0
    """The largest relative difference of all compared numbers."""
    differing: Differing | None = None
    """The first number that differs, in the order of computation; None if all agree."""
    step: int = 0
    """Updates done before the compared step."""
    left_out: str = ""
    """What was not compared, and why; empty if everything was."""
    cause: str = ""
    """Why a number differs, in a sentence; empty if that is not known."""


class Pair(NamedTuple):
    """An array of both programs, and the size of the terms that it is the sum of."""

    kind: Kind
    layer: int
    theirs: Array
    ours: Array
    scale: float
    when: When = When.NOW
    slot: str = ""

    @property
    def differences(self) -> Array:
        """The relative difference of each number; nan and infinity only agree with themselves."""
        theirs, ours = np.asarray(self.theirs, float), np.asarray(self.ours, float)
        with np.errstate(all="ignore"):
            shares = np.abs(theirs - ours) / (self.scale if isfinite(self.scale) and self.scale > 0 else 1.0)
        same = (theirs == ours) | (np.isnan(theirs) & np.isnan(ours))
        return np.where(same, 0.0, np.where(np.isnan(shares), np.inf, shares))

    def quantity(self, place: int) -> Quantity:
        """The number at an index of the array."""
        index = [int(n) for n in np.unravel_index(place, self.theirs.shape)]
        if self.kind is Kind.LOSS:
            return Quantity(Kind.LOSS)
        if self.kind in (Kind.Z, Kind.A, Kind.DZ, Kind.DA):
            return Quantity(self.kind, self.layer, index[1], example=index[0])
        found = Quantity.in_array(Kind.B if len(index) == 1 else Kind.W, self.layer, tuple(index))
        if self.kind in (Kind.DW, Kind.DB):
            return found.gradient
        return (found.remembered_as(self.slot) if self.slot else found).at(self.when)


def prove(trainer: Trainer, theirs: BackwardPass, ranks: int = 1) -> Proof:
    """Compare the passes of a step with those that nn-tui computes from the same parameters and batch.

    Args:
        trainer: a trainer with the batch of the step.
        theirs: the numbers of the other process.
        ranks: the number of processes over which gradients are averaged.
    """
    with np.errstate(all="ignore"):
        ours = trainer.backward(trainer.forward(theirs.state))
        pairs = [*_forward(theirs, ours), *_backward(theirs, ours, has_own_gradients=ranks == 1)]
        proof = _compared(pairs, theirs)
    if ranks > 1:
        return Proof(proof.error, proof.differing, proof.step, f"dW and db are averaged over {ranks} ranks")
    return proof


def prove_update(trainer: Trainer, before: BackwardPass, after: State) -> Proof:
    """Compare the parameters and the optimizer's slots after an update with nn-tui's own, from the same gradients.

    Args:
        trainer: a trainer with the learning rate of the step.
        before: the step with the other process's numbers.
        after: its next state.
    """
    with np.errstate(all="ignore"):
        updated = trainer.update(before)
        return _compared([*_slots(trainer, updated, after), *_parameters(updated, after)], before)


def combined(first: Proof, second: Proof) -> Proof:
    """Two comparisons of one step joined, in order."""
    left_out = "; ".join(filter(None, (first.left_out, second.left_out)))
    return Proof(max(first.error, second.error), first.differing or second.differing, first.step, left_out)


def _compared(pairs: list[Pair], of: BackwardPass) -> Proof:
    tolerance, error, differing = TOLERANCE[str(of.state.parameters.dtype)], 0.0, None
    for pair in pairs:
        shares = pair.differences
        error = max(error, float(shares.max(initial=0.0)))
        if differing is None and error > tolerance:
            place = int(np.argmax(shares.ravel() > tolerance))
            at = np.asarray(pair.theirs).ravel()[place], np.asarray(pair.ours).ravel()[place]
            differing = Differing(pair.quantity(place), *map(float, at))
    return Proof(error, differing, of.step)


def _forward(theirs: BackwardPass, ours: BackwardPass) -> Iterator[Pair]:
    their, our, W = theirs.forward, ours.forward, theirs.state.W
    for n in range(our.layers):
        sizes = np.abs(our.a_prev(n)) @ np.abs(W[n]).T
        yield Pair(Kind.Z, n, their.z[n], our.z[n], _most(sizes, theirs.state.b[n]))
        yield Pair(Kind.A, n, their.a[n], our.a[n], _most(our.a[n], our.z[n] if n < our.layers - 1 else our.a[n]))
    yield Pair(Kind.LOSS, 0, np.array([their.loss]), np.array([our.loss]), _size_of_loss(ours))


def _size_of_loss(ours: BackwardPass) -> float:
    """The size of the loss, and its sensitivity to a small change of z."""
    forward, W, b = ours.forward, ours.state.W[-1], ours.state.b[-1]
    z = np.abs(forward.a_prev(forward.layers - 1)) @ np.abs(W).T + np.abs(b)
    sizes = np.maximum(z, np.maximum(np.abs(forward.y_hat), np.abs(forward.y)))
    lost = np.abs(ours.dz[-1]) * sizes + ours.output.weight(forward.y) * np.finfo(sizes.dtype).eps * sizes * sizes
    return max(abs(forward.loss), _most(forward.losses), _most(lost.sum(keepdims=True)))


def _backward(theirs: BackwardPass, ours: BackwardPass, *, has_own_gradients: bool) -> Iterator[Pair]:
    """Arrays from the output back. Digits that ŷ − y loses if both are nearly equal are missing in all later arrays."""
    forward, W, layers = ours.forward, theirs.state.W, ours.forward.layers
    sizes = np.maximum(np.abs(forward.y_hat), np.abs(forward.y)) * ours.output.weight(forward.y)
    for n in reversed(range(layers)):
        if n < layers - 1:
            sizes = sizes @ np.abs(W[n + 1])
            yield Pair(Kind.DA, n, theirs.da[n], ours.da[n], _most(sizes))
        sizes = np.maximum(sizes, np.abs(ours.dz[n]))
        yield Pair(Kind.DZ, n, theirs.dz[n], ours.dz[n], _most(sizes))
        if has_own_gradients:
            yield Pair(Kind.DW, n, theirs.dW[n], ours.dW[n], _most(sizes.T @ np.abs(forward.a_prev(n))))
            yield Pair(Kind.DB, n, theirs.db[n], ours.db[n], _most(sizes.sum(axis=0)))


def _slots(trainer: Trainer, updated: Updated, after: State) -> Iterator[Pair]:
    optimizer, places = trainer.optimizer, updated.state.layout.places
    for name, ours, theirs in zip(optimizer.slot_names, updated.state.slots, after.slots, strict=True):
        if name in optimizer.scalar_slots:
            continue
        for n, (begin, end, shape) in enumerate(places):
            if end <= len(ours) and end > begin:
                their_part, our_part = (each[begin:end].reshape(shape) for each in (theirs, ours))
                layer = n % (len(places) // 2)
                yield Pair(Kind.SLOT, layer, their_part, our_part, _most(our_part), When.NEXT, name)


def _parameters(updated: Updated, after: State) -> Iterator[Pair]:
    before, ours = updated.backward.state, updated.state
    for theirs_all, ours_all, old_all in ((after.W, ours.W, before.W), (after.b, ours.b, before.b)):
        for n, (theirs, own, old) in enumerate(zip(theirs_all, ours_all, old_all, strict=True)):
            yield Pair(Kind.W, n, theirs, own, _most(own, old), When.NEXT)


def _most(*arrays: Array) -> float:
    """The size of the largest finite number in some arrays."""
    sizes = [np.abs(array[np.isfinite(array)]).max(initial=0.0) for array in arrays]
    return float(max(sizes))
