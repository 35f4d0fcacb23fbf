"""The maker of views: it folds the facts of a training into the next view of the panels."""

from collections.abc import Sequence
from time import monotonic

from msgspec.structs import replace

from ...core.debugger.facts import Activity, ActivityChanged, Arrived, Fact, Filled, Losses, Printed
from ...core.debugger.recorder import Recorder
from ...core.debugger.snapshot import Snapshot
from ...core.steps.state import State
from ...core.training.trainer import Trainer
from ...core.worker.verbs import Verbs
from ...presets.opened import Opened
from ...presets.printed_figures import PrintedFigures
from ..view import View, curves_of, printed_of, status_of

EVERY = 0.25
"""Seconds between two counts while training runs."""
MOST_LINES = 2000
"""The most lines of output that are kept."""
MOST = 20_000_000
"""The most examples times parameters of a count, which takes some milliseconds."""


class ViewMaker:
    """Converts the record of a training into views."""

    def __init__(self, recorder: Recorder, opened: Opened, chart_every: float, verbs: Verbs) -> None:
        """Begin with a recorder; the loss chart gets new losses at this interval, in seconds."""
        self._verbs = verbs
        self._recorder = recorder
        self._opened = opened
        self._chart_every = chart_every
        against = opened.against
        self._printed = against.figures if against else PrintedFigures.of(opened.preset.published)
        self._score = Score()
        self._charted = 0.0
        """The time of the last losses in their chart."""
        self._is_chart_old = False

    def next_view(self, view: View, facts: Sequence[Fact], pace: float | None) -> View:
        """The view after some facts; the same view if nothing has changed."""
        recorder = self._recorder
        recorder.fold(facts, monotonic())
        has_arrived = any(isinstance(fact, Arrived) for fact in facts)
        self._is_chart_old |= any(isinstance(fact, Arrived | Losses | Filled) for fact in facts)
        running = recorder.activity is Activity.RUNNING
        if has_arrived or running is not view.running:
            checks = {} if has_arrived and view.checks is not None else view.checks
            view = replace(view, running=running, trainer=recorder.trainer, snapshot=recorder.snapshot, checks=checks)
            step = recorder.snapshot.step if recorder.snapshot else 0
            view = replace(view, printed=printed_of(self._printed, recorder.timeline, step))
            failure = recorder.why if recorder.activity is Activity.FAILED and recorder.snapshot is None else ""
            view = replace(view, failure=failure, lacks=self._verbs.lacks)
        for fact in facts:
            if isinstance(fact, Printed):
                view = replace(view, output=((view.output or ()) + fact.lines)[-MOST_LINES:])
        # While paused, the chart shows the same step as all other panels.
        is_time = monotonic() - self._charted >= self._chart_every or not running
        if self._is_chart_old and is_time:
            self._charted, self._is_chart_old = monotonic(), False
            view = replace(view, curves=curves_of(recorder, view))
        is_new = has_arrived or any(isinstance(fact, ActivityChanged) for fact in facts)
        return self.with_status(view, pace) if is_new else view

    def with_status(self, view: View, pace: float | None) -> View:
        """The view with the current header."""
        correct = None
        if view.trainer and view.snapshot:
            correct = self._score.of(view.trainer, view.snapshot, is_running=view.running)
        return replace(view, status=status_of(self._recorder, view, self._opened, pace, correct))


class Score:
    """The last count of correct predictions, and its state."""

    def __init__(self) -> None:
        """Begin without a count."""
        self._counted: tuple[Trainer, State] | None = None
        self._at = 0.0
        self._correct: tuple[int, int] | None = None

    def of(self, trainer: Trainer, snapshot: Snapshot, *, is_running: bool) -> tuple[int, int] | None:
        """Correct predictions and examples at the last forward pass, to which the shown predictions belong.

        None if there are no predictions yet, or no classes, or if counting would take too long.
        """
        X, y, classes = trainer.train.X, trainer.train.y, trainer.classes
        forward = snapshot.forward_of(snapshot.layers - 1)
        if classes is None or forward is None or len(X) < 2 or len(X) * forward.state.parameters.size > MOST:
            return None
        if self._counted == (trainer, forward.state) or (is_running and monotonic() - self._at < EVERY):
            return self._correct
        y_hat = trainer.forward_on(forward.state, X, y).y_hat
        self._correct = int((classes.of(y_hat) == classes.of(y)).sum()), len(X)
        self._counted, self._at = (trainer, forward.state), monotonic()
        return self._correct
