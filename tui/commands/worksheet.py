"""`nn-tui worksheet`: an update by hand."""

from pathlib import Path
from typing import Any

import click

from ...presets.catalogue import folder_of
from ..text.safe import safe
from .option_types import TARGET
from .output import OUTPUT, write_text
from .overrides import overriding, preset_with
from .step_option import DECIMALS, STEP, as_configured, at_step, notation_option


@click.command()
@click.argument("target", type=TARGET)
@STEP
@click.option("--format", "form", type=click.Choice(["markdown", "latex"]), default="markdown", show_default=True)
@click.option("--answers", is_flag=True, help="Fill in the numbers.")
@notation_option
@DECIMALS
@OUTPUT
@overriding
def worksheet(
    target: str,
    step: int,
    form: str,
    answers: bool,
    notation: str | None,
    decimals: int | None,
    output: Path | None,
    **changes: Any,
) -> int:
    """Write a whole update of TARGET as a worksheet, blank or with the answers.

    It leads through the forward pass, the loss, the backward pass and the update.
    """
    from ..text import worksheet as texts

    preset = preset_with(target, **changes)
    trainer, backward, _ = at_step(preset, folder_of(target), step, "written down")
    if fault := texts.too_large(backward):
        raise click.UsageError(f"TARGET: {fault}")
    kind, places = as_configured(preset, notation, decimals, output)
    sheet = texts.Worksheet(safe(preset.title or preset.name), trainer, backward, kind, places, answers)
    write_text(texts.worksheet_markdown(sheet) if form == "markdown" else texts.worksheet_latex(sheet), output)
    return 0
