"""What a person meets first: the cursor on the prediction, its explanation, a story that can be watched, large figures."""

import pytest
from textual.app import App, ComposeResult
from textual.geometry import Size

from nn_tui.core.quantities.quantity import Quantity
from nn_tui.presets.catalogue import find
from nn_tui.tui.app import NNApp
from nn_tui.tui.dashboard.dashboard import Dashboard
from nn_tui.tui.dialogs.base_screen import BaseScreen
from nn_tui.tui.dialogs.go_to_dialogs import Find
from nn_tui.tui.panels.key_line import KeyLine
from nn_tui.tui.panels.loss_panel import LossPanel
from nn_tui.tui.panels.page_style import style_named
from nn_tui.tui.panels.page_view import PageView
from nn_tui.tui.text.spans import Lines, Span

from ..helpers.app import LARGE, SMALL, dashboard, drawn, opened, settle, step_to, text, until, until_shown, where

SIZES = [(60, 20), SMALL, LARGE, (200, 60)]


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("preset", ["3-4-1", "2-2-1", "moons", "digits"])
async def test_the_cursor_begins_on_the_first_prediction_and_is_explained(preset: str, size: tuple[int, int]) -> None:
    async with opened(preset, size) as pilot:
        where_explained = "explain" if size >= LARGE else "strip"
        await until(pilot, lambda: text(pilot, where_explained).strip() != "")
        await settle(pilot)
        cursor = dashboard(pilot).view.cursor
        assert cursor and cursor.to == 0 and str(cursor).startswith(("a2[1]", "a3[1]"))
        assert " = " in text(pilot, where_explained).splitlines()[0]


@pytest.mark.parametrize("size", [SMALL, LARGE])
async def test_the_explanation_follows_the_cursor_without_a_key(size: tuple[int, int]) -> None:
    async with opened("3-4-1", size) as pilot:
        name = "explain" if size == LARGE else "strip"
        await pilot.press("2")
        await until(pilot, lambda: "initial weight, printed in the article" in text(pilot, name))
        await pilot.press("down")
        await until(pilot, lambda: text(pilot, name).startswith("w¹₁₂ = 0.043651"))


async def test_factors_are_walked_where_the_number_is() -> None:
    async with opened("3-4-1") as pilot:
        await step_to(pilot, 1)
        await pilot.press("2", "down", "x")
        await until(pilot, lambda: "factor 1 of 5" in text(pilot, "explain"))
        assert pilot.app.screen.query_one("#parameters").has_focus
        await pilot.press("down")
        await until(pilot, lambda: dashboard(pilot).view.quantity is None)
        await until(pilot, lambda: text(pilot, "explain").startswith("w¹₁₃"))


@pytest.mark.parametrize(
    ("typed", "panel", "found"),
    [
        ("w2[1,1]", "network", "w2[1,1]"),
        ("dw1[4,3]", "gradients", "dw1[4,3]"),
        ("b2[1]", "parameters", "b2[1]"),
        ("loss", "network", "loss"),
    ],
)
async def test_a_number_is_found_by_its_name(typed: str, panel: str, found: str) -> None:
    async with opened("3-4-1") as pilot:
        await step_to(pilot, 1)
        shown, under_cursor = dashboard(pilot), []
        shown.watch(shown, "view", lambda view: under_cursor.append(view.cursor), init=False)
        await pilot.press("slash")
        await until_shown(pilot, Find)
        before = shown.view.cursor
        await pilot.press(*(each for each in typed), "enter")
        await until(pilot, lambda: dashboard(pilot).view.cursor == Quantity.parse(found))
        assert {*under_cursor} <= {before, Quantity.parse(found)}, "no frame shows another number"
        assert panel == "network" or pilot.app.screen.query_one(f"#{panel}").has_focus or panel == "parameters"


