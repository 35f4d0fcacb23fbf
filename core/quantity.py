"""Quantities: any one number of a step, found by its name."""

from dataclasses import dataclass

import numpy as np

from .model.arrays import Array
from .naming import EXPECTED, WHOLE, match
from .training.events import BackwardPass


@dataclass(frozen=True)
class Quantity:
    """One number of a step; the fields are its indices from 0."""

    name: str
    layer: int = 0
    index: tuple[int, ...] = ()
    """Example and neuron for z, a, dz, da, x and y; to and from for w and dw; to for b and db."""

    @classmethod
    def parse(cls, text: str) -> "Quantity":
        """The quantity that a text names.

        Raises:
            ValueError: the text has another form.
        """
        if text in WHOLE:
            return cls(text)
        form = match(text)
        if form is None:
            raise ValueError(f"no quantity is named {text!r}: {EXPECTED}")
        to = int(form["to"]) - 1
        index = (to, int(form["from"]) - 1) if form["from"] else (to,)
        name = form["name"] or form["data"]
        if name[-1] in "zaxy":
            index = (int(form["example"] or 1) - 1, to)
        return cls(name, int(form["layer"] or 1) - 1, index)

    def of(self, backward: BackwardPass) -> float:
        """Its value at a step.

        Raises:
            IndexError: the network has no such layer, neuron or example.
        """
        if self.name == "loss":
            return backward.forward.loss
        if self.name == "mean-abs-error":
            return float(np.abs(backward.forward.y_hat - backward.forward.y).mean())
        groups: dict[str, tuple[Array, ...]] = {
            "x": (backward.forward.X,),
            "y": (backward.forward.y,),
            "w": backward.state.W,
            "b": backward.state.b,
            "z": backward.forward.z,
            "a": backward.forward.a,
            "dw": backward.dW,
            "db": backward.db,
            "dz": backward.dz,
            "da": backward.da,
        }
        if self.name == "da" and self.layer == -1:
            return float((backward.dz[0] @ backward.state.W[0])[self.index])
        if min(self.layer, *self.index) < 0:
            raise IndexError("layers, neurons and examples count from 1")
        return float(groups[self.name][self.layer][self.index])
