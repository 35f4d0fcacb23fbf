"""Lesson files: what they may say, and the one line that says what is wrong in one."""

import random
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nn_tui.presets.catalogue import find
from nn_tui.presets.errors import PresetError
from nn_tui.presets.lessons.goals import goal_of
from nn_tui.presets.lessons.lesson_file import find_lesson, parse_lesson, read_lesson
from nn_tui.presets.lessons.lesson_list import lesson_minutes, lesson_names, lessons_folder
from nn_tui.presets.lessons.lesson_schema import MOST_BYTES, MOST_CARDS
from nn_tui.presets.reopened import lesson_training
from nn_tui.tui.panels.panel_list import PANELS
from nn_tui.tui.tour.lesson_check import play_faults

from ..helpers.fuzz import FUZZ
from ..helpers.lessons import GOOD

TABLES = """
[network]
layers = [2, 2, 1]
init = { scheme = "xavier" }
[training]
loss = "bce"
learning_rate = 0.5
[data]
inputs = [[0, 1]]
targets = [[1]]
"""


def fault(text: str) -> str:
    with pytest.raises(PresetError) as caught:
        parse_lesson(text, "test")
    return str(caught.value)


def test_a_lesson_says_what_it_says() -> None:
    lesson = parse_lesson(GOOD, "test")

    assert [card.id for card in lesson.card] == ["one", "two"]
    assert lesson_training(lesson).preset.name == "3-4-1"
    assert lesson_training(lesson).lesson is lesson


def test_a_lesson_can_have_a_preset_of_its_own() -> None:
    head, _, cards = GOOD.partition('preset = "3-4-1"\n')

    lesson = parse_lesson(head + cards + TABLES, "test")

    assert lesson_training(lesson).preset.network.layers == [2, 2, 1]


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ("format = 1", "format = 2", "test: format: expected 1, the format that this nn-tui reads, got 2"),
        ("format = 1\n", "", "test: the key format is missing"),
        ('preset = "3-4-1"', "", "test: expected one of preset, line, or the tables [network], [training] and [data]"),
        ('"3-4-1"', '"3-4-2"', "test: preset: expected a preset that comes with nn-tui, got '3-4-2'; did you mean"),
        (
            'preset = "3-4-1"',
            'line = "/etc/passwd"',
            "test: line: expected a shared line, as nn-tui share writes it (nn2:…), got '/etc/passwd'",
        ),
        ("minutes = 1", "minutes = 0", "test: lesson.minutes: expected a whole number from 1 up, got 0"),
        (
            'id = "one"',
            'ids = "one"',
            "test: card[0]: unknown key 'ids': known are id, title, text, then, do, goal, help, frame; did you mean 'id'?",
        ),
        ('id = "two"', 'id = "one"', "test: card: expected a different id for each card, got 'one' 2 times"),
        ('id = "two"', 'id = "Two!"', "test: card[1].id: expected small letters, digits and -, at most 60"),
        ("{a2[1]}.", "{a2}.", "test: card[0].title: no quantity is named 'a2'"),
        ("{a2[1]}.", "{a2[1]:40}.", "test: card[0].title: expected a quantity in the braces"),
        ("{a2[1]}.", "{a2[1].", "test: card[0].title: expected { and } in pairs, around a quantity"),
        ("{one.", "{three.", "test: card[0].then: expected the id of this card or an earlier one before the point"),
        ("`s`.", "`s.", "test: card[0].text: expected ` in pairs, around a key"),
        ('key = "step"', 'keys = "step"', "test: card[0].goal: unknown key 'keys': known are"),
        ('{ key = "step" }', "{}", 'test: card[0].goal: expected what the card waits for, as { key = "step" }'),
        ('{ key = "step" }', '"loss = 1"', 'test: card[0].goal: expected a condition such as "loss < 0.1"'),
        ('{ key = "step" }', '"loss < x"', "test: card[0].goal: expected a number such as 0.1, got 'x'"),
        (
            'key = "step"',
            'phase = "sideways"',
            'test: card[0].goal: expected a phase: "forward 1", "loss", "backward 2"',
        ),
        ('key = "step"', "step = 1, times = 2", "test: card[0].goal.times: expected a key with it"),
        ('solution = "s"', 'solution = ""', "test: card[0].help.solution: expected the keys that reach the goal"),
        ('title = "The loss', 'then = "x"\ntitle = "The loss', "test: card[1].then: expected a goal with it"),
        ('title = "The loss', 'frame = "net"\ntitle = "The loss', "test: card[1].frame: expected 'network' or"),
        ('title = "The loss', 'ask = {}\ntitle = "The loss', "test: card[1].ask: questions are not supported yet"),
        ("[[card]]", "[controls]\nallow = []\n[[card]]", "test: controls: not supported yet: every key works"),
        ("[[card]]", "[network]\nlayers = [1, 1]\n[[card]]", "test: the key"),
        (
            'title = "The loss',
            'do = { go = -1 }\ntitle = "The loss',
            "test: card[1].do.go: expected a whole number from 0",
        ),
        (
            'title = "The loss',
            f'text = "{"x" * 2001}"\ntitle = "The loss',
            "test: card[1].text: expected at most 2,000 characters",
        ),
    ],
)
def test_one_line_says_where_and_what(old: str, new: str, line: str) -> None:
    assert old in GOOD
    said = fault(GOOD.replace(old, new, 1))
    if line != "test: the key":
        assert said.startswith(line)
    assert "\n" not in said and len(said) < 600


