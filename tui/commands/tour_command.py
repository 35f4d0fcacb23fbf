"""`nn-tui tour`: a lesson, card by card."""

import click

from ..config import configured
from ..text.safe import safe
from .option_types import LESSON
from .step_command import is_terminal


@click.command("tour")
@click.argument("lesson", type=LESSON, required=False, metavar="[LESSON]")
@click.option("--list", "lists", is_flag=True, help="List the lessons that come with nn-tui.")
@click.option("--check", is_flag=True, help="Play a lesson without a screen and report its errors.")
def tour_command(lesson: str | None, lists: bool, check: bool) -> int:
    """Take a tour: cards name the keys to press.

    LESSON is the name of a lesson or a TOML file; without it, the first lesson starts. docs/lessons.md describes the
    format. With --check the exit status is 1 if the keys of a solution do not reach its goal, or if a text does not
    fit 80×24. Without a terminal, nn-tui tour writes the cards as text.
    """
    if lists:
        return _list()
    from ...presets.lessons.lesson_file import lesson_names
    from ..tour.lesson_check import open_lesson

    target = lesson or lesson_names()[0]
    opened = open_lesson(target)
    if check:
        return _check(target)
    if not is_terminal():
        return _write(target)
    from ...presets.lessons.lesson_training import lesson_training
    from .dashboard_command import on_screen

    config = configured({}).config
    return on_screen(opened.lesson.title, config, opened=lesson_training(opened, config.budget))


def _list() -> int:
    from ...presets.lessons.lesson_file import find_lesson, lesson_names

    names = lesson_names()
    width = max(map(len, names))
    for name in names:
        about = find_lesson(name).lesson
        click.echo(f"{name:<{width}}  {safe(about.title)} ({about.minutes} min)")
    return 0


def _check(target: str) -> int:
    from ..tour.lesson_check import open_lesson, play_faults

    lesson = open_lesson(target)
    faults = list(play_faults(lesson))
    for fault in faults:
        click.echo(safe(f"{target}: {fault}"))
    if not faults:
        goals = sum(card.goal is not None for card in lesson.card)
        click.echo(safe(f"{target}: {len(lesson.card)} cards, {goals} goals reached"))
    return int(bool(faults))


def _write(target: str) -> int:
    from ..tour.lesson_check import open_lesson, played_text

    for line in played_text(open_lesson(target)):
        click.echo(line)
    return 0
