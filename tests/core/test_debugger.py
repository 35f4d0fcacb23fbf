"""The debugger: whatever verb moves the timeline, a snapshot of that place is arrived at."""

from collections.abc import Callable

import pytest

from nn_tui.core.debugger.debugger import Debugger
from nn_tui.core.debugger.facts import Arrived
from nn_tui.core.debugger.pause_when import StepUnit
from nn_tui.core.debugger.stage import WHOLE_FORWARD
from nn_tui.core.training.events import Failed

from ..helpers.experiments import experiment
from ..helpers.quantities import change_of


def failed_walk() -> Debugger:
    """A training whose last update leads to weights that no forward pass bears."""
    debugger = Debugger(experiment(network__activations="identity", training__loss="mse", training__learning_rate=1e30))
    debugger.step(StepUnit.PHASE)
    while not isinstance(debugger.step()[-1], Failed):
        pass
    return debugger


def stands_where_the_timeline_does(debugger: Debugger) -> bool:
    assert debugger.snapshot
    there = debugger.timeline.state()
    return (debugger.snapshot.step, debugger.snapshot.state.parameters.tobytes()) == (
        there.step,
        there.parameters.tobytes(),
    )


@pytest.mark.parametrize(
    "back",
    [lambda debugger: debugger.go_to(debugger.timeline.branch.newest), lambda debugger: debugger.switch()],
    ids=["go_to", "switch"],
)
def test_where_the_forward_pass_fails_the_update_that_led_there_is_shown(back: Callable[[Debugger], object]) -> None:
    debugger = failed_walk()
    at_the_end = debugger.timeline.branch.newest
    assert stands_where_the_timeline_does(debugger) and debugger.snapshot and debugger.snapshot.updated
    debugger.go_to(0)
    assert stands_where_the_timeline_does(debugger)

    back(debugger)

    assert stands_where_the_timeline_does(debugger)
    assert debugger.snapshot and (debugger.snapshot.updated is not None) == (debugger.snapshot.step == at_the_end)


def test_a_training_that_was_left_where_it_failed_is_taken_up_there() -> None:
    left = failed_walk()

    debugger = Debugger(experiment(), timeline=left.timeline)
    facts = debugger.complete()

    assert isinstance(facts[-1], Failed) and stands_where_the_timeline_does(debugger)
    assert isinstance(debugger.back()[-1], Arrived) and stands_where_the_timeline_does(debugger)


def test_back_by_an_epoch_undoes_a_change_at_the_start_and_the_next_change_begins_a_branch() -> None:
    debugger = Debugger(experiment())
    debugger.step(StepUnit.PHASE)
    before = debugger.timeline.state()
    debugger.change(change_of("w1[1,1]", 0.5))

    debugger.back(StepUnit.EPOCH)

    assert debugger.snapshot and debugger.snapshot.state.parameters.tobytes() == before.parameters.tobytes()
    debugger.change(change_of("w1[2,1]", 0.25))
    assert [branch.segments[-1].change for branch in debugger.timeline.branches] == [
        change_of("w1[1,1]", 0.5),
        change_of("w1[2,1]", 0.25),
    ]


def test_back_by_epochs_leaves_a_change_at_the_start_of_an_epoch_behind() -> None:
    debugger = Debugger(experiment())
    debugger.step(StepUnit.PHASE)
    for _ in range(4):
        debugger.step()
    debugger.change(change_of("w1[1,1]", 0.5))

    steps = []
    while debugger.back(StepUnit.EPOCH):
        assert stands_where_the_timeline_does(debugger) and debugger.snapshot
        steps.append((debugger.snapshot.step, debugger.timeline.position.segment))

    assert steps == [(4, 0), (2, 0), (0, 0)]


def test_back_by_a_phase_undoes_the_change_that_was_just_made() -> None:
    of = experiment()
    debugger = Debugger(of)
    debugger.look(WHOLE_FORWARD)
    while not (debugger.snapshot and debugger.snapshot.updated):
        debugger.step(StepUnit.PHASE)
    debugger.change(change_of("w1[1,1]", 0.5))
    debugger.change(change_of("w1[1,2]", 0.25))

    for left in (1, 0):
        debugger.back(StepUnit.PHASE)
        assert len(debugger.timeline.changes) == 2 and debugger.timeline.position.segment == left
