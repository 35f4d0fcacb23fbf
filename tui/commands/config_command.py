"""`nn-tui config`: the configuration, and the source of each value."""

import os
from pathlib import Path
from typing import Any

import click

from ...presets.user import user_folder
from ..config import NAMES, Config, Configured, config_file, configured
from ..text.safe import json_text, safe
from .config_options import configuring

WIDTH = max(map(len, NAMES))


@click.command("config")
@click.option("--json", "as_json", is_flag=True, help="Write everything as JSON.")
@configuring()
def config_command(as_json: bool, **given: Any) -> None:
    """Show the configuration and where each value comes from.

    It shows the configuration file, the folder of your presets, and each value. The command line overrides the
    environment (such as NN_TUI_FPS=4), which overrides the file.
    """
    found = configured(given)
    _check(found.config)
    click.echo(json_text(_as_data(found)) if as_json else _text(found))


def _check(config: Config) -> None:
    """Let the app say what is wrong with names that it alone knows: themes, and actions that have keys."""
    if config.theme or config.keys:
        from ..app import NNApp
        from ..dashboard.all_actions import checked_keys

        NNApp(config=config)
        checked_keys(config.keys)


def _as_data(found: Configured) -> dict[str, Any]:
    file = config_file()
    values = {name: {"value": getattr(found.config, name), "source": found.sources[name]} for name in NAMES}
    return {
        "file": _name(file),
        "exists": file.exists(),
        "presets": _name(user_folder()),
        "values": values,
        "engine": _engine(),
    }


def _engine() -> str:
    """What computes updates."""
    from ...core.engine.choice import installed_engine

    return installed_engine()


def _name(path: Path) -> str:
    """The name of a file as JSON can contain it, in valid UTF-8."""
    return os.fsencode(path).decode(errors="backslashreplace")


def _text(found: Configured) -> str:
    file = config_file()
    lines = [f"file: {safe(str(file))} ({'read' if file.exists() else 'not there'})"]
    lines += [f"own presets: {safe(str(user_folder()))} ({'read' if user_folder().exists() else 'not there'})"]
    lines += [f"{name:<{WIDTH}}  {_value(name, found)}  ({found.sources[name]})" for name in NAMES]
    return "\n".join([*lines, f"engine: {_engine()}"])


def _value(name: str, found: Configured) -> str:
    match getattr(found.config, name):
        case None:
            return "the preset's" if name == "notation" else "the program's"
        case bool() as flag:
            return "yes" if flag else "no"
        case dict() as keys:
            return safe(", ".join(f"{action}: {key}" for action, key in keys.items())) or "none"
        case value:
            return safe(str(value))
