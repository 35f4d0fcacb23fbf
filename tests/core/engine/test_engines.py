"""The engines: each has the bits of the ordered arithmetic, step by step and in bursts."""

from collections.abc import Callable
from dataclasses import replace
from itertools import islice
from math import inf

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from nn_tui.core.data.dataset import Batches
from nn_tui.core.engine import kernel_memory
from nn_tui.core.engine.arithmetic import BLAS, ORDERED
from nn_tui.core.engine.burst import Burst
from nn_tui.core.engine.generated import unknown_to_generated
from nn_tui.core.engine.in_python import PythonEngine
from nn_tui.core.engine.task import unknown_part
from nn_tui.core.functions.activations import ACTIVATIONS
from nn_tui.core.functions.arrays import Array
from nn_tui.core.functions.losses import loss_of
from nn_tui.core.functions.optimizers import SGD
from nn_tui.core.functions.output_head import OutputHead
from nn_tui.core.steps.events import EpochEnded, Failed, Finished, Updated
from nn_tui.core.steps.state import State
from nn_tui.core.steps.stop import Stop
from nn_tui.core.training.in_bursts import state_before_end
from nn_tui.core.training.trainer import Trainer

from ...helpers.experiments import experiment, experiment_of
from ...helpers.fuzz import FUZZ
from ...helpers.random_trainers import by_numpy, by_python, random_state, random_trainer, state_of_zeros

SEEDS = st.integers(0, 2**32)
NEEDS_KERNEL = pytest.mark.skipif(not kernel_memory.is_there(), reason="there is no compiled kernel")


def numbers(updated: Updated) -> list[Array]:
    """Everything that a step computes."""
    backward, forward, state = updated.backward, updated.forward, updated.state
    alone = np.array([forward.loss, forward.penalty])
    return [alone, forward.numbers, backward.numbers, backward.gradient, state.parameters, *state.slots]


def updates(trainer: Trainer, state: State, count: int) -> list[Updated]:
    return [each for each in islice(trainer.events(state), 4 * count) if isinstance(each, Updated)][:count]


@NEEDS_KERNEL
@given(SEEDS)
def test_the_kernel_has_every_bit_of_numpy(seed: int) -> None:
    trainer = random_trainer(seed)
    state = random_state(trainer, seed)
    assert trainer.engine.name == "c", trainer.engine.reason

    ours, theirs = updates(trainer, state, 6), updates(by_numpy(trainer), state, 6)

    assert len(ours) == len(theirs)
    for mine, right in zip(ours, theirs, strict=True):
        assert [each.tobytes() for each in numbers(mine)] == [each.tobytes() for each in numbers(right)]
        assert mine.state == right.state


@pytest.mark.parametrize("engine", [pytest.param("kernel", marks=NEEDS_KERNEL), "python"])
@example(26)
@example(76)
@given(SEEDS)
def test_each_engine_has_the_sign_of_every_zero(engine: str, seed: int) -> None:
    trainer = ENGINES[engine](seed)
    trainer = replace(trainer, batches=Batches(len(trainer.train), 1))
    state = state_of_zeros(trainer, seed)

    burst, right = trainer.burst(state, 3, keep_every=1), by_numpy(trainer).burst(state, 3, keep_every=1)

    for ours, theirs in zip(burst.kept, right.kept, strict=True):
        assert ours.parameters.tobytes() == theirs.parameters.tobytes()
    assert burst.losses.tobytes() == right.losses.tobytes()
    assert burst.largest_gradients.tobytes() == right.largest_gradients.tobytes()


@NEEDS_KERNEL
@given(SEEDS, st.integers(1, 40))
def test_a_forward_pass_of_any_examples_has_every_bit_of_numpy(seed: int, rows: int) -> None:
    trainer = random_trainer(seed)
    state, rng = random_state(trainer, seed), np.random.default_rng(seed)
    picked = rng.integers(0, len(trainer.train), rows)
    X, y = rng.normal(size=(rows, trainer.network.sizes[0])), trainer.train.y[picked]

    ours = trainer.forward_on(state, X, y, trainer.penalty)

    theirs = by_numpy(trainer).forward_on(state, X, y, trainer.penalty)
    assert ours.numbers.tobytes() == theirs.numbers.tobytes()
    assert (repr(ours.loss), ours.penalty) == (repr(theirs.loss), theirs.penalty)
    # What the kernel's memory is used for next is its own again.
    assert trainer.burst(state, 3).state == by_numpy(trainer).burst(state, 3).state


ENGINES: dict[str, Callable[[int], Trainer]] = {
    "kernel": random_trainer,
    "numpy": lambda seed: by_numpy(random_trainer(seed)),
    "python": lambda seed: by_python(random_trainer(seed, is_tiny=True)),
}


