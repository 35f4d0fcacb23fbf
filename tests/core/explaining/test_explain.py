"""Every number of a step is explained by an expression that comes to the engine's own number."""

from dataclasses import replace
from itertools import chain
from typing import Any

import numpy as np
import pytest

from nn_tui.core.explaining.explain import explain, quantities
from nn_tui.core.explaining.explanation import Explanation
from nn_tui.core.functions.activations import ACTIVATIONS
from nn_tui.core.functions.losses import LOSSES
from nn_tui.core.functions.optimizer import Clipping
from nn_tui.core.functions.optimizers import OPTIMIZERS
from nn_tui.core.functions.output_head import REDUCTIONS
from nn_tui.core.network.layout import place_of
from nn_tui.core.quantities.formula import Node, Number, Product, Sum, terms_of
from nn_tui.core.quantities.quantity import Kind, Quantity, When
from nn_tui.core.steps.events import BackwardPass, Updated
from nn_tui.core.steps.state import State
from nn_tui.core.steps.values import value_of
from nn_tui.core.training.training import Experiment
from nn_tui.presets.catalogue import builtin_names, find

from ...helpers.experiments import experiment, experiment_of
from ...helpers.quantities import quantity

EXACT = 1e-12
EXACT_32 = 2e-5
FEW = 5
"""Examples of a batch that stand for all of a larger one, with the last."""


def steps(of: Experiment, wanted: set[int]) -> list[tuple[BackwardPass, Updated | None]]:
    """The wanted steps, each with the update that led to it."""
    found: list[tuple[BackwardPass, Updated | None]] = []
    before: Updated | None = None
    for event in of.trainer.events(of.start):
        if isinstance(event, BackwardPass) and event.step in wanted:
            found.append((event, before))
            if event.step == max(wanted):
                break
        if isinstance(event, Updated):
            before = event
    assert len(found) == len(wanted)
    return found


def off(node: Node, value: float) -> float:
    """How far an expression is from a value.

    Where terms cancel, no order of adding them up is exact to more than the last bits of the largest: the difference is
    relative to what the expression would be if nothing cancelled.
    """
    if not np.isfinite(value):
        return 0.0 if node.value == value else 1.0
    return abs(node.value - value) / max(abs(value), node.size, 1e-300)


def wrong(explanation: Explanation, exact: float) -> list[str]:
    """What in an explanation does not come to the number."""
    parts: list[tuple[str, Node, float]] = [
        (f"equation {n}", each.expression, each.value) for n, each in enumerate(explanation.equations)
    ]
    value = explanation.value
    if explanation.factors:
        product = explanation.factors[0].value
        for factor in explanation.factors[1:]:
            product *= factor.value
        parts.append(("factors", Number(product), value))
    if explanation.routes:
        parts.append(("routes", Sum(tuple(route.product for route in explanation.routes)), value))
    if explanation.contributions:
        parts.append(("contributions", Sum(tuple(Number(each.value) for each in explanation.contributions)), value))
    return [f"{explanation.quantity}: {name}" for name, node, truth in parts if not off(node, truth) <= exact]


def truth(of: Experiment, backward: BackwardPass, next_state: State, quantity: Quantity) -> float:
    """The engine's own number, found without any explanation."""
    is_new, slots = quantity.when is When.NEXT, of.trainer.optimizer.slot_names
    state = next_state if is_new else backward.state
    if quantity.kind is Kind.SLOT:
        vector = state.slots[slots.index(quantity.slot)]
    elif quantity.kind in (Kind.CLIPPED_DW, Kind.CLIPPED_DB):
        vector = of.trainer.clipping(backward.gradient[of.trainer.network.trained])
    elif is_new:
        vector = state.parameters
    else:
        return value_of(quantity, backward)
    return float(vector if vector.ndim == 0 else vector[place_of(of.trainer.network.layout, quantity.parameter)])


def explained(of: Experiment, backward: BackwardPass) -> list[Quantity]:
    """The quantities of a step, where a batch is large those of a few of its examples."""
    batch = len(backward.forward.y_hat)
    few = {None, *range(FEW), batch - 1}
    return [each for each in quantities(of.trainer, backward) if each.example in few]


