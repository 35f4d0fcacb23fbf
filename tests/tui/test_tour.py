"""The tour: a person who presses the keys that the cards name, and nothing else, comes to its end."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from click.testing import CliRunner
from msgspec import Struct
from msgspec.structs import replace
from textual.pilot import Pilot

from nn_tui.core.debugger.stage import Phase, Stage
from nn_tui.core.quantities.quantity import Quantity
from nn_tui.presets.lessons.lesson_file import find_lesson, parse_lesson
from nn_tui.presets.lessons.lesson_list import lesson_names, lessons_folder
from nn_tui.presets.lessons.lesson_schema import (
    AnyOrAllTable,
    CardTable,
    DoTable,
    GoalTable,
    HelpTable,
    Lesson,
    LessonTable,
)
from nn_tui.presets.reopened import lesson_training
from nn_tui.tui.app import NNApp
from nn_tui.tui.command_line import cli
from nn_tui.tui.config import Config
from nn_tui.tui.dialogs.reading_dialogs import Compare
from nn_tui.tui.text.card_page import card_lines, card_page
from nn_tui.tui.text.playing import Playing, ShownCard
from nn_tui.tui.tour.key_player import KeyPlayer, keys_of
from nn_tui.tui.tour.lesson_check import open_lesson, play_faults

from ..helpers.app import dashboard, drawn, opened, text, until, until_shown, where
from ..helpers.lessons import GOOD

SIZES = [(80, 24), (120, 36), (200, 60)]
BY_HAND = "3-4-1-by-hand"


def named_keys(card: CardTable) -> set[str]:
    """The keys that a card's text names: those between backticks, and what it says to type."""
    keys = {key for name in re.findall(r"`([^`]+)`", card.text) for key in ("escape" if name == "esc" else name,)}
    return keys | {digit for typed in re.findall(r"type (\d+)", card.text) for digit in typed}


def played_cards(lesson: Lesson) -> list[ShownCard]:
    """The cards as they are once their goals are reached, played without a screen."""
    player, playing, cards = KeyPlayer(lesson_training(lesson)), Playing(lesson), []
    for n, card in enumerate(lesson.card):
        player.begin(card.do)
        playing = playing.at_card(n).with_scene(player.scene)
        for key in keys_of(card.help.solution):
            playing = playing.with_action(player.press(key)).with_scene(player.scene)
        cards.append(playing.shown_card())
    return cards


@asynccontextmanager
async def on_tour(lesson: Lesson, size: tuple[int, int] = (120, 36)) -> AsyncIterator[Pilot[None]]:
    app = NNApp(lesson.name, opened=lesson_training(lesson))
    async with app.run_test(size=size) as pilot:
        await until(pilot, lambda: shown(pilot) is not None)
        yield pilot


def shown(pilot: Pilot[None]) -> ShownCard | None:
    return getattr(getattr(pilot.app.screen, "view", None), "card", None)


async def solve(pilot: Pilot[None], card: CardTable) -> None:
    """Press the keys of a card's solution, each named by its text."""
    keys = keys_of(card.help.solution)
    assert set(keys) <= named_keys(card), f"{card.id}: the text does not name every key of {card.help.solution!r}"
    for key in keys:
        if key == "escape":
            await until_shown(pilot, Compare)
        await pilot.press(key)
        await pilot.pause()
    await until(pilot, lambda: (here := shown(pilot)) is not None and here.is_reached)


async def next_card(pilot: Pilot[None], number: int) -> None:
    await pilot.press("right")
    await until(pilot, lambda: (here := shown(pilot)) is not None and here.number == number and bool(here.text))


