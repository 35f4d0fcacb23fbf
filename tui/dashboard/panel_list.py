"""The panels of the dashboard in the order of their keys, and the actions of those keys."""

from collections.abc import Callable
from typing import Any

from ..panels import (
    explain_panel,
    gradients_panel,
    loss_panel,
    network_panel,
    parameters_panel,
    picture_panel,
    steps_panel,
)
from .action import Action, Group
from .actions import ACTIONS

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
