"""Where a command writes: a file, or the standard output."""

from collections.abc import Iterable
from pathlib import Path

import click


def _place(ctx: click.Context, param: click.Parameter, value: str | None) -> Path | None:
    """The file that was named, refused before anything is computed where it cannot be written."""
    if value is None:
        return None
    from ...presets.atomic_write import check_writable

    check_writable(path := Path(value))
    return path


OUTPUT = click.option(
    "--output",
    type=click.Path(),
    callback=_place,
    help="The file to write, in UTF-8; without it, the standard output.",
)


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
    if output is None:
        click.echo(text)
    else:
        write_data(f"{text}\n".encode(), output)
