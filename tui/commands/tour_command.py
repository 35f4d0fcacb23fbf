"""`nn-tui tour`: a lesson, card by card."""

import sys
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import click

from ..config import Config, configured
from ..terminal.streams import has_unicode
from ..text.ascii import in_ascii
from ..text.safe import safe
from .config_options import configuring
from .option_types import LESSON
from .step_command import is_terminal

if TYPE_CHECKING:
    from ...presets.lessons.lesson_schema import Lesson


@click.command("tour")
@click.argument("target", type=LESSON, required=False, metavar="[LESSON]")
@click.option("--list", "lists", is_flag=True, help="List the lessons that come with nn-tui.")
@click.option("--check", is_flag=True, help="Play a lesson without a screen and report its errors.")
@configuring()
def tour_command(target: str | None, lists: bool, check: bool, **options: Any) -> int:
    """Take a tour: cards name the keys to press.

    LESSON is the name of a lesson or a TOML file; without it, the first lesson starts. docs/lessons.md describes the
    format. With --check the exit status is 1 if the keys of a solution do not reach its goal, or if a text does not
    fit 80×24. Without a terminal, nn-tui tour writes the cards as text.
    """
    config = configured(options).config
    if lists:
        _write(_listed(), config)
        return 0
    from ...presets.lessons.lesson_list import lesson_names
    from ..tour.lesson_check import open_lesson, played_text

    target = lesson_names()[0] if target is None else target
    lesson = open_lesson(target)
    if check:
        faults = _faults(lesson, target)
        _write(faults or [_summary(lesson, target)], config)
        return int(bool(faults))
    if not is_terminal():
        from ...core.notation.notation import Notation

        notation = Notation(config.notation or ("indexed" if _is_ascii(config) else "superscript"))
        _write(played_text(lesson, notation), config)
        return 0
    from ...presets.reopened import lesson_training
    from .dashboard_command import on_screen

    return on_screen(lesson.lesson.title, config, opened=lesson_training(lesson, config.budget))


def _listed() -> Iterable[str]:
    from ...presets.lessons.lesson_file import find_lesson
    from ...presets.lessons.lesson_list import lesson_names

    names = lesson_names()
    width = max(map(len, names))
    for name in names:
        about = find_lesson(name).lesson
        yield f"{name:<{width}}  {safe(about.title)} ({about.minutes} min)"


def _faults(lesson: "Lesson", target: str) -> list[str]:
    from ..tour.lesson_check import play_faults

    return [safe(f"{target}: {fault}") for fault in play_faults(lesson)]


def _summary(lesson: "Lesson", target: str) -> str:
    goals = sum(card.goal is not None for card in lesson.card)
    return safe(f"{target}: {len(lesson.card)} cards, {goals} goals reached")


def _write(lines: Iterable[str], config: Config) -> None:
    for line in lines:
        click.echo(in_ascii(line) if _is_ascii(config) else line)


def _is_ascii(config: Config) -> bool:
    return config.ascii or not has_unicode(sys.stdout)
