"""Changes: a running training made another, and what is refused."""

from collections.abc import Iterable
from itertools import islice
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nn_tui.core.functions.activations import ACTIVATIONS
from nn_tui.core.functions.losses import LOSSES
from nn_tui.core.functions.optimizers import OPTIMIZERS
from nn_tui.core.steps.events import Failed, Updated
from nn_tui.core.steps.state import State
from nn_tui.core.training.change_rules import SETTINGS
from nn_tui.core.training.changes import Change, apply, apply_all
from nn_tui.core.training.trainer import Trainer
from nn_tui.core.training.training import Experiment, Training

from ..helpers.experiments import experiment, experiment_of
from ..helpers.quantities import change_of, typed

WHATS = ("w1[3,2]", "b2[1]", "x[2]@3", "y[1]@4", "activation2", *SETTINGS)


def listed(names: Iterable[str]) -> str:
    """As an error lists them: a, b or c."""
    *others, last = names
    return f"{', '.join(others)} or {last}"


def path(trainer: Trainer, state: State, updates: int) -> list[State]:
    events = (event for event in trainer.events(state) if isinstance(event, Updated))
    return [event.state for event in islice(events, updates)]


def after(trainer: Trainer, state: State, updates: int) -> State:
    return path(trainer, state, updates)[-1]


def at(of: Experiment, updates: int) -> tuple[Trainer, State]:
    return of.trainer, after(of.trainer, of.start, updates)


def bits(trainer: Trainer, state: State) -> list[bytes]:
    data = [trainer.train, *([trainer.test] if trainer.test else [])]
    arrays = [state.parameters, *state.slots, *(array for each in data for array in (each.X, each.y))]
    return [array.tobytes() for array in arrays]


@pytest.mark.parametrize(
    ("what", "layer", "index"),
    [("w1[1,2]", 0, (0, 1)), ("w1[3,1]", 0, (2, 0)), ("w2[1,3]", 1, (0, 2))],
)
def test_a_weight_gets_the_given_value_and_no_other_changes(what: str, layer: int, index: tuple[int, int]) -> None:
    trainer, state = at(experiment(), 3)

    changed = apply(typed(what, "−0.25"), Training(trainer, state))

    assert changed.training.state.W[layer][index] == -0.25
    assert (changed.training.state.parameters != state.parameters).sum() == 1
    assert changed.training.trainer is trainer and changed.note == ""
    assert not changed.training.state.parameters.flags.writeable


def test_biases_can_be_changed_be_they_shared_or_fixed() -> None:
    trainer, state = at(experiment_of("mazur"), 1)

    changed = apply(typed("b2[1]", "1"), Training(trainer, state))

    assert [b.tolist() for b in changed.training.state.b] == [[0.35], [1.0]]
    assert after(trainer, changed.training.state, 2).b[1].tolist() == [1.0]


def test_an_input_and_a_target_of_an_example_can_be_changed() -> None:
    trainer, state = at(experiment(training__batch_size="all"), 1)

    changes = [typed("x[2]@3", "0.75"), typed("y[1]@1", "0.5"), typed("x[1]", "9")]
    training, note = apply_all(changes, Training(trainer, state))

    forward = training.trainer.forward(training.state)
    assert forward.X.tolist() == [[9, 0], [0, 1], [1, 0.75], [1, 1]]
    assert forward.y.tolist() == [[0.5], [1], [1], [0]]
    assert note == ""


def test_the_learning_rate_counts_from_here_on() -> None:
    trainer, state = at(experiment(), 3)

    changed = apply(typed("learning_rate", "0.125"), Training(trainer, state))

    backward = trainer.backward(trainer.forward(state))
    moved = changed.training.trainer.update(backward).state.parameters
    assert moved.tobytes() == (state.parameters - 0.125 * backward.gradient).tobytes()
    assert changed.training.state is state


