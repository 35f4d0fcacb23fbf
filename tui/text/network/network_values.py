"""The numbers in a picture of a network, for one example of a batch."""

from dataclasses import replace
from functools import cached_property
from math import isfinite, nan

import numpy as np
from msgspec import Struct

from ....core.debugger.snapshot import Freshness, Snapshot
from ....core.functions.activation import Activation
from ....core.functions.arrays import Array
from ....core.network.names import Names
from ....core.notation.labels import Labels
from ....core.notation.notation import Notation
from ....core.quantities.quantity import Kind, Quantity
from ....presets.printed_figures import NO_FIGURES, PrintedFigures
from ..data_names import DataNames

MOST_WITH_BIAS_NEURON = 8
"""The most neurons of a layer with a bias neuron; in larger layers, biases are below the neurons."""
NEVER_NEGATIVE = ("relu", "softplus")
"""Activations without an upper bound and without negative values."""


class NetworkValues(Struct, frozen=True, eq=False, dict=True):
    """Values by layer, with the inputs as layer 0, and connections by the layer that they come from."""

    snapshot: Snapshot
    example: int = 0
    """The row of the example in the batch."""
    notation: Notation = Notation.SUPERSCRIPT
    gradients: bool = False
    """Whether connections show ∂L/∂w, neurons ∂L/∂z and inputs ∂L/∂x, not w and a."""
    names: DataNames | None = None
    """The names of inputs and outputs in the data."""
    user_figures: PrintedFigures = NO_FIGURES
    """The user's own numbers, with which these are compared."""

    def mark(self, n: int, k: int) -> tuple[str, str]:
        """✓ or ✗ for the number of a neuron, and its style; a blank if the user has given none."""
        forward, is_forward = self.snapshot.forward, n and not self.gradients
        step = forward.state.step if is_forward else self.snapshot.backward.step
        figure = self.user_figures.at(self.value_quantity(n, k), step)
        value = float(self.values[n][k]) if figure else nan
        return (figure.mark(value), figure.style(value)) if figure and value == value else (" ", "")

    def is_wrong(self, n: int, to: int, source: int) -> bool:
        """Whether the user's own number of a connection differs."""
        step = self.snapshot.backward.step if self.gradients else self.snapshot.step
        figure = self.user_figures.at(self.edge_quantity(n, to, source), step)
        return figure is not None and not figure.agrees(self.edges[n].item(to, source))

    @cached_property
    def has_bias_neurons(self) -> bool:
        """Whether biases are drawn as weights of neurons that give 1, one in each layer but the last."""
        network = self.snapshot.backward.network
        is_wanted = network.letters.bias_neurons and max(network.sizes) <= MOST_WITH_BIAS_NEURON
        return is_wanted and all(b.size for b in self._biases)

    @cached_property
    def sizes(self) -> tuple[int, ...]:
        """Neurons of each layer, the inputs first; a bias neuron is the last of its layer."""
        *before, last = self.snapshot.backward.network.sizes
        return (*(size + self.has_bias_neurons for size in before), last)

    def is_bias_neuron(self, n: int, k: int) -> bool:
        """Whether a neuron gives 1 to the next layer, whose biases are its weights."""
        return k >= self.snapshot.backward.network.sizes[n]

    @cached_property
    def activations(self) -> tuple[Activation, ...]:
        """The activation of each layer."""
        return tuple(layer.activation for layer in self.snapshot.backward.network.layers)

    @cached_property
    def row(self) -> int:
        """The row of the example, or the last one in a smaller batch."""
        return min(self.example, len(self.snapshot.forward.X) - 1)

    @cached_property
    def values(self) -> list[Array]:
        """The numbers of the inputs and of each layer's neurons, the latest known; nan if unknown."""
        numbers = [(self._gradients if self.gradients else self._activations)(n) for n in range(len(self.sizes))]
        if not self.has_bias_neurons:
            return numbers
        return [*(np.append(each, nan if self.gradients else 1.0) for each in numbers[:-1]), numbers[-1]]

    @property
    def original_inputs(self) -> Array:
        """The inputs before standardization."""
        row = self.snapshot.forward.X[self.row]
        return self.names.data.original(row) if self.names else row

    @property
    def is_of_classes(self) -> bool:
        """Whether the outputs are classes."""
        return bool(self.names and self.names.classes)

    def is_signed(self, n: int) -> bool:
        """Whether the values of a layer may be negative."""
        if self.gradients or n == 0:
            return True
        activation = self.activations[n - 1]
        return activation.name not in NEVER_NEGATIVE and (activation.range is None or activation.range[0] < 0)

    def bounds(self, n: int) -> tuple[float, float]:
        """The bounds of a layer's values: the range of its activation, or its largest value."""
        activation = self.activations[n - 1] if n and not self.gradients else None
        if activation and activation.range:
            return activation.range
        most = float(np.abs(self.values[n][np.isfinite(self.values[n])]).max(initial=0.0)) or 1.0
        return (-most if self.is_signed(n) else 0.0, most)

    def part_freshness(self, n: int, letter: str) -> Freshness:
        """The freshness of a number in a neuron's frame."""
        if letter == "b":
            return self.snapshot.parameters_freshness
        is_forward = letter in ("z", "a")
        return self.snapshot.forward_freshness(n - 1) if is_forward else self.snapshot.backward_freshness(n - 1)

    def fill(self, n: int, k: int) -> tuple[float, float] | None:
        """The filled part of a neuron, from 0 to 1, by the range of its activation or by the largest value.

        None if the full range is not known.
        """
        value = float(self.values[n][k])
        if self.gradients or not n or not isfinite(value):
            return None
        bounds = self.activations[n - 1].range
        if bounds is None:
            layer = self.values[n][: self.snapshot.backward.network.sizes[n]]
            most = float(np.nanmax(layer)) if len(layer) > 1 and float(np.nanmin(layer)) >= 0 else 0.0
            return (0.0, min(value / most, 1.0)) if most > 0 else None
        least, greatest = bounds
        share = min(max((value - least) / (greatest - least), 0.0), 1.0)
        return (0.0, share) if least >= 0 else (min(share, 0.5), max(share, 0.5))

    @cached_property
    def targets(self) -> Array:
        """The targets of the last layer."""
        targets: Array = self.snapshot.forward.y[self.row]
        return targets

    @cached_property
    def _known(self) -> list[Array | None]:
        return [self._connections_of(n) for n in range(self.snapshot.layers)]

    @cached_property
    def edges(self) -> list[Array]:
        """The number of each connection, (to, from); nan if it is unknown."""
        shapes = self.snapshot.state.W
        return [
            np.full((len(W), W.shape[1] + self.has_bias_neurons), np.nan) if known is None else known
            for known, W in zip(self._known, shapes, strict=True)
        ]

    @cached_property
    def strengths(self) -> list[Array]:
        """The strength of each connection, from 0 to 1, relative to the strongest of its layer."""
        return [_shares(edges) for edges in self.edges]

    @cached_property
    def edges_freshness(self) -> list[Freshness]:
        """The freshness of the connections that come from each layer."""
        snapshot, layers = self.snapshot, self.snapshot.layers
        if self.gradients:
            return [snapshot.backward_freshness(n) for n in range(layers)]
        return [snapshot.parameters_freshness] * layers

    @cached_property
    def values_freshness(self) -> list[Freshness]:
        """The freshness of each layer's values."""
        snapshot, layers = self.snapshot, self.snapshot.layers
        if self.gradients:
            return [snapshot.backward_freshness(max(n - 1, 0)) for n in range(layers + 1)]
        return [Freshness.CURRENT, *map(snapshot.forward_freshness, range(layers))]

    @cached_property
    def is_compared(self) -> bool:
        """Whether there are numbers of the user to compare with."""
        return bool(self.user_figures)

    def value_quantity(self, n: int, k: int) -> Quantity:
        """The quantity of a neuron's number."""
        kind = (Kind.DZ if n else Kind.DA) if self.gradients else Kind.A if n else Kind.X
        layer = n - 1 if n or self.gradients else 0
        return self._names.of(kind, layer, k, example=self.row)

    def neuron_label(self, n: int, k: int) -> str:
        """The label of a neuron."""
        if self.has_bias_neurons and self.is_bias_neuron(n, k):
            return "1"
        return self.label(self._names.of(Kind.A, n - 1, k) if n else self._names.of(Kind.X, to=k))

    def data_name(self, n: int, k: int) -> str:
        """The name of an input or an output in the data; empty if it has none."""
        if self.names is None or n not in (0, len(self.sizes) - 1):
            return ""
        return (self.names.output_name(k) if n else self.names.input_name(k)) or ""

    def bias(self, n: int, k: int) -> tuple[float, Quantity] | None:
        """The bias of a neuron, or its gradient; nan if it is unknown. A layer may share one, or have none."""
        return None if self.has_bias_neurons else self._bias(n, k)

    def _bias(self, n: int, k: int) -> tuple[float, Quantity] | None:
        layer = n - 1
        size = self._biases[layer].size if n else 0
        if not size:
            return None
        index = min(k, size - 1)
        backward = self.snapshot.backward_of(layer) if self.gradients else None
        known = (backward.db if backward else None) if self.gradients else self._biases
        quantity = self._names.of(Kind.DB if self.gradients else Kind.B, layer, index)
        return (float(known[layer][index]) if known else nan), quantity

    def edge_quantity(self, n: int, to: int, source: int) -> Quantity:
        """The quantity of a connection's number."""
        if self.has_bias_neurons and self.is_bias_neuron(n, source) and (bias := self._bias(n + 1, to)):
            return bias[1]
        return self._names.of(Kind.DW if self.gradients else Kind.W, n, to, source)

    def target_quantity(self, k: int) -> Quantity:
        """The target of an output, as a quantity."""
        return self._names.of(Kind.Y, to=k, example=self.row)

    def label(self, quantity: Quantity) -> str:
        """A quantity in the notation, without its example."""
        return self._labels.text(quantity if quantity.example is None else replace(quantity, example=None))

    def heading(self, kind: Kind) -> str:
        """The heading of all numbers of a kind."""
        return self._labels.heading(kind)

    def parts(self, n: int, k: int) -> tuple[tuple[str, float, Quantity], ...]:
        """The numbers in a box: z, a, the bias and ∂L/∂z, each with its letter."""
        layer, of = n - 1, self._names.of
        forward, backward = self.snapshot.forward_of(layer), self.snapshot.backward_of(layer)
        z = float(forward.z[layer][min(self.row, len(forward.X) - 1), k]) if forward else nan
        a = float(forward.a[layer][min(self.row, len(forward.X) - 1), k]) if forward else nan
        dz = float(backward.dz[layer][min(self.row, len(backward.forward.X) - 1), k]) if backward else nan
        index = min(k, self._biases[layer].size - 1)
        has_bias = index >= 0 and not self.has_bias_neurons
        b = (("b", float(self._biases[layer][index]), of(Kind.B, layer, index)),) if has_bias else ()
        return (
            *((("z", z, of(Kind.Z, layer, k, example=self.row)),) if layer not in self._names.folded else ()),
            ("a", a, of(Kind.A, layer, k, example=self.row)),
            *b,
            (self.error_heading(n), dz, of(Kind.DZ, layer, k, example=self.row)),
        )

    def error_heading(self, n: int) -> str:
        """The heading of ∂L/∂z of a layer's neurons."""
        return self._labels.heading(self._names.named_kinds(n - 1, Kind.DA, Kind.DZ)[-1])

    @cached_property
    def _biases(self) -> tuple[Array, ...]:
        return self.snapshot.state.b

    @cached_property
    def _names(self) -> Names:
        return self.snapshot.backward.network.names

    @cached_property
    def _labels(self) -> Labels:
        return self._names.labels(self.notation)

    def _gradients(self, n: int) -> Array:
        """∂L/∂z of a layer; for the inputs, ∂L/∂x."""
        backward = self.snapshot.backward_of(max(n - 1, 0))
        if backward is None:
            return np.full(len(self.snapshot.state.W[n - 1]) if n else self.snapshot.forward.X.shape[1], np.nan)
        dz = backward.dz[max(n - 1, 0)]
        row: Array = dz[min(self.row, len(dz) - 1)]
        return row if n else row @ backward.state.W[0]

    def _activations(self, n: int) -> Array:
        """The inputs, or a of a layer."""
        known = self.snapshot.forward_of(n - 1) if n else self.snapshot.forward
        if known is None:
            return np.full(len(self.snapshot.state.W[n - 1]), np.nan)
        row: Array = known.a_prev(n)[min(self.row, len(known.X) - 1)]
        return row

    def _connections_of(self, n: int) -> Array | None:
        state, backward = self.snapshot.state, self.snapshot.backward_of(n) if self.gradients else None
        if self.gradients and backward is None:
            return None
        W, b = (backward.dW[n], backward.db[n]) if backward else (state.W[n], self._biases[n])
        if not self.has_bias_neurons:
            return W
        return np.hstack([W, np.broadcast_to(b, (len(W),))[:, np.newaxis]])


def _shares(numbers: Array) -> Array:
    sizes = np.abs(np.nan_to_num(numbers, nan=0.0, posinf=1e300, neginf=-1e300))
    greatest = sizes.max(initial=0.0)
    shares: Array = sizes / greatest if greatest else sizes
    return shares