@pytest.mark.parametrize("size", [(80, 24), (120, 36)], ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize("name", lesson_names())
async def test_the_keys_that_the_cards_name_lead_to_the_end(name: str, size: tuple[int, int]) -> None:
    lesson = find_lesson(name)
    played = played_cards(lesson)
    async with on_tour(lesson, size) as pilot:
        for n, card in enumerate(lesson.card, 1):
            assert (here := shown(pilot)) and here.number == n
            if card.goal is not None:
                await solve(pilot, card)
                await until(pilot, lambda n=n, here=here: (shown(pilot) or here) == played[n - 1])  # type: ignore[misc]
            page = pilot.app.screen.query_one("#tour")
            assert card_lines(shown(pilot) or here, page.size.width, page.size.height) == list(
                card_page(shown(pilot) or here, page.size.width, page.size.height).lines
            ), f"{card.id} is cut at {size}"
            if n < len(lesson.card):
                await next_card(pilot, n + 1)
        await pilot.press("escape")
        await until(pilot, lambda: shown(pilot) is None)
        assert not dashboard(pilot).query(".-dimmed")


async def test_in_the_tour_a_person_reaches_0_648_and_explains_its_gradient() -> None:
    lesson = find_lesson(BY_HAND)
    async with on_tour(lesson) as pilot:
        for n, card in enumerate(lesson.card[:6], 1):
            if card.goal is not None:
                await solve(pilot, card)
            said = shown(pilot) or pytest.fail()
            if card.id == "predict":
                assert "0.521 to 0.648" in said.then
                assert "0.648" in text(pilot, "network")
            if card.id == "weights":
                assert "was 0.088 before the step, and now it is 0.291" in said.text
            if card.id == "gradient":
                assert "0.088 − 0.5·(−0.405) = 0.291" in said.text
            if card.id == "factors":
                view = dashboard(pilot).view
                assert view.quantity == Quantity.parse("dw2[1,1]") and view.factor == 3
                assert view.snapshot and view.snapshot.step == 0
                await until(pilot, lambda: "−1.919800" in text(pilot, "explain"))
                assert "−0.404965" in text(pilot, "explain")
            if card.id == "again":
                assert "0.088 to 0.291, and the prediction from 0.521 to 0.648" in said.then
            if n < 6:
                await next_card(pilot, n + 1)


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
async def test_the_weight_that_a_card_is_about_is_in_sight(size: tuple[int, int]) -> None:
    async with on_tour(find_lesson(BY_HAND), size) as pilot:
        await next_card(pilot, 2)
        await next_card(pilot, 3)
        await until(pilot, lambda: "w²₁₁  +0.290614" in drawn(pilot))


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
async def test_all_columns_of_the_factors_fit_their_panel(size: tuple[int, int]) -> None:
    async with on_tour(find_lesson(BY_HAND), size) as pilot:
        for number in range(2, 6):
            await next_card(pilot, number)
        await pilot.press("x", "x", "x")
        await until(pilot, lambda: "product so far" in drawn(pilot) and "−0.479112" in drawn(pilot))
        assert not dashboard(pilot).query_one("#explain").show_horizontal_scrollbar


async def test_the_last_card_leads_to_no_other_and_names_the_new_learning_rate() -> None:
    async with on_tour(find_lesson(BY_HAND)) as pilot:
        assert "→ next card" in drawn(pilot)
        for number in range(2, 9):
            await next_card(pilot, number)
        assert "next card" not in drawn(pilot)
        await pilot.press("right")
        await until(
            pilot, lambda: dashboard(pilot).view.notice.startswith("this is the last card: esc leaves the tour")
        )
        assert (card := shown(pilot)) and card.number == card.total
        await pilot.press("plus", "plus")
        await until(pilot, lambda: dashboard(pilot).view.notice == "learning rate 1 → 2")


async def test_a_card_waits_for_its_key_and_says_what_changed() -> None:
    async with on_tour(find_lesson(BY_HAND)) as pilot:
        await next_card(pilot, 2)
        assert (card := shown(pilot)) and card.waits and not card.then
        await pilot.press("c")
        await pilot.pause()
        assert (card := shown(pilot)) and card.waits
        await pilot.press("s")
        await until(pilot, lambda: bool((now := shown(pilot)) and now.then))
        assert (card := shown(pilot)) and not card.waits and card.title.startswith("The network predicts 0.521")
        await pilot.press("left")
        await until(pilot, lambda: (shown(pilot) or card).number == 1)


async def test_f2_begins_the_tour_and_escape_leaves_it_to_free_play() -> None:
    async with opened("xor") as pilot:
        assert shown(pilot) is None
        await pilot.press("f2")
        await until(pilot, lambda: shown(pilot) is not None)
        assert "This is a neural network." in drawn(pilot)
        await pilot.press("escape")
        await until(pilot, lambda: "Tour" not in text(pilot, "tour") and shown(pilot) is None)
        await pilot.press("s")
        await until(pilot, lambda: (snapshot := dashboard(pilot).view.snapshot) is not None and snapshot.step == 1)


async def test_f2_begins_the_next_tour_once_the_last_card_was_shown() -> None:
    async with on_tour(find_lesson(BY_HAND), (80, 24)) as pilot:
        await pilot.press("f2")
        await until(pilot, lambda: dashboard(pilot).tour.next_lesson == BY_HAND)
        for number in range(2, 9):
            await next_card(pilot, number)
        await pilot.press("escape", "f2")
        await until(pilot, lambda: (here := shown(pilot)) is not None and here.lesson.startswith("xor"))


@pytest.mark.parametrize("name", lesson_names())
def test_the_numbers_of_a_shipped_lesson_are_the_engines(name: str) -> None:
    for card in find_lesson(name).card:
        for each in (card.title, card.text, card.then, *card.help.hints):
            assert not re.findall(r"\d\.\d", re.sub(r"\{[^}]*\}", "", each)), f"{card.id}: a number typed by hand"


@pytest.mark.parametrize("name", lesson_names())
def test_a_shipped_lesson_passes_its_check(name: str) -> None:
    done = CliRunner().invoke(cli, ["tour", "--check", name], standalone_mode=False)
    assert done.return_value == 0 and re.fullmatch(rf"{name}: \d+ cards, \d+ goals reached\n", done.output)


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ('"s"', '"f"', "card[0] one: help.solution: 'f' does not reach the goal: it is at step 1, update"),
        ('"s"', '"s %"', "card[0] one: expected a key of the dashboard, got '%'"),
        ("{loss}", "{a9[1]}", "card[1] two: title: there is no a9[1]"),
        ("{loss}", "{last-loss}", "card[1] two: title: there is no last-loss if the previous goals are skipped"),
        ('text = "', 'text = "' + "word " * 150, "card[0] one: text: expected at most 8 lines on a screen of 80×24"),
        ('text = "', f'text = "{"w" * 90} ', "card[0] one: text: expected words of at most 76 columns"),
        ('key = "step"', 'cursor = "w1[1,1]"', "card[0] one: help.solution: 's' does not reach the goal"),
        ('text = "', 'do = { phase = "backward 3" }\ntext = "', "card[0] one: expected a layer from 1 to 2, got 3"),
    ],
)
def test_a_check_says_in_one_line_which_card_is_wrong(tmp_path: Path, old: str, new: str, line: str) -> None:
    path = tmp_path / "lesson.toml"
    path.write_text(GOOD.replace(old, new, 1), encoding="utf-8")

    done = CliRunner().invoke(cli, ["tour", "--check", str(path)], standalone_mode=False)

    assert done.return_value == 1
    assert done.output.splitlines()[0].startswith(f"{path}: {line}")


