"""Every optimizer of the table: two steps by hand, its equations recompute its update; docs, help."""

import pickle
from math import sqrt

import numpy as np
import pytest

from nn_tui.core.functions.arrays import array_of
from nn_tui.core.functions.optimizer import Move, Optimizer, Slots
from nn_tui.core.functions.optimizers import OPTIMIZERS, Adam
from nn_tui.core.quantities.formula import Term, agrees
from nn_tui.core.quantities.symbols import Letter
from nn_tui.core.steps.events import BackwardPass, Updated

from ...helpers.docs import check_row
from ...helpers.experiments import experiment

# A parameter of 1 with the gradients 0.5 and then 0.2, under each rule's defaults and a learning rate of 0.1.
BY_HAND = {
    # 1 − 0.1·0.5 = 0.95;  0.95 − 0.1·0.2
    "sgd": (0.95, 0.93),
    # v = 0.5: 0.95;  v = 0.9·0.5 + 0.2 = 0.65: 0.95 − 0.065
    "momentum": (0.95, 0.885),
    # v = 0.5: 1 − 0.1·(0.5 + 0.45) = 0.905;  v = 0.65: 0.905 − 0.1·(0.2 + 0.585)
    "nesterov": (0.905, 0.8265),
    # s = 0.25: 1 − 0.1·0.5/0.5;  s = 0.29: 0.9 − 0.1·0.2/√0.29
    "adagrad": (1 - 0.05 / (0.5 + 1e-10), 1 - 0.05 / (0.5 + 1e-10) - 0.02 / (sqrt(0.29) + 1e-10)),
    # s = 0.1·0.25 = 0.025, δ = 0.5·√1e-6/√0.025001;  then d = 0.1·δ², s = 0.9·0.025 + 0.1·0.04 = 0.0265
    "adadelta": (
        1 - 0.1 * (delta_1 := 0.5 * sqrt(1e-6) / sqrt(0.025 + 1e-6)),
        1 - 0.1 * delta_1 - 0.1 * 0.2 * sqrt(0.1 * delta_1**2 + 1e-6) / sqrt(0.0265 + 1e-6),
    ),
    # s = 0.01·0.25 = 0.0025, √s = 0.05;  s = 0.99·0.0025 + 0.01·0.04 = 0.002875
    "rmsprop": (
        1 - 0.05 / (0.05 + 1e-8),
        1 - 0.05 / (0.05 + 1e-8) - 0.02 / (sqrt(0.002875) + 1e-8),
    ),
    # m̂ = 0.5, v̂ = 0.25;  m = 0.9·0.05 + 0.02 = 0.065, m̂ = 0.065/0.19; v = 0.999·0.00025 + 0.00004, v̂ = v/0.001999
    "adam": (
        1 - 0.1 * 0.5 / (0.5 + 1e-8),
        1 - 0.1 * 0.5 / (0.5 + 1e-8) - 0.1 * (0.065 / 0.19) / (sqrt(0.00028975 / 0.001999) + 1e-8),
    ),
    # The same from 0.999 = 1 − 0.1·0.01 times the parameter.
    "adamw": (
        first := 0.999 - 0.1 * 0.5 / (0.5 + 1e-8),
        0.999 * first - 0.1 * (0.065 / 0.19) / (sqrt(0.00028975 / 0.001999) + 1e-8),
    ),
}


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_two_steps_by_hand(name: str) -> None:
    assert name in BY_HAND, f"add two steps of {name}, worked out by hand, to BY_HAND"
    optimizer = OPTIMIZERS[name](learning_rate=0.1)
    parameter = array_of([1.0])
    slots = optimizer.slots(parameter)

    found = []
    for gradient in (0.5, 0.2):
        parameter, slots = optimizer.update(parameter, array_of([gradient]), slots, 0.1)
        found.append(parameter[0])

    assert found == pytest.approx(BY_HAND[name], rel=1e-12)
    assert len(slots) == len(optimizer.slot_names)


