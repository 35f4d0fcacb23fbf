"""Every activation of the table: its formulas agree with it, its derivative with central differences; docs, help."""

import pickle

import numpy as np
import pytest
from numpy.testing import assert_allclose

from nn_tui.core.functions.activation import Activation, VectorActivation
from nn_tui.core.functions.activations import ACTIVATIONS, activation_of, identity
from nn_tui.core.functions.arrays import Array
from nn_tui.core.quantities.formula import ONE, Term, agrees
from nn_tui.core.quantities.symbols import Letter
from nn_tui.core.steps.events import Failed

from ...helpers.docs import check_row
from ...helpers.experiments import experiment

STEP = 1e-6
POINTS = np.random.default_rng(7).normal(0.0, 2.0, (12, 3))
"""Points at random, none of them near a kink at 0."""
ALL = [*ACTIVATIONS.values(), *map(activation_of, ("leaky-relu(0.2)", "leaky-relu(1)", "elu(0.5)", "elu(3)"))]
NAMES = [each.name for each in ALL]
FAR = np.array([[-800.0, 0.3, 800.0], [-30.0, 30.0, 1e-5]])


def terms(name: str, row: Array) -> list[Term]:
    return [Term(Letter(name, name), float(value)) for value in row]


@pytest.mark.parametrize("activation", ALL, ids=NAMES)
def test_its_formula_comes_to_its_value(activation: Activation) -> None:
    for z in (*POINTS, *FAR):
        with np.errstate(over="ignore"):
            a = activation(z[np.newaxis])[0]

        for n in range(3):
            formula = activation.write(terms("z", z), n)

            assert agrees(formula, float(a[n])), (
                f"the formula of {activation.name} is {formula.value} at z = {z[n]}, {a[n]}"
            )


@pytest.mark.parametrize("activation", ALL, ids=NAMES)
def test_its_slope_and_the_formula_of_that_agree_with_central_differences(activation: Activation) -> None:
    for z in POINTS:
        a, said = activation(z[np.newaxis])[0], activation.name
        for by in range(3):
            step = np.zeros(3)
            step[by] = STEP
            measured = (activation((z + step)[np.newaxis])[0] - activation((z - step)[np.newaxis])[0]) / (2 * STEP)
            slope = activation.derivative(z[np.newaxis], a[np.newaxis])[0, by]
            assert_allclose(slope, measured[by], atol=1e-8, err_msg=f"derivative of {said} at z = {z[by]}")
            for of in range(3) if isinstance(activation, VectorActivation) else (by,):
                formula = activation.write_slope(terms("z", z), terms("a", a), of, by)
                assert_allclose(
                    formula.value, measured[of], atol=1e-8, err_msg=f"formula of the slope of {said} at {z}"
                )


@pytest.mark.parametrize("activation", ALL, ids=NAMES)
def test_a_gradient_passes_back_by_its_slope(activation: Activation) -> None:
    da, a = np.random.default_rng(3).normal(size=POINTS.shape), activation(POINTS)
    dz = np.empty_like(da)

    activation.backward(da, POINTS, a, dz)

    for row, z in enumerate(POINTS):
        slopes = [[_slope(activation, z, a[row], of, by) for by in range(3)] for of in range(3)]
        assert_allclose(dz[row], da[row] @ np.array(slopes), rtol=1e-9, atol=1e-12)


def _slope(activation: Activation, z: Array, a: Array, of: int, by: int) -> float:
    if of != by and not isinstance(activation, VectorActivation):
        return 0.0
    return activation.write_slope(terms("z", z), terms("a", a), of, by).value


