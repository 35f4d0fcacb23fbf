"""Explanations as text, with links; in Markdown and LaTeX; and worksheets."""

import re
from pathlib import Path
from shutil import which
from subprocess import run
from typing import Any

import pytest

from nn_tui.core.explaining.explain import explain, quantities
from nn_tui.core.explaining.explanation import Explanation
from nn_tui.core.notation.notation import Notation
from nn_tui.core.quantities.formula import (
    Difference,
    Function,
    Negative,
    Node,
    Number,
    Power,
    Product,
    Quotient,
    Sum,
    Term,
    terms_of,
)
from nn_tui.core.quantities.quantity import Quantity
from nn_tui.core.quantities.symbols import Symbol
from nn_tui.core.training.training import Experiment
from nn_tui.tui.text.equation import equation_pieces, fitted_sum
from nn_tui.tui.text.explanation import explanation_latex, explanation_markdown, explanation_page, explanation_text
from nn_tui.tui.text.factors import factors_page
from nn_tui.tui.text.latex import latex
from nn_tui.tui.text.numbers import plain
from nn_tui.tui.text.term_rows import TermRow, term_rows
from nn_tui.tui.text.worksheet import Worksheet, sections_of, too_large, worksheet_latex, worksheet_markdown

from ..helpers.experiments import experiment, experiment_of
from ..helpers.pages import text_of
from ..helpers.quantities import quantity


def explained(of: Experiment, quantity: Quantity) -> Explanation:
    return explain(of.trainer, of.trainer.backward(of.trainer.forward(of.start)), quantity)


def term(value: float) -> Term:
    return Term(quantity("w1[1,1]"), value)


A, B = term(2), term(-3)


@pytest.mark.parametrize(
    ("node", "text", "tex"),
    [
        (Product((B, A, B)), "−3 · 2 · (−3)", r"-3 \cdot 2 \cdot \left(-3\right)"),
        (Sum((B, B)), "−3 + (−3)", r"-3 + \left(-3\right)"),
        (Difference(A, B), "2 − (−3)", r"2 - \left(-3\right)"),
        (Difference(A, Product((B, A))), "2 − (−3) · 2", r"2 - \left(-3\right) \cdot 2"),
        (Difference(A, Difference(A, A)), "2 − (2 − 2)", r"2 - \left(2 - 2\right)"),
        (Product((A, Sum((A, B)))), "2 · (2 + (−3))", r"2 \cdot \left(2 + \left(-3\right)\right)"),
        (Power(B, Number(2.0)), "(−3)²", r"\left(-3\right)^{2}"),
        (Power(Difference(B, A), Number(2.0)), "(−3 − 2)²", r"\left(-3 - 2\right)^{2}"),
        (Quotient(B, Sum((Number(1.0), A))), "−3 / (1 + 2)", r"\frac{-3}{1 + 2}"),
        (Product((A, Quotient(A, A))), "2 · 2 / 2", r"2 \cdot \frac{2}{2}"),
        (Quotient(A, Product((A, A))), "2 / (2 · 2)", r"\frac{2}{2 \cdot 2}"),
        (Negative(B), "−(−3)", r"-\left(-3\right)"),
        (Negative(Sum((A, A))), "−(2 + 2)", r"-\left(2 + 2\right)"),
        (Function("abs", (Difference(A, B),)), "|2 − (−3)|", r"\left|2 - \left(-3\right)\right|"),
        (Function("max", (Number(0.0), B)), "max(0, −3)", r"\max\left(0, -3\right)"),
        (Function("exp", (Negative(A),)), "exp(−2)", r"\exp\left(-2\right)"),
    ],
)
def test_parentheses_stand_where_mathematics_needs_them(node: Node, text: str, tex: str) -> None:
    assert "".join(piece.text for piece in equation_pieces(node, lambda each: plain(each.value, 0))) == text
    assert latex(node, lambda each: f"{each.value:g}") == tex


def test_a_gradient_in_symbols_in_numbers_and_its_result() -> None:
    text = explanation_text(explained(experiment_of("3-4-1"), quantity("dw2[1,1]")), Notation.SUPERSCRIPT, 6)

    assert (
        "∂E/∂w²₁₁ = ∂E/∂ŷ₁ · ∂ŷ₁/∂z²₁ · ∂z²₁/∂w²₁₁\n         = −1.919800 · 0.249564 · 0.845240\n         = −0.404965\n"
    ) in text


