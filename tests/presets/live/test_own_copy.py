"""A copy is saved and opened again with what the optimizer of the PyTorch training remembers."""

from pathlib import Path

import pytest

from nn_tui.core.timeline.dump import dump
from nn_tui.presets.build import build
from nn_tui.presets.errors import SessionError
from nn_tui.presets.live.own_copy import copy_of
from nn_tui.presets.preset_file import check_preset, preset_of_tables
from nn_tui.presets.reopened import opened
from nn_tui.presets.sessions.session import Session, write_session
from nn_tui.tui.exports import line_file

from ...helpers.experiments import tables


def test_a_copy_is_saved_with_what_its_optimizer_remembers_and_continues_with_the_same_bits(tmp_path: Path) -> None:
    changes = {"training__optimizer": "adam", "training__batch_size": "all", "training__shuffle": False}
    preset = check_preset(preset_of_tables(tables(**changes), "own"), "own")
    theirs = build(preset, tmp_path)
    state = theirs.start
    for _ in range(3):
        state = theirs.trainer.update(theirs.trainer.backward(theirs.trainer.forward(state))).state

    copy = copy_of(preset, theirs.trainer, state)
    copy.timeline.update()
    saved = dump(copy.timeline)
    write_session(tmp_path / "copy.nn-session", Session(preset=copy.preset, timeline=saved))
    again = opened(str(tmp_path / "copy.nn-session"))

    assert [slot.tobytes() for slot in again.experiment.start.slots] == [slot.tobytes() for slot in state.slots]
    assert again.timeline.update().state == copy.timeline.update().state
    with pytest.raises(SessionError, match="a line does not hold"):
        line_file(copy.preset, saved)


def test_a_training_that_begins_anew_is_saved_without_a_memory(tmp_path: Path) -> None:
    preset = check_preset(preset_of_tables(tables(training__optimizer="adam"), "own"), "own")
    timeline = copy_of(preset, (begun := build(preset, tmp_path)).trainer, begun.start).timeline
    timeline.update()
    assert dump(timeline).memory == ()
