"""Dead units at many steps in a row: those that `dead_in_training` finds at each of them.

At one step every example is computed. Few of them show that most neurons are active at the steps after it, too. The
others were dead there, and are still dead while no z can have grown above 0. Where neither shows it, every example is
computed again.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from ..engine.burst import parameters_of
from ..engine.ordered_functions import kind_of
from ..functions.arrays import Array
from ..steps.state import State
from .dead_units import layers_that_die
from .trainer import Trainer

Flags = npt.NDArray[np.bool_]

FEWEST, MOST = 4, 256
"""Steps that are compared with another step at once."""
FEW = 8
"""Examples that need no choice."""
STRONG = 0.5
"""An example is good enough for a neuron if its z is at least this part of the largest one."""
ROUNDING = 1e-9
"""More than rounding changes a sum, in proportion to the sum of the sizes of its terms."""
SLOPES_UP_TO_1 = ("identity", "sigmoid", "tanh", "relu", "leaky-relu", "softplus")
"""Activations that change at most as much as their z."""


class Reference(NamedTuple):
    """A step at which every example was computed."""

    parameters: Array
    """(parameters, 1)."""
    X: Array
    """Few inputs, for which each unit is active that is not dead, (examples, n_in)."""
    largest_z: Array
    """Of each unit, for every example, (units, 1)."""
    largest_inputs: tuple[Array, ...]
    """The size of the largest of each input of each layer, (n_in, 1)."""


class UnitsThatDie:
    """The neurons of a training that can die, and whether each of them is dead at many steps."""

    def __init__(self, trainer: Trainer) -> None:
        """Prepare for a training with ordered sums."""
        self.trainer, self._layers = trainer, layers_that_die(trainer.network)
        layers = trainer.network.layers
        self.names = tuple((n, unit) for n in self._layers for unit in range(layers[n].n_out))
        """The layer and the number of each of them, from 0."""
        self._reference: Reference | None = None
        self._at_once = MOST

    def are_dead(self, states: Sequence[State]) -> Flags:
        """Whether each of them is dead at each of the states of some steps in a row, (units, states)."""
        numbers, first = parameters_of(states).T, 0
        dead = np.empty((len(self.names), len(states)), bool)
        with np.errstate(all="ignore"):
            while first < len(states):
                some = slice(first, first + self._at_once)
                dead[:, some], known = self._compared(numbers[:, some].copy())
                first += known
                if known == self._at_once:
                    self._at_once = min(2 * known, MOST)
                elif first < len(states):
                    self._reference = self._reference_at(states[first])
                    dead[:, first] = self._reference.largest_z[:, 0] <= 0.0
                    self._at_once, first = max(FEWEST, known), first + 1
        return dead

    def _compared(self, numbers: Array) -> tuple[Flags, int]:
        """Which units are dead at each step, (units, steps), and the number of steps for which that is known."""
        X, reference = self.trainer.train.X, self._reference
        if len(X) <= FEW:
            return self._are_inactive(numbers, X), numbers.shape[1]
        if reference is None:
            return np.zeros((len(self.names), numbers.shape[1]), bool), 0
        dead = self._are_inactive(numbers, reference.X)
        if not dead.any():
            return dead, numbers.shape[1]
        is_sure = reference.largest_z + self._largest_change(numbers, reference) < 0.0
        is_open: Flags = np.logical_or.reduce(dead & ~is_sure)
        return dead, int(is_open.argmax()) if is_open.any() else len(is_open)

    def _reference_at(self, state: State) -> Reference:
        train = self.trainer.train
        forward = self.trainer.forward_on(state, train.X, train.y)
        z = np.concatenate([forward.z[n] for n in self._layers], axis=1)
        return Reference(
            state.parameters[:, None],
            forward.X[_examples_for(z)],
            z.max(axis=0)[:, None],
            tuple(np.abs(each).max(axis=0)[:, None] for each in (forward.X, *forward.a[:-1])),
        )

    def _are_inactive(self, numbers: Array, X: Array) -> Flags:
        """Whether z of each unit is 0 or less for all of some examples, (units, steps).

        Args:
            numbers: the parameters at each step, (parameters, steps).
            X: inputs, (examples, n_in).
        """
        return np.concatenate([z.max(axis=1) <= 0.0 for z in self._z(numbers, X)])

    def _z(self, numbers: Array, X: Array) -> Iterator[Array]:
        """z of each layer that can die, (n_out, examples, steps): that of single steps, but for the sign of 0."""
        a = X.T[:, :, None]
        for n, layer in enumerate(self.trainer.network.layers[: self._layers[-1] + 1]):
            W, b = self._parameters(numbers, n)
            z = W[:, 0, None] * a[0]
            for i in range(1, layer.n_in):
                z += W[:, i, None] * a[i]
            if len(b):
                z += b[:, None]
            if n in self._layers:
                yield z
            a = np.empty(z.shape)
            rows = (each.reshape(layer.n_out, -1).T for each in (z, a))
            if n < self._layers[-1]:
                self.trainer.arithmetic.activate(layer.activation, *rows)

    def _largest_change(self, numbers: Array, reference: Reference) -> Array:
        """The most that z of each unit can differ from that of the reference, whatever the example, (units, steps)."""
        changes, change = [], np.zeros((1, 1))
        for n, layer in enumerate(self.trainer.network.layers[: self._layers[-1] + 1]):
            (W, b), (old_W, old_b) = (self._parameters(each, n) for each in (numbers, reference.parameters))
            size, inputs = np.abs(W), reference.largest_inputs[n]
            terms = (size * (inputs + change)).sum(axis=1)
            change = (np.abs(W - old_W) * inputs + size * change).sum(axis=1)
            if len(b):
                terms, change = terms + np.abs(b), change + np.abs(b - old_b)
            change += ROUNDING * terms
            changes += [change] if n in self._layers else []
            if kind_of(layer.activation)[0] not in SLOPES_UP_TO_1:
                change = np.full(change.shape, np.inf)
        return np.concatenate(changes)

    def _parameters(self, numbers: Array, layer: int) -> tuple[Array, Array]:
        """W of a layer, (n_out, n_in, steps), and b, (n_out or 1 or 0, steps)."""
        layout = self.trainer.network.layout
        begin, end, shape = layout.places[layer]
        first, last, _ = layout.places[len(layout.places) // 2 + layer]
        return numbers[begin:end].reshape(*shape, -1), numbers[first:last]


def _examples_for(z: Array) -> list[int]:
    """Few examples for which each unit that is active for one of all is active, of z, (examples, units)."""
    largest = z.max(axis=0)
    is_strong, left = z >= STRONG * largest, largest > 0.0
    chosen = []
    while left.any():
        chosen.append(int((is_strong & left).sum(axis=1).argmax()))
        left &= ~is_strong[chosen[-1]]
    return chosen or [0]