def test_a_lesson_and_a_preset_differ(tmp_path: Path) -> None:
    (tmp_path / "lesson.toml").write_text(GOOD, encoding="utf-8")
    with pytest.raises(PresetError, match="unknown key 'format': it belongs to a lesson; nn-tui tour plays lessons"):
        find(str(tmp_path / "lesson.toml"))
    assert fault(TABLES) == "test: a preset: expected a lesson, which has [[card]]"


def test_a_data_file_is_not_named() -> None:
    head, _, cards = GOOD.partition('preset = "3-4-1"\n')
    tables = TABLES.replace("inputs = [[0, 1]]\ntargets = [[1]]", 'file = "/etc/passwd"')

    assert "test: data.file: expected the examples in the lesson itself" in fault(head + cards + tables)


def test_a_lesson_has_bounds() -> None:
    card = GOOD[GOOD.rindex("[[card]]") :]
    many = "".join(card.replace('"two"', f'"card-{n}"') for n in range(MOST_CARDS))

    assert fault(GOOD + "#" * MOST_BYTES) == f"test: expected at most {MOST_BYTES:,} bytes"
    assert fault(GOOD + many) == f"test: card: expected at most {MOST_CARDS} values, got {MOST_CARDS + 2}"


def test_goals_are_nested_once() -> None:
    inner = 'all = [{ any = [{ key = "step" }] }]'
    assert fault(GOOD.replace('key = "step"', inner)).startswith("test: card[0].goal.all[0]: unknown key 'any'")


def test_the_panels_of_a_lesson_are_those_of_the_dashboard() -> None:
    from typing import get_args

    from nn_tui.presets.lessons.lesson_schema import PanelName

    assert get_args(PanelName) == tuple(spec.name for spec in PANELS)


@pytest.mark.parametrize("name", lesson_names())
def test_a_shipped_lesson_has_its_files_name(name: str) -> None:
    lesson = find_lesson(name)
    assert lesson.name == name and lesson_minutes(name) == lesson.lesson.minutes
    assert all(goal_of(card.goal) for card in lesson.card if card.goal)


def test_an_unknown_lesson_says_which_there_are(tmp_path: Path) -> None:
    with pytest.raises(
        PresetError, match="no lesson is named '3-4-1-by-hnd': known are .*did you mean '3-4-1-by-hand'"
    ):
        find_lesson("3-4-1-by-hnd")
    with pytest.raises(PresetError, match="cannot be read"):
        find_lesson(str(tmp_path / "no.toml"))


def mutated(text: str, draw: random.Random) -> str:
    """The text with some of its pieces cut out, doubled, or put in another place."""
    for _ in range(draw.randint(1, 4)):
        begin = draw.randrange(len(text))
        end = min(len(text), begin + draw.choice((1, 1, 2, 8, 40)))
        piece = text[begin:end]
        at = draw.randrange(len(text))
        new = draw.choice((piece, "", piece[::-1], "{", "}", "`", '"', "9" * 30, "\u202e", "[", "=", "-1", "w9[9,9]"))
        text = text[:at] + new + text[at + draw.choice((0, len(piece))) :]
    return text


@settings(max_examples=FUZZ // 4, deadline=None, suppress_health_check=list(HealthCheck))
@given(seed=st.integers(0, 2**32), name=st.sampled_from(lesson_names()))
def test_a_mutated_lesson_is_read_or_refused_in_one_line(seed: int, name: str) -> None:
    original = (lessons_folder() / f"{name}.toml").read_text(encoding="utf-8")
    try:
        parse_lesson(mutated(original, random.Random(seed)), "test")
    except PresetError as error:
        assert str(error).startswith("test: ") and "\n" not in str(error) and len(str(error)) < 1200


@settings(max_examples=FUZZ // 10, deadline=None, suppress_health_check=list(HealthCheck))
@given(seed=st.integers(0, 2**32))
def test_whatever_is_read_can_be_played(seed: int) -> None:
    try:
        lesson = parse_lesson(mutated(GOOD, random.Random(seed)), "test")
    except PresetError:
        return
    for each in play_faults(lesson):
        assert each.startswith("card[") and "\n" not in each


@settings(max_examples=FUZZ // 4, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.binary(max_size=300))
def test_any_bytes_are_refused_in_one_line(data: bytes, tmp_path_factory: pytest.TempPathFactory) -> None:
    path = tmp_path_factory.getbasetemp() / "bytes.toml"
    path.write_bytes(data)
    with pytest.raises(PresetError) as caught:
        read_lesson(path)
    assert "\n" not in str(caught.value)
