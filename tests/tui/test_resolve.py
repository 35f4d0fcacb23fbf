"""Every number on the screen can be explained, and the explanation comes to it, whatever the stage."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nn_tui.core.debugger.debugger import Debugger
from nn_tui.core.debugger.facts import Nudge
from nn_tui.core.debugger.snapshot import Snapshot
from nn_tui.core.debugger.stage import Phase, Stage, StepUnit
from nn_tui.core.gradient_check import Verdict, check_snapshot
from nn_tui.core.notation.notation import Notation
from nn_tui.core.quantities.formula import EXACT, agrees
from nn_tui.core.quantities.quantity import Kind
from nn_tui.core.training.changes import Change
from nn_tui.core.training.trainer import Trainer
from nn_tui.core.training.training import Experiment
from nn_tui.tui.exports import number_file
from nn_tui.tui.text.data_names import DataNames
from nn_tui.tui.text.editable import editable, nudge_text
from nn_tui.tui.text.gradient_table import GradientTable
from nn_tui.tui.text.numbers import plain, signed
from nn_tui.tui.text.parameter_table import ParameterTable
from nn_tui.tui.text.resolve import ShownExplanations, explain_shown
from nn_tui.tui.text.spans import Page, Span

from ..helpers.experiments import experiment, experiment_of
from ..helpers.fuzz import FUZZ
from ..helpers.network import sheet_of
from ..helpers.quantities import change_of, quantity, shown_by


def walk_through(of: Experiment, phases: int) -> Iterator[tuple[Debugger, Snapshot]]:
    debugger = Debugger(of)
    debugger.look(Stage(Phase.FORWARD, 0))
    for _ in range(phases):
        assert debugger.snapshot
        yield debugger, debugger.snapshot
        debugger.step(StepUnit.PHASE)


def numbers_of(page: Page) -> Iterator[Span]:
    for y in range(page.height):
        for span in page.line(y):
            if span.quantity and "·" not in span.text:
                yield span


def shows(text: str, value: float) -> bool:
    """Whether a text is a number to as many digits as it has."""
    mantissa, _, exponent = text.strip().replace("−", "-").partition("e")
    last_place = 10.0 ** (int(exponent or 0) - len(mantissa.partition(".")[2]))
    return abs(float(text.replace("−", "-")) - value) <= 0.501 * last_place or text.strip() == signed(value).strip()


def gradient_table(trainer: Trainer, snapshot: Snapshot, decimals: int | None) -> GradientTable:
    return GradientTable(snapshot, 0, DataNames.of(trainer, Notation.COUNTED), decimals or 5)


@pytest.mark.parametrize("name", ["3-4-1", "2-3-1", "2-2-2-1", "mazur", "xor"])
@pytest.mark.parametrize("decimals", [None, 3, 8])
def test_what_is_shown_is_what_is_explained(name: str, decimals: int | None) -> None:
    for debugger, snapshot in walk_through(experiment_of(name), 17):
        trainer = debugger.timeline.trainer
        for span in numbers_of(gradient_table(trainer, snapshot, decimals)):
            assert shows(span.text, explain_shown(trainer, snapshot, shown_by(span)).value)
        for y in range((table := ParameterTable(snapshot, trainer, decimals=decimals or 6)).height):
            for span in table.line(y):
                if span.quantity and "·" not in span.text:
                    assert shows(span.text, explain_shown(trainer, snapshot, shown_by(span)).value)
        drawn = sheet_of(trainer, snapshot, (140, 50), decimals=decimals or 3)
        for span in numbers_of(drawn):
            if shown_by(span).kind is Kind.W:
                value = explain_shown(trainer, snapshot, shown_by(span)).value
                shown = float(span.text.replace("−", "-"))
                assert shown == pytest.approx(value, abs=0.6 * 10.0 ** -len(span.text.partition(".")[2]))


@pytest.mark.parametrize("optimizer", ["momentum", "adagrad", "adam", "adadelta"])
def test_what_the_optimizer_remembers_is_explained_as_it_is_shown(optimizer: str) -> None:
    of = experiment(training__optimizer=optimizer, training__learning_rate=0.1, training__penalty={"l2": 0.1})
    for debugger, snapshot in walk_through(of, 15):
        table = ParameterTable(snapshot, debugger.timeline.trainer)
        assert "penalty" in table.columns and len(table.columns) > 4
        for y in range(table.height):
            for span in table.line(y)[5:]:
                if span.quantity:
                    found = explain_shown(debugger.timeline.trainer, snapshot, shown_by(span))
                    assert shows(span.text, found.value)


CHANGES = [
    change_of("w1[1,1]", 0.3),
    Change("learning_rate", 0.1),
    Change("activation", "tanh"),
    Change("activation", "relu"),
    Change("loss", "mse"),
    Change("optimizer", "adam"),
    Change("optimizer", "momentum"),
    change_of("x[1]@1", 0.2),
    change_of("y[1]@1", 0.4),
    change_of("batch_size", 1),
]
VERBS: list[Callable[[Debugger], object]] = [
    *(partial(verb, unit=unit) for verb in (Debugger.step, Debugger.back) for unit in StepUnit),
]


@given(st.sampled_from(["xor", "3-4-1"]), st.lists(st.sampled_from([*VERBS * 3, *CHANGES]), max_size=10))
@settings(max_examples=FUZZ // 8, suppress_health_check=[HealthCheck.too_slow])
def test_after_any_verbs_and_changes_what_is_shown_is_explained_and_checked(
    name: str, verbs: list[Callable[[Debugger], object] | Change]
) -> None:
    debugger = Debugger(experiment_of(name))
    debugger.step(StepUnit.PHASE)
    for verb in verbs:
        debugger.change(verb) if isinstance(verb, Change) else verb(debugger)
    snapshot, trainer = debugger.snapshot, debugger.timeline.trainer
    assert snapshot

    shown = list(numbers_of(gradient_table(trainer, snapshot, 6)))
    table = ParameterTable(snapshot, trainer)
    shown += [line[1] for line in map(table.line, range(table.height)) if line[1].quantity]
    for span in shown:
        found = explain_shown(trainer, snapshot, shown_by(span))
        assert shows(span.text, found.value)
        assert all(agrees(each.expression, each.value, EXACT) for each in found.equations)
        assert number_file(trainer, snapshot, shown_by(span)).decode().split(" = ")[1] == f"{found.value!r}\n"
    shown_gradients = {shown_by(span): span.text.strip() for span in shown if shown_by(span).kind is Kind.DW}
    for check in check_snapshot(trainer, snapshot):
        assert check.verdict is not Verdict.WRONG
        assert shows(shown_gradients.get(check.quantity, signed(check.gradient)), check.gradient)


def test_what_an_update_made_is_copied_by_its_name_on_the_screen() -> None:
    debugger = Debugger(experiment_of("3-4-1"))
    for _ in range(5):
        debugger.step(StepUnit.PHASE)
    assert debugger.snapshot and debugger.snapshot.updated

    copied = number_file(debugger.timeline.trainer, debugger.snapshot, quantity("w1[1,1]")).decode()

    assert copied.startswith("w1[1,1] = 0.1981948")


def test_a_parameter_that_was_edited_says_so() -> None:
    debugger = Debugger(experiment_of("3-4-1"))
    debugger.step(StepUnit.PHASE)
    debugger.step()
    debugger.change(change_of("w1[1,1]", 0.5))
    assert debugger.snapshot

    found = explain_shown(debugger.timeline.trainer, debugger.snapshot, quantity("w1[1,1]"))

    assert found.value == 0.5 and "edited since the last update" in found.note


def test_what_can_be_edited() -> None:
    of = experiment(training__batch_size=2)
    debugger = Debugger(of)
    debugger.step(StepUnit.PHASE)
    snapshot = debugger.snapshot
    assert snapshot
    row = of.trainer.batches.examples_of(0, 0)[1]

    assert editable(of.trainer, snapshot, quantity("dw1[2,1]")) == (
        quantity("w1[2,1]"),
        float(of.start.W[0][1, 0]),
        None,
    )
    given = (quantity(f"x[2]@{row + 1}"), float(of.trainer.train.X[row, 1]), row + 1)
    assert editable(of.trainer, snapshot, quantity("x[2]@2")) == given
    for name in ("a1[1]@1", "loss", "m-w1[1,1]", "dz1[1]@1"):
        with pytest.raises(ValueError, match="only weights, biases, inputs and targets"):
            editable(of.trainer, snapshot, quantity(name))
    with pytest.raises(ValueError, match="expected one of the 2 examples of this batch, got number 3"):
        editable(of.trainer, snapshot, quantity("x[1]@3"))


def test_a_nudge_is_reported_with_both_changes_of_the_loss() -> None:
    labels = experiment_of("3-4-1").trainer.network.names.labels(Notation.SUPERSCRIPT)

    text = nudge_text(Nudge(quantity("w1[1,1]"), 0.01, -0.0012, -0.00119), labels)

    assert text == "w¹₁₁ +0.0100: loss predicted −0.00120, actual −0.00119"
    small = nudge_text(Nudge(quantity("w1[1,1]"), 0.0018, -6.92e-5, -6.89e-5), labels)
    assert small == "w¹₁₁ +0.00180: loss predicted −0.0000692, actual −0.0000689"


def test_stages_of_a_step_do_not_change_what_is_computed() -> None:
    debugger = Debugger(experiment_of("3-4-1"))
    debugger.step(StepUnit.PHASE)
    assert debugger.snapshot
    other = replace(debugger.snapshot, stage=Stage(Phase.BACKWARD, 1))

    assert plain(explain_shown(debugger.timeline.trainer, other, quantity("dw2[1,1]")).value) == "−0.404965"


def test_each_number_is_explained_once_until_another_snapshot_is_shown() -> None:
    explanations, debugger = ShownExplanations(), Debugger(experiment_of("3-4-1"))
    debugger.look(Stage(Phase.BACKWARD))
    trainer, number = debugger.timeline.trainer, quantity("w1[1,1]")
    assert (before := debugger.snapshot)

    first = explanations.of(trainer, before, number)
    again = explanations.of(trainer, before, number)
    debugger.step(StepUnit.UPDATE)
    assert (after := debugger.snapshot)
    following = explanations.of(trainer, after, number)

    assert again is first
    assert following.value == explain_shown(trainer, after, number).value != first.value
    assert explanations.of(trainer, before, number).value == first.value
