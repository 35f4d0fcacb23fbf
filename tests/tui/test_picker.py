"""The picker and the form for a new network, by keys alone on the smallest usual screen."""

from pathlib import Path

import pytest
from textual.events import Key, Paste
from textual.pilot import Pilot
from textual.widgets import Input, OptionList, Select, Static

from nn_tui.presets.catalogue import builtin_names, find
from nn_tui.tui.dashboard.dashboard import Dashboard
from nn_tui.tui.dialogs.new_network import NewNetwork
from nn_tui.tui.dialogs.picker import Picker
from nn_tui.tui.text.picture.layer_sketch import sketch

from ..helpers.app import SMALL, dashboard, detail, opened, rows, settle, text, until, until_shown
from ..helpers.command_line import call

GOOD = (Path(__file__).parents[1] / "data" / "good.toml").read_text(encoding="utf-8")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("NN_TUI_PRESETS", str(tmp_path / "presets"))
    (tmp_path / "presets").mkdir()
    (tmp_path / "presets" / "own-one.toml").write_text(GOOD, encoding="utf-8")
    (tmp_path / "presets" / "broken.toml").write_text("name = [\n", encoding="utf-8")
    return tmp_path / "presets"


def told(pilot: Pilot[None]) -> str:
    return str(pilot.app.screen.query_one("#new-told", Static).render())


async def type_into(pilot: Pilot[None], field: str, value: str) -> None:
    line = pilot.app.screen.query_one(f"#new-{field}", Input)
    line.focus()
    line.clear()
    line.post_message(Paste(value))
    await until(pilot, lambda: line.value == value)


async def form(pilot: Pilot[None]) -> None:
    await until_shown(pilot, Picker)
    await pilot.press("n")
    await until_shown(pilot, NewNetwork)


def test_own_presets_are_listed_and_a_broken_one_breaks_nothing(folder: Path) -> None:
    done = call("presets")

    lines = done.stdout.splitlines()
    assert done.returncode == 0 and done.stderr == "" and len(lines) == len(builtin_names()) + 2
    assert (
        lines[-2].startswith("broken ") and "(own, unreadable) " in lines[-2] and "broken.toml: not TOML: " in lines[-2]
    )
    assert lines[-1].startswith("own-one ") and lines[-1].endswith("One bias for a whole layer (own)")


async def test_the_list_has_every_preset_with_its_size(folder: Path) -> None:
    async with opened(None, SMALL) as pilot:
        await until(pilot, lambda: isinstance(pilot.app.screen, Picker) and bool(detail(pilot)))
        listed = rows(pilot)
        shown = detail(pilot)

    assert len(listed) == len(builtin_names()) + 2
    assert listed[0].split("\n")[0].split() == ["3-4-1", "3-4-1", "21"]
    assert listed[-2].startswith("broken ") and "not TOML" in listed[-2]
    assert "own: One bias for a whole layer" in listed[-1]
    for fact in ("layers: 3-4-1, 21 parameters", "activations: sigmoid", "loss: bce", "data: 1 example", "Source: "):
        assert fact in shown


async def test_typing_filters_and_enter_opens(folder: Path) -> None:
    async with opened(None, SMALL) as pilot:
        await until_shown(pilot, Picker)
        await pilot.press(*"marks")
        await until(pilot, lambda: len(rows(pilot)) == 1)
        assert pilot.app.screen.query_one("#picker-filter", Input).value == "marks"
        assert "data: 395 examples, 95 of them held out" in detail(pilot)

        await pilot.press("enter")

        await until(
            pilot, lambda: isinstance(pilot.app.screen, Dashboard) and dashboard(pilot).view.snapshot is not None
        )
        assert "3-4-1-marks" in text(pilot, "status")


