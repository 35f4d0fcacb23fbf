"""The panels of the dashboard in the order of their keys, and which of them are seen at once."""

from collections.abc import Callable, Iterable
from enum import Enum
from typing import Any

from ..panels import explain_panel, gradients_panel, loss_panel, network_panel, parameters_panel, picture_panel
from ..panels.panel_spec import PanelSpec
from .action import Action, Group
from .actions import ACTIONS

PANELS = (
    network_panel.SPEC,
    parameters_panel.SPEC,
    gradients_panel.SPEC,
    loss_panel.SPEC,
    explain_panel.SPEC,
    picture_panel.SPEC,
)
SPEC_OF = {spec.name: spec for spec in PANELS}


def _show(name: str) -> Callable[[Any], None]:
    return lambda dashboard: dashboard.panels.show(name)


PANEL_ACTIONS: tuple[Action[Any], ...] = tuple(
    Action(
        f"{spec.name}-panel",
        spec.key,
        f"{spec.title} panel",
        ", ".join(each.name for each in PANELS),
        Group.LOOK,
        _show(spec.name),
    )
    for spec in PANELS
)

DASHBOARD_ACTIONS = (*ACTIONS, *PANEL_ACTIONS)
"""Those that a configuration can give other keys."""


class Room(Enum):
    """How many panels a screen has room for."""

    ONE = "one"
    WIDE = "wide"
    """Two columns and two rows."""
    HUGE = "huge"
    """Three columns and two rows."""


LEAST = {Room.HUGE: (180, 50), Room.WIDE: (118, 34)}
"""Columns and rows from which on there is such room; the style sheet has these numbers too."""


def room_of(width: int, height: int) -> Room:
    """The room of a screen of this size."""
    return next((room for room, least in LEAST.items() if width >= least[0] and height >= least[1]), Room.ONE)


def panel_cells(spec: PanelSpec, room: Room) -> tuple[int, ...]:
    """The cells that a panel fills, where it is seen."""
    return {Room.ONE: (1,), Room.WIDE: spec.wide, Room.HUGE: spec.huge}[room]


def seen_in(room: Room, latest: Iterable[str]) -> set[str]:
    """The panels that are seen: for each cell the one that was shown last, or else the first of the list.

    Args:
        room: of the screen.
        latest: panels that were shown, the last one first.
    """
    taken: set[int] = set()
    seen: set[str] = set()
    for name in [*latest, *(spec.name for spec in PANELS if not spec.is_detour or room is Room.HUGE)]:
        cells = panel_cells(SPEC_OF[name], room)
        if taken.isdisjoint(cells):
            taken.update(cells)
            seen.add(name)
    return seen
