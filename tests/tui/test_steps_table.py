"""The table of steps: reached and printed figures, and the loss."""

from msgspec.structs import replace

from nn_tui.core.debugger.debugger import Debugger
from nn_tui.core.debugger.stage import LOSS, WHOLE_BACKWARD, WHOLE_FORWARD, StepUnit
from nn_tui.core.metrics.history import History
from nn_tui.core.quantities.quantity import Quantity
from nn_tui.core.training.changes import Change
from nn_tui.presets.catalogue import find
from nn_tui.presets.printed_figures import PrintedFigures
from nn_tui.tui.text.chart import Curves
from nn_tui.tui.text.sparkline import sparkline
from nn_tui.tui.text.steps_table import StepsTable

from ..helpers.app import dashboard, opened, text, until
from ..helpers.experiments import experiment, experiment_of
from ..helpers.pages import snapshot_of, text_of


def table_of(name: str, steps: int, seen: int | None = None) -> StepsTable:
    """The table at a step, where so many steps have been seen."""
    of, history = experiment_of(name), History()
    debugger = Debugger(of)
    debugger.look(WHOLE_BACKWARD)
    for _ in range(steps if seen is None else seen):
        assert debugger.snapshot
        history.batch_loss.add(debugger.snapshot.step, debugger.snapshot.forward.loss)
        history.see_forward(debugger.snapshot.forward, of.trainer.classes)
        debugger.step()
    curves = Curves(history.batch_loss, seen=history.metrics)
    return StepsTable(snapshot_of(of, steps), of.trainer, curves, PrintedFigures.of(find(name).published))


def test_reached_and_printed_figures_stand_side_by_side() -> None:
    page = table_of("3-4-1", 2).page(44, 10)

    lines = [line.split() for line in text_of(page)]

    assert lines[0] == ["step", "ŷ₁", "printed", "loss"]
    # The article's course, and the loss −ln ŷ; the first bar is the longest.
    assert lines[1][:5] == ["0", "0.521", "0.521", "✓", "0.652"] and lines[2][:5] == [
        "1",
        "0.648",
        "0.648",
        "✓",
        "0.434",
    ]
    assert lines[3][:5] == ["2", "0.758", "0.758", "✓", "0.278"] and lines[7] == ["6", "·", "0.925", "·"]
    assert len(lines[1][5]) > len(lines[2][5]) > len(lines[3][5])
    assert all("selected" in span.styles for span in page.line(3))


def test_a_figure_that_does_not_agree_has_a_cross() -> None:
    # The loss that mazur prints after one update is that of another order of updates.
    lines = text_of(table_of("mazur", 1).page(100, 8))

    assert "0.298371   0.298371109 ✓" in lines[1]
    assert "0.291028   0.291027924 ✗" in lines[2] and "10 000" in lines[-1]


def test_a_loss_without_room_for_its_figure_has_no_mark() -> None:
    head, *lines = text_of(table_of("mazur", 1).page(78, 8))

    assert head.split()[-1] == "loss" and "✗" not in lines[1] and lines[0].count("✓") == 2


def test_two_outputs_that_find_no_room_leave_the_first() -> None:
    head = text_of(table_of("mazur", 1).page(44, 8))[0].split()

    assert head == ["step", "ŷ₁", "printed", "loss"]


def test_what_is_not_computed_yet_is_a_dot() -> None:
    of = experiment_of("3-4-1")
    printed = PrintedFigures.of(find("3-4-1").published)
    at = {
        stage: text_of(StepsTable(snapshot_of(of, 0, stage), of.trainer, Curves(), printed).page(44, 9))[1].split()
        for stage in (WHOLE_FORWARD, LOSS)
    }

    assert at[WHOLE_FORWARD] == ["0", "0.521", "0.521", "✓", "·"] and at[LOSS][4] == "0.652"


def test_without_figures_the_last_steps_are_shown_and_after_a_step_back_those_around_it() -> None:
    newest = [line.split()[0] for line in text_of(table_of("2-2-1", 20).page(44, 6))]
    back = [line.split()[0] for line in text_of(table_of("2-2-1", 8, 20).page(44, 6))]

    assert newest == ["step", "16", "17", "18", "19", "20"] and "8" in back and len(back) == 6


def test_a_column_with_small_losses_shows_digits_of_each() -> None:
    table = replace(table_of("2-3-1", 0), curves=Curves([(1, 0.000445)]))

    losses = [line.split()[2] for line in text_of(table.page(44, 6))]

    assert losses[1:3] == ["1.67e+00", "4.45e−04"]


def test_of_several_examples_the_share_that_is_correct_is_shown() -> None:
    lines = [line.split() for line in text_of(table_of("xor", 3).page(44, 6))]

    assert lines[0] == ["step", "correct", "loss"] and lines[1][:3] == ["0", "50.0", "%"]


def test_a_history_has_the_outputs_of_batches_of_one_example() -> None:
    of, several = experiment_of("2-2-2-1"), experiment(training__batch_size="all")
    history, other = History(), History()

    history.see_forward(snapshot_of(of, 0).forward, None)
    other.see_forward(snapshot_of(several, 0).forward, None)

    ((step, y_hat),) = history.metrics.outputs[0]
    assert step == 0 and round(y_hat, 3) == 0.582 and not other.metrics.outputs
    assert list(history.before(1).metrics.outputs[0]) == [(0, y_hat)] and not list(history.before(0).metrics.outputs[0])


async def test_7_shows_the_steps_and_a_single_example_has_them_first() -> None:
    async with opened("3-4-1") as pilot:
        await pilot.press("s", "s")
        await until(pilot, lambda: "0.758" in text(pilot, "steps") and "0.648 ✓" in text(pilot, "steps"))
    async with opened("xor", (80, 24)) as pilot:
        await pilot.press("s", "7")
        await until(pilot, lambda: "correct" in text(pilot, "steps"))


def test_a_sparkline_begins_at_0_unless_all_numbers_are_far_above_it() -> None:
    assert sparkline([(0, 1.0), (1, 0.5), (2, 0.0)], 9) == "█▅▁"
    assert sparkline([(0, 0.298), (1, 0.291)], 9) == "█▁"  # not two full blocks, which say nothing
    assert sparkline([(0, -1.0), (1, 1.0)], 9) == "▁█" and sparkline([(0, 1.0)], 9) == ""


async def test_after_an_edit_is_undone_its_later_steps_have_no_mark() -> None:
    async with opened("3-4-1") as pilot:
        verbs = dashboard(pilot).verbs
        verbs.change(Change(Quantity.parse("w1[2,1]"), 0.5))
        verbs.step(StepUnit.UPDATE)
        await until(pilot, lambda: "0.707" in text(pilot, "steps"))
        for _ in range(2):
            verbs.back(StepUnit.UPDATE)
        await until(pilot, lambda: "edit undone" in text(pilot, "status"))

        await until(pilot, lambda: "0.521 ✓" in text(pilot, "steps"))

        assert "0.707" in text(pilot, "steps") and "✗" not in text(pilot, "steps")