async def test_the_arrows_move_in_what_the_filter_left_and_escape_widens_it(folder: Path) -> None:
    async with opened(None, SMALL) as pilot:
        await until(pilot, lambda: isinstance(pilot.app.screen, Picker) and bool(rows(pilot)))
        await pilot.press("slash", *"nielsen", "down")
        await until(pilot, lambda: "nielsen-neuron-slow" in rows(pilot)[-1] and "slowly" in detail(pilot))

        await pilot.press("escape")
        await until(pilot, lambda: len(rows(pilot)) == len(builtin_names()) + 2)
        assert pilot.app.screen.query_one(OptionList).has_focus

        await pilot.press("slash", *"no such preset")
        await until(pilot, lambda: not rows(pilot))
        await pilot.press("enter")
        assert isinstance(pilot.app.screen, Picker) and "No preset" in detail(pilot)


@pytest.mark.parametrize("typed", ["/iris-", "iris no"])
async def test_what_is_typed_at_once_goes_to_the_filter_whole(folder: Path, typed: str) -> None:
    async with opened(None, SMALL) as pilot:
        await until(pilot, lambda: isinstance(pilot.app.screen, Picker) and bool(rows(pilot)))
        for character in typed:
            pilot.app.post_message(Key({"/": "slash", "-": "minus", " ": "space"}.get(character, character), character))
        await until(pilot, lambda: pilot.app.screen.query_one("#picker-filter", Input).value == typed.strip("/"))


async def test_the_filter_is_not_where_it_begins_even_for_a_moment() -> None:
    """It would take a key that is pressed at once for text."""
    async with opened("xor", SMALL) as pilot:
        picker, focused = Picker(), set[str | None]()
        pilot.app.watch(picker, "focused", lambda widget: focused.add(widget and widget.id))
        pilot.app.push_screen(picker)
        await until(pilot, lambda: pilot.app.screen is picker and bool(detail(pilot)))

        assert focused == {None, "picker-list"}


async def test_what_the_filter_has_just_taken_away_is_not_described(folder: Path) -> None:
    async with opened(None, SMALL) as pilot:
        await until(pilot, lambda: isinstance(pilot.app.screen, Picker) and bool(rows(pilot)))
        line = pilot.app.screen.query_one("#picker-filter", Input)
        line.value = "xor"
        line.value = "xor without end"
        await settle(pilot)
        assert "No preset has all these words" in detail(pilot)


async def test_a_broken_preset_says_why_and_stays_unopened(folder: Path) -> None:
    async with opened(None, SMALL) as pilot:
        await until_shown(pilot, Picker)
        await pilot.press("slash", *"broken", "enter")
        await until(pilot, lambda: bool(pilot.app._notifications))

        assert "broken.toml: not TOML" in next(iter(pilot.app._notifications)).message
        assert isinstance(pilot.app.screen, Picker)


async def test_a_new_network_is_opened_without_a_file(folder: Path) -> None:
    async with opened(None, SMALL) as pilot:
        await form(pilot)
        await type_into(pilot, "layers", "2-5-1")
        await pilot.press("enter")

        await until(
            pilot, lambda: isinstance(pilot.app.screen, Dashboard) and dashboard(pilot).view.snapshot is not None
        )
        assert "my-net" in text(pilot, "status") and "tanh·sigmoid" in text(pilot, "status")
    assert not (folder / "my-net.toml").exists()


async def test_a_new_network_is_saved_among_the_own_presets(folder: Path) -> None:
    async with opened(None, SMALL) as pilot:
        await form(pilot)
        await type_into(pilot, "name", "first")
        pilot.app.screen.query_one("#new-data", Select).value = "spiral"
        await pilot.press("ctrl+s")

        await until(
            pilot, lambda: isinstance(pilot.app.screen, Dashboard) and dashboard(pilot).view.snapshot is not None
        )
    saved = find("first").data.dataset
    assert saved and saved.name == "spiral"


async def test_an_existing_preset_is_replaced_only_when_asked_twice(folder: Path) -> None:
    async with opened(None, SMALL) as pilot:
        await form(pilot)
        await type_into(pilot, "name", "own-one")
        await pilot.press("ctrl+s")
        await until(pilot, lambda: "exists: save again to replace it" in told(pilot))
        assert find("own-one").title == "One bias for a whole layer"

        await pilot.press("ctrl+s")
        await until(pilot, lambda: isinstance(pilot.app.screen, Dashboard))
    assert find("own-one").title == "own-one: your own network"


