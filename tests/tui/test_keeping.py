"""Sessions at the screen: saved with a key, kept at the end, and opened where they were left."""

import os
from dataclasses import asdict
from pathlib import Path

import pytest
from textual.pilot import Pilot

from nn_tui.core.timeline.dump import dump
from nn_tui.core.timeline.timeline import size_of
from nn_tui.presets.reopened import opened as read
from nn_tui.presets.sessions.autosave import newest_autosave
from nn_tui.tui.app import NNApp
from nn_tui.tui.config import Config
from nn_tui.tui.dashboard.dashboard import Dashboard
from nn_tui.tui.dialogs.picker import Picker

from ..helpers.app import LARGE, dashboard, detail, opened, rows, settle, step_to, text, until, until_shown, where


async def reopened(path: Path, pilot_does: object) -> None:
    app = NNApp("3-4-1", opened=read(str(path)))
    async with app.run_test(size=LARGE) as pilot:
        await until(pilot, lambda: bool(app.screen.query("#status")) and dashboard(pilot).view.snapshot is not None)
        assert callable(pilot_does)
        await pilot_does(pilot)


async def test_a_session_is_saved_with_a_key_and_opens_at_the_same_numbers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    async with opened("3-4-1") as pilot:
        await step_to(pilot, 4)
        await pilot.press("b", "b")
        await until(pilot, lambda: where(pilot)[0] == 2)
        await pilot.press("plus")
        await until(pilot, lambda: dashboard(pilot).recorder.timeline.branch == 2)
        await step_to(pilot, 3)
        dashboard(pilot).saver.ask()
        assert not dashboard(pilot).is_ready  # a key to quit waits for it
        await until(pilot, lambda: dashboard(pilot).is_ready and (tmp_path / "3-4-1.nn-session").exists())
        shown = [text(pilot, name) for name in ("network", "parameters", "gradients")]

    async def look(again: Pilot[None]) -> None:
        await until(again, lambda: where(again)[0] == 3)
        await until(again, lambda: [text(again, name) for name in ("network", "parameters", "gradients")] == shown)
        assert dashboard(again).recorder.timeline.branch == 2 and "1 edit" in text(again, "status")
        await again.press("b")
        await until(again, lambda: where(again)[0] == 2)
        await again.press("o")
        await until(again, lambda: "branch 1 of 2" in text(again, "status"))
        await again.press("end")
        await until(again, lambda: where(again)[0] == 4)

    await reopened(tmp_path / "3-4-1.nn-session", look)


async def test_the_charts_go_on_where_they_were_left() -> None:
    async with opened("moons") as pilot:
        await step_to(pilot, 3)
        await until(pilot, lambda: len(dashboard(pilot).view.curves.train) == 4)
        left = dashboard(pilot).view.curves.seen

    async def look(again: Pilot[None]) -> None:
        await until(again, lambda: len(dashboard(again).view.curves.train) == 4)
        assert asdict(dashboard(again).view.curves.seen) == asdict(left) and len(left.ratios) == 2
        await step_to(again, 4)
        await until(again, lambda: len(dashboard(again).view.curves.seen.gradients[0]) == len(left.gradients[0]) + 1)

    await reopened(newest_autosave(), look)


async def test_the_end_keeps_the_last_session() -> None:
    async with opened("xor") as pilot:
        await step_to(pilot, 5)

    found = read(str(newest_autosave()))

    assert found.preset.name == "xor" and found.timeline.position.step == 5
    assert os.name == "nt" or newest_autosave().stat().st_mode & 0o777 == 0o600  # nobody else's to read


async def test_what_was_not_begun_is_not_kept(state: Path) -> None:
    async with opened("xor") as pilot:
        await pilot.press("q")

    assert list(state.iterdir()) == [] and pilot.app.return_value is None


async def test_the_picker_resumes_the_last_session_in_its_file(state: Path) -> None:
    async with opened("xor") as pilot:
        await step_to(pilot, 5)
    async with opened(None) as pilot:
        await until_shown(pilot, Picker)
        await until(pilot, lambda: rows(pilot)[-1].split(maxsplit=1) == ["xor", "step 5, just now"])
        await pilot.press(*"session")
        title = "Resume last session · xor, step 5, just now"
        await until(pilot, lambda: pilot.app.screen.query_one("#picker-preview").border_title == title)
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, Dashboard) and where(pilot)[0] == 5)
        await step_to(pilot, 6)

    assert [path.suffix for path in state.iterdir()] == [".nn-session"]
    assert read(str(newest_autosave())).timeline.position.step == 6


