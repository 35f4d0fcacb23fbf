"""Numbers, safe text, tables, the status line and the chart, all as text."""

import dataclasses
import unicodedata
from itertools import repeat

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from nn_tui.core.data.dataset import Evaluation
from nn_tui.core.debugger.facts import Activity, TimelineStatus
from nn_tui.core.debugger.stage import UPDATE, WHOLE_BACKWARD, Phase, Stage
from nn_tui.core.quantities.quantity import DATA, OF_A_WEIGHT, OF_THE_BATCH, Kind, Quantity
from nn_tui.core.training.changes import Change
from nn_tui.presets.catalogue import find
from nn_tui.presets.printed_figures import PrintedFigures
from nn_tui.presets.schema import Published
from nn_tui.tui.dashboard.view_maker import Score
from nn_tui.tui.text.captions import dead_text, example_values
from nn_tui.tui.text.chart import Curves, chart
from nn_tui.tui.text.data_names import DataNames
from nn_tui.tui.text.finding import is_among, quantities_of
from nn_tui.tui.text.gradient_table import GradientTable
from nn_tui.tui.text.numbers import ago, count, percent, plain, short, signed, significant
from nn_tui.tui.text.parameter_table import ParameterTable
from nn_tui.tui.text.safe import safe
from nn_tui.tui.text.spans import Lines, Page, Span
from nn_tui.tui.text.status_lines import Status

from ..helpers.experiments import experiment, experiment_of
from ..helpers.fuzz import FUZZ
from ..helpers.pages import snapshot_after, snapshot_of


def text_of(page: Page) -> list[str]:
    return ["".join(span.text for span in page.line(y)).rstrip() for y in range(page.height)]


def styles_of(page: Page, text: str) -> set[tuple[str, ...]]:
    return {span.styles for y in range(page.height) for span in page.line(y) if text in span.text}


@pytest.mark.parametrize(
    ("number", "decimals", "text"),
    [
        (0.17886284, 6, "+0.178863"),
        (-0.5, 6, "−0.500000"),
        (0.0, 6, " 0.000000"),
        (0.000012345678, 6, "+1.23e−05"),
        (123456.7, 6, "+1.23e05"),
        (12.3456789, 6, "+12.345679"),
        (1234.56789, 6, "+1234.5679"),
        (-99.5, 5, "−99.50000"),
        (-999.5, 5, "−999.5000"),
        (-0.0004, 3, "−4e−04"),
        (0.04, 3, "+0.040"),
        (float("inf"), 6, "+inf"),
        (float("nan"), 6, " nan"),
    ],
)
def test_signed_numbers(number: float, decimals: int, text: str) -> None:
    assert signed(number, decimals) == text


@given(number=st.floats(-1e307, 1e307))
def test_a_number_in_a_table_fits_its_column_and_reads_back(number: float) -> None:
    text = signed(number)

    assert len(text) <= 11 and len(signed(number, 5)) <= 10
    value = float(text.replace("−", "-"))
    assert value == pytest.approx(number, rel=0.006, abs=1e-300)


def test_other_numbers() -> None:
    assert (plain(-1.5, 2), short(0.00001), short(0.5), count(1234567.8), percent(0.975)) == (
        "−1.50",
        "1e−5",
        "0.5",
        "1 234 568",
        "97.5 %",
    )


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (59.9, "just now"),
        (60, "a minute ago"),
        (119.9, "a minute ago"),
        (120, "2 minutes ago"),
        (3599.9, "59 minutes ago"),
        (3600, "an hour ago"),
        (86_399, "23 hours ago"),
        (86_400, "a day ago"),
        (172_700, "a day ago"),
        (864_000, "10 days ago"),
    ],
)
def test_a_time_ago_is_in_whole_units_that_have_passed(seconds: float, text: str) -> None:
    assert ago(seconds) == text


@given(text=st.text())
def test_safe_text_has_no_character_that_steers_or_hides(text: str) -> None:
    harmless = safe(text)

    assert harmless.isprintable()
    assert not any(unicodedata.category(each) in ("Cc", "Cf", "Cs", "Zl", "Zp") for each in harmless)


