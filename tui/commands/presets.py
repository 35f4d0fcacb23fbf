"""`nn-tui presets`: what there is to open."""

import click

from ...presets.catalogue import find, names


@click.command()
def presets() -> None:
    """List the presets."""
    width = max(map(len, names()))
    for name in names():
        click.echo(f"{name:<{width}}  {find(name).title}")
