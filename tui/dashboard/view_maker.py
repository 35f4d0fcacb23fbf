"""The maker of views: it folds the facts of a training into the view that the panels show next."""

from collections.abc import Sequence
from dataclasses import replace
from time import monotonic

from ...core.debugger.facts import Activity, ActivityChanged, Arrived, Fact, Filled, Losses
from ...core.metrics.recorder import Recorder
from ...presets.printed_figures import PrintedFigures
from ...presets.schema import Preset
from .score import Score
from .view import View, curves_of, printed_of, status_of


class ViewMaker:
    """What is recorded of a training, as a view."""

    def __init__(self, recorder: Recorder, preset: Preset, chart_every: float) -> None:
        """Begin with what is recorded; losses are handed to their chart after so many seconds again."""
        self._recorder = recorder
        self._preset = preset
        self._chart_every = chart_every
        self._printed = PrintedFigures.of(preset.published)
        self._score = Score()
        self._charted = 0.0
        """When the losses were last handed to their chart."""
        self._is_chart_old = False

    def next_view(self, view: View, facts: Sequence[Fact], pace: float | None) -> View:
        """The view after some facts; the same one where nothing is new."""
        recorder = self._recorder
        recorder.fold(facts, monotonic())
        has_arrived = any(isinstance(fact, Arrived) for fact in facts)
        self._is_chart_old |= any(isinstance(fact, Arrived | Losses | Filled) for fact in facts)
        running = recorder.activity is Activity.RUNNING
        if has_arrived or running is not view.running:
            checks = {} if has_arrived and view.checks is not None else view.checks
            view = replace(view, running=running, trainer=recorder.trainer, snapshot=recorder.snapshot, checks=checks)
            view = replace(view, printed=printed_of(self._printed, recorder.timeline))
        # At rest the chart shows the step that all other panels show.
        is_time = monotonic() - self._charted >= self._chart_every or not running
        if self._is_chart_old and is_time:
            self._charted, self._is_chart_old = monotonic(), False
            view = replace(view, curves=curves_of(recorder, view))
        is_new = has_arrived or any(isinstance(fact, ActivityChanged) for fact in facts)
        return self.with_status(view, pace) if is_new else view

    def with_status(self, view: View, pace: float | None) -> View:
        """The view with what the header says now."""
        correct = None
        if view.trainer and view.snapshot:
            correct = self._score.of(view.trainer, view.snapshot, is_running=view.running)
        return replace(view, status=status_of(self._recorder, view, self._preset, pace, correct))
