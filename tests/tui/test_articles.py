"""The five systems as their articles write them: every number in its letters."""

import pytest

from nn_tui.core.debugger.debugger import Debugger
from nn_tui.core.debugger.stage import WHOLE_BACKWARD
from nn_tui.core.explaining.explain import explain
from nn_tui.core.quantities.notation import Notation
from nn_tui.presets.build import build
from nn_tui.presets.catalogue import find, folder_of
from nn_tui.tui.text.brief import brief
from nn_tui.tui.text.briefing import Briefing
from nn_tui.tui.text.explanation import explanation_text

from ..helpers.experiments import experiment_of
from ..helpers.quantities import quantity


def text_of(name: str, what: str, notation: Notation) -> str:
    of = experiment_of(name)
    backward = of.trainer.backward(of.trainer.forward(of.start))
    return explanation_text(explain(of.trainer, backward, quantity(what)), notation, 6)


def test_a_chain_of_identities_has_four_factors_and_none_of_1() -> None:
    text = text_of("1-1-1-1", "dw1[1,1]", Notation.COUNTED)

    # 2 (a₃ − t) = 2 (1.175 − 2), then w₃ = 1.5, w₂ = 0.5 and x = 1.5.
    assert "dl/dw₁ = dl/da₃ · da₃/da₂ · da₂/da₁ · da₁/dw₁\n       = −1.650000 · 1.500000 · 0.500000 · 1.500000" in text
    assert "z" not in text.replace("dw1", "") and "1.000000" not in text
    assert "a₂ = w₂ · a₁ + b₂" in text_of("1-1-1-1", "a2[1]", Notation.COUNTED)
    assert "l = (a₃ − t)²" in text_of("1-1-1-1", "loss", Notation.COUNTED)
    assert "dl/da₃ = 2 · (a₃ − t)" in text_of("1-1-1-1", "dz3[1]", Notation.COUNTED)


def test_a_chain_of_relu_keeps_its_z() -> None:
    text = text_of("1-1-1-1-relu", "dw1[1,1]", Notation.COUNTED)

    assert "dl/dw₁ = dl/da₃ · da₃/dz₃ · dz₃/da₂ · da₂/dz₂ · dz₂/da₁ · da₁/dz₁ · dz₁/dw₁" in text


def test_the_delta_rule_is_written_with_delta() -> None:
    share, hidden = (text_of("2-2-2", each, Notation.SUPERSCRIPT) for each in ("dw2[1,1]@1", "dz1[1]@1"))

    assert "(∂L/∂W²₁₁)⁽¹⁾ = δ²₁⁽¹⁾ · a¹₁⁽¹⁾" in share and "delta rule: ΔW = −η · δ · a, with δ = ∂L/∂z" in share
    assert "δ¹₁⁽¹⁾ = (W²₁₁ · δ²₁⁽¹⁾ + W²₂₁ · δ²₂⁽¹⁾) · ∂a¹₁⁽¹⁾/∂z¹₁⁽¹⁾" in hidden
    assert "delta rule" in text_of("2-2-2", "dw2[1,1]", Notation.SUPERSCRIPT)


def test_one_bias_for_a_layer_adds_up_in_the_letters_of_its_article() -> None:
    assert "∂L/∂b1 = ∂L/∂z11 + ∂L/∂z12 + ∂L/∂z13" in text_of("2-3-1", "db1[1]", Notation.NODES)
    assert "z11 = w11 · x1 + w21 · x2 + b1" in text_of("2-3-1", "z1[1]", Notation.NODES)
    assert "z21 = w31 · a11 + w41 · a12 + w51 · a13 + b2" in text_of("2-3-1", "z2[1]", Notation.NODES)
    assert "∂L/∂w31 = da² · ∂a21/∂z21 · ∂z21/∂w31" in text_of("2-3-1", "dw2[1,1]", Notation.NODES)
    assert "da₂ = w41 · ∂L/∂z21" in text_of("2-3-1", "da1[2]", Notation.NODES)


@pytest.mark.parametrize("name", ["2-2-1", "2-2-2-1"])
def test_the_log_loss_is_written_out(name: str) -> None:
    assert "L = −(y₁ · ln(ŷ₁) + (1 − y₁) · ln(1 − ŷ₁))" in text_of(name, "loss", Notation.SUPERSCRIPT)


def test_pass_or_fail_has_its_error_and_its_activation_function() -> None:
    assert "ŷ₁ = f(z²₁)" in text_of("3-4-1", "a2[1]", Notation.SUPERSCRIPT)
    assert "E = −(y₁ · ln(ŷ₁) + (1 − y₁) · ln(1 − ŷ₁))" in text_of("3-4-1", "loss", Notation.SUPERSCRIPT)
    assert "∂E/∂w²₁₁ = ∂E/∂ŷ₁ · ∂ŷ₁/∂z²₁ · ∂z²₁/∂w²₁₁" in text_of("3-4-1", "dw2[1,1]", Notation.SUPERSCRIPT)


def brief_of(name: str, what: str) -> list[str]:
    """The lines that follow the cursor, after the backward pass."""
    preset = find(name)
    of = build(preset, folder_of(name))
    debugger = Debugger(of)
    debugger.look(WHOLE_BACKWARD)
    assert debugger.snapshot
    notation = Notation(preset.notation)
    briefing = Briefing(trainer=of.trainer, snapshot=debugger.snapshot, quantity=quantity(what), notation=notation)
    return ["".join(span.text for span in line).rstrip() for line in brief(briefing, 70, 8)]


def test_under_the_cursor_the_chain_has_one_line_for_each_of_its_four_factors() -> None:
    assert [line.split(" = ")[0].strip() for line in brief_of("1-1-1-1", "dw1[1,1]")] == [
        "dl/dw₁",
        "product so far",
        "dl/da₃",
        "da₃/da₂",
        "da₂/da₁",
        "da₁/dw₁",
        "w₁",
    ]
    assert "l = (a₃ − t)² = 0.680625" in brief_of("1-1-1-1", "a3[1]")


def test_under_the_cursor_a_shared_bias_names_its_neurons() -> None:
    lines = brief_of("2-3-1", "db1[1]")

    assert [line.split("  ")[0] for line in lines[1:4]] == ["by a11", "by a12", "by a13"]
    assert lines[4] == "∂L/∂b1 = ∂L/∂z11 + ∂L/∂z12 + ∂L/∂z13"


def test_under_the_cursor_the_delta_rule_has_a_bias_neuron_of_1() -> None:
    assert any(line.startswith("b²₁ · 1") for line in brief_of("2-2-2", "a2[1]"))
    assert brief_of("2-2-2", "dw2[1,1]")[-1] == "delta rule: ΔW = −η · δ · a, with δ = ∂L/∂z"


@pytest.mark.parametrize("name", ["2-2-1", "2-2-2-1"])
def test_under_the_cursor_the_log_loss_is_whole_and_then_the_part_that_is_not_0(name: str) -> None:
    lines = brief_of(name, "a2[1]" if name == "2-2-1" else "a3[1]")
    at = lines.index("L = −(y₁ · ln(ŷ₁) + (1 − y₁) · ln(1 − ŷ₁))")

    assert lines[at + 1].startswith("  = −ln ŷ₁ = −ln 0.5")


def test_under_the_cursor_a_prediction_is_f_of_z() -> None:
    lines = brief_of("3-4-1", "a2[1]")

    assert lines[0] == "ŷ₁ = f(z²₁) = f(0.083599) = 0.520888   target 1"
    assert lines[-1] == "E = −ln ŷ₁ = −ln 0.520888 = 0.652221"
