"""Labels as a textbook has them."""

from typing import Any

import pytest

from nn_tui.core.network.network import Network
from nn_tui.core.notation.notation import Notation
from nn_tui.core.quantities.quantity import Kind
from nn_tui.core.quantities.symbols import Letter, Partial

from ...helpers.experiments import experiment, experiment_of
from ...helpers.quantities import quantity


def network(layers: list[int], **changes: Any) -> Network:
    inputs, targets = [[0.5] * layers[0]], [[1.0] * layers[-1]]
    of = experiment(network__layers=layers, data__inputs=inputs, data__targets=targets, **changes)
    return of.trainer.network


def texts(notation: str, of: Network, *names: str) -> list[str]:
    labels = of.names.labels(Notation(notation))
    return [labels.text(quantity(name)) for name in names]


def test_superscripts_say_the_layer() -> None:
    of = network([12, 11, 2])

    assert texts("superscript", of, "w2[1,1]", "w1[1,10]", "w1[11,2]") == ["w²₁₁", "w¹₁,₁₀", "w¹₁₁,₂"]
    assert texts("superscript", of, "b1[4]", "z1[11]", "a1[2]", "a2[1]", "x[3]", "y[2]") == [
        "b¹₄",
        "z¹₁₁",
        "a¹₂",
        "ŷ₁",
        "x₃",
        "y₂",
    ]


def test_counted_weights_are_those_of_the_well_known_example() -> None:
    of = experiment_of("mazur").trainer.network

    names = [f"w{layer}[{to},{source}]" for layer in (1, 2) for to in (1, 2) for source in (1, 2)]

    assert texts("counted", of, *names) == ["w1", "w2", "w3", "w4", "w5", "w6", "w7", "w8"]
    assert texts("counted", of, "b1[1]", "b2[1]") == ["b1", "b2"]


def test_counted_neurons_of_a_chain_are_a1_a2_a3() -> None:
    of = experiment_of("1-1-1-1").trainer.network

    assert texts("counted", of, "a1[1]", "a2[1]", "a3[1]", "y[1]", "w3[1,1]", "b2[1]") == [
        "a₁",
        "a₂",
        "a₃",
        "t",
        "w₃",
        "b₂",
    ]


def test_nodes_are_those_of_the_article() -> None:
    of = experiment_of("2-3-1").trainer.network

    first = [f"w1[{to},{source}]" for source in (1, 2) for to in (1, 2, 3)]

    assert texts("nodes", of, *first) == ["w11", "w12", "w13", "w21", "w22", "w23"]
    assert texts("nodes", of, "w2[1,1]", "w2[1,2]", "w2[1,3]") == ["w31", "w41", "w51"]
    assert texts("nodes", of, "b1[1]", "b2[1]", "z1[1]", "a1[3]", "a2[1]") == ["b1", "b2", "z11", "a13", "a21"]


def test_indices_as_in_a_program() -> None:
    of = network([3, 4, 1])

    assert texts("indexed", of, "w1[4,3]", "b1[4]", "z1[2]@3", "x[1]", "dw1[4,3]") == [
        "W1[4,3]",
        "b1[4]",
        "z1[2]@3",
        "x[1]",
        "∂L/∂W1[4,3]",
    ]


def test_derivatives_examples_and_what_an_update_has_to_do_with() -> None:
    of = network([3, 4, 1])

    assert texts("superscript", of, "dw2[1,1]", "dz1[2]@12", "db1[1]@2", "da0[1]", "loss", "loss@2") == [
        "∂L/∂w²₁₁",
        "∂L/∂z¹₂⁽¹²⁾",
        "(∂L/∂b¹₁)⁽²⁾",
        "∂L/∂x₁",
        "L",
        "L⁽²⁾",
    ]
    assert texts("superscript", of, "next-w2[1,1]", "last-w2[1,1]", "next-m-b1[2]", "velocity-w1[1,1]") == [
        "w²₁₁⁺",
        "w²₁₁",
        "m⁺(b¹₂)",
        "v(w¹₁₁)",
    ]
    assert texts("superscript", of, "clipped-db1[2]", "penalty-dw1[1,1]") == ["clip(∂L/∂b¹₂)", "∂Ω/∂w¹₁₁"]


