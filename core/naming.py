"""The names of quantities: "w2[1,3]" is the weight of layer 2 to neuron 1 from neuron 3, counted from 1."""

import re

FORM = re.compile(
    r"(?:(?P<name>d?[wbza])(?P<layer>\d+)|(?P<data>[xy]))\[(?P<to>\d+)(?:,(?P<from>\d+))?\](?:@(?P<example>\d+))?"
)
WHOLE = ("loss", "mean-abs-error", "penalty")
"""Quantities of a batch as a whole."""
OF_AN_EXAMPLE = ("x", "y", "z", "a", "dz", "da", "dw", "db")
"""Names that may say which example: of dw and db, what it adds to them."""
LOSS = re.compile(r"loss@(?P<example>\d+)")
PENALTY = re.compile(r"penalty-(?P<gradient>dw.*)")
MOVED = re.compile(
    r"(?P<when>next-)?(?P<prefix>clipped-d|(?P<slot>[a-z_]+)-)?(?P<parameter>[wb]\d+\[\d+(?:,\d+)?\])", re.ASCII
)
"""What an update moves, and what it moves it by."""
FORMER = "last-"
"""How the names of quantities of the step before begin."""
EXPECTED = (
    'expected "loss", "mean-abs-error", or a name such as "w2[1,3]", "b1[4]", "z1[2]", "a2[1]", "dw2[1,3]", "a2[1]@3"; '
    '"x[1]" is an input, "y[1]" a target, "da0[1]" the gradient of an input'
)
EXPECTED_OF_A_STEP = (
    f'{EXPECTED}, "dw2[1,3]@2" the share of example 2, "penalty-dw2[1,3]" that of the penalty, "next-w2[1,3]" the '
    'weight after the update, "m-w2[1,3]" what the optimizer remembers of it'
)


def match(text: str) -> re.Match[str] | None:
    """The parts of a quantity's name; None where it is none."""
    form = FORM.fullmatch(text)
    if form is None:
        return None
    name = form["name"] or form["data"]
    if name.endswith("w") != bool(form["from"]):
        return None
    return None if form["example"] and name not in OF_AN_EXAMPLE else form


def is_quantity(text: str) -> bool:
    """Whether a text names a quantity."""
    if penalty := PENALTY.fullmatch(text):
        return "@" not in text and match(penalty["gradient"]) is not None
    return text in WHOLE or LOSS.fullmatch(text) is not None or match(text) is not None


def moved(text: str) -> re.Match[str] | None:
    """The parts of the name of something that an update moves, or moves it by; None where it is none."""
    form = MOVED.fullmatch(text)
    if form is None or (form["when"] and form["prefix"] and not form["slot"]):
        return None
    return form if match(form["parameter"]) else None


def is_of_a_step(text: str) -> bool:
    """Whether a text names what can be explained: a quantity or what an update moves, now or at the step before."""
    plain = text.removeprefix(FORMER)
    return is_quantity(plain) or moved(plain) is not None
