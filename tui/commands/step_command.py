"""`nn-tui step`: the text mode, for pipes, screen readers and terminals that cannot draw."""

import os
import sys
from collections.abc import Iterable
from functools import partial
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import click

from ..config import Config, configured
from ..terminal.streams import has_unicode
from ..text.ascii import in_ascii
from ..text.safe import safe
from .config_options import configuring, split_options
from .option_types import TARGET
from .overrides import overriding
from .target import training_of

if TYPE_CHECKING:
    from ...presets.sessions.opened import Opened

LONGEST = 10_000
"""Bytes of a line that are read."""
PROMPT = "> "
BAD_INPUT = 2


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
    return run_in_sentences(training_of(target, changes, config=config), config)


def is_terminal() -> bool:
    """Whether the dashboard can be drawn, be it by a driver that needs no terminal."""
    if os.environ.get("TEXTUAL_DRIVER"):
        return True
    return sys.stdin.isatty() and sys.stdout.isatty() and os.environ.get("TERM") != "dumb"


def run_in_sentences(opened: "Opened", config: Config) -> int:
    """Run the commands of the standard input until it ends."""
    from ...core.notation.notation import Notation
    from ...presets.build import as_trained
    from ..text.preset_summary import summary
    from ..text_mode import PlainSession, answer

    preset, timeline = opened.preset, opened.timeline
    if timeline.changes:
        preset = as_trained(preset, Path(), timeline.trainer)
    is_ascii = config.ascii or not has_unicode(sys.stdout)
    notation = Notation(config.notation or ("indexed" if is_ascii else preset.notation))
    dialogue = PlainSession(opened.experiment, notation, config.decimals_of_text, config.budget, timeline)
    write = partial(_write, is_ascii=is_ascii)
    write([f"{safe(preset.title or preset.name)}: {summary(preset)}. Type help for the commands."])
    if origin := opened.experiment.trainer.train.origin:
        write([f"Data: {safe(origin)}."])
    if opened.against:
        write(map(safe, opened.against.lines))
    write(dialogue.begin())
    while not dialogue.is_over and (line := _line(sys.stdin.buffer)):
        write(answer(dialogue, line.decode("utf-8", errors="replace")))
    return BAD_INPUT if dialogue.has_refused and not sys.stdin.isatty() else 0


def _line(stream: IO[bytes]) -> bytes:
    """The next line; of a very long one the beginning."""
    if stream.isatty():
        click.echo(PROMPT, nl=False)
    line = rest = stream.readline(LONGEST)
    while len(rest) == LONGEST and not rest.endswith(b"\n"):
        rest = stream.readline(LONGEST)
    return line


def _write(lines: Iterable[str], is_ascii: bool) -> None:
    for line in lines:
        click.echo(in_ascii(line) if is_ascii else line)
    sys.stdout.flush()
