"""Series and histories: how many points are kept of a long series, and of what there is one."""

from itertools import islice

import numpy as np
import pytest

from nn_tui.core.data.dataset import Evaluation
from nn_tui.core.metrics.history import History
from nn_tui.core.metrics.series import LEAST, Series
from nn_tui.core.steps.events import BackwardPass, Updated

from ..helpers.experiments import experiment_of

NOISE = np.random.default_rng(4).normal(size=1000).tolist()


def test_a_series_that_is_short_enough_is_left_as_it_is() -> None:
    points = Series(enumerate(NOISE[:20]))

    assert points.downsample(20) is points and len(points.downsample(19)) <= 19
    assert Series(enumerate(NOISE[:LEAST])).downsample(1) == Series(enumerate(NOISE[:LEAST]))


def test_a_step_that_is_known_is_not_added_again() -> None:
    points = Series([(0, 1.0), (3, 0.5)])

    for step, value in ((3, 9.0), (1, 9.0), (4, 0.25)):
        points.add(step, value)

    assert list(points) == [(0, 1.0), (3, 0.5), (4, 0.25)]


def test_of_a_long_one_at_most_so_many_points_are_kept_with_both_ends_and_both_extremes() -> None:
    points = Series(enumerate(NOISE))

    for most in range(6, 60):
        kept = points.downsample(most)

        assert most // 2 <= len(kept) <= most
        assert (kept.steps[0], kept.steps[-1]) == (0, 999)
        assert (min(kept.values), max(kept.values)) == (min(NOISE), max(NOISE))


def test_a_limit_is_reached_before_anything_is_left_out_and_then_halves_the_points() -> None:
    points = Series(enumerate(NOISE[:100]), limit=100)
    assert len(points) == 100

    points.append(100, 0.0)

    assert 40 <= len(points) <= 50


def test_the_smallest_limit_keeps_both_ends() -> None:
    points = Series(enumerate(NOISE), limit=LEAST)

    assert (points.steps[0], points.steps[-1]) == (0, 999) and len(points) <= LEAST
    with pytest.raises(ValueError, match="^limit: expected at least 4, got 3$"):
        Series(limit=LEAST - 1)


def test_a_history_has_the_outputs_of_a_single_example_and_of_no_batch() -> None:
    def outputs(name: str) -> list[list[float]]:
        of, history = experiment_of(name), History()
        updated = next(event for event in of.trainer.events(of.start) if isinstance(event, Updated))
        history.see_step(updated, of.trainer.classes)
        return [list(each.values) for each in history.outputs.values() if each]

    of = experiment_of("3-4-1")
    assert outputs("3-4-1") == [of.trainer.forward(of.start).y_hat[0].tolist()]
    assert outputs("xor") == []


def test_a_result_on_held_out_examples_is_a_loss_and_where_it_has_a_meaning_an_accuracy() -> None:
    history = History()

    history.see_test(3, Evaluation(0.25, 0.75))
    history.see_test(5, Evaluation(0.125, None))

    assert list(history.test_loss) == [(3, 0.25), (5, 0.125)]
    assert list(history.test_accuracy) == [(3, 0.75)]


def test_each_step_of_a_training_has_its_loss_in_the_history() -> None:
    of, history = experiment_of("xor"), History()
    events = list(islice(of.trainer.events(of.start), 12))

    for event in events:
        history.see_losses(event)

    losses = [(event.step, event.forward.loss) for event in events if isinstance(event, BackwardPass)]
    assert len(losses) > 2 and list(history.batch_loss) == losses