async def test_on_a_slow_disk_the_next_save_waits_for_the_last_one(state: Path) -> None:
    app = NNApp("xor", config=Config(autosave=0.01))
    async with app.run_test(size=LARGE) as pilot:
        await until(pilot, lambda: bool(app.screen.query("#status")) and dashboard(pilot).view.snapshot is not None)

        def writing() -> int:
            return sum(each.group == "sessions" and each.is_running for each in app.screen.workers)

        with dashboard(pilot).saver._writing:  # as while a write takes its time
            await step_to(pilot, 1)
            await until(pilot, lambda: writing() > 0)
            await step_to(pilot, 20)
            assert writing() == 1
        await until(
            pilot, lambda: any(read(str(each)).timeline.position.step == 20 for each in state.glob("*.nn-session"))
        )


async def test_what_is_gone_on_with_stays_within_the_configured_memory() -> None:
    async with opened("xor") as pilot:
        await step_to(pilot, 5)
    app = NNApp(config=Config(memory_budget=1))
    async with app.run_test(size=LARGE) as pilot:
        await until_shown(pilot, Picker)
        await pilot.press(*"session", "enter")
        await until(pilot, lambda: isinstance(app.screen, Dashboard) and where(pilot)[0] == 5)

        timeline = dashboard(pilot).saver.opened.timeline
        (segment,) = timeline.branch.segments
        assert segment.checkpoints.limit * size_of(segment.start) <= 2**20


async def test_a_damaged_last_session_is_reported_and_stays(state: Path) -> None:
    (state / "xor-1.nn-session").write_bytes(b"nn-tui session\r\n")
    async with opened(None) as pilot:
        await until_shown(pilot, Picker)
        await until(pilot, lambda: rows(pilot)[-1].split(maxsplit=1) == ["xor", "damaged, just now"])
        await pilot.press(*"damaged", "enter")
        await until(pilot, lambda: any("cut off" in each.message for each in pilot.app._notifications))
        assert "cut off" in " ".join(detail(pilot).split())
        await pilot.press("escape", *"moons", "enter")
        await until(
            pilot, lambda: isinstance(pilot.app.screen, Dashboard) and dashboard(pilot).view.snapshot is not None
        )

    assert (state / "xor-1.nn-session").read_bytes() == b"nn-tui session\r\n"


async def test_a_session_that_was_interrupted_is_reported_once_and_two_keys_resume_it(state: Path) -> None:
    async with opened("xor") as pilot:
        await step_to(pilot, 5)
    newest_autosave().with_suffix(".running").touch()
    async with opened("3-4-1") as pilot:
        assert dashboard(pilot).view.notice == "xor crashed just now: press p and enter to resume it"
        await pilot.press("p")
        await until(pilot, lambda: isinstance(pilot.app.screen, Picker))
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, Dashboard) and where(pilot)[0] == 5)
    async with opened("3-4-1") as pilot:
        assert not dashboard(pilot).view.notice


async def test_a_place_that_cannot_be_written_is_reported_and_training_continues(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "3-4-1.nn-session").mkdir()
    monkeypatch.chdir(tmp_path)
    async with opened("3-4-1") as pilot:
        await pilot.press("w")
        notices = pilot.app._notifications
        await until(pilot, lambda: any("expected the name of a file" in notice.message for notice in notices))
        await step_to(pilot, 1)


async def test_a_fault_that_stays_the_same_is_reported_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("NN_TUI_STATE", str(tmp_path / "file"))
    async with opened("xor") as pilot:
        await step_to(pilot, 1)
        saver, reported = dashboard(pilot).saver, []
        for _ in range(3):
            saver.take(dump(saver.opened.timeline))
            await pilot.app.workers.wait_for_complete()
            await settle(pilot)
            reported.append([notice.severity for notice in pilot.app._notifications])
            pilot.app.clear_notifications()  # the same one would not be shown twice at a time
        assert reported == [["error"], [], []]