def test_another_optimizer_keeps_the_learning_rate_and_renews_its_memory() -> None:
    trainer, state = at(experiment(), 3)

    adam = apply(typed("optimizer", "adam"), Training(trainer, state))
    later = after(adam.training.trainer, adam.training.state, 2)
    momentum = apply(typed("optimizer", "momentum"), Training(adam.training.trainer, later))
    sgd = apply(typed("optimizer", "sgd"), Training(momentum.training.trainer, momentum.training.state))

    assert adam.note == "the optimizer's state (m, v, t) starts at 0"
    assert momentum.note == "the optimizer's state (velocity) starts at 0 again"
    assert sgd.note == "the optimizer's state (velocity) is removed"
    assert adam.training.trainer.optimizer.learning_rate == momentum.training.trainer.optimizer.learning_rate == 0.5
    assert [slot.shape for slot in adam.training.state.slots] == [state.parameters.shape, state.parameters.shape, ()]
    assert not any(slot.any() or slot.flags.writeable for slot in adam.training.state.slots)
    assert later.slots[2] == 2 and sgd.training.state.slots == ()


def test_the_memory_is_as_long_as_what_is_trained() -> None:
    trainer, state = at(experiment_of("mazur"), 1)

    changed = apply(typed("optimizer", "adam"), Training(trainer, state))

    assert changed.training.state.slots[0].shape == (8,)
    assert after(changed.training.trainer, changed.training.state, 3).step == 4


def test_the_optimizer_that_is_in_force_keeps_its_memory() -> None:
    trainer, state = at(experiment(training__optimizer={"name": "adam", "beta_1": 0.5}), 3)

    changed = apply(typed("optimizer", "adam"), Training(trainer, state))

    assert changed.training.trainer is trainer and changed.training.state is state and changed.note == ""


@pytest.mark.parametrize(("updates", "told"), [(3, "the epoch restarts with batches of 1"), (2, "")])
def test_another_batch_size_leaves_a_valid_place_in_the_epoch(updates: int, told: str) -> None:
    trainer, state = at(experiment(), updates)

    changed = apply(typed("batch_size", "1"), Training(trainer, state))

    assert changed.note == told
    assert (changed.training.state.epoch, changed.training.state.position, changed.training.state.step) == (
        1,
        0,
        updates,
    )
    later = after(changed.training.trainer, changed.training.state, 4)
    assert (later.epoch, later.position) == (2, 0)


def test_all_examples_can_be_the_batch() -> None:
    trainer, state = at(experiment(), 1)

    changed = apply(typed("batch_size", "all"), Training(trainer, state))

    assert (
        changed.training.trainer.batches.size == 4
        and len(changed.training.trainer.forward(changed.training.state).X) == 4
    )


def test_activations_of_all_hidden_layers_or_of_one() -> None:
    trainer, state = at(experiment(network__layers=[2, 3, 3, 2], data__targets=[[0, 1]] * 4), 1)

    def names(what: str) -> list[str]:
        change = typed(what, "softmax" if what == "activation3" else "tanh")
        changed = apply(change, Training(trainer, state)).training.trainer
        assert changed.output.activation is changed.network.layers[-1].activation
        return [layer.activation.name for layer in changed.network.layers]

    assert names("activation") == ["tanh", "tanh", "sigmoid"]
    assert names("activation1") == ["tanh", "sigmoid", "sigmoid"]
    assert names("activation3") == ["sigmoid", "sigmoid", "softmax"]


def test_softmax_over_one_output_is_refused() -> None:
    trainer, state = at(experiment(), 1)

    with pytest.raises(ValueError, match=r'softmax needs several outputs.*expected "sigmoid"'):
        apply(typed("activation2", "softmax"), Training(trainer, state))


def test_another_loss_is_trained_on() -> None:
    trainer, state = at(experiment(), 1)

    changed = apply(typed("loss", "half-sse"), Training(trainer, state))

    assert changed.training.trainer.output.loss is LOSSES["half-sse"] and changed.training.trainer.output.fused is None
    assert after(changed.training.trainer, changed.training.state, 5).step == 6


