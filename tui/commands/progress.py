"""How far a training has come, as a bar on a terminal."""

from contextlib import AbstractContextManager
from time import perf_counter
from typing import Any, TextIO

import click

from ...core.training.state import State
from ...core.training.stop import Stop

EVERY = 0.1
"""Seconds between two drawings."""


class Progress(AbstractContextManager["Progress"]):
    """A bar that fills towards the stop; nothing where the stream is no terminal."""

    def __init__(self, stop: Stop, stream: TextIO) -> None:
        """Draw towards this stop on this stream."""
        self.stop = stop
        self._drawn = perf_counter()
        self._newest: State | None = None
        self._bar: Any = None
        """Of click, which does not say what kind."""
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
