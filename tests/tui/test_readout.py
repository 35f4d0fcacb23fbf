"""The values of a chart's curves at one of its steps."""

import re

import pytest

from nn_tui.core.metrics.history import Metrics
from nn_tui.tui.panels.loss_panel import LossPanel
from nn_tui.tui.text.chart import ChartKind, Curves, chart, chart_steps, nearest, neighbour, readout

from ..helpers.app import dashboard, opened, settle, text, until, where

FALLING = [(step, 1.0 / (1 + step)) for step in range(0, 100, 2)]
CURVES = Curves(FALLING, [(0, 3.0), (50, 2.0)], seen=Metrics(gradients=[FALLING, [(4, 7.5)]]))


@pytest.mark.parametrize(
    ("kind", "step", "told"),
    [
        (ChartKind.LOSS, 0, "step 0  batch loss 1.000  held-out loss 3.000"),
        (ChartKind.LOG_LOSS, 49, "step 49  batch loss 0.020  held-out loss 3.000"),
        (ChartKind.LOSS, 50, "step 50  batch loss 0.020  held-out loss 2.000"),
        (ChartKind.GRADIENTS, 3, "step 3  layer 1 0.333"),
        (ChartKind.GRADIENTS, 4, "step 4  layer 1 0.200  layer 2 7.500"),
        (ChartKind.ACCURACY, 4, "step 4"),
    ],
)
def test_a_reading_is_the_last_value_of_each_curve_up_to_the_step(kind: ChartKind, step: int, told: str) -> None:
    assert readout(CURVES, kind, step, 3) == told


def test_one_curve_alone_is_the_loss() -> None:
    assert readout(Curves(FALLING), ChartKind.LOSS, 98, 4) == "step 98  batch loss 0.0101"


def test_steps_are_those_of_all_curves_and_few_enough_to_differ() -> None:
    assert chart_steps(CURVES, ChartKind.GRADIENTS, 100) == [step for step, _ in FALLING]
    assert len(chart_steps(Curves([(n, 1.0) for n in range(10_000)]), ChartKind.LOSS, 80)) <= 80
    assert chart_steps(CURVES, ChartKind.ACTIVATIONS, 100) == []


def test_one_goes_from_step_to_step_and_no_further_than_the_ends() -> None:
    steps = [0, 2, 5]
    assert neighbour(steps, None, -1) == 5
    assert [neighbour(steps, 5, by) for by in (-9, -1, 1)] == [0, 2, 5]
    assert neighbour(steps, 3, 0) == 5
    assert neighbour([], None, 1) is None


@pytest.mark.parametrize("colours", [False, True])
def test_the_mouse_is_at_the_step_that_is_drawn_there(colours: bool) -> None:
    steps = chart_steps(CURVES, ChartKind.LOSS, 200)
    for step in (0, 40, 98):
        drawing = chart(Curves(FALLING), 60, 12, ChartKind.LOSS, has_colours=colours, mark=step)
        plain = [re.sub(r"\x1b\[[\d;]*m", "", line) for line in drawing.lines]
        ends = {0: drawing.columns[0], 98: drawing.columns[-1]}
        column = ends.get(step) or plain[1].find("│", drawing.columns[1])

        found = nearest(steps, column, drawing.columns)

        assert found is not None and abs(found - step) <= 2
    assert nearest(steps, 0, drawing.columns) is None
    assert nearest(steps, 59, drawing.columns) is None
    assert nearest([], 30, drawing.columns) is None


async def test_the_chart_shows_the_values_under_a_cursor_and_goes_there() -> None:
    async with opened("3-4-1") as pilot:
        await pilot.press("s", "s", "s", "4")
        await until(pilot, lambda: len(dashboard(pilot).view.curves.train) == 4)
        panel = pilot.app.screen.query_one(LossPanel)
        assert panel.border_subtitle == ""

        await pilot.press("left")
        await until(pilot, lambda: str(panel.border_subtitle).startswith("step 3  train loss 0.17"))
        await pilot.press("left", "left")
        await until(pilot, lambda: str(panel.border_subtitle).startswith("step 1  train loss 0.43"))
        await pilot.press("enter")
        await until(pilot, lambda: where(pilot)[0] == 1 and "step 1 " in text(pilot, "status"))

        await pilot.hover("#loss", (panel.region.width - 12, 5))
        await until(pilot, lambda: str(panel.border_subtitle).startswith("step 3 "))
        await pilot.hover("#status")
        await until(pilot, lambda: panel.border_subtitle == "")


async def test_the_line_of_the_step_that_is_shown_is_under_the_mouse() -> None:
    async with opened("3-4-1") as pilot:
        await pilot.press("4", "g", *"199", "enter")
        await until(pilot, lambda: where(pilot)[0] == 199 and len(dashboard(pilot).view.curves.train) == 200)
        await settle(pilot)
        panel = pilot.app.screen.query_one(LossPanel)

        await until(pilot, lambda: not panel._is_old)  # the chart is drawn at its own interval
        left = panel.content_region.x - panel.region.x
        for x in (15, 22):
            await pilot.hover("#loss", (left + x, 4))
            await until(pilot, lambda x=x: panel.render_line(1).text.rfind("│") == x)  # type: ignore[misc]