def test_partial_derivatives_and_latex() -> None:
    labels = network([3, 4, 1]).names.labels(Notation.SUPERSCRIPT)

    assert labels.text(Partial(quantity("a2[1]"), quantity("z2[1]"))) == "∂ŷ₁/∂z²₁"
    assert (
        labels.latex(Partial(quantity("a2[1]"), quantity("z2[1]")))
        == r"\frac{\partial \hat{y}_{1}}{\partial z^{2}_{1}}"
    )
    assert labels.latex(quantity("dw1[4,3]")) == r"\frac{\partial L}{\partial w^{1}_{43}}"
    assert labels.latex(quantity("next-w1[4,3]")) == "{w^{1}_{43}}^{+}"
    assert labels.latex(Letter("η", r"\eta")) == r"\eta"
    assert labels.latex(quantity("dz1[2]@3")) == r"\frac{\partial L}{\partial {z^{1}_{2}}^{(3)}}"
    assert labels.latex(quantity("dw1[4,3]@2")) == r"\left(\frac{\partial L}{\partial w^{1}_{43}}\right)^{(2)}"
    assert labels.latex(quantity("a1[2]@3")) == "{a^{1}_{2}}^{(3)}" and labels.latex(quantity("loss@2")) == "L^{(2)}"
    assert labels.latex(quantity("next-velocity-b1[2]")) == "v^{+}(b^{1}_{2})"
    assert labels.latex(quantity("clipped-db1[2]")) == (
        r"\operatorname{clip}\left(\frac{\partial L}{\partial b^{1}_{2}}\right)"
    )
    assert labels.latex(quantity("penalty-dw1[4,3]")) == r"\frac{\partial \Omega}{\partial w^{1}_{43}}"


@pytest.mark.parametrize("notation", list(Notation))
def test_no_two_parameters_have_the_same_label(notation: Notation) -> None:
    of = network([3, 4, 2, 2])
    names = [
        f"w{n}[{i},{j}]"
        for n, (a, b) in enumerate([(3, 4), (4, 2), (2, 2)], 1)
        for i in range(1, b + 1)
        for j in range(1, a + 1)
    ]
    names += [f"b{n}[{i}]" for n, b in enumerate([4, 2, 2], 1) for i in range(1, b + 1)]

    labels = texts(notation.value, of, *names)

    assert len(set(labels)) == len(labels)


def article(name: str, notation: str, *names: str) -> list[str]:
    """What the numbers of a preset are called in its own letters."""
    return texts(notation, experiment_of(name).trainer.network, *names)


def test_one_bias_for_a_layer_has_the_letters_of_its_article() -> None:
    assert article("2-3-1", "nodes", "z1[1]", "z1[2]", "z1[3]", "z2[1]") == ["z11", "z12", "z13", "z21"]
    assert article("2-3-1", "nodes", "a1[1]", "a1[2]", "a1[3]", "a2[1]") == ["a11", "a12", "a13", "a21"]
    assert article("2-3-1", "nodes", "da1[1]", "da1[3]", "da2[1]", "da0[2]") == ["da₁", "da₃", "da²", "∂L/∂x2"]
    assert article("2-3-1", "nodes", "dw2[1,3]", "db1[1]", "x[1]", "y[1]") == ["∂L/∂w51", "∂L/∂b1", "x1", "y"]


def test_a_chain_has_the_letters_of_its_article_and_no_z() -> None:
    assert article("1-1-1-1", "counted", "loss", "y[1]", "x[1]", "z2[1]", "dz3[1]") == ["l", "t", "x", "a₂", "dl/da₃"]
    labels = experiment_of("1-1-1-1").trainer.network.names.labels(Notation.COUNTED)
    assert labels.text(Partial(quantity("z1[1]"), quantity("w1[1,1]"))) == "da₁/dw₁"
    assert labels.latex(quantity("dw1[1,1]")) == r"\frac{dl}{dw_{1}}"
    assert labels.latex(quantity("da3[1]")) == labels.latex(quantity("dz3[1]")) == r"\frac{dl}{da_{3}}"


def test_the_delta_rule_has_its_delta() -> None:
    assert article("2-2-2", "superscript", "w2[1,1]", "dz2[1]@1", "dw1[2,1]") == ["W²₁₁", "δ²₁⁽¹⁾", "∂L/∂W¹₂₁"]
    assert article("2-2-2", "indexed", "w2[1,1]", "dz2[1]@1") == ["W2[1,1]", "δ2[1]@1"]
    network = experiment_of("2-2-2").trainer.network
    assert network.letters.bias_neurons
    assert network.names.labels(Notation.SUPERSCRIPT).latex(quantity("dz2[1]")) == r"\delta^{2}_{1}"


def test_headings_name_all_numbers_of_a_kind() -> None:
    def headings(name: str, notation: Notation) -> list[str]:
        labels = experiment_of(name).trainer.network.names.labels(notation)
        return [labels.heading(kind) for kind in (Kind.Z, Kind.DA, Kind.DZ, Kind.DB)] + [labels.heading(Kind.DW, 1)]

    assert headings("xor", Notation.SUPERSCRIPT) == ["z", "∂L/∂a", "∂L/∂z", "∂L/∂b", "∂L/∂W²"]
    assert headings("2-2-2", Notation.SUPERSCRIPT) == ["z", "∂L/∂a", "δ", "∂L/∂b", "∂L/∂W²"]
    assert headings("1-1-1-1", Notation.COUNTED) == ["a", "dl/da", "dl/da", "dl/db", "dl/dw₂"]
    assert headings("2-3-1", Notation.NODES) == ["z", "da", "∂L/∂z", "∂L/∂b", "∂L/∂W²"]