@pytest.mark.parametrize("activation", ALL, ids=NAMES)
def test_what_it_says_of_its_range_kink_and_flat_sides_holds(activation: Activation) -> None:
    z = np.linspace(-50.0, 50.0, 5001)[:, np.newaxis] if activation.name != "softmax" else POINTS
    a = activation(z)

    if activation.range:
        assert activation.range[0] <= a.min() and a.max() <= activation.range[1]
        assert_allclose((a.min(), a.max()), activation.range, atol=0.2, err_msg=f"the ends of {activation.name}")
    assert activation.is_flat == bool(np.all(activation.derivative(z, a) == 0.0))
    below = np.minimum(z, -0.01)
    dies = bool(np.all(activation(below) == 0.0)) and not activation.is_flat
    assert activation.can_die == dies, f"{activation.name} is {'' if dies else 'not '}0 wherever z < 0: set can_die"
    if not isinstance(activation, VectorActivation) and not activation.is_flat:
        left, mid, right = np.array([[-1e-4]]), np.array([[0.0]]), np.array([[1e-4]])
        slopes = [float(activation.derivative(each, activation(each))[0, 0]) for each in (left, mid, right)]
        jumps = abs(slopes[0] - 2 * slopes[1] + slopes[2]) > 1e-6
        assert activation.has_kink == jumps, (
            f"the slope of {activation.name} {'jumps' if jumps else 'runs smoothly'} at 0"
        )


@pytest.mark.parametrize("activation", ACTIVATIONS.values(), ids=list(ACTIVATIONS))
def test_the_docs_and_the_help_say_what_it_is(activation: Activation) -> None:
    check_row("activation", activation)


@pytest.mark.parametrize("activation", ALL, ids=NAMES)
def test_it_is_pickled_by_its_name(activation: Activation) -> None:
    assert pickle.loads(pickle.dumps(activation)) is activation


def test_a_number_in_brackets_is_the_slope_or_the_alpha() -> None:
    z = np.array([[-2.0, 3.0]])

    # leaky-relu(0.2): 0.2 · −2 = −0.4. elu(0.5): 0.5 (e⁻² − 1) = −0.43233235838169365.
    assert_allclose(activation_of("leaky-relu(0.2)")(z), [[-0.4, 3.0]])
    assert_allclose(activation_of("elu(0.5)")(z), [[-0.43233235838169365, 3.0]])
    # selu: 1.0507009873554805 · 1.6732632423543772 (e⁻² − 1) = −1.520166468; silu: −2 / (1 + e²) = −0.238405844.
    assert_allclose(ACTIVATIONS["selu"](z), [[-1.5201664685956948, 3.1521029620664414]])
    assert_allclose(ACTIVATIONS["silu"](z), [[-0.2384058440442351, 2.857722380466834]])


def test_an_activation_with_a_number_is_one_value_by_one_name() -> None:
    assert activation_of("leaky-relu( 0.20 )") is activation_of("leaky-relu(0.2)")
    assert activation_of("leaky-relu(0.2)").name == "leaky-relu(0.2)" and activation_of("elu(2.0)").name == "elu(2)"
    assert activation_of("leaky-relu(0.01)") is ACTIVATIONS["leaky-relu"]


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("leaky-relu(2)", "leaky-relu: expected a number above 0 and at most 1 in brackets, got '2'"),
        ("leaky-relu(x)", "leaky-relu: expected a number above 0 and at most 1 in brackets, got 'x'"),
        ("elu(nan)", "elu: expected a finite number above 0 in brackets, got 'nan'"),
        ("elu(-1)", "elu: expected a finite number above 0 in brackets, got '-1'"),
        ("relu(2)", "expected 'identity' or"),
        ("elu()", "expected 'identity' or"),
        ("", "expected 'identity' or"),
    ],
)
def test_a_wrong_number_in_brackets_is_refused(text: str, fault: str) -> None:
    with pytest.raises(ValueError) as caught:
        activation_of(text)

    assert str(caught.value).startswith(fault)


def test_an_activation_of_ones_own_is_a_value_too() -> None:
    own = Activation(
        name="identity", description="-", function=identity, derivative=np.subtract, formula=max, slope=max
    )

    found = pickle.loads(pickle.dumps(own))

    assert found is not own and found.derivative is np.subtract
    assert own != ACTIVATIONS["identity"] and len({own, ACTIVATIONS["identity"]}) == 2
    assert ACTIVATIONS["identity"].slope(None, None) is ONE


def test_training_through_a_step_is_refused_and_says_why() -> None:
    of = experiment(network__activations=["step", "sigmoid"])

    forward, failed = of.trainer.events(of.start)

    assert set(forward.a[0].ravel().tolist()) <= {0.0, 1.0}  # type: ignore[union-attr]
    assert isinstance(failed, Failed) and "no gradient passes through step" in failed.reason
