"""Regions: where each panel is on a screen of a size, and which of the panels that share a region is seen."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from functools import cached_property

from ...core.network.network import Network
from ...core.training.trainer import Trainer
from ..panel_layout import Grid
from ..panels.panel import PanelSpec, Region
from ..panels.panel_list import PANELS
from ..text.picture.images import SIDES


class Room(Enum):
    """How many panels a screen has room for."""

    ONE = "one"
    """A panel with tabs above it, and an explanation of two lines below."""
    WIDE = "wide"
    """Two columns and two rows."""
    HUGE = "huge"
    """Two columns, and a third panel in the right one."""


LEAST = {Room.HUGE: (180, 50), Room.WIDE: (118, 34)}
"""Columns and rows from which on there is such room."""
COLUMNS = (3, 2)
"""The left column is half as wide again as the right one."""
BELOW = ((2, 14), (4, 10))
"""The lower rows of 34 beside a network of this many neurons in its largest layer."""
BELOW_LARGE = 8
BELOW_HUGE, MIDDLE_HUGE = 18, 15
"""The lower and the middle rows of 58."""


def room_of(width: int, height: int) -> Room:
    """The room of a screen of this size."""
    return next((room for room, least in LEAST.items() if width >= least[0] and height >= least[1]), Room.ONE)


@dataclass(frozen=True)
class Arrangement:
    """Which panel is in which region."""

    room: Room
    is_picture_first: bool = False
    """Whether the picture says more than the parameters do, as of two inputs or of an image."""
    are_steps_first: bool = False
    """Whether a table of the steps says more than the chart does, as of a single example."""
    is_touring: bool = False
    """Whether the card of a tour has the place of the lower panels."""

    @cached_property
    def tabs(self) -> dict[Region | None, list[PanelSpec]]:
        """The panels that share each region, the panel that is first seen before the others."""
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
        return Region.MIDDLE if self.room is Room.HUGE and is_middle else spec.region

    def seen(self, latest: Iterable[str]) -> set[str]:
        """The panels that are seen: in each region the panel that was shown last, or else the first of its tabs.

        Args:
            latest: panels that were shown, the last one first.
        """
        shown = list(latest)
        tabs = [[spec.name for spec in each] for each in self.tabs.values()]
        return {next((name for name in shown if name in names), names[0]) for names in tabs}

    def sizes(self, width: int, height: int, network: Network | None, below: int = 0) -> Grid:
        """The columns and rows, so that both columns break at one row, which moves with the network.

        Args:
            width: of all panels.
            height: of all panels.
            network: what has to be drawn.
            below: rows that the lower panels need at least.
        """
        left = width * COLUMNS[0] // sum(COLUMNS)
        if self.room is Room.HUGE:
            lower, middle = (round(height * share / 58) for share in (BELOW_HUGE, MIDDLE_HUGE))
            rows = (height - lower - middle, middle, lower)
            return Grid((left, width - left), rows[:2] if self.is_touring else rows)
        largest = max(network.sizes) if network else 0
        share = next((rows for neurons, rows in BELOW if largest <= neurons), BELOW_LARGE)
        lower = max(round(height * share / 34), min(below, height * 14 // 34))
        return Grid((left, width - left), (height,) if self.is_touring else (height - lower, lower))


def are_steps_first(trainer: Trainer) -> bool:
    """Whether there is one example, whose outputs at each step are the story."""
    return len(trainer.train) == 1


def is_picture_first(trainer: Trainer) -> bool:
    """Whether the picture says more than the parameters do: of points, of a curve, of images, of several classes."""
    n_in, *_, n_out = trainer.network.sizes
    is_drawn = n_in <= 2 or n_in in SIDES or (n_out > 2 and trainer.classes is not None)
    return len(trainer.train.X) > 1 and is_drawn
