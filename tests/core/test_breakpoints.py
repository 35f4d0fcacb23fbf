"""Breakpoints: how they are written, and where a training rests."""

from itertools import islice, pairwise
from math import inf

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nn_tui.core.debugger.breakpoints import (
    FORMS,
    AtStep,
    DeadRelu,
    GradientAbove,
    HeldOutLossBelow,
    HeldOutLossRises,
    LossBelow,
    LossRises,
    NotFinite,
    Seen,
    breakpoint_of,
)
from nn_tui.core.debugger.watch import Findings, Watch
from nn_tui.core.steps.events import BackwardPass, Failed
from nn_tui.core.training.changes import apply
from nn_tui.core.training.training import Experiment, Training

from ..helpers.experiments import experiment, experiment_of
from ..helpers.quantities import change_of


def passes(of: Experiment, count: int) -> list[BackwardPass]:
    events = (event for event in of.trainer.events(of.start) if isinstance(event, BackwardPass))
    return list(islice(events, count))


def steps_of_hits(text: str, of: Experiment, count: int = 200) -> list[int]:
    """The steps at which a training pauses."""
    watch, steps = Watch([breakpoint_of(text)]), passes(of, count)
    befores = [None, *steps[:-1]]
    return [each.step for each, before in zip(steps, befores, strict=True) if watch.hits(each, before)]


def test_it_pauses_at_a_step() -> None:
    assert steps_of_hits("step 100", experiment()) == [100]


def test_a_run_pauses_when_the_loss_falls_below_a_number_and_continues_from_there() -> None:
    of = experiment_of("3-4-1")
    losses = [each.forward.loss for each in passes(of, 10)]
    assert losses[2] > 0.25 > losses[3] > losses[4]

    assert steps_of_hits("loss < 0.25", of) == [3]
    assert steps_of_hits("loss < 5", of) == [0]


def test_a_run_pauses_when_the_loss_rises() -> None:
    of = experiment()
    losses = [each.forward.loss for each in passes(of, 200)]

    expected = [step for step in range(1, 200) if losses[step] > losses[step - 1]]
    assert steps_of_hits("loss rises", of) == expected != []
    assert steps_of_hits("loss rises", experiment_of("3-4-1")) == []


def noisy() -> Experiment:
    """A training in batches on noisy examples, some of which are held out."""
    return experiment(
        training__learning_rate=4.0,
        training__batch_size=3,
        data__inputs=[[0, 0], [0, 1], [1, 0], [1, 1], [0.2, 0.1], [0.9, 0.2], [0.8, 0.9], [0.1, 0.7]],
        data__targets=[[0], [1], [1], [0], [1], [0], [1], [0]],
        data__test=0.3,
    )


def steps_of_test_hits(text: str, of: Experiment, count: int = 100) -> list[int]:
    """The steps at which a training of a trainer pauses."""
    watch, steps, found = Watch([breakpoint_of(text)]), passes(of, count), []
    for before, each in zip([None, *steps], steps, strict=False):
        if watch.hits(each, before, of.trainer):
            found.append(each.step)
            watch.forget(each, before, of.trainer)
    return found


def held_out_losses(of: Experiment, count: int = 100) -> dict[int, float]:
    """The loss of the held-out examples at each step that begins an epoch."""
    assert of.trainer.test
    starts = [each.state for each in passes(of, count) if not each.state.position]
    return {state.step: of.trainer.evaluate(state, of.trainer.test).loss for state in starts}


def test_a_run_pauses_when_the_held_out_loss_rises_from_one_epoch_to_the_next() -> None:
    losses = held_out_losses(noisy())

    expected = [step for before, step in pairwise(losses) if losses[step] > losses[before]]
    assert steps_of_test_hits("test loss rises", noisy()) == expected != []