@pytest.mark.parametrize("what", WHATS)
@pytest.mark.parametrize(
    "value", [0.25, 1, 2, "all", "adam", "adadelta", "tanh", "softmax", "identity", "mse", "cross-entropy", "huber"]
)
def test_a_change_has_the_same_bits_each_time_and_writes_to_nothing_old(what: str, value: Any) -> None:
    trainer, state = at(experiment(), 3)
    before = bits(trainer, state)

    try:
        first, second = (apply(change_of(what, value), Training(trainer, state)).training for _ in range(2))
    except ValueError as refused:
        assert "\n" not in str(refused)
        return

    futures = [[bits(each.trainer, state) for state in path(each.trainer, each.state, 5)] for each in (first, second)]
    assert futures[0] == futures[1] and bits(first.trainer, first.state) == bits(second.trainer, second.state)
    assert bits(trainer, state) == before


@pytest.mark.parametrize(
    ("what", "text", "line"),
    [
        ("w1[1,1]", "", "w1[1,1]: expected a number such as 0.5, got an empty field"),
        ("w1[1,1]", "a", "w1[1,1]: expected a number such as 0.5, got 'a'"),
        ("w1[1,1]", "nan", "w1[1,1]: expected a finite number such as 0.5, got 'nan'"),
        ("w1[1,1]", "−inf", "w1[1,1]: expected a finite number such as 0.5, got '−inf'"),
        ("w1[1,1]", "1e999", "w1[1,1]: expected a finite number such as 0.5, got '1e999'"),
        ("w1[1,1]", "0,5", "w1[1,1]: expected a point for decimals, as in 0.5, got '0,5'"),
        ("learning_rate", "0", "learning_rate: expected a number above 0, got 0"),
        ("learning_rate", "−1", "learning_rate: expected a number above 0, got -1"),
        ("batch_size", "0", 'batch_size: expected a whole number from 1 up, or "all", got 0'),
        ("batch_size", "1.5", 'batch_size: expected a whole number from 1 up, or "all", got 1.5'),
        ("optimizer", "adm", f"optimizer: expected {listed(OPTIMIZERS)}, got 'adm'; did you mean 'adam'?"),
        ("loss", "", f"loss: expected {' or '.join(map(repr, LOSSES))}, got ''"),
        ("activation", "step", "activation: no gradient passes through step, whose slope is 0; expected another activation"),
        ("dw1[1,1]", "1", "'dw1[1,1]' cannot be changed: expected learning_rate, optimizer, batch_size, activation, loss, or"),
        ("z1[1]", "1", "'z1[1]' cannot be changed: expected learning_rate"),
        ("loss rate", "1", "'loss rate' cannot be changed: expected learning_rate"),
        ("w" + "9" * 9999 + "[1,1]", "1", "'w99"),
    ],
)  # fmt: skip
def test_what_is_typed_wrongly_is_reported_in_one_line(what: str, text: str, line: str) -> None:
    with pytest.raises(ValueError) as caught:
        typed(what, text)

    assert str(caught.value).startswith(line) and "\n" not in str(caught.value)
    assert len(str(caught.value)) < 200


