"""Checkpoints: recent states without a gap, a budget that holds, and never a state of a later step."""

from dataclasses import replace
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from nn_tui.core.debugger.debugger import Debugger
from nn_tui.core.debugger.stage import StepUnit
from nn_tui.core.steps.state import State
from nn_tui.core.timeline.checkpoints import RECENT, Checkpoints
from nn_tui.core.timeline.replay import replay
from nn_tui.core.timeline.timeline import BUDGET, OVERHEAD

from ..helpers.experiments import experiment


def state(step: int) -> State:
    return replace(experiment().start, step=step)


START = state(0)


@given(limit=st.integers(2, 60), steps=st.integers(1, 400), asked=st.integers(0, 450))
def test_the_nearest_is_at_or_before_the_step_and_the_limit_holds(limit: int, steps: int, asked: int) -> None:
    checkpoints = Checkpoints(limit)
    for step in range(1, steps + 1):
        checkpoints.keep(replace(START, step=step))

    found = checkpoints.nearest(asked)

    assert len(checkpoints) <= limit
    assert found is None or found.step <= asked
    for recent in range(max(1, steps - min(RECENT, limit // 2) + 1), steps + 1):
        nearest = checkpoints.nearest(recent)
        assert nearest and nearest.step == recent


def test_a_smaller_limit_lets_go_of_states() -> None:
    checkpoints = Checkpoints(100)
    for step in range(1, 200):
        checkpoints.keep(replace(START, step=step))

    checkpoints.limit = 10

    assert len(checkpoints) <= 10
    nearest = checkpoints.nearest(199)
    assert nearest and nearest.step == 199


def test_a_sample_has_the_last_steps_and_others_at_even_distances() -> None:
    checkpoints = Checkpoints(40)
    for step in range(1, 301):
        checkpoints.keep(replace(START, step=step))

    sample = [each.step for each in checkpoints.sample(20)]

    far, recent = sample[:-10], sample[-10:]
    assert recent == list(range(291, 301))
    assert 5 <= len(far) <= 10 and {b - a for a, b in pairwise(far)} == {32}
    assert far[0] == 32, "the distance is a power of two, so that samples of a sample are even too"


def test_a_long_run_stays_within_the_budget() -> None:
    budget = 200_000
    debugger = Debugger(experiment(), budget)
    debugger.step(StepUnit.PHASE)
    for _ in range(2000):
        debugger.step()

    kept = debugger.timeline.branch.segments[0].checkpoints

    assert len(kept) * (OVERHEAD + debugger.timeline.state().parameters.nbytes) <= budget < BUDGET
    debugger.go_to(1500)
    assert debugger.snapshot and debugger.snapshot.step == 1500


def test_a_long_way_that_is_replayed_has_states_close_to_each_other() -> None:
    (segment,) = replay(experiment(), (), 3000).branch.segments

    near = [found.step if (found := segment.checkpoints.nearest(step)) else 0 for step in range(3001)]

    assert near[-1] == 3000
    assert max(step - each for step, each in enumerate(near)) <= 32


def test_its_length_counts_all_states_that_it_has() -> None:
    checkpoints = Checkpoints(40)
    for step in range(1, 301):
        checkpoints.keep(replace(START, step=step))

    held = {found.step for step in range(301) if (found := checkpoints.nearest(step))}

    assert len(held) <= len(checkpoints) <= 40  # one may be there twice, as a recent one and for good
