"""The worker: it runs, pauses, continues, begins again, and tells what fails."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from queue import SimpleQueue
from threading import Event as Signal
from typing import TypeAlias

import pytest

from nn_tui.core.debugger.breakpoints import breakpoint_of
from nn_tui.core.debugger.debugger import Debugger
from nn_tui.core.debugger.facts import Activity, Arrived, Comparison, Failed, Nudge, Rejected
from nn_tui.core.debugger.recorder import Recorder
from nn_tui.core.debugger.stage import WHOLE_BACKWARD, Phase, StepUnit
from nn_tui.core.network.layout import parameter_at
from nn_tui.core.steps.events import Finished
from nn_tui.core.steps.state import State
from nn_tui.core.steps.stop import Stop
from nn_tui.core.training.changes import Change
from nn_tui.core.training.trainer import Trainer
from nn_tui.core.training.training import Experiment
from nn_tui.core.worker.inbox import Inbox
from nn_tui.core.worker.worker import Worker
from nn_tui.core.worker.worker_loop import WorkerLoop

from ..helpers.experiments import experiment, experiment_of
from ..helpers.facts import Facts, of_kind
from ..helpers.quantities import change_of, quantity

PATIENCE = 60.0
"""Seconds after which a condition counts as never to come."""


class Watched:
    """A worker with everything that it told."""

    def __init__(self, of: Experiment) -> None:
        self.rested = Signal()
        self.worker = Worker(of, on_pause=self.rested.set)
        self.recorder = Recorder()

    @property
    def steps(self) -> list[int]:
        """Those whose losses are recorded."""
        return [step for step, _ in self.recorder.history.batch_loss]

    def wait_for_rest(self) -> Facts:
        assert self.rested.wait(PATIENCE)
        self.rested.clear()
        facts = Facts(self.worker.inbox.take())
        self.recorder.fold(facts, 0.0)
        return facts

    def stage_of_rest(self) -> tuple[int, str]:
        snapshot = self.wait_for_rest().snapshot
        return snapshot.step, snapshot.stage.text

    def step_of_rest(self) -> tuple[int, Phase]:
        snapshot = self.wait_for_rest().snapshot
        return snapshot.step, snapshot.phase


@contextmanager
def watching(of: Experiment) -> Iterator[Watched]:
    watched = Watched(of)
    try:
        assert watched.step_of_rest() == (0, Phase.FORWARD)
        yield watched
    finally:
        watched.worker.close()


def test_phases_make_an_update_and_lead_back() -> None:
    with watching(experiment()) as watched:
        seen = []
        for _ in range(7):
            watched.worker.step(StepUnit.PHASE)
            seen.append(watched.stage_of_rest())
        back = []
        for _ in range(7):
            watched.worker.back(StepUnit.PHASE)
            back.append(watched.stage_of_rest())

    assert seen == [
        (0, "loss"),
        (0, "backward pass, layer 2"),
        (0, "backward pass, layer 1"),
        (1, "update"),
        (1, "forward pass, layer 1"),
        (1, "forward pass, layer 2"),
        (1, "loss"),
    ]
    assert back == [*seen[-2::-1], (0, "forward pass, layer 2")]


def test_a_step_ends_with_every_number_of_the_next_step() -> None:
    with watching(experiment()) as watched:
        watched.worker.step(StepUnit.UPDATE)
        first = watched.step_of_rest()
        watched.worker.step(StepUnit.UPDATE)
        second = watched.step_of_rest()

    assert (first, second) == ((1, Phase.BACKWARD), (2, Phase.BACKWARD))


def test_an_epoch_is_as_many_updates_as_batches() -> None:
    with watching(experiment()) as watched:
        watched.worker.step(StepUnit.EPOCH)

        assert watched.step_of_rest() == (2, Phase.BACKWARD)


def test_no_step_that_was_asked_for_is_lost() -> None:
    with watching(experiment()) as watched:
        for _ in range(50):
            watched.worker.step(StepUnit.UPDATE)
        step = 0
        while step < 50:
            arrived = watched.wait_for_rest().last(Arrived)  # none if a rest follows the facts that tell of it
            step = arrived.snapshot.step if arrived and arrived.snapshot else step

    assert step == 50


def test_it_runs_until_it_is_told_to_pause_and_then_continues_from_there() -> None:
    with watching(experiment()) as watched:
        watched.worker.run()
        watched.worker.pause()
        paused = watched.wait_for_rest()
        watched.worker.step(StepUnit.UPDATE)
        after = watched.wait_for_rest()

    assert paused.activity is Activity.PAUSED
    assert paused.snapshot and paused.snapshot.phase is Phase.BACKWARD
    assert after.snapshot and after.snapshot.step == paused.snapshot.step + 1


def test_every_loss_is_kept_once() -> None:
    of = experiment()
    of = replace(of, stop=Stop(steps=3000))
    with watching(of) as watched:
        watched.worker.run()
        watched.wait_for_rest()

    assert watched.steps == list(range(3001))


def test_the_worker_goes_the_way_of_the_trainer() -> None:
    of = replace(experiment(), stop=Stop(steps=300))
    *_, end = of.trainer.events(of.start, of.stop)
    with watching(of) as watched:
        watched.worker.run()
        snapshot = watched.wait_for_rest().snapshot

    assert snapshot and isinstance(end, Finished)
    assert [W.tobytes() for W in snapshot.state.W] == [W.tobytes() for W in end.backward.state.W]


def test_after_a_stop_a_run_can_continue() -> None:
    with watching(replace(experiment(), stop=Stop(steps=5))) as watched:
        watched.worker.run()
        finished = watched.wait_for_rest()
        watched.worker.step(StepUnit.UPDATE)
        beyond = watched.step_of_rest()

    assert finished.activity is Activity.FINISHED and finished.snapshot and finished.snapshot.step == 5
    assert beyond == (6, Phase.BACKWARD)
    assert watched.steps == list(range(7))


def test_reset_begins_again_with_the_same_bits() -> None:
    with watching(experiment()) as watched:
        watched.worker.step(StepUnit.EPOCH)
        first = watched.wait_for_rest().snapshot
        watched.worker.reset()
        reset = watched.wait_for_rest()
        watched.worker.step(StepUnit.EPOCH)
        second = watched.wait_for_rest().snapshot

    assert reset.snapshot.step == 0 and reset.arrived.timeline.changes == ()
    assert first and second
    assert [W.tobytes() for W in first.state.W] == [W.tobytes() for W in second.state.W]


def test_a_changed_learning_rate_counts_from_here_and_reset_undoes_it() -> None:
    with watching(experiment()) as watched:
        watched.worker.step(StepUnit.UPDATE)
        before = watched.wait_for_rest().snapshot
        watched.worker.change(Change("learning_rate", 0.25))
        changed = watched.wait_for_rest()
        watched.worker.step(StepUnit.UPDATE)
        after = watched.wait_for_rest().snapshot
        steps = watched.steps
        watched.worker.reset()
        reset = watched.wait_for_rest()

    assert changed.arrived.trainer.optimizer.learning_rate == 0.25
    assert before and after and after.last_update
    expected = before.state.W[0] - 0.25 * after.last_update.backward.dW[0]
    assert after.state.W[0].tobytes() == expected.tobytes()
    assert reset.arrived.trainer.optimizer.learning_rate == 0.5
    assert steps == [0, 1, 2] and watched.steps == [0]


def test_a_training_that_diverges_fails_and_keeps_the_last_good_state() -> None:
    of = experiment(network__activations="identity", training__loss="mse", training__learning_rate=1e6)
    with watching(of) as watched:
        watched.worker.run()
        failed = watched.wait_for_rest()
        watched.worker.change(Change("learning_rate", 1e-300))
        watched.wait_for_rest()
        watched.worker.reset()
        reset = watched.step_of_rest()

    assert failed.activity is Activity.FAILED
    failure = failed.last(Failed)
    assert failure and "not finite" not in failure.reason and "step" in failure.reason
    assert reset == (0, Phase.BACKWARD)


class Broken(Trainer):
    """A trainer with a defect that shows in its second step."""

    def learning_rate(self, state: State) -> float:
        if state.step:
            raise ZeroDivisionError("a defect")
        return super().learning_rate(state)


def test_an_exception_in_the_trainer_is_reported_and_the_thread_lives_on() -> None:
    of = experiment()
    fields = {name: getattr(of.trainer, name) for name in of.trainer.__dataclass_fields__}
    with watching(replace(of, trainer=Broken(**fields))) as watched:
        watched.worker.step(StepUnit.UPDATE)
        failed = watched.wait_for_rest()
        watched.worker.go_to(0)
        alive = watched.step_of_rest()

    failure = failed.last(Failed)
    assert failure and failure.reason == "step 1: ZeroDivisionError: a defect" and failure.state.step == 1
    assert alive == (0, Phase.BACKWARD)


@pytest.mark.parametrize("verb", ["run", "pause", "reset"])
def test_close_ends_the_thread_whatever_it_does(verb: str) -> None:
    worker = Worker(experiment())
    getattr(worker, verb)()

    worker.close()

    assert not worker._thread.is_alive()


def test_go_to_leads_to_an_earlier_and_to_a_later_step() -> None:
    with watching(experiment()) as watched:
        watched.worker.go_to(30)
        ahead = watched.step_of_rest()
        watched.worker.go_to(7)
        behind = watched.step_of_rest()
        watched.worker.go_to(None)
        newest = watched.step_of_rest()

    assert (ahead, behind, newest) == ((30, Phase.BACKWARD), (7, Phase.BACKWARD), (30, Phase.BACKWARD))
    assert watched.steps == list(range(31))


def test_back_by_an_epoch_leads_to_the_first_step_of_one() -> None:
    with watching(experiment()) as watched:
        watched.worker.go_to(5)
        watched.wait_for_rest()
        steps = []
        for _ in range(4):
            watched.worker.back(StepUnit.EPOCH)
            steps.append(watched.step_of_rest()[0])

    assert steps == [4, 2, 0, 0]


def test_a_breakpoint_stops_a_run_and_is_named() -> None:
    with watching(experiment()) as watched:
        watched.worker.break_at((breakpoint_of("step 12"), breakpoint_of("loss < 0.000001")))
        watched.worker.run()
        facts = watched.wait_for_rest()

    assert facts.snapshot and facts.snapshot.step == 12
    assert facts.why == "step 12" and facts.activity is Activity.PAUSED


def test_a_breakpoint_that_is_true_already_pauses_a_run_at_once_and_the_next_run_continues() -> None:
    of = replace(experiment_of("3-4-1"), stop=Stop(steps=40))
    with watching(of) as watched:
        watched.worker.break_at((breakpoint_of("loss < 5"), breakpoint_of("step 30")))
        whys = []
        for _ in range(3):
            watched.worker.run()
            facts = watched.wait_for_rest()
            assert facts.snapshot and facts.snapshot.phase is Phase.BACKWARD
            whys.append((facts.snapshot.step, facts.activity, facts.why))
        watched.worker.go_to(3)
        by_a_key = watched.wait_for_rest()

    assert whys == [
        (0, Activity.PAUSED, "loss < 5"),
        (30, Activity.PAUSED, "step 30"),
        (40, Activity.FINISHED, "stop: steps = 40"),
    ]
    assert by_a_key.why == ""


def test_a_step_onto_a_breakpoint_says_so_and_a_run_from_there_continues() -> None:
    of = replace(experiment_of("3-4-1"), stop=Stop(steps=5))
    with watching(of) as watched:
        watched.worker.break_at((breakpoint_of("step 1"),))
        watched.worker.step(StepUnit.UPDATE)
        stepped = watched.wait_for_rest()
        watched.worker.run()
        finished = watched.wait_for_rest()

    assert stepped.why == "step 1" and finished.why == "stop: steps = 5"


def test_a_step_onto_a_breakpoint_says_so_again_after_a_step_back() -> None:
    with watching(experiment_of("3-4-1")) as watched:
        watched.worker.break_at((breakpoint_of("step 1"),))
        whys = []
        for move in (watched.worker.step, watched.worker.back, watched.worker.step):
            move(StepUnit.UPDATE)
            whys.append(watched.wait_for_rest().why)

    assert whys == ["step 1", "", "step 1"]


def test_a_training_that_fails_says_why() -> None:
    of = experiment(network__activations="identity", training__loss="mse", training__learning_rate=1e6)
    with watching(of) as watched:
        watched.worker.run()
        failed = watched.wait_for_rest()

    failure = failed.last(Failed)
    assert failure and failed.why == failure.reason


def test_a_change_that_cannot_be_is_refused_and_nothing_is_lost() -> None:
    with watching(experiment()) as watched:
        watched.worker.step(StepUnit.UPDATE)
        before = watched.wait_for_rest().snapshot
        watched.worker.change(change_of("w9[1,1]", 1.0))
        refused = watched.wait_for_rest()
        watched.worker.change(change_of("w1[1,1]", 1e308))
        failing = watched.wait_for_rest()

    assert len(of_kind(Rejected, refused)) == 1 and refused.snapshot is before
    assert failing.arrived.timeline.changes in ((), ((1, change_of("w1[1,1]", 1e308)),))


def test_a_nudge_shows_what_the_gradient_predicts() -> None:
    with watching(experiment(training__batch_size="all")) as watched:
        watched.worker.step(StepUnit.UPDATE)
        watched.wait_for_rest()
        watched.worker.nudge(quantity("w2[1,1]"), 1e-4)
        nudge = None
        while nudge is None:
            nudge = watched.wait_for_rest().last(Nudge)

    assert nudge.actual == pytest.approx(nudge.predicted, rel=1e-3) and nudge.predicted != 0


def test_branches_can_be_compared_only_where_there_are_two() -> None:
    with watching(experiment()) as watched:
        watched.worker.compare()
        alone = watched.wait_for_rest()
        watched.worker.go_to(6)
        watched.wait_for_rest()
        watched.worker.go_to(3)
        watched.wait_for_rest()
        watched.worker.change(change_of("b2[1]", 0.5))
        watched.wait_for_rest()
        watched.worker.compare()
        comparison = None
        while comparison is None:
            comparison = watched.wait_for_rest().last(Comparison)

    assert alone.last(Rejected) and comparison.parted_at == 3
    assert (
        comparison.parted_in is not None
        and str(parameter_at(comparison.ours.training.state.layout, comparison.parted_in)) == "b2[1]"
    )


def test_a_paced_run_still_obeys_at_once_and_does_every_step() -> None:
    with watching(experiment()) as watched:
        watched.worker.pace(0.001)
        watched.worker.step(StepUnit.UPDATE)
        first = watched.step_of_rest()
        watched.worker.run()
        watched.worker.pause()
        paused = watched.wait_for_rest()
        watched.worker.pace(None)
        watched.worker.step(StepUnit.EPOCH)
        after = watched.step_of_rest()

    assert first == (1, Phase.BACKWARD)
    assert paused.activity is Activity.PAUSED and paused.snapshot and paused.snapshot.step == 1
    assert after[0] == 2


def test_from_an_update_a_step_leads_to_the_whole_of_the_step_that_it_began() -> None:
    with watching(experiment()) as watched:
        for _ in range(4):
            watched.worker.step(StepUnit.PHASE)
            at_update = watched.stage_of_rest()
        watched.worker.step(StepUnit.UPDATE)
        whole = watched.step_of_rest()

    assert at_update == (1, "update") and whole == (1, Phase.BACKWARD)


def test_steps_behind_the_way_to_a_step_are_made_there_in_order() -> None:
    with watching(experiment()) as watched:
        watched.worker.go_to(200)
        for unit in (StepUnit.UPDATE, StepUnit.UPDATE, StepUnit.PHASE, StepUnit.PHASE):
            watched.worker.step(unit)
        watched.worker.back(StepUnit.UPDATE)
        watched.worker.back(StepUnit.UPDATE)
        watched.worker.step(StepUnit.PHASE)

        while watched.stage_of_rest() != (202, "update"):
            pass  # rests may come together, but none comes after this one


def test_a_step_ends_a_run() -> None:
    with watching(experiment()) as watched:
        watched.worker.run()
        watched.worker.step(StepUnit.UPDATE)

        assert watched.wait_for_rest().activity is Activity.PAUSED


def test_a_pause_forgets_the_steps_that_wait() -> None:
    with watching(experiment()) as watched:
        watched.worker.pace(0.001)
        watched.worker.go_to(50)
        for unit in (StepUnit.UPDATE, StepUnit.UPDATE):
            watched.worker.step(unit)
        watched.worker.pause()
        paused = watched.wait_for_rest()
        watched.worker.pace(None)
        watched.worker.step(StepUnit.PHASE)
        after = watched.wait_for_rest()

    assert paused.activity is Activity.PAUSED and paused.snapshot.step < 50
    assert (after.snapshot.step, after.snapshot.stage.text) == (paused.snapshot.step + 1, "update")


Order: TypeAlias = Callable[[WorkerLoop], None]


def step(unit: StepUnit) -> Order:
    """The order of a worker to step."""
    return lambda loop: loop.do_or_wait(partial(loop.step, unit))


STEP, EPOCH = map(step, (StepUnit.UPDATE, StepUnit.EPOCH))
FAR = 10**9
RATE = Change("learning_rate", 0.25)
CHANGE = partial(WorkerLoop.change, changes=(RATE,))


@pytest.mark.parametrize(
    ("ask", "changed_at"),
    [(STEP, 1), (EPOCH, 2), (partial(WorkerLoop.go_to, step=30), 30)],
    ids=("step", "epoch", "go to"),
)
def test_a_change_behind_a_step_is_made_where_the_step_leads(ask: Order, changed_at: int) -> None:
    arrived = arrived_after(ask, CHANGE, STEP)

    assert arrived.timeline.changes == ((changed_at, RATE),)
    assert arrived.snapshot and arrived.snapshot.step == changed_at + 1


def test_a_pause_keeps_a_change_that_waits_for_a_step() -> None:
    arrived = arrived_after(partial(WorkerLoop.go_to, step=FAR), CHANGE, STEP, WorkerLoop.pause)

    assert arrived.snapshot and arrived.timeline.changes == ((arrived.snapshot.step, RATE),)


def test_a_breakpoint_forgets_the_steps_that_wait() -> None:
    def break_at_5(loop: WorkerLoop) -> None:
        loop.place((breakpoint_of("step 5"),))

    arrived = arrived_after(break_at_5, partial(WorkerLoop.go_to, step=FAR), STEP, STEP)

    assert arrived.snapshot and arrived.snapshot.step == 5


def test_a_run_behind_a_change_that_waits_begins_with_it() -> None:
    arrived = arrived_after(EPOCH, CHANGE, WorkerLoop.run, STEP)

    assert arrived.timeline.changes == ((2, RATE),)


def arrived_after(*orders: Order) -> Arrived:
    """Where these lead that a loop finds all at once, as after a burst of keys; it ends where it would wait."""
    loop = WorkerLoop(Debugger(experiment()), Inbox(), lambda: None)

    class Orders(SimpleQueue[Callable[[], None]]):
        def get(self, block: bool = True, timeout: float | None = None) -> Callable[[], None]:
            return partial(setattr, loop, "is_closed", True) if self.empty() else super().get()

    loop.orders = Orders()
    for order in orders:
        loop.orders.put(partial(order, loop))
    loop.serve(WHOLE_BACKWARD)
    return loop.debugger.arrived


def test_a_paced_run_waits_for_orders_as_long_as_a_step_is_to_take_and_no_longer() -> None:
    loop, waits = WorkerLoop(Debugger(experiment()), Inbox(), lambda: None), list[float]()

    class Orders(SimpleQueue[Callable[[], None]]):
        def get(self, block: bool = True, timeout: float | None = None) -> Callable[[], None]:
            if len(waits) == 4:
                return partial(setattr, loop, "is_closed", True)
            waits.extend([] if timeout is None else [timeout])
            return super().get(block, timeout)

    loop.orders, loop.pace = Orders(), 50.0
    loop.orders.put(loop.run)
    loop.serve(WHOLE_BACKWARD)

    assert waits[0] == 0.0 and all(0.0 <= each <= 1 / 50 for each in waits)
