"""Moments: which numbers are new, which still true, which of earlier parameters."""

from itertools import islice

from nn_tui.core.running.moment import Age, Moment, moments

from ..experiments import experiment

NEW, CURRENT, STALE, ABSENT = Age.NEW, Age.CURRENT, Age.STALE, Age.ABSENT


def first_moments(count: int) -> list[Moment]:
    of = experiment(training__batch_size="all", training__shuffle=False)
    happenings = (each for each in moments(of.trainer.events(of.start)) if isinstance(each, Moment))
    return list(islice(happenings, count))


def ages(moment: Moment) -> list[Age]:
    return [
        moment.parameters_age,
        moment.forward_age,
        moment.loss_age,
        moment.backward_age,
        moment.change_age,
    ]


def test_ages_in_the_first_and_second_step() -> None:
    assert list(map(ages, first_moments(8))) == [
        [CURRENT, NEW, ABSENT, ABSENT, ABSENT],
        [CURRENT, CURRENT, NEW, ABSENT, ABSENT],
        [CURRENT, CURRENT, CURRENT, NEW, ABSENT],
        [NEW, STALE, STALE, STALE, NEW],
        [CURRENT, NEW, STALE, STALE, CURRENT],
        [CURRENT, CURRENT, NEW, STALE, CURRENT],
        [CURRENT, CURRENT, CURRENT, NEW, CURRENT],
        [NEW, STALE, STALE, STALE, NEW],
    ]


def test_a_number_that_is_not_stale_belongs_to_the_parameters_shown() -> None:
    for moment in first_moments(12):
        if moment.forward_age is not STALE:
            assert moment.forward.state is moment.state
        if moment.backward_age in (NEW, CURRENT):
            assert moment.backward and moment.backward.state is moment.state
        if moment.updated:
            assert moment.updated.state is moment.state


def test_a_moment_keeps_no_more_than_one_update_of_the_past() -> None:
    last = first_moments(40)[-1]

    assert last.before and last.step - last.before.step <= 1
    assert not hasattr(last.before, "before") and not hasattr(last.before.backward.forward.state, "before")
