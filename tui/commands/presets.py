"""`nn-tui presets`: what there is to open."""

import click

from ...presets.catalogue import find, names, own_names
from ...presets.errors import PresetError
from ...presets.preset_file import read
from ...presets.user import path_of
from ..text.safe import safe


@click.command()
def presets() -> None:
    """List the presets; own ones are TOML files in a folder, which nn-tui config names."""
    shipped, own = names(), own_names()
    width = max(len(safe(name)) for name in [*shipped, *own])
    for name in shipped:
        click.echo(f"{name:<{width}}  {find(name).title}")
    for name in own:
        click.echo(f"{safe(name):<{width}}  {_own(name)}")


def _own(name: str) -> str:
    """What there is to say of an own preset; of a broken one, what is wrong."""
    try:
        return f"{safe(read(path_of(name)).title)} (own)".lstrip()
    except PresetError as error:
        return f"(own, broken) {safe(str(error))}"
