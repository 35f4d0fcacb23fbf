"""Where a training ends by itself: at the very step, epoch or loss that was said, and not before."""

from math import inf, nextafter

import pytest

from nn_tui.core.training.events import BackwardPass, Updated
from nn_tui.core.training.stop import NEVER, Stop

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
