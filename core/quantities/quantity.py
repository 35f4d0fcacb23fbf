"""Quantities: any single number of a step, as a value; names are read and written at the edges of the program."""

import re
from dataclasses import dataclass, replace
from enum import StrEnum

from ..typed_number import quoted


class Kind(StrEnum):
    """The kind of a number; the value is the beginning of its name."""

    X = "x"
    """An input."""
    Y = "y"
    """A target."""
    Z = "z"
    A = "a"
    W = "w"
    B = "b"
    LOSS = "loss"
    """The loss of the batch; with an example, of that example."""
    OUTPUT_LOSS = "loss-y"
    """The share of an output in the loss of an example; its name is that of the loss, with an output."""
    MEAN_ABS_ERROR = "mean-abs-error"
    ACCURACY = "accuracy"
    """The share of the batch whose class is predicted correctly."""
    PENALTY = "penalty"
    """The penalty for large weights."""
    DW = "dw"
    """∂L/∂w; with an example, its share; the same holds for db."""
    DB = "db"
    DZ = "dz"
    MINUS_DZ = "minus-dz"
    """−∂L/∂z, which some sources call δ."""
    SLOPE = "slope-a"
    """∂a/∂z of a neuron."""
    DA = "da"
    """∂L/∂a; for layer −1, of an input."""
    PENALTY_DW = "penalty-dw"
    """The share of the penalty in ∂L/∂w; penalty-db is that in ∂L/∂b."""
    PENALTY_DB = "penalty-db"
    CLIPPED_DW = "clipped-dw"
    """∂L/∂w within the bounds of clipping; clipped-db is ∂L/∂b."""
    CLIPPED_DB = "clipped-db"
    SLOT = "slot"
    """A slot of the optimizer for a parameter; its name begins with that of the slot."""

    __hash__ = str.__hash__  # the enum's own is slow, and names are looked up in every frame


class When(StrEnum):
    """The step of a number; the value is the beginning of its name."""

    LAST = "last-"
    """The previous step."""
    NOW = ""
    NEXT = "next-"
    """After the coming update."""

    __hash__ = str.__hash__


OF_A_WEIGHT = frozenset((Kind.W, Kind.DW, Kind.PENALTY_DW, Kind.CLIPPED_DW))
"""Kinds with a neuron at which the weight begins."""
OF_A_NEURON = frozenset((Kind.Z, Kind.A, Kind.DZ, Kind.DA, Kind.MINUS_DZ, Kind.SLOPE))
"""Kinds of one neuron and one example."""
OF_AN_EXAMPLE = OF_A_NEURON | {Kind.X, Kind.Y, Kind.LOSS, Kind.OUTPUT_LOSS, Kind.DW, Kind.DB}
"""Kinds that may name an example."""
OF_THE_BATCH = frozenset((Kind.LOSS, Kind.MEAN_ABS_ERROR, Kind.ACCURACY, Kind.PENALTY))
"""Kinds without a layer and a neuron."""
DATA = frozenset((Kind.X, Kind.Y, Kind.OUTPUT_LOSS))
"""Kinds without a layer."""
LEAVES = frozenset((Kind.X, Kind.Y, Kind.W, Kind.B))
"""Kinds that are not computed from others."""
MOVED = frozenset((Kind.W, Kind.B, Kind.SLOT))
"""Kinds that an update changes."""
CHANGE = "change"
"""The beginning of the name of a parameter's change in the coming update, instead of a slot's name."""
UNBIASED = {"m_hat": "m̂", "v_hat": "v̂"}
"""The corrected slots of Adam, which are computed for an update and not stored, with their letters."""

EXPECTED = (
    'expected "loss", "mean-abs-error", or a name such as "w2[1,3]", "b1[4]", "z1[2]", "a2[1]", "dw2[1,3]", "a2[1]@3"; '
    '"x[1]" is an input, "y[1]" a target, "da0[1]" the gradient of an input, "dw2[1,3]@2" the contribution of '
    'example 2, "penalty-dw2[1,3]" that of the penalty, "next-w2[1,3]" the weight after the update, "m-w2[1,3]" the '
    "state of the optimizer"
)

