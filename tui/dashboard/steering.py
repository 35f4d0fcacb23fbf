"""Steering: the keys that run a training, step it, and go through its time."""

from math import floor, log10
from time import monotonic

from ...core.debugger.facts import Activity
from ...core.debugger.stage import WHOLE_BACKWARD, WHOLE_FORWARD, StepUnit
from ...core.training.changes import Change
from ...core.training.trainer import Trainer
from ..text.numbers import short
from .desk import Desk
from .story import PACE, Story

RESET = "step 0: the same seed and initial weights, no edits"
LEARNING_RATES = (1e-12, 1e12)
"""Keys go no further."""
ALMOST = 1e-9
"""Rates that differ by no more than this share are the same."""
PACES = (1.0, 3.0, 10.0, 30.0, 100.0, None)
"""Updates a second at which a run can be watched; None is as fast as it goes."""
GROWTH = 4.0
"""How many times as fast a run becomes in a second, until somebody chooses a pace."""
FASTEST = 8_000.0
"""Updates a second from which on such a run is as fast as it goes."""


class Steering:
    """Run, step, step back, and go to any step."""

    def __init__(self, dashboard: Desk, story: Story, start_pace: float) -> None:
        """Begin without a pace.

        Args:
            dashboard: what is steered.
            story: the steps that are watched slowly.
            start_pace: updates a second at which a run begins where there is no story; 0 for as fast as it goes.
        """
        self._dashboard = dashboard
        self._start_pace = start_pace
        self._speeding_since: float | None = None
        """When the run began whose pace rises by itself; None if there is no such run."""
        self._story = story
        self._is_telling = False
        """Whether a run is at the pace of the story."""
        self._has_chosen = False
        """Whether the user has chosen the pace."""
        self._verbs = dashboard.verbs
        self.unit = StepUnit.UPDATE
        """How far the last step went, and the next one back goes."""
        self._rate: tuple[Trainer | None, float] = None, 0.0
        """The trainer that was shown at the last change of the learning rate, and the rate that was asked for."""

    def run_or_pause(self) -> None:
        """Run, or pause where it runs."""
        recorder = self._dashboard.recorder
        if recorder.activity is Activity.RUNNING:
            self._verbs.pause()
            return
        if not self._has_chosen:
            self._is_telling = self._story.is_ahead(self._dashboard.view)
            self._set_pace(PACE if self._is_telling else None)
            if self._start_pace and not self._is_telling:
                self._speeding_since = monotonic()
                self._verbs.pace(self._start_pace)
        recorder.activity = Activity.RUNNING
        self._verbs.run()

    def follow(self) -> None:
        """Let a run become faster, and pause it at the end of the story."""
        self._speed_up()
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
        self._verbs.step(self.unit)

    def back(self) -> None:
        """Step back by the same amount as the last step forward."""
        self._verbs.back(self.unit)

    def reset(self) -> None:
        """Go back to the start; where it is shown already, say so."""
        snapshot = self._dashboard.view.snapshot
        if snapshot and (snapshot.step, snapshot.stage) == (0, WHOLE_FORWARD):
            self._dashboard.say(RESET)
        self._verbs.reset()

    def ask_for_step(self) -> None:
        """Ask for a step to go to."""
        from ..dialogs.go_to_dialogs import GoTo

        self._dashboard.app.push_screen(GoTo(self._newest), self._go_to)

    def go_to_end(self, *, newest: bool) -> None:
        """Go to the newest step, or to the first one; where that is shown already, say so."""
        snapshot = self._dashboard.view.snapshot
        step = self._newest if newest else 0
        if snapshot and not self._dashboard.view.running and (snapshot.step, snapshot.stage) == (step, WHOLE_BACKWARD):
            self._dashboard.say(f"this is the {'newest' if newest else 'first'} step")
        self._verbs.go_to(None if newest else 0)

    def go_to(self, step: int) -> None:
        """Go to a step of a chart; what is newer is of another branch."""
        self._verbs.go_to(min(step, self._newest))

    def change_learning_rate(self, direction: int) -> None:
        """Raise or lower the learning rate to the next of 1, 2, 5, 10, 20, …."""
        trainer = self._dashboard.view.trainer
        if trainer is None:
            return
        changed, rate = self._rate
        if changed is not trainer:  # else this key comes before the last one is on the screen
            rate = trainer.optimizer.learning_rate
        self._rate = trainer, next_rate(rate, direction)
        self._verbs.change(Change("learning_rate", self._rate[1]))
        self._dashboard.say(f"learning rate {short(rate)} → {short(self._rate[1])}")

    def change_pace(self, by: int) -> None:
        """Run faster or slower; from a story on at full speed, or slower than that."""
        self._has_chosen, was_telling, self._is_telling = True, self._is_telling, False
        self._speeding_since = None
        if was_telling or self._dashboard.pace not in PACES:
            self._set_pace(None if by > 0 else PACES[0])
        else:
            self._set_pace(PACES[min(max(PACES.index(self._dashboard.pace) + by, 0), len(PACES) - 1)])
        self._dashboard.say(_pace_text(self._dashboard.pace))

    def _speed_up(self) -> None:
        """So the first steps can be watched, and the last ones need not be waited for."""
        if self._speeding_since is None:
            return
        pace = self._start_pace * GROWTH ** (monotonic() - self._speeding_since)
        if self._dashboard.recorder.activity is Activity.RUNNING and pace < FASTEST:
            self._verbs.pace(pace)
        else:
            self._speeding_since = None
            self._verbs.pace(None)

    def _set_pace(self, pace: float | None) -> None:
        self._verbs.pace(pace)
        if pace != self._dashboard.pace:
            self._dashboard.pace = pace
            self._dashboard.renew_status()

    @property
    def _newest(self) -> int:
        return self._dashboard.recorder.timeline.newest

    def _go_to(self, step: int | None) -> None:
        if step is not None:
            self._verbs.go_to(step)


def _pace_text(pace: float | None) -> str:
    """How fast a run is from now on."""
    if pace is None:
        return "pace: full speed; , is slower"
    rate = f"pace: {pace:g} update{'s' if pace != 1 else ''} per second"
    return f"{rate}, the slowest; . is faster" if pace == PACES[0] else f"{rate}; , is slower, . is faster"


def next_rate(rate: float, direction: int) -> float:
    """The next learning rate of … 0.1, 0.2, 0.5, 1, 2, 5 … above a rate, or below it where the direction is -1."""
    exponent = floor(log10(rate))
    ladder = [float(f"{digit}e{exponent + n}") for n in (-1, 0, 1) for digit in (1, 2, 5)]
    if direction > 0:
        found = min(each for each in ladder if each > rate * (1 + ALMOST))
    else:
        found = max(each for each in ladder if each < rate * (1 - ALMOST))
    least, most = LEARNING_RATES
    return min(max(found, least), most)