def all_wrong(of: Experiment, wanted: set[int], exact: float = EXACT) -> list[str]:
    """Everything that is explained wrongly at these steps."""
    found = []
    for backward, before in steps(of, wanted):
        next_state = of.trainer.update(backward).state
        for name in explained(of, backward):
            explanation = explain(of.trainer, backward, name, before)
            if explanation.value != truth(of, backward, next_state, name) or explanation.quantity != name:
                found.append(f"step {backward.step}: {name} is {explanation.value}")
            if not explanation.equations and not explanation.note:
                found.append(f"step {backward.step}: {name} has no equation and no note")
            found += [f"step {backward.step}: {each}" for each in wrong(explanation, exact)]
    return found


def parameters(name: str) -> int:
    return int(experiment_of(name).start.parameters.size)


SMALL = [name for name in builtin_names() if parameters(name) <= 100]


@pytest.mark.parametrize("name", SMALL)
def test_every_number_of_a_preset_is_explained(name: str) -> None:
    of = experiment_of(name)

    assert find(name).training.dtype == "float64"
    assert all_wrong(of, {0, 1, 5}) == []


@pytest.mark.parametrize("extra", [{}, {"training__penalty": {"l1": 0.01, "l2": 0.1}}])
@pytest.mark.parametrize("bias", ["per-neuron", "shared", "none"])
@pytest.mark.parametrize("optimizer", list(OPTIMIZERS))
def test_every_optimizer(optimizer: str, bias: str, extra: dict[str, Any]) -> None:
    of = experiment(training__optimizer=optimizer, training__learning_rate=0.05, network__bias=bias, **extra)

    assert all_wrong(of, {0, 1, 5}) == []


OUTPUTS = {"bce": ["sigmoid", "softmax"], "bce(3)": ["sigmoid", "softmax"], "cross-entropy": ["softmax"]}
SLOPED = [*(name for name in ACTIVATIONS if name != "step"), "leaky-relu(0.2)", "elu(0.5)"]
PAIRS = [(activation, loss) for loss in (*LOSSES, "bce(3)") for activation in OUTPUTS.get(loss, SLOPED)]


@pytest.mark.parametrize("reduction", REDUCTIONS)
@pytest.mark.parametrize(("activation", "loss"), PAIRS)
def test_every_output_under_every_loss(activation: str, loss: str, reduction: str) -> None:
    targets = [[1, -1], [-1, 1], [1, 1]] if loss == "hinge" else [[0, 1], [1, 0], [0.3, 0.7]]
    of = experiment(
        network__layers=[2, 3, 2],
        network__activations=["tanh", activation],
        training__loss=loss,
        training__reduction=reduction,
        training__learning_rate=0.05,
        data__inputs=[[0.5, -1], [2, 0.3], [-0.7, 0.1]],
        data__targets=targets,
    )

    assert all_wrong(of, {1}) == []


@pytest.mark.parametrize("activation", [name for name in SLOPED if name != "softmax"])
def test_every_hidden_activation_through_two_layers(activation: str) -> None:
    of = experiment(network__layers=[2, 3, 3, 1], network__activations=[activation, activation, "sigmoid"])

    assert all_wrong(of, {0, 1, 5}) == []


@pytest.mark.parametrize("loss", ["sse", "half-sse", "mse", "mae", "huber"])
def test_predictions_that_are_far_off(loss: str) -> None:
    of = experiment(
        network__layers=[2, 2, 2],
        network__activations=["tanh", "identity"],
        training__loss=loss,
        training__learning_rate=0.05,
        data__targets=[[5, -4], [-6, 0.1], [0, 7], [0.2, 0]],
    )

    assert all_wrong(of, {0, 1, 5}) == []


@pytest.mark.parametrize("activation", [name for name in SLOPED if name != "softmax"])
def test_z_of_which_the_exponential_overflows(activation: str) -> None:
    of = experiment(
        network__layers=[1, 2, 1],
        network__activations=[activation, "identity"],
        network__weights=[[[1], [-1]], [[0.001, 0.001]]],
        network__init=None,
        training__loss="mse",
        training__learning_rate=1e-9,
        data__inputs=[[800], [-800], [0.5], [-30]],
    )

    assert all_wrong(of, {0, 1}) == []