COUNT = r"\d{1,40}"
NAME = (
    r"(?a)(?P<last>last-)?(?P<next>next-)?"
    rf"(?:(?P<batch>loss|mean-abs-error|accuracy|penalty)|(?:(?P<prefix>[a-z_]+)-)?(?P<kind>d?[wbza]|[xy])(?P<layer>{COUNT})?"
    rf"\[(?P<to>{COUNT})(?:,(?P<from>{COUNT}))?\])(?:@(?P<example>{COUNT}))?"
)
"""A pattern, compiled when the user first types a name."""
OF_OUTPUT = r"\bloss\["
"""The loss of an output as the user types it."""


@dataclass(frozen=True, slots=True)
class Quantity:
    """One number of a step; layers, neurons and examples count from 0, in its name from 1.

    Raises:
        ValueError: a kind has a part that it cannot have, or lacks one that it needs.
    """

    kind: Kind
    layer: int = 0
    """The layer; 0 also for kinds without one."""
    to: int = 0
    """The neuron; the input of x, the output of y; 0 for kinds of the batch."""
    from_: int | None = None
    """The previous neuron of a weight and of its gradient or slots."""
    example: int | None = None
    """The example of the batch; None for the first one, and for the whole batch."""
    when: When = When.NOW
    slot: str = ""
    """The optimizer's name of a slot."""

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
        """The quantity of a name, such as "w2[1,3]": the weight of layer 2 to neuron 1 from neuron 3.

        Raises:
            ValueError: no quantity has such a name.
        """
        form = re.fullmatch(NAME, re.sub(OF_OUTPUT, f"{Kind.OUTPUT_LOSS}[", text))
        try:
            if form is None:
                raise ValueError
            return _of(form)
        except ValueError:
            raise ValueError(f"no quantity is named {quoted(text)}: {EXPECTED}") from None

    @classmethod
    def in_array(cls, kind: Kind, layer: int, index: tuple[int, ...]) -> "Quantity":
        """The parameter, or a number of it, at an index in the array of its layer: (to, from), or (to,)."""
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
        """The index of a parameter, or of a number of it, in the array of its layer."""
        return (self.to,) if self.from_ is None else (self.to, self.from_)

    @property
    def row(self) -> int:
        """The example; the first one if none is named."""
        return self.example or 0

    @property
    def parameter(self) -> "Quantity":
        """The weight or the bias that it is or belongs to; otherwise the bias of its neuron."""
        return Quantity(Kind.B if self.from_ is None else Kind.W, self.layer, self.to, self.from_)

    @property
    def gradient(self) -> "Quantity":
        """The gradient of a parameter."""
        return Quantity(Kind.DB if self.from_ is None else Kind.DW, self.layer, self.to, self.from_)

    def remembered_as(self, slot: str) -> "Quantity":
        """The slot of this name of a parameter."""
        return replace(self, kind=Kind.SLOT, slot=slot)

    def at(self, when: When) -> "Quantity":
        """The same quantity of another step."""
        return replace(self, when=when)

    def of_example(self, example: int) -> "Quantity":
        """The same quantity of an example, from 0."""
        return replace(self, example=example)


def leaf_or_name(text: str) -> Quantity | str:
    """The parameter, input or target of a name; otherwise the text, which may be the name of a setting."""
    try:
        quantity = Quantity.parse(text)
    except ValueError:
        return text
    return quantity if quantity.kind in LEAVES else text


def _of(form: re.Match[str]) -> Quantity:
    """The quantity with the parts of a name."""
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
    # The result of the last step's update is the current state.
    return quantity.at(When.NOW) if form["last"] and form["next"] else quantity


def _kind(prefix: str | None, kind: str) -> tuple[Kind, str]:
    """The kind, and the name of the slot if there is one."""
    if prefix is None:
        return Kind(kind), ""
    if kind in (Kind.W, Kind.B):
        return Kind.SLOT, prefix
    return Kind(f"{prefix}-{kind}"), ""
