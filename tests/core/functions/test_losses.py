"""Every loss of the table: its formulas agree with it, its derivative with central differences; docs, help."""

import pickle

import numpy as np
import pytest
from numpy.testing import assert_allclose

from nn_tui.core.engine.arithmetic import BLAS, ORDERED
from nn_tui.core.functions.activations import ACTIVATIONS
from nn_tui.core.functions.arrays import Array
from nn_tui.core.functions.loss import FusedLoss, Loss
from nn_tui.core.functions.losses import LOSSES, loss_of
from nn_tui.core.functions.output_head import OutputHead, pair_fault, target_fault
from nn_tui.core.quantities.formula import Term, agrees
from nn_tui.core.quantities.symbols import Letter

from ...helpers.docs import check_row

STEP = 1e-6
ALL = [*LOSSES.values(), loss_of("bce(3)"), loss_of("bce(0.5)")]
FUSED = [(loss, fused) for loss in ALL for fused in loss.fused]


def examples(loss: Loss) -> tuple[Array, Array]:
    """Predictions and targets that the loss takes: near together, far apart, and at the ends where it has ends."""
    rng = np.random.default_rng(11)
    y_hat = rng.uniform(0.05, 0.95, (12, 3))
    if loss.targets is None:
        return 4.0 * y_hat, np.vstack([rng.normal(0.0, 3.0, (6, 3)), 4.0 * y_hat[6:] + rng.normal(0.0, 0.3, (6, 3))])
    low, high = loss.classes or (0.0, 1.0)
    y = np.where(rng.uniform(size=(12, 3)) < 0.5, low, high)
    if not target_fault(loss.name, 0.3):
        y[:4] = rng.uniform(0.1, 0.9, (4, 3))
    return y_hat, y


def terms(name: str, row: Array) -> list[Term]:
    return [Term(Letter(name, name), float(value)) for value in row]


@pytest.mark.parametrize("loss", ALL, ids=[each.name for each in ALL])
def test_its_formula_comes_to_its_value(loss: Loss) -> None:
    for y_hat, y in zip(*examples(loss), strict=True):
        value = float(loss.value(y_hat[np.newaxis], y[np.newaxis])[0])

        formula = loss.formula(terms("ŷ", y_hat), terms("y", y))

        assert agrees(formula, value), f"the formula of {loss.name} is {formula.value} at ŷ = {y_hat}, y = {y}: {value}"


@pytest.mark.parametrize("loss", ALL, ids=[each.name for each in ALL])
def test_it_says_whether_it_is_a_mean_over_the_outputs_and_which_targets_it_takes(loss: Loss) -> None:
    y_hat, y = examples(loss)

    of_twice_as_many = loss.value(np.hstack([y_hat, y_hat]), np.hstack([y, y]))

    assert_allclose(of_twice_as_many, loss.value(y_hat, y) * (1.0 if loss.is_mean_over_outputs else 2.0))
    assert loss.takes_class_numbers == (loss.name == "cross-entropy")


def test_the_formula_of_bce_has_both_terms_but_for_0_ln_0() -> None:
    def logarithms(y_hat: float, y: float) -> int:
        return str(LOSSES["bce"].formula(terms("ŷ", np.array([y_hat])), terms("y", np.array([y])))).count("'ln'")

    assert (logarithms(0.3, 0.0), logarithms(0.3, 1.0), logarithms(0.3, 0.5)) == (2, 2, 2)
    assert (logarithms(0.0, 0.0), logarithms(1.0, 1.0)) == (1, 1)


@pytest.mark.parametrize("loss", ALL, ids=[each.name for each in ALL])
def test_its_slope_and_the_formula_of_that_agree_with_central_differences(loss: Loss) -> None:
    for y_hat, y in zip(*examples(loss), strict=True):
        derivative = loss.derivative(y_hat[np.newaxis], y[np.newaxis])[0]
        for n in range(3):
            step = np.zeros(3)
            step[n] = STEP
            up, down = (float(loss.value((y_hat + each)[np.newaxis], y[np.newaxis])[0]) for each in (step, -step))
            measured = (up - down) / (2 * STEP)
            formula = loss.slope(terms("ŷ", y_hat)[n], terms("y", y)[n], 3)
            assert_allclose(derivative[n], measured, rtol=1e-6, atol=1e-7, err_msg=f"derivative of {loss.name}")
            assert_allclose(formula.value, derivative[n], rtol=1e-12, err_msg=f"formula of the slope of {loss.name}")