@pytest.mark.parametrize(
    ("typed", "example", "found"),
    [
        ("a2[1]@3", 2, "ŷ₁ = σ(z²₁)"),
        ("dz1[1]@2", 1, "∂L/∂z¹₁"),
        ("dw1[1,1]@2", 0, "(∂L/∂w¹₁₁)⁽²⁾"),
        ("a2[1]@9", 0, "z2[1]@9: the batch has examples 1 to 4"),
        ("w9[9,9]", 0, "w9[9,9]: the network has layers 1 to 2"),
        ("da0[1]", 0, "∂L/∂x₁"),
        ("last-w1[1,1]", 0, "initial weight"),
    ],
)
async def test_a_number_of_an_example_is_found_in_that_example(typed: str, example: int, found: str) -> None:
    async with opened("xor") as pilot:
        await step_to(pilot, 1)
        await pilot.press("slash")
        await until_shown(pilot, Find)
        await pilot.press(*typed, "enter")
        await until_shown(pilot, Dashboard)
        await until(pilot, lambda: found in text(pilot, "explain"))
        assert dashboard(pilot).view.example == example


async def test_an_unknown_name_is_refused_in_the_field() -> None:
    async with opened("3-4-1", SMALL) as pilot:
        await pilot.press("slash")
        await until_shown(pilot, Find)
        await pilot.press(*"nope", "enter")
        await until(pilot, lambda: "no number" in str(pilot.app.screen.query_one(".form-fault").render()))
        await pilot.press("escape")


async def test_a_story_is_run_so_that_it_can_be_watched_and_pauses_at_its_end(monkeypatch: pytest.MonkeyPatch) -> None:
    async with opened("3-4-1") as pilot:
        await pilot.press("space")  # six steps: on a busy machine, a look at a single second may miss it
        await until(pilot, lambda: "at most 2/s" in text(pilot, "status"))
        await until(pilot, lambda: "0.925, as printed ✓. Next: xor" in text(pilot, "status"))
        await until(pilot, lambda: not dashboard(pilot).view.running)
        assert where(pilot)[0] == 6

        # A key that comes in this moment was meant to pause the run.
        monkeypatch.setattr("nn_tui.tui.dashboard.run_end.REACTION", 60)
        await pilot.press("space")
        await until(pilot, lambda: "already paused; space continues" in text(pilot, "status"))
        assert where(pilot)[0] == 6

        await pilot.press("space")
        await until(pilot, lambda: "■ finished" in text(pilot, "status"))
        assert where(pilot)[0] == 1000


async def test_a_story_is_left_for_full_speed_by_a_key() -> None:
    async with opened("3-4-1") as pilot:
        await pilot.press("space", "full_stop")
        await until(pilot, lambda: "■ finished" in text(pilot, "status"))


@pytest.mark.parametrize("size", SIZES)
async def test_one_number_can_have_the_screen(size: tuple[int, int]) -> None:
    async with opened("3-4-1", size) as pilot:
        await pilot.press("P")
        await until(pilot, lambda: "ŷ₁, step 0" in text(pilot, "presentation"))
        assert not pilot.app.screen.query_one("#panels").region
        keys = pilot.app.screen.query_one(KeyLine)
        assert size < LARGE or "P leave presentation" in str(keys.render())
        await pilot.press("right")
        await until(pilot, lambda: "a¹₁, step 0" in text(pilot, "presentation"))
        await pilot.press("escape")
        await until(pilot, lambda: bool(pilot.app.screen.query_one("#panels").region))


async def test_a_key_takes_light_colours_and_dark_ones_again() -> None:
    async with opened("3-4-1", SMALL) as pilot:
        await pilot.press("T")
        await until(pilot, lambda: pilot.app.theme == "nn-tui-light")
        await pilot.press("T")
        await until(pilot, lambda: pilot.app.theme == "nn-tui-dark")


async def test_a_chart_takes_the_colours_of_another_theme() -> None:
    async with opened("xor") as pilot:
        await step_to(pilot, 4)
        panel = pilot.app.screen.query_one(LossPanel)

        def colours() -> set[object]:
            lines = (panel.render_line(y) for y in range(panel.size.height))
            return {segment.style.color for line in lines for segment in line if segment.style and segment.text.strip()}

        before = colours()
        await pilot.press("T")
        await until(pilot, lambda: colours().isdisjoint(before))
        await pilot.press("T")  # no curve is new now, which would be drawn in any case
        await until(pilot, lambda: colours() == before)


