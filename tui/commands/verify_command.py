"""`nn-tui verify`: printed numbers against computed ones."""

from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ...core.typed_number import quoted
from ...presets.catalogue import builtin_names, find, folder_of, is_saved
from ...presets.errors import PresetError
from ..text.numbers import counted
from ..text.safe import json_text, safe
from .against import AGAINST
from .option_types import TARGET, LateOneOf
from .output import verdict_counts
from .target import STEP, at_step, training_of

if TYPE_CHECKING:
    from ...presets.schema import Preset
    from ...presets.verification import VerifiedFigure

NOTHING = "no printed numbers to compare; --against FILE compares your own"
ROW = "{:>6}  {:<12} {:>18} {:>22}  {}"


def _layouts() -> Iterable[str]:
    from ...presets.user_arrays.array_names import LAYOUTS

    return LAYOUTS


@click.command("verify")
@click.argument("targets", type=TARGET, nargs=-1, metavar="[TARGET]...")
@AGAINST
@STEP
@click.option(
    "--layout",
    type=LateOneOf(_layouts),
    help="How W is laid out in FILE: (out, in) as in PyTorch, or (in, out) as in Keras; detected by default.",
)
@click.option("--json", "as_json", is_flag=True, help="Write every number as JSON.")
def verify_command(
    targets: tuple[str, ...], against: Path | None, step: int | None, layout: str | None, as_json: bool
) -> int:
    """Compare printed numbers, or your arrays, with computed ones.

    With --against FILE it finds the first wrong number in your arrays and the mistake that explains all of them.

    If numbers differ, verify looks for one cause that explains all of them: a convention (mean or sum, ½), a mistake in
    the computation, or a mistyped input. Without TARGET it verifies all presets. The exit status is 1 if a number
    differs and no convention explains it.
    """
    if against is not None:
        if len(targets) != 1:
            raise click.UsageError(f"--against: expected one TARGET, got {len(targets)}")
        return _verify_against(targets[0], against, step, layout or "auto", as_json)
    if step is not None or layout is not None:
        raise click.UsageError(f"--{'layout' if layout else 'step'}: expected --against FILE with it")
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
    return int(any(each.verdict not in (FigureVerdict.AGREES, FigureVerdict.EXPLAINED) for _, each in found))


def _verify_against(target: str, path: Path, step: int | None, layout: str, as_json: bool) -> int:
    """Compare the user's arrays; 1 if a number is wrong."""
    from ...core.notation.notation import USUAL, Notation
    from ...presets.user_arrays.compared_arrays import compared
    from ...presets.user_arrays.named_arrays import name_of, read_named_arrays
    from ..text.diagnosis_text import diagnosis_data, diagnosis_lines, is_right

    arrays = read_named_arrays(path)
    opened = training_of(target, {}, step)
    trainer, backward, before = at_step(opened, step, "compared")
    try:
        found = compared(arrays, trainer, backward.state, before.backward if before else None, layout)
    except ValueError as error:
        raise PresetError(name_of(path), str(error)) from None
    if as_json:
        click.echo(json_text(diagnosis_data(found.diagnosis, found.arrays)))
    else:
        names = trainer.network.names
        labels = names.labels(Notation(opened.preset.notation)) if names.letters != USUAL else None
        for line in diagnosis_lines(found.diagnosis, found.arrays, labels):
            click.echo(safe(line))
    return int(not is_right(found.diagnosis))


def _preset(target: str) -> "Preset":
    """The preset whose printed numbers are compared; for a session, that of the session, if it has no edits."""
    if not is_saved(target):
        return find(target)
    opened = training_of(target, {})
    if changes := len(opened.timeline.changes):
        told = f"expected a session without edits, as the printed numbers are those of its preset, got {changes}"
        raise click.UsageError(f"{quoted(target)}: {told}")
    return opened.preset


def _write(name: str, source: str, results: "list[VerifiedFigure]") -> None:
    """The table of a preset; a remark on several numbers is written once, below it."""
    click.echo(safe(f"{name}: {source}"))
    click.echo(ROW.format("step", "quantity", "printed", "computed", "verdict"))
    times = Counter(each.why for each in results if each.why)
    notes = [why for why, count in times.items() if count > 1]
    for each in results:
        figure, why = each.figure, each.why
        verdict = f"{each.verdict.value} ({notes.index(why) + 1})" if why in notes else safe(why) or each.verdict.value
        printed, computed = f"{figure.value:.{figure.decimals}f}", f"{each.computed:.{figure.decimals + 4}f}"
        click.echo(ROW.format(figure.step, safe(figure.quantity), printed, computed, verdict))
    for number, why in enumerate(notes, 1):
        click.echo(f"({number}) {safe(why)}")
    click.echo()


def _summary(results: "list[VerifiedFigure]") -> str:
    told = verdict_counts(each.verdict.value for each in results)
    return f"{counted(len(results), 'figure')}: {told}" if results else NOTHING


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
