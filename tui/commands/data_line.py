"""The line that says how a data file was read."""

from typing import TYPE_CHECKING

import click

from ..text.safe import safe

if TYPE_CHECKING:
    from ...core.training.dataset import Dataset


def say_data(data: "Dataset") -> None:
    """Say on the standard error how the file was read that the examples are from; nothing where there is none."""
    if data.origin:
        click.echo(safe(data.origin), err=True)