@pytest.mark.parametrize(
    ("what", "value", "line"),
    [
        ("w3[1,1]", 1.0, "w3[1,1]: expected a layer from 1 to 2, got 3"),
        ("w0[1,1]", 1.0, "w0[1,1]: expected a layer from 1 to 2, got 0"),
        ("w1[4,1]", 1.0, "w1[4,1]: expected w1[1,1] to w1[3,2]; layer 1 has no other"),
        ("w1[0,1]", 1.0, "w1[0,1]: expected w1[1,1] to w1[3,2]; layer 1 has no other"),
        ("b2[2]", 1.0, "b2[2]: expected b2[1] to b2[1]; layer 2 has no other"),
        ("x[3]", 1.0, "x[3]: expected x[1]@1 to x[2]@4; the data has no other"),
        ("x[1]@5", 1.0, "x[1]@5: expected x[1]@1 to x[2]@4; the data has no other"),
        ("y[1]@2", 1.5, "y[1]@2: expected a number from 0 to 1, as the loss is bce, got 1.5"),
        ("w1[1,1]", "1", "w1[1,1]: expected a finite number such as 0.5, got '1'"),
        ("w1[1,1]", True, "w1[1,1]: expected a finite number such as 0.5, got True"),
        ("w1[1,1]", 10**400, "w1[1,1]: expected a finite number such as 0.5, got a number of many digits"),
        ("learning_rate", float("nan"), "learning_rate: expected a finite number such as 0.5, got nan"),
        ("batch_size", 5, "batch_size: expected at most 4, as there are 4 examples, got 5"),
        ("activation", "softmax", "activation: softmax is for the last layer only"),
        ("activation2", "tanh", "activation2: bce needs predictions between 0 and 1: expected"),
        ("activation3", "tanh", "activation3: expected a layer from 1 to 2"),
        ("loss", "cross-entropy", "loss: cross-entropy needs probabilities that add up to 1: expected"),
        ("loss", "hinge", "loss: expected -1 or 1, as the loss is hinge, got 0"),
        ("optimizer", 1.0, "optimizer: expected sgd,"),
    ],
)
def test_what_the_network_cannot_have_is_reported_in_one_line(what: str, value: Any, line: str) -> None:
    trainer, state = at(experiment(), 1)

    with pytest.raises(ValueError) as caught:
        apply(change_of(what, value), Training(trainer, state))

    assert str(caught.value).startswith(line) and "\n" not in str(caught.value)


def test_a_network_may_have_no_biases_and_no_hidden_layer() -> None:
    trainer, state = at(experiment(network__layers=[2, 1], network__bias="none"), 1)

    with pytest.raises(ValueError, match=r"^b1\[1\]: expected another number, layer 1 has none of this kind$"):
        apply(change_of("b1[1]", 1.0), Training(trainer, state))
    with pytest.raises(ValueError, match="^activation: expected activation1, because there are no hidden layers$"):
        apply(Change("activation", "tanh"), Training(trainer, state))


def test_float32_cannot_hold_everything() -> None:
    trainer, state = at(experiment(training__dtype="float32"), 1)

    with pytest.raises(ValueError, match="expected a number that float32 can hold, got 1e"):
        apply(change_of("w1[1,1]", 1e300), Training(trainer, state))
    assert apply(change_of("x[1]", 0.1), Training(trainer, state)).training.trainer.train.X.dtype == "float32"


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_every_optimizer_can_follow_every_other(name: str) -> None:
    training = Training(*at(experiment(), 1))
    for other in OPTIMIZERS:
        training = apply_all([Change("optimizer", other), Change("optimizer", name)], training).training.updated()

        assert training.trainer.optimizer.name == name


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_whatever_is_allowed_can_be_trained(loss: str, activation: str) -> None:
    trainer, state = at(experiment(training__learning_rate=0.01), 1)
    try:
        changed = apply_all([Change("loss", loss), Change("activation", activation)], Training(trainer, state))
    except ValueError:
        return

    assert not any(
        isinstance(event, Failed) for event in islice(changed.training.trainer.events(changed.training.state), 9)
    )


@given(what=st.sampled_from([*WHATS, ""]) | st.text(), text=st.text() | st.from_regex(r"[−\-+0-9.,eE ]*"))
def test_any_text_is_a_change_or_one_line(what: str, text: str) -> None:
    try:
        change = typed(what, text)
    except ValueError as refused:
        assert "\n" not in str(refused)
    else:
        assert str(change.what) == what


@given(what=st.sampled_from(WHATS), value=st.floats() | st.integers() | st.text() | st.booleans())
def test_any_value_is_a_change_or_one_line(what: str, value: Any) -> None:
    of = experiment()
    before = bits(of.trainer, of.start)
    try:
        apply(change_of(what, value), Training(of.trainer, of.start))
    except ValueError as refused:
        assert "\n" not in str(refused)
    assert bits(of.trainer, of.start) == before
