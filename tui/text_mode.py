"""The text mode: commands come from the standard input, one a line, and each is answered in sentences."""

import sys
from collections.abc import Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import IO

import click

from ..core.notation.notation import Notation
from ..core.typed_number import quoted
from ..presets.build import as_trained
from ..presets.opened import Opened
from .config import Config
from .dashboard.actions import VERBS
from .plain_session import PlainSession
from .terminal.streams import has_unicode
from .text.ascii import in_ascii
from .text.preset_summary import summary
from .text.safe import safe

LONGEST = 10_000
"""The most bytes of a line."""
PROMPT = "> "
BAD_INPUT = 2
VERB_OF = {word: verb for verb in VERBS for word in verb.words}


def answer(session: PlainSession, line: str) -> Iterator[str]:
    """Run the command of a line, or answer with one line that reports the error."""
    word, _, rest = line.strip().partition(" ")
    if not word:
        return
    verb = VERB_OF.get(word) or VERB_OF.get(word.lower())
    try:
        if verb is None:
            raise ValueError(f"no command is named {quoted(word)}; help lists them")
        yield from verb.do(session, rest.strip())
    except (ValueError, IndexError, RuntimeError) as error:
        session.has_refused = True
        yield f"error: {safe(str(error))}"
    except KeyboardInterrupt:
        yield from session.interrupt()


def run_in_sentences(opened: Opened, config: Config) -> int:
    """Run the commands of the standard input until its end; the exit status."""
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
    """The next line; of a very long one, only the beginning."""
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
