"""`nn-tui [TARGET]`: the dashboard."""

from typing import Any

import click

from ..config import configured
from .config_options import configuring, parted
from .option_types import TARGET
from .overrides import overriding, preset_with
from .screen import on_screen
from .step import is_terminal, lead


@click.command(hidden=True)
@click.argument("target", type=TARGET, required=False)
@configuring()
@overriding
def dashboard(target: str | None, **options: Any) -> int:
    """Open TARGET in the dashboard; without one, choose a preset; without a terminal, step through it in sentences."""
    given, changes = parted(options)
    if target is None and any(value is not None for value in changes.values()):
        raise click.UsageError("TARGET: expected the preset that the options are for")
    preset = preset_with(target, **changes) if target else None
    config = configured(given).config
    if not is_terminal():
        if target is None or preset is None:
            raise click.UsageError(
                "TARGET: expected a preset, as the picker needs a terminal; nn-tui presets lists them"
            )
        return lead(target, preset, config)
    return on_screen(target, config, preset)