def test_a_result_is_written_behind_its_numbers_where_there_is_room() -> None:
    found = explained(experiment_of("3-4-1"), quantity("dw1[1,1]"))
    texts = [explanation_page(found, Notation.SUPERSCRIPT, 6, width=width).text.splitlines() for width in (78, 50)]

    assert "         = −1.919800 · 0.249564 · 0.088132 · 0.130809 · 7.000000 = −0.038664" in texts[0]
    assert texts[0].count("         = −0.038664") == 0 and texts[1].count("         = −0.038664") == 1


def test_routes_too_wide_for_the_page_are_broken_between_factors() -> None:
    found = explained(experiment_of("2-2-2-1"), quantity("dw1[1,1]"))
    lines = explanation_page(found, Notation.SUPERSCRIPT, 6, width=78).text.splitlines()
    routes = lines[lines.index("over 2 routes") :]

    assert max(map(len, routes)) <= 78
    assert routes[2:5] == [
        " · ∂z¹₁/∂w¹₁₁",
        "    −1.718883 · 0.243313 · 0.700000 · 0.249310 · 0.600000 · 0.237759",
        "   · 1.000000 =  −0.010412",
    ]


def test_the_terms_of_a_sum_have_fewer_decimals_where_the_page_is_narrow() -> None:
    rows = [TermRow("w²₁₁ · a¹₁", (0.088132, 0.84524), 0.074493), TermRow("b²₁", (), 0.0)]

    wide, narrow = (["".join(span.text for span in line) for line in term_rows(rows, width, 6)] for width in (60, 43))

    assert wide[0].startswith("w²₁₁ · a¹₁  +0.088132 ·  0.845240 = +0.074493  ━")
    assert narrow == ["w²₁₁ · a¹₁  +0.08813 ·  0.84524 = +0.074493", "b²₁                                0.000000"]


def factors_of(name: str, shown: int) -> list[str]:
    of = experiment_of(name)
    return text_of(factors_page(explained(of, quantity("dw1[1,1]")), Notation.SUPERSCRIPT, shown, 6, width=78))


@pytest.mark.parametrize(
    ("text", "width", "short"),
    [
        ("a · b + c · d − e + f", 16, "a · b + … + f"),
        ("−(y · ln(ŷ) + (1 − y) · ln(1 − ŷ))", 30, ""),
        ("(1 − y) · a + b · (c + d) + e", 24, "(1 − y) · a + … + e"),
        ("w[1,1] · a + b", 20, "w[1,1] · a + b"),
    ],
)
def test_a_long_sum_loses_whole_terms(text: str, width: int, short: str) -> None:
    assert fitted_sum(text, width) == short


def test_a_walk_names_all_factors_and_gives_the_numbers_of_those_it_has_passed() -> None:
    lines = factors_of("3-4-1", 3)

    assert "E ← ŷ₁ ← z²₁ ← a¹₁ ← z¹₁ ← w¹₁₁" in lines
    rows = [line.split() for line in lines if line.startswith("∂") and "step" not in line]
    assert [row[0] for row in rows] == ["∂E/∂ŷ₁", "∂ŷ₁/∂z²₁", "∂z²₁/∂a¹₁", "∂a¹₁/∂z¹₁", "∂z¹₁/∂w¹₁₁"]
    assert [row[-2] for row in rows[:3]] == ["−1.919800", "−0.479112", "−0.042225"]
    assert [len(row[-1]) for row in rows[:3]] == [30, 8, 1]  # bars of the products
    assert [len(row) for row in rows[3:]] == [1, 1]
    assert lines[-1] == "if a¹₁ rises by 0.01, z²₁ changes by about +0.000881 and E by about −0.000422"


def test_a_walk_over_routes_keeps_the_products_of_those_it_has_passed() -> None:
    lines = factors_of("2-2-2-1", 14)

    assert "route 1 of 2: −0.010412" in lines
    assert lines[-1] == "sum of the routes = −0.012328 ✓"


def test_a_zero_has_no_sign() -> None:
    assert plain(-0.0) == "0.000000"


def test_each_route_has_its_product_and_then_comes_the_sum() -> None:
    found = explained(experiment_of("2-2-2-1"), quantity("dw1[2,1]"))

    *_, heading, first, one, second, two, total = explanation_text(found, Notation.SUPERSCRIPT, 6).splitlines()

    assert heading == "over 2 routes"
    assert "∂a²₁/∂z²₁" in first and "∂a²₂/∂z²₂" in second
    ends = [float(line.split("=")[1].replace("−", "-")) for line in (one, two, total)]
    assert ends[0] + ends[1] == pytest.approx(ends[2], abs=2e-6)
    assert ends[2] == pytest.approx(found.value, abs=5e-7)


