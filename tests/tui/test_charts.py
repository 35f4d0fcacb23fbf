"""The charts that stand in the place of the loss, and what is remembered for them."""

import cProfile
import re
from math import nan

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from nn_tui.core.debugger.debugger import Debugger
from nn_tui.core.debugger.recorder import Recorder
from nn_tui.core.metrics.history import Metrics
from nn_tui.core.metrics.series import Point, Series
from nn_tui.core.notation.notation import Notation
from nn_tui.presets.catalogue import find, folder_of
from nn_tui.presets.reopened import opened as shared_opened
from nn_tui.presets.sessions.share_link import share_link
from nn_tui.tui.app import NNApp
from nn_tui.tui.dashboard.dashboard import Dashboard
from nn_tui.tui.text.chart import ChartKind, Curves, chart, kinds_of, title_of
from nn_tui.tui.text.plot import COLOURS, Drawing, log_scale, row_scale, spans_of
from nn_tui.tui.text.plot_cells import cells_of_line, dots, line_of
from nn_tui.tui.text.spans import Span
from nn_tui.tui.view import View, curves_of

from ..helpers.app import dashboard, opened, until
from ..helpers.experiments import experiment_of
from ..helpers.fuzz import FUZZ
from ..helpers.quantities import change_of

FALLING = [(step, 1.0 / (1 + step)) for step in range(1000)]
HIGHER = [(step, 2 * value) for step, value in FALLING]
SEEN = Metrics([FALLING, HIGHER], [FALLING, FALLING[::3]], FALLING, FALLING[::5])


def plain(line: str) -> str:
    """A line of a chart without its colours."""
    return "".join(span.text for span in spans_of(line))


@pytest.mark.parametrize("end", [0.1, 0.06, 0.0221])
def test_the_label_of_each_branch_is_near_the_end_of_its_curve(end: float) -> None:
    ours = [(0, 0.65), (3, 0.2), (4, 0.1), (6, 0.022)]
    theirs = [(0, 0.65), (3, 0.2), (4, 0.17), (7, end)]

    drawing = chart(Curves(ours, other=theirs, names=("η 2", "η 0.5")), 41, 8)

    rows = {span: y for y, line in enumerate(drawing.lines) for span in spans_of(line)}
    ours_at, theirs_at = rows[Span("η 2", ("train",))], rows[Span("η 0.5", ("other",))]
    last = drawing.columns[-1]
    assert [y for y, line in enumerate(drawing.lines) if plain(line)[last : last + 1] == "●"] == [theirs_at]
    assert ours_at != theirs_at and 5 <= ours_at <= 6  # the dot of the loss 0.022 is on row 6


@pytest.mark.parametrize("end", [20, 4, 3])
def test_the_label_of_a_shorter_branch_is_not_behind_the_last_dot_of_the_other(end: int) -> None:
    theirs = [(step, 0.65 * 0.67**step) for step in range(7)]
    ours = [*theirs[:3], (3, 0.08), (4, 0.03), *((step, 0.02) for step in range(5, 21))][: end + 1]
    drawing = chart(Curves(ours, other=theirs, names=("η 2", "η 0.5")), 44, 9)

    lines = [plain(line) for line in drawing.lines]
    ours_at, theirs_at = (next(line for line in lines if line.rstrip().endswith(name)) for name in ("η 2", "η 0.5"))

    shorter, longer = (theirs_at, ours_at) if end == 20 else (ours_at, theirs_at)
    assert longer.index("η") == drawing.columns.stop + 1 > shorter.index("η")


