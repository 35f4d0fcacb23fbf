"""The plan of a layer: what it must show, in which form, and where its neurons and weights are."""

from dataclasses import dataclass
from enum import Enum
from math import ceil

from .braille import DOWN

MOST_WRITTEN = 48
"""Weights of a layer that are written beside their neurons."""
DENSE, MOST_LINES = 24, 100
"""Lines of a gap above which they are thin, and above which only those of the selected neuron are drawn."""
IMAGE = 64
"""Inputs from which on they are drawn as a picture."""
NARROW, WIDE, HUGE = 100, 110, 150
"""Columns below which many lines leave no room for cards, from which on there is room for frames, and for more rows."""
MOST_NAME = 14
"""Columns of a name from the data; a longer one is cut."""
BOX_NAME = 10
"""Columns of a name in a frame."""
FEW_DECIMALS = 4
"""Of the numbers in a frame where there is no room for more."""
STRIP = 8
"""Columns of a layer of shades."""
LARGE, LARGEST = 26, 40
"""Columns of an output's heat map, and in a huge drawing."""
MOST_CURVE, LEAST_CURVE = 7, 4
"""Rows of an activation's curve in a frame."""
SEVERAL = 4
"""Neurons of a layer up to which heat maps can be larger."""
FEW = 2
"""Neurons of a layer up to which its lines can be distinguished in a short gap."""
LEAST_GAP = 3
LEAST_LINE = 5
"""Columns that a number beside a neuron leaves to its line."""


def number_columns(decimals: int) -> int:
    """Of a number in a frame."""
    return max(decimals, FEW_DECIMALS) + 4


class NodeForm(Enum):
    """How a neuron is drawn."""

    CARD = "name and value in a row, the bias below"
    TALL = "name over value, the bias below"
    BOX = "a frame around z, a, b and ∂L/∂z"
    MAP = "a small heat map, name and value beside it"
    PORTRAIT = "a large heat map, name and value below it"
    STRIP = "a shade, two neurons to a row"
    IMAGE = "a pixel of the input"


@dataclass(frozen=True)
class LayerNeed:
    """What a layer must show."""

    neurons: int
    name: int
    """Columns of its longest name."""
    value: int
    """Columns of a value with three decimals."""
    given: int = 0
    """Columns of the longest name that the data has for one; 0 if it has none."""
    has_bias: bool = True
    is_short: bool = False
    """Its values have a form of their own, as inputs that are whole numbers."""
    side: int = 0
    """Of inputs that are a square picture."""
    has_bias_neuron: bool = False
    """Its last neuron gives 1, and has a row of its own."""
    has_curve: bool = False
    """Its activation is a curve."""


@dataclass(frozen=True)
class Need:
    """What a drawing must show, and in how much room: equal needs have the same plan."""

    layers: tuple[LayerNeed, ...]
    width: int
    height: int
    has_maps: bool = False
    decimals: int = 3
    box_decimals: int = 6
    """Of the numbers in boxes, and of the weights before them."""
    part: int = 2
    """Columns of the longest name of a number in a box."""

    @property
    def rows(self) -> int:
        """Rows below the headings."""
        return max(self.height - 1, 1)


@dataclass(frozen=True)
class Level:
    """How much of everything is shown."""

    form: NodeForm
    decimals: int
    joint: int
    """Columns from a weight to its neuron."""
    gap: float
    """The least average gap, in columns."""
    is_written: bool = True
    has_names: bool = True
    """Names that the data has."""
    portrait: int = 0
    """Columns of an output's heat map."""


@dataclass(frozen=True)
class WeightsColumn:
    """Where the weights that lead to a layer are written."""

    x: int
    width: int
    decimals: int
    joint: int
    tops: tuple[int, ...]
    """The row of each neuron's first weight."""


@dataclass(frozen=True)
class LayerPlan:
    """Where a layer's neurons are, and in which form."""

    form: NodeForm
    width: int
    rows: int
    """Of each neuron; of a layer of shades, of all."""
    tops: tuple[int, ...]
    decimals: int
    name: int
    value: int
    is_named: bool = False
    """Its neurons carry the names of the data."""
    map_width: int = 0
    curve: int = 0
    """Rows of its activation's curve in each frame."""
    x: int = 0
    pitch: int = 1
    weights: WeightsColumn | None = None
    has_bias_neuron: bool = False
    """Its last neuron is a row in the middle of its place."""

    @property
    def right(self) -> int:
        """The column behind it."""
        return self.x + self.width

    @property
    def is_single(self) -> bool:
        """Whether each neuron has a place of its own, with its number."""
        return self.form not in (NodeForm.STRIP, NodeForm.IMAGE)

    @property
    def across(self) -> int:
        """Shades side by side."""
        return max(1, ceil(len(self.tops) / (2 * self.rows))) if self.form is NodeForm.STRIP else 1

    @property
    def total(self) -> int:
        """Rows from the first neuron to the last."""
        return self.tops[-1] + self.rows - self.tops[0] if self.is_single else self.rows

    def middle(self, k: int) -> int:
        """The row of dots in the middle of a neuron's side."""
        if self.form is NodeForm.STRIP:
            return self.tops[k] * DOWN + (k // self.across % 2) * 2
        return self.tops[k] * DOWN + (self.rows * DOWN) // 2

    def exit(self, k: int, to: int, targets: int) -> int:
        """The row of dots at which the line to a target begins."""
        if not self.is_single or (self.has_bias_neuron and k == len(self.tops) - 1):
            return self.middle(k)
        return self.tops[k] * DOWN + int((to + 0.5) * self.rows * DOWN / targets)

    def label_row(self, k: int) -> int:
        """The row at which the number of a line that begins or ends here is written."""
        return self.tops[k] + (self.rows - 1) // 2 if self.is_single else self.tops[k]

    def port(self, k: int, source: int, sources: int) -> int:
        """The row of dots at which the line from a source ends."""
        if self.weights:
            return (self.weights.tops[k] + source) * DOWN + 2
        if not self.is_single:
            return self.middle(k)
        return self.tops[k] * DOWN + int((source + 0.5) * self.rows * DOWN / sources)
