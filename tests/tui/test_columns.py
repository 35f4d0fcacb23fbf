"""Tables: one form in a column, enough digits to compute by hand, names and verdicts that stay in view."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from nn_tui.core.debugger.debugger import Debugger
from nn_tui.core.debugger.facts import TimelineStatus
from nn_tui.core.debugger.stage import WHOLE_FORWARD
from nn_tui.core.functions.optimizers import OPTIMIZERS
from nn_tui.core.gradient_check import Check, Verdict, check_gradients
from nn_tui.core.quantities.quantity import Kind, Quantity
from nn_tui.core.training.changes import Change
from nn_tui.presets.catalogue import find
from nn_tui.presets.printed_figures import PrintedFigures
from nn_tui.tui.panels.page_view import PageView
from nn_tui.tui.text.captions import check_text
from nn_tui.tui.text.columns import form_of
from nn_tui.tui.text.data_names import DataNames
from nn_tui.tui.text.gradient_table import GradientTable
from nn_tui.tui.text.parameter_table import ParameterTable
from nn_tui.tui.view import printed_of

from ..helpers.app import dashboard, drawn, opened, scroll, text, until, where
from ..helpers.experiments import experiment_of
from ..helpers.pages import snapshot_of, text_of


def number(text: str) -> float:
    return float(text.replace("−", "-"))


@pytest.mark.parametrize(
    ("values", "texts"),
    [
        ([0.5, -0.25, 0.0], ["+0.500000", "−0.250000", "0.000000"]),
        ([0.5, -0.00025], ["+0.500000", "−0.000250"]),
        ([0.5, -0.000012345, 0.0], ["+5.000e−01", "−1.234e−05", "0"]),
        ([123.456789, 1.0], ["+123.45679", "+1.00000"]),
        ([1e6, -2.0], ["+1.000e+06", "−2.000e+00"]),
        ([1e-105], ["+1.00e−105"]),
        ([float("nan"), float("inf"), 0.5], [" nan", "+inf", "+0.500000"]),
        ([], []),
    ],
)
def test_the_numbers_of_a_column_have_one_form(values: list[float], texts: list[str]) -> None:
    form = form_of(np.array(values), 6, 11, 3)

    assert [form.text(value) for value in values] == texts


@given(st.lists(st.floats(-1e300, 1e300), min_size=1, max_size=8), st.integers(6, 12), st.integers(1, 4))
def test_every_number_fits_its_column_and_shows_its_digits(values: list[float], decimals: int, digits: int) -> None:
    width = decimals + 5
    form = form_of(np.array(values), decimals, width, digits)

    for value in values:
        written = form.text(value)
        assert len(written) < width
        assert number(written) == pytest.approx(value, rel=0.05)


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_an_update_can_be_computed_from_what_the_optimizer_remembers(optimizer: str) -> None:
    debugger = Debugger(experiment_of("3-4-1"))
    debugger.change(Change("optimizer", optimizer))
    for _ in range(3):
        debugger.step()
    snapshot, trainer = debugger.snapshot, debugger.timeline.trainer
    assert snapshot
    table = ParameterTable(snapshot, trainer)

    heading, first = text_of(table)[:2]

    words, numbers = heading.split(), first.split()[1:]
    for slot, name in zip(snapshot.state.slots, trainer.optimizer.slot_names, strict=True):
        if slot.ndim:
            written = numbers[words.index(name)]
            assert number(written) == pytest.approx(float(slot[0]), rel=5e-4)
            assert len(written.lstrip("+−0.").partition("e")[0].replace(".", "")) >= 4


@pytest.mark.parametrize("name", ["3-4-1", "xor", "digits"])
@pytest.mark.parametrize("steps", [0, 5])
def test_a_column_never_mixes_forms(name: str, steps: int) -> None:
    of = experiment_of(name)
    table = ParameterTable(snapshot_of(of, steps), of.trainer)

    rows = [line.split()[1:] for line in text_of(table)[1:]]

    for column in zip(*rows, strict=True):
        numbers = [each for each in column if each not in "·0" and number(each)]
        assert len({"e" in each for each in numbers}) <= 1


def checks_of(name: str) -> tuple[ParameterTable, dict[Quantity, Check]]:
    of = experiment_of(name)
    snapshot = snapshot_of(of, 1)
    checks = {each.quantity: each for each in check_gradients(of.trainer, snapshot.backward)}
    return ParameterTable(snapshot, of.trainer, checks=checks), checks


def test_the_verdict_is_in_a_column_of_its_own_beside_the_gradient() -> None:
    table, _ = checks_of("3-4-1")

    lines = text_of(table)

    assert lines[0].split() == ["value", "gradient", "check", "next"]
    assert all(line.split()[3] == "✓" for line in lines[1:])


def test_the_check_is_summed_up() -> None:
    table, checks = checks_of("3-4-1")
    first, second = list(checks)[:2]
    wrong = {**checks, first: replace(checks[first], verdict=Verdict.WRONG)}
    kink = {**checks, second: replace(checks[second], verdict=Verdict.KINK)}

    assert check_text(checks, table.snapshot) == "✓ 21 of 21 agree"
    assert check_text(wrong, table.snapshot) == "✗ 20 of 21 agree"
    assert check_text(kink, table.snapshot) == "✓ 20 of 21 agree, 1 at a kink"
    assert check_text({first: checks[first]}, table.snapshot) == "checked 1 of 21"
    assert check_text({}, table.snapshot) == ""


@pytest.mark.parametrize("size", [(60, 20), (120, 36), (200, 60)])
@pytest.mark.parametrize("panel", ["2", "3"])
async def test_names_and_verdicts_stay_where_a_table_is_scrolled(size: tuple[int, int], panel: str) -> None:
    name = {"2": "parameters", "3": "gradients"}[panel]
    async with opened("digits", size) as pilot:
        await pilot.press(panel)
        view = pilot.app.screen.query_one(f"#{name}", PageView)
        await scroll(pilot, view, 0, 46)
        before = [line[:4] for line in text(pilot, name).splitlines()]
        await scroll(pilot, view, 9, 46)

        assert [line[:4] for line in text(pilot, name).splitlines()] == before
        assert sum(each.strip()[:1] in tuple("wab0123456789∂") for each in before) >= view.size.height - 4


@pytest.mark.parametrize("size", [(60, 20), (140, 40)])
async def test_the_result_of_the_check_can_be_seen_wherever_one_is(size: tuple[int, int]) -> None:
    async with opened("3-4-1", size) as pilot:
        await pilot.press("c")
        await until(pilot, lambda: "✓ 21 of 21 agree" in text(pilot, "status"))
        await pilot.press("c")
        await until(pilot, lambda: "agree" not in text(pilot, "status"))


async def test_a_click_beside_the_names_or_on_one_goes_to_the_number_under_the_mouse() -> None:
    async with opened("digits", (80, 24)) as pilot:
        await pilot.press("s", "3")
        await until(pilot, lambda: where(pilot)[0] == 1)
        view = pilot.app.screen.query_one("#gradients", PageView)
        await scroll(pilot, view, 200, 50)

        await pilot.click("#gradients", offset=(20, 4))

        cell = view.cell
        await until(pilot, lambda: str(dashboard(pilot).view.cursor).startswith("dw1["))
        # Columns of 10 after 8 for the names: column 200 + 18 is that of input 22.
        assert cell and str(cell.quantity).endswith(",22]")

        await pilot.click("#gradients", offset=(4, 4))

        assert view.cell and str(view.cell.quantity) == str(cell.quantity).replace(
            ",22]", ",1]"
        )  # beside the name, under none


def test_the_tables_have_their_names_in_the_columns_that_stay() -> None:
    of = experiment_of("3-4-1")
    snapshot = replace(snapshot_of(of, 0), stage=WHOLE_FORWARD)
    table = GradientTable(snapshot, 0, DataNames.of(of.trainer))

    assert [table.part(y, 0, table.frozen)[1][0].text.strip() for y in (1, 5, 9)] == ["a¹₁", "ŷ₁", "a¹₁"]


def test_from_an_edit_on_a_training_is_no_longer_the_one_that_the_source_prints() -> None:
    figures, y_hat = PrintedFigures.of(find("3-4-1").published), Quantity.parse("a2[1]")
    edited = TimelineStatus(1, (1,), 5, ((2, Change("learning_rate", 1.0)),), counting=1)

    assert [*printed_of(figures, edited, 4).by_step(y_hat)] == [0, 1]


def test_before_an_edit_only_the_steps_that_it_does_not_change_have_figures() -> None:
    figures, y_hat = PrintedFigures.of(find("3-4-1").published), Quantity.parse("a2[1]")
    edited = TimelineStatus(1, (1,), 5, ((2, Change("learning_rate", 1.0)),), counting=0)

    assert [*printed_of(figures, edited, 1).by_step(y_hat)] == [0, 1]
    assert [*printed_of(figures, edited, 2).by_step(y_hat)] == [0, 1, 2]  # the edit is undone here
    assert printed_of(figures, replace(edited, changes=()), 2) is figures


async def test_the_border_says_what_a_check_mark_is() -> None:
    async with opened("3-4-1", (120, 36)) as pilot:
        panel = pilot.app.screen.query_one("#parameters", PageView)
        await pilot.press("2")
        await until(pilot, lambda: "✓ as printed" in str(panel.border_subtitle))
        await pilot.press("s")
        await until(pilot, lambda: "✓" not in text(pilot, "parameters") and "printed" not in str(panel.border_subtitle))


@pytest.mark.parametrize(
    ("preset", "panel", "legend"),
    [
        ("nnwj", "parameters", "✓ as printed, yellow ✗ explained"),
        ("nnwj", "steps", "yellow ✗ explained"),
        ("rgu", "parameters", "✓ as printed, yellow ✗ explained"),
        ("3-4-1", "parameters", "✓ as printed"),
    ],
)
async def test_the_border_says_what_the_marks_on_the_page_mean(preset: str, panel: str, legend: str) -> None:
    async with opened(preset, (120, 36)) as pilot:
        await pilot.press("2")
        await until(pilot, lambda: legend in drawn(pilot))

        assert str(pilot.app.screen.query_one(f"#{panel}", PageView).border_subtitle).startswith(legend)


def test_the_users_own_numbers_have_marks_with_other_words_than_printed_ones() -> None:
    yours, printed = PrintedFigures.of_user([], 0), PrintedFigures.of([])

    assert printed.legend({"agrees", "wrong", "kink"}) == "✓ as printed, ✗ not, yellow ✗ explained"
    assert printed.legend({"wrong"}) == "✗ differs"

    assert yours.legend({"agrees", "wrong", "kink"}) == "✓ as yours, ✗ not, yellow ✗ only follows"


def test_a_column_without_room_is_left_out_whole() -> None:
    table = structs.replace(checks_of("3-4-1")[0], room=40)

    assert text_of(table)[0].split() == ["value", "gradient", "check"] and table.width <= 40


def test_a_matrix_has_fewer_decimals_where_all_of_it_fits_so() -> None:
    of = experiment_of("iris")
    table = GradientTable(snapshot_of(of, 1), 0, DataNames.of(of.trainer), room=76)
    wide, fixed = structs.replace(table, room=110), structs.replace(table, decimals=5)

    assert table.width <= 76 and fixed.width > 76, "decimals that somebody asked for stay"
    last, whole = (text_of(each)[-1].split()[1:] for each in (table, wide))
    assert [number(each) for each in last] == [round(number(each), 4) for each in whole]
    begin, part = table.part(table.height - 1, table.frozen + 16, table.frozen + 32)
    assert (begin, [span.text.strip() for span in part]) == (table.frozen + 16, last[2:4])


def test_a_neuron_has_fewer_decimals_and_a_shorter_name_where_all_its_numbers_fit_so() -> None:
    of = experiment_of("iris")
    table = GradientTable(snapshot_of(of, 0), 0, DataNames.of(of.trainer), room=42)

    heading, first, *rest = text_of(table)

    assert heading.split() == ["z", "a", "∂L/∂a", "∂L/∂z"] and len(heading) == len(first) == 42
    assert first.split() == ["a¹₁", "+1.1719", "+0.8249", "+0.03174", "+1.0e−02"]
    assert rest[8].split()[0] == "versic…"


def test_a_table_has_the_columns_of_an_earlier_one_only_for_the_same_numbers() -> None:
    of = experiment_of("3-4-1")
    snapshot, later = (snapshot_of(of, steps) for steps in (0, 1))
    first, selected = ParameterTable(snapshot, of.trainer, room=60), Quantity(Kind.W, 0, 1, 2)

    same = structs.replace(first, selected=selected, earlier=first.every_column)
    assert same.every_column is first.every_column
    assert same.line(6) == structs.replace(first, selected=selected).line(6)

    for other in ({"snapshot": later}, {"decimals": 3}, {"room": 0}):
        changed = structs.replace(first, earlier=first.every_column, **other)
        assert changed.every_column is not first.every_column