@pytest.mark.parametrize(
    "changes",
    [
        {"training__clip": {"norm": 0.05}},
        {"training__clip": {"value": 0.02}},
        {"training__clip": {"norm": 0.05, "value": 0.03}, "training__optimizer": "adam"},
        {"training__clip": {"value": 0.05}, "training__update": "sequential"},
        {"training__clip": {"norm": 0.05}, "network__train_bias": False, "training__optimizer": "momentum"},
        {"training__update": "sequential", "training__optimizer": "adam"},
        {"training__update": "sequential", "network__layers": [2, 3, 2, 1]},
        {"network__train_bias": False, "training__optimizer": "adamw"},
        {"network__train_bias": False, "network__bias": "shared"},
        {"training__batch_size": 3},
        {"training__batch_size": 1},
        {
            "training__batch_size": 1,
            "training__reduction": "mean-over-outputs",
            "network__layers": [2, 3, 3],
            "data__targets": [[0, 1, 0], [1, 0, 0], [1, 0, 0], [0, 1, 1]],
        },
        {"training__optimizer": {"name": "momentum", "momentum": 1.0}},
        {"data__weights": [1, 0.5, 3, 0]},
        {"data__weights": [1, 0.5, 3, 2], "training__batch_size": 1, "training__loss": "mse"},
        {"training__class_weights": [1, 5], "training__loss": "half-sse", "data__weights": [1, 2, 3, 4]},
        {"training__class_weights": [2, 1], "training__reduction": "sum"},
        {"training__penalty": {"l1": 0.01, "l2": 0.1, "form": "lambda/2m", "biases": True}},
        {"training__penalty": {"l2": 0.1, "form": "lambda", "biases": True}, "network__bias": "shared"},
        {"training__penalty": {"l2": 0.1, "biases": True}, "training__batch_size": 1},
        {"training__penalty": {"l1": 0.01, "l2": 0.1, "form": "lambda/m", "acts_on": "gradient"}},
        {"training__penalty": {"l2": 0.1, "acts_on": "gradient", "biases": True}, "training__optimizer": "adam"},
        {"training__penalty": {"l1": 0.01, "l2": 0.1, "acts_on": "weights"}, "training__optimizer": "adamw"},
        {"training__penalty": {"l2": 0.1, "acts_on": "weights", "biases": True}, "training__clip": {"norm": 0.05}},
        {"training__penalty": {"l2": 0.1, "acts_on": "weights"}, "training__update": "sequential"},
        {"training__batch_size": 1, "training__penalty": {"l2": 0.1}},
        {"training__schedule": {"name": "step", "every": 1, "gamma": 0.5}},
        {"training__schedule": {"name": "exponential", "gamma": 0.9}},
        {"training__schedule": {"name": "inverse-time", "k": 0.1}},
        {"training__schedule": {"name": "warm-up", "updates": 4}, "training__optimizer": "momentum"},
        {"training__schedule": {"name": "cosine", "epochs": 4, "least": 0.1}, "training__optimizer": "rmsprop"},
        {"training__schedule": {"name": "cosine", "epochs": 4}},
    ],
)
def test_every_way_to_update(changes: dict[str, Any]) -> None:
    assert all_wrong(experiment(**changes), {0, 1, 5}) == []


@pytest.mark.parametrize("optimizer", list(OPTIMIZERS))
def test_float32_is_explained_as_exactly_as_it_is_computed(optimizer: str) -> None:
    of = experiment(training__dtype="float32", training__optimizer=optimizer, training__learning_rate=0.05)

    assert all_wrong(of, {0, 1, 5}, EXACT_32) == []


SATURATED = {
    "network__layers": [1, 1],
    "network__weights": [[[1]]],
    "network__init": None,
    "training__batch_size": "all",
    "data__inputs": [[800], [-800], [40], [-40], [800], [-800]],
    "data__targets": [[1], [1], [0], [1], [0], [0]],
}


def test_where_the_output_is_saturated_the_direct_form_is_shown_and_said() -> None:
    of = experiment(**SATURATED)
    ((backward, _),) = steps(of, {0})

    explanation = explain(of.trainer, backward, quantity("dw1[1,1]@5"))

    assert all_wrong(of, {0, 1}) == []
    assert "∂L/∂z is computed directly" in explanation.note
    assert [str(each.quantity) for each in explanation.factors] == ["dz1[1]@5", "x[1]@5"]
    assert "computed from z" in explain(of.trainer, backward, quantity("loss@5")).note
    assert not explain(of.trainer, backward, quantity("loss@1")).note
    assert not explain(of.trainer, backward, quantity("dw1[1,1]@1")).note


