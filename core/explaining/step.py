"""A step of a training as terms: all its numbers with their quantities."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from ..functions.activation import VectorActivation
from ..functions.arrays import Array
from ..network.network import Bias, Network
from ..quantities.formula import EXACT, EXACT_32, Term
from ..quantities.quantity import DATA, OF_A_NEURON, OF_AN_EXAMPLE, OF_THE_BATCH, Kind, Quantity, When
from ..quantities.symbols import Partial
from ..steps.events import BackwardPass, Updated
from ..steps.state import State
from ..training.trainer import Trainer


@dataclass(frozen=True, eq=False)
class Step:
    """The numbers of a step; layers, neurons and examples count from 0, and layer −1 is the inputs."""

    trainer: Trainer
    backward: BackwardPass
    done: Updated | None = None
    """The update from this step, if it is done."""
    when: When = When.NOW
    """The position of its quantities, relative to the current step."""

    @cached_property
    def network(self) -> Network:
        """The network's shape."""
        return self.trainer.network

    @property
    def state(self) -> State:
        """The state at the beginning of the step."""
        return self.backward.state

    @cached_property
    def batch(self) -> int:
        """The examples of the batch."""
        return len(self.backward.forward.X)

    @cached_property
    def last(self) -> int:
        """The output layer."""
        return len(self.network.layers) - 1

    @property
    def exact(self) -> float:
        """The relative difference that is allowed between an expression and the engine's number."""
        return EXACT if self.state.parameters.dtype == np.float64 else EXACT_32

    @cached_property
    def after(self) -> State:
        """The state after the update."""
        return (self.done or self.trainer.update(self.backward)).state

    @property
    def when_after(self) -> When:
        """The position of the update's result."""
        return When.NEXT if self.when is When.NOW else When.NOW

    def inputs(self, layer: int) -> int:
        """The number of a layer's inputs."""
        return self.network.layers[layer].n_in

    def outputs(self, layer: int) -> int:
        """The number of a layer's neurons."""
        return self.network.layers[layer].n_out

    def is_vector(self, layer: int) -> bool:
        """Whether a layer's activation is a function of all its z together."""
        return isinstance(self.network.layers[layer].activation, VectorActivation)

    def is_folded(self, layer: int) -> bool:
        """Whether a layer's z is its a: its activation is the identity, which is no factor of a chain."""
        return layer in self.network.names.folded

    def together(self, layer: int, i: int) -> range:
        """The neurons of a layer whose z determine the a of a neuron: only itself, or in a softmax all."""
        return range(self.outputs(layer)) if self.is_vector(layer) else range(i, i + 1)

    def quantity(
        self, kind: Kind, layer: int = 0, to: int = 0, from_: int | None = None, example: int | None = None
    ) -> Quantity:
        """A quantity of this step; in a batch of one, only an example's loss and its share of a gradient name it."""
        if self.batch == 1 and kind not in (Kind.LOSS, Kind.DW, Kind.DB):
            example = None
        return self.network.names.of(kind, layer, to, from_, example, self.when)

    def term(self, quantity: Quantity, value: float) -> Term:
        """A quantity with its value."""
        return Term(quantity, float(value), quantity)

    def x(self, example: int, i: int) -> Term:
        """An input."""
        return self.term(self.quantity(Kind.X, to=i, example=example), self.backward.forward.X[example, i])

    def y(self, example: int, i: int) -> Term:
        """A target."""
        return self.term(self.quantity(Kind.Y, to=i, example=example), self.backward.forward.y[example, i])

    def z(self, example: int, layer: int, i: int) -> Term:
        """A neuron's z."""
        return self.term(self.quantity(Kind.Z, layer, i, example=example), self._z[layer][example, i])

    def a(self, example: int, layer: int, i: int) -> Term:
        """The a of a neuron, or an input."""
        return self.term(self._a_of(example, layer, i), self._a[layer + 1][example, i])

    def da(self, example: int, layer: int, i: int) -> Term:
        """∂L/∂a of a neuron."""
        return self.term(self.quantity(Kind.DA, layer, i, example=example), self._da[layer][example, i])

    def dz(self, example: int, layer: int, i: int) -> Term:
        """∂L/∂z of a neuron."""
        return self.term(self.quantity(Kind.DZ, layer, i, example=example), self._dz[layer][example, i])

    def w(self, layer: int, to: int, source: int) -> Term:
        """A weight."""
        return self.term(self.quantity(Kind.W, layer, to, source), self._W[layer][to, source])

    def b(self, layer: int, i: int) -> Term:
        """The bias of a neuron, possibly shared by its layer."""
        place = self.bias_of(i)
        return self.term(self.quantity(Kind.B, layer, place), self._b[layer][place])

    def w_back(self, layer: int, to: int, source: int) -> Term:
        """The weight that takes the gradient back from a layer; in a sequential update, already the new one."""
        if not self.trainer.sequential or layer == 0:
            return self.w(layer, to, source)
        value, w = float(self._W_back[layer][to, source]), self.quantity(Kind.W, layer, to, source)
        # Clipping limits the update itself, not the weights on the way of a gradient.
        same = value == self._W_after[layer][to, source]
        return Term(w.at(When.NEXT), value, w.at(self.when_after) if same else w)

    def slope(self, example: int, layer: int, of: int, by: int) -> Term:
        """∂a/∂z: of a neuron's a by its own z or, in a softmax, by another's."""
        a = self._a[layer + 1][example]
        value = float(self._slopes[layer][example, of]) if of == by else -float(a[of] * a[by])
        z = self.quantity(Kind.Z, layer, by, example=example)
        return Term(Partial(self._a_of(example, layer, of), z), value)

    def z_by_a(self, example: int, layer: int, to: int, source: int) -> Term:
        """∂z/∂a of the previous layer: the weight between them."""
        weight, z = self.w_back(layer, to, source), self.quantity(Kind.Z, layer, to, example=example)
        return Term(Partial(z, self._a_of(example, layer - 1, source)), weight.value, weight.quantity)

    def z_by_w(self, example: int, layer: int, to: int, source: int) -> Term:
        """∂z/∂w: the input of the connection."""
        leaf, z = self.a(example, layer - 1, source), self.quantity(Kind.Z, layer, to, example=example)
        return Term(Partial(z, self.quantity(Kind.W, layer, to, source)), leaf.value, leaf.quantity)

    def z_by_b(self, example: int, layer: int, i: int) -> Term:
        """∂z/∂b, which is 1."""
        z, b = self.quantity(Kind.Z, layer, i, example=example), self.quantity(Kind.B, layer, self.bias_of(i))
        return Term(Partial(z, b), 1.0)

    def _a_of(self, example: int, layer: int, i: int) -> Quantity:
        """The a of a neuron; before the first layer, an input."""
        return self.quantity(Kind.X if layer == -1 else Kind.A, max(layer, 0), i, example=example)

    def bias_of(self, i: int) -> int:
        """The index of a neuron's bias in its layer."""
        return 0 if self.network.bias is Bias.SHARED else i

    @cached_property
    def rows(self) -> tuple[int, ...]:
        """The row of each example of the batch in the data, from 1."""
        rows = self.trainer.rows(self.state)
        # A batch that was composed by hand has no rows.
        return tuple(rows.tolist()) if len(rows) == self.batch else tuple(range(1, self.batch + 1))

    @cached_property
    def _z(self) -> tuple[Array, ...]:
        return self.backward.forward.z

    @cached_property
    def _a(self) -> tuple[Array, ...]:
        return (self.backward.forward.X, *self.backward.forward.a)

    @cached_property
    def _da(self) -> tuple[Array, ...]:
        return self.backward.da

    @cached_property
    def _dz(self) -> tuple[Array, ...]:
        return self.backward.dz

    @cached_property
    def _W(self) -> tuple[Array, ...]:
        return self.state.W

    @cached_property
    def _b(self) -> tuple[Array, ...]:
        return self.state.b

    @cached_property
    def _W_back(self) -> tuple[Array, ...]:
        return self.trainer.passed_back(self.backward)

    @cached_property
    def _W_after(self) -> tuple[Array, ...]:
        return self.after.W

    @cached_property
    def _slopes(self) -> tuple[Array, ...]:
        with np.errstate(all="ignore"):
            return tuple(
                layer.activation.derivative(z, a)
                for layer, z, a in zip(self.network.layers, self._z, self._a[1:], strict=True)
            )


