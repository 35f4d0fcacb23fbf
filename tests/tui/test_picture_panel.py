"""The picture panel and the charts, as a person meets them."""

from time import monotonic

import pytest
from msgspec.structs import replace
from textual.app import App, ComposeResult
from textual.content import Content
from textual.geometry import Size
from textual.pilot import Pilot
from textual.widget import Widget

from nn_tui.tui.app import NNApp
from nn_tui.tui.panels.picture_panel import PicturePanel
from nn_tui.tui.text.spans import Page
from nn_tui.tui.view import View

from ..helpers.app import LARGE, SMALL, opened, settle, text, until, where
from ..helpers.experiments import experiment_of
from ..helpers.pages import snapshot_of


def panel(pilot: Pilot[None], name: str) -> Widget:
    return pilot.app.screen.query_one(f"#{name}")


def colours(widget: Widget) -> set[str]:
    lines = (widget.render_line(y) for y in range(widget.size.height))
    return {
        str(segment.style.bgcolor)
        for line in lines
        for segment in line
        if segment.style and segment.text.strip("▀") == ""
    }


@pytest.mark.parametrize("size", [SMALL, LARGE])
async def test_6_shows_the_picture_and_4_the_loss(size: tuple[int, int]) -> None:
    async with opened("moons", size) as pilot:
        await pilot.press("s", "6")
        await until(pilot, lambda: "▀▀▀" in text(pilot, "picture"))
        await settle(pilot)
        assert pilot.app.focused is panel(pilot, "picture")
        assert "x₁" in text(pilot, "picture") and len(colours(panel(pilot, "picture"))) > 3

        await pilot.press("4")
        await until(pilot, lambda: bool(panel(pilot, "loss").region))
        await settle(pilot)
        assert pilot.app.focused is panel(pilot, "loss")
        assert bool(panel(pilot, "picture").region) is (size == LARGE)  # they share a region of a small screen alone


async def test_the_picture_is_of_the_step_that_is_shown() -> None:
    async with opened("iris") as pilot:
        await pilot.press("6")
        for step in (1, 2, 3):
            await pilot.press("s")
            ends = f"✗ wrong class  step {step}", f"✓ right class  step {step}"  # by the example that is shown
            await until(pilot, lambda ends=ends: panel(pilot, "picture").border_subtitle in ends)  # type: ignore[misc]
            assert "training, 112 examples" in text(pilot, "picture")
        await pilot.press("b")
        await until(pilot, lambda: str(panel(pilot, "picture").border_subtitle).endswith(" class  step 2"))


async def test_a_hidden_picture_catches_up_when_it_is_shown() -> None:
    async with opened("moons", SMALL) as pilot:
        await pilot.press("6", "1", "s", "s")
        await until(pilot, lambda: where(pilot)[0] == 2)
        assert panel(pilot, "picture").border_subtitle == "step 0"

        await pilot.press("6")

        await until(pilot, lambda: panel(pilot, "picture").border_subtitle == "step 2")


async def test_h_goes_through_the_hidden_neurons() -> None:
    async with opened("xor") as pilot:
        await pilot.press("6")
        await until(pilot, lambda: "▀" in text(pilot, "picture"))
        titles = []
        for key in ("h", "h", "h", "h", "H"):
            await pilot.press(key)
            await settle(pilot)
            title = str(panel(pilot, "picture").border_title)
            titles.append(next((n for n in (1, 2, 3) if f"a¹{'₁₂₃'[n - 1]}" in title), None))

    assert titles == [1, 2, 3, None, 3]


async def test_a_number_of_the_table_can_be_explained() -> None:
    async with opened("3-4-1") as pilot:
        await pilot.press("6", "down", "down", "down", "enter")
        await until(pilot, lambda: bool(panel(pilot, "explain").region))

        assert "ŷ₁ = 0.520888" in text(pilot, "explain")


async def test_without_colours_the_picture_is_of_glyphs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    async with opened("moons") as pilot:
        await pilot.press("6")
        await until(pilot, lambda: "x₁" in text(pilot, "picture"))

        assert "▀" not in text(pilot, "picture") and "▒" in text(pilot, "picture")


async def test_the_terminals_own_colours_are_not_mixed() -> None:
    async with opened("moons") as pilot:
        pilot.app.theme = "ansi-dark"
        await pilot.press("6")
        await until(pilot, lambda: "x₁" in text(pilot, "picture"))

        assert "▀" not in text(pilot, "picture") and "▒" in text(pilot, "picture")


async def test_y_goes_through_the_charts() -> None:
    async with opened("moons") as pilot:
        await pilot.press("s", "s", "e", "4")
        await until(pilot, lambda: where(pilot)[0] == 10)
        titles = []
        for _ in range(6):
            await pilot.press("y")
            await settle(pilot)
            titles.append(Content.from_markup(str(panel(pilot, "loss").border_title)).plain)
            assert any("⠁" <= each <= "⣿" for each in text(pilot, "loss")), titles

    assert [title.split(" │ ")[0].split(",")[0].strip() for title in titles] == [
        "Loss",
        "Accuracy",
        "‖∂L/∂W‖ by layer",
        "‖ΔW‖ / ‖W‖ by layer",
        "Activations by layer",
        "Loss",
    ]


class Counting(PicturePanel):
    """Counts its drawings."""

    drawings = 0

    def make_page(self, size: Size) -> Page:
        self.drawings += 1
        return super().make_page(size)


class Alone(App[None]):
    """Nothing but the panel."""

    COMPONENT_CLASSES = NNApp.COMPONENT_CLASSES

    def compose(self) -> ComposeResult:
        yield Counting()


async def test_many_steps_make_few_drawings_and_the_last_is_drawn() -> None:
    of = experiment_of("xor")
    snapshots = [snapshot_of(of, steps) for steps in (1, 2, 3)]
    app = Alone()
    async with app.run_test() as pilot:
        panel = app.query_one(Counting)
        panel.view = View(trainer=of.trainer)
        begin, before, snapshots_set = monotonic(), panel.drawings, 0
        while monotonic() - begin < 1.0 or snapshots_set < 20:
            panel.view = replace(panel.view, snapshot=snapshots[snapshots_set % 3])
            snapshots_set += 1
            await pilot.pause(0.01)
        drawings, seconds = panel.drawings - before, monotonic() - begin
        last = snapshots[2] if panel.view.snapshot is not snapshots[2] else snapshots[1]
        panel.view = replace(panel.view, snapshot=last)
        step = last.step
        await until(pilot, lambda: panel.border_subtitle == f"step {step}")

    assert drawings <= 4 * seconds + 2


async def test_a_large_panel_is_alone_after_the_picture_too() -> None:
    async with opened("moons") as pilot:
        for key, name in (("6", "picture"), ("1", "network"), ("6", "picture"), ("4", "loss")):
            await pilot.press(key)
            await settle(pilot)
            if "-large" not in pilot.app.screen.classes:
                await pilot.press("l")
            await until(pilot, lambda name=name: bool(panel(pilot, name).region))  # type: ignore[misc]
            await settle(pilot)
            assert [each.id for each in pilot.app.screen.query_one("#panels").children if each.region] == [name]
