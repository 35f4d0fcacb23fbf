"""The picker and the form for a new network, by keys alone on the smallest usual screen."""

import os
from pathlib import Path
from threading import enumerate as enumerate_threads

import pytest
from textual.events import Key, Paste
from textual.pilot import Pilot
from textual.widgets import Input, OptionList, Select, Static

import nn_tui
from nn_tui.presets.catalogue import builtin_names, find, folder_of
from nn_tui.presets.errors import PresetError
from nn_tui.presets.lessons.lesson_list import lesson_names
from nn_tui.tui.config import Config
from nn_tui.tui.dashboard.dashboard import Dashboard
from nn_tui.tui.dialogs.new_network import NewNetwork
from nn_tui.tui.dialogs.open_dialog import OpenFile, paths_from
from nn_tui.tui.dialogs.picker import Choice, Picker
from nn_tui.tui.dialogs.picker_items import ItemKind, PickerItem, picker_items, whole
from nn_tui.tui.dialogs.picker_rows import item_row
from nn_tui.tui.dialogs.preview_pane import PreviewPane
from nn_tui.tui.opener import Opener
from nn_tui.tui.panels.key_line import KeyLine
from nn_tui.tui.text.numbers import count
from nn_tui.tui.text.preview import Preview
from nn_tui.tui.text.preview_training import PreviewTraining, why_no_preview

from ..helpers.app import LARGE, SMALL, dashboard, detail, drawn, opened, rows, settle, until, until_shown, written
from ..helpers.command_line import call
from ..helpers.pages import text_of

GOOD = (Path(__file__).parents[1] / "data" / "good.toml").read_text(encoding="utf-8")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("NN_TUI_PRESETS", str(tmp_path / "presets"))
    (tmp_path / "presets").mkdir()
    (tmp_path / "presets" / "own-one.toml").write_text(GOOD, encoding="utf-8")
    (tmp_path / "presets" / "broken.toml").write_text("name = [\n", encoding="utf-8")
    return tmp_path / "presets"


def activations(pilot: Pilot[None]) -> list[str]:
    trainer = dashboard(pilot).view.trainer
    assert trainer
    return [layer.activation.name for layer in trainer.network.layers]


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
    await pilot.press("ctrl+n")
    await until_shown(pilot, NewNetwork)


def test_own_presets_are_listed_and_a_broken_one_breaks_nothing(folder: Path) -> None:
    done = call("presets")

    lines = done.stdout.splitlines()
    assert done.returncode == 0 and done.stderr == "" and len(lines) == len(builtin_names()) + 2
    assert (
        lines[-2].startswith("broken ") and "(own, unreadable) " in lines[-2] and "broken.toml: not TOML: " in lines[-2]
    )
    assert lines[-1].startswith("own-one ") and lines[-1].endswith("One bias for a whole layer (own)")


async def picker(pilot: Pilot[None]) -> Picker:
    await until_shown(pilot, Picker)
    shown = pilot.app.screen
    assert isinstance(shown, Picker)
    return shown


async def until_trained(pilot: Pilot[None], steps: int) -> PreviewTraining:
    """Wait until what is under the cursor has made some steps."""
    pane = pilot.app.screen.query_one(PreviewPane)
    await until(pilot, lambda: pane.training is not None and pane.training.step >= steps)
    assert pane.training
    return pane.training


async def test_the_list_has_groups_with_the_tour_first(folder: Path) -> None:
    async with opened(None, (120, 60)) as pilot:
        listing = (await picker(pilot)).query_one(OptionList)
        await until(pilot, lambda: rows(pilot)[2].endswith(" 13"))
        listed = [written(listing, option) for option in listing.options]

    groups = [row.partition(" ─")[0] for row in listed if "──" in row]
    assert groups == ["Start here", "Worked examples", "Data sets", "Pitfalls", "Your own"]
    assert listed[0].endswith("─ parameters ─") and listed[5].endswith("──")
    assert listed[1].split() == ["Take", "the", "tour", "2", "minutes"]
    assert listed[2].split() == ["3-4-1", "Pass", "or", "fail:", "one", "example", "by…", "21"]
    assert listed[3].split() == ["xor", "Exclusive", "or", "13"]
    assert [row.split()[0] for row in listed[-4:]] == ["broken", "own-one", "New", "Open"]


async def test_every_preset_is_in_the_list(folder: Path) -> None:
    async with opened(None, SMALL) as pilot:
        await picker(pilot)
        listed = {row.split()[0] for row in rows(pilot)}

    assert {*builtin_names(), "own-one", "broken"} <= listed


