"""Exports at the screen: what is chosen is in a file and in the clipboard, and a fault is told."""

import os
import sys
from base64 import b64decode
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from re import findall
from xml.etree import ElementTree

import numpy as np
import pytest
from msgspec.structs import replace
from textual.pilot import Pilot
from textual.widgets import OptionList

import nn_tui
from nn_tui.core.debugger.stage import Phase
from nn_tui.presets.build import build
from nn_tui.presets.catalogue import find
from nn_tui.presets.export.as_csv import csv_lines
from nn_tui.presets.preset_file import read_preset
from nn_tui.presets.reopened import opened as read_session
from nn_tui.tui.app import NNApp
from nn_tui.tui.dashboard.dashboard import Dashboard
from nn_tui.tui.dashboard.exporter import self_contained
from nn_tui.tui.dialogs.export_dialog import ITEMS, Export
from nn_tui.tui.view import curves_of

from ..helpers.app import LARGE, SMALL, dashboard, opened, step_to, until, until_shown, where
from ..helpers.quantities import quantity
from ..helpers.terminal import terminal

IDS = [item.id for item in ITEMS]


@pytest.fixture(autouse=True)
def in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


async def told(pilot: Pilot[None], words: str) -> None:
    def answers() -> list[str]:
        screen = pilot.app.screen
        said = [screen.view.notice] if isinstance(screen, Dashboard) else []
        return said + [notice.message for notice in pilot.app._notifications]

    await until(pilot, lambda: any(words in each for each in answers()))


async def take(pilot: Pilot[None], item: str, words: str = "written to") -> None:
    """Choose something by keys, and wait for what is said of it."""
    await pilot.press("E")
    await until_shown(pilot, Export)
    options = pilot.app.screen.query_one(OptionList).options[: IDS.index(item)]
    await pilot.press(*["down"] * sum(not each.disabled for each in options), "enter")
    await told(pilot, words)


@asynccontextmanager
async def at_step_2() -> AsyncIterator[Pilot[None]]:
    async with opened("3-4-1") as pilot:
        await step_to(pilot, 2)
        yield pilot


@pytest.mark.parametrize("size", [SMALL, LARGE])
async def test_a_step_is_chosen_with_the_mouse(size: tuple[int, int], tmp_path: Path) -> None:
    async with opened("3-4-1", size) as pilot:
        await step_to(pilot, 2)
        await pilot.press("E")
        await until_shown(pilot, Export)
        await pilot.click(OptionList, offset=(5, IDS.index("step-csv")))
        await told(pilot, "3-4-1-step-2.csv")

        snapshot = dashboard(pilot).view.snapshot
        assert snapshot and pilot.app.clipboard == "\n".join(csv_lines(snapshot.backward))
    assert (tmp_path / "3-4-1-step-2.csv").read_text() == "\n".join([*csv_lines(snapshot.backward), ""])


async def test_the_history_has_the_losses_of_the_chart(tmp_path: Path) -> None:
    async with at_step_2() as pilot:
        await take(pilot, "history-csv")
        points = curves_of(dashboard(pilot).recorder, dashboard(pilot).view).train

    rows = [line.split(",") for line in (tmp_path / "3-4-1-step-2-history.csv").read_text().splitlines()]
    assert rows[0][:3] == ["step", "batch_loss", "batch_accuracy"]
    assert [(int(step), float(loss)) for step, loss, *_ in rows[1:]] == list(points) and len(points) == 3


async def test_the_preset_opens_with_the_present_weights_and_settings(tmp_path: Path) -> None:
    async with at_step_2() as pilot:
        await pilot.press("plus")
        await until(
            pilot,
            lambda: dashboard(pilot).view.trainer is not None and len(dashboard(pilot).recorder.timeline.changes) == 1,
        )
        await take(pilot, "step-toml")
        trainer, snapshot = dashboard(pilot).view.trainer, dashboard(pilot).view.snapshot

    of = build(read_preset(tmp_path / "3-4-1-step-2.toml"), tmp_path)
    assert snapshot and of.start.parameters.tobytes() == snapshot.state.parameters.tobytes()
    assert trainer and of.trainer.optimizer == trainer.optimizer


