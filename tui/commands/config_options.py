"""The options that configure the program for one call."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, get_args

import click

from ...core.notation.notation_names import NotationName
from ...presets.data_budget import MOST_MIB
from ..config import SINGLE, configured
from ..terminal.streams import has_unicode
from .option_types import OneOf, WholeNumber
from .output import is_ascii

if TYPE_CHECKING:
    from ...core.notation.notation import Notation
    from ...presets.schema import Preset

Command = TypeVar("Command", bound=Callable[..., Any])
OPTIONS = {
    "theme": click.option("--theme", metavar="NAME", help="Colour theme."),
    "notation": click.option(
        "--notation",
        type=OneOf(get_args(NotationName)),
        help="Notation of weights and neurons; the default is the preset's.",
    ),
    "decimals": click.option("--decimals", type=WholeNumber(3, 12), help="Decimal places of each number."),
    "fps": click.option("--fps", type=WholeNumber(1, 60), help="Frames per second while training runs."),
    "memory_budget": click.option("--memory-budget", type=WholeNumber(1, 4096), help="Memory for past steps, in MiB."),
    "data_budget": click.option(
        "--data-budget", type=WholeNumber(1, MOST_MIB), help="Memory for the examples of a training, in MiB."
    ),
    "start_pace": click.option(
        "--start-pace",
        type=click.FloatRange(0, 8000),
        metavar="PACE",
        help="Updates per second at the start of a run, which gets faster by itself; 0 for full speed at once.",
    ),
    "autosave": click.option(
        "--autosave", type=click.FloatRange(0.1, 3600), metavar="SECONDS", help="Seconds between automatic saves."
    ),
    "quiet": click.option("--quiet/--no-quiet", default=None, help="Draw less often, for a slow connection."),
    "show_keys": click.option(
        "--show-keys/--no-show-keys", default=None, help="Show the last key and its action, for an audience."
    ),
    "ascii": click.option("--ascii/--no-ascii", default=None, help="Draw with ASCII characters only."),
}

DECIMALS = click.option(
    "--decimals",
    type=WholeNumber(0, 17),
    help="Decimal places of each number; the default is the configured number, or 6.",
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
    preset: "Preset", notation: str | None, decimals: int | None, output: Path | None
) -> "tuple[Notation, int]":
    """How numbers are named and with how many decimals: as the options say, or the configuration, or the preset.

    Where the output has no small figures, weights are named without them; a file has them, unless ASCII is asked for.
    """
    from ...core.notation.notation import Notation

    config = configured({}).config
    places = config.decimals_of_text if decimals is None else decimals
    has_figures = not is_ascii() and (output or has_unicode(sys.stdout))
    usual = preset.notation if has_figures else "indexed"
    return Notation(notation or config.notation or usual), places


def notation_option(command: Command) -> Command:
    """Give a command the option that chooses labels."""
    choice = OneOf(get_args(NotationName))
    return click.option(
        "--notation", type=choice, help="Notation of weights and neurons; the default is the preset's."
    )(command)