@pytest.mark.parametrize("typed", ["nielsen", "nnwj", "own-one", "q", "xor", "/", "iris no"])
async def test_every_letter_that_is_typed_at_once_filters(folder: Path, typed: str) -> None:
    names = {"/": "slash", "-": "minus", " ": "space"}
    async with opened(None, SMALL) as pilot:
        await until(pilot, lambda: isinstance(pilot.app.screen, Picker))
        for character in typed:
            pilot.app.post_message(Key(names.get(character, character), character))
        await until(pilot, lambda: pilot.app.screen.query_one("#picker-filter", Input).value == typed)
        await picker(pilot)

        if typed in ("nielsen", "nnwj", "own-one"):
            assert all(row.startswith(typed) for row in rows(pilot)) and rows(pilot)


@pytest.mark.parametrize("width", [22, 30, 58, 86])
def test_a_number_that_comes_later_moves_nothing_in_its_row(width: int) -> None:
    items = [item for item in picker_items() if item.kind in (ItemKind.TOUR, ItemKind.PRESET)]
    assert {item.target for item in items} == {*builtin_names(), *lesson_names()}

    for item in items:
        early, late = ("".join(item_row(each).write(width)) for each in (item, whole(item)))
        assert not item.is_whole and late.startswith(early.rstrip())
        number = count(whole(item).parameters) if item.kind is ItemKind.PRESET and width > 22 else ""
        assert late[len(early.rstrip()) :].strip() == number and len(late) <= width


@pytest.mark.parametrize("width", [30, 45, 58, 86])
def test_a_long_name_is_cut_before_the_title(width: int) -> None:
    item = PickerItem(ItemKind.PRESET, "Your own", "a name of mine that goes on and on", "Exclusive or")
    row = "".join(item_row(item).write(width))

    assert row.split("Exclusive")[0].rstrip() == "  a name of mine that…" and "…Ex" not in row and len(row) <= width


async def test_the_numbers_come_after_the_names_and_the_cursor_stays_where_it_went_meanwhile() -> None:
    async with opened(None, LARGE) as pilot:
        shown = await picker(pilot)
        await pilot.press("down", "down")
        await until(pilot, lambda: rows(pilot)[2].split() == ["xor", "Exclusive", "or", "13"])

        assert shown.highlighted and shown.highlighted.target == "xor"
        await until(pilot, lambda: "13 parameters" in detail(pilot))


async def test_a_word_that_only_the_whole_files_have_filters_from_the_first_key_on() -> None:
    async with opened(None, LARGE) as pilot:
        pilot.app.post_message(Paste("bce"))  # it waits for the first frame
        await until(pilot, lambda: 0 < len(rows(pilot)) < 20)

        found = {row.split()[0] for row in rows(pilot)}
        assert {"xor", "3-4-1", "moons"} <= found and not {"mazur", "iris"} & found


async def test_typing_filters_and_enter_opens(folder: Path) -> None:
    async with opened(None, SMALL) as pilot:
        await picker(pilot)
        await pilot.press(*"marks")
        await until(pilot, lambda: len(rows(pilot)) == 1)
        await pilot.press("enter")

        await until(
            pilot, lambda: isinstance(pilot.app.screen, Dashboard) and dashboard(pilot).view.snapshot is not None
        )
        assert "3-4-1-marks" in drawn(pilot)


@pytest.mark.parametrize(
    ("typed", "name"), [("mazur", "mazur"), ("xor", "xor"), ("3-4-1", "3-4-1"), ("nie", "nielsen-neuron")]
)
async def test_the_cursor_goes_to_the_name_that_fits_the_filter_best(typed: str, name: str) -> None:
    async with opened(None, LARGE) as pilot:
        shown = await picker(pilot)
        await pilot.press(*typed)

        await until(pilot, lambda: (item := shown.highlighted) is not None and item.target == name)


async def test_the_arrows_move_in_what_the_filter_left_and_escape_widens_it(folder: Path) -> None:
    async with opened(None, LARGE) as pilot:
        shown = await picker(pilot)
        await until(pilot, lambda: rows(pilot)[2].endswith(" 13"))
        everything = rows(pilot)
        await pilot.press(*"nielsen", "down")
        await until(pilot, lambda: "slowly" in str(shown.query_one(PreviewPane).border_title))

        await pilot.press("escape")
        await until(pilot, lambda: rows(pilot) == everything)

        await pilot.press(*"no such preset")
        await until(pilot, lambda: not rows(pilot) and "No match." in detail(pilot))
        await pilot.press("enter")
        assert isinstance(pilot.app.screen, Picker)