def test_a_saturated_softmax() -> None:
    of = experiment(
        network__layers=[1, 3],
        network__activations="softmax",
        network__weights=[[[1], [0], [-1]]],
        network__init=None,
        training__loss="cross-entropy",
        data__inputs=[[800], [-800], [2]],
        data__targets=[[1, 0, 0], [1, 0, 0], [0, 0.5, 0.5]],
    )

    assert all_wrong(of, {0, 1}) == []


def at_start(of: Experiment) -> BackwardPass:
    return of.trainer.backward(of.trainer.forward(of.start))


def test_the_chain_rule_walks_from_the_loss_to_the_weight() -> None:
    of = experiment_of("3-4-1")
    backward = at_start(of)

    last, first = (explain(of.trainer, backward, quantity(name)) for name in ("dw2[1,1]", "dw1[4,3]"))

    assert [f"{each.value:.6f}" for each in last.factors] == ["-1.919800", "0.249564", "0.845240"]
    assert f"{last.value:.6f}" == "-0.404965"
    assert len(first.factors) == 5 and f"{first.value:.6f}" == "0.045558"
    assert first.routes[0].connections == ((1, 0, 3), (0, 3, 2))


def test_a_first_weight_has_a_route_for_each_neuron_between() -> None:
    of = experiment_of("2-2-2-1")

    found = explain(of.trainer, at_start(of), quantity("dw1[2,1]"))

    assert [each.connections for each in found.routes] == [
        ((2, 0, 0), (1, 0, 1), (0, 1, 0)),
        ((2, 0, 1), (1, 1, 1), (0, 1, 0)),
    ]
    assert sum(each.value for each in found.routes) == pytest.approx(found.value, rel=EXACT)


def test_too_many_routes_are_counted_and_not_listed() -> None:
    of = experiment(network__layers=[2, 17, 17, 1])

    listed, counted = (explain(of.trainer, at_start(of), quantity(name)) for name in ("dw2[1,1]@1", "dw1[1,1]@1"))

    assert len(listed.routes) == 1 and len(counted.routes) == 17
    deep = experiment(network__layers=[2, 3, 17, 17, 1])
    found = explain(deep.trainer, at_start(deep), quantity("dw1[1,1]@1"))
    assert found.routes == () and found.note.startswith("289 routes lead here, too many to list")
    product = found.equations[0].expression
    assert isinstance(product, Product) and len(product.factors) == 3


def test_a_sequential_update_passes_through_weights_that_are_new() -> None:
    of = experiment_of("mazur-sequential")
    backward = at_start(of)

    found = explain(of.trainer, backward, quantity("da1[1]"))

    links = {str(term.quantity) for route in found.routes for term in route.factors}
    assert {"next-w2[1,1]", "next-w2[2,1]"} <= links


def test_every_link_can_be_explained_in_turn() -> None:
    of = experiment(training__optimizer="adam", training__penalty={"l1": 0.1}, training__clip={"norm": 0.05})
    ((backward, before),) = steps(of, {3})

    seen = set()
    open_links = set(map(quantity, ("w1[1,1]", "loss", "next-w2[1,3]", "m-b1[2]", "dw1[2,1]")))
    while open_links:
        name = open_links.pop()
        seen.add(name)
        open_links |= links_of(explain(of.trainer, backward, name, before)) - seen

    assert set(map(quantity, ("last-dw1[1,1]@2", "last-x[1]@2", "next-m-w2[1,3]"))) <= seen


def links_of(explanation: Explanation) -> set[Quantity]:
    terms = [*chain.from_iterable(terms_of(each.expression) for each in explanation.equations), *explanation.factors]
    return {each.quantity for each in terms if each.quantity} | {each.quantity for each in explanation.contributions}


def test_the_contributions_name_the_rows_of_the_batch_and_of_the_data() -> None:
    of = experiment()
    backward = at_start(of)

    contributions = explain(of.trainer, backward, quantity("dw1[1,1]")).contributions

    assert [each.example for each in contributions] == [0, 1]
    for each in contributions:
        assert each.row is not None and each.example is not None
        assert np.array_equal(of.trainer.train.X[each.row - 1], backward.forward.X[each.example])


