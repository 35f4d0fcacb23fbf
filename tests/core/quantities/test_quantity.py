"""Quantities: values whose names are read and written at the edges, and their values at a step."""

import re
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import nn_tui
from nn_tui.core.network.names import Names
from nn_tui.core.notation.notation import Notation
from nn_tui.core.quantities.quantity import (
    DATA,
    MOVED,
    OF_A_WEIGHT,
    OF_AN_EXAMPLE,
    OF_THE_BATCH,
    Kind,
    Quantity,
    When,
    leaf_or_name,
)
from nn_tui.core.steps.values import value_of

from ...helpers.experiments import experiment, experiment_of

ROOT = Path(next(path for path in nn_tui.__path__ if (Path(path) / "core").is_dir()))
COUNTS = st.integers(0, 10**6)


@st.composite
def quantities(draw: st.DrawFn) -> Quantity:
    kind = draw(st.sampled_from(list(Kind)))
    is_of_batch, has_source = kind in OF_THE_BATCH, kind in OF_A_WEIGHT or (kind is Kind.SLOT and draw(st.booleans()))
    whens = [When.NOW, When.LAST, *([When.NEXT] if kind in MOVED else [])]
    return Quantity(
        kind,
        0 if is_of_batch or kind in DATA else draw(COUNTS) - (kind is Kind.DA),
        0 if is_of_batch else draw(COUNTS),
        draw(COUNTS) if has_source else None,
        draw(COUNTS) if kind in OF_AN_EXAMPLE and draw(st.booleans()) else None,
        draw(st.sampled_from(whens)),
        draw(st.sampled_from(["m", "velocity", "mean_square"])) if kind is Kind.SLOT else "",
    )


@given(quantities())
def test_a_quantity_is_what_its_name_names(quantity: Quantity) -> None:
    assert Quantity.parse(str(quantity)) == quantity
    assert hash(Quantity.parse(str(quantity))) == hash(quantity)


@pytest.mark.parametrize(
    ("name", "quantity"),
    [
        ("w2[1,3]", Quantity(Kind.W, 1, 0, 2)),
        ("b1[4]", Quantity(Kind.B, 0, 3)),
        ("x[2]@3", Quantity(Kind.X, to=1, example=2)),
        ("da0[1]", Quantity(Kind.DA, -1, 0)),
        ("dw1[4,3]@2", Quantity(Kind.DW, 0, 3, 2, example=1)),
        ("loss@2", Quantity(Kind.LOSS, example=1)),
        ("last-mean-abs-error", Quantity(Kind.MEAN_ABS_ERROR, when=When.LAST)),
        ("penalty-dw1[1,2]", Quantity(Kind.PENALTY_DW, 0, 0, 1)),
        ("last-clipped-db2[1]", Quantity(Kind.CLIPPED_DB, 1, 0, when=When.LAST)),
        ("next-m-w2[1,3]", Quantity(Kind.SLOT, 1, 0, 2, when=When.NEXT, slot="m")),
        ("mean_square-b2[1]", Quantity(Kind.SLOT, 1, 0, slot="mean_square")),
        ("next-penalty-w1[1,1]", Quantity(Kind.SLOT, 0, 0, 0, when=When.NEXT, slot="penalty")),
    ],
)
def test_a_name_says_every_part(name: str, quantity: Quantity) -> None:
    assert Quantity.parse(name) == quantity and str(quantity) == name


def test_leading_zeros_make_no_other_quantity() -> None:
    assert Quantity.parse("w01[1,003]") == Quantity.parse("w1[1,3]")


def test_what_the_last_update_led_to_is_what_there_is_now() -> None:
    assert Quantity.parse("last-next-m-w1[1,1]") == Quantity.parse("m-w1[1,1]")


def test_a_slot_belongs_to_its_parameter_and_a_gradient_too() -> None:
    w, b = Quantity.parse("w2[1,3]"), Quantity.parse("b2[1]")

    assert {Quantity.parse(name).parameter for name in ("dw2[1,3]@2", "next-m-w2[1,3]", "last-penalty-dw2[1,3]")} == {w}
    assert {Quantity.parse(name).parameter for name in ("db2[1]", "v-b2[1]", "clipped-db2[1]", "next-b2[1]")} == {b}
    assert str(w.gradient) == "dw2[1,3]" and str(b.gradient) == "db2[1]"
    assert str(b.remembered_as("m").at(When.NEXT)) == "next-m-b2[1]" and str(w.gradient.of_example(4)) == "dw2[1,3]@5"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"kind": Kind.W}, "w: expected a from-neuron for a weight"),
        ({"kind": Kind.DB, "from_": 1}, "db: expected a from-neuron for a weight, and for no other"),
        ({"kind": Kind.SLOT}, "slot: expected a slot's name"),
        (
            {"kind": Kind.B, "slot": "m"},
            "b: expected a slot's name for the optimizer's state, and for no other quantity",
        ),
        ({"kind": Kind.B, "example": 1}, "b: expected no example"),
        ({"kind": Kind.LOSS, "when": When.NEXT}, "loss: expected a parameter or the optimizer's state"),
    ],
)
def test_a_quantity_that_cannot_be_is_refused(arguments: dict[str, object], said: str) -> None:
    with pytest.raises(ValueError, match="^" + re.escape(said)):
        Quantity(**arguments)  # type: ignore[arg-type]


