"""Numbers, safe text, tables, the diagram, the status line and the chart, all as text."""

import unicodedata
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nn_tui.core.notation import Labels, Notation
from nn_tui.core.running.mailbox import Activity, Mailbox
from nn_tui.core.running.moment import Moment
from nn_tui.core.running.stage import LOSS, UPDATE, WHOLE_BACKWARD, WHOLE_FORWARD
from nn_tui.core.running.walk import Walk
from nn_tui.core.training.experiment import Experiment
from nn_tui.tui.text.chart import Curves, chart
from nn_tui.tui.text.diagram import diagram, shown
from nn_tui.tui.text.gradients import GradientTable
from nn_tui.tui.text.numbers import count, percent, plain, short, signed
from nn_tui.tui.text.parameters import ParameterTable
from nn_tui.tui.text.safe import safe
from nn_tui.tui.text.spans import Page
from nn_tui.tui.text.status import Status

from ..experiments import experiment, experiment_of


def moment_of(of: Experiment, number: int) -> Moment:
    """The moment after so many phases, four a step."""
    steps, phase = divmod(number, 4)
    walk = Walk(of, Mailbox())
    walk.look(WHOLE_BACKWARD)
    for _ in range(steps):
        walk.next_step()
    if phase == 3:
        walk.next_phase()
    assert walk.moment
    return replace(walk.moment, stage=(WHOLE_FORWARD, LOSS, WHOLE_BACKWARD, UPDATE)[phase])


def labels_of(of: Experiment) -> Labels:
    return Labels(Notation.SUPERSCRIPT, of.trainer.network)


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
    page = ParameterTable(moment_of(of, 6), of.trainer)

    lines = text_of(page)

    assert len(lines) == 21 + 2
    assert lines[0].split() == ["layer", "1", "value", "gradient", "change"]
    # The weight after an update, the gradient there, and the change −0.5 · (−0.0386640) that led there.
    assert lines[1].split() == ["w¹₁₁", "+0.198195", "−0.059881", "+0.019332"]
    assert lines[-1].split() == ["b²₁", "+0.239556", "−0.352172", "+0.239556"]


def test_the_parameter_table_before_anything_but_a_forward_pass() -> None:
    of = experiment_of("3-4-1")

    lines = text_of(ParameterTable(moment_of(of, 0), of.trainer))

    assert lines[1].split() == ["w¹₁₁", "+0.178863", "·", "·"]


def test_a_fixed_shared_bias_is_told() -> None:
    of = experiment_of("mazur")

    lines = text_of(ParameterTable(moment_of(of, 6), of.trainer))

    assert [line.split()[0] for line in lines if line.startswith("b")] == ["b¹₁", "b²₁"]
    assert lines[5].split()[-1] == "fixed"


def test_ages_are_styles() -> None:
    of = experiment_of("3-4-1")

    page = ParameterTable(moment_of(of, 3), of.trainer)

    assert styles_of(page, "+0.198195") == {("plus", "new")}
    assert styles_of(page, "−0.038664") == {("minus", "stale")}


def test_the_gradient_table() -> None:
    of = experiment_of("3-4-1")

    lines = text_of(GradientTable(moment_of(of, 2), 0, labels_of(of)))

    assert lines[0].split() == ["layer", "1", "z", "a", "da", "dz", "db"]
    assert lines[1].split() == ["a¹₁", "+1.69775", "+0.84524", "−0.04223", "−0.00552", "−0.00552"]
    assert lines[5].split() == ["dW1", "from", "1", "from", "2", "from", "3"]
    assert lines[9].split() == ["to", "4", "+0.03189", "+0.03645", "+0.04556"]
    assert lines[12].split() == ["ŷ₁", "+0.08360", "+0.52089", "−1.91980", "−0.47911", "−0.47911"]


def test_the_gradient_table_shows_one_example_of_a_batch() -> None:
    of = experiment(training__batch_size="all")
    moment = moment_of(of, 2)

    for example in range(4):
        z = moment.forward.z[0][example, 0]
        assert text_of(GradientTable(moment, example, labels_of(of)))[1].split()[1] == signed(float(z), 5).strip()


def test_the_diagram_of_a_small_network_shows_every_neuron_and_weight() -> None:
    of = experiment_of("3-4-1")

    drawn = "\n".join(text_of(diagram(moment_of(of, 0), 0, 62, 17)))

    for weight in ("+0.179", "+0.044", "+0.010", "−0.186", "−0.131", "+0.088", "−0.040"):
        assert weight in drawn
    for value in ("7.000 ●", "10.000 ●", "● 0.845", "● 0.377", "● 0.521  t 1"):
        assert value in drawn


