"""The recorder: facts in their order become one history for each branch."""

from collections.abc import Iterable
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nn_tui.core.data.dataset import Evaluation
from nn_tui.core.debugger.debugger import Debugger
from nn_tui.core.debugger.facts import (
    Activity,
    ActivityChanged,
    Arrived,
    BranchBegun,
    Fact,
    Filled,
    Losses,
    Note,
    Rewound,
    TimelineStatus,
)
from nn_tui.core.debugger.recorder import Rate, Recorder
from nn_tui.core.debugger.snapshot import Snapshot
from nn_tui.core.debugger.stage import WHOLE_FORWARD
from nn_tui.core.metrics.history import History, Metrics
from nn_tui.core.metrics.series import Point, Series
from nn_tui.core.training.changes import Change
from nn_tui.core.training.training import Experiment

from ..helpers.experiments import experiment, experiment_of


def losses(*points: Point, branch: int = 1, test: Iterable[Point] = ()) -> Losses:
    return Losses(branch, Series(points), Series(test))


def arrived(of: Experiment, snapshot: Snapshot | None, branch: int = 1, branches: tuple[int, ...] = (1,)) -> Arrived:
    return Arrived(snapshot, of.trainer, TimelineStatus(branch, branches, 9, ()))


def snapshot_at(of: Experiment, step: int) -> Snapshot:
    debugger = Debugger(of)
    debugger.go_to(step)
    assert debugger.snapshot
    return debugger.snapshot


def recorded(*facts: Fact) -> Recorder:
    recorder = Recorder()
    recorder.fold(facts, 0.0)
    return recorder


def steps_of(points: Iterable[Point]) -> list[int]:
    return [step for step, _ in points]


def test_the_changes_of_each_branch_and_what_there_was_before_them_are_kept() -> None:
    of, change = experiment_of("xor"), Change("learning_rate", 2.0)
    snapshot = snapshot_at(of, 3)
    edited = Arrived(snapshot, of.trainer, TimelineStatus(2, (1, 2), 9, ((3, change),), counting=1))

    recorder = recorded(arrived(of, snapshot, 1, (1,)), edited)

    assert recorder.changes == {1: (), 2: ((3, change),)} and recorder.other_number == 1
    assert recorder.unchanged and recorder.unchanged.trainer is of.trainer


def test_losses_gather_and_are_taken_back_where_training_went_back() -> None:
    recorder = recorded(losses((0, 1.0), (1, 0.5), test=[(1, 0.7)]), losses((2, 0.4)))
    assert recorder.history.batch_loss == Series([(0, 1.0), (1, 0.5), (2, 0.4)])
    assert recorder.evaluation == Evaluation(0.7, None)

    recorder.fold([Rewound(1, 1), losses((1, 0.6))], 0.2)

    assert recorder.history.batch_loss == Series([(0, 1.0), (1, 0.6)])
    assert recorder.history.test_loss == Series() and recorder.evaluation is None


def test_two_rewinds_taken_together_count_in_their_order() -> None:
    recorder = recorded(
        losses(*((step, 1.0) for step in range(6))),
        Rewound(1, 2),
        losses((2, 0.5), (3, 0.5), (4, 0.5)),
        Rewound(1, 4),
        losses((4, 0.25)),
    )

    assert list(recorder.history.batch_loss) == [(0, 1.0), (1, 1.0), (2, 0.5), (3, 0.5), (4, 0.25)]


def test_a_step_that_is_reported_again_counts_once() -> None:
    recorder = recorded(losses((0, 1.0), (1, 0.5)), losses((1, 9.0), (2, 0.25)), losses((0, 9.0)))

    assert list(recorder.history.batch_loss) == [(0, 1.0), (1, 0.5), (2, 0.25)]


def test_an_evaluation_that_is_reported_again_is_not_the_newest() -> None:
    recorder = recorded(losses(test=[(10, 0.5)]), losses(test=[(20, 0.25)]), losses(test=[(10, 0.5)]))

    assert recorder.evaluation == Evaluation(0.25, None) and len(recorder.history.test_loss) == 2


def test_a_new_branch_has_the_losses_before_it_began_and_the_old_one_stays() -> None:
    of = experiment()
    recorder = recorded(
        losses((0, 1.0), (1, 0.5), (2, 0.4)),
        BranchBegun(2, 1, 1),
        losses((1, 0.9), branch=2),
        arrived(of, None, 2, (1, 2)),
    )

    assert recorder.history.batch_loss == Series([(0, 1.0), (1, 0.9)])
    assert recorder.other.batch_loss == Series([(0, 1.0), (1, 0.5), (2, 0.4)])


def test_a_branch_that_is_gone_leaves_nothing() -> None:
    recorder = recorded(losses((0, 1.0)), BranchBegun(2, 1, 0), arrived(experiment(), None, 2, (2,)))

    assert recorder.histories.keys() == {2} and not recorder.history.batch_loss and not recorder.other.batch_loss


def test_what_training_does_lasts_until_something_else_is_reported() -> None:
    recorder = recorded(ActivityChanged(Activity.RUNNING, "why"))

    recorder.fold([Note("anything")], 0.1)

    assert (recorder.activity, recorder.why) == (Activity.RUNNING, "why")