@given(text=st.text(st.characters(min_codepoint=32, max_codepoint=126)))
def test_safe_leaves_plain_text_as_it_is(text: str) -> None:
    assert safe(text) == text


def test_safe_shows_what_was_there() -> None:
    assert safe("[/nope] \x1b]2;x\x07") == "[/nope] \\x1b]2;x\\x07"
    assert safe("a\u202eb\u200bc\ufe0f") == "a\\u202eb\\u200bc\\ufe0f"


def test_the_parameter_table_after_one_update() -> None:
    of = experiment_of("3-4-1")
    page = ParameterTable(snapshot_after(of, 6), of.trainer)

    lines = text_of(page)

    assert len(lines) == 21 + 1
    assert lines[0].split() == ["value", "gradient", "next"]
    # The weight after an update, the gradient there, and the weight after one more: 0.198195 − 0.5 · (−0.059881).
    assert lines[1].split() == ["w¹₁₁", "+0.198195", "−0.059881", "+0.228136"]
    assert lines[-1].split() == ["b²₁", "+0.239556", "−0.352172", "+0.415642"]


def test_the_parameter_table_before_anything_but_a_forward_pass() -> None:
    of = experiment_of("3-4-1")

    lines = text_of(ParameterTable(snapshot_after(of, 0), of.trainer))

    assert lines[1].split() == ["w¹₁₁", "+0.178863", "·", "·"]


def test_a_fixed_shared_bias_is_reported() -> None:
    of = experiment_of("mazur")

    lines = text_of(ParameterTable(snapshot_after(of, 6), of.trainer))

    assert [line.split()[0] for line in lines if line.startswith("b")] == ["b¹₁", "b²₁"]
    assert lines[5].split()[-1] == "fixed"


def test_after_an_update_the_table_shows_what_there_was_before() -> None:
    of = experiment_of("3-4-1")

    lines = text_of(ParameterTable(snapshot_after(of, 3), of.trainer))

    assert lines[0].split() == ["value", "gradient", "before"]
    assert lines[1].split() == ["w¹₁₁", "+0.198195", "−0.038664", "+0.178863"]


def test_a_printed_figure_is_beside_the_computed_number() -> None:
    of, figures = experiment_of("3-4-1"), PrintedFigures.of(find("3-4-1").published)
    wrong = PrintedFigures.of([Published(step=0, quantity="dw2[1,1]", value=-0.4, decimals=3)])

    narrow = text_of(ParameterTable(snapshot_after(of, 2), of.trainer, printed=figures, room=44))
    wide = text_of(ParameterTable(snapshot_after(of, 2), of.trainer, printed=figures, room=76))
    differs = text_of(ParameterTable(snapshot_after(of, 2), of.trainer, printed=wrong, room=44))

    assert narrow[1].split() == ["w¹₁₁", "+0.178863", "✓", "−0.038664", "╸", "+0.198195"]
    assert "✓" not in narrow[13] and max(map(len, narrow)) == 44  # the article prints no bias
    assert wide[1].split()[:5] == ["w¹₁₁", "+0.178863", "0.179", "✓", "−0.038664"]
    assert differs[17].split()[:4] == ["w²₁₁", "+0.088132", "−0.404965", "✗"]


def test_a_bar_shows_the_size_of_a_gradient_and_its_colour_the_sign() -> None:
    of = experiment_of("3-4-1")
    page = ParameterTable(snapshot_after(of, 2), of.trainer, room=44)

    spans = [span for y in (10, 17, 21) for span in page.line(y) if span.text and set(span.text) <= {*"━╸"}]

    # 0.031891 and 0.404965 beside the largest, 0.479112.
    assert [span[:2] for span in spans] == [("╸", ("plus-2",)), ("━━━━━━━", ("minus-2",)), ("━" * 8, ("minus-2",))]