def test_only_leaves_are_more_than_the_name_of_a_setting() -> None:
    assert leaf_or_name("y[1]@2") == Quantity(Kind.Y, example=1)
    assert [leaf_or_name(each) for each in ("loss", "dw1[1,1]", "rate")] == ["loss", "dw1[1,1]", "rate"]


def test_a_network_has_each_quantity_and_each_label_once() -> None:
    names = experiment().trainer.network.names

    assert names.of(Kind.W, 0, 1, 1) is names.of(Kind.W, 0, 1, 1) == Quantity(Kind.W, 0, 1, 1)
    assert names.of(Kind.SLOT, 0, 1, 1, slot="m") is not names.of(Kind.SLOT, 0, 1, 1, slot="v")
    assert names.labels(Notation.NODES) is names.labels(Notation.NODES) is not names.labels(Notation.COUNTED)


def test_of_very_many_quantities_few_are_held(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("nn_tui.core.network.names.MOST", 5)
    names = Names((2, 9, 1))

    made = [names.of(Kind.Z, 0, neuron) for neuron in range(9)]

    assert [each.to for each in made] == list(range(9)) and len(names._made) == 4


EDGES = {"core": ("quantities/quantity.py",), "tui/panels": (), "tui/text": (), "tui/dashboard": ()}


@pytest.mark.parametrize("room", EDGES)
def test_names_are_read_at_the_edges_only(room: str) -> None:
    for path in sorted((ROOT / room).rglob("*.py")):
        if path.relative_to(ROOT / room).as_posix() not in EDGES[room]:
            text = path.read_text(encoding="utf-8")
            assert not re.search(r"Quantity\.parse\(|leaf_or_name\(", text), (
                f"{path}: take a Quantity, and parse where it is typed"
            )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("w1[2,1]", lambda step: step.state.W[0][1, 0]),
        ("dw2[1,3]", lambda step: step.dW[1][0, 2]),
        ("b1[3]", lambda step: step.state.b[0][2]),
        ("db2[1]", lambda step: step.db[1][0]),
        ("z1[2]@3", lambda step: step.forward.z[0][2, 1]),
        ("a2[1]", lambda step: step.forward.a[1][0, 0]),
        ("dz1[2]@4", lambda step: step.dz[0][3, 1]),
        ("da1[2]", lambda step: step.da[0][0, 1]),
        ("x[2]@3", lambda step: step.forward.X[2, 1]),
        ("y[1]@4", lambda step: step.forward.y[3, 0]),
        ("loss", lambda step: step.forward.loss),
        ("loss@2", lambda step: step.forward.losses[1]),
        ("mean-abs-error", lambda step: np.abs(step.forward.y_hat - step.forward.y).mean()),
        ("penalty", lambda step: 0.05 * sum((W**2).sum() for W in step.state.W)),
        ("da0[2]@3", lambda step: (step.dz[0] @ step.state.W[0])[2, 1]),
        ("dw1[2,1]@3", lambda step: step.dz[0][2, 1] * step.forward.X[2, 0]),
        ("dw2[1,2]@4", lambda step: step.dz[1][3, 0] * step.forward.a[0][3, 1]),
        ("db1[3]@2", lambda step: step.dz[0][1, 2]),
        ("penalty-dw1[3,2]", lambda step: 0.1 * step.state.W[0][2, 1]),
    ],
)
def test_a_quantity_is_found_by_its_name(text: str, expected: object) -> None:
    of = experiment(training__batch_size="all", training__penalty={"l2": 0.1})
    backward = of.trainer.backward(of.trainer.forward(of.start))

    assert callable(expected) and value_of(Quantity.parse(text), backward) == pytest.approx(
        expected(backward), rel=1e-15
    )


@pytest.mark.parametrize(
    "text",
    [
        "",
        "w",
        "w1[1]",
        "b1[1,2]",
        "x1[1]",
        "w1[1,2]@1",
        "b1[1]@2",
        "a1[1]@",
        "w1[1,2",
        "Loss",
        "x1[1]@1",
        "z[1]",
        "dx[1]",
        "next-z1[1]",
        "next-dw1[1,1]",
        "last-next-dz1[1]",
        "penalty@1",
        "m-z1[1]",
        "m-w1[1,1]@1",
        "clipped-z1[1]",
        "w1[1,1] ",
        "w1[" + "9" * 41 + ",1]",
    ],
)
def test_another_name_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="expected"):
        Quantity.parse(text)


@pytest.mark.parametrize(
    "text",
    ["w9[1,1]", "w1[0,1]", "w1[1,0]", "w0[1,1]", "a0[1]", "a2[7]", "a2[1]@99", "a2[1]@0", "da0[4]", "loss@0", "loss@9"],
)
def test_a_quantity_that_the_network_has_not_is_refused(text: str) -> None:
    of = experiment_of("3-4-1")
    backward = of.trainer.backward(of.trainer.forward(of.start))

    with pytest.raises(IndexError):
        value_of(Quantity.parse(text), backward)
