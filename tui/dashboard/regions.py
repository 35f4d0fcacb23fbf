"""Regions: the position of each panel on a screen of a size, and the visible panel of each region."""

from collections.abc import Iterable, Sequence
from enum import Enum
from functools import cached_property

from msgspec import Struct

from ...core.network.network import Network
from ...core.training.trainer import Trainer
from ..panel_layout import Grid
from ..panels.panel import PanelSpec, Region
from ..panels.panel_list import PANELS
from ..text.picture.images import SIDES

BORDERS = 2
LEAST_PICTURE = 20
"""The rows of a picture that the panel below it leaves."""


class Room(Enum):
    """The number of panels that a screen has room for."""

    ONE = "one"
    """One panel with tabs above it, and an explanation of two lines below."""
    WIDE = "wide"
    """Two columns and two rows."""
    HUGE = "huge"
    """Two columns, with a third panel in the right one; and a fourth, where the chart and the steps both matter."""


LEAST = {Room.HUGE: (180, 50), Room.WIDE: (118, 34)}
"""The least columns and rows of such a screen."""
COLUMNS = (3, 2)
"""The widths of the columns: the left one is one and a half times as wide as the right one."""
BELOW = ((2, 14), (4, 10))
"""Lower rows out of 34, for networks with up to this many neurons in their largest layer."""
BELOW_LARGE = 8
BELOW_HUGE, MIDDLE_HUGE, CHART_HUGE = 18, 15, 8
"""Lower and middle rows out of 58, and those of the chart if it shares the lower ones with the steps."""


def room_of(width: int, height: int) -> Room:
    """The room on a screen of this size."""
    return next((room for room, least in LEAST.items() if width >= least[0] and height >= least[1]), Room.ONE)


class Arrangement(Struct, frozen=True, dict=True):
    """The region of each panel."""

    room: Room
    is_picture_first: bool = False
    """Whether the picture is more useful than the parameters, as for two inputs or an image."""
    are_steps_first: bool = False
    """Whether a table of the steps is more useful than the chart, as for a single example."""
    is_touring: bool = False
    """Whether the card of a tour replaces the lower panels."""

    @cached_property
    def tabs(self) -> dict[Region | None, list[PanelSpec]]:
        """The panels in each region, the default one first."""
        first = ("picture" if self.is_picture_first else "parameters", "steps" if self.are_steps_first else "loss")
        shared: dict[Region | None, list[PanelSpec]] = {}
        for spec in [*(each for each in PANELS if each.name in first), *PANELS]:
            tabs = shared.setdefault(self.region_of(spec), [])
            if spec not in tabs:
                tabs.append(spec)
        return shared

    def region_of(self, spec: PanelSpec) -> Region | None:
        """The region of a panel; None if one panel has the whole screen."""
        if self.room is Room.ONE:
            return None
        if self.is_touring and spec.region in (Region.EXPLAIN, Region.LOWER):
            return Region.UPPER
        is_middle = spec.name == "gradients" or spec.name == "parameters" and self.is_picture_first
        if self.room is Room.HUGE and (is_middle or spec.name == "steps" and self.are_steps_first):
            return Region.MIDDLE if is_middle else Region.LOWEST
        return spec.region

    def rows_of(self, spec: PanelSpec) -> int:
        """The rows of the grid that a panel spans."""
        is_high = spec.name == "network" or spec.name == "explain" and self.are_steps_first and not self.is_touring
        return 2 if self.room is Room.HUGE and is_high else 1

    def seen(self, latest: Iterable[str]) -> set[str]:
        """The visible panels: in each region the last one that was shown, otherwise the first of its tabs.

        Args:
            latest: panels that were shown, the last one first.
        """
        shown = list(latest)
        tabs = [[spec.name for spec in each] for each in self.tabs.values()]
        return {next((name for name in shown if name in names), names[0]) for names in tabs}

    def sizes(self, width: int, height: int, network: Network | None, below: int = 0) -> Grid:
        """The columns and rows, with the same border in both columns at a row that suits the network.

        Args:
            width: columns of all panels.
            height: rows of all panels.
            network: the network to draw.
            below: the fewest rows of the lower panels.
        """
        left = width * COLUMNS[0] // sum(COLUMNS)
        if self.room is Room.HUGE:
            shares = (BELOW_HUGE, MIDDLE_HUGE, CHART_HUGE)
            lower, middle, chart = (round(height * share / 58) for share in shares)
            middle = self._middle(height - lower, middle, network) if network else middle
            rows = (height - lower - middle, middle, *((chart, lower - chart) if self.are_steps_first else (lower,)))
            return Grid((left, width - left), rows[:2] if self.is_touring else rows)
        largest = max(network.sizes) if network else 0
        share = next((rows for neurons, rows in BELOW if largest <= neurons), BELOW_LARGE)
        lower = max(round(height * share / 34), min(below, height * 14 // 34))
        return Grid((left, width - left), (height,) if self.is_touring else (height - lower, lower))

    def _middle(self, height: int, usual: int, network: Network) -> int:
        """The rows of the middle panel, out of these for both: a panel gets those that the other one leaves free."""
        parameters = network.layout.size + 1 + BORDERS
        if self.is_picture_first:
            return parameters if usual < parameters <= height - LEAST_PICTURE else usual
        above, here = height - usual - parameters, usual - gradient_rows(network.sizes) - BORDERS
        if here < 0 < above:
            return usual + min(-here, above)
        return usual - min(-above, here) if above < 0 < here else usual


def gradient_rows(sizes: Sequence[int]) -> int:
    """The lines of the table of gradients: a heading and all neurons, and each matrix with three lines over it."""
    return 1 + 2 * sum(sizes[1:]) + 3 * len(sizes[1:])


def are_steps_first(trainer: Trainer) -> bool:
    """Whether there is a single example, whose outputs at each step matter most."""
    return len(trainer.train) == 1


def is_picture_first(trainer: Trainer) -> bool:
    """Whether the picture is more useful than the parameters: for points, a curve, images, or several classes."""
    n_in, *_, n_out = trainer.network.sizes
    is_drawn = n_in <= 2 or n_in in SIDES or (n_out > 2 and trainer.classes is not None)
    return len(trainer.train.X) > 1 and is_drawn
