"""`nn-tui [TARGET]`: the dashboard."""

from typing import Any

import click

from ...presets.catalogue import builtin_names, user_names
from ...presets.target import TargetError, is_saved
from ..config import configured
from .config_options import configuring, parted
from .option_types import TARGET
from .overrides import overriding, preset_with
from .screen import on_screen
from .step import is_terminal, lead
from .target import training_of


@click.command(hidden=True)
@click.argument("target", type=TARGET, required=False)
@configuring()
@overriding
def dashboard(target: str | None, **options: Any) -> int:
    """Open TARGET in the dashboard; without one, choose a preset; without a terminal, step through it in sentences."""
    given, changes = parted(options)
    if target is None:
        return _picker(given, changes)
    try:
        return show(target, given, changes)
    except TargetError:
        raise TargetError(target, [*_commands(), *builtin_names(), *user_names()], "command or preset") from None


def show(target: str, given: dict[str, Any], changes: dict[str, Any]) -> int:
    """Open TARGET on the screen, or in sentences where there is none; the exit status."""
    config = configured(given).config
    if not is_terminal():
        return lead(training_of(target, changes, budget=config.budget), config)
    if is_saved(target):
        opened = training_of(target, changes, budget=config.budget)
        return on_screen(opened.preset.name, config, opened=opened)
    return on_screen(target, config, preset_with(target, **changes))


def _picker(given: dict[str, Any], changes: dict[str, Any]) -> int:
    if any(value is not None for value in changes.values()):
        raise click.UsageError("TARGET: expected the preset that the options are for")
    config = configured(given).config
    if not is_terminal():
        raise click.UsageError("TARGET: expected a preset, as the picker needs a terminal; nn-tui presets lists them")
    return on_screen(None, config)


def _commands() -> list[str]:
    group = click.get_current_context().find_root().command
    return list(group.commands) if isinstance(group, click.Group) else []
