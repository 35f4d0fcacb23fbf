"""`nn-tui worksheet`: an update by hand."""

from pathlib import Path
from typing import Any

import click

from ..text.safe import safe
from .config_options import DECIMALS, notation_and_decimals, notation_option
from .option_types import TARGET, OneOf
from .output import ASCII, OUTPUT, write_text
from .overrides import overriding
from .target import STEP, at_step, training_of


@click.command("worksheet")
@click.argument("target", type=TARGET)
@STEP
@click.option(
    "--format",
    "form",
    type=OneOf(["markdown", "latex"]),
    default="markdown",
    show_default=True,
    help="Format of the output.",
)
@click.option("--answers", is_flag=True, help="Fill in the answers.")
@click.option(
    "--round",
    "is_rounded",
    is_flag=True,
    help="Compute with the rounded numbers, as by hand: each result is rounded to the printed decimals.",
)
@notation_option
@DECIMALS
@ASCII
@OUTPUT
@overriding
def worksheet_command(
    target: str,
    step: int | None,
    form: str,
    answers: bool,
    is_rounded: bool,
    notation: str | None,
    decimals: int | None,
    output: Path | None,
    **changes: Any,
) -> int:
    """Write a worksheet for one update of TARGET.

    The worksheet, blank or with the answers, covers the forward pass, the loss, the backward pass and the update.
    """
    from ..text import worksheet as texts

    opened = training_of(target, changes, step)
    preset = opened.preset
    trainer, backward, _ = at_step(opened, step, "written down")
    if fault := texts.too_large(backward):
        raise click.UsageError(f"TARGET: {fault}")
    kind, places = notation_and_decimals(preset, notation, decimals, output)
    sheet = texts.Worksheet(safe(preset.title or preset.name), trainer, backward, kind, places, answers, is_rounded)
    write_text(texts.worksheet_markdown(sheet) if form == "markdown" else texts.worksheet_latex(sheet), output)
    return 0
