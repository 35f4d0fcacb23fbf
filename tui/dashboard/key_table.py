"""The table of all keys, for the help and docs/keys.md."""

from ..app_actions import APP_ACTIONS, PALETTE
from .action import Group, actions_of, key_rows
from .actions import TOUR_ACTIONS
from .panel_list import DASHBOARD_ACTIONS, PANELS


def key_table(group: Group | None = None) -> list[tuple[str, str]]:
    """Keys with blanks between them, and what they do; of one group, or of all."""
    own = [action for spec in PANELS for action in actions_of(spec.widget).values()]
    actions = (*DASHBOARD_ACTIONS, *TOUR_ACTIONS, *own, *APP_ACTIONS, PALETTE)
    return key_rows(action for action in actions if group in (None, action.group))
