"""The record of what was delivered, and the rate of its steps."""

from nn_tui.core.metrics.series import Series
from nn_tui.core.training.evaluation import Evaluation
from nn_tui.core.worker.inbox import Activity, Delivery, Losses, TimelineStatus
from nn_tui.tui.dashboard.rate import Rate
from nn_tui.tui.dashboard.record import Recorder


def test_losses_gather_and_are_taken_back_where_training_went_back() -> None:
    record = Recorder()
    first = Losses(train=Series([(0, 1.0), (1, 0.5)]), test=Series([(1, 0.7)]))
    record.keep(Delivery(losses={1: first}, test=Evaluation(0.7, None)), now=0.0)
    record.keep(Delivery(losses={1: Losses(train=Series([(2, 0.4)]))}), now=0.1)
    assert record.curve.train.points == Series([(0, 1.0), (1, 0.5), (2, 0.4)]) and record.evaluation == Evaluation(
        0.7, None
    )

    record.keep(Delivery(losses={1: Losses(rewound_to=1, train=Series([(1, 0.6)]))}), now=0.2)

    assert record.curve.train.points == Series([(0, 1.0), (1, 0.6)])
    assert record.curve.test.points == Series() and record.evaluation is None


def test_a_new_branch_has_the_losses_before_it_began_and_the_old_one_stays() -> None:
    record = Recorder()
    record.keep(Delivery(losses={1: Losses(train=Series([(0, 1.0), (1, 0.5), (2, 0.4)]))}), now=0.0)

    branch = Losses(parent=(1, 1), train=Series([(1, 0.9)]))
    record.keep(Delivery(losses={2: branch}, place=TimelineStatus(2, (1, 2), 1, ())), now=0.1)

    assert record.curve.train.points == Series([(0, 1.0), (1, 0.9)])
    assert record.other.train.points == Series([(0, 1.0), (1, 0.5), (2, 0.4)])


def test_what_the_trainer_does_lasts_until_something_else_is_told() -> None:
    record = Recorder()

    record.keep(Delivery(activity=Activity.RUNNING), now=0.0)
    record.keep(Delivery(), now=0.1)

    assert record.activity is Activity.RUNNING


def test_a_rate_is_renewed_every_half_second_and_forgotten_at_rest() -> None:
    rate = Rate()
    seen = []
    for step, now in ((0, 10.0), (100, 10.25), (300, 10.5), (350, 10.75), (800, 11.0)):
        rate.see(step, now)
        seen.append(rate.value)

    assert seen == [None, None, 600.0, 600.0, 1000.0]
    rate.rest()
    assert rate.value is None