@pytest.mark.parametrize("key", ["enter", "f2"])
async def test_the_first_entry_and_f2_begin_the_tour(key: str) -> None:
    async with opened(None, SMALL) as pilot:
        await picker(pilot)
        await pilot.press(key)

        await until(pilot, lambda: isinstance(pilot.app.screen, Dashboard) and dashboard(pilot).tour.is_on)


@pytest.mark.parametrize("key", ["escape", "ctrl+q"])
async def test_the_picker_is_left_by_its_commands_alone(key: str) -> None:
    async with opened(None, SMALL) as pilot:
        await picker(pilot)
        await pilot.press("q")
        await until(pilot, lambda: pilot.app.screen.query_one("#picker-filter", Input).value == "q")
        assert not pilot.app._exit
        await pilot.press(*["escape"] * (key == "escape"), key)

        await until(pilot, lambda: pilot.app._exit)


async def test_the_key_line_says_what_escape_does() -> None:
    async with opened(None, LARGE) as pilot:
        keys = (await picker(pilot)).query_one(KeyLine)
        await until(pilot, lambda: str(keys.render()).endswith("esc Quit"))
        await pilot.press("m")
        await until(pilot, lambda: str(keys.render()).endswith("esc Clear"))
        await pilot.press("escape")
        await until(pilot, lambda: str(keys.render()).endswith("esc Quit"))

    async with opened("3-4-1", LARGE) as pilot:
        await pilot.press("p")
        keys = (await picker(pilot)).query_one(KeyLine)
        await until(pilot, lambda: str(keys.render()).endswith("esc Back"))


async def test_the_preview_has_the_whole_title_where_the_list_has_no_room() -> None:
    async with opened(None, SMALL) as pilot:
        pane = (await picker(pilot)).query_one(PreviewPane)
        await pilot.press("down")
        await until(pilot, lambda: str(pane.border_title) == "Pass or fail: one example by hand")
        await pilot.press("down")
        await until(pilot, lambda: str(pane.border_title) == "xor · Exclusive or")


async def test_the_preset_under_the_cursor_is_trained_and_no_longer_when_another_one_is() -> None:
    async with opened(None, LARGE) as pilot:
        await picker(pilot)
        await pilot.press(*"moons")
        moons = await until_trained(pilot, 12)
        assert "400 examples," in detail(pilot) and "of 300" in detail(pilot) and "2-8-1" in detail(pilot)

        await pilot.press("escape", *"goodfellow")
        other = await until_trained(pilot, 2)
        step = moons.step
        await until_trained(pilot, other.step + 2)
        assert moons.step == step and other is not moons


async def test_nothing_of_a_preview_is_left_when_a_preset_is_opened() -> None:
    async with opened(None, LARGE) as pilot:
        pane = (await picker(pilot)).query_one(PreviewPane)
        await pilot.press(*"moons")
        await until_trained(pilot, 6)
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, Dashboard))

        assert pane.timer is None
        names = {thread.name for thread in enumerate_threads()}
        assert not [name for name in names if "preview" in name.casefold()]


async def test_the_bars_of_a_worked_example_say_which_predictions_are_as_printed() -> None:
    async with opened(None, LARGE) as pilot:
        await picker(pilot)
        await pilot.press("down")
        await until_trained(pilot, 6)
        lines = detail(pilot).splitlines()

    for step, prediction in enumerate(("0.521", "0.648", "0.758", "0.836", "0.881", "0.908", "0.925")):
        assert f"{prediction} ✓" in lines[step + 1] and lines[step + 1].split()[0] == str(step)


async def test_what_is_too_large_is_not_trained_before_it_is_opened(folder: Path) -> None:
    head, _, training = GOOD.partition('bias = "shared"')
    large = head.replace("[2, 3, 1]", "[2, 60000, 1]") + 'init = { scheme = "xavier" }\n[training]'
    (folder / "own-one.toml").write_text(large + training.partition("[training]")[2], encoding="utf-8")
    async with opened(None, LARGE) as pilot:
        await picker(pilot)
        await pilot.press(*"own-one")
        await until(pilot, lambda: "No preview: " in detail(pilot))

        assert pilot.app.screen.query_one(PreviewPane).training is None


async def test_a_broken_preset_says_why_and_stays_unopened(folder: Path) -> None:
    async with opened(None, SMALL) as pilot:
        await picker(pilot)
        await pilot.press(*"broken", "enter")
        await until(pilot, lambda: bool(pilot.app._notifications))

        assert "broken.toml: not TOML" in next(iter(pilot.app._notifications)).message
        assert isinstance(pilot.app.screen, Picker) and "not TOML" in " ".join(detail(pilot).split())


