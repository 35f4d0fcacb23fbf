"""`nn-tui presets`: what there is to open."""

import click

from ...presets.catalogue import builtin_names, find, user_names
from ...presets.errors import PresetError
from ...presets.preset_file import read_preset
from ...presets.user import user_path
from ..text.safe import safe


@click.command("presets")
def presets_command() -> None:
    """List the presets, including your own.

    nn-tui config shows the folder of your own presets.
    """
    shipped, own = builtin_names(), user_names()
    width = max(len(safe(name)) for name in [*shipped, *own])
    for name in shipped:
        click.echo(f"{name:<{width}}  {find(name).title}")
    for name in own:
        click.echo(f"{safe(name):<{width}}  {_own(name)}")


def _own(name: str) -> str:
    """What there is to say of an own preset; of a broken one, what is wrong."""
    try:
        return f"{safe(read_preset(user_path(name)).title)} (own)".lstrip()
    except PresetError as error:
        return f"(own, unreadable) {safe(str(error))}"
