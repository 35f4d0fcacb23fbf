"""All actions: those of the table, those that choose a panel, and those of the panels and of the app."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from msgspec.structs import replace

from ..action import Action, Group, actions_of
from ..keymap import APP_ACTIONS, PALETTE, keymap
from ..panels.page_view import PageView
from ..panels.panel_list import PANELS
from .actions import ACTIONS, TOUR_ACTIONS


def _show(name: str) -> Callable[[Any], None]:
    return lambda dashboard: dashboard.panels.choose(name)


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


def _reached() -> Iterator[Action[Any]]:
    """The actions of the panels for use from other panels; of two with the same key, the first panel's."""
    known = {key for action in PageView.ACTIONS for key in action.keys.split(",")}
    for spec in PANELS:
        for each in vars(spec.widget).get("ACTIONS", ()):
            if each.keys not in known:
                known.add(each.keys)
                yield replace(each, do=_do_in(spec.name, each.name), word="")


def _do_in(panel: str, action: str) -> Callable[[Any], object]:
    return lambda dashboard: dashboard.panels.do_in(panel, action)


REACHED_ACTIONS: tuple[Action[Any], ...] = tuple(_reached())
"""The panels' actions from other panels: they go to their panel first."""
DASHBOARD_ACTIONS: tuple[Action[Any], ...] = (*ACTIONS, *PANEL_ACTIONS)
"""The actions whose keys a configuration can change."""
ALL_ACTIONS: tuple[Action[Any], ...] = (
    *DASHBOARD_ACTIONS,
    *TOUR_ACTIONS,
    *(action for spec in PANELS for action in actions_of(spec.widget).values()),
    *APP_ACTIONS,
    PALETTE,
)


def other_keys(changed: Mapping[str, str]) -> dict[str, str]:
    """The new key of each default key that a configuration changes."""
    return {own: changed[each.name] for each in DASHBOARD_ACTIONS if each.name in changed for own in each.all_keys}


def checked_keys(keys: Mapping[str, str]) -> dict[str, str]:
    """The changed keys of a configuration, by action.

    Raises:
        PresetError: there is no such action or key.
    """
    return keymap(DASHBOARD_ACTIONS, keys)