@pytest.mark.parametrize(
    ("field", "value", "fault"),
    [
        ("name", "a/b", "name: expected letters"),
        ("name", "xor", "name: xor comes with nn-tui"),
        ("layers", "3-2-1", "xor: expected 3 features, one for each input, got 2"),
        ("layers", "2", "network.layers: expected at least 2 values, got 1"),
        ("learning_rate", "0", "training.learning_rate: expected a number above 0, got 0"),
        ("samples", "0", "data.dataset.samples: expected a whole number from 1 up, got 0"),
    ],
)
async def test_what_is_wrong_in_the_form_is_told_there(folder: Path, field: str, value: str, fault: str) -> None:
    async with opened(None, SMALL) as pilot:
        await form(pilot)
        await type_into(pilot, field, value)
        await pilot.press("ctrl+s")

        await until(pilot, lambda: fault in told(pilot))
        assert isinstance(pilot.app.screen, NewNetwork)
        await pilot.press("escape")
        await until_shown(pilot, Picker)


async def test_data_from_a_file_has_a_field_of_its_own(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "and.csv").write_text("a,b,y\n0,0,0\n0,1,0\n1,0,0\n1,1,1\n", encoding="utf-8")
    async with opened(None, SMALL) as pilot:
        await form(pilot)
        await settle(pilot)
        assert not pilot.app.screen.query_one("#new-file").region
        pilot.app.screen.query_one("#new-data", Select).value = "file"
        await until(pilot, lambda: bool(pilot.app.screen.query_one("#new-file").region))
        await type_into(pilot, "file", str(tmp_path / "and.csv"))
        await pilot.press("ctrl+o")

        await until(
            pilot, lambda: isinstance(pilot.app.screen, Dashboard) and dashboard(pilot).view.snapshot is not None
        )
        snapshot = dashboard(pilot).view.snapshot
        assert snapshot and snapshot.forward.X.shape == (4, 2)


async def test_the_form_can_be_filled_in_by_keys_alone(folder: Path) -> None:
    async with opened(None, SMALL) as pilot:
        await form(pilot)
        await pilot.press(*"keys", "tab", *"2-4-1", "tab", "enter", "down", "enter")
        await until(pilot, lambda: pilot.app.screen.query_one("#new-activation", Select).value == "relu")
        for name in ("loss", "optimizer", "learning_rate", "data", "samples", "noise", "open"):
            await pilot.press("tab")
            assert pilot.app.focused and pilot.app.focused.id == f"new-{name}"
        await pilot.press("enter")
        await until(
            pilot, lambda: isinstance(pilot.app.screen, Dashboard) and dashboard(pilot).view.snapshot is not None
        )
        assert "relu·sigmoid" in text(pilot, "status")


def test_a_sketch_stays_within_its_room() -> None:
    assert list(sketch([3, 4, 1], 32, 4)) == ["●   ○    ", "●   ○   ○", "●   ○    ", "    ○    "]
    lines = list(sketch([64, 2, 2, 2, 2], 12, 3))
    assert lines[-1].startswith(":") and len(lines) == 3 and lines[0].endswith(" …")


async def test_a_session_and_a_shared_line_open_as_files_do(tmp_path: Path) -> None:
    for name, command in {"left": "train 3-4-1 --steps 3 --save", "line.txt": "share 3-4-1 --step 3 --output"}.items():
        assert call(*command.split(), str(tmp_path / name)).returncode == 0
        async with opened(None, SMALL) as pilot:
            await until(pilot, lambda: bool(rows(pilot)))
            await pilot.press("o")
            pilot.app.screen.query_one("#picker-file", Input).value = str(tmp_path / name)
            await pilot.press("enter")
            await until(
                pilot, lambda: isinstance(pilot.app.screen, Dashboard) and dashboard(pilot).view.snapshot is not None
            )
            snapshot = dashboard(pilot).view.snapshot
            assert snapshot and snapshot.step == 3