@pytest.mark.parametrize(
    "name", ["1-1-1-1", "2-2-1", "2-2-2-1", "2-3-1", "2-2-2", "3-4-1", "xor", "mazur", "han-kamber"]
)
@pytest.mark.parametrize("size", [(62, 17), (76, 16)])
def test_every_small_preset_fits_with_its_weights(name: str, size: tuple[int, int]) -> None:
    of = experiment_of(name)
    page = diagram(moment_of(of, 0), 0, *size)

    drawn = "\n".join(text_of(page))

    assert page.width <= size[0] and page.height <= size[1]
    for W in of.start.W:
        for w in W.ravel().tolist():
            assert signed(w, 3) in drawn or signed(w, 2) in drawn


def test_every_connection_is_drawn() -> None:
    of = experiment_of("2-2-2")

    page = diagram(moment_of(of, 0), 0, 62, 17)

    # Each of the four connections to the second layer reaches its own weight with a stroke.
    for weight in ("+0.400", "+0.450", "+0.500", "+0.550"):
        line = next(line for line in text_of(page) if weight in line)
        assert "\u2801" <= line[line.index(weight) - 2] <= "\u28ff"


@pytest.mark.parametrize(("neurons", "rows"), [(5, 5), (64, 20), (8, 3), (1000, 17)])
def test_a_layer_that_does_not_fit_shows_its_first_and_last(neurons: int, rows: int) -> None:
    kept = shown(neurons, rows)

    assert len(kept) <= rows
    assert kept[0] == 0 and kept[-1] == neurons - 1
    assert (None in kept) is (neurons > rows)


def test_a_large_network_says_how_many_are_left_out() -> None:
    inputs, targets = [[0.5] * 64] * 2, [[1.0] * 10] * 2
    of = experiment(network__layers=[64, 32, 10], data__inputs=inputs, data__targets=targets)

    lines = text_of(diagram(moment_of(of, 0), 0, 62, 17))

    # Half of 16 rows: 8 of 64 and of 32 are drawn.
    assert any("… 56 more" in line for line in lines) and any("… 24 more" in line for line in lines)
    assert not any("+" in line for line in lines)


@pytest.mark.parametrize("size", [(1, 1), (10, 3), (30, 5), (200, 60)])
def test_a_diagram_can_be_drawn_in_any_room(size: tuple[int, int]) -> None:
    page = diagram(moment_of(experiment_of("3-4-1"), 2), 0, *size)

    assert page.height == size[1]


def status(number: int, activity: Activity = Activity.PAUSED) -> Status:
    of = experiment_of("3-4-1-marks")
    return Status(
        name="3-4-1",
        title="A title",
        activity=activity,
        moment=moment_of(of, number),
        trainer=of.trainer,
        test=None,
        updates_per_second=12345.6,
    )


def test_the_status_line_tells_what_and_where() -> None:
    first, second = text_of(status(2, Activity.RUNNING).page(120))

    assert first.startswith("3-4-1  A title") and first.endswith("sigmoid·sigmoid  bce  sgd  η 0.5")
    assert second.startswith("▶ running  step 0  epoch 0  backward pass")
    assert "12 346 updates/s  accuracy" in second and second.endswith("loss 0.714827")


@pytest.mark.parametrize("width", [60, 80, 120, 200])
def test_the_status_line_fits_and_keeps_what_matters(width: int) -> None:
    first, second = text_of(status(5).page(width))

    assert len(first) <= width and len(second) <= width
    assert "3-4-1" in first and first.endswith("η 0.5")
    assert "step 1  epoch 1  loss" in second and second.endswith("loss 0.696312")


def test_a_chart_has_both_curves_and_its_own_labels() -> None:
    train = [(step, 1 / (1 + step)) for step in range(1000)]
    lines = chart(Curves(train, train[::10]), 60, 12)

    assert len(lines) == 12
    assert "train" in lines[1] and "test" in lines[2]
    assert "0.5" in "".join(lines) and "500" in lines[-1]


@pytest.mark.parametrize(
    "points",
    [[], [(0, 1.0)], [(0, 1.0), (1, 1.0)], [(0, 1e300), (1, 1e-300)], [(0, float("inf")), (1, 2.0)], [(5, 0.0)]],
)
def test_a_chart_of_odd_points(points: list[tuple[int, float]]) -> None:
    assert len(chart(Curves(points), 40, 8)) == 8