@pytest.mark.parametrize("size", SIZES)
async def test_the_keys_at_the_foot_are_those_that_matter(size: tuple[int, int]) -> None:
    async with opened("moons", size) as pilot:
        await until(pilot, lambda: "space run" in drawn(pilot).splitlines()[-1])
        line = drawn(pilot).splitlines()[-1]
        assert "e epoch" in line and "n next example" in line and line.rstrip().endswith("? help")
        assert "other branch" not in line and "close" not in line
        assert len(line.rstrip()) >= size[0] - 2


@pytest.mark.parametrize("size", [SMALL, LARGE])
async def test_nothing_is_seen_of_a_training_before_all_of_it_can_be_seen(size: tuple[int, int]) -> None:
    app = NNApp("moons", find("moons"))
    async with app.run_test(size=size) as pilot:
        frames = set()
        while not (isinstance(app.screen, Dashboard) and app.screen.is_ready):
            frames.add(drawn(pilot).strip())
            await pilot.pause()
        await settle(pilot)
        assert all("Two moons" not in frame and "│" not in frame for frame in frames), frames
        assert "Two moons" in drawn(pilot).splitlines()[0]


async def test_every_style_has_its_colour_from_the_first_screen_on() -> None:
    async with opened("3-4-1") as pilot:
        colours = {style_named(pilot.app, name).rich_style.color for name in ("plus-3", "minus-3", "accent", "faint")}
        assert len(colours) == 4


class WidePage(PageView):
    """A page that says for how many columns it was made."""

    def make_page(self, size: Size) -> Lines:
        return Lines([[Span(f"{size.width} columns")]])


class OnePage(App[None]):
    def compose(self) -> ComposeResult:
        yield WidePage()


async def test_a_panel_is_painted_in_its_size_before_it_hears_of_it() -> None:
    app = OnePage()
    async with app.run_test(size=(40, 10)) as pilot:
        await pilot.pause()
        panel = app.query_one(WidePage)
        first = panel.page.line(0)[0].text
        app.screen._compositor.reflow(app.screen, Size(21, 10))

        assert first == "40 columns" and panel.page.line(0)[0].text == "21 columns"


class SizedScreen(BaseScreen[None]):
    """A screen that keeps the classes it has before its first frame."""

    CSS_PATH = None
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (80, "-medium"), (118, "-wide")]
    VERTICAL_BREAKPOINTS = [(0, "-low"), (24, "-high")]

    def compose(self) -> ComposeResult:
        self.at_first = set(self.classes)
        yield WidePage()


@pytest.mark.parametrize(("size", "classes"), [((79, 23), {"-narrow", "-low"}), ((118, 24), {"-wide", "-high"})])
async def test_a_screen_has_the_classes_of_its_size_in_its_first_frame(
    size: tuple[int, int], classes: set[str]
) -> None:
    async with NNApp("xor").run_test(size=size) as pilot:
        await until(pilot, lambda: isinstance(pilot.app.screen, Dashboard))
        screen = SizedScreen()
        await pilot.app.push_screen(screen)

        assert screen.at_first == classes


async def test_what_has_no_factors_or_routes_or_other_examples_says_so_and_opens_nothing() -> None:
    async with opened("3-4-1") as pilot:
        for key, words in (("x", "no factors here"), ("v", "no factors here"), ("n", "the batch has one example")):
            await pilot.press(key)
            await settle(pilot)
            assert words in drawn(pilot).splitlines()[0] and dashboard(pilot).view.quantity is None


async def test_the_factor_that_was_walked_to_is_in_sight() -> None:
    async with opened("2-2-2") as pilot:
        await pilot.press("2", "right", *"xxxxxxxx")
        await until(pilot, lambda: dashboard(pilot).view.factor == 8)
        await settle(pilot)

        assert "product so far" in text(pilot, "explain") and "∂ŷ₂" in text(pilot, "explain").replace("⁽¹⁾", "")


async def test_a_hidden_neuron_under_the_cursor_is_lit() -> None:
    async with opened("3-4-1") as pilot:
        await pilot.press("left", "left")
        await settle(pilot)
        cursor, network = dashboard(pilot).view.cursor, pilot.app.screen.query_one("#network", PageView)
        lit = {
            span.quantity
            for y in range(network.page.height)
            for span in network.page.line(y)
            if "cursor" in span.styles
        }

        assert cursor and cursor.layer == 0 and cursor in lit
