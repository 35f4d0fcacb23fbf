"""`nn-tui export`: a step for other programs."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ...presets.catalogue import folder_of
from ...presets.examples import complete
from ...presets.schema import Preset
from .overrides import overriding, preset_with
from .step_option import STEP, at_step

if TYPE_CHECKING:
    from ...core.training.events import BackwardPass

TEXTS = ("csv", "json", "toml")
BINARIES = ("npz", "safetensors")


@click.command()
@click.argument("target")
@STEP
@click.option("--format", "form", type=click.Choice([*TEXTS, *BINARIES]), required=True)
@click.option("--output", type=click.Path(), help="The file to write; without it, the standard output.")
@overriding
def export(target: str, step: int, form: str, output: str | None, **changes: Any) -> int:
    """Write a step of TARGET for other programs.

    csv and json are every number of the step, as train --trace has them. toml is the preset with the weights of the
    step, which opens again to the same numbers; the optimizer's memory is no part of it. npz and safetensors are the
    weights, under the names that PyTorch's Sequential(Linear, activation, Linear, …) gives them.
    """
    if output is None and form in BINARIES and sys.stdout.isatty():
        raise click.UsageError(f"--output: expected a file, as {form} is nothing to read on a terminal")
    folder = folder_of(target)
    preset = complete(preset_with(target, **changes), folder)
    _, backward, _ = at_step(preset, folder, step, "exported")
    data = _written(form, preset, folder, backward)
    if output is None:
        click.echo(data, nl=False)
    else:
        from ...presets.sessions.replacing import replace

        replace(Path(output), data)
    return 0


def _written(form: str, preset: Preset, folder: Path, backward: "BackwardPass") -> bytes:
    import msgspec

    from ...presets.exporting.present import present
    from ...presets.exporting.tensors import npz, safetensors, tensors
    from ...presets.exporting.toml_text import toml_text
    from ...presets.toml_file import MOST_BYTES
    from ..text.tables import csv_table
    from ..text.trace import trace

    match form:
        case "csv":
            return csv_table(backward).encode()
        case "json":
            return msgspec.json.format(msgspec.json.encode(trace(backward))) + b"\n"
        case "toml":
            text = toml_text(present(preset, folder, backward.state)).encode()
            if len(text) > MOST_BYTES:
                raise click.UsageError(
                    f"--format: too large to open again as toml: expected at most {MOST_BYTES:,} bytes"
                )
            return text
        case "npz":
            return npz(tensors(backward.state))
        case _:
            return safetensors(tensors(backward.state))
