"""Quantities: any one number of a step, as a value; its name is read and written at the edges of the program."""

import re
from dataclasses import dataclass, replace
from enum import StrEnum

from ..typed_number import quoted


class Kind(StrEnum):
    """What a number is; the value is how its name begins."""

    X = "x"
    """An input."""
    Y = "y"
    """A target."""
    Z = "z"
    A = "a"
    W = "w"
    B = "b"
    LOSS = "loss"
    """Of the batch; with an example, of that one."""
    OUTPUT_LOSS = "loss-y"
    """The share of one output in the loss of an example; its name is written as that of the loss, with an output."""
    MEAN_ABS_ERROR = "mean-abs-error"
    ACCURACY = "accuracy"
    """The share of the batch whose class is predicted."""
    PENALTY = "penalty"
    """The penalty for large weights."""
    DW = "dw"
    """∂L/∂w; with an example, the share of that one. So is db."""
    DB = "db"
    DZ = "dz"
    MINUS_DZ = "minus-dz"
    """−∂L/∂z, which some sources call δ."""
    SLOPE = "slope-a"
    """∂a/∂z of a neuron."""
    DA = "da"
    """∂L/∂a; of layer −1, of an input."""
    PENALTY_DW = "penalty-dw"
    """The share of the penalty in ∂L/∂w. So is penalty-db."""
    PENALTY_DB = "penalty-db"
    CLIPPED_DW = "clipped-dw"
    """∂L/∂w within the bounds of clipping. So is clipped-db."""
    CLIPPED_DB = "clipped-db"
    SLOT = "slot"
    """What the optimizer remembers of a parameter; its name begins with that of the slot."""

    __hash__ = str.__hash__  # the enum's own is slow, and names are looked up in every frame


class When(StrEnum):
    """Of which step a number is; the value is how its name begins."""

    LAST = "last-"
    """Of the step before."""
    NOW = ""
    NEXT = "next-"
    """After the coming update."""

    __hash__ = str.__hash__


OF_A_WEIGHT = frozenset((Kind.W, Kind.DW, Kind.PENALTY_DW, Kind.CLIPPED_DW))
"""Kinds that have a neuron from which the weight leads."""
OF_A_NEURON = frozenset((Kind.Z, Kind.A, Kind.DZ, Kind.DA, Kind.MINUS_DZ, Kind.SLOPE))
"""Kinds of one neuron and one example."""
OF_AN_EXAMPLE = OF_A_NEURON | {Kind.X, Kind.Y, Kind.LOSS, Kind.OUTPUT_LOSS, Kind.DW, Kind.DB}
"""Kinds that may say which example."""
OF_THE_BATCH = frozenset((Kind.LOSS, Kind.MEAN_ABS_ERROR, Kind.ACCURACY, Kind.PENALTY))
"""Kinds without a layer and a neuron."""
DATA = frozenset((Kind.X, Kind.Y, Kind.OUTPUT_LOSS))
"""Kinds without a layer."""
LEAVES = frozenset((Kind.X, Kind.Y, Kind.W, Kind.B))
"""Kinds that do not follow from others."""
MOVED = frozenset((Kind.W, Kind.B, Kind.SLOT))
"""Kinds that an update changes."""
CHANGE = "change"
"""What the name of a parameter's change in the coming update begins with, instead of a slot."""
UNBIASED = {"m_hat": "m̂", "v_hat": "v̂"}
"""The corrected slots of Adam, which are computed for an update and not remembered, with their letters."""

EXPECTED = (
    'expected "loss", "mean-abs-error", or a name such as "w2[1,3]", "b1[4]", "z1[2]", "a2[1]", "dw2[1,3]", "a2[1]@3"; '
    '"x[1]" is an input, "y[1]" a target, "da0[1]" the gradient of an input, "dw2[1,3]@2" the contribution of '
    'example 2, "penalty-dw2[1,3]" that of the penalty, "next-w2[1,3]" the weight after the update, "m-w2[1,3]" the '
    "state of the optimizer"
)

COUNT = r"\d{1,40}"
NAME = re.compile(
    r"(?P<last>last-)?(?P<next>next-)?"
    rf"(?:(?P<batch>loss|mean-abs-error|accuracy|penalty)|(?:(?P<prefix>[a-z_]+)-)?(?P<kind>d?[wbza]|[xy])(?P<layer>{COUNT})?"
    rf"\[(?P<to>{COUNT})(?:,(?P<from>{COUNT}))?\])(?:@(?P<example>{COUNT}))?",
    re.ASCII,
)
OF_OUTPUT = re.compile(r"\bloss\[")
"""The loss of an output as one writes it."""


