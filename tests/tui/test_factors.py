"""Factors and contributions: the formula of a factor equals its number, and the words of a sum fit its parts."""

import re
from typing import Any

import pytest

from nn_tui.core.functions.losses import LOSSES
from nn_tui.core.functions.output_head import REDUCTIONS
from nn_tui.core.notation.notation import Notation
from nn_tui.core.quantities.quantity import Kind, Quantity
from nn_tui.core.training.training import Experiment
from nn_tui.tui.text.brief import brief
from nn_tui.tui.text.brief_parameters import formulas_of
from nn_tui.tui.text.briefing import Briefing
from nn_tui.tui.text.factors import MOST_FORMULA, factor_rows, factors_page

from ..helpers.experiments import experiment, experiment_of
from ..helpers.pages import snapshot_of

FUNCTIONS = {"abs": abs, "max": max, "sign": lambda x: (x > 0) - (x < 0)}
ACTIVATIONS = {"bce": "sigmoid", "bce(3)": "sigmoid", "cross-entropy": "softmax"}


def batch_of(loss: str, size: int, **more: Any) -> Experiment:
    """A 2-3-2 network on a batch of three examples or fewer."""
    targets = [[1, -1], [-1, 1], [-1, 1]] if loss == "hinge" else [[0, 1], [1, 0], [0, 1]]
    return experiment(
        network__layers=[2, 3, 2],
        network__activations=["tanh", ACTIVATIONS.get(loss, "identity")],
        training__loss=loss,
        training__batch_size=size,
        data__inputs=[[0.5, -1], [2, 0.3], [-0.7, 0.1]],
        data__targets=targets,
        **more,
    )


def slopes_of_loss(of: Experiment) -> dict[str, tuple[float, float]]:
    """Of every output and example: the formula of ∂L/∂ŷ, its value by the numbers on the page, and its factor."""
    snapshot = snapshot_of(of, 1)
    found = {}
    for row in range(len(snapshot.forward.X)):
        for n in range(2):
            gradient = Quantity(Kind.DW, 1, n, 0, example=row)
            b = Briefing(trainer=of.trainer, snapshot=snapshot, quantity=gradient, example=row)
            slope = b.explained(b.of_example(Quantity(Kind.DA, 1, n)))
            text = formulas_of(b, slope.factors)[slope.factors[0].symbol]
            found[f"{text}, example {row + 1}"] = value_of(text, b), slope.value
    return found


def value_of(text: str, b: Briefing) -> float:
    """The value of a formula, by the numbers of the example that is shown."""
    numbers = {}
    for n in range(2):
        for quantity in (Quantity(Kind.A, 1, n), Quantity(Kind.Y, to=n)):
            numbers[b.label(quantity)] = b.value(b.of_example(quantity))
    for name, value in numbers.items():
        text = text.replace(name, f"({value!r})")
    text = re.sub(r"\|(.+?)\|", r"abs(\1)", text.replace("−", "-").replace(" · ", " * "))
    return float(eval(text, {"__builtins__": {}}, FUNCTIONS))


@pytest.mark.parametrize("size", [1, 3])
@pytest.mark.parametrize("reduction", REDUCTIONS)
@pytest.mark.parametrize("loss", [*LOSSES, "bce(3)"])
def test_the_formula_of_each_slope_of_the_loss_equals_its_number(loss: str, reduction: str, size: int) -> None:
    found = slopes_of_loss(batch_of(loss, size, training__reduction=reduction))

    assert len(found) == 2 * size
    assert {text: value for text, (value, _) in found.items()} == pytest.approx(
        {text: number for text, (_, number) in found.items()}
    )


@pytest.mark.parametrize("loss", ["bce", "cross-entropy"])
def test_the_formula_includes_the_weight_of_the_example(loss: str) -> None:
    found = slopes_of_loss(batch_of(loss, 3, training__class_weights=[2, 0.5]))

    assert all(value == pytest.approx(number) for value, number in found.values()), found


def test_the_formula_of_binary_cross_entropy_in_a_batch_is_short_enough_to_be_written() -> None:
    found = [text.split(",")[0] for text in slopes_of_loss(batch_of("bce", 3))]

    assert sorted({*found}) == ["1 / (3 · (1 − ŷ₁))", "1 / (3 · (1 − ŷ₂))", "−1 / (3 · ŷ₁)", "−1 / (3 · ŷ₂)"]
    assert all(len(text) <= MOST_FORMULA for text in found)


@pytest.mark.parametrize("notation", Notation)
@pytest.mark.parametrize("preset", ["moons", "3-4-1-marks", "iris", "digits", "goodfellow-xor"])
def test_the_formula_of_a_slope_in_a_batch_is_written_in_each_notation(preset: str, notation: Notation) -> None:
    of = experiment_of(preset)
    b = Briefing(
        trainer=of.trainer, snapshot=snapshot_of(of, 1), quantity=Quantity.parse("dw1[1,1]@3"), notation=notation
    )
    factors = b.explained(b.quantity).routes[-1].factors

    _, first, *_ = factor_rows(factors, b.labels, formulas_of(b, factors), 6)

    assert first[1].text.startswith("  = ") and first[1].text.strip("= ")


@pytest.mark.parametrize(
    ("training", "words"),
    [
        ({}, "the sum over 2 examples, each already divided by 2"),
        ({"reduction": "sum"}, "the sum over 2 examples"),
        ({"penalty": {"l2": 0.1}}, "the sum over 2 examples, each already divided by 2, and the penalty"),
        ({"class_weights": [2, 0.5]}, "the sum over 2 examples, each already weighted"),
    ],
)
def test_the_words_of_a_gradient_fit_its_contributions(training: dict[str, object], words: str) -> None:
    of = experiment(**{f"training__{key}": value for key, value in training.items()})
    b = Briefing(trainer=of.trainer, snapshot=snapshot_of(of, 1), quantity=Quantity.parse("dw1[3,2]"))

    head, *rows = ["".join(span.text for span in line) for line in brief(b, 116, 8)]

    parts = [float(each.replace("−", "-")) for row in rows[:-1] for each in re.findall(r"[+−]\d+\.\d+", row)]
    assert head.startswith(f"∂L/∂w¹₃₂ = {words} = ")
    assert sum(parts) == pytest.approx(float(head.split(" = ")[-1].replace("−", "-")), abs=2e-6)


def test_a_factor_is_counted_within_its_route() -> None:
    of = experiment_of("mazur")
    gradient = Quantity(Kind.DW, 0, 0, 0)
    b = Briefing(trainer=of.trainer, snapshot=snapshot_of(of, 0), quantity=gradient)

    titles = [
        "".join(span.text for span in factors_page(b.explained(gradient), Notation.SUPERSCRIPT, shown, 6).line(0))
        for shown in (1, 5, 6, 10)
    ]

    places = [title.partition("factor ")[2] for title in titles]
    assert places == ["1 of 5 of route 1", "5 of 5 of route 1", "1 of 5 of route 2", "5 of 5 of route 2"]
