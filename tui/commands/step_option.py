"""Running TARGET to the step that a command is about."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, get_args

import click

from ...presets.schema import NotationName, Preset
from ..config import configured
from ..ending import NotFinite
from ..terminal.streams import has_unicode
from .option_types import Name
from .output import is_ascii

if TYPE_CHECKING:
    from ...core.notation import Notation
    from ...core.training.events import BackwardPass, Updated
    from ...core.training.state import State
    from ...core.training.trainer import Trainer

Command = TypeVar("Command", bound=Callable[..., Any])
FARTHEST = 10_000_000
"""The last step that a command runs to."""
STEP = click.option(
    "--step", type=click.IntRange(0, FARTHEST), help="After so many updates; else 0, or where a session was left."
)
DECIMALS = click.option(
    "--decimals", type=click.IntRange(0, 17), help="Of each number; else as configured, which is 6 by itself."
)


def run_to(trainer: "Trainer", state: "State", step: int, verb: str) -> "tuple[BackwardPass, Updated | None]":
    """What comes of a state at a step, with the update that led to it.

    Raises:
        NotFinite: training fails on the way.
    """
    from ...core.training.events import Failed, Finished, Updated
    from ...core.training.stop import Stop

    before = None
    for event in trainer.events(state, Stop(steps=step)):
        match event:
            case Updated():
                before = event
            case Failed(reason=reason):
                raise NotFinite(f"step {step} cannot be {verb}: {reason}")
            case Finished(backward=backward):
                return backward, before
    raise AssertionError("a training ends with Finished or Failed")


def as_configured(
    preset: Preset, notation: str | None, decimals: int | None, output: Path | None
) -> "tuple[Notation, int]":
    """How numbers are named and with how many decimals: as the options say, or the configuration, or the preset.

    Where the output has no small figures, weights are named without them; a file has them, unless ASCII is asked for.
    """
    from ...core.notation import Notation

    config = configured({}).config
    places = config.decimals_of_text if decimals is None else decimals
    has_figures = not is_ascii() and (output or has_unicode(sys.stdout))
    usual = preset.notation if has_figures else "indexed"
    return Notation(notation or config.notation or usual), places


def notation_option(command: Command) -> Command:
    """Give a command the option that chooses labels."""
    choice = Name(get_args(NotationName))
    return click.option("--notation", type=choice, help="How weights and neurons are named; else as the preset says.")(
        command
    )
