"""Where a training ends by itself: at the very step, epoch or loss that was said, and not before."""

from dataclasses import replace
from itertools import islice
from math import inf, nan, nextafter

import numpy as np
import pytest

from nn_tui.core.steps.events import BackwardPass, EpochEnded, Finished, Updated
from nn_tui.core.steps.stop import NEVER, Stop, forward_fault, update_fault
from nn_tui.core.training.training import Experiment

from ...helpers.experiments import experiment


def after(updates: int) -> BackwardPass:
    """What follows so many updates, two of which are an epoch."""
    of = experiment(training__batch_size=2)
    state = of.start
    for _ in range(updates):
        state = of.trainer.update(of.trainer.backward(of.trainer.forward(state))).state
    return of.trainer.backward(of.trainer.forward(state))


def test_a_loss_is_reached_where_it_is_equal() -> None:
    backward = after(3)
    loss = backward.forward.loss

    assert Stop(loss=loss).reason(backward) == f"loss = {loss:g}"
    assert not Stop(loss=nextafter(loss, -inf)).reached(backward)


@pytest.mark.parametrize(("stop", "reason"), [(Stop(steps=3), "steps = 3"), (Stop(epochs=1), "epochs = 1")])
def test_a_step_or_an_epoch_is_reached_once_it_is_done(stop: Stop, reason: str) -> None:
    assert stop.reason(after(3)) == reason
    assert not Stop(steps=4).reached(after(3)) and not Stop(epochs=2).reached(after(3))


def test_without_a_stop_a_training_has_no_end() -> None:
    assert not NEVER.reached(after(3))


def test_an_epoch_of_two_updates_ends_with_the_second() -> None:
    of = experiment(training__batch_size=2)
    updates = (event.state for event in of.trainer.events(of.start) if isinstance(event, Updated))

    places = [(state.step, state.epoch, state.position) for _, state in zip(range(5), updates, strict=False)]

    assert places == [(1, 0, 1), (2, 1, 0), (3, 1, 1), (4, 2, 0), (5, 2, 1)]


@pytest.mark.parametrize(("place", "said"), [(0, "layer 1, where W is nan"), (-1, "layer 2, where b is nan")])
def test_an_update_that_breaks_a_parameter_says_which(place: int, said: str) -> None:
    state = after(1).state
    parameters = state.parameters.copy()
    parameters[place] = nan
    large = np.full_like(parameters, 1e200)

    assert update_fault(replace(state, parameters=parameters)) == f"step 1: the update broke {said}"
    assert update_fault(state) is None
    with np.errstate(over="ignore"):
        assert update_fault(replace(state, parameters=large)) is None, "the sum of squares alone overflows"


@pytest.mark.parametrize(
    ("name", "layer", "said"),
    [("z", 1, "layer 2, where z is nan"), ("a", 0, "layer 1, where a is nan"), ("", 0, "loss")],
)
def test_a_forward_pass_that_is_not_finite_says_where_first(name: str, layer: int, said: str) -> None:
    forward = after(1).forward
    broken = replace(forward, numbers=forward.numbers.copy(), loss=nan)
    if name:
        getattr(broken, name)[layer][-1, -1] = nan

    assert f"first seen in {'the loss itself' if said == 'loss' else said}" in forward_fault(broken)


def patient(watch: str, patience: int) -> Experiment:
    """A training on noisy examples whose held-out loss rises again."""
    return experiment(
        training__stop={"patience": patience, "watch": watch},
        training__learning_rate=4.0,
        training__batch_size=3,
        data__inputs=[[0, 0], [0, 1], [1, 0], [1, 1], [0.2, 0.1], [0.9, 0.2], [0.8, 0.9], [0.1, 0.7]],
        data__targets=[[0], [1], [1], [0], [1], [0], [1], [0]],
        data__test=0.3,
    )


def losses_of(of: Experiment, epochs: int, watch: str) -> list[float]:
    """The watched loss at the end of each epoch."""
    ended = (event for event in of.trainer.events(of.start) if isinstance(event, EpochEnded))
    data = of.trainer.test if watch == "test" else of.trainer.train
    assert data
    return [of.trainer.evaluate(event.updated.state, data).loss for event in islice(ended, epochs)]


@pytest.mark.parametrize("watch", ["test", "train"])
@pytest.mark.parametrize("patience", [1, 2, 5])
def test_patience_ends_so_many_epochs_after_the_lowest_loss(watch: str, patience: int) -> None:
    of = patient(watch, patience)

    *_, end = of.trainer.events(of.start, of.stop)

    assert isinstance(end, Finished)
    epochs = end.backward.state.epoch
    losses = losses_of(of, epochs, watch)
    assert min(losses) == losses[epochs - patience - 1] == end.backward.state.best_loss
    assert all(min(losses[n - patience : n]) < min(losses[: n - patience]) for n in range(patience + 1, epochs))
    assert of.stop.reason(end.backward) == (
        f"patience = {patience}: the {'held-out' if watch == 'test' else watch} loss was lowest after epoch {epochs - patience}, {min(losses):.6g}"
    )


def test_a_training_that_is_taken_up_anywhere_ends_where_it_would_have() -> None:
    of = patient("test", 3)
    *before, end = of.trainer.events(of.start, of.stop)

    for state in (event.state for event in before if isinstance(event, Updated)):
        *_, again = of.trainer.events(state, of.stop)
        assert isinstance(again, Finished) and again.backward.state == end.backward.state  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("stop", "fault"),
    [
        ({"watch": "test"}, "test: training.stop.watch: expected patience with it"),
        (
            {"patience": 3, "watch": "test"},
            'test: training.stop.watch: expected "train", because no examples are held out',
        ),
        ({"patience": 0}, "test: training.stop.patience: expected a whole number from 1 up, got 0"),
        ({"patience": 3, "watch": "loss"}, "test: training.stop.watch: expected 'train' or 'test', got 'loss'"),
    ],
)
def test_patience_for_nothing_is_refused(stop: dict[str, object], fault: str) -> None:
    with pytest.raises(ValueError) as caught:
        experiment(training__stop=stop)

    assert str(caught.value) == fault
