"""What charts lack is computed while training rests."""

from collections.abc import Callable
from time import monotonic, sleep

import numpy as np
import pytest

from nn_tui.core.running.aims import Grain
from nn_tui.core.running.curve import Curve
from nn_tui.core.running.filling import MOST, Filling
from nn_tui.core.running.history import LossHistory
from nn_tui.core.running.mailbox import Losses, Mailbox
from nn_tui.core.running.points import Points
from nn_tui.core.running.replay import replay
from nn_tui.core.running.runner import Runner
from nn_tui.core.running.seen import Seen
from nn_tui.core.running.timeline import Timeline
from nn_tui.core.running.walk import Walk
from nn_tui.core.training.changes import Change
from nn_tui.core.training.evaluation import Evaluation
from nn_tui.core.training.events import BackwardPass, EpochEnded

from ..helpers.experiments import experiment, experiment_of


def walked(name: str, steps: int) -> tuple[Walk, Mailbox]:
    mailbox = Mailbox()
    walk = Walk(experiment_of(name), mailbox)
    for _ in range(steps):
        walk.next_step()
    return walk, mailbox


def filled(timeline: Timeline) -> Seen:
    """What a filling of the whole branch leaves."""
    mailbox = Mailbox()
    list(Filling(mailbox).steps(timeline.branch))
    curve = Curve()
    curve.keep(mailbox.take().losses.get(timeline.branch.number, Losses()))
    return curve.sights.seen


def test_every_step_gets_the_numbers_of_its_own_gradient_update_and_batch() -> None:
    walk, _ = walked("moons", 12)
    walk.change(Change("learning_rate", 0.001))
    for _ in range(8):
        walk.next_step()

    seen = filled(walk.timeline)

    assert [step for step, _ in seen.gradients[0]] == list(range(walk.timeline.branch.newest))
    for step in (0, 5, 12, 17):
        walk.go_to(step)
        assert walk.moment
        backward, trainer = walk.moment.backward, walk.timeline.trainer
        updated = trainer.update(backward)
        dW, W, new = backward.dW[1], backward.state.W[1], updated.state.W[1]
        assert seen.gradients[1][step][1] == pytest.approx(float(np.linalg.norm(dW)), rel=1e-12)
        assert seen.ratios[1][step][1] == pytest.approx(float(np.linalg.norm(new - W) / np.linalg.norm(W)), rel=1e-12)
        assert seen.batch_accuracy[step][1] == trainer.accuracy(backward.forward.y_hat, backward.forward.y)


def test_of_a_long_way_some_steps_are_computed() -> None:
    walk, _ = walked("1-1-1-1", 3 * MOST)

    steps = [step for step, _ in filled(walk.timeline).gradients[0]]

    assert len(steps) <= MOST + 1 and steps[0] == 0 and max(np.diff(steps)) < 20
    assert steps[-1] == walk.timeline.branch.newest - 1


def test_what_has_been_filled_is_not_computed_again() -> None:
    walk, mailbox = walked("xor", 10)
    filling = Filling(mailbox)
    list(filling.steps(walk.timeline.branch))
    for _ in range(3):
        walk.next_step()

    newest = walk.timeline.branch.newest
    assert list(filling.steps(walk.timeline.branch)) == [newest - 2, newest - 1, newest]
    assert list(filling.steps(walk.timeline.branch)) == []


def test_what_an_order_interrupts_is_computed_again() -> None:
    walk, mailbox = walked("xor", 10)
    filling = Filling(mailbox)
    next(filling.steps(walk.timeline.branch))

    assert list(filling.steps(walk.timeline.branch)) == list(range(1, walk.timeline.branch.newest + 1))


def test_a_change_takes_back_what_was_filled_of_later_steps() -> None:
    mailbox = Mailbox()
    mailbox.put_filled(1, Seen([[(0, 1.0), (4, 2.0), (5, 3.0)]]))

    mailbox.rewind(5)

    (seen,) = mailbox.take().losses[1].filled
    assert list(seen.gradients[0]) == [(0, 1.0), (4, 2.0)]


def test_points_are_filled_in_between() -> None:
    history = LossHistory()
    history.extend([(1, 0.5), (4, 0.25)])

    history.fill([(0, 1.0), (2, 0.4), (4, 0.3)])

    assert history.points == Points([(0, 1.0), (1, 0.5), (2, 0.4), (4, 0.3)])


def wait(condition: Callable[[], bool]) -> None:
    end = monotonic() + 20
    while not condition():
        assert monotonic() < end, "the condition did not come"
        sleep(0)


def test_a_runner_fills_when_it_rests_and_still_takes_orders() -> None:
    runner, curve = Runner(experiment_of("xor")), Curve()

    def has(step: int) -> bool:
        for losses in runner.mailbox.take().losses.values():
            curve.keep(losses)
        gradients = curve.sights.seen.gradients
        return bool(gradients) and [each for each, _ in gradients[0]] == list(range(step))

    for steps in (3, 4):
        for _ in range(3 if steps == 3 else 1):
            runner.step(Grain.UPDATE)
        wait(lambda: has(steps))  # noqa: B023
    runner.close()


def test_the_accuracy_of_every_epoch_is_left() -> None:
    mailbox = Mailbox()

    mailbox.put_test(10, Evaluation(0.5, 0.75))
    mailbox.put_test(20, Evaluation(0.25, 1.0))

    assert mailbox.take().losses[1].test_accuracy == Points([(10, 0.75), (20, 1.0)])


def test_a_way_that_is_made_again_has_its_losses() -> None:
    of = experiment(data__test=0.25, training__shuffle=False)
    curve = Curve()
    changes = ((4, Change("learning_rate", 0.1)),)

    timeline = replay(of, changes, 10, curve=curve)

    first, second = of.trainer, of.trainer.with_learning_rate(0.1)
    losses, tests, state = [], [], of.start
    for trainer, end in ((first, 4), (second, 10)):
        for event in trainer.events(state):
            if isinstance(event, BackwardPass) and event.step == end:
                state = event.state
                break
            if isinstance(event, BackwardPass):
                losses.append((event.step, event.forward.loss))
            if isinstance(event, EpochEnded) and event.test:
                tests.append((event.updated.step, event.test.loss))
    assert list(curve.train.points) == losses and len(losses) == 10
    assert list(curve.test.points) == tests and tests
    assert timeline.branch.told == 9
