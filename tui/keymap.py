"""The keymap: the keys of the app, the key of each action of the dashboard, and the changes of a configuration."""

import string
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from textual.app import App
from textual.binding import Binding, BindingType, InvalidBinding
from textual.keys import Keys

from ..presets.errors import PresetError
from .action import KEY_WORDS, Action, Group
from .config import config_file
from .terminal.signals import HAS_JOB_CONTROL

SHELL = "redraw the screen; suspend the program (fg resumes it)"
QUIT = Action[Any]("quit-at-once", "ctrl+c", "Quit", "quit", Group.PROGRAM, "quit", is_urgent=True)
REDRAW = Action[Any]("redraw", "ctrl+l", "Redraw", SHELL, Group.PROGRAM, "redraw")
SUSPEND = Action[Any](
    "suspend",
    "ctrl+z",
    "Suspend",
    SHELL,
    Group.PROGRAM,
    "suspend_process",
)
PALETTE = Action[Any](
    "command-palette", "ctrl+p", "Palette", "command palette", Group.PROGRAM, "command_palette", is_urgent=True
)
"""Textual binds its key itself."""
APP_ACTIONS = (QUIT, REDRAW, *((SUSPEND,) if HAS_JOB_CONTROL else ()))


def binding(action: Action[Any], *, has_name: bool = False) -> Binding:
    """The binding of an action; a configuration can change it by its name."""
    return Binding(
        action.keys,
        action.do if isinstance(action.do, str) else f"do({action.name!r})",
        action.label,
        show=bool(action.word),
        priority=action.is_urgent,
        key_display=action.display or None,
        tooltip=action.help,
        id=action.name if has_name else None,
    )


def bindings(actions: Iterable[Action[Any]], *, has_names: bool = False) -> list[BindingType]:
    """The keys of some actions."""
    return [binding(each, has_name=has_names) for each in actions]


def shown_key(app: App[Any], binding: Binding) -> str:
    """The key of a binding, as the key line and the palette write it."""
    return binding.key_display or KEY_WORDS.get(binding.key) or App.get_key_display(app, binding)


RENAMED = {
    "alter-the-number": "edit-the-number",
    "sizes-as-at-first": "reset-sizes",
    "twin": "copy-in-nn-tui",
}
"""Names of actions in earlier configurations, and their current names."""


def keymap(actions: Iterable[Action[Any]], asked: Mapping[str, str]) -> dict[str, str]:
    """The changed keys, by action.

    Raises:
        PresetError: there is no such action or key, or two actions have the same one.
    """
    own = {each.name: each.keys for each in actions}
    asked = {RENAMED.get(action, action): _with_names(keys) for action, keys in asked.items()}
    for action, keys in asked.items():
        if action not in own:
            raise PresetError(
                str(config_file()), "keys", f"no action is named {action[:40]!r}: known are {', '.join(own)}"
            )
        _check_key(action, keys)
    _check_for_doubles({**own, **asked})
    return dict(asked)


def _check_key(action: str, keys: str) -> None:
    for name in _names(keys) or [""]:
        if name.rpartition("+")[2] not in _known():
            expected = "expected a key such as s, S, f5, space or ctrl+r, or several with commas between them"
            raise PresetError(str(config_file()), f"keys.{action}", f"{expected}, got {keys[:40]!r}")


def _check_for_doubles(keys_of: Mapping[str, str]) -> None:
    taken: dict[str, str] = {}
    for action, keys in keys_of.items():
        for key in _names(keys):
            other = taken.setdefault(key, action)
            if other != action:
                raise PresetError(
                    str(config_file()),
                    "keys",
                    f"{key} would be the key of both {other} and {action}: expected one of them",
                )


def _with_names(keys: str) -> str:
    """The keys with Textual's names, where the user wrote the words of the screen."""
    name_of = {word: name for name, word in KEY_WORDS.items()}
    return ",".join(name_of.get(each.strip(), each) for each in keys.split(","))


def _names(keys: str) -> list[str]:
    """Textual's names of keys, separated by commas; empty for an invalid list."""
    try:
        return [each.key for each in Binding.make_bindings([Binding(keys, "")])]
    except InvalidBinding:
        return []


@cache
def _known() -> frozenset[str]:
    """Names of keys without ctrl, alt and shift."""
    printable = (name for each in string.printable if each != "," for name in _names(each))
    return frozenset([*(key.value for key in Keys), *printable, *string.printable.strip(), "comma"])
