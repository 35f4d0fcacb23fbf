"""`nn-tui confusion`: which classes are predicted for which."""

from pathlib import Path
from typing import Any

import click
import msgspec

from .option_types import TARGET
from .output import ASCII, OUTPUT, write_text
from .overrides import overriding
from .target import STEP, at_step, training_of


@click.command("confusion")
@click.argument("target", type=TARGET)
@STEP
@click.option("--json", "as_json", is_flag=True, help="Write counts, precision, recall and F1 as JSON.")
@ASCII
@OUTPUT
@overriding
def confusion_command(target: str, step: int | None, as_json: bool, output: Path | None, **changes: Any) -> int:
    """Count the predicted classes of TARGET.

    The confusion matrix has a row for each actual class and a column for each predicted class. Below it are precision,
    recall and F1 of each class. Held-out examples have a matrix of their own.
    """
    from ..text.picture.confusion import confusion_data, confusion_text

    opened = training_of(target, changes, step)
    trainer, backward, _ = at_step(opened, step, "counted")
    if trainer.classes is None:
        raise click.UsageError("TARGET: expected outputs that are classes, got numbers")
    if len(trainer.train) == 1 and trainer.test is None:
        raise click.UsageError("TARGET: expected several examples, got one")
    if as_json:
        data = {"step": backward.step, **confusion_data(trainer, backward.state)}
        write_text(msgspec.json.encode(data).decode() + "\n", output)
    else:
        write_text(f"step {backward.step}\n\n{confusion_text(trainer, backward.state)}", output)
    return 0