@pytest.mark.parametrize("name", ["xor", "moons"])
def test_numpys_losses_are_those_of_single_updates_and_a_burst_ends_at_one(name: str) -> None:
    """Losses are computed for many updates at once, batches of two sizes among them."""
    of = experiment_of(name)
    trainer = by_numpy(of.trainer)
    single = updates(trainer, of.start, 150)
    losses = [each.forward.loss for each in single]
    step = losses.index(min(losses))

    whole, ended = trainer.burst(of.start, 150), trainer.burst(of.start, 150, Stop(loss=min(losses)))

    assert whole.losses.tolist() == losses and not whole.is_ended
    assert whole.state == single[-1].state
    assert ended.is_ended and ended.losses.tolist() == losses[:step]
    assert (ended.state, ended.before) == (single[step - 1].state, single[step - 2].state)


@pytest.mark.parametrize("engine", ENGINES)
@given(SEEDS, st.integers(0, 20), st.integers(0, 5))
def test_a_burst_is_what_as_many_updates_come_to(engine: str, seed: int, most: int, every: int) -> None:
    trainer = ENGINES[engine](seed)
    state = random_state(trainer, seed)

    burst = trainer.burst(state, most, keep_every=every)

    single = updates(by_numpy(trainer), state, len(burst.losses))
    assert len(burst.losses) == most or burst.is_ended
    assert burst.state == (single[-1].state if single else state)
    assert burst.losses.tolist() == [each.forward.loss for each in single]
    assert burst.largest_gradients.tolist() == [np.abs(each.backward.gradient).max() for each in single]
    kept = [each.state for each in single if every and each.step % every == 0]
    assert list(burst.kept) == kept
    assert burst.before == (single[-1].backward.state if single else state)


@settings(max_examples=max(300, FUZZ))
@given(SEEDS)
def test_generated_python_has_every_bit_of_numpy(seed: int) -> None:
    trainer = random_trainer(seed, is_tiny=True)
    state = random_state(trainer, seed)
    engine = PythonEngine(trainer, trainer._burst_by_numpy)
    assert not unknown_part(trainer) and unknown_to_generated(trainer) in ("", "larger networks and batches")

    burst = engine.usual_burst(state, 7)

    single = updates(by_numpy(trainer), state, 7)
    if burst is None:  # a number is far out or not finite
        assert len(single) < 7 or not all((np.abs(numbers(each)[1]) < 250.0).all() for each in single)
    else:
        assert burst.state == single[-1].state
        assert burst.losses.tolist() == [each.forward.loss for each in single]
        assert burst.largest_gradients.tolist() == [np.abs(each.backward.gradient).max() for each in single]


@pytest.mark.parametrize("name", ["2-3-1", "3-4-1", "xor", "moons"])
def test_without_a_kernel_tiny_networks_have_generated_python(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(kernel_memory.SWITCH, "python")

    trainer = experiment_of(name).trainer

    assert trainer.engine.name == ("numpy" if name == "moons" else "python")
    assert trainer.engine.reason.startswith("NumPy: " if name == "moons" else "generated Python: ")


@pytest.mark.parametrize("scale", [30.0, 800.0, 1e200])
def test_generated_python_leaves_to_numpy_what_is_far_out(scale: float) -> None:
    trainer = by_python(experiment_of("xor").trainer)
    state = trainer.start(tuple(scale * W for W in experiment_of("xor").start.W), experiment_of("xor").start.b)

    burst, right = trainer.burst(state, 50), by_numpy(trainer).burst(state, 50)

    assert burst.state == right.state
    assert burst.losses.tobytes() == right.losses.tobytes()
    assert burst.is_ended == right.is_ended


@given(SEEDS, st.integers(1, 20), st.booleans())
def test_a_burst_evaluates_the_held_out_examples_as_events_do(seed: int, most: int, is_numpy: bool) -> None:
    trainer = random_trainer(seed, with_test=True)
    trainer = by_numpy(trainer) if is_numpy else trainer
    state = random_state(trainer, seed)

    burst = trainer.burst(state, most, evaluates=True)

    ends = [each for each in islice(by_numpy(trainer).events(state), 6 * most) if isinstance(each, EpochEnded)]
    right = [(each.updated.step, each.test) for each in ends if each.updated.step <= burst.state.step]
    assert repr(burst.tests) == repr(tuple(right))


STOPS = (
    *(Stop(steps=7), Stop(epochs=2), Stop(loss=0.6, steps=30), Stop(loss=-1.0, epochs=3)),
    *(Stop(patience=1, epochs=30), Stop(patience=2, epochs=20)),
)


@given(SEEDS, st.sampled_from(STOPS), st.booleans())
def test_bursts_end_where_events_do(seed: int, stop: Stop, with_test: bool) -> None:
    trainer = random_trainer(seed, with_test)
    state = random_state(trainer, seed)
    end = next(each for each in by_numpy(trainer).events(state, stop) if isinstance(each, Finished | Failed))

    found = state_before_end(trainer, state, stop, lambda _: None)

    following = next(each for each in trainer.events(found, stop) if isinstance(each, Finished | Failed | Updated))
    assert type(following) is type(end)
    right = end.backward.state if isinstance(end, Finished) else end.state
    assert found == right


@pytest.mark.parametrize("rate", [1e3, 1e300])
@pytest.mark.parametrize("engine", [replace, by_numpy, by_python])
def test_a_training_that_fails_fails_at_the_same_step(rate: float, engine: Callable[[Trainer], Trainer]) -> None:
    of = experiment(network__activations=["relu", "identity"], training__loss="mse", training__learning_rate=rate)
    trainer = engine(of.trainer)
    right = next(each for each in by_numpy(of.trainer).events(of.start) if isinstance(each, Failed))

    found = state_before_end(trainer, of.start, Stop(), lambda _: None)

    assert found == right.state
    assert next(each for each in trainer.events(found) if isinstance(each, Failed)).reason == right.reason


def test_a_burst_continues_from_the_end_of_another() -> None:
    of = experiment_of("moons")

    first = of.trainer.burst(of.start, 333)
    second = of.trainer.burst(first.state, 250)

    assert second.state == of.trainer.burst(of.start, 583).state
    assert (second.state.step, second.state.epoch, second.state.position) == (583, 58, 3)


@NEEDS_KERNEL
@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({"arithmetic": BLAS}, "blas-1"),
        ({"sequential": True}, "sequential"),
        ({"output": OutputHead(ACTIVATIONS["sigmoid"], loss_of("bce(3)"))}, "bce(3)"),
    ],
)
def test_what_the_kernel_does_not_know_is_left_to_numpy(changes: dict[str, object], word: str) -> None:
    trainer = replace(experiment().trainer, **changes)  # type: ignore[arg-type]

    assert trainer.engine.compiled is None
    assert word in trainer.engine.reason


