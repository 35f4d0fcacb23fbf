"""The plan of a layer: its requirements, its form, and the positions of its neurons and weights."""

from enum import Enum
from math import ceil

from msgspec import Struct

from .braille import DOWN

MOST_WRITTEN = 48
"""The most weights of a layer that are written beside their neurons."""
DENSE, MOST_LINES = 24, 100
"""Lines in a gap: above the first number they are thin, above the second only the selected neuron's are drawn."""
IMAGE = 64
"""Inputs from which on they are drawn as a picture."""
NARROW, WIDE, HUGE = 100, 110, 150
"""Columns from which on cards fit beside many lines, from which on frames fit, and more rows."""
MOST_NAME = 14
"""The most columns of a name from the data; a longer name is cut."""
BOX_NAME = 10
"""Columns of a name in a frame."""
FEW_DECIMALS = 4
"""The fewest decimals that a frame has room for."""
STRIP = 8
"""Columns of a layer of shades."""
LARGE, LARGEST = 26, 40
"""Columns of an output's heat map, and in a very wide drawing."""
BETWEEN, WIDEST_FRAME = 16, 26
"""Columns of the gaps of a chain from which on its frames are wider than their numbers, and of its widest frame."""
MOST_CURVE, LEAST_CURVE = 7, 4
"""The most and the fewest rows of an activation's curve in a frame."""
SEVERAL = 4
"""The most neurons of a layer with larger heat maps."""
FEW = 2
"""The most neurons of a layer whose lines can be distinguished in a short gap."""
LEAST_GAP = 3
LEAST_LINE = 5
"""The least columns of a line beside a number at a neuron."""


def number_columns(decimals: int) -> int:
    """Columns of a number in a frame."""
    return max(decimals, FEW_DECIMALS) + 4


class NodeForm(Enum):
    """The form of a neuron."""

    CARD = "name and value in a row, the bias below"
    TALL = "name over value, the bias below"
    BOX = "a frame around z, a, b and ∂L/∂z"
    MAP = "a small heat map, name and value beside it"
    PORTRAIT = "a large heat map, name and value below it"
    STRIP = "a shade, two neurons to a row"
    IMAGE = "a pixel of the input"


class LayerNeed(Struct, frozen=True):
    """The requirements of a layer."""

    neurons: int
    name: int
    """Columns of its longest name."""
    value: int
    """Columns of a value with three decimals."""
    given: int = 0
    """Columns of the longest name from the data; 0 without names."""
    has_bias: bool = True
    is_short: bool = False
    """Whether its values have a short form, as whole numbers have."""
    side: int = 0
    """The side of a square picture of inputs; 0 for other layers."""
    has_bias_neuron: bool = False
    """Whether its last neuron gives 1, and has a row of its own."""
    has_curve: bool = False
    """Whether its activation has a curve."""
    parts: int = 4
    """Numbers in a frame of one of its neurons."""


class Need(Struct, frozen=True):
    """The requirements and the size of a drawing: equal needs have the same plan."""

    layers: tuple[LayerNeed, ...]
    width: int
    height: int
    has_maps: bool = False
    decimals: int = 3
    box_decimals: int = 6
    """The decimals of the numbers in boxes, and of the weights before them."""
    part: int = 2
    """Columns of the longest name of a number in a box."""

    @property
    def rows(self) -> int:
        """Rows below the headings."""
        return max(self.height - 1, 1)

    @property
    def is_chain(self) -> bool:
        """Whether each layer has one neuron."""
        return max(each.neurons for each in self.layers) == 1


class Level(Struct, frozen=True):
    """The amount of detail."""

    form: NodeForm
    decimals: int
    joint: int
    """Columns from a weight to its neuron."""
    gap: float
    """The least average gap, in columns."""
    is_written: bool = True
    has_names: bool = True
    """Whether names from the data are shown."""
    portrait: int = 0
    """Columns of an output's heat map."""
    is_stacked: bool = False
    """Whether each number in a frame is below its letter."""


class WeightsColumn(Struct, frozen=True):
    """The position of the weights that lead to a layer."""

    x: int
    width: int
    decimals: int
    joint: int
    tops: tuple[int, ...]
    """The row of each neuron's first weight."""
    is_under: bool = False
    """Whether the only weight is below the line, which leads to the neuron itself."""


class LayerPlan(Struct, frozen=True):
    """The form of a layer, and the positions of its neurons."""

    form: NodeForm
    width: int
    rows: int
    """Rows of each neuron; in a layer of shades, of the whole layer."""
    tops: tuple[int, ...]
    decimals: int
    name: int
    value: int
    is_named: bool = False
    """Whether its neurons have names from the data."""
    map_width: int = 0
    curve: int = 0
    """Rows of its activation's curve in each frame."""
    is_stacked: bool = False
    """Whether each number in a frame is below its letter."""
    x: int = 0
    pitch: int = 1
    weights: WeightsColumn | None = None
    has_bias_neuron: bool = False
    """Whether its last neuron gives 1, in a row of its own."""

    @property
    def right(self) -> int:
        """The column behind it."""
        return self.x + self.width

    @property
    def is_single(self) -> bool:
        """Whether each neuron has its own position and number."""
        return self.form not in (NodeForm.STRIP, NodeForm.IMAGE)

    @property
    def across(self) -> int:
        """The number of columns of shades."""
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
        """The row of dots at which a line leaves a neuron."""
        if not self.is_single or (self.has_bias_neuron and k == len(self.tops) - 1):
            return self.middle(k)
        return self.tops[k] * DOWN + int((to + 0.5) * self.rows * DOWN / targets)

    def label_row(self, k: int) -> int:
        """The row for a number beside a neuron."""
        return self.tops[k] + (self.rows - 1) // 2 if self.is_single else self.tops[k]

    def port(self, k: int, source: int, sources: int) -> int:
        """The row of dots at which a line reaches a neuron."""
        if self.weights:
            return (self.weights.tops[k] + source) * DOWN + 2
        if not self.is_single:
            return self.middle(k)
        return self.tops[k] * DOWN + int((source + 0.5) * self.rows * DOWN / sources)
