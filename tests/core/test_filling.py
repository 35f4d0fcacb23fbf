"""What charts lack is computed while training rests."""

from collections.abc import Callable
from time import monotonic, sleep

import numpy as np
import pytest

from nn_tui.core.debugger.debugger import Debugger
from nn_tui.core.debugger.recorder import Recorder
from nn_tui.core.debugger.stage import StepUnit
from nn_tui.core.metrics.history import History, Metrics
from nn_tui.core.metrics.series import Series
from nn_tui.core.steps.events import BackwardPass, EpochEnded
from nn_tui.core.timeline.replay import replay
from nn_tui.core.timeline.timeline import Timeline
from nn_tui.core.training.changes import Change
from nn_tui.core.worker.filling import MOST, Filling
from nn_tui.core.worker.inbox import Inbox
from nn_tui.core.worker.worker import Worker

from ..helpers.experiments import experiment, experiment_of


def walked(name: str, steps: int) -> Debugger:
    debugger = Debugger(experiment_of(name))
    debugger.go_to(steps)
    return debugger


def filled(timeline: Timeline) -> Metrics:
    """What a filling of the whole branch leaves."""
    inbox = Inbox()
    list(Filling(inbox).steps(timeline.branch))
    recorder = Recorder()
    recorder.fold(inbox.take(), 0.0)
    return recorder.history.metrics


def test_every_step_gets_the_numbers_of_its_own_gradient_update_and_batch() -> None:
    debugger = walked("moons", 12)
    debugger.change(Change("learning_rate", 0.001))
    for _ in range(8):
        debugger.step()

    seen = filled(debugger.timeline)

    newest = debugger.timeline.branch.newest
    assert [step for step, _ in seen.gradients[0]] == list(range(newest + 1))
    assert seen.batch_accuracy[newest][0] == newest == seen.ratios[1][-1][0] + 1
    for step in (0, 5, 12, 17):
        debugger.go_to(step)
        assert debugger.snapshot
        backward, trainer = debugger.snapshot.backward, debugger.timeline.trainer
        updated = trainer.update(backward)
        dW, W, new = backward.dW[1], backward.state.W[1], updated.state.W[1]
        assert seen.gradients[1][step][1] == pytest.approx(float(np.linalg.norm(dW)), rel=1e-12)
        assert seen.ratios[1][step][1] == pytest.approx(float(np.linalg.norm(new - W) / np.linalg.norm(W)), rel=1e-12)
        assert seen.batch_accuracy[step][1] == trainer.accuracy(backward.forward.y_hat, backward.forward.y)


def test_of_a_long_way_some_steps_are_computed() -> None:
    debugger = walked("1-1-1-1", 3 * MOST)

    steps = [step for step, _ in filled(debugger.timeline).gradients[0]]

    assert len(steps) <= MOST + 1 and steps[0] == 0 and max(np.diff(steps)) < 20
    assert steps[-1] == debugger.timeline.branch.newest


def test_what_has_been_filled_is_not_computed_again() -> None:
    debugger = walked("xor", 10)
    filling = Filling(Inbox())
    list(filling.steps(debugger.timeline.branch))
    for _ in range(3):
        debugger.step()

    newest = debugger.timeline.branch.newest
    assert list(filling.steps(debugger.timeline.branch)) == [newest - 2, newest - 1, newest]
    assert list(filling.steps(debugger.timeline.branch)) == []


def test_what_an_order_interrupts_is_computed_again() -> None:
    debugger = walked("xor", 10)
    filling = Filling(Inbox())
    next(filling.steps(debugger.timeline.branch))

    assert list(filling.steps(debugger.timeline.branch)) == list(range(1, debugger.timeline.branch.newest + 1))


def test_points_are_filled_in_between() -> None:
    history = Series()
    history.extend([(1, 0.5), (4, 0.25)])

    history.fill([(0, 1.0), (2, 0.4), (4, 0.3)])

    assert history == Series([(0, 1.0), (1, 0.5), (2, 0.4), (4, 0.3)])


def wait(condition: Callable[[], bool]) -> None:
    end = monotonic() + 60
    while not condition():
        assert monotonic() < end, "the condition did not come"
        sleep(0)


def test_a_worker_fills_charts_while_paused_and_still_takes_orders() -> None:
    worker, recorder = Worker(experiment_of("xor")), Recorder()

    def has(step: int) -> bool:
        recorder.fold(worker.inbox.take(), 0.0)
        gradients = recorder.history.metrics.gradients
        return bool(gradients) and [each for each, _ in gradients[0]] == list(range(step + 1))

    for steps in (3, 4):
        for _ in range(3 if steps == 3 else 1):
            worker.step(StepUnit.UPDATE)
        wait(lambda: has(steps))  # noqa: B023
    worker.close()


def test_a_way_that_is_made_again_has_its_losses() -> None:
    of = experiment(data__test=0.25, training__shuffle=False)
    history = History()
    changes = ((4, Change("learning_rate", 0.1)),)

    timeline = replay(of, changes, 10, history=history)

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
    assert list(history.batch_loss) == losses and len(losses) == 10
    assert list(history.test_loss) == tests and tests
    assert timeline.position.step == 10
