"""Opening: from a preset, a session file, a shared line or a lesson to a training."""

from collections.abc import Callable, Mapping
from dataclasses import field, replace
from pathlib import Path
from typing import TypeAlias

from ..core.dataclass import dataclass
from ..core.debugger.stage import WHOLE_BACKWARD
from ..core.metrics.history import History
from ..core.timeline.dump import load, remembering
from ..core.timeline.replay import replay
from ..core.timeline.timeline import BUDGET, Timeline
from ..core.training.training import Experiment
from ..core.worker.inbox import Inbox
from ..core.worker.verbs import Verbs
from ..core.worker.worker import Worker
from .build import build
from .catalogue import find
from .data_budget import USUAL_BUDGET, DataBudget
from .data_reference import located
from .errors import PresetError, SessionError
from .examples import with_inline_data
from .lessons.lesson_file import own_preset
from .lessons.lesson_schema import Lesson
from .printed_figures import UserNumbers
from .schema import Preset
from .sessions.session import read_session
from .sessions.share_link import NAME, is_share_link, read_share_link, share_link_in
from .user import builtin_folder

Starter: TypeAlias = Callable[["Opened", Callable[[], None]], tuple[Verbs, Inbox]]
"""Starts a training, or attaches to one in another process."""
NOWHERE = Path()
"""The folder of a preset that names no file."""


@dataclass(frozen=True, eq=False, kw_only=True)
class Opened:
    """A training at its saved position, for `Worker(experiment, timeline=timeline)` to continue."""

    preset: Preset
    experiment: Experiment
    timeline: Timeline
    histories: Mapping[int, History] = field(default_factory=dict)
    """The histories of the charts, by branch."""
    view: Mapping[str, str] = field(default_factory=dict)
    """The view, such as the chosen panel. It comes from a file, so it contains only words that are looked up."""
    path: Path | None = None
    """The session file that it is from."""
    lesson: Lesson | None = None
    """The lesson that leads through it."""
    start: "Starter | None" = None
    """Starts another trainer; None for a thread of this process."""
    against: UserNumbers | None = None
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


def opened(
    source: str, budget: int = BUDGET, data_budget: DataBudget = USUAL_BUDGET, data: Path | None = None
) -> Opened:
    """The training in a session file or a shared line.

    Args:
        source: the name of the file, which may hold a line, or the line itself.
        budget: bytes for past states.
        data_budget: memory for examples.
        data: the path of the data file that a session names.

    Raises:
        SessionError: it is neither, or cannot be used.
    """
    link = source if is_share_link(source) else share_link_in(Path(source))
    name = NAME if is_share_link(source) else source
    try:
        return _shared(link, budget) if link else _saved(Path(source), budget, data_budget, data)
    except MemoryError:
        raise SessionError(name, "expected a training that fits into memory") from None
    except PresetError as error:
        raise error if isinstance(error, SessionError) else SessionError(name, str(error)) from None
    except ValueError as error:
        raise SessionError(name, str(error)) from None


def _shared(line: str, budget: int) -> Opened:
    said = read_share_link(line)
    experiment = build(said.preset, NOWHERE, said.arithmetic)
    history = History()
    timeline = replay(experiment, said.changes, said.step, budget, history)
    histories = {timeline.branch.number: history}
    return Opened(preset=said.preset, experiment=experiment, timeline=timeline, histories=histories)


def _saved(path: Path, budget: int, data_budget: DataBudget, data: Path | None) -> Opened:
    session = read_session(path)
    preset = located(session.preset, path, data)
    begun = build(preset, NOWHERE, session.timeline.arithmetic, data_budget)
    experiment = remembering(begun, session.timeline.memory)
    timeline = load(experiment, session.timeline, budget)
    return Opened(
        preset=preset,
        experiment=experiment,
        timeline=timeline,
        histories=session.histories,
        view=session.view,
        path=path,
    )


def lesson_training(lesson: Lesson, budget: int = BUDGET) -> Opened:
    """The training of a lesson at its start, or at the step of its shared line.

    Args:
        lesson: the lesson.
        budget: bytes for past states.

    Raises:
        PresetError: the shared line, or the data, cannot be used.
    """
    if lesson.line is not None:
        return replace(opened(lesson.line, budget), lesson=lesson)
    preset, folder = (find(lesson.preset), builtin_folder()) if lesson.preset else (own_preset(lesson), NOWHERE)
    assert preset  # the checks leave no other
    return replace(opened_preset(preset, folder, budget), lesson=lesson)