def test_a_goal_waits_for_actions_that_there_are(tmp_path: Path) -> None:
    path = tmp_path / "lesson.toml"
    path.write_text(GOOD.replace('key = "step"', 'key = "stepp"'), encoding="utf-8")

    with pytest.raises(Exception, match=r"card\[0\].goal.key: .*got 'stepp'; did you mean 'step'\?"):
        open_lesson(str(path))


def test_a_goal_that_is_reached_already_is_said() -> None:
    lesson = parse_lesson(GOOD.replace('key = "step"', "step = 0"), "test")
    scene = KeyPlayer(lesson_training(lesson)).scene

    card = Playing(lesson).with_scene(scene).shown_card()

    assert card.is_reached and card.was_reached
    words = "".join(span.text for line in card_lines(card, 76, 8) for span in line)
    assert "✓ Already done. From 0.521 to 0.5209." in words


def test_where_a_card_has_little_room_what_changed_stays() -> None:
    card = ShownCard(lesson="x", number=1, total=2, title="T", text="word " * 100, then="Changed.", is_reached=True)

    lines = ["".join(span.text for span in line) for line in card_page(card, 40, 6).lines]

    assert lines[-1].split() == ["✓", "Changed."] and len(lines) <= 6


def test_hints_come_after_keys_that_do_not_help() -> None:
    lesson = parse_lesson(GOOD, "test")
    playing = Playing(lesson).with_scene(KeyPlayer(lesson_training(lesson)).scene)

    for _ in range(4):
        playing = playing.with_action("phase")
    assert not playing.shown_card().hint
    assert playing.with_action("phase").shown_card().hint == "The key s."


