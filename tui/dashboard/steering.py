"""Steering: the keys that run a training, step it, and go through its time."""

from textual import on

from ...core.training.changes import Change
from ...core.worker.inbox import Activity
from ...core.worker.pause_when import StepUnit
from ...presets.sessions.opened import Opened
from ..config import Config
from ..dialogs.go_to_dialog import GoTo
from ..panels.loss_panel import LossPanel
from .training import Training

LEARNING_RATE_FACTOR = 1.25
LEARNING_RATES = (1e-12, 1e12)
"""Keys go no further."""
PACES = (1.0, 3.0, 10.0, 30.0, 100.0, None)
"""Updates a second at which a run can be watched; None is as fast as it goes."""


class Steering(Training):
    """On, back, and to any step."""

    def __init__(self, opened: Opened, config: Config) -> None:
        """Begin at full pace."""
        super().__init__(opened, config)
        self._pace: float | None = None

    def action_run_or_pause(self) -> None:
        """Run, or pause where it runs."""
        if self._record.activity is Activity.RUNNING:
            self._runner.pause()
        else:
            self._record.activity = Activity.RUNNING
            self._runner.run()

    def action_step(self, unit: str) -> None:
        """Go on for one phase, update or epoch."""
        self._grain = StepUnit(unit)
        self._runner.step(StepUnit(unit))

    def action_back(self) -> None:
        """Go back by what was gone on by last."""
        if self._grain:
            self._runner.back(self._grain)
        elif self.factor is not None:
            self.factor = max(self.factor - 1, 0)

    def action_go_to(self) -> None:
        """Ask for a step."""
        self.app.push_screen(GoTo(self._record.place.newest), self._go_to)

    def _go_to(self, step: int | None) -> None:
        if step is not None:
            self._runner.go_to(step)

    @on(LossPanel.Asked)
    def go_to_asked(self, event: LossPanel.Asked) -> None:
        """Go to a step that somebody looks at in a chart; what is newer is of another branch."""
        self._runner.go_to(min(event.step, self._record.place.newest))

    def action_home(self) -> None:
        """Go to the first step."""
        self._runner.go_to(0)

    def action_end(self) -> None:
        """Go to the newest step."""
        self._runner.go_to(None)

    def action_switch(self) -> None:
        """Go over to another branch."""
        self._runner.switch()

    def action_compare(self) -> None:
        """Show this branch and the other side by side."""
        self._is_comparing = True
        self._runner.compare()

    def action_reset(self) -> None:
        """Begin again: same seed, same start."""
        self._runner.reset()

    def action_faster(self) -> None:
        """Raise the learning rate."""
        self._scale_learning_rate(LEARNING_RATE_FACTOR)

    def action_slower(self) -> None:
        """Lower the learning rate."""
        self._scale_learning_rate(1 / LEARNING_RATE_FACTOR)

    def action_pace(self, by: int) -> None:
        """Run faster or slower."""
        self._pace = PACES[min(max(PACES.index(self._pace) + by, 0), len(PACES) - 1)]
        self._runner.pace(self._pace)
        self.renew_status()

    def _scale_learning_rate(self, factor: float) -> None:
        if self.trainer:
            least, most = LEARNING_RATES
            rate = min(max(self.trainer.optimizer.learning_rate * factor, least), most)
            self._runner.change(Change("learning_rate", rate))

    def action_example(self, by: int) -> None:
        """Show another example of the batch."""
        if self.snapshot:
            self.example = (self.example + by) % len(self.snapshot.forward.X)
