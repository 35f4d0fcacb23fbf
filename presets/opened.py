"""Opening: from a preset to a training, at its beginning or at a saved position."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from msgspec import Struct, field

from ..core.debugger.stage import WHOLE_BACKWARD
from ..core.timeline.timeline import BUDGET, Timeline
from ..core.training.training import Experiment
from ..core.worker.inbox import Inbox
from ..core.worker.verbs import Verbs
from ..core.worker.worker import Worker
from .build import build
from .data_budget import USUAL_BUDGET, DataBudget
from .examples import with_inline_data
from .schema import Preset

if TYPE_CHECKING:
    from ..core.metrics.history import History
    from .lessons.lesson_schema import Lesson
    from .printed_figures import UserNumbers

Starter: TypeAlias = Callable[["Opened", Callable[[], None]], tuple[Verbs, Inbox]]
"""Starts a training, or attaches to one in another process."""
NOWHERE = Path()
"""The folder of a preset that names no file."""


class Opened(Struct, frozen=True, eq=False, kw_only=True):
    """A training at its saved position, for `Worker(experiment, timeline=timeline)` to continue."""

    preset: Preset
    experiment: Experiment
    timeline: Timeline
    histories: "Mapping[int, History]" = field(default_factory=dict)
    """The histories of the charts, by branch."""
    view: Mapping[str, str] = field(default_factory=dict)
    """The view, such as the chosen panel. It comes from a file, so it contains only words that are looked up."""
    path: Path | None = None
    """The session file that it is from."""
    lesson: "Lesson | None" = None
    """The lesson that leads through it."""
    start: "Starter | None" = None
    """Starts another trainer; None for a thread of this process."""
    against: "UserNumbers | None" = None
    """The user's numbers, which are shown beside its own."""

    def begin(self, on_pause: Callable[[], None]) -> tuple[Verbs, Inbox]:
        """Start its trainer, which calls a function when it pauses, and puts facts into the inbox."""
        if self.start:
            return self.start(self, on_pause)
        worker = Worker(self.experiment, on_pause, timeline=self.timeline, first=WHOLE_BACKWARD)
        return worker, worker.inbox


def opened_preset(preset: Preset, folder: Path, budget: int = BUDGET, data_budget: DataBudget = USUAL_BUDGET) -> Opened:
    """A training of a preset from its beginning.

    Args:
        preset: what to train.
        folder: where the data file that it may name is found.
        budget: bytes for past states.
        data_budget: memory for examples.

    Raises:
        PresetError: its data file cannot be used.
    """
    whole = with_inline_data(preset, folder, data_budget)
    experiment = build(whole, folder, budget=data_budget)
    return Opened(preset=whole, experiment=experiment, timeline=Timeline(experiment, budget))
