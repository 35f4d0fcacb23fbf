"""The inputs of an update that is diagnosed, and the names of its arrays."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from ..functions.arrays import Array
from ..steps.state import State
from ..training.trainer import Trainer


class Figure(NamedTuple):
    """The name of an array of an update, such as dW of layer 2; x, y and loss have layer 0."""

    name: str
    layer: int = 0

    def __str__(self) -> str:
        if not self.layer:
            return NAMES.get(self.name, self.name)
        return f"{self.name.removesuffix('_next')}{self.layer}{'_next' * self.next}"

    @property
    def next(self) -> bool:
        """Whether it is a parameter after the update."""
        return self.name in ("W_next", "b_next")

    @property
    def change(self) -> bool:
        """Whether it is the change of a parameter."""
        return self.name in ("change_W", "change_b")


DERIVED = ("output_loss", "slope", "minus_dz", "change_W", "change_b")
"""Arrays that sources also print: losses of outputs, f′(z), −∂L/∂z, and changes of parameters."""


NAMES = {"x": "X", "output_loss": "output_losses"}
"""The names of arrays without a layer, if they differ."""


@dataclass(frozen=True, eq=False)
class UpdateInputs:
    """The inputs of an update: parameters, examples, the optimizer's state and the learning rate."""

    trainer: Trainer
    W: tuple[Array, ...]
    b: tuple[Array, ...]
    """The length depends on the kind of bias."""
    x: Array
    """(batch, n_in)."""
    y: Array
    """(batch, n_out)."""
    slots: tuple[tuple[Array, ...], ...]
    """The optimizer's slots of each array: of all W, then of all b."""
    learning_rate: float
    before: tuple[tuple[Array, ...], tuple[Array, ...]] | None = None
    """dW and db of the previous update, if there was one."""

    @classmethod
    def of(
        cls, trainer: Trainer, state: State, before: tuple[tuple[Array, ...], tuple[Array, ...]] | None = None
    ) -> UpdateInputs:
        """The inputs of the update that follows a state."""
        x, y = trainer.batch(state)
        if (weights := trainer.batch_weights(state)) is not None:
            trainer = replace(trainer, output=trainer.output.of(weights))
        return cls(trainer, state.W, state.b, x, y, _slots(trainer, state), trainer.learning_rate(state), before)

    @property
    def layers(self) -> int:
        """The number of layers."""
        return len(self.W)

    @property
    def batch(self) -> int:
        """The number of examples."""
        return len(self.x)

    @property
    def outputs(self) -> int:
        """The number of outputs."""
        return int(self.y.shape[1])

    def activation(self, layer: int) -> str:
        """The name of a layer's activation."""
        return self.trainer.network.layers[layer - 1].activation.name

    def slots_of(self, layer: int, name: str) -> tuple[Array, ...]:
        """The optimizer's slots of W or b of a layer, each of its shape."""
        return self.slots[layer - 1 + (self.layers if name == "b" else 0)]

    def figures(self) -> list[Figure]:
        """Every array that a later one is computed from, in the order of computation."""
        return [each for each in self.figures_to_bring() if each.name not in DERIVED]

    def figures_to_bring(self) -> list[Figure]:
        """Every array that can be given, in the order of computation, also those that sources print besides."""
        layers = range(1, self.layers + 1)
        forward = [Figure(name, layer) for layer in layers for name in ("z", "a")]
        names = ("da", "slope", "dz", "minus_dz", "dW", "db")
        backward = [
            Figure(name, layer)
            for layer in reversed(layers)
            for name in names
            if name != "slope" or self.activation(layer) != "softmax"  # whose slope is a matrix of each example
        ]
        names_next = ("W_next", "change_W", "b_next", "change_b")
        update = [Figure(name, layer) for layer in layers for name in names_next]
        parameters = [Figure(name, layer) for layer in layers for name in ("W", "b")]
        losses = [Figure("output_loss"), Figure("loss")] if self.has_output_losses else [Figure("loss")]
        return [Figure("x"), Figure("y"), *parameters, *forward, *losses, *backward, *update]

    @property
    def has_output_losses(self) -> bool:
        """Whether the loss is the plain sum of the losses of several outputs, of one example."""
        output = self.trainer.output
        is_plain = output.weights is None and output.reduction != "mean-over-outputs" and not self.trainer.penalty
        return self.batch == 1 and self.outputs > 1 and is_plain


def _slots(trainer: Trainer, state: State) -> tuple[tuple[Array, ...], ...]:
    """The optimizer's slots by array; a slot that is one number for all arrays is repeated."""
    by_slot = []
    for slot in state.slots:
        if slot.ndim == 0:
            by_slot.append([slot] * len(state.layout.places))
            continue
        whole = np.concatenate([slot, np.zeros(state.layout.size - len(slot), slot.dtype)])
        by_slot.append(list(state.layout.views(whole)))
    if not by_slot:
        return ((),) * len(state.layout.places)
    return tuple(zip(*by_slot, strict=True))