@NEEDS_KERNEL
def test_a_function_of_a_known_name_but_another_one_is_left_to_numpy() -> None:
    trainer = experiment().trainer
    other = replace(ACTIVATIONS["sigmoid"], description="another one")
    layers = tuple(replace(layer, activation=other) for layer in trainer.network.layers)

    found = replace(trainer, network=replace(trainer.network, layers=layers))

    assert found.engine.compiled is None


class Doubled(SGD):
    """An optimizer that no table knows."""


@NEEDS_KERNEL
def test_an_optimizer_that_only_resembles_a_known_one_is_left_to_numpy() -> None:
    assert replace(experiment().trainer, optimizer=Doubled(0.1)).engine.compiled is None


@NEEDS_KERNEL
def test_a_kernel_with_other_bits_is_not_used(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    run = kernel_memory.kernel.run

    class Wrong:
        """A kernel whose last bit differs."""

        @staticmethod
        def run(address: int) -> None:
            run(address)
            plan = kernel_memory.Plan.from_address(address)
            plan.loss = np.nextafter(plan.loss, inf)

    monkeypatch.setattr(kernel_memory, "kernel", Wrong)

    engine = experiment().trainer.engine

    assert engine.compiled is None and "other bits" in engine.reason
    assert "other bits" in caplog.text


def test_generated_python_with_other_bits_is_not_used(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    burst_of = PythonEngine.usual_burst

    def wrong(engine: PythonEngine, *given: int, **named: int) -> Burst | None:
        """A burst whose last step is another one."""
        burst = burst_of(engine, *given, **named)  # type: ignore[arg-type]
        return burst and replace(burst, state=replace(burst.state, step=burst.state.step + 1))

    monkeypatch.setenv("NN_TUI_ENGINE", "python")
    assert experiment().trainer.engine.generated is not None and not caplog.text
    monkeypatch.setattr(PythonEngine, "usual_burst", wrong)

    engine = experiment().trainer.engine

    assert engine.generated is None and "other bits" in engine.reason
    assert "generated Python computes other bits" in caplog.text


def test_a_new_training_has_ordered_sums_up_to_a_bound() -> None:
    assert experiment().trainer.arithmetic is ORDERED
    assert experiment(training__dtype="float32").trainer.arithmetic is BLAS
    assert experiment(network__layers=[2, 60_000, 1]).trainer.arithmetic is BLAS


def test_any_thread_may_step_while_another_one_trains() -> None:
    from concurrent.futures import ThreadPoolExecutor

    of = experiment_of("xor")
    right = of.trainer.burst(of.start, 20_000).state

    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda _: of.trainer.burst(of.start, 20_000).state, range(8)))

    assert found == [right] * 8


@pytest.mark.parametrize(
    ("name", "last"),
    [
        ("2-3-1", ["0x1.1fbf05ad5ffffp+0", "0x1.0c4ad8278cce5p-1", "0x1.41fd99c6f0783p-1"]),
        ("xor", ["0x1.5bf35ef608910p+1", "0x1.72285cbee1835p+1", "-0x1.55f4741fcc15fp+1"]),
    ],
)
@pytest.mark.parametrize("engine", [replace, by_numpy, by_python])
def test_the_last_bits_are_these_on_every_machine(
    name: str, last: list[str], engine: Callable[[Trainer], Trainer]
) -> None:
    of = experiment_of(name)

    state = engine(of.trainer).burst(of.start, 1_000).state

    assert [each.hex() for each in state.parameters[:3].tolist()] == last