def test_bars_are_seen_where_what_the_optimizer_remembers_finds_no_room() -> None:
    of = experiment_of("moons")

    lines = text_of(ParameterTable(snapshot_after(of, 2), of.trainer, room=44))

    # Value, gradient and the next value fill the room; m and v are left out whole.
    assert lines[0].split() == ["value", "gradient", "next"] and max(map(len, lines)) <= 44
    assert any("━" in line[:34] for line in lines)


def test_the_tables_name_inputs_and_classes_where_there_is_room() -> None:
    of = experiment_of("iris")
    snapshot = snapshot_after(of, 2)

    parameters = text_of(ParameterTable(snapshot, of.trainer, room=76))
    gradients = text_of(GradientTable(snapshot, 0, DataNames.of(of.trainer)))

    assert parameters[1].endswith("  sepal length → a¹₁") and parameters[41].endswith("  a¹₁ → setosa")
    assert [line.split()[0] for line in gradients[9:12]] == ["setosa", "versicolor", "virginica"]


def test_the_line_of_the_number_under_the_cursor_is_marked() -> None:
    of = experiment_of("3-4-1")
    chosen = Quantity.parse("w1[1,2]")

    page = ParameterTable(snapshot_after(of, 2), of.trainer, selected=chosen, room=60)

    marked = [y for y in range(page.height) if all("selected" in span.styles for span in page.line(y))]
    assert marked == [2] and sum(len(span.text) for span in page.line(2)) == 60


def test_ages_are_styles() -> None:
    of = experiment_of("3-4-1")

    page = ParameterTable(snapshot_after(of, 3), of.trainer)

    assert styles_of(page, "+0.198195") == {("value", "new")}
    assert styles_of(page, "−0.038664") == {("value", "stale")}


def test_the_gradient_table() -> None:
    of = experiment_of("3-4-1")

    lines = text_of(GradientTable(snapshot_after(of, 2), 0, DataNames.of(of.trainer)))

    assert lines[0].split() == ["z", "a", "∂E/∂a", "∂E/∂z"]
    assert lines[1].split() == ["a¹₁", "+1.69775", "+0.84524", "−0.04223", "−0.00552"]
    assert lines[5].split() == ["ŷ₁", "+0.08360", "+0.52089", "−1.91980", "−0.47911"]
    assert lines[7:9] == ["∂E/∂W¹: to a row, from a column", f"{'x₁':>13}{'x₂':>9}{'x₃':>9}"]
    assert lines[12].split() == ["a¹₄", "+0.03189", "+0.03645", "+0.04556"]


def test_the_gradient_table_shows_one_example_of_a_batch() -> None:
    of = experiment(training__batch_size="all")
    snapshot, names = snapshot_after(of, 2), DataNames.of(of.trainer)

    for example in range(4):
        z = snapshot.forward.z[0][example, 0]
        assert text_of(GradientTable(snapshot, example, names))[1].split()[1] == signed(float(z), 5).strip()


def test_gradients_of_the_batch_are_called_so_beside_those_of_an_example() -> None:
    of = experiment(training__batch_size="all")

    lines = text_of(GradientTable(snapshot_after(of, 2), 0, DataNames.of(of.trainer), room=76))
    narrow = text_of(GradientTable(snapshot_after(of, 2), 0, DataNames.of(of.trainer), room=44))

    assert lines[0].split("  ")[-1] == "∂L/∂b, batch" and "∂L/∂W¹, batch: to a row, from a column" in lines
    assert narrow[0].split() == ["z", "a", "∂L/∂a", "∂L/∂z"]


ROWS = 25
"""Rows of a tall page that are looked at, as far apart as its height says."""


