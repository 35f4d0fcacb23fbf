"""The history of a training, computed again from its start: every step, with every change where it was made."""

from collections.abc import Iterator, Sequence

import click

from ...core.debugger.timeline import Segment
from ...core.metrics.history import gradient_norms, update_ratios
from ...core.training.dataset import Evaluation
from ...core.training.events import BackwardPass, EpochEnded, Failed, Finished, Updated
from ...core.training.stop import Stop
from ...core.training.trainer import Trainer
from ...presets.export.export_format import HistoryTable
from ..ending import NotFiniteError
from ..text.history_table import columns

MOST = 10_000_000
"""Numbers of a history: more would be a file that few programs open."""


def replayed_history(segments: Sequence[Segment], last: int) -> HistoryTable:
    """The history from the start of the first segment to a step of the last one.

    Raises:
        UsageError: it would be too long.
    """
    trainer = segments[-1].trainer
    names = columns(len(trainer.network.layers), has_test=trainer.test is not None)
    if (most := MOST // len(names)) <= last:
        raise click.UsageError(f"--step: expected less than {most:,}, as each step has {len(names)} numbers")
    return HistoryTable(names, _rows(segments, last))


def _rows(segments: Sequence[Segment], last: int) -> Iterator[Sequence[float | None]]:
    test: Evaluation | None = None
    row: list[float | None] = []
    ends = [*(each.start.step for each in segments[1:]), last]
    for segment, end in zip(segments, ends, strict=True):
        for event in segment.trainer.events(segment.start, Stop(steps=end)):
            match event:
                # The step at which a segment ends is also the first of the next one, and counts there.
                case BackwardPass() if event.step < end or segment is segments[-1]:
                    row, test = _row(segment.trainer, event, test), None
                case Updated():
                    yield [*row, *update_ratios(event)]
                case EpochEnded():
                    test = event.test
                case Finished() if segment is segments[-1]:
                    yield [*row, *(None for _ in segment.trainer.network.layers)]
                case Failed(reason=reason):
                    raise NotFiniteError(f"step {end} cannot be exported: {reason}")


def _row(trainer: Trainer, backward: BackwardPass, test: Evaluation | None) -> list[float | None]:
    forward = backward.forward
    tested = [test.loss, test.accuracy] if test else [None, None]
    return [
        backward.step,
        float(forward.loss),
        trainer.accuracy(forward.y_hat, forward.y),
        *(tested if trainer.test else ()),
        *gradient_norms(backward),
    ]