@pytest.mark.parametrize("loss", ALL, ids=[each.name for each in ALL])
def test_where_it_says_a_kink_is_its_slope_or_curvature_jumps_and_nowhere_else(loss: Loss) -> None:
    y = np.array([[(loss.classes or (0.0, 1.0))[1]]])
    ends = (0.01, 0.99) if loss.outputs else (-4.0, 4.0)
    grid = np.linspace(*ends, 1601)[:, np.newaxis]
    slopes = loss.derivative(grid, np.repeat(y, len(grid), axis=0))[:, 0]
    # Of a smooth slope, however steep, the third differences are far smaller than where it or its curvature jumps.
    bends = np.abs(np.diff(slopes, 3)) if loss.outputs is None else np.zeros(1)
    jumps = np.flatnonzero(bends > 1e-4)

    signs = np.sign(loss.kink(grid, y)[:, 0]) if loss.kink else np.zeros(len(grid))

    changes = np.flatnonzero(np.diff(signs))
    for n in jumps:
        assert np.any(np.abs(changes - n) <= 3), (
            f"the slope of {loss.name} jumps at ŷ − y = {grid[n + 1] - y}: add a kink"
        )
    for n in changes:
        assert np.any(np.abs(jumps - n) <= 3), f"{loss.name} has no kink at ŷ − y = {grid[n + 1] - y}"


@pytest.mark.parametrize(("loss", "fused"), FUSED, ids=[f"{fused.activation}-{loss.name}" for loss, fused in FUSED])
def test_a_fused_loss_is_the_loss_of_the_activation(loss: Loss, fused: FusedLoss) -> None:
    activation = ACTIVATIONS[fused.activation]
    z = np.random.default_rng(5).normal(0.0, 2.0, (12, 3))
    y_hat, y = activation(z), examples(loss)[1]
    values, slopes = fused.value(z, y), np.empty_like(z)

    activation.backward(loss.derivative(y_hat, y), z, y_hat, slopes)

    assert_allclose(values, loss.value(y_hat, y), rtol=1e-12)
    assert_allclose(fused.dz(y_hat, y), slopes, rtol=1e-9, atol=1e-12)
    for row in range(len(z)):
        assert agrees(fused.formula(terms("z", z[row]), terms("y", y[row])), float(values[row]))
        for n in range(3):
            formula = fused.slope(terms("ŷ", y_hat[row])[n], terms("y", y[row]), n)
            assert agrees(formula, float(fused.dz(y_hat[[row]], y[[row]])[0, n]))
    assert loss.fused_with(fused.activation) is fused and pair_fault(loss.name, fused.activation) is None


@pytest.mark.parametrize("loss", ALL, ids=[each.name for each in ALL])
def test_it_takes_the_targets_of_its_classes_and_the_output_that_it_usually_has(loss: Loss) -> None:
    assert loss.usual_output in ACTIVATIONS and pair_fault(loss.name, loss.usual_output) is None
    for target in loss.classes or (-7.5, 7.5):
        assert target_fault(loss.name, target) is None


@pytest.mark.parametrize("loss", LOSSES.values(), ids=list(LOSSES))
def test_the_docs_and_the_help_say_what_it_is(loss: Loss) -> None:
    check_row("loss", loss)


@pytest.mark.parametrize("loss", ALL, ids=[each.name for each in ALL])
def test_it_is_pickled_by_its_name(loss: Loss) -> None:
    assert pickle.loads(pickle.dumps(loss)) is loss


def test_the_weight_of_positive_targets_by_hand() -> None:
    y_hat, y = np.array([[0.25], [0.25]]), np.array([[1.0], [0.0]])

    # −3 ln 0.25 = 4.1588830833596715 and −ln 0.75 = 0.2876820724517809; slopes −3 / 0.25 and 1 / 0.75.
    assert loss_of("bce(3)").value(y_hat, y) == pytest.approx([4.1588830833596715, 0.2876820724517809], rel=1e-15)
    assert loss_of("bce(3)").derivative(y_hat, y)[:, 0] == pytest.approx([-12.0, 4.0 / 3.0], rel=1e-15)
    # By z: 3 (ŷ − 1) and ŷ.
    assert loss_of("bce(3)").fused[0].dz(y_hat, y)[:, 0].tolist() == [-2.25, 0.25]


def test_bce_of_a_prediction_that_rounds_to_1_keeps_its_digits() -> None:
    z, y = np.array([[40.0], [-40.0]]), np.array([[1.0], [1.0]])

    # ln(1 + e⁻⁴⁰) = 4.248354255291589e-18, and ln(1 + e⁴⁰) = 40.
    assert loss_of("bce(3)").fused[0].value(z, y) == pytest.approx([3 * 4.248354255291589e-18, 120.0], rel=1e-14)
    head = OutputHead(ACTIVATIONS["sigmoid"], loss_of("bce(3)"))
    for arithmetic in (BLAS, ORDERED):
        assert arithmetic.head(head, z, np.empty_like(z), y) == pytest.approx(
            [3 * 4.248354255291589e-18, 120.0], rel=1e-14
        )


@pytest.mark.parametrize("text", ["bce(0)", "bce(-1)", "bce(inf)", "bce(x)"])
def test_a_wrong_weight_of_positive_targets_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="^bce: expected a finite number above 0 in brackets"):
        loss_of(text)


def test_bce_of_weight_1_is_bce() -> None:
    assert loss_of("bce(1.0)") is LOSSES["bce"] and loss_of("bce(3.0)").name == "bce(3)"
