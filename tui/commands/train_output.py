"""Training without a screen: the session that it saves, and its progress bar."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any, TextIO

import click

from ...core.metrics.history import History
from ...core.steps.events import EpochEnded, Event, Failed, Finished, Updated
from ...core.steps.state import State
from ...core.steps.stop import Stop
from ...core.timeline.dump import dump
from ...core.training.in_bursts import BurstLength
from ...presets.atomic_write import check_writable
from ...presets.sessions.session import Session, check_session_size, write_session
from ..terminal.signals import EndingSignals

if TYPE_CHECKING:
    from ...presets.opened import Opened

DISTANCE = 64
"""Steps between two states that are kept of a burst."""
CLOSE = 1_000
"""The first steps, all of which are shown; later ones are as close as this many columns of a chart."""
EVERY = 0.1
"""Seconds between two drawings."""


class SessionRecorder(AbstractContextManager["SessionRecorder"]):
    """The events of a training so far, saved to a file at the end or if interrupted."""

    def __init__(self, opened: "Opened", path: Path, signals: EndingSignals) -> None:
        """Keep the events of a training.

        Args:
            opened: the training.
            path: the file.
            signals: what may end the training, between two events.

        Raises:
            SessionError: there could be no such file, or it would be too large.
        """
        check_writable(path)
        check_session_size(opened.preset, opened.experiment.start, str(path))
        self._signals = signals
        self._opened = opened
        self._path = path
        self._history = opened.histories.get(opened.timeline.branch.number, History())

    def note(self, event: Event) -> None:
        """Keep an event."""
        with self._signals.held():
            self._note(event)

    def _note(self, event: Event) -> None:
        timeline = self._opened.timeline
        self._history.see_losses(event)
        match event:
            case Updated():
                timeline.keep(event)
                if _is_seen(event.backward.step):
                    self._history.see_step(event, timeline.trainer.classes)

    def state_before_end(self, stop: Stop, show: Callable[[State], None]) -> State:
        """Train to the state at which training ends, by its stop or because it fails, and keep what happens.

        Args:
            stop: where to end.
            show: called with a state now and then.
        """
        timeline, length = self._opened.timeline, BurstLength()
        trainer, state = timeline.trainer, timeline.state()
        while True:
            most = min(length.begin(), _updates_to_seen(state.step))
            burst = trainer.burst(state, most, stop, DISTANCE, evaluates=True)
            length.end(len(burst.losses))
            with self._signals.held():
                self._history.see_burst(state, burst)
                timeline.keep_burst(burst, burst.state)
            show(burst.state)
            for event in trainer.events(burst.state, stop):
                if isinstance(event, Finished | Failed):
                    return burst.state
                self.note(event)
                if isinstance(event, EpochEnded) or (isinstance(event, Updated) and event.state.position):
                    break
            state = timeline.state()

    def __exit__(self, *reason: object) -> None:
        try:
            self._signals.ignore()
        finally:  # one more signal may come just before
            self._write()

    def _write(self) -> None:
        opened, timeline = self._opened, self._opened.timeline
        histories = {**opened.histories, timeline.branch.number: self._history}
        write_session(
            self._path, Session(preset=opened.preset, timeline=dump(timeline), histories=histories, view=opened.view)
        )


def _updates_to_seen(step: int) -> int:
    """The number of updates to the next shown step."""
    return -step % (1 << (step // CLOSE).bit_length())


def _is_seen(step: int) -> bool:
    """Whether a step is one of those by which the curves of gradients are drawn; ever fewer are."""
    return step % (1 << (step // CLOSE).bit_length()) == 0


class Progress(AbstractContextManager["Progress"]):
    """A bar that fills towards the stop; nothing if the stream is no terminal."""

    def __init__(self, stop: Stop, stream: TextIO) -> None:
        """Draw towards this stop on this stream."""
        self.stop = stop
        self._drawn = perf_counter()
        self._newest: State | None = None
        self._bar: Any = None
        """The progress bar of click."""
        goal = stop.epochs if stop.steps is None else stop.steps
        if stream.isatty() and goal:
            self._bar = click.progressbar(length=goal, file=stream, label="training")

    def __enter__(self) -> "Progress":
        if self._bar:
            self._bar.__enter__()
        return self

    def __exit__(self, *reason: object) -> None:
        if self._bar:
            self._draw()
            self._bar.__exit__(None, None, None)

    def show(self, state: State) -> None:
        """Fill the bar up to a state."""
        self._newest = state
        if self._bar and perf_counter() - self._drawn > EVERY:
            self._draw()

    def _draw(self) -> None:
        self._drawn = perf_counter()
        if self._bar and self._newest:
            done = self._newest.epoch if self.stop.steps is None else self._newest.step
            self._bar.update(done - self._bar.pos)