def test_each_example_is_named_with_its_row_in_the_data() -> None:
    of = experiment()
    assert of.trainer.rows(of.start).tolist() == [1, 3]

    lines = explanation_text(explained(of, quantity("dw1[1,1]")), Notation.SUPERSCRIPT, 6)

    assert "example 1 of the batch, row 1" in lines and "example 2 of the batch, row 3" in lines


def test_links_point_at_the_symbols_that_they_name() -> None:
    found = explained(experiment(), quantity("z1[1]@2"))

    page = explanation_page(found, Notation.SUPERSCRIPT, 6)

    texts = ["".join(span.text for span in page.lines[link.y])[link.x : link.x + link.width] for link in page.links]
    assert texts == ["w¹₁₁", "x₁⁽²⁾", "w¹₁₂", "x₂⁽²⁾", "b¹₁"]
    assert [str(link.quantity) for link in page.links] == ["w1[1,1]", "x[1]@2", "w1[1,2]", "x[2]@2", "b1[1]"]


def test_contributions_are_sorted_by_size_and_are_links() -> None:
    found = explained(experiment_of("3-4-1-marks"), quantity("dw1[1,1]"))

    page = explanation_page(found, Notation.SUPERSCRIPT, 6)

    rows = [link for link in page.links if str(link.quantity).startswith("dw1[1,1]@")]
    values = {f"dw1[1,1]@{n + 1}": abs(each.value) for n, each in enumerate(found.contributions)}
    assert [values[str(row.quantity)] for row in rows] == sorted(values.values(), reverse=True)[:20]
    assert "and 280 more" in page.text and "…" in page.text


def balanced(text: str) -> bool:
    """Whether braces, \\left and \\right, and environments match, and no line ends within \\left … \\right."""
    bare = text.replace(r"\{", "").replace(r"\}", "")
    environments = [re.findall(rf"\\{word}{{(.*?)}}", text) for word in ("begin", "end")]
    lines = re.split(r"\\\\|\n\n", text)
    return (
        bare.count("{") == bare.count("}")
        and sorted(environments[0]) == sorted(environments[1])
        and all(len(re.findall(r"\\left\b", line)) == len(re.findall(r"\\right\b", line)) for line in lines)
        and all(line.count("&") <= 1 or "tabular" in line for line in lines)
        and text.isascii()
    )


MANY: list[dict[str, Any]] = [
    {},
    {"training__optimizer": "adam", "training__penalty": {"l1": 0.1, "l2": 0.1}, "training__clip": {"norm": 0.01}},
    {"training__optimizer": "adadelta", "network__activations": ["gelu", "sigmoid"]},
    {"training__optimizer": "adamw", "network__activations": ["elu", "tanh"], "training__loss": "huber"},
    {"network__layers": [2, 9, 1], "training__loss": "mae", "network__activations": "softplus"},
    {"training__schedule": {"name": "cosine", "epochs": 5, "least": 0.1}, "training__batch_size": 1},
]


@pytest.mark.parametrize("notation", list(Notation))
@pytest.mark.parametrize("changes", MANY)
def test_everything_can_be_written_in_every_form(changes: dict[str, Any], notation: Notation) -> None:
    of = experiment(**changes)
    forward = of.trainer.forward(of.start)
    backward = of.trainer.backward(forward)

    for name in quantities(of.trainer, backward):
        found = explain(of.trainer, backward, name)
        page = explanation_page(found, notation, 4)
        assert plain(found.value, 4) in page.text
        assert all(link.x + link.width <= sum(len(span.text) for span in page.lines[link.y]) for link in page.links)
        assert balanced(explanation_latex(found, notation, 4)), explanation_latex(found, notation, 4)
        assert explanation_markdown(found, notation, 4).count("$$") % 2 == 0


@pytest.mark.parametrize("answers", [False, True])
@pytest.mark.parametrize("changes", MANY)
def test_a_worksheet_is_whole_and_blank_without_answers(changes: dict[str, Any], answers: bool) -> None:
    of = experiment(**changes)
    sheet = Worksheet(
        "A & B", of.trainer, of.trainer.backward(of.trainer.forward(of.start)), Notation.SUPERSCRIPT, 6, answers
    )

    tex, markdown = worksheet_latex(sheet), worksheet_markdown(sheet)

    assert balanced(tex) and r"A \& B" in tex and tex.endswith("\\end{document}\n")
    assert (r"\underline{\hspace{4cm}}" in tex) is (r"\underline" in markdown) is not answers
    for heading in ("Given", "Forward pass, layer 1", "Loss", "Backward pass, layer 2", "Update"):
        assert f"## {heading}" in markdown and heading in tex