async def test_the_line_opens_at_the_same_numbers(tmp_path: Path) -> None:
    async with at_step_2() as pilot:
        await pilot.press("plus")
        await step_to(pilot, 4)
        await pilot.press("b")
        await until(pilot, lambda: where(pilot)[0] == 3)
        await take(pilot, "line")
        snapshot = dashboard(pilot).view.snapshot

    line = (tmp_path / "3-4-1-step-3-line.txt").read_text()
    assert pilot.app.clipboard == line.strip()
    state = read_session(line).timeline.state()
    assert snapshot and state.parameters.tobytes() == snapshot.state.parameters.tobytes()


async def test_weights_have_the_standardization_folded_in_where_there_is_one(tmp_path: Path) -> None:
    async with opened("iris") as pilot:
        await take(pilot, "folded-npz")
        snapshot, trainer = dashboard(pilot).view.snapshot, dashboard(pilot).view.trainer

    with np.load(tmp_path / "iris-step-0-folded.npz") as arrays:
        assert snapshot and trainer and arrays["folded"]
        z = trainer.train.original(snapshot.forward.X) @ arrays["0.weight"].T + arrays["0.bias"]
        np.testing.assert_allclose(z, snapshot.forward.z[0], rtol=1e-10, atol=1e-10)
    async with opened("3-4-1") as pilot:
        await pilot.press("E")
        await until_shown(pilot, Export)
        assert pilot.app.screen.query_one(OptionList).get_option("folded-npz").disabled


@pytest.mark.parametrize("item", ["step-npz", "step-safetensors", "screen"])
async def test_what_is_no_text_to_read_stays_out_of_the_clipboard(item: str, tmp_path: Path) -> None:
    async with at_step_2() as pilot:
        await take(pilot, item)

        assert pilot.app.clipboard == "" and len(list(tmp_path.iterdir())) == 1
        if item == "step-npz":
            weights = dashboard(pilot).view.snapshot
            assert weights and (np.load(tmp_path / "3-4-1-step-2.npz")["0.weight"] == weights.state.W[0]).all()


@pytest.mark.parametrize(
    ("item", "begins"), [("text", "∂E/∂w¹₁₁ ="), ("markdown", "## ∂E/∂w¹₁₁ ="), ("latex", r"\documentclass")]
)
async def test_the_explanation_that_is_looked_at_is_taken(item: str, begins: str) -> None:
    async with at_step_2() as pilot:
        await pilot.press("2", "right", "enter")
        await until(pilot, lambda: dashboard(pilot).view.quantity == quantity("dw1[1,1]"))
        await take(pilot, f"explanation-{item}")

        assert pilot.app.clipboard.startswith(begins)


@pytest.mark.parametrize(
    ("item", "ending", "blank"),
    [("worksheet-markdown", "worksheet.md", True), ("answers-latex", "answers.tex", False)],
)
async def test_the_update_is_written_as_a_worksheet(item: str, ending: str, blank: bool, tmp_path: Path) -> None:
    async with at_step_2() as pilot:
        await take(pilot, item)

    text = (tmp_path / f"3-4-1-step-2-{ending}").read_text(encoding="utf-8")
    assert "Compute update 3:" in text and ("underline" in text) is blank


async def test_a_network_that_is_too_large_for_a_worksheet_is_reported(tmp_path: Path) -> None:
    async with opened("moons") as pilot:
        await take(pilot, "worksheet-latex", "worksheet: expected at most 10 examples in a batch")

    assert not list(tmp_path.iterdir())


async def test_a_key_copies_the_number_under_the_cursor_and_then_its_explanation() -> None:
    async with at_step_2() as pilot:
        await pilot.press("2", "right", "C")
        await told(pilot, "copied.txt; copied")
        snapshot = dashboard(pilot).view.snapshot
        assert snapshot and pilot.app.clipboard == f"dw1[1,1] = {float(snapshot.backward.dW[0][0, 0])!r}"
        written = (Path(os.environ["NN_TUI_STATE"]) / "copied.txt").read_text()
        assert written == f"{pilot.app.clipboard}\n"

        await pilot.press("enter", "C")

        await until(pilot, lambda: pilot.app.clipboard.startswith("∂E/∂w¹₁₁ = ") and "∂E/∂ŷ" in pilot.app.clipboard)


