"""The table that compares two branches: what was changed, what came of it, and the parameters that differ most."""

import pytest

from nn_tui.core.notation.notation import Notation
from nn_tui.core.timeline.branch import Comparison
from nn_tui.core.timeline.timeline import Timeline
from nn_tui.core.training.changes import Change
from nn_tui.tui.dialogs.reading_dialogs import Compare
from nn_tui.tui.text.branch_table import ComparisonTable
from nn_tui.tui.text.numbers import plain, signed

from ..helpers import app as screen
from ..helpers.experiments import experiment_of
from ..helpers.pages import text_of
from ..helpers.quantities import change_of


def step(timeline: Timeline, steps: int) -> None:
    for _ in range(steps):
        timeline.keep(timeline.update())


def compared(name: str, *changes: Change, at: int = 2, steps: int = 3) -> Comparison:
    """A branch with these changes beside one without."""
    timeline = Timeline(experiment_of(name))
    step(timeline, at + steps)
    timeline.go_to(at)
    for change in changes:
        timeline.change(change)
    step(timeline, steps)
    found = timeline.compare()
    assert found
    return found


def table(comparison: Comparison, room: int = 70) -> ComparisonTable:
    return ComparisonTable(comparison, Notation.SUPERSCRIPT, 6, room)


@pytest.mark.parametrize(
    ("change", "names", "text"),
    [
        (Change("learning_rate", 2.0), ("η 2", "η 0.5"), "learning rate 0.5 → 2 at step 2"),
        (Change("optimizer", "adam"), ("adam", "sgd"), "optimizer sgd → adam at step 2"),
        (Change("batch_size", 2), ("batch 2", "batch 4"), "batch size 4 → 2 at step 2"),
        (Change("activation", "relu"), ("relu", "tanh"), "activation tanh → relu at step 2"),
        (change_of("w2[1,3]", 0.25), ("w²₁₃ 0.25", "w²₁₃ unedited"), "w²₁₃ "),
        (change_of("x[1]@2", 0.25), ("x₁⁽²⁾ 0.25", "x₁⁽²⁾ 0"), "x₁⁽²⁾ 0 → 0.25 at step 2"),
    ],
)
def test_branches_are_named_by_what_differs(change: Change, names: tuple[str, str], text: str) -> None:
    shown = table(compared("xor", change))

    assert shown.names[0] == names[0] and shown.names[1].startswith(names[1])
    lines = text_of(shown)
    assert lines[0].startswith(f"{names[0]}  ") and text in lines[0] and lines[1].endswith("  no change")


def test_branches_with_the_same_changes_are_named_by_their_numbers() -> None:
    timeline = Timeline(experiment_of("xor"))
    step(timeline, 4)
    for at in (2, 3):
        timeline.go_to(at)
        timeline.change(Change("learning_rate", 2.0))
        step(timeline, 1)
        timeline.branch = timeline.branches[0]
        timeline.go_to(4)
    timeline.branch = timeline.branches[1]
    timeline.go_to(3)
    found = timeline.compare()

    assert found and table(found).names == ("branch 2", "branch 3")


def test_the_figures_are_those_of_each_branch_and_parameters_stand_by_the_size_of_their_difference() -> None:
    comparison = compared("xor", Change("learning_rate", 2.0))
    ours, theirs = comparison.ours.training, comparison.theirs.training

    lines = text_of(table(comparison))

    (loss,) = (line.split() for line in lines if line.startswith("loss "))
    found = [each.trainer.evaluate(each.state, each.trainer.train).loss for each in (ours, theirs)]
    assert loss == ["loss", *(plain(each) for each in found), signed(found[0] - found[1])]
    rows = lines[lines.index(next(line for line in lines if line.startswith("Parameters by"))) + 1 :]
    differences = [float(row.split()[3].replace("−", "-")) for row in rows]
    assert len(rows) == ours.state.parameters.size
    assert [abs(each) for each in differences] == sorted(map(abs, differences), reverse=True)
    assert rows[0].endswith("━" * 10) and max(abs(ours.state.parameters - theirs.state.parameters)) == pytest.approx(
        abs(differences[0]), abs=1e-6
    )


def test_where_the_other_branch_ends_before_both_are_compared_at_its_last_step() -> None:
    timeline = Timeline(experiment_of("xor"))
    step(timeline, 3)
    timeline.go_to(2)
    timeline.change(Change("learning_rate", 2.0))
    step(timeline, 5)

    found = timeline.compare()

    assert found
    assert found.ends_before and found.ours.training.state.step == found.theirs.training.state.step == 3
    lines = [line.split() for line in text_of(table(found))]
    assert ["step", "3", "3"] in lines and ["η", "0.5", "ends", "at", "step", "3"] in lines
    assert not compared("xor", Change("learning_rate", 2.0)).ends_before


def test_held_out_examples_are_compared_too_and_a_narrow_table_has_fewer_decimals() -> None:
    comparison = compared("iris", Change("optimizer", "sgd"), steps=20)
    wide, narrow = table(comparison, 90), table(comparison, 52)

    assert any(line.startswith("held-out loss") for line in text_of(wide))
    assert narrow.width <= 58 and wide.width <= 90
    assert any(line.startswith("setosa") for line in text_of(wide))


async def test_where_there_is_room_the_losses_of_both_branches_are_drawn_above_the_figures() -> None:
    async with screen.opened("3-4-1") as pilot:
        await screen.step_to(pilot, 3)
        await pilot.press("b", "b", "plus", "s", "O")
        await screen.until_shown(pilot, Compare)
        page = screen.text_of(pilot.app.screen.query_one("#comparison"))
        await pilot.resize_terminal(80, 24)
        await screen.settle(pilot)

        lines = page.splitlines()
        figures = next(n for n, line in enumerate(lines) if "difference" in line)
        assert sum("●" in line or "◆" in line for line in lines[:figures]) >= 2 and any(
            "η 0.5" in line for line in lines[3:10]
        )
        assert "●" not in screen.text_of(pilot.app.screen.query_one("#comparison"))
