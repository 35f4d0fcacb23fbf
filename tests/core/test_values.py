"""States, events and trainings compare, hash and pickle without surprises."""

import pickle
from dataclasses import FrozenInstanceError, replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nn_tui.core.steps.events import BackwardPass, ForwardPass, Updated
from nn_tui.core.steps.state import State
from nn_tui.core.training.training import Training

from ..helpers.experiments import experiment, experiment_of

OF = experiment(training__optimizer="adam")
TRAINING = Training(OF.trainer, OF.start)


def copied(state: State) -> State:
    """Another state of the same numbers."""
    slots = tuple(slot.copy() for slot in state.slots)
    return State(state.step, state.epoch, state.position, state.parameters.copy(), slots, state.layout)


@given(place=st.integers(0, OF.start.parameters.size - 1), value=st.floats())
def test_states_are_equal_where_every_number_is_the_same_bits(place: int, value: float) -> None:
    state, other = copied(OF.start), copied(OF.start)
    state.parameters[place] = other.parameters[place] = value
    assert state == other and hash(state) == hash(other)  # be it infinite or no number at all

    other.parameters[place] = np.nextafter(value, 0.0) if value and not np.isnan(value) else 1.0

    assert state != other


@pytest.mark.parametrize("changes", [{"step": 1}, {"epoch": 1}, {"position": 1}, {"slots": ()}])
def test_states_of_other_steps_or_another_memory_are_not_equal(changes: dict[str, object]) -> None:
    assert replace(OF.start, **changes) != OF.start  # type: ignore[arg-type]
    assert OF.start != "a state"


def test_a_state_changes_by_a_copy_alone() -> None:
    with pytest.raises(FrozenInstanceError):
        OF.start.step = 3  # type: ignore[misc]


def test_an_event_is_equal_to_itself_alone() -> None:
    forward = OF.trainer.forward(OF.start)
    events = forward, OF.trainer.backward(forward), OF.trainer.update(OF.trainer.backward(forward))

    for event in events:
        assert event == event and len({event, event}) == 1
    assert OF.trainer.forward(OF.start) != forward


def test_what_is_pickled_comes_back_with_the_same_bits_and_read_only() -> None:
    updated = TRAINING.trainer.update(TRAINING.trainer.backward(TRAINING.trainer.forward(TRAINING.state)))

    again = pickle.loads(pickle.dumps(updated))

    assert isinstance(again, Updated) and isinstance(again.backward, BackwardPass)
    assert isinstance(again.forward, ForwardPass) and again.state == updated.state
    for ours, theirs in (
        (again.state.parameters, updated.state.parameters),
        (again.forward.numbers, updated.forward.numbers),
        (again.backward.gradient, updated.backward.gradient),
        *zip(again.state.slots, updated.state.slots, strict=True),
    ):
        assert ours.tobytes() == theirs.tobytes() and not ours.flags.writeable


@pytest.mark.parametrize("name", ["xor", "digits", "3-4-1"])
def test_a_training_that_is_pickled_has_the_same_future(name: str) -> None:
    of = experiment_of(name)
    training = Training(of.trainer, of.start)

    again = pickle.loads(pickle.dumps(training))

    assert again.state == training.state and again.updated().state == training.updated().state


def test_trainings_are_equal_where_trainer_and_state_are() -> None:
    assert Training(OF.trainer, copied(OF.start)) == TRAINING
    assert hash(Training(OF.trainer, copied(OF.start))) == hash(TRAINING)
    assert TRAINING.updated() != TRAINING and Training(replace(OF.trainer, sequential=True), OF.start) != TRAINING


def test_a_training_says_what_it_is() -> None:
    text = repr(TRAINING.updated())

    assert text.startswith("<Training 2-3-1 sigmoid·sigmoid, bce, Adam(") and text.endswith("step 1, epoch 0>")


def test_a_state_of_another_network_is_refused() -> None:
    with pytest.raises(ValueError, match="expected a state with the 13 parameters of the network, got 21"):
        Training(OF.trainer, experiment_of("3-4-1").start)
