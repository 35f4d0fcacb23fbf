"""The panels of the dashboard: each says of itself what it is and where it stands, and can be seen at every size."""

import importlib
import pkgutil
from collections import Counter
from itertools import permutations

import pytest

from nn_tui.core.notation.notation import Notation
from nn_tui.tui import panels
from nn_tui.tui.dashboard.regions import Arrangement, Room, gradient_rows, room_of
from nn_tui.tui.panels.panel import PanelSpec, Region
from nn_tui.tui.panels.panel_list import PANELS
from nn_tui.tui.text.data_names import DataNames
from nn_tui.tui.text.gradient_table import GradientTable

from ..helpers.app import LARGE, SMALL, dashboard, opened, until
from ..helpers.experiments import experiment_of
from ..helpers.pages import snapshot_of

SIZES = [(60, 20), SMALL, LARGE, (200, 60)]
NAMES = [spec.name for spec in PANELS]


def test_every_panel_is_in_the_list() -> None:
    for each in pkgutil.iter_modules(panels.__path__):
        spec = getattr(importlib.import_module(f"{panels.__name__}.{each.name}"), "SPEC", None)
        assert not isinstance(spec, PanelSpec) or spec in PANELS, (
            f"tui/panels/{each.name}.py has a SPEC that nobody shows: add {each.name}.SPEC to PANELS in "
            "tui/panels/panel_list.py"
        )


@pytest.mark.parametrize("spec", PANELS, ids=lambda spec: spec.name)
def test_a_panel_says_what_it_is(spec: PanelSpec) -> None:
    assert spec.help.endswith("."), f"the {spec.name} panel has no help: give its SPEC some sentences on what it shows"
    assert [each.name for each in PANELS if each.key == spec.key] == [spec.name], f"two panels have the key {spec.key}"


@pytest.mark.parametrize("is_picture_first", [False, True])
@pytest.mark.parametrize("are_steps_first", [False, True])
@pytest.mark.parametrize("room", [Room.WIDE, Room.HUGE])
def test_every_region_has_one_panel_and_the_last_one_shown_is_seen(
    room: Room, *, is_picture_first: bool, are_steps_first: bool
) -> None:
    arrangement = Arrangement(room, is_picture_first, are_steps_first)
    missing = {Region.MIDDLE, Region.LOWEST} if room is Room.WIDE else set() if are_steps_first else {Region.LOWEST}
    expected = set(Region) - missing
    for latest in permutations(NAMES, 2):
        seen = arrangement.seen(latest)
        assert latest[0] in seen
        assert Counter(arrangement.region_of(spec) for spec in PANELS if spec.name in seen) == Counter(expected)


def test_what_a_person_sees_first_depends_on_the_data() -> None:
    wide, huge = Arrangement(Room.WIDE), Arrangement(Room.HUGE)
    assert wide.seen([]) == {"network", "parameters", "explain", "loss"}
    assert huge.seen([]) == {"network", "parameters", "gradients", "explain", "loss"}
    assert Arrangement(Room.WIDE, is_picture_first=True).seen([]) == {"network", "picture", "explain", "loss"}
    assert Arrangement(Room.HUGE, is_picture_first=True).seen([]) == {*wide.seen([]), "picture"}
    assert Arrangement(Room.WIDE, are_steps_first=True).seen([]) == {"network", "parameters", "explain", "steps"}
    assert Arrangement(Room.HUGE, are_steps_first=True).seen([]) == {*huge.seen([]), "steps"}
    assert Arrangement(Room.ONE).seen(["loss", "network"]) == {"loss"}


@pytest.mark.parametrize(
    ("preset", "are_steps_first", "is_picture_first", "middle"),
    [
        ("2-2-2-1", True, False, 22),  # the gradients need 22 rows, and the parameters only 18 of 40
        ("3-4-1", True, False, 16),  # both need more than there is
        ("2-2-1", True, False, 15),  # both have enough
        ("xor", False, True, 16),
        ("moons", False, True, 15),
    ],
)
def test_a_table_on_a_large_screen_gets_the_rows_that_the_panel_beside_it_leaves_free(
    preset: str, middle: int, *, are_steps_first: bool, is_picture_first: bool
) -> None:
    network = experiment_of(preset).trainer.network

    rows = Arrangement(Room.HUGE, is_picture_first, are_steps_first).sizes(200, 58, network).rows

    assert rows is not None and rows[1] == middle and rows[0] + middle == 40


def test_the_rows_of_the_gradients_are_known_before_there_is_a_step() -> None:
    for name in ("2-2-2-1", "iris"):
        of = experiment_of(name)
        table = GradientTable(snapshot_of(of, 0), 0, DataNames.of(of.trainer, Notation.SUPERSCRIPT))
        assert gradient_rows(of.trainer.network.sizes) == table.height


def test_a_detour_is_left_by_a_key_of_its_own() -> None:
    assert Counter(spec.is_detour for spec in PANELS)[True] == 1
    assert [room_of(*size) for size in SIZES] == [Room.ONE, Room.ONE, Room.WIDE, Room.HUGE]


@pytest.mark.parametrize("size", SIZES)
async def test_every_panel_can_be_seen_at_every_size(size: tuple[int, int]) -> None:
    async with opened("3-4-1", size) as pilot:
        for spec in PANELS:
            await pilot.press(spec.key)
            panel = pilot.app.screen.query_one(f"#{spec.name}")
            await until(pilot, lambda panel=panel: bool(panel.region) and dashboard(pilot).focused is panel)  # type: ignore[misc]


@pytest.mark.parametrize(("preset", "rows"), [("2-2-2-1", 20), ("3-4-1", 24), ("xor", 24), ("moons", 26)])
async def test_both_columns_break_at_one_row_that_moves_with_the_network(preset: str, rows: int) -> None:
    async with opened(preset) as pilot:
        await until(pilot, lambda: pilot.app.screen.query_one("#network").region.height == rows)
        lower = "steps" if preset in ("2-2-2-1", "3-4-1") else "loss"
        tops = {pilot.app.screen.query_one(f"#{name}").region.y for name in ("explain", lower)}
        assert tops == {rows + 1}
        assert pilot.app.screen.query_one("#network").region.width == 72
