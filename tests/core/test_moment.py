"""Moments: which numbers are new, which still true, which of earlier parameters, layer by layer."""

from nn_tui.core.running.mailbox import Mailbox
from nn_tui.core.running.moment import Age, Moment
from nn_tui.core.running.stage import LOSS, UPDATE, WHOLE_BACKWARD, WHOLE_FORWARD, Phase, Stage, number_of, stages
from nn_tui.core.running.walk import Walk

from ..helpers.experiments import experiment

NEW, CURRENT, STALE, ABSENT = Age.NEW, Age.CURRENT, Age.STALE, Age.ABSENT


def first_moments(count: int) -> list[Moment]:
    of = experiment(training__batch_size="all", training__shuffle=False)
    walk = Walk(of, Mailbox())
    walk.look(Stage(Phase.FORWARD, 0))
    moments = []
    for _ in range(count):
        assert walk.moment
        moments.append(walk.moment)
        walk.next_phase()
    return moments


def ages(moment: Moment) -> list[Age]:
    return [
        moment.parameters_age,
        moment.forward_age(0),
        moment.forward_age(1),
        moment.loss_age,
        moment.backward_age(1),
        moment.backward_age(0),
        moment.change_age,
    ]


def test_the_stages_of_a_step() -> None:
    order = [Stage(Phase.FORWARD, 0), Stage(Phase.FORWARD, 1), LOSS, Stage(Phase.BACKWARD, 1), Stage(Phase.BACKWARD, 0)]

    assert list(stages(2)) == [*order, UPDATE]
    assert [number_of(stage, 2) for stage in stages(2)] == list(range(6))
    assert (number_of(WHOLE_FORWARD, 2), number_of(WHOLE_BACKWARD, 2)) == (1, 4)
    assert [stage.text for stage in stages(2)][:4] == [
        "forward pass, layer 1",
        "forward pass, layer 2",
        "loss",
        "backward pass, layer 2",
    ]


def test_ages_in_the_first_and_second_step() -> None:
    assert list(map(ages, first_moments(9))) == [
        [CURRENT, NEW, ABSENT, ABSENT, ABSENT, ABSENT, ABSENT],
        [CURRENT, CURRENT, NEW, ABSENT, ABSENT, ABSENT, ABSENT],
        [CURRENT, CURRENT, CURRENT, NEW, ABSENT, ABSENT, ABSENT],
        [CURRENT, CURRENT, CURRENT, CURRENT, NEW, ABSENT, ABSENT],
        [CURRENT, CURRENT, CURRENT, CURRENT, CURRENT, NEW, ABSENT],
        [NEW, STALE, STALE, STALE, STALE, STALE, NEW],
        [CURRENT, NEW, STALE, STALE, STALE, STALE, CURRENT],
        [CURRENT, CURRENT, NEW, STALE, STALE, STALE, CURRENT],
        [CURRENT, CURRENT, CURRENT, NEW, STALE, STALE, CURRENT],
    ]


def test_a_number_that_is_not_stale_belongs_to_the_parameters_shown() -> None:
    for moment in first_moments(20):
        for layer in (0, 1):
            forward, backward = moment.forward_of(layer), moment.backward_of(layer)
            if moment.forward_age(layer) in (NEW, CURRENT):
                assert forward and forward.state is moment.state
            elif forward:
                assert forward.state is not moment.state
            if moment.backward_age(layer) in (NEW, CURRENT):
                assert backward and backward.state is moment.state
            assert (forward is None) == (moment.forward_age(layer) is ABSENT)
            assert (backward is None) == (moment.backward_age(layer) is ABSENT)
        if moment.last_update:
            assert moment.last_update.state is moment.state


def test_a_moment_keeps_no_more_than_one_update_of_the_past() -> None:
    last = first_moments(40)[-1]

    assert last.before and last.step - last.before.step <= 1
    assert not hasattr(last.before, "before") and not hasattr(last.before.backward.forward.state, "before")
