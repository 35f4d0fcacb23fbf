"""The row in the data of an example of the batch."""

from ...core.debugger.snapshot import Snapshot
from ...core.training.trainer import Trainer


def data_row(trainer: Trainer, snapshot: Snapshot, example: int) -> int | None:
    """The row, from 1, of an example, from 0; None where its number in the batch is the same."""
    rows = trainer.rows(snapshot.state)
    if example >= len(rows) or rows[example] == example + 1:
        return None
    return int(rows[example])
