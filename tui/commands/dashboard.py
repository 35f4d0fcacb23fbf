"""`nn-tui [TARGET]`: the dashboard."""

from typing import Any

import click

from .overrides import overriding, preset_with


@click.command(hidden=True)
@click.argument("target", required=False)
@click.option("--ascii", "ascii_only", is_flag=True, envvar="NN_TUI_ASCII", help="Draw with ASCII characters alone.")
@overriding
def dashboard(target: str | None, ascii_only: bool, **changes: Any) -> int:
    """Open TARGET in the dashboard; without one, choose a preset."""
    if target is None and any(value is not None for value in changes.values()):
        raise click.UsageError("TARGET: expected the preset that the options are for")
    preset = preset_with(target, **changes) if target else None
    from ..app import NNApp

    app = NNApp(target, preset, ascii_only=ascii_only)
    app.run()
    return app.return_code or 0
