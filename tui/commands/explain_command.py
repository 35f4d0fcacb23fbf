"""`nn-tui explain`: where a number comes from."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import click

from .config_options import DECIMALS, notation_and_decimals, notation_option
from .option_types import TARGET, LateOneOf
from .output import ASCII, OUTPUT, write_text
from .overrides import overriding
from .target import STEP, at_step, training_of


def _formats() -> Iterable[str]:
    from ..exports import EXPLANATIONS

    return EXPLANATIONS


@click.command("explain")
@click.argument("target", type=TARGET)
@click.argument("name", metavar="[NAME]", required=False)
@click.option(
    "--quantity", metavar="NAME", help='Such as "dw1[4,3]", "a2[1]@3", "loss" or "next-w1[4,3]"; the same as NAME.'
)
@STEP
@click.option(
    "--format", "form", type=LateOneOf(_formats), default="text", show_default=True, help="Format of the output."
)
@click.option("--json", "as_json", is_flag=True, help="Write equations, factors, routes and contributions as JSON.")
@notation_option
@DECIMALS
@ASCII
@OUTPUT
@overriding
def explain_command(
    target: str,
    name: str | None,
    quantity: str | None,
    step: int | None,
    form: str,
    as_json: bool,
    notation: str | None,
    decimals: int | None,
    output: Path | None,
    **changes: Any,
) -> int:
    """Explain where the number NAME of TARGET comes from.

    It shows the equation, the equation with the numbers filled in, and the result.

    The name of a quantity has layer, to and from, counted from 1: w2[1,3] b1[4] z1[2] a2[1] dw… db… dz… da… loss.
    @3 means the third example of the batch, next- the value after the next update, last- the value one step before.
    """
    from ...core.explaining.explain import explain
    from ...core.quantities.quantity import Quantity
    from ..exports import EXPLANATIONS
    from ..text.explanation import explanation_data
    from ..text.safe import json_text

    asked = quantity or name
    if asked is None or (name and quantity):
        raise click.UsageError(f'expected the name of one number, such as nn-tui explain {target} "dw1[1,1]"')
    opened = training_of(target, changes, step)
    kind, places = notation_and_decimals(opened.preset, notation, decimals, output)
    trainer, backward, before = at_step(opened, step, "explained")
    try:
        found = explain(trainer, backward, Quantity.parse(asked), before)
    except (ValueError, IndexError) as error:
        raise click.UsageError(f"{'--quantity' if quantity else 'NAME'}: {error}") from None
    text = json_text(explanation_data(found, kind)) if as_json else EXPLANATIONS[form].write(found, kind, places)
    write_text(text, output)
    return 0