@settings(deadline=None, max_examples=FUZZ // 3)
@given(
    layers=st.lists(st.integers(1, 30), min_size=2, max_size=4),
    ends=st.tuples(st.integers(0, 300), st.integers(0, 300)),
)
def test_a_part_of_a_line_is_what_is_there(layers: list[int], ends: tuple[int, int]) -> None:
    of = experiment(
        network__layers=layers, data__inputs=[[0.5] * layers[0]] * 2, data__targets=[[1.0] * layers[-1]] * 2
    )
    snapshot, (first, last) = snapshot_after(of, 2), sorted(ends)
    page = GradientTable(snapshot, 0, DataNames.of(of.trainer))

    for y in range(0, page.height, 1 + page.height // ROWS):
        begin, part = page.part(y, first, last + 1)
        whole = [each for span in page.line(y) for each in zip(span.text, repeat(span[1:]))]
        told = [each for span in part for each in zip(span.text, repeat(span[1:]))]
        assert told == whole[begin : begin + len(told)]
        assert begin <= first and begin + len(told) >= min(last + 1, len(whole)) or first >= len(whole)


def status(number: int, activity: Activity = Activity.PAUSED) -> Status:
    of = experiment_of("3-4-1-marks")
    return Status(
        name="3-4-1",
        title="A title",
        activity=activity,
        snapshot=snapshot_after(of, number),
        trainer=of.trainer,
        test=None,
        updates_per_second=12345.6,
        decimals=6,
    )


def header(of: Status, width: int) -> str:
    (line,) = text_of(Lines([of.header(width)]))
    return line


def test_the_header_shows_what_how_and_where() -> None:
    line = header(status(2, Activity.RUNNING), 120)

    assert line.startswith("3-4-1  A title    loss 0.714827")
    assert line.endswith("12 346 updates/s  η 0.5  ▶ running  step 0")
    tested = header(replace(status(2), test=Evaluation(0.5, 0.75), decimals=None), 160)
    assert "loss 0.715     held-out loss 0.500  held-out 75.0 %" in tested


@pytest.mark.parametrize(
    ("loss", "text"),
    [(0.65222, "0.652"), (0.05234, "0.0523"), (0.0017347, "0.00173"), (0.00041234, "0.000412"), (0.00004, "4.00e−05")],
)
def test_a_small_loss_shows_three_digits_and_moves_nothing_beside_it(loss: float, text: str) -> None:
    shown = replace(status(2), decimals=None, test=Evaluation(loss, None))
    backward = shown.snapshot.backward
    backward = dataclasses.replace(backward, forward=dataclasses.replace(backward.forward, loss=loss))

    line = header(replace(shown, snapshot=dataclasses.replace(shown.snapshot, backward=backward)), 160)

    assert f"loss {text:<8}  held-out loss {text}" in line


def test_the_correct_examples_are_counted_at_the_forward_pass_that_is_shown() -> None:
    of, score = experiment_of("xor"), Score()
    stages = (WHOLE_BACKWARD, 0), (UPDATE, 0), (Stage(Phase.FORWARD, 0), 1), (WHOLE_BACKWARD, 1)
    snapshots = [snapshot_of(of, step, stage) for stage, step in stages]

    counts = [score.of(of.trainer, each, is_running=False) for each in snapshots]

    assert counts == [(2, 4), (2, 4), (2, 4), (3, 4)]
    shown = replace(status(0), snapshot=snapshots[1], trainer=of.trainer, correct=counts[1])
    line = shown.header(120)
    assert "correct 2 of 4" in text_of(Lines([line]))[0] and Span("2", ("value", "stale")) in line
    assert score.of(of.trainer, snapshot_of(of, 0, Stage(Phase.FORWARD, 0)), is_running=False) is None


def test_after_a_step_back_the_newest_step_is_beside_the_step() -> None:
    line = header(replace(status(2), place=TimelineStatus(1, (1,), 3, ())), 120)

    assert "step 0 of 3  " in line


@pytest.mark.parametrize("width", [60, 80, 120, 200])
def test_the_header_fits_and_keeps_what_matters(width: int) -> None:
    line = header(status(5), width)

    assert len(line) == width
    assert line.startswith("3-4-1  ") and "‖ paused  step 1" in line


@pytest.mark.parametrize("width", [60, 80, 120])
def test_the_header_keeps_the_learning_rate_and_says_of_how_many_steps_it_is(width: int) -> None:
    edit = Change("learning_rate", 1.0)
    at = status(5)
    line = header(replace(at, place=TimelineStatus(2, (1, 2), 6, ((1, edit),), 1)), width)

    assert "η 0.5  ‖ paused  step 1 of 6" in line
    undone = header(replace(at, place=TimelineStatus(1, (1,), 1, ((1, edit),), 0)), 120)
    later = header(replace(at, place=TimelineStatus(1, (1,), 3, ((3, edit),), 0)), 120)
    assert "edit undone" in undone and "edit" not in later


def test_an_answer_has_priority_over_what_it_leaves_no_room_for() -> None:
    (line,) = text_of(Lines([status(5).header(100, "w¹₁₁ +0.0018: loss predicted −0.0000692")]))

    assert line.startswith("3-4-1  w¹₁₁ +0.0018: loss predicted −0.0000692 ") and "A title" not in line


def test_a_layer_that_another_batch_activates_is_not_called_dead() -> None:
    network = {"init": None, "weights": [[[1, 1]], [[0.5]]], "layers": [2, 1, 1], "activations": ["relu", "sigmoid"]}
    dead, alive = (
        experiment(
            training__shuffle=False,
            network__biases=[[bias], [0]],
            **{f"network__{name}": value for name, value in network.items()},
        )
        for bias in (-2, -1)
    )

    told = [dead_text(of.trainer, snapshot_after(of, 0)) for of in (dead, alive)]

    assert told == ["layer 1: every ReLU is dead for every example; its gradients stay 0", ""]


def test_a_chart_has_both_curves_and_its_own_labels() -> None:
    train = [(step, 1 / (1 + step)) for step in range(1000)]
    lines = chart(Curves(train, train[::10]), 60, 12).lines

    assert len(lines) == 12
    assert any("batch" in line for line in lines) and any("held out" in line for line in lines)
    assert "0.4" in "".join(lines) and "500" in lines[-1]


@pytest.mark.parametrize(
    "points",
    [[], [(0, 1.0)], [(0, 1.0), (1, 1.0)], [(0, 1e300), (1, 1e-300)], [(0, float("inf")), (1, 2.0)], [(5, 0.0)]],
)
def test_a_chart_of_odd_points(points: list[tuple[int, float]]) -> None:
    assert len(chart(Curves(points), 40, 8).lines) == 8


@pytest.mark.parametrize("preset", ["2-2-1", "2-3-1", "xor"])
def test_what_is_found_in_a_panel_is_what_is_offered(preset: str) -> None:
    network = experiment_of(preset).trainer.network
    offered = set(quantities_of(network))
    kinds = {each.kind for each in offered} | {Kind.PENALTY}
    near = [
        Quantity(kind, layer, to, from_ if kind in OF_A_WEIGHT else None)
        for kind in kinds
        for layer in (range(-1, 4) if kind not in DATA and kind not in OF_THE_BATCH else [0])
        for to in range(-1, 5)
        for from_ in range(-1, 5)
    ]
    assert {each for each in near if is_among(each, network)} == offered
    assert not is_among(Quantity.parse("last-w1[1,1]"), network)


def test_the_inputs_and_the_target_of_an_example_are_said_in_a_line() -> None:
    of = experiment_of("xor")

    assert example_values(snapshot_after(of, 0), 1, DataNames.of(of.trainer)) == "x₁ 0  x₂ 1 → 1"


def test_a_price_in_the_caption_of_an_example_has_all_its_digits() -> None:
    of = experiment(data__inputs=[[3.14159, 1]] * 4, data__targets=[[148453]] * 4, training__loss="mse")

    assert example_values(snapshot_after(of, 0), 0, DataNames.of(of.trainer)) == "x₁ 3.14  x₂ 1 → 148453"


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (0.652221, "0.652"),
        (0.05234, "0.0523"),
        (0.000412, "0.000412"),
        (4.12e-5, "4.12e−05"),
        (1.0, "1.000"),
        (99_999.0, "99999"),
        (123_456.0, "1.23e05"),
        (2.34e302, "2.34e302"),
        (-2.34e302, "−2.34e302"),
        (float("nan"), "nan"),
    ],
)
def test_a_number_has_three_significant_digits_however_small_or_large(number: float, text: str) -> None:
    assert significant(number) == text