@pytest.mark.posix
async def test_what_was_a_file_when_it_was_listed_is_not_opened_as_a_pipe(folder: Path, tmp_path: Path) -> None:
    path, session = folder / "own-one.toml", tmp_path / "xor.nn-session"
    preset, saved = (
        next(each for each in picker_items() if each.target == path.stem),
        PickerItem(ItemKind.SESSION, "Sessions", "xor", session=session, place="now"),
    )
    path.unlink()
    for each in (path, session):
        os.mkfifo(each)

    for item, where in ((preset, path), (saved, session)):
        assert whole(item).fault == f"{where}: cannot be read: expected a file, got a pipe"
    with pytest.raises(PresetError, match="got a pipe$"):
        why_no_preview(find("xor"), folder, session)
    with pytest.raises(PresetError, match="got a pipe$"):
        Opener(Config(), lambda _: None).open_choice(Choice("xor", session=session))


def test_a_preset_of_the_standard_input_is_not_read_from_the_keyboard(folder: Path) -> None:
    (folder / "own-one.toml").write_text(GOOD.partition("[data]")[0] + '[data]\nfile = "-"\n', encoding="utf-8")
    found = whole(next(each for each in picker_items() if each.target == "own-one"))

    assert found.preset is None and found.fault.endswith("as in nn-tui train own-one < FILE")


@pytest.mark.parametrize("size", [(60, 20), SMALL, LARGE, (200, 60)])
@pytest.mark.parametrize("name", ["3-4-1", "moons", "iris", "digits", "mazur"])
def test_a_preview_fits_its_room_and_shows_the_loss(name: str, size: tuple[int, int]) -> None:
    width, height = {60: 31, 80: 43, 120: 61, 200: 121}[size[0]], size[1] - 5
    training = PreviewTraining.of_preset(find(name), folder_of(name))
    for _ in range(3):
        training.advance()

    page = Preview(find(name), training=training).page(width, height)

    lines = text_of(page)
    assert page.width <= width and page.height <= height
    assert any(line.lstrip().startswith("loss") or " loss " in line for line in lines)


@pytest.mark.parametrize(("name", "size"), [("iris", (56, 32)), ("digits", (56, 32)), ("iris", (106, 55))])
def test_nothing_of_a_preview_is_cut_in_the_middle(name: str, size: tuple[int, int]) -> None:
    training = PreviewTraining.of_preset(find(name), folder_of(name))
    page = Preview(find(name), training=training).page(*size)

    words = {word for line in text_of(page) for word in line.split()}

    assert not words & {"scale", "targe", "exampl", "paramete"}
    assert not any("predicted     actual" in line for line in text_of(page))  # headings without a line below


@pytest.mark.parametrize("size", [(30, 17), (42, 20), (49, 26), (56, 32), (62, 26), (76, 55), (106, 55)])
def test_what_a_preview_shows_before_its_training_stays_in_place(size: tuple[int, int]) -> None:
    for name in ("3-4-1", "mazur", "xor", "moons", "spiral", "iris", "digits", "2-2-1", "goodfellow-xor"):
        preset = find(name)
        training = PreviewTraining.of_preset(preset, folder_of(name))
        early = text_of(Preview(preset, is_waiting=True).page(*size))
        for _ in range(3):
            late = text_of(Preview(preset, training=training).page(*size))
            for before, after in zip(early, late, strict=False):
                assert all(cell in (" ", now) for cell, now in zip(before, after.ljust(len(before)), strict=False)), (
                    name
                )
            training.advance()


def test_a_preview_trains_slowly_at_first_and_ends_where_the_preset_does() -> None:
    training = PreviewTraining.of_preset(find("xor"), folder_of("xor"))
    steps = []
    for _ in range(6):
        training.advance()
        steps.append(training.step)
    assert steps == [1, 2, 3, 4, 5, 6]

    short = PreviewTraining.of_preset(find("1-1-1-1"), folder_of("1-1-1-1"))
    while not short.is_over:
        short.advance()
    assert short.step == 200 and short.activity == "finished"


