"""Checking a lesson: it is played without a screen, with the keys that its cards name."""

from collections.abc import Iterator

from rich.cells import cell_len

from ...core.notation.notation import Notation
from ...core.suggestions import suggestion
from ...core.typed_number import quoted
from ...presets.errors import PresetError
from ...presets.lessons.goals import actions_in
from ...presets.lessons.lesson_file import find_lesson
from ...presets.lessons.lesson_schema import Lesson
from ...presets.lessons.scene import Scene
from ...presets.reopened import lesson_training
from ..text.card_page import card_lines
from ..text.playing import Playing, unknown_numbers
from ..text.safe import safe
from .key_player import ACTION_OF, KeyPlayer, keys_of

SMALL = (76, 8)
"""Columns and rows of a card on a screen of 80×24."""


def open_lesson(target: str) -> Lesson:
    """The lesson of a name or a file, whose goals wait for actions that there are.

    Raises:
        PresetError: there is none, or it cannot be used.
    """
    lesson, known = find_lesson(target), sorted(set(ACTION_OF.values()))
    for n, card in enumerate(lesson.card):
        for action in actions_in(card.goal):
            if action not in known:
                expected = f"expected the name of an action, got {quoted(action)}{suggestion(action, known)}"
                raise PresetError(target, f"card[{n}].goal.key", f"{expected}; known are {', '.join(known)}")
    return lesson


def play_faults(lesson: Lesson) -> Iterator[str]:
    """The faults of a lesson, played with the keys of its solutions and with all goals skipped."""
    for solves in (True, False):
        found = []
        for fault in _played(lesson, solves=solves):
            found.append(fault)
            yield fault
        if found:
            return


def played_text(lesson: Lesson, notation: Notation) -> Iterator[str]:
    """The texts of the cards, played with the keys of the solutions."""
    player, playing = KeyPlayer(lesson_training(lesson), notation), Playing(lesson)
    for n, card in enumerate(lesson.card):
        player.begin(card.do)
        playing = playing.at_card(n).with_scene(player.scene)
        shown = playing.shown_card()
        yield from (f"{shown.number} of {shown.total}. {safe(shown.title)}", *_lines_of(shown.text))
        if card.goal is not None:
            playing = _solved(playing, player)
            yield from ("", f"Keys: {' '.join(keys_of(card.help.solution))}", *_lines_of(playing.shown_card().then))
        yield ""


def _lines_of(text: str) -> list[str]:
    return [safe(" ".join(each.replace("`", "").split())) for each in text.split("\n\n") if each.strip()]


def _played(lesson: Lesson, *, solves: bool) -> Iterator[str]:
    player, playing = KeyPlayer(lesson_training(lesson)), Playing(lesson)
    for n, card in enumerate(lesson.card):
        place = f"card[{n}] {card.id}"
        try:
            player.begin(card.do)
            playing = playing.at_card(n).with_scene(player.scene)
            if playing.visit and not playing.visit.is_settled:
                yield f"{place}: do: the training does not get there: {_where(player.scene)}"
                return
            yield from _faults_of_texts(playing, place, "" if solves else " if the previous goals are skipped")
            if solves and card.goal is not None and playing.visit and not playing.visit.is_reached:
                playing = _solved(playing, player)
                if not playing.shown_card().is_reached:
                    keys = quoted(card.help.solution)
                    yield f"{place}: help.solution: {keys} does not reach the goal: {_where(player.scene)}"
                    return
                yield from _faults_of_texts(playing, place, " once the goal is reached")
        except (ValueError, IndexError) as error:
            yield f"{place}: {error}"
            return


def _solved(playing: Playing, player: KeyPlayer) -> Playing:
    """The lesson after the keys that reach the goal of its card."""
    for key in keys_of(playing.card.help.solution):
        here = playing

        def is_enough(scene: Scene, here: Playing = here) -> bool:
            return here.with_scene(scene).shown_card().is_reached

        if action := player.press(key, is_enough):
            playing = playing.with_action(action)
        playing = playing.with_scene(player.scene)
    return playing


def _faults_of_texts(playing: Playing, place: str, when: str) -> Iterator[str]:
    """The faults of a card's texts: unknown numbers, or too many lines."""
    shown, visit, card = playing.shown_card(), playing.visit, playing.card
    assert visit  # it is shown
    for name, text in (("title", card.title), ("text", card.text), *([("then", card.then)] * shown.is_reached)):
        for number in unknown_numbers(text, visit.scene, playing.scenes):
            yield f"{place}: {name}: there is no {number}{when}"
    width, height = SMALL
    lines = card_lines(shown, width, height)
    if len(lines) > height:
        yield f"{place}: text: expected at most {height} lines on a screen of 80×24, got {len(lines)}{when}"
    if any(cell_len("".join(span.text for span in line)) > width for line in lines):
        yield f"{place}: text: expected words of at most {width} columns{when}"


def _where(scene: Scene) -> str:
    """The position of the training, in words."""
    return f"it is at step {scene.snapshot.step}, {scene.snapshot.stage.text}"
