"""The options that configure the program for one call."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, get_args

import click

from ...presets.schema import NotationName, Preset
from ..config import SINGLE, configured
from ..terminal.streams import has_unicode
from .option_types import OneOf
from .output import is_ascii

if TYPE_CHECKING:
    from ...core.quantities.notation import Notation

Command = TypeVar("Command", bound=Callable[..., Any])
OPTIONS = {
    "theme": click.option("--theme", metavar="NAME", help="The colours."),
    "notation": click.option(
        "--notation",
        type=OneOf(get_args(NotationName)),
        help="How weights and neurons are named; else as the preset says.",
    ),
    "decimals": click.option("--decimals", type=click.IntRange(3, 12), help="Of each number."),
    "fps": click.option("--fps", type=click.IntRange(1, 60), help="Frames a second while training runs."),
    "memory_budget": click.option("--memory-budget", type=click.IntRange(1, 4096), help="MiB for past steps."),
    "autosave": click.option(
        "--autosave", type=click.FloatRange(0.1, 3600), metavar="SECONDS", help="How often a training is kept."
    ),
    "quiet": click.option("--quiet/--no-quiet", default=None, help="Draw seldom, for a slow link."),
    "ascii": click.option("--ascii/--no-ascii", default=None, help="Draw with plain characters alone."),
}

DECIMALS = click.option(
    "--decimals", type=click.IntRange(0, 17), help="Of each number; else as configured, which is 6 by itself."
)


def configuring(*names: str) -> Callable[[Command], Command]:
    """Give a command options that configure the program: these, or all."""

    def give(command: Command) -> Command:
        for name in reversed(names or SINGLE):
            command = OPTIONS[name](command)
        return command

    return give


def split_options(options: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """The options that configure the program, and the others."""
    return (
        {name: value for name, value in options.items() if name in SINGLE},
        {name: value for name, value in options.items() if name not in SINGLE},
    )


def notation_and_decimals(
    preset: Preset, notation: str | None, decimals: int | None, output: Path | None
) -> "tuple[Notation, int]":
    """How numbers are named and with how many decimals: as the options say, or the configuration, or the preset.

    Where the output has no small figures, weights are named without them; a file has them, unless ASCII is asked for.
    """
    from ...core.quantities.notation import Notation

    config = configured({}).config
    places = config.decimals_of_text if decimals is None else decimals
    has_figures = not is_ascii() and (output or has_unicode(sys.stdout))
    usual = preset.notation if has_figures else "indexed"
    return Notation(notation or config.notation or usual), places


def notation_option(command: Command) -> Command:
    """Give a command the option that chooses labels."""
    choice = OneOf(get_args(NotationName))
    return click.option("--notation", type=choice, help="How weights and neurons are named; else as the preset says.")(
        command
    )