async def test_a_weight_after_an_update_is_copied_under_its_own_name() -> None:
    async with at_step_2() as pilot:
        await pilot.press("f")
        await until(pilot, lambda: where(pilot)[1] is Phase.UPDATE)
        dashboard(pilot).see(cursor=quantity("w1[1,1]"))
        await pilot.press("C")
        await told(pilot, "copied.txt; copied")
        updated = dashboard(pilot).view.snapshot.updated  # type: ignore[union-attr]

    assert updated and pilot.app.clipboard == f"w1[1,1] = {float(updated.state.W[0][0, 0])!r}"


async def test_no_file_that_is_there_is_replaced(tmp_path: Path) -> None:
    (tmp_path / "3-4-1-step-2.csv").write_text("mine")
    (tmp_path / "3-4-1-step-2_2.csv").mkdir()
    async with at_step_2() as pilot:
        await take(pilot, "step-csv", "3-4-1-step-2_3.csv")

    assert (tmp_path / "3-4-1-step-2.csv").read_text() == "mine"


async def test_a_folder_that_is_gone_is_reported_and_training_continues(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    async with at_step_2() as pilot:
        monkeypatch.chdir(gone)
        gone.rmdir()
        await take(pilot, "step-csv", "the current folder: cannot be used: No such file or directory; copied")
        await step_to(pilot, 3)


async def test_a_full_disk_is_reported_and_nothing_is_left_on_it(
    full_disk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (full_disk / "filling").write_bytes(bytes(60_000))
    async with at_step_2() as pilot:
        monkeypatch.chdir(full_disk)
        await take(pilot, "screen", "cannot be written: No space left on device")
        await step_to(pilot, 3)
        monkeypatch.chdir("/")

    assert [each.name for each in full_disk.iterdir()] == ["filling"]


async def test_a_place_for_state_that_cannot_be_is_reported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").touch()
    async with at_step_2() as pilot:
        monkeypatch.setenv("NN_TUI_STATE", str(tmp_path / "file" / "folder"))
        await pilot.press("C")
        await told(pilot, f"there is no folder {tmp_path}/file/folder; copied")
        await step_to(pilot, 3)


async def test_a_picture_is_xml_with_its_title_and_fetches_nothing(tmp_path: Path) -> None:
    hostile = "<b>&\"'@font-face{ \x1b]2;x"
    app = NNApp("x", replace(find("3-4-1"), name=hostile, title="@font-face{ } -->"))
    async with app.run_test(size=LARGE) as pilot:
        await until(pilot, lambda: isinstance(app.screen, Dashboard) and app.screen.view.snapshot is not None)
        await take(pilot, "screen")

    svg = (tmp_path / "nn-tui-step-0-screen.svg").read_text()
    texts = ["".join(each.itertext()) for each in ElementTree.fromstring(svg).iter("{http://www.w3.org/2000/svg}text")]
    assert f"nn-tui {hostile}".replace("\x1b", "\\x1b") in [text.replace("\xa0", " ") for text in texts]
    assert not any("Export" in text for text in texts)
    assert set(findall(r"\w+://[^\s\"]+", svg)) == {"http://www.w3.org/2000/svg"} and "@import" not in svg


def test_only_the_style_of_a_picture_is_cut() -> None:
    svg = "<svg><!-- made by x --><style>@font-face { src: url(http://x) }</style><text>@font-face{</text><text>}</text></svg>"

    assert self_contained(svg) == "<svg><style></style><text>@font-face{</text><text>}</text></svg>"


def test_a_terminal_is_handed_the_number() -> None:
    with terminal(sys.executable, "-m", "nn_tui", "3-4-1") as screen:
        screen.wait_for("ŷ₁ 0.521")
        screen.type("C")
        screen.wait_for("copied")

        (sent,) = findall(rb"\x1b\]52;c;([^\a]*)\a", bytes(screen.output))
        assert b64decode(sent).decode() == f"a2[1] = {nn_tui.open('3-4-1')['a2[1]']!r}"
