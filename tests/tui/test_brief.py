"""The short explanation of the number under the cursor: pure text."""

from dataclasses import replace

import pytest
from msgspec import structs

from nn_tui.core.debugger.snapshot import Snapshot
from nn_tui.core.debugger.stage import UPDATE, Phase, Stage
from nn_tui.core.network.network import Network
from nn_tui.core.notation.notation import Notation
from nn_tui.core.quantities.quantity import Quantity
from nn_tui.presets.catalogue import find
from nn_tui.presets.printed_figures import PrintedFigures
from nn_tui.tui.text.brief import brief, more_lines
from nn_tui.tui.text.briefing import Briefing
from nn_tui.tui.text.finding import matches, plain_name, quantities_of
from nn_tui.tui.text.presentation import FONT, ROWS, large_text, presentation

from ..helpers.experiments import experiment_of
from ..helpers.pages import snapshot_of


def briefing(name: str, preset: str = "3-4-1", step: int = 0, **more: object) -> Briefing:
    of, printed = experiment_of(preset), PrintedFigures.of(find(preset).published)
    return Briefing(
        trainer=of.trainer,
        snapshot=snapshot_of(of, step),
        quantity=Quantity.parse(name),
        printed=printed,
        **more,  # type: ignore[arg-type]
    )


def text_of(b: Briefing, width: int = 68, height: int = 8) -> list[str]:
    return ["".join(span.text for span in line).rstrip() for line in brief(b, width, height)]


def test_a_prediction_is_its_activation_its_sum_with_bars_and_its_loss() -> None:
    lines = text_of(briefing("a2[1]"))

    assert lines[0] == "ŷ₁ = f(z²₁) = f(0.083599) = 0.520888   target 1"
    assert lines[1].startswith("w²₁₁ · a¹₁  +0.088132 ·  0.845240 = +0.074493  ━━━━━")
    assert lines[6].split() == ["z²₁", "=", "+0.083599"]
    assert lines[7] == "E = −ln ŷ₁ = −ln 0.520888 = 0.652221"
    assert briefing("a2[1]").remark == "0.521 as printed ✓"


def test_a_reason_has_the_colour_of_its_mark() -> None:
    b = briefing("dz2[1]@1", "han-kamber")
    *_, last = brief(b, 68, 8)

    assert last[0].text == "agrees if truncated instead of rounded" and last[0].styles == ("kink",)
    figure = b.figure_of(b.quantity)
    assert figure and figure.style(b.value(b.quantity)) == "kink"


@pytest.mark.parametrize(
    ("preset", "name", "ways"),
    [
        ("mazur", "dw1[1,1]", ["by ŷ₁, a¹₁", "by ŷ₂, a¹₁"]),
        ("mazur-trained-biases", "db1[1]", ["by ŷ₁, a¹₁", "by ŷ₂, a¹₁"]),
        ("2-2-2-1", "dw1[1,1]", ["by a²₁, a¹₁", "by a²₂, a¹₁"]),
    ],
)
def test_routes_have_names_that_differ(preset: str, name: str, ways: list[str]) -> None:
    lines = text_of(briefing(name, preset))

    assert [line.partition("  ")[0] for line in lines if line.startswith("by ")] == ways


def test_after_an_update_the_prediction_is_still_that_of_the_step_before() -> None:
    of = experiment_of("3-4-1")
    updated = structs.replace(briefing("a2[1]"), snapshot=snapshot_of(of, 0, UPDATE))
    next_layer = structs.replace(briefing("a2[1]"), snapshot=replace(snapshot_of(of, 1), stage=Stage(Phase.FORWARD, 0)))

    assert updated.remark == "0.521 as printed ✓" and text_of(updated)[7].endswith("= 0.652221")
    assert next_layer.snapshot.step == 1 and next_layer.remark == "0.521 as printed ✓"
    assert structs.replace(updated, quantity=Quantity.parse("w1[1,1]")).remark == ""


def test_after_an_update_a_weight_is_not_beside_the_sum_of_its_old_value() -> None:
    before, updated = (
        structs.replace(briefing("w2[1,1]"), snapshot=snapshot_of(experiment_of("3-4-1"), 0, *stage))
        for stage in ((), (UPDATE,))
    )

    (was,), (now,) = ([line for line in text_of(b) if line.startswith("used in  z²₁")] for b in (before, updated))
    assert was.endswith("= 0.083599") and "0.083599" not in now


@pytest.mark.parametrize("notation", Notation)
def test_the_loss_of_an_example_has_another_name_than_the_loss_of_the_batch(notation: Notation) -> None:
    first, third = ("L@1", "L@3") if notation is Notation.INDEXED else ("L⁽¹⁾", "L⁽³⁾")
    of_example, of_batch = (briefing(each, "xor", notation=notation) for each in ("loss@3", "loss"))
    prediction = briefing("a2[1]", "xor", notation=notation, example=2)

    assert of_example.title == third and text_of(of_example)[0].startswith(f"{third} = −(")
    assert of_batch.title == "L" and text_of(of_batch)[0].startswith(f"L = 1 / 4 · ({first} + ")
    assert any(line.startswith(f"{third} = −(") for line in text_of(prediction))


