"""Quantities: any one number of a step, found by its name."""

from dataclasses import dataclass

import numpy as np

from .functions.arrays import Array
from .naming import EXPECTED, LOSS, PENALTY, WHOLE, is_quantity, match
from .training.events import BackwardPass


@dataclass(frozen=True)
class Quantity:
    """One number of a step; the fields are its indices from 0."""

    name: str
    layer: int = 0
    index: tuple[int, ...] = ()
    """Example and neuron for z, a, dz, da, x and y; to and from for w and dw; to for b and db; a loss' example."""
    example: int | None = None
    """Of dw and db, where only its share is meant."""

    @classmethod
    def parse(cls, text: str) -> "Quantity":
        """The quantity that a text names.

        Raises:
            ValueError: the text has another form.
        """
        if text in WHOLE:
            return cls(text)
        if not is_quantity(text):
            raise ValueError(f"no quantity is named {text!r}: {EXPECTED}")
        if loss := LOSS.fullmatch(text):
            return cls("loss", index=(int(loss["example"]) - 1,))
        penalty = PENALTY.fullmatch(text)
        form = match(penalty["gradient"] if penalty else text)
        assert form is not None  # it is a quantity
        to = int(form["to"]) - 1
        index = (to, int(form["from"]) - 1) if form["from"] else (to,)
        name = form["name"] or form["data"]
        example = int(form["example"]) - 1 if form["example"] else None
        if name[-1] in "zaxy":
            index, example = (example or 0, to), None
        return cls("penalty-dw" if penalty else name, int(form["layer"] or 1) - 1, index, example)

    def of(self, backward: BackwardPass) -> float:
        """Its value at a step.

        Raises:
            IndexError: the network has no such layer, neuron or example.
        """
        forward = backward.forward
        if self.name == "mean-abs-error":
            return float(np.abs(forward.y_hat - forward.y).mean())
        if self.name in WHOLE and not self.index:
            return forward.loss if self.name == "loss" else float(forward.penalty)
        if self.name == "da" and self.layer == -1:
            return float((backward.dz[0] @ backward.state.W[0])[self.index])
        if min(self.layer, *self.index, self.example or 0) < 0:
            raise IndexError("layers, neurons and examples count from 1")
        if self.example is not None:
            return self._share(backward, self.example)
        return float(self._group(backward)[self.layer][self.index])

    def _group(self, backward: BackwardPass) -> tuple[Array, ...]:
        """The arrays that it is one number of."""
        groups: dict[str, tuple[Array, ...]] = {
            "loss": (backward.forward.losses,),
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
            "penalty-dw": backward.penalty_dW or tuple(np.zeros_like(dW) for dW in backward.dW),
        }
        return groups[self.name]

    def _share(self, backward: BackwardPass, example: int) -> float:
        """What one example adds to dw or db."""
        dz = backward.dz[self.layer][example]
        if self.name == "dw":
            to, source = self.index
            return float(dz[to] * backward.forward.a_prev(self.layer)[example, source])
        shared = backward.db[self.layer].size < dz.size
        return float(dz.sum() if shared and self.index == (0,) else dz[self.index])