def test_the_contributions_name_the_rows_of_the_file_where_some_are_held_out() -> None:
    of = experiment_of("iris")
    backward, rows = at_start(of), of.trainer.train.rows

    contributions = explain(of.trainer, backward, quantity("dw1[1,1]")).contributions

    assert rows is not None and rows[-1] > len(rows)
    batch = of.trainer.batches.examples_of(0, 0)
    assert [each.row for each in contributions] == rows[batch].tolist()
    assert explain(of.trainer, backward, quantity("x[1]@3")).note == f"row {rows[batch[2]]} of the data"


def test_a_weight_is_given_at_first_and_then_the_result_of_the_last_update() -> None:
    of = experiment_of("3-4-1")
    (start, none), (later, before) = steps(of, {0, 1})

    assert explain(of.trainer, start, quantity("w1[4,3]"), none).note == "initial weight"
    found = explain(of.trainer, later, quantity("w1[4,3]"), before)
    assert found.equations[0].assigns and found.value == later.state.W[0][3, 2]


def test_an_update_under_another_learning_rate_is_explained_by_the_rate_that_it_used() -> None:
    of = experiment_of("3-4-1")
    _, (later, before) = steps(of, {0, 1})

    found = explain(of.trainer.with_learning_rate(0.1), later, quantity("w1[4,3]"), before)

    assert 0.5 in [term.value for term in terms_of(found.equations[0].expression)]


def test_an_update_under_another_clipping_is_not_explained_by_this_one() -> None:
    of = experiment_of("3-4-1")
    _, (later, before) = steps(of, {0, 1})

    found = explain(replace(of.trainer, clipping=Clipping(value=0.01)), later, quantity("w1[4,3]"), before)

    assert found.note == "the last update used other settings" and not found.equations


@pytest.mark.parametrize(
    ("name", "error", "message"),
    [
        ("", ValueError, "no quantity is named ''"),
        ("w1", ValueError, "no quantity is named 'w1': expected"),
        ("w1[1]", ValueError, "no quantity is named 'w1[1]'"),
        ("z1[1,1]", ValueError, "no quantity is named"),
        ("w3[1,1]", IndexError, "w3[1,1]: the network has layers 1 to 2"),
        ("w0[1,1]", IndexError, "w0[1,1]: layers count from 1"),
        ("w1[5,1]", IndexError, "w1[5,1]: layer 1 has neurons 1 to 4"),
        ("dw1[1,0]", IndexError, "dw1[1,0]: layer 1 has inputs 1 to 3"),
        ("b2[2]", IndexError, "b2[2]: layer 2 has biases 1 only"),
        ("a2[1]@2", IndexError, "a2[1]@2: the batch has examples 1 only"),
        ("loss@9", IndexError, "loss@9: the batch has examples 1 only"),
        ("x[4]", IndexError, "x[4]: there are inputs 1 to 3"),
        ("y[0]", IndexError, "y[0]: there are outputs 1 only"),
        ("m-w1[1,1]", ValueError, "the optimizer's state is none"),
        ("last-w1[1,1]", ValueError, "expected a step after an update"),
        ("next-dw1[1,1]", ValueError, "no quantity is named"),
        ("next-clipped-dw1[1,1]", ValueError, "no quantity is named"),
        ("dw1[1,1]@0", IndexError, "dw1[1,1]@0: the batch has examples 1 only"),
    ],
)
def test_what_cannot_be_explained_is_reported_in_one_line(name: str, error: type[Exception], message: str) -> None:
    of = experiment_of("3-4-1")

    with pytest.raises(error) as caught:
        explain(of.trainer, at_start(of), quantity(name))

    assert message in str(caught.value) and "\n" not in str(caught.value)


def test_a_network_without_a_penalty_says_that_there_is_none() -> None:
    of = experiment_of("3-4-1")

    whole, share = (explain(of.trainer, at_start(of), quantity(name)) for name in ("penalty", "penalty-dw1[1,1]"))

    assert whole.note == "there is none" and share.note == "there is no penalty"
    assert whole.value == share.value == 0.0 and not (whole.equations or share.equations)