def test_keys_that_the_goal_asks_for_bring_no_hint() -> None:
    goal = 'goal = { all = [{ key = "rate-up", times = 6 }, { key = "step", step = 9 }] }'
    lesson = parse_lesson(GOOD.replace('goal = { key = "step" }', goal, 1), "test")
    playing = Playing(lesson).with_scene(KeyPlayer(lesson_training(lesson)).scene)

    for _ in range(6):
        playing = playing.with_action("rate-up")
    assert not playing.shown_card().hint
    for _ in range(5):
        playing = playing.with_action("rate-up")
    assert playing.shown_card().hint == "The key s."


@pytest.mark.parametrize(
    ("goal", "solution"),
    [
        ('{ phase = "update" }', "ffff f"),
        ('{ phase = "backward 2" }', "f b b"),
        ('"a2[1] > 0.9"', "space"),
        ('{ edited = "w2[1,1]" }', "a 0.5 enter"),
        ("{ checked = true }", "c"),
        ("{ branch = 2 }", "ss b +"),
        ('{ any = [{ key = "reset" }, { key = "epoch" }] }', "e"),
        ('{ cursor = "a1[2]" }', "/ a1[2] enter"),
        ('{ key = "nudge-up", cursor = "w2[1,1]", edited = true }', "]"),
    ],
)
def test_every_kind_of_goal_can_be_reached_without_a_screen(goal: str, solution: str) -> None:
    text = GOOD.replace('{ key = "step" }', goal).replace('"s"', f'"{solution}"')
    text = text.replace('text = "', 'do = { cursor = "w2[1,1]" }\ntext = "', 1)
    assert not list(play_faults(parse_lesson(text, "test")))


def test_every_file_of_the_folder_is_listed() -> None:
    done = CliRunner().invoke(cli, ["tour", "--list"], standalone_mode=False)
    assert [line.split()[0] for line in done.output.splitlines()] == lesson_names()
    assert {path.stem for path in lessons_folder().glob("*.toml")} == set(lesson_names())


def test_the_example_of_the_documentation_passes_its_check(tmp_path: Path) -> None:
    written = (Path(__file__).parents[2] / "docs" / "lessons.md").read_text(encoding="utf-8")
    path = tmp_path / "lesson.toml"
    path.write_text(written.partition("```toml\n")[2].partition("```")[0], encoding="utf-8")

    done = CliRunner().invoke(cli, ["tour", "--check", str(path)], standalone_mode=False)

    assert (done.return_value, done.output) == (0, f"{path}: 3 cards, 2 goals reached\n")


@pytest.mark.parametrize("table", [Lesson, CardTable, DoTable, GoalTable, AnyOrAllTable, HelpTable, LessonTable])
def test_the_documentation_names_every_key(table: type[Struct]) -> None:
    written = (
        (Path(__file__).parents[2] / "docs" / "lessons.md").read_text(encoding="utf-8").partition("## The file")[2]
    )
    missing = [key for key in table.__struct_fields__ if not re.search(rf"`\[?\[?{key}\b", written)]
    assert not missing, f"docs/lessons.md lacks these keys of {table.__name__}: {', '.join(missing)}"


