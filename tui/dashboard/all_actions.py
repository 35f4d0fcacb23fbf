"""All actions: those of the table, a key for each panel, and those of the panels and of the app."""

from collections.abc import Callable, Mapping
from typing import Any

from ..action import Action, Group, actions_of
from ..keymap import APP_ACTIONS, PALETTE
from ..panels.panel_list import PANELS
from .actions import ACTIONS, TOUR_ACTIONS


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

DASHBOARD_ACTIONS: tuple[Action[Any], ...] = (*ACTIONS, *PANEL_ACTIONS)
"""Those that a configuration can give other keys."""
ALL_ACTIONS: tuple[Action[Any], ...] = (
    *DASHBOARD_ACTIONS,
    *TOUR_ACTIONS,
    *(action for spec in PANELS for action in actions_of(spec.widget).values()),
    *APP_ACTIONS,
    PALETTE,
)


def other_keys(changed: Mapping[str, str]) -> dict[str, str]:
    """By each key that an action has by itself, the one that a configuration gives it instead, by its name."""
    return {own: changed[each.name] for each in DASHBOARD_ACTIONS if each.name in changed for own in each.all_keys}