def check(step: Step, quantity: Quantity) -> None:
    """Check that a step has a quantity.

    Raises:
        IndexError: it does not; the message lists the valid numbers.
    """
    kind = quantity.kind
    if kind in OF_AN_EXAMPLE:
        _within(quantity, "the batch has examples", quantity.row, step.batch)
    if kind in OF_THE_BATCH:
        return
    if kind not in DATA:
        if quantity.layer < (-1 if kind is Kind.DA else 0):
            raise IndexError(f"{quantity}: layers count from 1")
        _within(quantity, "the network has layers", max(quantity.layer, 0), len(step.network.layers))
    _check_neuron(step, quantity)


def _check_neuron(step: Step, quantity: Quantity) -> None:
    kind, layer, where = quantity.kind, quantity.layer, f"layer {quantity.layer + 1} has"
    if kind is Kind.X or (kind is Kind.DA and layer == -1):
        _within(quantity, "there are inputs", quantity.to, step.inputs(0))
    elif kind in (Kind.Y, Kind.OUTPUT_LOSS):
        _within(quantity, "there are outputs", quantity.to, step.outputs(step.last))
    elif kind in OF_A_NEURON or quantity.from_ is not None:
        _within(quantity, f"{where} neurons", quantity.to, step.outputs(layer))
        if quantity.from_ is not None:
            _within(quantity, f"{where} inputs", quantity.from_, step.inputs(layer))
    else:
        _within(quantity, f"{where} biases", quantity.to, step.state.b[layer].size)


def _within(quantity: Quantity, what: str, index: int, count: int) -> None:
    if 0 <= index < count:
        return
    there = f"1 to {count}" if count > 1 else "1 only" if count else "none"
    what = what.replace("has ", "has no ", 1) if not count else f"{what} {there}"
    raise IndexError(f"{quantity}: {what}")