def test_adam_without_bias_correction_by_hand() -> None:
    optimizer, parameter = Adam(learning_rate=0.1, bias_correction=False), array_of([2.0])

    (found,), _ = optimizer.update(parameter, array_of([4.0]), optimizer.slots(parameter), 0.1)

    assert found == pytest.approx(2 - 0.1 * 0.4 / (sqrt(0.016) + 1e-8), rel=1e-12)  # m = 0.1·4, v = 0.001·16


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_an_update_leaves_the_old_arrays_as_they_are(name: str) -> None:
    of = experiment(training__optimizer=name)
    stream = of.trainer.events(of.start)
    first = next(event for event in stream if isinstance(event, Updated))
    slots = first.state.slots
    before = [slot.tobytes() for slot in slots]

    for _ in range(60):
        next(stream)

    assert [slot.tobytes() for slot in slots] == before
    assert not any(slot.flags.writeable for slot in slots)


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_every_optimizer_learns(name: str) -> None:
    of = experiment(
        training__optimizer=name,
        training__learning_rate=1.0 if name == "adadelta" else 0.05,
        training__batch_size="all",
    )

    losses = [
        event.forward.loss
        for event, _ in zip(of.trainer.events(of.start), range(3000), strict=False)
        if isinstance(event, BackwardPass)
    ]

    assert losses[-1] < losses[0]


def term(name: str, value: object) -> Term:
    return Term(Letter(name, name), float(value))  # type: ignore[arg-type]


def named(optimizer: str, slots: Slots, when: str = "") -> dict[str, Term]:
    """What an optimizer remembers of its only parameter, as terms."""
    names = OPTIMIZERS[optimizer].slot_names
    return {name: term(when + name, slot.item()) for name, slot in zip(names, slots, strict=True)}


@pytest.mark.parametrize("optimizer", [*(rule() for rule in OPTIMIZERS.values()), Adam(bias_correction=False)], ids=str)
def test_its_equations_recompute_its_update_and_all_that_it_remembers(optimizer: Optimizer) -> None:
    name, rate = optimizer.name, 0.03
    parameter = array_of([0.7])
    slots = optimizer.slots(parameter)
    for gradient in (0.5, -0.2, 0.01, 3.0):
        new, new_slots = optimizer.update(parameter, array_of([gradient]), slots, rate)

        equations = list(
            optimizer.equations(
                Move(
                    old=term("w", parameter.item()),
                    new=term("new w", new.item()),
                    gradient=term("g", gradient),
                    learning_rate=term("η", rate),
                    slots=named(name, slots),
                    new_slots=named(name, new_slots, "new "),
                    assigns=False,
                )
            )
        )

        assert equations, f"{name} yields no equations: nothing explains its update"
        left = [each.left.text for each in equations if isinstance(each.left, Letter)]
        assert left[0] == "new w", f"{name}: the first equation must be that of the parameter, not of {left[0]}"
        missing = {f"new {slot}" for slot in optimizer.slot_names} - set(left)
        assert not missing, f"{name}: no equation says where {missing} comes from"
        for each in equations:
            assert agrees(each.expression, each.value), f"{name}: the equation of {each.left} comes to another number"
        parameter, slots = new, new_slots


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_what_it_remembers_begins_at_0_in_as_many_numbers_as_it_says(name: str) -> None:
    optimizer, parameter = OPTIMIZERS[name](), array_of([0.5, 0.1], np.float32)

    slots = dict(zip(optimizer.slot_names, optimizer.slots(parameter), strict=True))

    for slot, found in slots.items():
        assert found.shape == (() if slot in optimizer.scalar_slots else (2,)) and found.dtype == np.float32
        assert not found.any()
    assert set(optimizer.slot_letters) <= set(optimizer.slot_names)
    _, after = optimizer.update(parameter, parameter, tuple(slots.values()), 0.1)
    assert [each.shape for each in after] == [each.shape for each in slots.values()]


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_the_docs_and_the_help_say_what_it_is(name: str) -> None:
    assert OPTIMIZERS[name].name == name
    check_row("optimizer", OPTIMIZERS[name])


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_it_is_a_value(name: str) -> None:
    optimizer = OPTIMIZERS[name](learning_rate=0.25)

    assert pickle.loads(pickle.dumps(optimizer)) == optimizer == OPTIMIZERS[name]().with_learning_rate(0.25)
    assert hash(optimizer) == hash(OPTIMIZERS[name](learning_rate=0.25)) and optimizer != OPTIMIZERS[name]()
