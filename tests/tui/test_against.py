"""Somebody's arrays in the dashboard: marks beside the numbers, the cursor on the first wrong one, and its cause."""

from pathlib import Path

import numpy as np
import pytest

import nn_tui
from nn_tui.core.diagnosis.computation import Computation
from nn_tui.core.diagnosis.diagnose import CAUSES
from nn_tui.core.diagnosis.update_inputs import UpdateInputs
from nn_tui.presets.catalogue import find, folder_of
from nn_tui.presets.opened import Opened, opened_preset
from nn_tui.presets.user_arrays.compared_arrays import compared
from nn_tui.tui.app import NNApp
from nn_tui.tui.commands.against import beside
from nn_tui.tui.dashboard.dashboard import Dashboard
from nn_tui.tui.panels.panel import PagePanel
from nn_tui.tui.text.user_numbers import user_numbers

from ..helpers.app import LARGE, SMALL, dashboard, drawn, settle, text, until
from ..helpers.command_line import call


def with_a_slip(name: str, slip: str, path: Path, *only: str) -> Opened:
    """A training beside its own arrays as a slip makes them."""
    training = opened_preset(find(name), folder_of(name))
    setting = UpdateInputs.of(training.timeline.trainer, training.timeline.state())
    variant = next(next(each for each in CAUSES if each.name == slip).variants(setting))
    run = Computation(setting, variant)
    arrays = {str(figure): run.get(*figure) for figure in setting.figures() if not only or str(figure) in only}
    np.savez(path, **arrays)  # type: ignore[arg-type]  # its other arguments are not arrays
    return beside(training, path, None, None)


@pytest.mark.parametrize("size", [SMALL, LARGE])
async def test_the_cursor_begins_at_the_first_wrong_number_and_its_cause_is_on_the_screen(
    size: tuple[int, int], tmp_path: Path
) -> None:
    opened = with_a_slip("xor", "1 − a² of z", tmp_path / "mine.npz")

    app = NNApp(opened=opened)
    async with app.run_test(size=size) as pilot:
        await until(pilot, lambda: isinstance(app.screen, Dashboard) and app.screen.view.cursor is not None)
        await settle(pilot)

        assert str(dashboard(pilot).view.cursor) == "dz1[1]@4"
        assert "✗" in text(pilot, "gradients") and "✓" in text(pilot, "gradients")
        cause = "Cause: dz1 has 1 − a² computed with z in place of a"
        assert cause in text(pilot, "strip" if size == SMALL else "explain")
        assert "your first wrong number is dz1" in text(pilot, "status")


async def test_the_network_marks_neurons_and_the_table_parameters(tmp_path: Path) -> None:
    opened = with_a_slip("3-4-1", "activation twice", tmp_path / "mine.npz")

    app = NNApp(opened=opened)
    async with app.run_test(size=LARGE) as pilot:
        await until(pilot, lambda: isinstance(app.screen, Dashboard) and app.screen.view.cursor is not None)
        await settle(pilot)

        assert str(dashboard(pilot).view.cursor) == "a1[2]@1"
        network, parameters = text(pilot, "network"), text(pilot, "parameters")
        assert "0.845✗" in network and "x₁  7✓" in network
        assert "+0.178863 ✓ −0.038664 ✗" in parameters
        assert "yours: 0.533017 ✗" in drawn(pilot) and "✓ as yours" in drawn(pilot)

        await pilot.press("s")
        await until(pilot, lambda: (snapshot := dashboard(pilot).view.snapshot) is not None and snapshot.step == 1)
        assert "✗" in text(pilot, "parameters")  # their W_next is the W of this step
        assert "✗" not in text(pilot, "network")  # no a is given for it


async def test_the_borders_of_network_and_gradients_say_what_the_marks_mean(tmp_path: Path) -> None:
    opened = with_a_slip("xor", "1 − a² of z", tmp_path / "mine.npz")

    app = NNApp(opened=opened)
    async with app.run_test(size=LARGE) as pilot:
        await until(pilot, lambda: isinstance(app.screen, Dashboard) and app.screen.view.cursor is not None)
        await settle(pilot)
        network, gradients = (app.screen.query_one(f"#{name}", PagePanel) for name in ("network", "gradients"))

        assert str(network.border_subtitle) == "✓ as yours"
        assert str(gradients.border_subtitle) == "✓ as yours, ✗ not, yellow ✗ only follows"
        await pilot.press("1", "d")
        await until(pilot, lambda: str(network.border_subtitle) == "✓ as yours, ✗ differs")


def test_what_follows_says_from_what_and_what_agrees_says_nothing(tmp_path: Path) -> None:
    against = with_a_slip("xor", "1 − a² of z", tmp_path / "mine.npz").against
    assert against
    figures = dict((str(quantity), figure) for quantity, figure in against.figures.of_step(0))

    assert figures["dw1[1,1]"].note.startswith("dW1 follows from dz1: computed from your own earlier numbers")
    assert figures["dw1[1,1]"].follows and not figures["dz1[1]@1"].follows
    assert figures["a1[1]@1"].note == ""


def test_right_arrays_and_rounded_ones_have_no_first_wrong_number() -> None:
    run = nn_tui.open("3-4-1")
    opened = opened_preset(find("3-4-1"), folder_of("3-4-1"))
    trainer, state = opened.timeline.trainer, opened.timeline.state()

    for arrays in ({"z1": run.z[0]}, {"a2": np.round(run.a[1], 3), "dz2": np.round(run.gradients.z[1], 3)}):
        found = user_numbers(compared(arrays, trainer, state))

        assert (found.first_wrong, found.verdict) == (None, "your numbers agree")


def test_at_another_step_the_training_has_run_there(tmp_path: Path) -> None:
    run = nn_tui.open("3-4-1").step(3)
    np.savez(tmp_path / "mine.npz", dW2=run.gradients.W[1])

    opened = beside(opened_preset(find("3-4-1"), folder_of("3-4-1")), tmp_path / "mine.npz", 3, None)

    assert opened.timeline.position.step == 3 and opened.against and opened.against.first_wrong is None
    assert opened.histories[opened.timeline.branch.number].batch_loss[0][1] == pytest.approx(0.652, abs=1e-3)


def test_the_training_begins_with_weights_of_ones_own(tmp_path: Path) -> None:
    W1, W2 = np.full((4, 3), 0.1), np.full((1, 4), -0.2)
    np.savez(tmp_path / "mine.npz", W1=W1, W2=W2)

    opened = beside(opened_preset(find("3-4-1"), folder_of("3-4-1")), tmp_path / "mine.npz", None, None)

    assert np.array_equal(opened.timeline.state().W[0], W1)
    result = call("3-4-1", "--against", str(tmp_path / "mine.npz"), "--step", "2")
    assert (result.returncode, "expected the weights of step 2" in result.stderr) == (2, True)


def test_without_a_terminal_the_diagnosis_is_said_first(tmp_path: Path) -> None:
    with_a_slip("xor", "1 − a² of z", tmp_path / "mine.npz")

    for command in (["xor"], ["open", "xor"]):
        lines = call(*command, "--against", str(tmp_path / "mine.npz")).stdout.splitlines()
        assert any(each.startswith("Cause: dz1 has 1 − a² computed with z in place of a") for each in lines)


def test_a_dashboard_opens_at_a_step() -> None:
    assert "step 2," in call("3-4-1", "--step", "2").stdout
    assert "step 7," in call("open", "3-4-1", "--step", "7").stdout
