"""Reopening: from a session file, a shared line or a lesson to a training."""

from pathlib import Path

from msgspec.structs import replace

from ..core.metrics.history import History
from ..core.timeline.dump import load, remembering
from ..core.timeline.replay import replay
from ..core.timeline.timeline import BUDGET
from .build import build
from .catalogue import find
from .data_budget import USUAL_BUDGET, DataBudget
from .data_reference import located
from .errors import PresetError, SessionError
from .lessons.lesson_file import own_preset
from .lessons.lesson_schema import Lesson
from .opened import NOWHERE, Opened, opened_preset
from .sessions.session import read_session
from .sessions.share_link import NAME, is_share_link, read_share_link, share_link_in
from .user import builtin_folder


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