def test_the_loss_of_an_output_in_a_batch_names_its_example() -> None:
    assert briefing("loss[1]@3", "xor").title == "L₁⁽³⁾"
    assert briefing("loss[2]", "mazur").title == "L₂"


def test_a_loss_that_does_not_fit_beside_a_sum_is_left_out_and_not_cut() -> None:
    narrow, wide = (text_of(briefing("a2[1]", "digits", example=2), width) for width in (68, 78))

    assert narrow[-1].endswith(" = −0.775393") and "   L⁽³⁾ " in wide[-1] and not wide[-1].endswith("…")


def test_two_lines_have_the_activation_and_the_sum() -> None:
    assert text_of(briefing("a2[1]"), 78, 2) == [
        "ŷ₁ = f(z²₁) = f(0.083599) = 0.520888   target 1",
        "z²₁ = 0.074493 + 0.022611 + 0.001769 − 0.015273 + 0.000000 = 0.083599",
    ]


def test_two_lines_of_a_sum_over_the_batch_name_the_examples() -> None:
    first, _ = text_of(briefing("dw1[1,1]", "xor"), 78, 2)

    assert first == "∂L/∂w¹₁₁ = ∂L/∂z¹₁⁽¹⁾ · x₁⁽¹⁾ + ∂L/∂z¹₁⁽²⁾ · x₁⁽²⁾ + … + ∂L/∂z¹₁⁽⁴⁾ · x₁⁽⁴⁾"


def test_a_weight_says_where_it_comes_from_where_it_leads_and_what_becomes_of_it() -> None:
    lines = text_of(briefing("w1[4,3]"))

    assert lines[0] == "w¹₄₃ = 0.088462   initial weight, printed in the article"
    assert lines[1].startswith("used in  z¹₄ = w¹₄₁·x₁ + w¹₄₂·x₂ + w¹₄₃·x₃ + b¹₄ = −0.500522")
    assert lines[2] == "gradient ∂E/∂w¹₄₃ = ∂E/∂z¹₄ · x₃ = 0.004556 · 10.000000 = 0.045558"
    assert lines[3] == "next w¹₄₃ = 0.088462 − 0.5 · 0.045558 = 0.065683"


def test_a_weight_that_was_drawn_or_edited_says_so() -> None:
    drawn = briefing("w1[1,1]", "moons", begun="initial weight: xavier initializer, seed 3")
    edited = briefing("w1[4,3]", edits={Quantity.parse("w1[4,3]"): 0})

    assert text_of(drawn)[0].endswith("initial weight: xavier initializer, seed 3")
    assert text_of(edited)[0] == "w¹₄₃ = 0.088462   edited at step 0"
    assert text_of(briefing("w1[4,3]", step=1))[0].endswith("∂E/∂w¹₄₃   the update of step 0")


@pytest.mark.parametrize("is_updated", [True, False])
def test_an_update_is_written_with_the_numbers_of_its_own_step(is_updated: bool) -> None:
    b = briefing("w2[1,1]", step=0 if is_updated else 1)
    if is_updated:
        b = structs.replace(b, snapshot=snapshot_of(experiment_of("3-4-1"), 0, UPDATE))
    lines = text_of(b)

    assert lines[:2] == [
        "w²₁₁ ← w²₁₁ − η · ∂E/∂w²₁₁   the update of step 0",
        "     = 0.088132 − 0.5 · (−0.404965) = 0.290614",
    ]
    assert lines[3].startswith(f"gradient of step {b.snapshot.backward.step}: ∂E/∂w²₁₁ = ")
    assert any(line.startswith("next") for line in lines) is not is_updated
    narrow = text_of(b, 56, 2)
    assert narrow[0] == "w²₁₁ = 0.088132 − 0.5 · (−0.404965) = 0.290614"
    assert narrow[1].startswith("gradient of step ")


def test_after_another_learning_rate_an_update_has_the_numbers_that_it_used() -> None:
    b = briefing("w2[1,1]", step=1)

    assert text_of(structs.replace(b, trainer=b.trainer.with_learning_rate(1.0)))[1].endswith(
        "− 0.5 · (−0.404965) = 0.290614"
    )


def test_no_number_is_cut_and_the_middle_of_a_sum_is_left_out() -> None:
    assert "w²₁₁·a¹₁ + … + b²₁ = 0.083599" in text_of(briefing("w2[1,1]"), 46)[1]
    assert text_of(briefing("a2[1]"), 58, 2)[1].endswith(" + … + 0.000000 = 0.083599")


