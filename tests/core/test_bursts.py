"""Bursts of a run: they pause, hit breakpoints and end where single updates do, with the same bits."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import count
from math import inf

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nn_tui.core.debugger.breakpoints import breakpoint_of
from nn_tui.core.debugger.debugger import Debugger
from nn_tui.core.debugger.facts import Arrived, Fact, Failed, Finished, Hit, Losses
from nn_tui.core.debugger.stage import WHOLE_FORWARD, PauseWhen, never, up_to
from nn_tui.core.debugger.watch import Findings, HeldOutLoss, Watch
from nn_tui.core.engine import kernel_memory
from nn_tui.core.steps.stop import Stop
from nn_tui.core.timeline.dump import dump, load
from nn_tui.core.training.changes import Change
from nn_tui.core.training.trainer import Trainer
from nn_tui.core.training.training import Experiment

from ..helpers.experiments import experiment, experiment_of
from ..helpers.fuzz import FUZZ
from ..helpers.quantities import change_of
from ..helpers.random_trainers import by_numpy, by_python, dying_trainer, random_state, random_trainer
from ..helpers.time_travel import FixedLength

pytestmark = pytest.mark.skipif(not kernel_memory.is_there(), reason="bursts are for the compiled kernel")


@dataclass
class Both:
    """A debugger that runs in bursts beside one that does not."""

    ours: Debugger
    theirs: Debugger
    our_watch: Watch
    their_watch: Watch
    length: FixedLength

    @classmethod
    def of(cls, of: Experiment, length: int, *breakpoints: str) -> "Both":
        ours, theirs = (Watch(map(breakpoint_of, breakpoints)) for _ in range(2))
        both = cls(Debugger(of), Debugger(of), ours, theirs, FixedLength(length))
        for each in (both.ours, both.theirs):
            each.look(WHOLE_FORWARD)
        return both

    def run(self, pause_when: PauseWhen) -> Fact:
        ours = self.ours.run(pause_when, self.our_watch, length=self.length)
        theirs = self.theirs.run(pause_when, self.their_watch)
        self.assert_same(ours, theirs)
        return ours[-1]

    def assert_same(self, ours: tuple[Fact, ...], theirs: tuple[Fact, ...]) -> None:
        assert [type(each) for each in ours] == [type(each) for each in theirs]
        for mine, right in zip(ours, theirs, strict=True):
            if isinstance(mine, Hit | Failed | Finished):
                assert text(mine) == text(right)
            if isinstance(mine, Losses) and isinstance(right, Losses):
                assert list(mine.batch_loss) == list(right.batch_loss)
                assert repr(list(mine.test_loss)) == repr(list(right.test_loss))
                assert list(mine.test_accuracy) == list(right.test_accuracy)
        self.assert_same_place()

    def assert_same_place(self) -> None:
        mine, right = self.ours.snapshot, self.theirs.snapshot
        assert (mine is None) == (right is None)
        if mine and right:
            assert mine.stage == right.stage and mine.state == right.state
            assert mine.backward.state == right.backward.state
            assert mine.backward.gradient.tobytes() == right.backward.gradient.tobytes()
            befores = [each.before.state if each.before else None for each in (mine, right)]
            assert befores[0] == befores[1]
        assert self.ours.timeline.position == self.theirs.timeline.position
        assert self.ours.timeline.branch.newest == self.theirs.timeline.branch.newest

    def go_to(self, step: int) -> None:
        self.assert_same(self.ours.go_to(step), self.theirs.go_to(step))


def text(fact: Fact) -> str:
    return fact.breakpoints if isinstance(fact, Hit) else fact.reason if isinstance(fact, Failed) else ""


BREAKPOINTS = st.sets(
    st.sampled_from(
        [
            "step 3",
            "step 37",
            "loss < 0.1",
            "loss < 0.6",
            "loss rises",
            "|gradient| > 0.1",
            "|gradient| > 2",
            "not finite",
            "held-out loss < 0.5",
            "held-out loss < 1",
            "held-out loss rises",
        ]
    ),
    max_size=3,
)


@settings(max_examples=FUZZ // 5)
@pytest.mark.parametrize("engine", [replace, by_numpy])
@given(st.integers(0, 2**32), BREAKPOINTS, st.integers(2, 40), st.lists(st.integers(0, 120), min_size=3, max_size=3))
def test_they_pause_and_hit_where_single_updates_do(
    engine: Callable[[Trainer], Trainer], seed: int, breakpoints: set[str], length: int, steps: list[int]
) -> None:
    trainer = engine(random_trainer(seed, with_test=seed % 2 == 0))
    stop = Stop(steps=90) if seed % 3 == 0 else Stop()
    both = Both.of(Experiment(trainer=trainer, start=random_state(trainer, seed), stop=stop), length, *breakpoints)

    for step in steps:
        both.run(up_to(step))
    both.run(PauseWhen(epoch=4))

    for step in steps:
        both.go_to(min(step, both.theirs.timeline.branch.newest))
    both.run(up_to(60))


def of_python(seed: int) -> Trainer:
    return by_python(dying_trainer(seed, is_tiny=True))


def of_numpy(seed: int) -> Trainer:
    return by_numpy(dying_trainer(seed))


@settings(max_examples=FUZZ // 8)
@pytest.mark.parametrize("trainer_of", [dying_trainer, of_python, of_numpy])
@given(st.integers(0, 2**32), BREAKPOINTS, st.integers(2, 60))
def test_dead_neurons_are_found_where_single_updates_find_them(
    trainer_of: Callable[[int], Trainer], seed: int, breakpoints: set[str], length: int
) -> None:
    trainer = trainer_of(seed)
    of = Experiment(trainer=trainer, start=random_state(trainer, seed), stop=Stop())
    both = Both.of(of, length, "dead relu", *breakpoints)

    for step in (70, 70, 70, 70, 140, 140):
        both.run(up_to(step))
    both.go_to(both.theirs.timeline.branch.newest // 2)
    for _ in range(3):
        both.run(up_to(140))


def test_a_breakpoint_on_dead_neurons_keeps_the_states_that_others_do() -> None:
    of, kept = experiment(network__activations=["relu", "sigmoid"]), []
    for watch in (None, Watch([breakpoint_of("dead relu")])):
        debugger = Debugger(of)
        debugger.look(WHOLE_FORWARD)
        while debugger.snapshot and debugger.snapshot.step < 3_000:
            debugger.run(up_to(3_000), watch, length=FixedLength(100))
        states = debugger.timeline.branch.segments[0].checkpoints.sample(3_000)
        kept.append([state.step for state in states if state.step % 16 == 0])

    assert kept[0] == kept[1] == list(range(16, 3_000, 16))


def test_dead_neurons_are_forgotten_in_a_burst_that_fails_after_the_activation_has_changed() -> None:
    both = Both.of(experiment(network__activations=["relu", "identity"], training__loss="mse"), 60, "dead relu")
    for each in (both.ours, both.theirs):
        each.change(change_of("b1[1]", -9.0))
    first = both.run(never)
    for each in (both.ours, both.theirs):
        each.change(Change("activation", "identity"), Change("learning_rate", 1e3))
    assert isinstance(both.run(never), Failed)
    both.go_to(1)
    for each in (both.ours, both.theirs):
        each.change(Change("activation", "relu"), Change("learning_rate", 0.1))

    again = both.run(up_to(40))

    assert isinstance(first, Hit) and isinstance(again, Hit)


def test_held_out_losses_are_checked_again_after_steps_back() -> None:
    both = Both.of(experiment_of("moons"), 40, "held-out loss rises")
    first = both.run(up_to(2_000))
    both.run(up_to(2_000))
    both.go_to(0)

    again = both.run(up_to(2_000))

    assert isinstance(first, Hit) and isinstance(again, Hit)


@given(st.integers(2, 30), st.integers(1, 60), st.integers(0, 60))
def test_a_change_that_was_made_already_is_passed_at_its_step(length: int, step: int, back: int) -> None:
    both = Both.of(experiment(training__optimizer="adam"), length)
    both.run(up_to(step))
    for each in (both.ours, both.theirs):
        each.change(Change("learning_rate", 0.05))
    both.run(up_to(step + 40))
    both.go_to(min(back, step))

    both.run(up_to(step + 80))

    assert both.ours.timeline.changes == ((step, Change("learning_rate", 0.05)),)


@pytest.mark.parametrize("rate", [1e3, 1e300])
def test_a_training_fails_at_the_same_place(rate: float) -> None:
    of = experiment(network__activations=["relu", "identity"], training__loss="mse", training__learning_rate=rate)
    both = Both.of(of, 50)

    assert isinstance(both.run(never), Failed)


def test_a_session_of_bursts_opens_at_the_same_bits() -> None:
    of = experiment_of("moons")
    both = Both.of(replace(of, stop=Stop()), 100)
    both.run(up_to(700))

    timeline = load(of, dump(both.ours.timeline))

    assert timeline.state() == both.theirs.timeline.state()
    timeline.go_to(333)
    both.theirs.go_to(333)
    assert timeline.state() == both.theirs.timeline.state()


def test_of_many_losses_the_peaks_are_reported() -> None:
    of = experiment_of("xor")
    debugger, length = Debugger(of), FixedLength(10_000)
    debugger.look(WHOLE_FORWARD)
    debugger.run(up_to(20_000), None, length=length)
    runs = count()

    losses, *_ = debugger.run(never, None, lambda: next(runs) >= 1, length)

    assert isinstance(losses, Losses) and 100 < len(losses.batch_loss) < 1_000
    every = of.trainer.burst(of.start, 40_002).losses
    assert max(losses.batch_loss.values) == every[20_001:].max()
    assert all(every[step] == loss for step, loss in losses.batch_loss)


def test_any_earlier_step_of_a_long_run_is_found_again() -> None:
    of = experiment_of("xor")
    debugger, length = Debugger(of), FixedLength(5_000)
    debugger.look(WHOLE_FORWARD)
    debugger.run(up_to(50_000), None, length=length)

    for step in (49_999, 49_000, 12_345, 1, 0, 33_333):
        *_, arrived = debugger.go_to(step)

        assert isinstance(arrived, Arrived) and arrived.snapshot
        assert arrived.snapshot.state == (of.trainer.burst(of.start, step).state if step else of.start)


def test_a_watch_knows_after_a_burst_what_it_knows_after_single_steps() -> None:
    losses, gradients = np.array([1.0, 0.05, 0.04, 0.2, 0.3]), np.array([0.1, 0.1, 9.0, 9.0, 0.1])
    texts = ("loss < 0.1", "loss rises", "|gradient| > 5", "step 14", "not finite")
    places = [Watch([breakpoint_of(each)]).first_hit(Findings(10, losses, gradients)) for each in texts]

    assert places == [1, 3, 2, 4, None]
    watch = Watch([breakpoint_of("loss < 0.1")])
    watch.skip(Findings(10, losses[:2], gradients[:2]))
    assert watch.first_hit(Findings(11, losses[1:3], gradients[1:3])) is None
    assert watch.first_hit(Findings(11, np.array([0.05, inf, 0.05]), gradients[:3])) == 2


@pytest.mark.parametrize(("text", "hits"), [("held-out loss < 0.5", [10, 40]), ("held-out loss rises", [20, 30])])
def test_a_watch_knows_the_held_out_losses_of_the_burst_before(text: str, hits: list[int]) -> None:
    tests, ones = [HeldOutLoss(10 * n, n, loss) for n, loss in enumerate([0.4, 0.45, 0.6, 0.4], 1)], np.ones(41)
    watch = Watch([breakpoint_of(text)])
    assert watch.first_hit(Findings(0, ones, ones, tests)) == hits[0]
    done = hits[0] // 10

    watch.skip(Findings(0, ones[: hits[0] + 1], ones[: hits[0] + 1], tests[:done]))

    assert watch.first_hit(Findings(hits[0], ones, ones, tests[done:])) == hits[1] - hits[0]
