"""The names of quantities: "w2[1,3]" is the weight of layer 2 to neuron 1 from neuron 3, counted from 1."""

import re

FORM = re.compile(
    r"(?:(?P<name>d?[wbza])(?P<layer>\d+)|(?P<data>[xy]))\[(?P<to>\d+)(?:,(?P<from>\d+))?\](?:@(?P<example>\d+))?"
)
WHOLE = ("loss", "mean-abs-error")
"""Quantities of a batch as a whole."""
EXPECTED = (
    'expected "loss", "mean-abs-error", or a name such as "w2[1,3]", "b1[4]", "z1[2]", "a2[1]", "dw2[1,3]", "a2[1]@3"; '
    '"x[1]" is an input, "y[1]" a target, "da0[1]" the gradient of an input'
)


def match(text: str) -> re.Match[str] | None:
    """The parts of a quantity's name; None where it is none."""
    form = FORM.fullmatch(text)
    if form is None:
        return None
    name = form["name"] or form["data"]
    if name.endswith("w") != bool(form["from"]):
        return None
    return None if form["example"] and name[-1] not in "zaxy" else form


def is_quantity(text: str) -> bool:
    """Whether a text names a quantity."""
    return text in WHOLE or match(text) is not None