def test_an_input_says_all_that_it_is_used_in() -> None:
    assert text_of(briefing("x[1]", "iris"))[1] == "used in  z¹₁ … z¹₈"
    assert text_of(briefing("x[1]"))[1] == "used in  z¹₁  z¹₂  z¹₃  z¹₄"


def test_a_share_of_a_softmax_fits_a_narrow_panel() -> None:
    lines = text_of(briefing("a2[1]", "iris"), 54, 12)

    assert not any("…" in line for line in lines) and lines[0].endswith("target 0")


def test_a_gradient_is_its_factors_with_their_formulas_and_the_running_product() -> None:
    lines = text_of(briefing("dw1[4,3]"))

    assert lines[2].split() == ["∂E/∂ŷ₁", "=", "−1", "/", "ŷ₁", "−1.919800", "−1.919800"]
    assert lines[6].split() == ["∂z¹₄/∂w¹₄₃", "=", "x₃", "+10.000000", "+0.045558"]


def test_the_gradient_of_a_batch_is_what_its_examples_contribute() -> None:
    lines = text_of(briefing("dw1[1,1]", "moons"))

    assert lines[0].startswith("∂L/∂w¹₁₁ = the sum over 32 examples, each divided by 32 = ")
    assert "parts cancel" in lines[-1] and "example" in lines[1]
    assert text_of(briefing("dw1[1,1]", "moons"), 56)[0].startswith("∂L/∂w¹₁₁ = the sum over 32 examples = ")


@pytest.mark.parametrize("preset", ["3-4-1", "moons", "iris", "2-2-2-1", "sine", "xor"])
@pytest.mark.parametrize(("width", "height"), [(56, 2), (78, 2), (68, 6), (68, 12), (116, 16)])
def test_every_number_has_a_short_explanation_that_fits(preset: str, width: int, height: int) -> None:
    if preset == "sine":
        preset = "spiral"
    of = experiment_of(preset)
    snapshot = snapshot_of(of, 1)
    for quantity in list(quantities_of(of.trainer.network))[:60]:
        lines = text_of(Briefing(trainer=of.trainer, snapshot=snapshot, quantity=quantity), width, height)
        assert 0 < len(lines) <= height, quantity
        assert all(len(line) <= width for line in lines), (quantity, lines)
        assert "given" not in "".join(lines)


def test_what_is_not_computed_yet_says_when_it_comes() -> None:
    of = experiment_of("3-4-1")
    forward = snapshot_of(of, 0)
    early = Snapshot(Stage(Phase.FORWARD), forward.backward)
    gradient = Briefing(trainer=of.trainer, snapshot=early, quantity=Quantity.parse("dw1[4,3]"))
    prediction = Briefing(trainer=of.trainer, snapshot=early, quantity=Quantity.parse("a2[1]"))

    assert "is computed in the backward pass" in text_of(gradient)[0]
    assert text_of(prediction)[0].startswith("ŷ₁ = f(z²₁)") and "next phase" in text_of(prediction)[-1]


@pytest.mark.parametrize(("layer", "following"), [(0, "layer 2"), (1, "the loss"), (None, "the loss")])
def test_a_prediction_in_a_forward_pass_says_what_the_next_phase_computes(layer: int | None, following: str) -> None:
    forward = Snapshot(Stage(Phase.FORWARD, layer), snapshot_of(experiment_of("3-4-1"), 0).backward)
    prediction = structs.replace(briefing("a2[1]"), snapshot=forward)

    assert text_of(prediction)[-1] == f"the next phase computes {following}: f"


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("w2[1,1]", "w2[1,1]"),
        ("w211", "w2[1,1]"),
        ("loss", "loss"),
        ("a1[3]", "a1[3]"),
        ("y1", "a2[1]"),
        ("w²₁₁", "w2[1,1]"),
    ],
)
def test_a_number_is_found_by_its_name_or_its_symbol(typed: str, found: str) -> None:
    network: Network = experiment_of("3-4-1").trainer.network
    names = [str(each) for each in matches(typed, quantities_of(network), network.names.labels(Notation.SUPERSCRIPT))]

    assert found in names[:2]
    assert plain_name("ŷ₁") == "y1" and not matches("", quantities_of(network), network.names.labels(Notation.NODES))


def test_large_figures_have_seven_rows_and_fit() -> None:
    assert {len(glyph.split()) for glyph in FONT.values()} == {ROWS}
    assert all(len({len(row) for row in glyph.split()}) == 1 for glyph in FONT.values())
    for width, height in ((116, 20), (60, 8), (40, 4), (10, 1)):
        lines = large_text("−0.521", width, height)
        assert len(lines) <= height and max(map(len, lines)) <= width