def test_a_run_pauses_once_when_the_held_out_loss_falls_below_a_number() -> None:
    losses = held_out_losses(noisy())
    bound = sorted(losses.values())[len(losses) // 2]

    before = {step: losses[earlier] for earlier, step in pairwise(losses)}
    expected = [step for step in losses if losses[step] < bound <= before.get(step, inf)]
    assert steps_of_test_hits(f"test loss < {bound!r}", noisy()) == expected != []


def test_without_held_out_examples_there_is_no_test_loss_to_rest_at() -> None:
    assert steps_of_test_hits("test loss < 9", experiment()) == []


def test_a_run_pauses_when_a_gradient_grows_large() -> None:
    of = experiment_of("3-4-1")
    most = [float(np.abs(each.gradient).max()) for each in passes(of, 200)]
    assert most[0] > most[5] > most[-1]

    assert steps_of_hits("|gradient| > 0.01", of) == [0]
    of = experiment()
    most = [float(np.abs(each.gradient).max()) for each in passes(of, 200)]
    bound = sum(most) / len(most)
    expected = [n for n in range(200) if most[n] > bound and (n == 0 or most[n - 1] <= bound)]
    assert steps_of_hits(f"|gradient| > {bound}", of) == expected != []


def test_a_run_pauses_before_the_update_that_a_gradient_would_break() -> None:
    of = experiment(
        network__layers=[2, 1, 1],
        network__activations="identity",
        network__init=None,
        network__weights=[[[0, 0]], [[1e200]]],
        training__loss="mae",
        data__inputs=[[1e200, 0]] * 4,
    )

    _, backward, end = of.trainer.events(of.start)

    assert isinstance(backward, BackwardPass) and isinstance(end, Failed)
    assert breakpoint_of("not finite").facts(Seen(backward))


def test_finite_gradients_do_not_count() -> None:
    assert steps_of_hits("not finite", experiment()) == []


def alive(activation: str = "relu") -> Experiment:
    """Every neuron lets some example through."""
    return experiment(
        network__activations=[activation, "sigmoid"],
        network__init=None,
        network__weights=[[[1, 1], [1, 2], [2, 1]], [[1, -1, 1]]],
        training__batch_size="all",
    )


def dead_at(activation: str, bias: float) -> bool:
    of = alive(activation)
    changed = apply(change_of("b1[2]", bias), Training(of.trainer, of.start))
    backward = changed.training.trainer.backward(changed.training.trainer.forward(changed.training.state))
    return bool(DeadRelu().facts(Seen(backward)))


def test_a_relu_neuron_that_lets_nothing_through_is_dead() -> None:
    assert dead_at("relu", -100.0)
    assert not dead_at("relu", 0.0)


@pytest.mark.parametrize("activation", ["leaky-relu", "elu", "gelu", "tanh", "sigmoid", "identity"])
def test_only_relu_can_be_dead(activation: str) -> None:
    assert not dead_at(activation, -100.0)


def test_a_neuron_that_stays_dead_is_reported_once() -> None:
    of = alive()
    changed = apply(change_of("b1[2]", -100.0), Training(of.trainer, of.start))
    dead, still = islice(
        (event for event in changed.training.trainer.events(changed.training.state) if isinstance(event, BackwardPass)),
        2,
    )
    before = of.trainer.backward(of.trainer.forward(of.start))
    watch = Watch([DeadRelu()])

    assert watch.hits(before, None) == ""
    assert watch.hits(dead, before) == "dead relu: neuron 2 of layer 1"
    assert watch.hits(still, dead) == ""


def test_a_breakpoint_that_is_true_already_is_reported_once_and_again_when_it_comes_true_again() -> None:
    steps = passes(experiment_of("3-4-1"), 5)
    losses = [each.forward.loss for each in steps]
    assert losses == sorted(losses, reverse=True)
    watch = Watch([LossBelow(losses[1] + 1e-9)])

    assert watch.hits(steps[2], steps[1]) and not watch.hits(steps[3], steps[2])
    watch.forget(steps[4], steps[3])
    assert not watch.hits(steps[3], steps[2])
    watch.forget(steps[0], None)
    assert watch.hits(steps[1], steps[0])


def test_a_breakpoint_that_stays_in_the_list_is_not_shown_again_beside_a_new_one() -> None:
    backward = passes(experiment(), 1)[0]
    watch = Watch([LossBelow(99.0)])
    assert watch.hits(backward, None) == "loss < 99"

    watch.place([LossBelow(99.0), AtStep(0)])

    assert watch.hits(backward, None) == "step 0"


def test_all_breakpoints_that_are_hit_are_shown() -> None:
    backward = passes(experiment(), 1)[0]

    assert Watch([AtStep(0), AtStep(7), LossBelow(99.0)]).hits(backward, None) == "step 0, loss < 99"
    assert Watch([AtStep(7)]).hits(backward, None) == ""


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("step 100", AtStep(100)),
        (" STEP  1e3 ", AtStep(1000)),
        ("loss<0.1", LossBelow(0.1)),
        ("loss < −1", LossBelow(-1.0)),
        ("loss rises", LossRises()),
        ("held-out loss < 0.5", HeldOutLossBelow(0.5)),
        ("held out loss rises", HeldOutLossRises()),
        ("test loss<0.5", HeldOutLossBelow(0.5)),
        ("Test loss  rises", HeldOutLossRises()),
        ("|gradient| > 5", GradientAbove(5.0)),
        ("|gradient|>1e-3", GradientAbove(0.001)),
        ("not finite", NotFinite()),
        ("dead  ReLU", DeadRelu()),
    ],
)
def test_what_is_written_is_read(text: str, expected: object) -> None:
    assert breakpoint_of(text) == expected
    assert breakpoint_of(breakpoint_of(text).text) == expected


