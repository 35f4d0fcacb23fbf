"""SessionRecorder a training that runs without a screen, so that nothing of it is lost however it ends."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING

from ...core.debugger.dump import dump
from ...core.metrics.history import History
from ...core.training.events import Event, Updated
from ...presets.atomic_write import check_writable
from ...presets.sessions.session import Session, check_session_size, write_session

if TYPE_CHECKING:
    from ...presets.sessions.opened import Opened

CLOSE = 1_000
"""Steps from the beginning of which each is seen; later ones are about as close as so many columns of a chart show."""


class SessionRecorder(AbstractContextManager["SessionRecorder"]):
    """What has happened of a training; at the end, and where it is interrupted, it goes to a file."""

    def __init__(self, opened: "Opened", path: Path, ignore_signals: Callable[[], None]) -> None:
        """Keep what comes of a training.

        Args:
            opened: the training.
            path: the file.
            ignore_signals: what to do first at the end, so that the file is written.

        Raises:
            SessionError: there could be no such file, or it would be too large.
        """
        check_writable(path)
        check_session_size(opened.preset, opened.experiment.start, str(path))
        self._ignore_signals = ignore_signals
        self._opened = opened
        self._path = path
        self._history = opened.histories.get(opened.timeline.branch.number, History())

    def note(self, event: Event) -> None:
        """Keep what happened."""
        timeline = self._opened.timeline
        self._history.see_losses(event)
        match event:
            case Updated():
                timeline.keep(event)
                if _is_seen(event.backward.step):
                    self._history.see_step(event, timeline.trainer.classes)

    def __exit__(self, *reason: object) -> None:
        try:
            self._ignore_signals()
        finally:  # one more signal may come just before
            self._write()

    def _write(self) -> None:
        opened, timeline = self._opened, self._opened.timeline
        histories = {**opened.histories, timeline.branch.number: self._history}
        write_session(
            self._path, Session(preset=opened.preset, timeline=dump(timeline), histories=histories, view=opened.view)
        )


def _is_seen(step: int) -> bool:
    """Whether a step is one of those by which the curves of gradients are drawn; ever fewer are."""
    return step % (1 << (step // CLOSE).bit_length()) == 0
