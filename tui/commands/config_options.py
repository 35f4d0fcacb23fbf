"""The options that configure the program for one call."""

from collections.abc import Callable
from typing import Any, TypeVar, get_args

import click

from ...presets.schema import NotationName
from ..config import SINGLE
from .option_types import Name

Command = TypeVar("Command", bound=Callable[..., Any])
OPTIONS = {
    "theme": click.option("--theme", metavar="NAME", help="The colours."),
    "notation": click.option(
        "--notation",
        type=Name(get_args(NotationName)),
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


def configuring(*names: str) -> Callable[[Command], Command]:
    """Give a command options that configure the program: these, or all."""

    def give(command: Command) -> Command:
        for name in reversed(names or SINGLE):
            command = OPTIONS[name](command)
        return command

    return give


def parted(options: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """The options that configure the program, and the others."""
    return (
        {name: value for name, value in options.items() if name in SINGLE},
        {name: value for name, value in options.items() if name not in SINGLE},
    )
