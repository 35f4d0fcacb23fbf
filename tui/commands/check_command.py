"""`nn-tui check`: every gradient against the slope of the loss."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import click

from ..text.numbers import count, counted, plain, signed
from ..text.safe import json_text
from .option_types import TARGET
from .output import ASCII, verdict_counts
from .overrides import overriding
from .target import STEP, at_step, training_of

if TYPE_CHECKING:
    from ...core.gradient_check import Check

MOST = 100
"""Larger networks list only the gradients that do not agree."""
ROW = "{:<12} {:>12} {:>12} {:>10}  {}"


@click.command("check")
@click.argument("target", type=TARGET)
@STEP
@click.option("--json", "as_json", is_flag=True, help="Write every gradient and its slope as JSON.")
@ASCII
@overriding
def check_command(target: str, step: int | None, as_json: bool, **changes: Any) -> int:
    """Check every gradient of TARGET against the slope of the loss.

    The slope is measured by central differences. The exit status is 1 if a gradient is wrong.
    """
    from ...core.gradient_check import Verdict, check_gradients

    trainer, backward, _ = at_step(training_of(target, changes, step), step, "checked")
    checks = list(check_gradients(trainer, backward))
    if as_json:
        click.echo(json_text({"step": backward.step, "checks": [_as_data(each) for each in checks]}))
    else:
        click.echo(ROW.format("quantity", "gradient", "slope", "error", "verdict"))
        for each in checks:
            if len(checks) <= MOST or each.verdict is not Verdict.AGREES:
                click.echo(_row(each))
        click.echo(_summary(checks, backward.state.step))
    return int(any(each.verdict is Verdict.WRONG for each in checks))


def _as_data(check: "Check") -> dict[str, Any]:
    numbers = {"gradient": check.gradient, "slope": check.slope, "error": check.error}
    return {"quantity": str(check.quantity), **numbers, "verdict": check.verdict.value}


def _row(check: "Check") -> str:
    numbers = signed(check.gradient), signed(check.slope), f"{check.error:.0e}"
    return ROW.format(str(check.quantity), *numbers, check.verdict.value)


def _summary(checks: Iterable["Check"], step: int) -> str:
    checks = list(checks)
    told = verdict_counts(each.verdict.value for each in checks)
    most = max((each.error for each in checks), default=0.0)
    return f"step {count(step)}: {counted(len(checks), 'gradient')}, {told}; greatest relative error {plain(most)}"
