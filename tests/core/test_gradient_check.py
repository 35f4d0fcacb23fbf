"""The gradient check, and by it the gradients of random networks."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from nn_tui.core.data.dataset import Batches, Dataset
from nn_tui.core.debugger.debugger import Debugger
from nn_tui.core.debugger.stage import Phase, Stage, StepUnit
from nn_tui.core.explaining.explain import explain
from nn_tui.core.functions.activations import ACTIVATIONS, activation_of
from nn_tui.core.functions.arrays import array_of
from nn_tui.core.functions.losses import LOSSES, loss_of
from nn_tui.core.functions.optimizers import SGD
from nn_tui.core.functions.output_head import REDUCTIONS, OutputHead
from nn_tui.core.functions.penalty import ACTS_ON, FORMS, Penalty
from nn_tui.core.gradient_check import TOLERANCE, Check, Verdict, check_gradients, check_snapshot
from nn_tui.core.network.network import Bias, Layer, Network
from nn_tui.core.quantities.quantity import Quantity
from nn_tui.core.steps.events import Finished
from nn_tui.core.steps.stop import NEVER, Stop
from nn_tui.core.training.changes import Change
from nn_tui.core.training.trainer import Trainer
from nn_tui.core.training.training import Experiment
from nn_tui.presets.catalogue import builtin_names, find

from ..helpers.experiments import experiment, experiment_of
from ..helpers.fuzz import FUZZ

HIDDEN = [*(name for name in ACTIVATIONS if name not in ("step", "softmax")), "leaky-relu(0.2)", "elu(0.5)"]
OUTPUTS = {"bce": ["sigmoid"], "bce(3)": ["sigmoid"], "cross-entropy": ["softmax"]}


@st.composite
def experiments(draw: st.DrawFn) -> Experiment:
    """A network of one to four layers with all that a preset can ask for."""
    sizes = draw(st.lists(st.integers(1, 4), min_size=2, max_size=5))
    loss = draw(st.sampled_from([*LOSSES, "bce(3)"]))
    output = draw(st.sampled_from(OUTPUTS.get(loss, [*HIDDEN, "softmax"])))
    activations = [*(draw(st.sampled_from(HIDDEN)) for _ in sizes[2:]), output]
    bias, examples = draw(st.sampled_from(list(Bias))), draw(st.integers(1, 4))
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    layers = [
        Layer(n_in, n_out, activation_of(name))
        for n_in, n_out, name in zip(sizes, sizes[1:], activations, strict=False)
    ]
    y = rng.uniform(0.05, 0.95, (examples, sizes[-1]))
    if loss == "hinge":
        y = np.where(y > 0.5, 1.0, -1.0)
    trainer = Trainer(
        network=Network(tuple(layers), bias),
        output=OutputHead(activation_of(output), loss_of(loss), draw(st.sampled_from(REDUCTIONS))),
        optimizer=SGD(0.1),
        batches=Batches(examples, examples),
        train=Dataset(
            X=array_of(rng.normal(size=(examples, sizes[0]))),
            y=array_of(y),
            weights=draw(st.sampled_from([None, array_of(rng.uniform(0.1, 3.0, examples))])),
        ),
        penalty=Penalty(
            l1=draw(st.sampled_from([0.0, 0.01])),
            l2=draw(st.sampled_from([0.0, 0.1])),
            form=draw(st.sampled_from(FORMS)),
            biases=draw(st.booleans()),
            acts_on=draw(st.sampled_from(ACTS_ON)),
            examples=examples,
        ),
    )
    W = tuple(array_of(rng.normal(size=(layer.n_out, layer.n_in))) for layer in layers)
    b = tuple(array_of(rng.normal(size=bias.size(layer.n_out))) for layer in layers)
    return Experiment(trainer=trainer, start=trainer.start(W, b), stop=NEVER)


def checks(of: Experiment) -> list[Check]:
    return list(check_gradients(of.trainer, of.trainer.backward(of.trainer.forward(of.start))))


@settings(max_examples=FUZZ, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
@given(of=experiments())
def test_gradients_of_random_networks_agree_with_central_differences(of: Experiment) -> None:
    found = checks(of)

    assume(all(each.verdict is not Verdict.KINK for each in found))
    assert max(each.error for each in found) <= TOLERANCE


SMALL = [
    name
    for name in builtin_names()
    if sum(map(int.__mul__, find(name).network.layers, find(name).network.layers[1:])) <= 200
    and find(name).training.update == "simultaneous"
]


@pytest.mark.parametrize("name", SMALL)
def test_no_gradient_of_a_preset_is_wrong(name: str) -> None:
    wrong = [each for each in checks(experiment_of(name)) if each.verdict is Verdict.WRONG]

    assert not wrong


def test_every_parameter_is_named_once() -> None:
    found = [str(each.quantity) for each in checks(experiment_of("3-4-1"))]

    assert len(found) == len(set(found)) == 21
    assert found[0] == "dw1[1,1]" and found[12] == "db1[1]" and found[-1] == "db2[1]"


class Mistaken(Trainer):
    """A trainer that forgets a factor of one weight's gradient."""

    def backward(self, forward: Any) -> Any:
        right = super().backward(forward)
        gradient = right.gradient.copy()
        self.network.layout.views(gradient)[0][2, 1] *= 1.001
        return replace(right, gradient=gradient)


