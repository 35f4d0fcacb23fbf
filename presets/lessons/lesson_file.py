"""Reading a lesson file: TOML to a checked Lesson, and the numbers in its texts."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

from ...core.quantities.quantity import Kind, Quantity
from ...core.suggestions import suggestion
from ...core.typed_number import quoted
from ..errors import PresetError
from ..preset_faults import Fault
from ..preset_faults import faults as preset_faults
from ..schema import Preset
from ..toml_reader import convert_tables, parse_toml, read_text
from ..user import builtin_names
from .goals import goal_of, stage_of
from .lesson_list import lesson_names, lessons_folder
from .lesson_schema import MOST_BYTES, MOST_TEXT, CardTable, GoalTable, Lesson

QUESTIONS = "questions are not supported yet: expected a card with text and goal"
LATER = {
    "controls": "not supported yet: every key works in a lesson, so leave it out",
    "treats": "not supported yet, as there are no questions: leave it out",
    "text": "translations are not supported yet: write one file for each language",
}
"""Tables that this format does not support, and advice."""
LATER_OF_A_CARD = {"ask": QUESTIONS, "on": QUESTIONS, "lab": "labs are not supported yet: expected text and goal"}

WORDS = ("step", "epoch", "learning_rate", "branches")
"""Other names that a text can contain."""
DECIMALS = 3
FORM = re.compile(
    r"(?:(?P<name>name )|(?P<card>[a-z0-9][a-z0-9-]{0,59})\.)?(?P<what>[^.:{}]+?)(?::(?P<decimals>\d{1,2}))?"
)
BRACES = re.compile(r"\{([^{}]*)\}")
MOST_DECIMALS = 12


def find_lesson(target: str) -> Lesson:
    """The lesson of this name, or in this file.

    Raises:
        PresetError: there is none, or it cannot be used.
    """
    if target in lesson_names():
        return read_lesson(lessons_folder() / f"{target}.toml")
    if not target or not (target.endswith(".toml") or Path(target).exists()):
        known = ", ".join(lesson_names())
        meant = suggestion(target, lesson_names())
        raise PresetError(f"no lesson is named {quoted(target)}: known are {known}, or a file{meant}")
    return read_lesson(Path(target))


def read_lesson(path: Path) -> Lesson:
    """The lesson in a file.

    Raises:
        PresetError: the file cannot be read, or is no lesson.
    """
    return parse_lesson(read_text(path), str(path))


def parse_lesson(text: str, name: str) -> Lesson:
    """The lesson in a text; errors begin with `name`.

    Raises:
        PresetError: it is no lesson.
    """
    if len(text) > MOST_BYTES or len(text.encode(errors="replace")) > MOST_BYTES:
        raise PresetError(name, f"expected at most {MOST_BYTES:,} bytes")
    tables = parse_toml(text, name)
    if "card" not in tables and "network" in tables:
        raise PresetError(name, "a preset: expected a lesson, which has [[card]]")
    for place, wrong in _later(tables):
        raise PresetError(name, place, wrong)
    lesson = convert_tables(tables, Lesson, name)
    for place, wrong in lesson_faults(lesson):
        raise PresetError(name, place, wrong)
    return lesson


def own_preset(lesson: Lesson) -> Preset | None:
    """The preset whose tables are in a lesson; None if there are none."""
    if lesson.network is None or lesson.training is None or lesson.data is None:
        return None
    return Preset(
        name=lesson.name,
        title=lesson.lesson.title,
        network=lesson.network,
        training=lesson.training,
        data=lesson.data,
    )


def lesson_faults(lesson: Lesson) -> Iterator[Fault]:
    """Everything that is wrong in a lesson, in the order of the file."""
    yield from _training_faults(lesson)
    for name, number in Counter(card.id for card in lesson.card).items():
        if number > 1:
            yield "card", f"expected a different id for each card, got {quoted(name)} {number} times"
    seen: set[str] = set()
    for n, card in enumerate(lesson.card):
        seen.add(card.id)
        for place, wrong in _card_faults(card, seen):
            yield f"card[{n}].{place}", wrong


def _later(tables: dict[str, Any]) -> Iterator[Fault]:
    """The error for a table that this format does not support."""
    yield from ((key, why) for key, why in LATER.items() if key in tables)
    cards = tables.get("card")
    for n, card in enumerate(cards if isinstance(cards, list) else []):
        if isinstance(card, dict):
            yield from ((f"card[{n}].{key}", why) for key, why in LATER_OF_A_CARD.items() if key in card)


def _training_faults(lesson: Lesson) -> Iterator[Fault]:
    tables = [lesson.network, lesson.training, lesson.data]
    sources = (lesson.preset is not None, lesson.line is not None, any(tables))
    if sum(sources) != 1:
        yield "", "expected one of preset, line, or the tables [network], [training] and [data]"
        return
    if lesson.preset is not None and lesson.preset not in builtin_names():
        known = builtin_names()
        meant = suggestion(lesson.preset, known)
        yield "preset", f"expected a preset that comes with nn-tui, got {quoted(lesson.preset)}{meant}"
    if lesson.line is not None and not _is_share_link(lesson.line):
        yield "line", f"expected a shared line, as nn-tui share writes it (nn2:…), got {quoted(lesson.line)}"
    if any(tables) and not all(tables):
        yield "", "expected all of the tables [network], [training] and [data]"
        return
    if lesson.data and lesson.data.file is not None:
        yield "data.file", "expected the examples in the lesson itself, as it names no other file"
    if preset := own_preset(lesson):
        yield from preset_faults(preset)


def _is_share_link(line: str) -> bool:
    from ..sessions.share_link import is_share_link  # here, because few lessons have one

    return is_share_link(line)


def _card_faults(card: CardTable, seen: set[str]) -> Iterator[Fault]:
    texts = {"title": card.title, "text": card.text, "then": card.then}
    texts |= {f"help.hints[{n}]": hint for n, hint in enumerate(card.help.hints)}
    if (length := sum(map(len, texts.values()))) > MOST_TEXT:
        yield "text", f"expected at most {MOST_TEXT:,} characters on a card, got {length:,}"
    for place, text in texts.items():
        yield from ((place, wrong) for wrong in _text_faults(text, seen))
    yield from _do_faults(card)
    yield from _goal_faults(card)


def _text_faults(text: str, seen: set[str]) -> Iterator[str]:
    try:
        numbers = [part for part in parts_of(text) if isinstance(part, Placeholder)]
    except ValueError as error:
        yield str(error)
        return
    for each in numbers:
        if each.card and each.card not in seen:
            yield f"expected the id of this card or an earlier one before the point, got {quoted(each.card)}"
    if text.count("`") % 2:
        yield "expected ` in pairs, around a key"


def _do_faults(card: CardTable) -> Iterator[Fault]:
    try:
        if card.do.phase is not None:
            stage_of(card.do.phase)
    except ValueError as error:
        yield "do.phase", str(error)
    try:
        if card.do.cursor is not None:
            Quantity.parse(card.do.cursor)
    except ValueError as error:
        yield "do.cursor", str(error)


def _goal_faults(card: CardTable) -> Iterator[Fault]:
    goal = card.goal
    try:
        goal_of(goal)
    except ValueError as error:
        yield "goal", str(error)
    simple = [goal, *(goal.all or ()), *(goal.any or ())] if goal is not None and not isinstance(goal, str) else []
    if any(isinstance(each, GoalTable) and each.key is None and each.times != 1 for each in simple):
        yield "goal.times", "expected a key with it"
    if goal is not None and not card.help.solution.strip():
        yield "help.solution", 'expected the keys that reach the goal, as solution = "s"'
    if goal is None:
        wrong = {"then": card.then, "help.solution": card.help.solution, "help.hints": card.help.hints}
        yield from ((place, "expected a goal with it") for place, value in wrong.items() if value)


@dataclass(frozen=True)
class Placeholder:
    """A number in a text."""

    what: Quantity | str
    """Or one of WORDS."""
    decimals: int = DECIMALS
    card: str = ""
    """The card at whose end the number was noted; empty for the card of the text."""
    is_name: bool = False
    """Whether the text has the name of the quantity instead of its value."""


Part: TypeAlias = str | Placeholder


def parts_of(text: str) -> tuple[Part, ...]:
    """The parts of a text in order: words and numbers.

    Raises:
        ValueError: the braces contain no number, or are not closed.
    """
    found: list[Part] = []
    end = 0
    for match in BRACES.finditer(text):
        found += [_plain(text[end : match.start()]), placeholder(match[1])]
        end = match.end()
    found.append(_plain(text[end:]))
    return tuple(each for each in found if each != "")


def placeholder(text: str) -> Placeholder:
    """The number between braces.

    Raises:
        ValueError: the name is unknown.
    """
    form = FORM.fullmatch(text)
    if form is None or int(form["decimals"] or 0) > MOST_DECIMALS:
        raise ValueError(f"expected a quantity in the braces, as in {{a2[1]}} or {{loss:4}}, got {quoted(text)}")
    is_name = form["name"] is not None
    what = form["what"] if form["what"] in WORDS and not is_name else _quantity(form["what"])
    return Placeholder(what, int(form["decimals"] or DECIMALS), form["card"] or "", is_name)


def _quantity(text: str) -> Quantity:
    quantity = Quantity.parse(text)
    if quantity.kind in (Kind.SLOT, Kind.CLIPPED_DW, Kind.CLIPPED_DB):
        raise ValueError(f"{text}: expected a number of the forward or the backward pass, or a parameter")
    return quantity


def _plain(text: str) -> str:
    if "{" in text or "}" in text:
        raise ValueError("expected { and } in pairs, around a quantity")
    return text