def test_every_form_that_is_shown_is_read_and_written_so() -> None:
    assert [breakpoint_of(form).text for form in FORMS] == list(FORMS)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (
            "",
            "expected step 100, loss < 0.1, loss rises, held-out loss < 0.1, held-out loss rises, |gradient| > 5, not finite or dead relu, got ''",
        ),
        ("loss > 1", "expected step 100, "),
        ("stepping", "expected step 100, "),
        ("step", "step: expected a number such as 100, got an empty field"),
        ("step 1.5", "step: expected a whole number from 0 up, as in step 100, got '1.5'"),
        ("step -1", "step: expected a whole number from 0 up, as in step 100, got '-1'"),
        ("loss < a", "loss: expected a number such as 0.1, got 'a'"),
        ("loss < 0,1", "loss: expected a point for decimals, as in 0.5, got '0,1'"),
        ("loss < nan", "loss: expected a finite number such as 0.1, got 'nan'"),
        ("|gradient| > -5", "|gradient|: expected a number from 0 up, as in |gradient| > 5, got '-5'"),
    ],
)
def test_what_is_no_breakpoint_is_reported_in_one_line(text: str, line: str) -> None:
    with pytest.raises(ValueError) as caught:
        breakpoint_of(text)

    assert str(caught.value).startswith(line) and "\n" not in str(caught.value)


@given(text=st.text() | st.builds("{} {}".format, st.sampled_from(["step", "loss <", "|gradient| >"]), st.text()))
def test_any_text_is_a_breakpoint_or_one_line(text: str) -> None:
    try:
        parsed = breakpoint_of(text)
    except ValueError as refused:
        assert "\n" not in str(refused)
    else:
        assert breakpoint_of(parsed.text) == parsed


@given(bound=st.floats(allow_nan=False, allow_infinity=False), step=st.integers(0, 10**15))
def test_numbers_are_written_exactly(bound: float, step: int) -> None:
    for each in (LossBelow(bound), GradientAbove(abs(bound)), AtStep(step)):
        assert breakpoint_of(each.text) == each


def test_a_neuron_that_only_a_batch_leaves_inactive_is_not_dead() -> None:
    # The only neuron is active for the second example, and not for the first, which is the whole first batch.
    of = experiment(
        network__layers=[1, 1, 1],
        network__activations=["relu", "sigmoid"],
        network__init=None,
        network__weights=[[[1.0]], [[1.0]]],
        data__inputs=[[-1], [1]],
        data__targets=[[0], [1]],
        training__batch_size=1,
        training__shuffle=False,
    )
    backward = passes(of, 1)[0]

    assert Watch([DeadRelu()]).hits(backward, None) == "dead relu: the only neuron of layer 1"
    assert Watch([DeadRelu()]).hits(backward, None, of.trainer) == ""


@pytest.mark.parametrize("text", ["loss rises", "loss < 99", "|gradient| > 1e-09"])
def test_what_was_skipped_is_known_at_its_last_step(text: str) -> None:
    steps = passes(experiment(training__learning_rate=60.0), 40)
    losses = np.array([each.forward.loss for each in steps])
    rise = int(np.flatnonzero(np.diff(losses) > 0)[3]) + 1
    gradients = np.array([np.abs(each.gradient).max() for each in steps])
    here, before = steps[rise], steps[rise - 1]
    skipped, fresh = Watch([breakpoint_of(text)]), Watch([breakpoint_of(text)])

    skipped.skip(Findings(2, losses[2 : rise + 1], gradients[2 : rise + 1]))

    assert fresh.hits(here, before) == text
    assert skipped.hits(here, before) == ""
