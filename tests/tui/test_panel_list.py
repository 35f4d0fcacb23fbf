"""The panels of the dashboard: each says of itself what it is and where it stands, and can be seen at every size."""

import importlib
import pkgutil
from collections import Counter
from itertools import permutations

import pytest

from nn_tui.tui import panels
from nn_tui.tui.dashboard.panel_list import PANELS, Room, panel_cells, room_of, seen_in
from nn_tui.tui.panels.panel_spec import PanelSpec

from ..helpers.app import LARGE, SMALL, dashboard, opened, until

SIZES = [(60, 20), SMALL, LARGE, (200, 60)]
CELLS = {Room.WIDE: 4, Room.HUGE: 6}


def test_every_panel_is_in_the_list() -> None:
    for each in pkgutil.iter_modules(panels.__path__):
        spec = getattr(importlib.import_module(f"{panels.__name__}.{each.name}"), "SPEC", None)
        assert not isinstance(spec, PanelSpec) or spec in PANELS, (
            f"tui/panels/{each.name}.py has a SPEC that nobody shows: add {each.name}.SPEC to PANELS in "
            "tui/dashboard/panel_list.py"
        )


@pytest.mark.parametrize("spec", PANELS, ids=lambda spec: spec.name)
def test_a_panel_says_what_it_is_and_where_it_stands(spec: PanelSpec) -> None:
    assert spec.help.endswith("."), f"the {spec.name} panel has no help: give its SPEC some sentences on what it shows"
    for room, count in CELLS.items():
        cells = panel_cells(spec, room)
        assert cells and set(cells) <= set(range(1, count + 1)), (
            f"the {spec.name} panel stands nowhere in a {room.value} screen: give its SPEC {room.value}=(n,), n from 1 to {count}"
        )
    assert [each.name for each in PANELS if each.key == spec.key] == [spec.name], f"two panels have the key {spec.key}"


@pytest.mark.parametrize("room", CELLS)
def test_every_cell_has_a_panel_and_every_panel_its_cell(room: Room) -> None:
    names = [spec.name for spec in PANELS]
    places = {spec.name: panel_cells(spec, room) for spec in PANELS}
    order = [spec.name for spec in sorted(PANELS, key=lambda spec: spec.huge)]
    for latest in permutations(names, 3):
        seen = seen_in(room, latest)
        assert latest[0] in seen
        taken = [cell for name in order if name in seen for cell in places[name]]
        assert taken == list(range(1, CELLS[room] + 1)), f"{room.value}, after {', '.join(latest)}: cells {taken}"


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
