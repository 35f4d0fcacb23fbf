"""`nn-tui presets`: the list of presets."""

from typing import Any

import click

from ...presets.catalogue import builtin_names, find, user_names
from ...presets.errors import PresetError
from ...presets.preset_faults import activation_names
from ...presets.preset_file import read_preset
from ...presets.rule_tables import tag_of
from ...presets.user import user_path
from ..text.safe import json_text, safe


@click.command("presets")
@click.option("--json", "as_json", is_flag=True, help="Write name, title, layers, loss and more of each as JSON.")
def presets_command(as_json: bool) -> None:
    """List the presets, including your own.

    nn-tui config shows the folder of your own presets.
    """
    shipped, own = builtin_names(), user_names()
    if as_json:
        click.echo(json_text([_as_data(name, is_own=name in own) for name in (*shipped, *own)]))
        return
    width = max(len(safe(name)) for name in [*shipped, *own])
    for name in shipped:
        click.echo(f"{name:<{width}}  {find(name).title}")
    for name in own:
        click.echo(f"{safe(name):<{width}}  {_own(name)}")


def _as_data(name: str, *, is_own: bool) -> dict[str, Any]:
    """The description of a preset; for a broken preset, its fault."""
    try:
        preset = find(name)
    except PresetError as error:
        return {"name": name, "own": is_own, "error": str(error)}
    training, optimizer = preset.training, preset.training.optimizer
    return {
        "name": name,
        "own": is_own,
        "title": preset.title,
        "summary": preset.summary,
        "layers": preset.network.layers,
        "activations": activation_names(preset.network),
        "loss": training.loss,
        "optimizer": optimizer if isinstance(optimizer, str) else tag_of(optimizer),
        "learning_rate": training.learning_rate,
        "printed": len(preset.published),
    }


def _own(name: str) -> str:
    """The description of the user's preset; for a broken preset, its fault."""
    try:
        return f"{safe(read_preset(user_path(name)).title)} (own)".lstrip()
    except PresetError as error:
        return f"(own, unreadable) {safe(str(error))}"
