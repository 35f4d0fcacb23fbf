"""The sizes of the panels: moved by keys and mouse, and found again at the next start."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual.geometry import Region
from textual.pilot import Pilot

from nn_tui.presets.catalogue import find
from nn_tui.tui.app import NNApp
from nn_tui.tui.config import Config
from nn_tui.tui.dashboard.dashboard import Dashboard
from nn_tui.tui.panel_layout import FILE, LEAST, rows_like
from nn_tui.tui.panels.panel_grid import moved

from ..helpers.app import LARGE, SMALL, dashboard, opened, settle, text, until

HUGE = (200, 60)
GRID = ("network", "explain")


def region(pilot: Pilot[None], name: str) -> Region:
    return pilot.app.screen.query_one(f"#{name}").region


def regions(pilot: Pilot[None]) -> list[Region]:
    return [region(pilot, name) for name in GRID]


@given(st.lists(st.integers(1, 200), min_size=2, max_size=4), st.data())
def test_a_border_that_moves_takes_from_one_neighbour_and_gives_to_the_other(
    sizes: list[int], data: st.DataObject
) -> None:
    border, by = data.draw(st.integers(0, len(sizes) - 2)), data.draw(st.integers(-300, 300))

    after = moved(sizes, border, by)

    assert sum(after) == sum(sizes)
    assert [n for n, (old, new) in enumerate(zip(sizes, after, strict=True)) if old != new] in (
        [],
        [border, border + 1],
    )
    least = LEAST * sum(sizes) / (2 if len(sizes) == 4 else 1)
    assert min(after) >= min(*sizes, least)
    if min(sizes) >= least:
        assert abs(after[border] - sizes[border]) <= abs(by)


@pytest.mark.parametrize("size", [LARGE, HUGE])
async def test_keys_move_the_borders_of_the_focused_panel(size: tuple[int, int]) -> None:
    async with opened("3-4-1", size) as pilot:
        before = region(pilot, "network")
        await pilot.press(">", ">", "<", ">", ")")
        await until(pilot, lambda: region(pilot, "network").size == before.size + (4, 1))

        await pilot.press("0")
        await until(pilot, lambda: region(pilot, "network") == before)


async def test_the_last_panel_grows_towards_the_others() -> None:
    async with opened("3-4-1") as pilot:
        await pilot.press("4")
        before = region(pilot, "loss")
        await pilot.press(">", ")")
        await until(pilot, lambda: region(pilot, "loss").offset == before.offset - (2, 1))
        assert region(pilot, "loss").bottom_right == before.bottom_right


async def test_the_mouse_pulls_a_border_and_both_where_they_cross() -> None:
    async with opened("3-4-1") as pilot:
        corner = region(pilot, "network").bottom_right
        await pilot.mouse_down(offset=(corner.x, corner.y - 5))
        await pilot.hover(offset=(80, 30))
        await pilot.mouse_up(offset=(80, 30))
        await until(pilot, lambda: region(pilot, "network").bottom_right == (80, corner.y))
        await settle(pilot)

        await pilot.mouse_down(offset=(79, corner.y - 1))
        await pilot.hover(offset=(0, 0))
        await pilot.mouse_up(offset=(0, 0))
        await until(pilot, lambda: region(pilot, "network").size == (24, 7))

        await pilot.hover(offset=(60, 20))
        await settle(pilot)
        assert region(pilot, "network").size == (24, 7)


async def test_a_click_within_a_panel_moves_no_border() -> None:
    async with opened("3-4-1") as pilot:
        before = regions(pilot)
        await pilot.mouse_down("#parameters", offset=(20, 5))
        await pilot.hover("#network", offset=(20, 5))
        await pilot.mouse_up("#network", offset=(20, 5))
        assert regions(pilot) == before


@pytest.mark.parametrize("size", [LARGE, HUGE])
async def test_the_next_start_finds_the_sizes_that_were_left(size: tuple[int, int]) -> None:
    async with opened("3-4-1", size) as pilot:
        await pilot.press(">", ">", ")", ")", "3", ">")
        await settle(pilot)
        left = regions(pilot)
    async with opened("xor", size) as pilot:
        await until(pilot, lambda: regions(pilot) == left)


def test_three_rows_are_found_again_as_four_and_four_as_three() -> None:
    usual = (25, 15, 8, 10)

    assert rows_like((20, 20, 18), usual) == (20, 20, 8, 10)
    assert rows_like((20, 20, 8, 10), usual[:2] + (18,)) == (20, 20, 18)
    assert rows_like((20, 38), usual) is None and rows_like(usual, usual) == usual


async def test_sizes_are_kept_before_the_end_too(state: Path) -> None:
    app = NNApp("3-4-1", find("3-4-1"), Config(autosave=0.1))
    async with app.run_test(size=LARGE) as pilot:
        await until(pilot, lambda: isinstance(app.screen, Dashboard) and app.screen.view.snapshot is not None)
        await pilot.press(">")
        await until(pilot, (state / FILE).exists)


async def test_another_preset_finds_the_sizes_too() -> None:
    async with opened("3-4-1") as pilot:
        await pilot.press(">")
        await settle(pilot)
        left, before = regions(pilot), dashboard(pilot)
        await pilot.press("p")
        await pilot.press(*"xor", "enter")
        await until(pilot, lambda: pilot.app.screen is not before and bool(pilot.app.screen.query("#network")))
        await until(pilot, lambda: regions(pilot) == left)


async def test_the_next_start_shows_the_network() -> None:
    async with opened("3-4-1", SMALL) as pilot:
        await pilot.press("6", "l")
        await settle(pilot)
    async with opened("3-4-1", SMALL) as pilot:
        await until(pilot, lambda: dashboard(pilot).focused is pilot.app.screen.query_one("#network"))


@pytest.mark.parametrize(
    "said", [b"", b"\xff", b"[]", b'{"wide": {"columns": [1, 99]}}', b'{"panel": "\x1b]2;x"}', b"{" * 9999]
)
async def test_a_damaged_file_is_reported_in_a_line_and_counts_for_nothing(said: bytes, state: Path) -> None:
    async with opened("3-4-1") as pilot:
        as_at_first = regions(pilot)
    (state / "panels.json").write_bytes(said)
    async with opened("3-4-1") as pilot:
        assert regions(pilot) == as_at_first
        (notice,) = pilot.app._notifications
        assert (
            "panels.json" in notice.message and "their default sizes" in notice.message and "\n" not in notice.message
        )


async def test_sizes_that_are_not_changed_leave_no_file(state: Path) -> None:
    async with opened("3-4-1") as pilot:
        await pilot.press("s")
    assert not (state / "panels.json").exists()


async def test_a_screen_that_grows_too_small_while_a_border_is_held_does_no_harm() -> None:
    async with opened("3-4-1") as pilot:
        corner = region(pilot, "network").bottom_right
        await pilot.mouse_down(offset=(corner.x, 5))
        await pilot.resize_terminal(50, 15)
        await pilot.press(">")
        await pilot.hover(offset=(40, 10))
        await pilot.mouse_up(offset=(40, 10))
        await pilot.resize_terminal(*LARGE)
        await until(pilot, lambda: region(pilot, "network").bottom_right == corner)


async def test_a_single_panel_has_no_borders_and_says_so_until_the_next_key() -> None:
    async with opened("3-4-1", SMALL) as pilot:
        await pilot.press(">")
        await until(pilot, lambda: "no border" in text(pilot, "results"))
        assert not pilot.app._notifications
        await pilot.press("n")
        await until(pilot, lambda: "no border" not in text(pilot, "results"))