def test_a_wrong_gradient_is_found_and_no_other() -> None:
    of = experiment_of("3-4-1")
    fields = {name: getattr(of.trainer, name) for name in of.trainer.__dataclass_fields__}
    mistaken = Experiment(trainer=Mistaken(**fields), start=of.start, stop=of.stop)

    found = checks(mistaken)

    assert [str(each.quantity) for each in found if each.verdict is Verdict.WRONG] == ["dw1[3,2]"]
    wrong = next(each for each in found if each.verdict is Verdict.WRONG)
    assert wrong.error == pytest.approx(0.001, rel=0.01)


def test_the_gradients_of_a_sequential_update_are_not_those_of_the_loss() -> None:
    of = experiment_of("mazur")
    sequential = Experiment(trainer=replace(of.trainer, sequential=True), start=of.start, stop=of.stop)

    wrong = {str(each.quantity)[:3] for each in checks(sequential) if each.verdict is Verdict.WRONG}

    assert wrong == {"dw1", "db1"}


@pytest.mark.parametrize(
    "changes",
    [
        # z = w x + b = 0 in every hidden neuron.
        {
            "network__activations": ["relu", "sigmoid"],
            "network__weights": [[[0, 0]] * 3, [[1, 1, 1]]],
            "network__init": None,
        },
        # ŷ = y = 1, where max(0, 1 − y ŷ) bends.
        {
            "network__activations": "identity",
            "network__weights": [[[0, 0]] * 3, [[0, 0, 0]]],
            "network__biases": [[0, 0, 0], [1]],
            "network__init": None,
            "training__loss": "hinge",
            "data__targets": [[1]] * 4,
        },
    ],
)
def test_a_kink_is_reported_apart_from_an_error(changes: dict[str, Any]) -> None:
    found = checks(experiment(training__batch_size="all", **changes))

    verdicts = {each.verdict for each in found}
    assert Verdict.KINK in verdicts and Verdict.WRONG not in verdicts


@pytest.mark.parametrize("optimizer", ["sgd", "adam"])
def test_float32_stays_float32_and_its_gradients_agree_less_exactly(optimizer: str) -> None:
    of = experiment(training__dtype="float32", training__optimizer=optimizer, training__penalty={"l2": 0.1})

    *_, end = of.trainer.events(of.start, Stop(steps=20))

    assert isinstance(end, Finished)
    state, forward = end.backward.state, end.backward.forward
    arrays = (*state.W, *state.b, *forward.z, *forward.a, *end.backward.dW, *end.backward.db, *end.backward.da)
    assert {str(array.dtype) for array in arrays} == {"float32"}
    errors = [each.error for each in check_gradients(of.trainer, end.backward)]
    assert TOLERANCE / 100 < max(errors) < 1e-3


@pytest.mark.parametrize("weight", [0.5, 3e-6, 2.2e-5])
def test_a_gradient_close_to_a_kink_is_measured_by_smaller_steps(weight: float) -> None:
    """Also a small one, of which the rounding of the losses over such a step leaves few digits."""
    near = experiment(
        network__layers=[1, 1, 1],
        network__activations=["relu", "identity"],
        network__init=None,
        network__weights=[[[1]], [[weight]]],
        network__biases=[[-0.9995], [0.1]],
        training__loss="mse",
        data__inputs=[[1]],
        data__targets=[[1]],
        training__batch_size=1,
    )

    assert {each.verdict for each in checks(near)} == {Verdict.AGREES}


@pytest.mark.parametrize("size", [100.0, 1000.0])
def test_gradients_of_large_inputs_are_not_called_wrong(size: float) -> None:
    inputs = [[size, -size], [2 * size, size], [-size, 0.5 * size], [size, size]]
    init = {"scheme": "normal", "seed": 1, "scale": 1 / size}
    of = experiment(data__inputs=inputs, network__init=init, training__batch_size="all")
    checks = list(check_gradients(of.trainer, of.trainer.backward(of.trainer.forward(of.start))))
    assert {check.verdict for check in checks} == {Verdict.AGREES}
    assert max(abs(check.gradient) for check in checks) > 0.05


@pytest.mark.parametrize("change", [Change("activation1", "tanh"), Change("loss", "mse")])
def test_what_is_shown_of_the_step_before_is_checked_and_explained_as_it_was_computed(change: Change) -> None:
    debugger = Debugger(experiment_of("3-4-1"))
    for unit in (StepUnit.UPDATE, StepUnit.UPDATE, StepUnit.PHASE, StepUnit.PHASE):
        debugger.step(unit)
    shown = debugger.snapshot
    assert shown and shown.stage == Stage(Phase.FORWARD, 0)
    names = list(map(Quantity.parse, ("last-dw1[1,1]", "last-da1[2]", "last-dz2[1]", "last-dw2[1,3]")))
    explained = [explain(debugger.timeline.trainer, shown.backward, name, shown.before) for name in names]

    debugger.change(change)

    snapshot, trainer = debugger.snapshot, debugger.timeline.trainer
    assert snapshot and snapshot.before and snapshot.backward_of(0) is snapshot.before.backward
    assert {check.verdict for check in check_snapshot(trainer, snapshot)} == {Verdict.AGREES}
    assert [explain(trainer, snapshot.backward, name, snapshot.before) for name in names] == explained
