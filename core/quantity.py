"""Quantities by name: "w2[1,3]" is the weight of layer 2 to neuron 1 from neuron 3, counted from 1."""

import re
from dataclasses import dataclass

from .training.events import BackwardPass

FORM = re.compile(r"(?P<name>d?[wbza])(?P<layer>\d+)\[(?P<to>\d+)(?:,(?P<from>\d+))?\](?:@(?P<example>\d+))?")
EXPECTED = 'expected "loss", or a name such as "w2[1,3]", "b1[4]", "z1[2]", "a2[1]", "dw2[1,3]", "a2[1]@3"'


@dataclass(frozen=True)
class Quantity:
    """One number of a step; the fields are its indices from 0."""

    name: str
    layer: int = 0
    index: tuple[int, ...] = ()
    """Example and neuron for z, a, dz and da; to and from for w and dw; to for b and db."""

    @classmethod
    def parse(cls, text: str) -> "Quantity":
        """The quantity that a text names.

        Raises:
            ValueError: the text has another form.
        """
        if text == "loss":
            return cls("loss")
        form = FORM.fullmatch(text)
        is_weight = form is not None and form["name"].endswith("w")
        has_example = form is not None and form["name"][-1] in "za"
        if form is None or is_weight != bool(form["from"]) or (form["example"] and not has_example):
            raise ValueError(f"no quantity is named {text!r}: {EXPECTED}")
        to = int(form["to"]) - 1
        index = (to, int(form["from"]) - 1) if is_weight else (to,)
        if has_example:
            index = (int(form["example"] or 1) - 1, to)
        return cls(form["name"], int(form["layer"]) - 1, index)

    def of(self, backward: BackwardPass) -> float:
        """Its value at a step.

        Raises:
            IndexError: the network has no such layer, neuron or example.
        """
        if self.name == "loss":
            return backward.forward.loss
        arrays = {
            "w": backward.state.W,
            "b": backward.state.b,
            "z": backward.forward.z,
            "a": backward.forward.a,
            "dw": backward.dW,
            "db": backward.db,
            "dz": backward.dz,
            "da": backward.da,
        }[self.name]
        if min(self.layer, *self.index) < 0:
            raise IndexError("indices count from 1")
        return float(arrays[self.layer][self.index])