@given(st.integers(4, 40), st.integers(4, 40), st.floats(0.3, 1.2), st.integers(30, 90), st.integers(8, 20))
@settings(max_examples=FUZZ // 5)
def test_labels_cover_no_curve_and_no_other_label(
    ours: int, theirs: int, falls: float, width: int, height: int
) -> None:
    first = [(step, 0.65 * 0.67**step) for step in range(3)]
    losses = (
        [(*first, *((3 + n, 0.3 * each**n) for n in range(count)))] for each, count in ((0.8, theirs), (falls, ours))
    )
    other, train = (points for (points,) in losses)

    def text(*names: str) -> str:
        drawn = chart(Curves(train, other=other, names=(names[0], names[1])), width, height)
        return "\n".join(plain(line).ljust(width) for line in drawn.lines)

    labelled, blank = text("η 2", "η 0.5"), text("   ", "     ")

    assert "η 2" in labelled and "η 0.5" in labelled
    assert all(before == " " or before == now for before, now in zip(blank, labelled, strict=True))


@pytest.mark.parametrize("count", [3, 1000])
@pytest.mark.parametrize("kind", [ChartKind.LOSS, ChartKind.LOG_LOSS])
def test_the_label_of_a_curve_that_ends_with_nan_is_its_last_finite_value(kind: ChartKind, count: int) -> None:
    points = [(step, 1.0 + step) for step in range(count)]

    lines = chart(Curves([*points, (count, nan), (count + 1, nan)]), 41, 8, kind).lines

    assert lines == chart(Curves(points), 41, 8, kind).lines
    assert "nan" not in "".join(lines)


POINTS = st.lists(st.floats(min_value=0) | st.just(float("nan")), max_size=30).map(
    lambda values: list(enumerate(values))
)


@settings(max_examples=FUZZ // 3, deadline=None)
@example(points=[(0, 1e299), (1, 1e307)], kind=ChartKind.LOG_LOSS, width=10, height=6, colours=False)
@example(points=[(0, 0.0), (1, 5e-324)], kind=ChartKind.LOSS, width=10, height=4, colours=False)
@given(
    points=POINTS,
    kind=st.sampled_from(ChartKind),
    width=st.integers(10, 200),
    height=st.integers(4, 50),
    colours=st.booleans(),
)
def test_every_chart_can_be_drawn_of_any_points(
    points: list[Point], kind: ChartKind, width: int, height: int, colours: bool
) -> None:
    curves = Curves(points, points, points, 3, Metrics([points] * 7, [points], points, points))
    a = [np.array([[value for _, value in points]])]

    drawing = chart(curves, width, height, kind, a, has_colours=colours)

    assert len(drawing.lines) == height and all(len(plain(line)) <= width for line in drawing.lines)


@pytest.mark.parametrize("kind", [ChartKind.GRADIENTS, ChartKind.RATIOS])
def test_each_layer_has_a_curve_and_a_name(kind: ChartKind) -> None:
    lines = chart(Curves(seen=SEEN), 60, 12, kind).lines

    spans = [span for line in lines for span in spans_of(line)]

    assert {"series0", "series1"} == {name for span in spans for name in span.styles}
    assert "layer 1" in "".join(lines) and "layer 2" in "".join(lines)


def test_without_colours_layers_differ_by_number() -> None:
    drawing = chart(Curves(seen=SEEN), 60, 12, ChartKind.GRADIENTS, has_colours=False)

    rows = [[(span.styles, each) for span in spans_of(line) for each in span.text] for line in drawing.lines[:-1]]
    drawn = {row[n] for row in rows for n in drawing.columns if n < len(row) and row[n][0]}
    assert drawn == {(("series0",), "1"), (("series1",), "2")}


def test_a_logarithmic_chart_of_a_power_law_has_even_ticks() -> None:
    points = [(step, 10.0 ** (-step / 100)) for step in range(401)]
    lines = [line for line in chart(Curves(points), 60, 14, ChartKind.LOG_LOSS).lines if "┤" in line]

    labels = ["".join(span.text for span in spans_of(line)).split("┤")[0].strip() for line in lines]

    assert labels == ["1", "0.1", "0.01", "0.001", "0.0001"]


def colours_by_column(drawing: Drawing) -> list[set[str]]:
    """The colours of the curves in each column."""
    rows = [[(each, span.styles) for span in spans_of(line) for each in span.text] for line in drawing.lines[:-1]]
    return [
        {name for row in rows for each, styles in row[n : n + 1] for name in styles if "⠀" <= each <= "⣿"}
        for n in drawing.columns
    ]


def test_where_two_curves_share_cells_every_third_shows_the_second() -> None:
    drawing = chart(Curves(FALLING, test=FALLING[::10]), 80, 14)

    seen = [colours for colours in colours_by_column(drawing) if colours]
    assert {"train"} in seen and {"test"} in seen
    shown = [sum(name in each for each in seen) for name in ("train", "test")]
    assert shown[0] > shown[1] >= len(seen) // 4


def test_the_other_branch_is_drawn_from_a_mark_where_it_parts() -> None:
    lower = [*FALLING[:500], *((step, value * 0.5) for step, value in FALLING[500:])]
    drawing = chart(Curves(FALLING, other=lower, names=("η 2", "η 0.5")), 80, 14)

    seen = [colours for colours in colours_by_column(drawing) if colours]
    assert seen[:25] == [{"train"}] * 25 and any("other" in each for each in seen[32:])
    text = [plain(line) for line in drawing.lines]
    assert sum(line.count("◆") for line in text) == 1
    assert any("η 2 0.001" in line for line in text) and any("η 0.5 0.0005" in line for line in text)


def test_a_branch_that_parts_at_once_is_drawn_whole() -> None:
    drawing = chart(Curves(FALLING, other=HIGHER), 80, 14)

    assert "◆" not in "".join(drawing.lines) and "other branch" in "".join(drawing.lines)
    assert "other" in colours_by_column(drawing)[next(n for n, each in enumerate(colours_by_column(drawing)) if each)]


def test_a_single_curve_has_its_newest_value_behind_its_end() -> None:
    points = [(step, 0.9 - step / 100) for step in range(51)]
    drawing = chart(Curves(points), 60, 13)

    (row,) = (n for n, line in enumerate(drawing.lines) if plain(line).endswith(" 0.400"))
    ends = [n for n, line in enumerate(drawing.lines[:-1]) if plain(line)[drawing.columns[-1]] != " "]
    assert abs(row - ends[0]) <= 1 and len(ends) == 1


def test_curves_that_end_close_together_have_labels_on_rows_of_their_own() -> None:
    text = [plain(line) for line in chart(Curves(FALLING, test=FALLING[::100]), 44, 8).lines]

    assert sorted(line.split()[-1] for line in text if line.endswith(("batch", "held out"))) == ["batch", "out"]


@pytest.mark.parametrize(("points", "marks"), [(4, 4), (5, 5), (40, 0)])
def test_few_points_are_marked(points: int, marks: int) -> None:
    lines = chart(Curves([(step, 1 / (1 + step)) for step in range(points)]), 60, 12).lines

    assert sum(plain(line).count("●") for line in lines) == marks


@given(
    st.floats(-1e6, 1e6),
    st.floats(1e-3, 1e6),
    st.integers(4, 50),
)
def test_ticks_are_the_values_of_their_rows(least: float, extent: float, rows: int) -> None:
    scale = row_scale(least, least + extent, rows)

    near = 1e-9 * (abs(least) + extent)
    assert scale.low <= least + near and scale.high >= least + extent - near
    assert 2 <= len(scale.ticks) <= 6
    for tick in scale.ticks:
        row = (tick - scale.low) / (scale.high - scale.low) * (rows - 1)
        assert abs(row - round(row)) < 1e-3


@pytest.mark.parametrize("value", [0.5, 0.0, -1e300, 5e-324])
def test_a_single_point_and_equal_ones_are_drawn_in_the_middle(value: float) -> None:
    single, equal = (chart(Curves([(step, value) for step in range(count)]), 40, 10).lines for count in (1, 30))

    assert [n for n, line in enumerate(single) if "●" in line] == [4]
    assert [n for n, line in enumerate(equal) if any("⠁" <= each <= "⣿" for each in plain(line))] == [4]


def test_ticks_stand_on_the_rows_of_their_values() -> None:
    points = [(0, 0.0), (10, 0.6)]
    drawing = chart(Curves(points), 60, 14)

    ticks = {float(plain(line).split("┤")[0]): n for n, line in enumerate(drawing.lines) if "┤" in plain(line)}

    distances = {(b - a) for a, b in zip(sorted(ticks.values()), sorted(ticks.values())[1:], strict=False)}
    assert len(ticks) >= 4 and len(distances) == 1 and ticks[0.0] == 12


def test_a_loss_that_hardly_falls_does_not_begin_at_0() -> None:
    assert row_scale(0.697, 0.702, 10).low > 0.69 and row_scale(0.1, 0.7, 10).low == 0


def test_the_cells_of_a_line_make_the_same_line() -> None:
    line = "a\x1b[38;5;4mbc\x1b[0md"

    assert line_of(cells_of_line(line)) == line


def test_without_colours_the_other_branch_is_drawn_in_dots() -> None:
    lines = chart(Curves(FALLING, other=HIGHER), 80, 14, has_colours=False).lines

    assert sum(line.count("·") for line in lines) > 40 and any("⠀" < each <= "⣿" for line in lines for each in line)


@pytest.mark.parametrize(
    ("curves", "kind", "title"),
    [
        (Curves(FALLING), ChartKind.LOSS, "Batch loss"),
        (Curves(FALLING, batch="train"), ChartKind.LOSS, "Train loss"),
        (Curves(FALLING, batch="train"), ChartKind.LOG_LOSS, "Train loss, logarithmic"),
        (Curves(FALLING, FALLING), ChartKind.LOSS, "Loss"),
        (Curves(seen=Metrics(batch_accuracy=FALLING)), ChartKind.ACCURACY, "Batch accuracy"),
        (Curves(seen=Metrics(test_accuracy=FALLING)), ChartKind.ACCURACY, "Held-out accuracy"),
        (Curves(seen=SEEN), ChartKind.ACCURACY, "Accuracy"),
        (Curves(seen=SEEN), ChartKind.GRADIENTS, "‖∂L/∂W‖ by layer"),
        (Curves(), ChartKind.LOSS, "Loss"),
    ],
)
def test_a_title_says_of_which_examples_a_single_curve_is(curves: Curves, kind: ChartKind, title: str) -> None:
    assert title_of(curves, kind) == title


def test_few_powers_of_ten_have_ticks_on_even_rows() -> None:
    scale = log_scale(np.log10(0.3), np.log10(3.0), 13)

    assert len(scale.ticks) == 5 and scale.ticks[0] == scale.low == np.log10(0.3)
    assert log_scale(0.1, 0.1, 9).ticks == [0.1]
    assert log_scale(-4.0, 0.0, 13).ticks == [-4.0, -3.0, -2.0, -1.0, 0.0]


def test_the_labels_of_a_logarithmic_scale_differ() -> None:
    drawing = chart(Curves(train=[(0, 0.703), (1, 0.699), (2, 0.694), (3, 0.691)]), 44, 12, ChartKind.LOG_LOSS)

    labels = [line.split("┤")[0].strip() for line in map(plain, drawing.lines) if "┤" in line]

    assert len(labels) > 3 and len(set(labels)) == len(labels) and labels[-1] == "0.691"


def test_activations_are_counted_by_layer() -> None:
    lines = chart(
        Curves(), 60, 12, ChartKind.ACTIVATIONS, [np.array([[0.0, 0.0, 0.0, 1.0]]), np.array([[1.0], [1.0]])]
    ).lines

    text = "".join("".join(span.text for span in spans_of(line)) for line in lines)

    assert "layer 1" in text and "layer 2" in text and "0.5" in text


def test_a_count_of_activations_is_the_share_of_its_own_layer() -> None:
    a = [np.array([[0.0, 0.0, 0.0, 1.0]]), np.array([[1.0], [1.0]])]
    drawing = chart(Curves(), 60, 14, ChartKind.ACTIVATIONS, a, has_colours=False)

    rows = {float(plain(line).split("┤")[0]): n for n, line in enumerate(drawing.lines) if "┤" in plain(line)}
    tops = [
        next(
            n
            for n, line in enumerate(drawing.lines)
            if number in plain(line)[drawing.columns.start : -1].split("layer")[0]
        )
        for number in "12"
    ]

    share = [(rows[0.0] - top) / (rows[0.0] - rows[1.0]) for top in tops]
    assert share == [pytest.approx(0.75, abs=0.1), pytest.approx(1.0, abs=0.1)]


def test_charts_without_anything_to_show_are_passed_over() -> None:
    assert kinds_of(Curves()) == [ChartKind.LOSS, ChartKind.ACTIVATIONS]
    assert kinds_of(Curves(FALLING)) == [ChartKind.LOSS, ChartKind.LOG_LOSS, ChartKind.ACTIVATIONS]
    assert kinds_of(Curves(FALLING, seen=SEEN)) == list(ChartKind)


def test_a_million_updates_are_drawn_with_no_more_work_than_a_thousand() -> None:
    history = Series(limit=20_000)
    for begin in range(0, 1_000_000, 10_000):
        history.extend([(step, 1.0 / (1 + step)) for step in range(begin, begin + 10_000)])
    assert len(history) <= 20_000

    assert calls_of(Curves(history)) < 5 * calls_of(Curves(FALLING))


def calls_of(curves: Curves) -> int:
    """The number of calls that draw them."""
    profile = cProfile.Profile()
    profile.runcall(chart, curves, 60, 12)
    return sum(entry.callcount for entry in profile.getstats())


def test_spans_name_their_colours() -> None:
    assert spans_of("a\x1b[38;5;4mb\x1b[0mc") == [Span("a"), Span("b", ("train",)), Span("c")]


async def test_charts_of_gradients_begin_at_step_0_and_have_every_step() -> None:
    async with opened("3-4-1") as pilot:
        await pilot.press("s", "s", "s")

        def steps(name: str) -> list[list[int]]:
            seen = curves_of(dashboard(pilot).recorder, dashboard(pilot).view).seen
            return [[step for step, _ in points] for points in getattr(seen, name)]

        await until(pilot, lambda: steps("gradients") == [[0, 1, 2, 3]] * 2 and steps("ratios") == [[0, 1, 2]] * 2)


async def test_a_shared_line_opens_with_its_curve_and_going_back_leaves_it() -> None:
    line = share_link(find("3-4-1"), folder_of("3-4-1"), (), 20)
    app = NNApp("shared", opened=shared_opened(line))
    async with app.run_test(size=(120, 36)) as pilot:
        await until(pilot, lambda: isinstance(app.screen, Dashboard) and app.screen.view.snapshot is not None)
        await until(
            pilot,
            lambda: (
                [step for step, _ in curves_of(dashboard(pilot).recorder, dashboard(pilot).view).train]
                == list(range(21))
            ),
        )

        await pilot.press("b", "b")
        await until(pilot, lambda: curves_of(dashboard(pilot).recorder, dashboard(pilot).view).here == 18)

        curves = curves_of(dashboard(pilot).recorder, dashboard(pilot).view)
        assert [step for step, _ in curves.train] == list(range(21))
        await until(
            pilot, lambda: len(curves_of(dashboard(pilot).recorder, dashboard(pilot).view).seen.gradients[0]) == 21
        )


@pytest.mark.parametrize("values", [(0.0, 2.2250738585e-313), (-1.7e308, 1.7e308)])
def test_curves_in_turns_have_places_whatever_their_size(values: tuple[float, float]) -> None:
    assert dots(np.array(values), values, 9).tolist() == [0.0, 8.0]


def test_the_title_of_gradients_has_the_letter_of_the_loss() -> None:
    def titles(name: str, notation: Notation) -> list[str]:
        curves = Curves(seen=SEEN, labels=experiment_of(name).trainer.network.names.labels(notation))
        return [title_of(curves, kind) for kind in (ChartKind.GRADIENTS, ChartKind.RATIOS)]

    assert titles("3-4-1", Notation.SUPERSCRIPT) == ["‖∂E/∂W‖ by layer", "‖ΔW‖ / ‖W‖ by layer"]
    assert titles("1-1-1-1", Notation.COUNTED) == ["‖dl/dw‖ by layer", "‖Δw‖ / ‖w‖ by layer"]


def test_where_an_edit_is_undone_the_chart_has_the_loss_that_is_shown() -> None:
    debugger, recorder = Debugger(experiment_of("3-4-1")), Recorder()
    for facts in (debugger.go_to(1), debugger.change(change_of("w2[1,1]", 5.0)), debugger.step()):
        recorder.fold(facts, 0.0)
    for facts in (debugger.back(), debugger.back()):
        recorder.fold(facts, 0.0)
    snapshot = recorder.snapshot
    assert snapshot and snapshot.step == 1

    curves = curves_of(recorder, View(trainer=recorder.trainer, snapshot=snapshot))

    assert dict(curves.train)[1] == snapshot.loss == pytest.approx(0.434, abs=5e-4)
    assert dict(recorder.history.batch_loss)[1] < 0.1, "the branch itself keeps the loss after its edit"
    assert dict(curves.train)[2] == dict(recorder.history.batch_loss)[2]


def test_where_an_edit_is_undone_the_other_charts_have_the_numbers_that_are_shown() -> None:
    debugger, recorder, unchanged = Debugger(experiment_of("3-4-1")), Recorder(), Recorder()
    recorder.fold(first := list(debugger.go_to(1)), 0.0)
    unchanged.fold(first, 0.0)
    for facts in (debugger.change(change_of("w2[1,1]", 5.0)), debugger.step(), debugger.back(), debugger.back()):
        recorder.fold(facts, 0.0)

    shown, before = (
        curves_of(each, View(trainer=each.trainer, snapshot=each.snapshot)).seen for each in (recorder, unchanged)
    )

    edited = recorder.history.metrics
    ours, right, wrong = ([dict(each) for each in seen.gradients] for seen in (shown, before, edited))
    assert [each[1] for each in ours] == [each[1] for each in right]
    assert all(each[1] != was[1] and each[2] == was[2] for each, was in zip(ours, wrong, strict=True))
    assert dict(shown.outputs[0])[1] == dict(before.outputs[0])[1] != dict(edited.outputs[0])[1]
    # The update of step 1 was made after the edit: without the edit there is none yet.
    assert all(1 in dict(each) for each in edited.ratios)
    assert all(dict(each).keys() == {0} for each in shown.ratios)


def test_where_a_learning_rate_is_edited_and_undone_no_ratio_is_of_it() -> None:
    debugger, recorder = Debugger(experiment_of("3-4-1")), Recorder()
    for facts in (
        debugger.go_to(1),
        debugger.change(change_of("learning_rate", 5.0)),
        debugger.step(),
        debugger.back(),
    ):
        recorder.fold(facts, 0.0)
    assert 1 in dict(recorder.shown_history.ratios[0]), "the edit counts: the update was made with it"

    recorder.fold(debugger.back(), 0.0)

    assert 1 not in dict(recorder.shown_history.ratios[0])


def test_the_loss_of_small_batches_is_a_line_of_means_before_a_cloud_of_extremes() -> None:
    noisy = [(step, 1.0 + (-1) ** step * 0.5) for step in range(400)]
    of_batches, of_all = (chart(Curves(train=noisy, batch=batch), 60, 12) for batch in ("batch", "train"))

    line, cloud = (f"38;5;{COLOURS[name]}m" for name in ("train", "cloud"))
    rows = ["".join(found) for found in of_batches.lines]
    through = [row for row in rows if row.count(line) and not row.count(cloud)]
    assert len(through) <= 3 and any(cloud in row for row in rows[:4]) and any(cloud in row for row in rows[-5:])
    assert not any(cloud in row for row in of_all.lines)  # a loss of all examples has no noise


def test_few_losses_of_batches_are_drawn_as_they_are() -> None:
    assert not any(
        f"38;5;{COLOURS['cloud']}m" in line for line in chart(Curves(train=[(0, 1.0), (1, 2.0)]), 60, 12).lines
    )


@pytest.mark.parametrize("kind", [ChartKind.LOSS, ChartKind.LOG_LOSS])
def test_a_loss_that_no_axis_holds_is_drawn_by_its_logarithm(kind: ChartKind) -> None:
    points = [(0, 4e307), (1, 2e306), (2, 9e303), (3, 2e302)]

    text = [plain(line) for line in chart(Curves(points), 60, 12, kind).lines]

    assert sum(line.count("●") for line in text) == 4 and any(line.rstrip().endswith("2.00e302") for line in text)
    ticks = [line.partition("┤")[0].strip() for line in text if "┤" in line]
    assert len(ticks) > 2 and all(re.fullmatch(r"1e\+30\d", tick) for tick in ticks)


def test_without_colours_the_loss_of_small_batches_is_the_line_of_means_alone() -> None:
    noisy = [(step, 1.0 + (-1) ** step * 0.5) for step in range(400)]

    rows = [plain(line) for line in chart(Curves(train=noisy), 60, 12, has_colours=False).lines]

    assert sum(any("⠀" < each <= "⣿" for each in row) for row in rows) <= 6
