"""The table of all keys, as the help and the README have it."""

from ..app_actions import APP_ACTIONS, PALETTE
from .action import actions_of, key_rows
from .actions import TOUR_ACTIONS
from .panel_list import DASHBOARD_ACTIONS, PANELS


def key_table() -> list[tuple[str, str]]:
    """Keys with blanks between them, and what they do."""
    own = [action for spec in PANELS for action in actions_of(spec.widget).values()]
    return key_rows((*DASHBOARD_ACTIONS, *TOUR_ACTIONS, *own, *APP_ACTIONS, PALETTE))
