"""Hidden answers: what is masked, and what is still read."""

from functools import partial

import pytest

from nn_tui.core.quantities.quantity import Quantity
from nn_tui.tui.text.briefing import Briefing
from nn_tui.tui.text.mask import Mask
from nn_tui.tui.text.spans import Span

from ..helpers.app import LARGE, SMALL, drawn, opened, settle, text, until
from ..helpers.experiments import experiment_of
from ..helpers.pages import snapshot_of

Y_HAT = Quantity.parse("a2[1]")
MASK = Mask(frozenset({Y_HAT}), frozenset({0.520888, -4.0496e-05}))


@pytest.mark.parametrize(
    ("written", "seen"),
    [
        ("ŷ₁ = f(0.083599) = 0.520888", "ŷ₁ = f(0.083599) = ?.??????"),
        ("0.521 as printed ✓", "?.??? as printed ✓"),
        ("dw = −4.05e−05, and (−0.0000405)", "dw =  ?.??????, and ( ?.???????)"),
        ("step 521, w2[1,1], 0.522, 5.209", "step 521, w2[1,1], 0.522, 5.209"),
        ("0.5 and 0.00", "0.5 and 0.00"),  # one digit says too little to be the hidden number
    ],
)
def test_a_hidden_number_is_masked_with_any_number_of_decimals(written: str, seen: str) -> None:
    assert MASK.text(written) == seen


def test_a_number_of_another_name_stays_though_it_is_rounded_to_the_same() -> None:
    other = Quantity.parse("w1[1,1]")

    line = MASK.line([Span("+0.52", ("plus-3", "raised"), Y_HAT), Span(" +0.52", ("plus",), other), Span(" 0.52")])

    assert [span.text for span in line] == [" ?.??", " +0.52", " ?.??"]
    assert line[0].styles == ("raised",)  # the colour would say the sign


def test_the_bars_of_a_masked_line_go_with_the_number() -> None:
    row = [Span("ŷ₁ "), Span("0.520888", ("plus",), Y_HAT), Span(" ━━╸ ", ("plus-2",)), Span("0.1")]

    assert "".join(span.text for span in MASK.line(row)) == "ŷ₁ ?.??????     0.1"
    assert MASK.line(row[2:]) == row[2:], "a bar of another number stays"


def test_a_hidden_neuron_is_neither_filled_nor_a_heat_map() -> None:
    filled, map_ = Span("ŷ₁ ", ("second", "fill"), Y_HAT), Span("▀▀", ("heat3", "on-heat12"), Y_HAT)

    assert [span.styles for span in MASK.line([filled, map_])] == [("second", "raised"), ("faint", "raised")]
    assert MASK.line([map_])[0].text == "??"


def test_what_says_as_much_as_an_answer_is_hidden_too() -> None:
    experiment = experiment_of("3-4-1")
    of = partial(Briefing, trainer=experiment.trainer, snapshot=snapshot_of(experiment, 0))

    of_output = Mask.of(of(quantity=Y_HAT), frozenset({Y_HAT}))
    weight = Quantity.parse("w1[1,1]")
    of_weight = Mask.of(of(quantity=weight), frozenset({weight}))

    assert of_output.text("−ln 0.479112") == "−ln ?.??????", "1 − ŷ"
    assert of_output.hides(Quantity.parse("db2[1]")) and of_output.hides(Quantity.parse("dz2[1]")), "ŷ − y"
    assert not of_output.hides(Quantity.parse("dw2[1,1]"))
    assert of_weight.hides(Quantity.parse("next-w1[1,1]"))
    gradient = Quantity.parse("dw2[1,1]")
    of_gradient = Mask.of(of(quantity=gradient), frozenset({gradient}))
    assert of_gradient.text("E by about −0.004050") == "E by about  ?.??????", "0.01 times the gradient"
    assert of_gradient.text("0.088132 − 0.5 · (−0.404965) = 0.290614") == "0.088132 − 0.5 · ( ?.??????) = ?.??????"


async def test_the_map_of_a_hidden_output_is_not_shown() -> None:
    async with opened("xor") as pilot:
        await pilot.press("A")
        await settle(pilot)
        hidden = text(pilot, "picture")
        await pilot.press("A")
        await settle(pilot)

        assert hidden.splitlines()[0] == "hidden: the colours would show the answer"
        await until(pilot, lambda: "hidden" not in text(pilot, "picture"))


@pytest.mark.parametrize("size", [SMALL, LARGE])
async def test_the_answer_is_nowhere_on_the_screen_until_it_is_shown(size: tuple[int, int]) -> None:
    async with opened("3-4-1", size) as pilot:
        await pilot.press("A", "s")
        await until(pilot, lambda: "step 1" in drawn(pilot) and "?.???" in drawn(pilot))
        await settle(pilot)
        hidden = drawn(pilot)
        await pilot.press("7")
        await settle(pilot)
        steps = text(pilot, "steps")
        await pilot.press("A")
        await settle(pilot)

        assert "0.648" not in hidden and "0.647828" not in hidden and "A show the answer" in hidden
        assert "0.521" in steps and "?.???" in steps  # what is past can be read
        assert not any(later in steps for later in ("0.648", "0.758", "0.925"))
        assert "0.648" in drawn(pilot) and "?" not in text(pilot, "steps")


async def test_a_hidden_gradient_and_a_large_number_are_hidden_too() -> None:
    async with opened("xor") as pilot:
        await pilot.press("A", "2", "right")
        await settle(pilot)
        cell = pilot.app.screen.query_one("#parameters").cell  # type: ignore[attr-defined]
        await pilot.press("enter")
        await settle(pilot)
        explained = text(pilot, "explain")
        await pilot.press("escape", "P")
        await settle(pilot)

        assert str(cell.quantity) == "dw1[1,1]"
        assert "?.??????" in explained
        assert "0.0" not in text(pilot, "presentation").splitlines()[0]


async def test_the_last_key_and_its_action_are_shown_where_that_is_wanted() -> None:
    async with opened("3-4-1", SMALL) as pilot:
        await pilot.press("s", "K")
        await settle(pilot)
        first = drawn(pilot).splitlines()[-1]
        await pilot.press("f")
        await settle(pilot)
        second = drawn(pilot).splitlines()[-1]
        await pilot.press("slash")
        await settle(pilot)
        asked = drawn(pilot).splitlines()[-1]
        await pilot.press("w", "escape", "K")
        await settle(pilot)

        assert first.endswith("K  Show keys") and second.endswith("f  Phase") and asked.endswith("/  Find")
        assert drawn(pilot).splitlines()[-1].endswith("? help")
