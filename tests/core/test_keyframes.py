"""Keyframes: recent states without a gap, a budget that holds, and never a state of a later step."""

from hypothesis import given
from hypothesis import strategies as st

from nn_tui.core.running.keyframes import RECENT, Keyframes
from nn_tui.core.running.mailbox import Mailbox
from nn_tui.core.running.timeline import BUDGET, OVERHEAD
from nn_tui.core.running.walk import Walk
from nn_tui.core.training.state import State

from ..helpers.experiments import experiment


def state(step: int) -> State:
    return experiment().start._replace(step=step)


START = state(0)


@given(limit=st.integers(2, 60), steps=st.integers(1, 400), asked=st.integers(0, 450))
def test_the_nearest_is_at_or_before_the_step_and_the_limit_holds(limit: int, steps: int, asked: int) -> None:
    keyframes = Keyframes(limit)
    for step in range(1, steps + 1):
        keyframes.keep(START._replace(step=step))

    found = keyframes.nearest(asked)

    assert len(keyframes) <= limit
    assert found is None or found.step <= asked
    for recent in range(max(1, steps - min(RECENT, limit // 2) + 1), steps + 1):
        nearest = keyframes.nearest(recent)
        assert nearest and nearest.step == recent


def test_a_smaller_limit_lets_go_of_states() -> None:
    keyframes = Keyframes(100)
    for step in range(1, 200):
        keyframes.keep(START._replace(step=step))

    keyframes.limit = 10

    assert len(keyframes) <= 10
    nearest = keyframes.nearest(199)
    assert nearest and nearest.step == 199


def test_a_long_run_stays_within_the_budget() -> None:
    budget = 200_000
    walk = Walk(experiment(), Mailbox(), budget)
    walk.next_phase()
    for _ in range(2000):
        walk.next_step()

    kept = walk.timeline.branch.segments[0].keyframes

    assert len(kept) * (OVERHEAD + walk.timeline.state().parameters.nbytes) <= budget < BUDGET
    walk.go_to(1500)
    assert walk.moment and walk.moment.step == 1500