def test_a_worksheet_asks_for_every_new_parameter() -> None:
    of = experiment_of("3-4-1")
    sheet = Worksheet("", of.trainer, of.trainer.backward(of.trainer.forward(of.start)), Notation.INDEXED, 6, True)

    update = worksheet_markdown(sheet).split("## Update")[1]

    assert update.count("^{+} &=") == 21


def sheet_of(name: str, *, decimals: int, is_rounded: bool) -> Worksheet:
    of = experiment_of(name)
    backward = of.trainer.backward(of.trainer.forward(of.start))
    return Worksheet(name, of.trainer, backward, Notation.SUPERSCRIPT, decimals, True, is_rounded)


def test_a_worksheet_writes_short_numbers() -> None:
    given = worksheet_markdown(sheet_of("3-4-1", decimals=3, is_rounded=False)).split("## Forward")[0]

    assert r"x_{1} &= 7 \\" in given and r"y_{1} &= 1 \\" in given and r"\eta &= 0.5" in given
    assert ".000" not in given


def test_a_rounded_worksheet_computes_with_the_printed_numbers() -> None:
    exact, rounded = (worksheet_markdown(sheet_of("mazur", decimals=2, is_rounded=each)) for each in (False, True))

    # z = 0.15 · 0.05 + 0.2 · 0.1 + 0.35 = 0.3775; a = 1 / (1 + e⁻⁰·³⁸) = 0.5939 and, of 0.39, 0.5963;
    # z₂ = 0.4 · 0.59 + 0.45 · 0.6 + 0.6 = 1.106.
    assert (
        r"= 0.4 \cdot 0.59 + 0.45 \cdot 0.60 + 0.6" in exact and r"= 0.4 \cdot 0.59 + 0.45 \cdot 0.6 + 0.6" in rounded
    )
    assert "continue with the rounded number" in rounded and "rounded" not in exact
    results = [line.split("&=")[1].strip() for line in rounded.splitlines() if "&=" in line]
    assert "1.11" in results


@pytest.mark.parametrize("decimals", [2, 4])
@pytest.mark.parametrize("changes", MANY[:4])
def test_every_result_of_a_rounded_worksheet_is_that_of_the_numbers_above_it(
    changes: dict[str, Any], decimals: int
) -> None:
    of = experiment(**changes)
    backward = of.trainer.backward(of.trainer.forward(of.start))
    sheet = Worksheet("", of.trainer, backward, Notation.SUPERSCRIPT, decimals, True, True)

    known: dict[Symbol, float] = {}
    for section in sections_of(sheet):
        for equation in section.equations:
            for term in terms_of(equation.expression):
                assert term.value == known.get(term.symbol, term.value)
            value = equation.expression.value
            assert abs(equation.value - value) <= 0.5 * 10.0**-decimals * max(1.0, abs(value)) + 1e-12
            known[equation.left] = equation.value


@pytest.mark.skipif(which("pdflatex") is None, reason="needs pdflatex")
@pytest.mark.parametrize("name", ["mazur", "3-4-1"])
def test_latex_compiles_with_outline_fonts_and_no_equation_out_of_the_page(name: str, tmp_path: Path) -> None:
    (tmp_path / "sheet.tex").write_text(worksheet_latex(sheet_of(name, decimals=3, is_rounded=True)), encoding="utf-8")

    done = run(
        ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "sheet.tex"],
        cwd=tmp_path,
        capture_output=True,
        check=False,
        text=True,
        errors="replace",
    )

    assert done.returncode == 0, done.stdout[-2000:]
    assert "Overfull" not in done.stdout and ".pfb" in done.stdout and "pk>" not in done.stdout


def test_what_is_too_large_for_a_worksheet() -> None:
    for name, words in (("digits", "at most 100 parameters, got one of 2 410"), ("3-4-1-marks", "got 300")):
        of = experiment_of(name)
        assert words in (too_large(of.trainer.backward(of.trainer.forward(of.start))) or "").replace(
            "\u202f", " "
        ).replace("\u2009", " ").replace("\u00a0", " ")