async def test_the_preview_of_a_session_shows_its_own_step_and_losses(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NN_TUI_STATE", str(tmp_path))
    run = nn_tui.open("3-4-1").step(9)
    run.go_to(6)
    run.save(tmp_path / "3-4-1-00000000.nn-session")

    async with opened(None, LARGE) as pilot:
        await picker(pilot)
        await pilot.press(*"sessions")
        pane = pilot.app.screen.query_one(PreviewPane)
        await until(pilot, lambda: pane.training is not None and pane.training.activity == "saved")
        training = await until_trained(pilot, 6)
        assert (training.step, [step for step, _ in training.losses]) == (6, [*range(7)])
        assert training.predictions[2][0] == pytest.approx(0.758, abs=5e-4)
        await until(pilot, lambda: "saved     step 6" in detail(pilot) and "loss      0.0779" in detail(pilot))
        assert pane.timer is None


async def test_the_newest_session_is_offered_first_and_found_as_one_to_resume(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NN_TUI_STATE", str(tmp_path))
    nn_tui.open("3-4-1").step(2).save(tmp_path / "3-4-1-00000000.nn-session")

    async with opened(None, LARGE) as pilot:
        shown = await picker(pilot)
        at_first = [row.split("  ")[0] for row in rows(pilot)]
        await pilot.press(*"resume")
        await until(pilot, lambda: len(rows(pilot)) == 2)
        await until(pilot, lambda: "Resume last session  3-4-1, step 2, " in rows(pilot)[0])
        assert shown.highlighted and shown.highlighted.session == tmp_path / "3-4-1-00000000.nn-session"

    assert at_first[:5] == ["Take the tour", "3-4-1", "xor", "xor-branches", "Resume last session"]


def test_the_preview_of_an_edited_session_marks_no_number_from_the_edit_on(tmp_path: Path) -> None:
    run = nn_tui.open("3-4-1").step(2)
    run.change(learning_rate=2.0).step(3)
    run.save(tmp_path / "3-4-1.nn-session")
    training = PreviewTraining.of_session(tmp_path / "3-4-1.nn-session")

    text = text_of(Preview(find("3-4-1"), training=training).page(60, 40))

    assert training.edited_at == 2
    assert sum("✓" in line for line in text) == 2 and not any("✗" in line for line in text)


async def test_a_new_network_is_opened_without_a_file(folder: Path) -> None:
    async with opened(None, SMALL) as pilot:
        await form(pilot)
        await type_into(pilot, "layers", "2-5-1")
        await pilot.press("enter")

        await until(
            pilot, lambda: isinstance(pilot.app.screen, Dashboard) and dashboard(pilot).view.snapshot is not None
        )
        assert "my-net" in drawn(pilot) and activations(pilot) == ["tanh", "sigmoid"]
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
async def test_what_is_wrong_in_the_form_is_reported_there(folder: Path, field: str, value: str, fault: str) -> None:
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
        assert activations(pilot) == ["relu", "sigmoid"]


async def test_a_session_and_a_shared_line_open_as_files_do(tmp_path: Path) -> None:
    for name, command in {"left": "train 3-4-1 --steps 3 --save", "line.txt": "share 3-4-1 --step 3 --output"}.items():
        assert call(*command.split(), str(tmp_path / name)).returncode == 0
        async with opened(None, SMALL) as pilot:
            await until_shown(pilot, Picker)
            await pilot.press("ctrl+o")
            await until_shown(pilot, OpenFile)
            pilot.app.screen.query_one(Input).value = str(tmp_path / name)
            await pilot.press("enter")
            await until(
                pilot, lambda: isinstance(pilot.app.screen, Dashboard) and dashboard(pilot).view.snapshot is not None
            )
            snapshot = dashboard(pilot).view.snapshot
            assert snapshot and snapshot.step == 3


async def test_the_path_of_a_file_is_completed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("nets/first.toml", "nets/first-2.toml", "nets/notes.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(GOOD, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    async with opened(None, SMALL) as pilot:
        await until_shown(pilot, Picker)
        await pilot.press("ctrl+o")
        await until_shown(pilot, OpenFile)
        await pilot.press("n", "tab")
        line = pilot.app.screen.query_one(Input)
        assert line.value == "nets/"
        await until(pilot, lambda: "nets/notes.txt" in drawn(pilot))

        await pilot.press("f", "tab")
        assert line.value == "nets/first"
        await pilot.press(*".toml", "enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, Dashboard))


def test_paths_begin_with_what_is_typed_and_presets_come_first(tmp_path: Path) -> None:
    for name in ("a.txt", "b.toml", "c.nn-session", ".hidden.toml"):
        (tmp_path / name).touch()
    (tmp_path / "folder").mkdir()

    found = [Path(each).name + "/" * each.endswith("/") for each in paths_from(f"{tmp_path}/")]

    assert found == ["b.toml", "c.nn-session", "a.txt", "folder/"]
    assert paths_from(str(tmp_path / "no" / "where")) == []
