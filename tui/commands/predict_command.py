"""`nn-tui predict`: the predictions of a trained network for new examples."""

import csv
import io
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ...core.typed_number import quoted
from ..config import configured
from ..ending import NotFiniteError
from ..text.safe import safe
from .option_types import FILE_NAME, TARGET
from .output import OUTPUT, write_data
from .overrides import overriding_only
from .target import STEP, run_to, training_of

if TYPE_CHECKING:
    from ...core.steps.state import State
    from ...presets.opened import Opened
    from ...presets.prediction import Predictions


@click.command("predict")
@click.argument("target", type=TARGET)
@click.option("--data", required=True, type=FILE_NAME, help="CSV or .npz file to predict; - reads the standard input.")
@click.option(
    "--features",
    multiple=True,
    help="Columns of that file in the order of the inputs; by default they are found by their names.",
)
@click.option("--keep", multiple=True, help="Columns of that file to write before the predictions, such as id.")
@click.option("--training-data", type=FILE_NAME, help="The data file that a session names, if it has been moved.")
@overriding_only("header", "missing", "encoding", "weights", "layout")
@STEP
@OUTPUT
def predict_command(
    target: str,
    data: str,
    features: tuple[str, ...],
    keep: tuple[str, ...],
    training_data: str | None,
    header: bool | None,
    missing: str | None,
    encoding: str | None,
    step: int | None,
    output: Path | None,
    **changes: Any,
) -> int:
    """Predict the rows of a CSV file with the training of TARGET.

    The result is CSV with a row for each row of the file: the predicted class and the probability of each class, or the
    predicted numbers. Inputs are standardized as in the training.

    A session predicts at its saved step. A preset is trained to its stop first, unless it has initial weights.
    """
    from ...presets.csv.encoding import STDIN
    from ...presets.prediction import Reading, predictions

    opened = _opened(target, changes, step, training_data)
    state = _state(opened, step)
    budget = configured({}).config.examples_budget
    reading = Reading(missing or opened.preset.data.missing, features or None, header, encoding, keep or None, budget)
    path = Path(data) if data == STDIN else Path(data).absolute()
    found = predictions(opened.timeline.trainer, state, path, reading)
    click.echo(safe(found.origin), err=True)
    write_data(_csv(found), output)
    return 0


def _opened(target: str, changes: dict[str, Any], step: int | None, training_data: str | None) -> "Opened":
    from ...presets.catalogue import SHAPE, builtin_names, is_saved, user_names

    if SHAPE.fullmatch(target) and target not in (*builtin_names(), *user_names()):
        what = f"{quoted(target)} is a shape: expected a session or a preset"
        raise click.UsageError(f"TARGET: {what}; nn-tui train {target} --data FILE --save x.nn-session makes a session")
    if training_data is not None and not is_saved(target):
        raise click.UsageError("--training-data: expected a session, which can name its data file")
    return training_of(target, {**changes, "data": training_data} if training_data else changes, step)


def _state(opened: "Opened", step: int | None) -> "State":
    """The state to predict with: at the given step, at the step of a session, or at the stop of a preset."""
    from ...core.steps.events import Failed, Finished
    from ...core.steps.stop import NEVER
    from ...core.training.in_bursts import state_before_end

    timeline, stop = opened.timeline, opened.experiment.stop
    is_trained = opened.path is not None or timeline.position.step or opened.preset.network.weights
    if step is not None or is_trained:
        timeline.go_to(timeline.position.step if step is None else min(step, timeline.branch.newest))
        last = timeline.position.step if step is None else step
        return run_to(timeline.trainer, timeline.state(), last, "predicted")[0].state
    if stop == NEVER:
        raise click.UsageError("--step: expected a number of updates to train first, as the preset has no stop")
    state = state_before_end(timeline.trainer, timeline.state(), stop)
    for event in timeline.trainer.events(state, stop):
        match event:
            case Finished(backward=backward):
                return backward.state
            case Failed(reason=reason):
                raise NotFiniteError(f"the stop of the preset cannot be reached: {reason}")
            case _:
                pass
    raise AssertionError("a training ends with Finished or Failed")


def _csv(found: "Predictions") -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(found.columns)
    writer.writerows(found.rows)
    return text.getvalue().encode()
