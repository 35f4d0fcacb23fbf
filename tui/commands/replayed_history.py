"""The history of a training, computed again from its start: every step, with every change where it was made."""

from collections.abc import Sequence

import click

from ...core.debugger.branch import Segment
from ...core.metrics.history import History
from ...core.training.events import BackwardPass, Failed, Updated
from ...core.training.stop import Stop
from ...presets.export.export_format import HistoryTable
from ..ending import NotFiniteError
from ..exports import columns, history_table

MOST = 10_000_000
"""Numbers of a history: more would be a file that few programs open."""


def replayed_history(segments: Sequence[Segment], last: int) -> HistoryTable:
    """The history from the start of the first segment to a step of the last one.

    Raises:
        UsageError: it would be too long.
        NotFiniteError: training does not come so far.
    """
    trainer = segments[-1].trainer
    layers, has_test = len(trainer.network.layers), trainer.test is not None
    width = len(columns(layers, has_test=has_test))
    if (most := MOST // width) <= last:
        raise click.UsageError(f"--step: expected less than {most:,}, as each step has {width} numbers")
    history = History(most_losses=None, most=None)
    for segment, end in zip(segments, [*(each.start.step for each in segments[1:]), last], strict=True):
        _replay(history, segment, end, is_last=segment is segments[-1])
    return history_table(history.batch_loss, history.test_loss, history.metrics, layers, has_test=has_test)


def _replay(history: History, segment: Segment, end: int, *, is_last: bool) -> None:
    for event in segment.trainer.events(segment.start, Stop(steps=end)):
        match event:
            case BackwardPass():
                # The step at which a segment ends is also the first of the next one, and counts there.
                if event.step < end or is_last:
                    history.see_losses(event)
                    history.see_backward(event)
                    history.see_forward(event.forward, segment.trainer.classes)
            case Updated():
                history.see_update(event)
            case Failed(reason=reason):
                raise NotFiniteError(f"step {end} cannot be exported: {reason}")
            case _:
                history.see_losses(event)
