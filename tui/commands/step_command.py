"""`nn-tui step`: the text mode, for pipes, screen readers and terminals that cannot draw."""

import os
import sys
from typing import TYPE_CHECKING, Any

import click

from ..config import Config, configured
from .config_options import configuring, split_options
from .option_types import TARGET
from .overrides import overriding
from .target import training_of

if TYPE_CHECKING:
    from ...presets.opened import Opened


@click.command("step")
@click.argument("target", type=TARGET)
@configuring("notation", "decimals", "memory_budget", "data_budget", "ascii")
@overriding
def step_command(target: str, **options: Any) -> int:
    """Step through TARGET in text mode.

    It reads commands from the standard input, one per line; help lists them.

    nn-tui TARGET does the same if the output is not a terminal, or is one that cannot draw (TERM=dumb). If a command of
    a pipe or a file was wrong, the exit status is 2.
    """
    given, changes = split_options(options)
    config = configured(given).config
    return run_text_mode(training_of(target, changes, config=config), config)


def run_text_mode(opened: "Opened", config: Config) -> int:
    """Run the commands of the standard input until it ends; the exit status."""
    from ..text_mode import run_in_sentences

    return run_in_sentences(opened, config)


def is_terminal() -> bool:
    """Whether the dashboard can be drawn, even by a driver that needs no terminal."""
    if os.environ.get("TEXTUAL_DRIVER"):
        return True
    return sys.stdin.isatty() and sys.stdout.isatty() and os.environ.get("TERM") != "dumb"