@pytest.mark.parametrize(("width", "height"), [(60, 18), (80, 22), (120, 34), (200, 58)])
def test_a_presentation_fills_its_room_and_no_more(width: int, height: int) -> None:
    page = presentation(briefing("a2[1]"), width, height, is_larger=False)
    shown = ["".join(span.text for span in page.line(y)) for y in range(page.height)]

    assert page.height <= height and page.width <= width
    assert any("ŷ₁, step 0" in line for line in shown)
    assert height < 20 or any("as printed ✓" in line for line in shown)
    large = [y for y in range(page.height) if any("cursor" in span.styles for span in page.line(y))]
    assert len(large) >= ROWS  # the number is never smaller than its equation


def test_in_many_lines_a_prediction_has_the_neurons_before_and_its_gradients() -> None:
    chain = text_of(briefing("a3[1]", "2-2-2-1"), 116, 16)
    few = text_of(briefing("a3[1]", "2-2-2-1"), 68, 12)

    assert chain[8].endswith("= σ(0.105154) = 0.526264") and [line[:3] for line in chain[8:12]] == [
        "a²₁",
        "a²₂",
        "a¹₁",
        "a¹₂",
    ]
    assert chain[-2].endswith("= −1.718883")
    assert chain[-1] == "∂L/∂z³₁ = ∂L/∂ŷ₁ · ∂ŷ₁/∂z³₁ = −1.718883 · 0.243313 = −0.418227"
    assert few[8] == "a²₁ = σ(0.105154) = 0.526264" and few[-1] == "a¹₂ = σ(0.500000) = 0.622459"


def test_a_long_sum_makes_room_for_the_neurons_that_it_is_of() -> None:
    lines = text_of(briefing("a2[1]", "moons"), 116, 16)

    assert len(lines) == 16 and lines[5].startswith("z²₁ = these 8 + b²₁")
    assert lines[8].startswith("a¹₁ = tanh(") and lines[-1].startswith("a¹₈ = tanh(")


def test_under_a_softmax_the_sum_has_its_largest_terms() -> None:
    assert text_of(briefing("a2[1]", "digits"), 116, 16)[-1].startswith("z²₁ = these 2 + 30 smaller ones + b²₁")


def test_where_names_are_in_ascii_the_activation_has_its_name() -> None:
    b = briefing("a2[1]", "xor", notation=Notation.INDEXED)

    assert text_of(b)[0].startswith("ŷ[1] = sigmoid(z2[1]) = sigmoid(")


@pytest.mark.parametrize(
    ("name", "what", "numbers"),
    [
        ("3-4-1", "dw1[4,3]", "= −1.9198 · 0.249564 · (−0.0404677) · 0.234974 · 10 = 0.045558"),
        ("1-1-1-1-relu", "dw1[1,1]", "= −1.65 · 1 · 1.5 · 1 · 0.5 · 1 · 1.5 = −1.856250"),
        ("2-2-2-1", "dw3[1,1]", "= −1.718883 · 0.243313 · 0.526264 = −0.220098"),
    ],
)
def test_two_lines_have_every_factor_of_a_product_and_the_result(name: str, what: str, numbers: str) -> None:
    of = experiment_of(name)
    notation = Notation.COUNTED if name.startswith("1-") else Notation.SUPERSCRIPT
    snapshot = snapshot_of(of, 0)
    briefing = Briefing(trainer=of.trainer, snapshot=snapshot, quantity=Quantity.parse(what), notation=notation)

    symbols, filled = ("".join(span.text for span in line).strip() for line in brief(briefing, 78, 2))

    assert filled == numbers and symbols.count("·") == numbers.count("·") and "…" not in symbols + filled


def test_an_explained_gradient_has_each_factor_and_the_next_value_below_its_equations() -> None:
    of = experiment_of("3-4-1")
    briefing = Briefing(trainer=of.trainer, snapshot=snapshot_of(of, 0), quantity=Quantity.parse("dw1[4,3]"))

    lines = ["".join(span.text for span in line) for line in more_lines(briefing, 78)]

    assert [line.split()[0] for line in lines[1:6]] == ["∂E/∂ŷ₁", "∂ŷ₁/∂z²₁", "∂z²₁/∂a¹₄", "∂a¹₄/∂z¹₄", "∂z¹₄/∂w¹₄₃"]
    assert lines[5].endswith("+0.045558") and "next w¹₄₃ = " in lines[-1]


@pytest.mark.parametrize(
    "name", ["w1[1,1]", "b1[1]", "dw1[1,1]", "db1[1]", "z1[1]", "dz1[1]", "da1[1]", "x[1]", "y[1]", "loss"]
)
def test_any_number_of_several_examples_can_be_presented(name: str) -> None:
    page = presentation(briefing(name, "xor"), 116, 34, is_larger=False)

    assert any("cursor" in span.styles for y in range(page.height) for span in page.line(y))