def test_without_a_terminal_the_cards_are_text() -> None:
    done = CliRunner().invoke(cli, ["tour", "--ascii"], standalone_mode=False)

    assert done.output.isascii() and "2 of 8. The network predicts 0.521. The right answer is 1." in done.output
    assert (
        "Keys: s\nThe prediction went from 0.521 to 0.648." in done.output and "on W2[1,1], the weight" in done.output
    )


def test_the_numbers_of_what_changed_come_in_until_the_next_key() -> None:
    lesson = parse_lesson(GOOD, "test")
    player = KeyPlayer(lesson_training(lesson))
    playing = Playing(lesson).with_scene(player.scene).with_action("step").with_scene(player.scene)
    assert playing.shown_card().then == "From 0.521 to 0.5209."  # the key is known before what it does

    player.press("s")
    arrived = playing.with_scene(player.scene)
    assert arrived.shown_card().then == "From 0.521 to 0.6478."

    player.press("s")
    assert arrived.with_action("step").with_scene(player.scene).shown_card().then == "From 0.521 to 0.6478."


async def test_a_card_goes_to_a_phase_or_says_why_it_cannot() -> None:
    card = 'do = { go = 1, phase = "backward 2" }\ntext = "Press `f`."\nframe = "gradients"\n'
    lesson = parse_lesson(GOOD.replace('text = "Press `s`."\n', card, 1), "test")
    async with on_tour(lesson, (80, 24)) as pilot:
        await until(pilot, lambda: where(pilot) == (1, Phase.BACKWARD) and stage(pilot).layer == 1)

    lesson = parse_lesson(GOOD.replace('text = "Press `s`."\n', card.replace("2", "9"), 1), "test")
    async with on_tour(lesson, (80, 24)) as pilot:
        await until(pilot, lambda: "expected a layer from 1 to 2, got 9" in drawn(pilot))


def stage(pilot: Pilot[None]) -> Stage:
    snapshot = dashboard(pilot).view.snapshot
    assert snapshot
    return snapshot.stage


async def test_in_ascii_a_card_and_the_screen_name_a_weight_without_doubt() -> None:
    lesson = find_lesson(BY_HAND)
    app = NNApp(lesson.name, config=Config(ascii=True), opened=lesson_training(lesson))
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: shown(pilot) is not None)
        for number in (2, 3, 4):
            await next_card(pilot, number)
        assert "The gradient of W2[1,1] says" in text(pilot, "tour")
        assert "W2[1,1]" in text(pilot, "parameters")


async def test_a_card_names_the_keys_that_a_person_has_chosen() -> None:
    lesson = find_lesson(BY_HAND)
    app = NNApp(lesson.name, config=Config(keys={"step": "j"}), opened=lesson_training(lesson))
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: shown(pilot) is not None)
        await next_card(pilot, 2)
        assert "Press  j  for one training step." in text(pilot, "tour")
        await pilot.press("j")
        await until(pilot, lambda: (here := shown(pilot)) is not None and here.is_reached)


@pytest.mark.parametrize("name", lesson_names())
def test_a_shipped_lesson_fits_the_smallest_screen(name: str) -> None:
    for card in played_cards(find_lesson(name)):
        for each in (card, replace(card, is_reached=False, then="")):
            assert len(card_lines(each, 56, 8)) <= 8, f"card {card.number} is cut on a screen of 60×20"


def test_what_a_stranger_writes_on_a_card_steers_no_terminal() -> None:
    text = GOOD.replace("The loss is {loss}.", "\u202e[bold]\u200b {loss}").replace("A test", "\\u001b[2J")
    lesson = parse_lesson(text, "test")

    last = played_cards(lesson)[-1]
    words = "".join(span.text for line in card_lines(last, 76, 8) for span in line)

    assert "\\u202e[bold]\\u200b" in words
    assert all(each.isprintable() for each in words)
