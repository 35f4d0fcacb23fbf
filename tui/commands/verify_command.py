"""`nn-tui verify`: published figures against computed ones."""

from typing import TYPE_CHECKING, Any

import click

from ...core.typed_number import quoted
from ...presets.catalogue import builtin_names, find, folder_of, is_saved
from ..text.json_text import json_text
from ..text.numbers import counted
from ..text.safe import safe
from .option_types import TARGET
from .output import verdict_counts
from .target import training_of

if TYPE_CHECKING:
    from ...presets.schema import Preset
    from ...presets.verification import VerifiedFigure

ROW = "{:>6}  {:<12} {:>18} {:>22}  {}"


@click.command("verify")
@click.argument("targets", type=TARGET, nargs=-1, metavar="[TARGET]...")
@click.option("--json", "as_json", is_flag=True, help="Write every number as JSON.")
def verify_command(targets: tuple[str, ...], as_json: bool) -> int:
    """Compare the numbers printed in a source with computed ones.

    If a printed number differs, verify looks for the convention (mean or sum, ½, sequential update) that explains it.
    Without TARGET it verifies all presets. The exit status is 1 if a number differs and no convention explains it.
    """
    from ...presets.verification import FigureVerdict, verify

    presets = [(target, _preset(target)) for target in targets or builtin_names()]
    found: list[tuple[str, VerifiedFigure]] = []
    for target, preset in presets:
        results = list(verify(preset, folder_of(target)))
        found += [(preset.name, each) for each in results]
        if results and not as_json:
            _write(preset.name, preset.source, results)
    if as_json:
        click.echo(json_text([_as_data(name, each) for name, each in found]))
    else:
        click.echo(_summary([each for _, each in found]))
    return int(any(each.verdict is FigureVerdict.DISAGREES for _, each in found))


def _preset(target: str) -> "Preset":
    """The preset whose figures are compared: of a session its own, where nothing was changed in it."""
    if not is_saved(target):
        return find(target)
    opened = training_of(target, {})
    if changes := len(opened.timeline.changes):
        told = f"expected a session without edits, as the printed numbers are those of its preset, got {changes}"
        raise click.UsageError(f"{quoted(target)}: {told}")
    return opened.preset


def _write(name: str, source: str, results: "list[VerifiedFigure]") -> None:
    click.echo(safe(f"{name}: {source}"))
    click.echo(ROW.format("step", "quantity", "printed", "computed", "verdict"))
    for each in results:
        figure = each.figure
        verdict = safe(each.why) or each.verdict.value
        printed, computed = f"{figure.value:.{figure.decimals}f}", f"{each.computed:.{figure.decimals + 4}f}"
        click.echo(ROW.format(figure.step, safe(figure.quantity), printed, computed, verdict))
    click.echo()


def _summary(results: "list[VerifiedFigure]") -> str:
    told = verdict_counts(each.verdict.value for each in results)
    return f"{counted(len(results), 'figure')}: {told}" if results else "no published figures"


def _as_data(name: str, result: "VerifiedFigure") -> dict[str, Any]:
    figure = result.figure
    return {
        "preset": name,
        "step": figure.step,
        "quantity": figure.quantity,
        "printed": figure.value,
        "decimals": figure.decimals,
        "computed": result.computed,
        "verdict": result.verdict.value,
        "why": result.why or None,
    }
