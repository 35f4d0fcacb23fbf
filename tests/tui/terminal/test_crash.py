"""Defects of the program itself: told in one line, the traceback in the log, and the training unharmed."""

import os
import subprocess
import sys
from dataclasses import fields, replace
from pathlib import Path

import pytest

from nn_tui.core.debugger.stage import Phase
from nn_tui.core.engine.passes import Passes
from nn_tui.core.steps.events import BackwardPass, Updated
from nn_tui.core.timeline.timeline import Timeline
from nn_tui.core.training.trainer import Trainer
from nn_tui.presets.catalogue import find
from nn_tui.presets.opened import Opened
from nn_tui.presets.reopened import opened as read
from nn_tui.presets.sessions.autosave import newest_autosave
from nn_tui.tui.app import NNApp
from nn_tui.tui.dashboard.dashboard import Dashboard
from nn_tui.tui.terminal.log import defect, keep_log, log_path

from ...helpers.app import LARGE, text, until, where
from ...helpers.experiments import experiment_of
from ...helpers.terminal import assert_clean, last_words, terminal

PROGRAM = """
from nn_tui.tui.main import main
from nn_tui.tui.panels import loss_panel, network_panel, picture_panel
from nn_tui.tui.dashboard.dashboard import Dashboard
from nn_tui.tui.dashboard.panel_switch import PanelSwitch

class Page:
    width, height = 40, 9
    def line(self, y):
        raise ZeroDivisionError("a defect")

def fails(*given, **named):
    raise ZeroDivisionError("a defect")

{where}
main()
"""
TOLD = "ZeroDivisionError: a defect"


def broken(where: str) -> tuple[str, ...]:
    """The program with a defect somewhere."""
    return sys.executable, "-c", PROGRAM.format(where=where), "xor"


@pytest.mark.parametrize(
    "where",
    [
        "picture_panel.PicturePanel.make_page = fails",
        "picture_panel.PicturePanel.make_page = lambda *given: Page()",
        "loss_panel.chart = fails",
        "network_panel.placed_of = fails",
    ],
)
def test_a_panel_that_cannot_be_drawn_says_so_in_one_line_and_the_others_keep_working(where: str) -> None:
    with terminal(*broken(where), columns=120, rows=36) as shown:
        shown.wait_for("inputs")
        shown.type("ss")
        shown.wait_for("step 2")
        shown.wait_for(TOLD)
        assert shown.text().count(TOLD) == 1
        shown.type("s")
        shown.wait_for("step 3")
        shown.type("q")
        assert shown.wait_for_end() == 0

    assert read(str(newest_autosave())).timeline.position.step == 3
    assert log_path().read_text(encoding="utf-8").count(f"\n{TOLD}\n") == 1


@pytest.mark.parametrize(
    "where",
    [
        "PanelSwitch.enlarge = fails",
        "PanelSwitch.enlarge = lambda panels: panels._dashboard.run_worker(fails, thread=True)",
        "network_panel.NetworkPanel.switch = fails",
    ],
)
def test_what_ends_the_program_is_one_line_and_the_training_is_saved(where: str) -> None:
    with terminal(*broken(where), columns=200, rows=36) as shown:
        shown.wait_for("inputs")
        shown.type("ss")
        shown.wait_for("step 2")
        shown.type("ld")

        assert shown.wait_for_end() == 1
        assert_clean(shown)
        words = last_words(shown)

    assert words.strip() == f"nn-tui: {TOLD}; {log_path()} has the traceback"
    assert f"\n{TOLD}\n" in log_path().read_text(encoding="utf-8")
    assert read(str(newest_autosave())).timeline.position.step == 2


class BrokenPasses(Passes):
    """Passes with a defect that shows in the fourth update."""

    def update(self, backward: BackwardPass) -> Updated:
        if backward.step == 3:
            raise ZeroDivisionError("a defect")
        return super().update(backward)


class Broken(Trainer):
    """A trainer with this defect."""

    @property
    def _passes(self) -> Passes:
        return BrokenPasses(self)


async def test_a_defect_of_the_trainer_is_reported_with_its_step_and_the_last_good_state_can_be_used() -> None:
    of = experiment_of("xor")
    trainer = Broken(**{field.name: getattr(of.trainer, field.name) for field in fields(of.trainer)})
    of = replace(of, trainer=trainer)
    app = NNApp("xor", opened=Opened(preset=find("xor"), experiment=of, timeline=Timeline(of)))
    async with app.run_test(size=LARGE) as pilot:
        await until(pilot, lambda: isinstance(app.screen, Dashboard) and app.screen.view.snapshot is not None)
        await pilot.press("space")
        await until(pilot, lambda: [each.message for each in app._notifications] == [f"step 3: {TOLD}"])
        await until(pilot, lambda: "failed" in text(pilot, "status"))
        assert where(pilot)[0] == 3
        await pilot.press("b")
        await until(pilot, lambda: where(pilot)[0] == 2 and "paused" in text(pilot, "status"))
        await pilot.press("g", "1", "enter")
        await until(pilot, lambda: where(pilot) == (1, Phase.BACKWARD))

    assert read(str(newest_autosave())).timeline.position.step == 1
    assert "in update" in log_path().read_text(encoding="utf-8")


def test_the_log_is_open_only_while_a_defect_is_written() -> None:
    keep_log()
    for error in (ValueError("first"), ValueError("second")):
        defect(error)

        if (descriptors := Path("/proc/self/fd")).is_dir():
            assert str(log_path()) not in [os.path.realpath(each) for each in descriptors.iterdir()]
    text = log_path().read_text(encoding="utf-8")
    assert "first" in text and "second" in text


def test_no_log_is_named_that_could_not_be_written(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NN_TUI_STATE", "/dev/null/nowhere")
    keep_log()

    told = defect(ValueError("first"))

    assert told == f"ValueError: first; no log could be written: {log_path()}: Not a directory"


BEFORE_CLICK = "import sys\nsys.modules['click'] = None"
IN_A_COMMAND = """
from nn_tui.tui.commands.presets_command import presets_command
def fails(*given, **named):
    raise KeyError("a defect\\x1b")
presets_command.callback = fails
"""


@pytest.mark.parametrize(
    ("defective", "told"),
    [
        (IN_A_COMMAND, r"nn-tui: KeyError: 'a defect\x1b'; {log} has the traceback"),
        (BEFORE_CLICK, "nn-tui: ModuleNotFoundError: import of click halted; None in sys.modules"),
    ],
)
def test_a_defect_without_a_screen_is_one_line_and_exit_status_1(defective: str, told: str) -> None:
    code = f"{defective}\nfrom nn_tui.tui.main import main\nmain()"

    done = subprocess.run([sys.executable, "-c", code, "presets"], capture_output=True, text=True, timeout=60)

    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == told.replace("{log}", str(log_path())) + "\n"
    assert log_path().exists() == ("{log}" in told)
