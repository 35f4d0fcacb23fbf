"""The walk: whatever verb moves the timeline, a moment of that place is arrived at."""

from collections.abc import Callable

import pytest

from nn_tui.core.running.mailbox import Mailbox
from nn_tui.core.running.moment import Moment
from nn_tui.core.running.stage import WHOLE_FORWARD
from nn_tui.core.running.walk import Walk
from nn_tui.core.training.changes import Change
from nn_tui.core.training.events import Failed

from ..helpers.experiments import experiment


def failed_walk() -> Walk:
    """A training whose last update leads to weights that no forward pass bears."""
    walk = Walk(
        experiment(network__activations="identity", training__loss="mse", training__learning_rate=1e30), Mailbox()
    )
    walk.next_phase()
    while not isinstance(walk.next_step(), Failed):
        pass
    return walk


def stands_where_the_timeline_does(walk: Walk) -> bool:
    assert walk.moment
    there = walk.timeline.state()
    return (walk.moment.step, walk.moment.state.parameters.tobytes()) == (there.step, there.parameters.tobytes())


@pytest.mark.parametrize(
    "back", [lambda walk: walk.go_to(walk.timeline.branch.newest), lambda walk: walk.switch()], ids=["go_to", "switch"]
)
def test_where_the_forward_pass_fails_the_update_that_led_there_is_shown(back: Callable[[Walk], object]) -> None:
    walk = failed_walk()
    at_the_end = walk.timeline.branch.newest
    assert stands_where_the_timeline_does(walk) and walk.moment and walk.moment.updated
    walk.go_to(0)
    assert stands_where_the_timeline_does(walk)

    arrival = back(walk)

    assert isinstance(arrival, Failed | Moment) and stands_where_the_timeline_does(walk)
    assert walk.moment and (walk.moment.updated is not None) == (walk.moment.step == at_the_end)


def test_a_training_that_was_left_where_it_failed_is_taken_up_there() -> None:
    left = failed_walk()

    walk = Walk(experiment(), Mailbox(), timeline=left.timeline)
    arrival = walk.complete()

    assert isinstance(arrival, Failed) and stands_where_the_timeline_does(walk)
    assert isinstance(walk.previous_step(), Moment) and stands_where_the_timeline_does(walk)


def test_back_by_an_epoch_undoes_a_change_at_the_start_and_the_next_change_begins_a_branch() -> None:
    walk = Walk(experiment(), Mailbox())
    walk.next_phase()
    before = walk.timeline.state()
    walk.change(Change("w1[1,1]", 0.5))

    arrival = walk.previous_epoch()

    assert isinstance(arrival, Moment) and arrival.state.parameters.tobytes() == before.parameters.tobytes()
    walk.change(Change("w1[2,1]", 0.25))
    assert [branch.segments[-1].change for branch in walk.timeline.branches] == [
        Change("w1[1,1]", 0.5),
        Change("w1[2,1]", 0.25),
    ]


def test_back_by_epochs_leaves_a_change_at_the_start_of_an_epoch_behind() -> None:
    walk = Walk(experiment(), Mailbox())
    walk.next_phase()
    for _ in range(4):
        walk.next_step()
    walk.change(Change("w1[1,1]", 0.5))

    steps = []
    while walk.previous_epoch():
        assert stands_where_the_timeline_does(walk) and walk.moment
        steps.append((walk.moment.step, walk.timeline.place.segment))

    assert steps == [(4, 0), (2, 0), (0, 0)]


def test_back_by_a_phase_undoes_the_change_that_was_just_made() -> None:
    of = experiment()
    walk = Walk(of, Mailbox())
    walk.look(WHOLE_FORWARD)
    while not (walk.moment and walk.moment.updated):
        walk.next_phase()
    walk.change(Change("w1[1,1]", 0.5))
    walk.change(Change("w1[1,2]", 0.25))

    for left in (1, 0):
        walk.previous_phase()
        assert len(walk.timeline.changes) == 2 and walk.timeline.place.segment == left
