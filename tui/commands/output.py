"""Output of commands: to a file or the standard output, with notes on the standard error."""

from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ..config import configured
from ..terminal import streams
from ..text.ascii import in_ascii
from ..text.numbers import counted
from ..text.safe import safe
from .option_types import FILE_NAME

if TYPE_CHECKING:
    from ...core.data.dataset import Dataset

NOTES = "nn_tui.notes"
"""Key of the notes that a command shows once it has succeeded."""
IN_ASCII = "nn_tui.in_ascii"
"""Key of whether a command writes in ASCII."""


def _place(ctx: click.Context, param: click.Parameter, value: str | None) -> Path | None:
    """The file of --output, checked to be writable before anything is computed."""
    if value is None:
        return None
    from ...presets.atomic_write import check_writable, file_at

    check_writable(path := file_at(value))
    return path


OUTPUT = click.option(
    "-o",
    "--output",
    type=FILE_NAME,
    callback=_place,
    help="Write to this file, in UTF-8, instead of the standard output.",
)


def _choose_ascii(ctx: click.Context, param: click.Parameter, value: bool | None) -> None:
    """Write in ASCII where the option or the configuration says so."""
    if not ctx.resilient_parsing and configured({"ascii": value}).config.ascii:
        ctx.meta[IN_ASCII] = True
        streams.write_in_ascii()


ASCII = click.option(
    "--ascii/--no-ascii",
    default=None,
    expose_value=False,
    callback=_choose_ascii,
    help="Write ASCII characters only; the default is the configuration's.",
)


def is_ascii() -> bool:
    """Whether the current command shall write nothing but ASCII, to a file too."""
    return bool(click.get_current_context().meta.get(IN_ASCII))


def write_data(data: bytes | Iterable[bytes], output: Path | None) -> None:
    """Write the bytes of a file, whole or piece by piece."""
    if output is None:
        for piece in [data] if isinstance(data, bytes) else data:
            click.echo(piece, nl=False)
        return
    from ...presets.atomic_write import atomic_write

    atomic_write(output, data)


def write_text(text: str, output: Path | None) -> None:
    """Write a text: to a file in UTF-8 and with line feeds on every system, to the standard output as that has it."""
    text = in_ascii(text) if is_ascii() else text
    if output is None:
        click.echo(text)
    else:
        write_data(f"{text}\n".encode(), output)


def say_later(note: str) -> None:
    """Keep a note until the command has succeeded, so that an error comes alone."""
    if context := click.get_current_context(silent=True):
        context.meta.setdefault(NOTES, []).append(note)


def say_notes() -> None:
    """Say on the standard error the notes that were kept."""
    context = click.get_current_context(silent=True)
    for note in context.meta.pop(NOTES, []) if context else ():
        click.echo(f"nn-tui: {note}", err=True)


def say_data(data: "Dataset") -> None:
    """Say on the standard error how the file was read that the examples are from; nothing if there is none."""
    if data.origin:
        click.echo(safe(data.origin), err=True)


def verdict_counts(verdicts: Iterable[str]) -> str:
    """How often each verdict was found, as "23 agree, 4 are explained"."""
    return ", ".join(counted(count, verdict) for verdict, count in Counter(verdicts).items())