def test_a_rate_is_renewed_every_half_second_and_forgotten_at_a_pause() -> None:
    rate = Rate()
    values = []
    for step, now in ((0, 10.0), (100, 10.25), (300, 10.5), (350, 10.75), (800, 11.0)):
        rate.see(step, now)
        values.append(rate.value)

    assert values == [None, None, 600.0, 600.0, 1000.0]
    rate.forget()
    assert rate.value is None


def test_the_rate_is_that_of_a_run() -> None:
    of, recorder = experiment(), recorded(ActivityChanged(Activity.RUNNING))
    for step, now in ((0, 1.0), (4, 2.0)):
        recorder.fold([arrived(of, snapshot_at(of, step))], now)
    assert recorder.rate.value == 4.0

    recorder.fold([], 99.0)
    assert recorder.rate.value == 4.0  # nothing came, so nothing is measured

    recorder.fold([ActivityChanged(Activity.PAUSED)], 100.0)
    assert recorder.rate.value is None


def test_a_snapshot_shows_the_length_of_gradients_and_changes() -> None:
    of = experiment_of("moons")
    snapshot = snapshot_at(of, 2)

    metrics = recorded(arrived(of, snapshot)).history.metrics

    assert [points[0][0] for points in metrics.gradients] == [2, 2]
    assert [points[0][0] for points in metrics.ratios] == [1, 1]
    norms = [pytest.approx(float(np.linalg.norm(dW))) for dW in snapshot.backward.dW]
    assert [points[0][1] for points in metrics.gradients] == norms
    assert snapshot.before
    W, new = snapshot.before.backward.state.W[0], snapshot.before.state.W[0]
    assert metrics.ratios[0][0][1] == pytest.approx(float(np.linalg.norm(new - W) / np.linalg.norm(W)))
    assert metrics.batch_accuracy[0][0] == 2


def test_a_gradient_is_not_recorded_before_it_is_known() -> None:
    of = experiment_of("moons")

    metrics = recorded(arrived(of, replace(snapshot_at(of, 0), stage=WHOLE_FORWARD))).history.metrics

    assert not metrics.gradients and not metrics.ratios and len(metrics.batch_accuracy) == 1


def test_going_back_adds_nothing_and_a_change_there_takes_back() -> None:
    of = experiment_of("xor")
    recorder = recorded(*(arrived(of, snapshot_at(of, step)) for step in (1, 2, 3, 2)))
    assert steps_of(recorder.history.gradients[0]) == [1, 2, 3]

    recorder.fold([Rewound(1, 2), arrived(of, snapshot_at(of, 2))], 0.0)

    assert steps_of(recorder.history.gradients[0]) == [1, 2]


def test_a_new_branch_has_seen_what_its_parent_had() -> None:
    of = experiment_of("xor")
    history = recorded(*(arrived(of, snapshot_at(of, step)) for step in (1, 2, 3))).history

    branch = history.before(3)

    assert steps_of(branch.gradients[0]) == [1, 2] and steps_of(branch.ratios[0]) == [0, 1, 2]
    assert steps_of(history.gradients[0]) == [1, 2, 3]


def test_the_accuracy_on_held_out_examples_is_kept_by_step() -> None:
    shares = {10: 0.5, 20: 1.0}
    facts = [Losses(1, test_loss=Series([(n, 0.5)]), test_accuracy=Series([(n, shares[n])])) for n in shares]

    recorder = recorded(*facts)

    assert recorder.history.metrics.test_accuracy == Series([(10, 0.5), (20, 1.0)])
    assert recorder.evaluation == Evaluation(0.5, 1.0)


def test_what_was_filled_is_void_from_a_change_on() -> None:
    recorder = recorded(Filled(1, Metrics([[(0, 1.0), (4, 2.0), (5, 3.0)]])), Rewound(1, 5))

    assert list(recorder.history.gradients[0]) == [(0, 1.0), (4, 2.0)]


def test_a_recorder_continues_the_histories_that_it_is_given() -> None:
    recorder = Recorder({1: History.of([(0, 1.0)], [], Metrics())})

    recorder.fold([losses((0, 9.0), (1, 0.5))], 0.0)

    assert list(recorder.history.batch_loss) == [(0, 1.0), (1, 0.5)]


@given(st.lists(st.tuples(st.sampled_from(["losses", "rewind"]), st.integers(0, 30)), max_size=20))
def test_a_history_is_that_of_a_list_of_steps(acts: list[tuple[str, int]]) -> None:
    recorder, model = Recorder(), dict[int, float]()
    for value, (act, step) in enumerate(acts):
        if act == "rewind":
            recorder.fold([Rewound(1, step)], 0.0)
            model = {at: each for at, each in model.items() if at < step}
        else:
            recorder.fold([losses(*((at, float(value)) for at in range(step)))], 0.0)
            model = {at: float(value) for at in range(step)} | model

    assert dict(recorder.history.batch_loss) == model and steps_of(recorder.history.batch_loss) == sorted(model)


def test_a_recorder_of_a_resumed_training_knows_what_its_branches_change() -> None:
    debugger = Debugger(experiment())
    debugger.go_to(2)
    debugger.back()
    rate = Change("learning_rate", 0.25)
    debugger.change(rate)
    recorder = Recorder()

    recorder.resume(debugger.timeline)

    assert recorder.changes == {1: (), 2: ((1, rate),)}
    assert recorder.unchanged and recorder.unchanged.trainer.optimizer.learning_rate == 0.5
