"""The panels of the dashboard in the order of their keys, the actions of those keys, and the table of all keys."""

from collections.abc import Callable
from typing import Any

from ..action import Action, Group, actions_of, key_rows
from ..keymap import APP_ACTIONS, PALETTE
from ..panels import (
    explain_panel,
    gradients_panel,
    loss_panel,
    network_panel,
    parameters_panel,
    picture_panel,
    steps_panel,
)
from .actions import ACTIONS, TOUR_ACTIONS

PANELS = (
    network_panel.SPEC,
    parameters_panel.SPEC,
    gradients_panel.SPEC,
    loss_panel.SPEC,
    explain_panel.SPEC,
    picture_panel.SPEC,
    steps_panel.SPEC,
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


def key_table(group: Group | None = None) -> list[tuple[str, str]]:
    """Keys with blanks between them, and what they do; of one group, or of all."""
    own = [action for spec in PANELS for action in actions_of(spec.widget).values()]
    actions = (*DASHBOARD_ACTIONS, *TOUR_ACTIONS, *own, *APP_ACTIONS, PALETTE)
    return key_rows(action for action in actions if group in (None, action.group))
