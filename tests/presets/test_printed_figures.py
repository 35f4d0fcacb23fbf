"""The figures that a source prints, found by quantity and step."""

import pytest

from nn_tui.core.quantities.quantity import Quantity
from nn_tui.presets.catalogue import find
from nn_tui.presets.printed_figures import NO_FIGURES, PrintedFigures
from nn_tui.presets.schema import Published

FIGURES = PrintedFigures.of(find("3-4-1").published)


def at(name: str, step: int) -> str | None:
    figure = FIGURES.at(Quantity.parse(name), step)
    return figure.text if figure else None


def test_a_figure_is_found_by_quantity_and_step_as_it_is_printed() -> None:
    assert at("a2[1]", 0) == "0.521" and at("a2[1]", 6) == "0.925" and at("w2[1,4]", 0) == "−0.040"
    assert at("a2[1]", 7) is None and at("b2[1]", 0) is None


def test_the_first_example_and_the_next_step_are_other_names_of_the_same_place() -> None:
    assert at("a2[1]@1", 0) == "0.521" and at("a2[1]@2", 0) is None and at("last-a2[1]", 2) == "0.648"
    mazur = PrintedFigures.of(find("mazur").published)
    next_weight = mazur.at(Quantity.parse("next-w2[1,1]"), 0)
    assert next_weight and next_weight.text == "0.35891648"


@pytest.mark.parametrize(
    ("computed", "mark"), [(0.520888, "✓"), (0.5205, "✓"), (0.5215, "✓"), (0.52151, "✗"), (0.52049, "✗")]
)
def test_a_computed_number_agrees_when_it_rounds_to_the_printed_one(computed: float, mark: str) -> None:
    figure = FIGURES.at(Quantity.parse("a2[1]"), 0)

    assert figure and figure.mark(computed) == mark


def test_the_figures_of_a_quantity_are_in_the_order_of_its_steps() -> None:
    published = [Published(step=step, quantity="loss", value=step / 10, decimals=1) for step in (2, 0, 1)]

    by_step = PrintedFigures.of(published).by_step(Quantity.parse("loss"))

    assert [(step, each.text) for step, each in by_step.items()] == [(0, "0.0"), (1, "0.1"), (2, "0.2")]


def test_figures_end_at_an_edit() -> None:
    before = FIGURES.before(2)

    assert [*before.by_step(Quantity.parse("a2[1]"))] == [0, 1] and not FIGURES.before(0) and not NO_FIGURES
