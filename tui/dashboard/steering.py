"""Steering: the keys that run a training, step it, and move through its history."""

from collections.abc import Callable
from functools import partial
from math import floor, log10
from time import monotonic

from ...core.debugger.facts import Activity
from ...core.debugger.stage import WHOLE_BACKWARD, StepUnit
from ...core.training.changes import Change
from ...core.training.trainer import Trainer
from ..text.numbers import count, short
from .desk import Desk
from .run_end import REACTION, RunEnd
from .story import PACE, Story

RESET = "step 0: the same seed and initial weights, no edits"
LEARNING_RATES = (1e-12, 1e12)
"""The least and the greatest learning rate that keys can set."""
ALMOST = 1e-9
"""Rates are equal if they differ by no more than this share."""
PACES = (1.0, 3.0, 10.0, 30.0, 100.0, None)
"""Paces in updates a second that the user can watch; None for no limit."""
GROWTH = 4.0
"""The growth of a run's pace per second, until the user chooses a pace."""
FASTEST = 8_000.0
"""Updates a second above which such a run has no limit."""


class Steering:
    """Run, step, step back, and go to any step."""

    def __init__(self, dashboard: Desk, story: Story, start_pace: float) -> None:
        """Begin without a pace.

        Args:
            dashboard: the training to run.
            story: the steps that run slowly.
            start_pace: updates a second at the beginning of a run without a story; 0 for no limit.
        """
        self._dashboard = dashboard
        self._start_pace = start_pace
        self._speeding_since: float | None = None
        """The start of a run whose pace rises automatically; None if there is none."""
        self._story = story
        self._is_telling = False
        """Whether a run is at the pace of the story."""
        self._has_chosen = False
        """Whether the user has chosen the pace."""
        self._run_end = RunEnd()
        self._is_pausing = False
        """Whether the last key pauses a run that has not paused yet."""
        self._started_at: float | None = None
        """The time at which the last key has started a run; None after another key."""
        self._verbs = dashboard.verbs
        self.unit = StepUnit.UPDATE
        """The unit of the last step, and of the next step back."""
        self._rate: tuple[Trainer | None, float] = None, 0.0
        """The trainer at the last change of the learning rate, and the rate that was asked for."""

    def run_or_pause(self) -> None:
        """Run, or pause a run."""
        recorder = self._dashboard.recorder
        if self._is_running and not self._is_pausing:
            self._order(self._verbs.pause)
            self._is_pausing = True
            return
        if self._run_end.was_just_now():
            self._dashboard.say(f"already {recorder.activity.value}; space continues")
            return
        if not self._has_chosen:
            self._is_telling = self._story.is_ahead(self._dashboard.view)
            self._set_pace(PACE if self._is_telling else None)
            if self._start_pace and not self._is_telling:
                self._speeding_since = monotonic()
                self._verbs.pace(self._start_pace)
        recorder.activity = Activity.RUNNING
        self._order(self._verbs.run, ends_by_itself=True)
        self._started_at = monotonic()

    def follow(self) -> None:
        """Raise the pace of a run, pause it at the end of the story, and note the time of its end."""
        self._speed_up()
        self._run_end.note(is_running=self._is_running)
        self._is_pausing &= self._is_running
        view = self._dashboard.view
        if self._is_telling and not self._story.is_ahead(view):
            self._is_telling = False
            if view.running:
                self._verbs.pause()
            self._set_pace(None)
            self._dashboard.say(self._story.ending(view))

    def step(self, unit: str) -> None:
        """Train for one phase, update or epoch."""
        self.unit = StepUnit(unit)
        self._order(partial(self._verbs.step, self.unit), ends_by_itself=self.unit is StepUnit.EPOCH)

    def back(self) -> None:
        """Step back by the same amount as the last step forward."""
        self._order(partial(self._verbs.back, self.unit))

    def reset(self) -> None:
        """Return to the start; if it is shown already, say so."""
        snapshot = self._dashboard.view.snapshot
        if snapshot and (snapshot.step, snapshot.stage) == (0, WHOLE_BACKWARD):
            self._dashboard.say(RESET)
        self._order(self._verbs.reset)

    def ask_for_step(self) -> None:
        """Ask for a step to go to."""
        from ..dialogs.go_to_dialogs import GoTo

        self._dashboard.app.push_screen(GoTo(self._newest), self._go_to)

    def go_to_end(self, *, newest: bool) -> None:
        """Go to the newest step, or to the first one; if it is shown already, say so."""
        if self._shows(self._newest if newest else 0):
            self._dashboard.say(f"this is the {'newest' if newest else 'first'} step")
        self._order(partial(self._verbs.go_to, None if newest else 0))

    def go_to(self, step: int, *, is_ahead: bool) -> None:
        """Go to a step of a panel, if it is not shown already.

        Args:
            step: its number.
            is_ahead: whether to run to a later step than the newest; those of a chart belong to another branch.
        """
        step = step if is_ahead else min(step, self._newest)
        if self._shows(step):
            self._dashboard.say(f"this is step {count(step)}")
        self._order(partial(self._verbs.go_to, step), ends_by_itself=is_ahead)

    def change_learning_rate(self, direction: int) -> None:
        """Raise or lower the learning rate to the next of 1, 2, 5, 10, 20, …."""
        trainer = self._dashboard.view.trainer
        if trainer is None:
            return
        changed, rate = self._rate
        if changed is not trainer:  # otherwise the change of the last key is not on the screen yet
            rate = trainer.optimizer.learning_rate
        self._rate = trainer, next_rate(rate, direction)
        self._verbs.change(Change("learning_rate", self._rate[1]))
        self._dashboard.say(f"learning rate {short(rate)} → {short(self._rate[1])}")

    def change_pace(self, by: int) -> None:
        """Run faster or slower; a story continues at full speed, or at a slower pace."""
        self._has_chosen, was_telling, self._is_telling = True, self._is_telling, False
        self._speeding_since = None
        if was_telling or self._dashboard.pace not in PACES:
            self._set_pace(None if by > 0 else PACES[0])
        else:
            self._set_pace(PACES[min(max(PACES.index(self._dashboard.pace) + by, 0), len(PACES) - 1)])
        self._dashboard.say(_pace_text(self._dashboard.pace))

    def _speed_up(self) -> None:
        """Raise the pace of a run: the first steps are visible, and the last ones come soon."""
        if self._speeding_since is None:
            return
        pace = self._start_pace * GROWTH ** (monotonic() - self._speeding_since)
        if self._is_running and pace < FASTEST:
            self._verbs.pace(pace)
        else:
            self._speeding_since = None
            self._verbs.pace(None)

    def _set_pace(self, pace: float | None) -> None:
        self._verbs.pace(pace)
        if pace != self._dashboard.pace:
            self._dashboard.pace = pace
            self._dashboard.renew_status()

    def _shows(self, step: int) -> bool:
        """Whether both passes of a step are shown, and training is paused."""
        view = self._dashboard.view
        at = view.snapshot and (view.snapshot.step, view.snapshot.stage)
        return not view.running and at == (step, WHOLE_BACKWARD)

    @property
    def _is_running(self) -> bool:
        """Whether training runs; a pause may be reported only after the key that has started the next run."""
        recorder = self._dashboard.recorder
        was_paused = recorder.activity is Activity.PAUSED and not recorder.why
        is_new = self._started_at is not None and monotonic() - self._started_at < REACTION
        return recorder.activity is Activity.RUNNING or (was_paused and is_new)

    @property
    def _newest(self) -> int:
        return self._dashboard.recorder.timeline.newest

    def _go_to(self, step: int | None) -> None:
        if step is not None:
            self._order(partial(self._verbs.go_to, step), ends_by_itself=True)

    def _order(self, verb: Callable[[], None], *, ends_by_itself: bool = False) -> None:
        """Call a verb that moves the training."""
        self._is_pausing, self._started_at = False, None
        self._run_end.note_key(ends_by_itself=ends_by_itself)
        verb()


def _pace_text(pace: float | None) -> str:
    """Set the pace of a run."""
    if pace is None:
        return "pace: full speed; , is slower"
    rate = f"pace: {pace:g} update{'s' if pace != 1 else ''} per second"
    return f"{rate}, the slowest; . is faster" if pace == PACES[0] else f"{rate}; , is slower, . is faster"


def next_rate(rate: float, direction: int) -> float:
    """The next learning rate of … 0.1, 0.2, 0.5, 1, 2, 5 … above a rate, or below it if the direction is -1."""
    exponent = floor(log10(rate))
    ladder = [float(f"{digit}e{exponent + n}") for n in (-1, 0, 1) for digit in (1, 2, 5)]
    if direction > 0:
        found = min(each for each in ladder if each > rate * (1 + ALMOST))
    else:
        found = max(each for each in ladder if each < rate * (1 - ALMOST))
    least, most = LEARNING_RATES
    return min(max(found, least), most)
