"""`nn-tui check`: every gradient against the slope of the loss."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import click

from ...presets.catalogue import folder_of
from ..text.numbers import count, plain, signed
from .option_types import AT_LEAST_0
from .overrides import overriding, preset_with

if TYPE_CHECKING:
    from ...core.checking.gradient_check import Check

MOST = 100
"""Networks with more parameters have only those listed that do not agree."""
ROW = "{:<12} {:>12} {:>12} {:>10}  {}"


@click.command()
@click.argument("target")
@click.option("--step", type=AT_LEAST_0, default=0, show_default=True, help="Check after so many updates.")
@overriding
def check(target: str, step: int, **changes: Any) -> int:
    """Check every gradient of TARGET against the slope of its loss, measured by central differences.

    Exit status 1 says that a gradient is wrong.
    """
    from ...core.checking.gradient_check import Verdict, check_gradients
    from ...core.training.events import Failed, Finished
    from ...core.training.stop import Stop
    from ...presets.build import build

    experiment = build(preset_with(target, **changes), folder_of(target))
    *_, end = experiment.trainer.events(experiment.start, Stop(steps=step))
    if not isinstance(end, Finished):
        assert isinstance(end, Failed)  # a training ends with either
        raise click.ClickException(f"step {step} cannot be checked: {end.reason}")
    checks = list(check_gradients(experiment.trainer, end.backward))
    click.echo(ROW.format("quantity", "gradient", "slope", "error", "verdict"))
    for each in checks:
        if len(checks) <= MOST or each.verdict is not Verdict.AGREES:
            click.echo(_row(each))
    click.echo(_summary(checks, step))
    return int(any(each.verdict is Verdict.WRONG for each in checks))


def _row(check: "Check") -> str:
    numbers = signed(check.gradient), signed(check.slope), f"{check.error:.0e}"
    return ROW.format(check.quantity, *numbers, check.verdict.value)


def _summary(checks: Iterable["Check"], step: int) -> str:
    checks = list(checks)
    verdicts = [each.verdict for each in checks]
    told = ", ".join(f"{count(verdicts.count(verdict))} {verdict.value}" for verdict in dict.fromkeys(verdicts))
    most = max((each.error for each in checks), default=0.0)
    return f"step {count(step)}: {count(len(checks))} gradients, {told}; greatest relative error {plain(most)}"