@dataclass(frozen=True, slots=True)
class Quantity:
    """One number of a step; layers, neurons and examples count from 0, in its name from 1.

    Raises:
        ValueError: a kind has what it cannot have, or lacks what it must have.
    """

    kind: Kind
    layer: int = 0
    """0 also for kinds without a layer."""
    to: int = 0
    """The neuron; of x the input, of y the output; 0 for kinds of the batch."""
    from_: int | None = None
    """Of a weight, and of what belongs to a weight: the neuron before it."""
    example: int | None = None
    """Of the batch; None for the first one, and for what is of the whole batch."""
    when: When = When.NOW
    slot: str = ""
    """The optimizer's name for what it remembers."""

    def __post_init__(self) -> None:
        kind = self.kind
        if kind is not Kind.SLOT and (self.from_ is None) is (kind in OF_A_WEIGHT):
            raise ValueError(f"{kind}: expected a from-neuron for a weight, and for no other quantity")
        if (kind is Kind.SLOT) is not bool(self.slot):
            raise ValueError(f"{kind}: expected a slot's name for the optimizer's state, and for no other quantity")
        if self.example is not None and kind not in OF_AN_EXAMPLE:
            raise ValueError(f"{kind}: expected no example, because it is the same for all examples")
        if self.when is When.NEXT and kind not in MOVED:
            raise ValueError(f"{kind}: expected a parameter or the optimizer's state, which an update changes")

    @classmethod
    def parse(cls, text: str) -> "Quantity":
        """The quantity that a text names, as "w2[1,3]": the weight of layer 2 to neuron 1 from neuron 3.

        Raises:
            ValueError: no quantity has such a name.
        """
        form = NAME.fullmatch(OF_OUTPUT.sub(f"{Kind.OUTPUT_LOSS}[", text))
        try:
            if form is None:
                raise ValueError
            return _of(form)
        except ValueError:
            raise ValueError(f"no quantity is named {quoted(text)}: {EXPECTED}") from None

    @classmethod
    def in_array(cls, kind: Kind, layer: int, index: tuple[int, ...]) -> "Quantity":
        """The parameter, or what belongs to it, at an index of the array of its layer: (to, from), or (to,)."""
        return cls(kind, layer, index[0], index[1] if len(index) > 1 else None)

    def __str__(self) -> str:
        of = "" if self.example is None else f"@{self.example + 1}"
        if self.kind in OF_THE_BATCH:
            return f"{self.when}{self.kind}{of}"
        name = str(self.kind) if self.kind is not Kind.SLOT else f"{self.slot}-{self.parameter.kind}"
        name = str(Kind.LOSS) if self.kind is Kind.OUTPUT_LOSS else name
        layer = "" if self.kind in DATA else self.layer + 1
        source = "" if self.from_ is None else f",{self.from_ + 1}"
        return f"{self.when}{name}{layer}[{self.to + 1}{source}]{of}"

    @property
    def index(self) -> tuple[int, ...]:
        """The index of a parameter, or of what belongs to it, in the array of its layer."""
        return (self.to,) if self.from_ is None else (self.to, self.from_)

    @property
    def row(self) -> int:
        """The example, the first one where none is named."""
        return self.example or 0

    @property
    def parameter(self) -> "Quantity":
        """The weight or the bias that it is, or belongs to; by its neuron, where it is of none."""
        return Quantity(Kind.B if self.from_ is None else Kind.W, self.layer, self.to, self.from_)

    @property
    def gradient(self) -> "Quantity":
        """The gradient of a parameter."""
        return Quantity(Kind.DB if self.from_ is None else Kind.DW, self.layer, self.to, self.from_)

    def remembered_as(self, slot: str) -> "Quantity":
        """What an optimizer remembers of a parameter in a slot of this name."""
        return replace(self, kind=Kind.SLOT, slot=slot)

    def at(self, when: When) -> "Quantity":
        """The same of another step."""
        return replace(self, when=when)

    def of_example(self, example: int) -> "Quantity":
        """The same of an example, from 0."""
        return replace(self, example=example)


def leaf_or_name(text: str) -> Quantity | str:
    """The parameter, input or target that a text names; else the text, which may be the name of a setting."""
    try:
        quantity = Quantity.parse(text)
    except ValueError:
        return text
    return quantity if quantity.kind in LEAVES else text


def _of(form: re.Match[str]) -> Quantity:
    """The quantity of a name's parts."""
    when = When.NEXT if form["next"] else When.LAST if form["last"] else When.NOW
    example = int(form["example"]) - 1 if form["example"] else None
    if form["batch"]:
        quantity = Quantity(Kind(form["batch"]), example=example, when=when)
    else:
        kind, slot = _kind(form["prefix"], form["kind"])
        if (kind in DATA) is (form["layer"] is not None) or (form["from"] is None) is form["kind"].endswith("w"):
            raise ValueError
        layer, to = int(form["layer"] or 1) - 1, int(form["to"]) - 1
        from_ = int(form["from"]) - 1 if form["from"] else None
        quantity = Quantity(kind, layer, to, from_, example, when, slot)
    # What the update after the last step led to is what there is now.
    return quantity.at(When.NOW) if form["last"] and form["next"] else quantity


def _kind(prefix: str | None, kind: str) -> tuple[Kind, str]:
    """The kind, and the name of the slot where there is one."""
    if prefix is None:
        return Kind(kind), ""
    if kind in (Kind.W, Kind.B):
        return Kind.SLOT, prefix
    return Kind(f"{prefix}-{kind}"), ""
