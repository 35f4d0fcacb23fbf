"""Pages of panels: the snapshots that they show, and what can be read on them."""

from dataclasses import replace

from nn_tui.core.debugger.debugger import Debugger
from nn_tui.core.debugger.snapshot import Snapshot
from nn_tui.core.debugger.stage import LOSS, UPDATE, WHOLE_BACKWARD, WHOLE_FORWARD, Stage, StepUnit
from nn_tui.core.training.training import Experiment
from nn_tui.tui.text.picture.picture import PictureView
from nn_tui.tui.text.spans import Page

from .experiments import experiment_of


def snapshot_of(of: Experiment, steps: int, stage: Stage = WHOLE_BACKWARD) -> Snapshot:
    debugger = Debugger(of)
    debugger.look(WHOLE_BACKWARD)
    for _ in range(steps):
        debugger.step()
    if stage == UPDATE:
        debugger.step(StepUnit.PHASE)
    assert debugger.snapshot
    return replace(debugger.snapshot, stage=stage)


def view_of(name: str, steps: int = 1, stage: Stage = WHOLE_BACKWARD) -> PictureView:
    of = experiment_of(name)
    return PictureView(of.trainer, snapshot_of(of, steps, stage))


def text_of(page: Page) -> list[str]:
    return ["".join(span.text for span in page.line(y)).rstrip() for y in range(page.height)]


def snapshot_after(of: Experiment, number: int) -> Snapshot:
    """The moment after so many phases, four a step."""
    steps, phase = divmod(number, 4)
    debugger = Debugger(of)
    debugger.look(WHOLE_BACKWARD)
    for _ in range(steps):
        debugger.step()
    if phase == 3:
        debugger.step(StepUnit.PHASE)
    assert debugger.snapshot
    return replace(debugger.snapshot, stage=(WHOLE_FORWARD, LOSS, WHOLE_BACKWARD, UPDATE)[phase])
