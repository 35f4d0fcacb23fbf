"""The five systems as their articles write them: every number in its letters."""

import re
from collections.abc import Iterator

import pytest

from nn_tui.core.debugger.debugger import Debugger
from nn_tui.core.debugger.stage import WHOLE_BACKWARD
from nn_tui.core.explaining.explain import explain, quantities
from nn_tui.core.notation.notation import Notation
from nn_tui.presets.build import build
from nn_tui.presets.catalogue import find, folder_of
from nn_tui.tui.panels.panel_list import PANELS
from nn_tui.tui.text.brief import brief
from nn_tui.tui.text.briefing import Briefing
from nn_tui.tui.text.chart import ChartKind, Curves, title_of
from nn_tui.tui.text.explanation import explanation_text
from nn_tui.tui.text.finding import matches, quantities_of
from nn_tui.tui.text.narration import Narration
from nn_tui.tui.text.worksheet import sections

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


@pytest.mark.parametrize(
    ("name", "foreign"),
    [
        ("1-1-1-1", ("∂", "ŷ", "L", "y", "z")),
        ("1-1-1-1-relu", ("∂", "ŷ", "L", "y")),
        ("2-3-1", ("ŷ", "∂L/∂a", "t")),
        ("2-2-2", ("w", "dL")),
        ("2-2-1", ("t", "E")),
        ("3-4-1", ("L", "σ", "t")),
    ],
)
def test_no_other_letter_is_written_for_a_symbol_of_the_article(name: str, foreign: tuple[str, ...]) -> None:
    lines = "\n".join(every_line(name))

    for letter in foreign:
        found = re.search(rf".*(?<![A-Za-z]){letter}(?![A-Za-z]).*", lines)
        assert not found, f"{letter} in {found[0]}"


def every_line(name: str) -> Iterator[str]:
    """All that is written of the numbers of a step, without the names that the program reads, such as y[1]."""
    preset = find(name)
    of, notation = build(preset, folder_of(name)), Notation(preset.notation)
    debugger = Debugger(of)
    debugger.look(WHOLE_BACKWARD)
    debugger.step()
    assert (snapshot := debugger.snapshot)
    labels = of.trainer.network.names.labels(notation)
    for kind in ChartKind:
        yield title_of(Curves(labels=labels), kind)
    for spec in PANELS:
        yield re.sub(r"\b[a-z] shows", "", labels.sentence(spec.help))
    yield from Narration(snapshot, of.trainer, notation, 3).all()
    for what in quantities(of.trainer, snapshot.backward):
        explanation = explain(of.trainer, snapshot.backward, what)
        yield from explanation_text(explanation, notation, 3).splitlines()[1:]
        briefing = Briefing(trainer=of.trainer, snapshot=snapshot, quantity=what, notation=notation)
        for line in brief(briefing, 200, 30):
            yield "".join(span.text for span in line)


def test_a_number_that_is_z_and_a_is_written_once() -> None:
    of = experiment_of("1-1-1-1")
    debugger = Debugger(of)
    debugger.look(WHOLE_BACKWARD)
    assert (snapshot := debugger.snapshot)
    labels = of.trainer.network.names.labels(Notation.COUNTED)

    narrated = list(Narration(snapshot, of.trainer, Notation.COUNTED, 3).all())
    forward = next(each for each in sections(of.trainer, snapshot.backward) if each.heading.startswith("Forward"))

    assert "Layer 1, neuron 1: a₁ = 1.300." in narrated
    assert [labels.text(each.left) for each in forward.equations] == ["a₁"]
    assert [str(each) for each in matches("a3", quantities_of(of.trainer.network), labels)] == ["a3[1]"]


def test_a_sentence_has_the_letters_of_the_article() -> None:
    def said(name: str, notation: Notation, text: str) -> str:
        return experiment_of(name).trainer.network.names.labels(notation).sentence(text)

    assert said("1-1-1-1", Notation.COUNTED, "∂L/∂ŷ, ∂L/∂z: ŷ − y") == "dl/da₃, dl/da: a₃ − t"
    assert said("2-3-1", Notation.NODES, "∂L/∂a is the sum of w · ∂L/∂z") == "da is the sum of w · ∂L/∂z"
    assert said("2-2-2", Notation.SUPERSCRIPT, "the sum of w · ∂L/∂z") == "the sum of W · δ"
    assert said("3-4-1", Notation.SUPERSCRIPT, "∂L/∂w of W, ‖∂L‖") == "∂E/∂w of W, ‖∂E‖"
    assert said("xor", Notation.SUPERSCRIPT, "∂L/∂z of all layers") == "∂L/∂z of all layers"


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
