"""The training that a lesson leads through."""

from dataclasses import replace
from pathlib import Path

from ...core.debugger.timeline import BUDGET
from ..catalogue import find
from ..sessions.opened import Opened, opened, opened_preset
from ..user import builtin_folder
from .lesson_file import own_preset
from .lesson_schema import Lesson

NOWHERE = Path()
"""The folder of a preset that names no file."""


def lesson_training(lesson: Lesson, budget: int = BUDGET) -> Opened:
    """The training of a lesson at its start, or where its shared line leads.

    Args:
        lesson: what leads through it.
        budget: bytes for past states.

    Raises:
        PresetError: the shared line, or the data, cannot be used.
    """
    if lesson.line is not None:
        return replace(opened(lesson.line, budget), lesson=lesson)
    preset, folder = (find(lesson.preset), builtin_folder()) if lesson.preset else (own_preset(lesson), NOWHERE)
    assert preset  # the checks leave no other
    return replace(opened_preset(preset, folder, budget), lesson=lesson)
