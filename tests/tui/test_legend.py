"""The legend: in the corner where it hides least, in the colours of its curves."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nn_tui.core.metrics.history import Metrics
from nn_tui.tui.text.chart import ChartKind, Curves, chart
from nn_tui.tui.text.legend import chart_cells, line_of
from nn_tui.tui.text.plot import spans_of
from nn_tui.tui.text.spans import Span

FALLING = [(step, 1.0 / (1 + step)) for step in range(50)]
RISING = [(step, 1.0 - loss) for step, loss in FALLING]


def plain(lines: list[str]) -> list[str]:
    return ["".join(span.text for span in spans_of(line)) for line in lines]


def test_beside_a_curve_that_falls_it_is_above() -> None:
    lines = plain(chart(Curves(FALLING, FALLING), 60, 10))

    assert lines[1].endswith("⠒⠒ batch │") and lines[2].endswith("⠒⠒ test  │")
    assert not lines[1].partition("┤")[2].startswith(" ")


def test_beside_a_curve_that_rises_it_is_below() -> None:
    lines = plain(
        chart(Curves(FALLING, seen=Metrics(batch_accuracy=RISING, test_accuracy=RISING)), 60, 10, ChartKind.ACCURACY)
    )

    assert [line.rstrip("│").split()[-2:] for line in lines[6:8]] == [["⠒⠒", "batch"], ["⠒⠒", "test"]]


def test_it_has_the_colours_of_the_curves() -> None:
    spans = [span for line in chart(Curves(FALLING, FALLING), 60, 10) for span in spans_of(line)]

    assert Span("⠒⠒", ("train",)) in spans and Span("⠒⠒", ("test",)) in spans


@pytest.mark.parametrize("size", [(60, 4), (14, 10), (10, 4)])
def test_where_there_is_no_room_there_is_none(size: tuple[int, int]) -> None:
    curves = Curves(FALLING, FALLING, FALLING)

    assert "train" not in "".join(plain(chart(curves, *size)))


@given(st.integers(10, 80), st.integers(4, 30), st.sampled_from([FALLING, RISING, FALLING[:1]]))
def test_every_line_is_as_wide_as_without_it(width: int, height: int, points: list[tuple[int, float]]) -> None:
    with_it, without = chart(Curves(points, points), width, height), chart(Curves(points), width, height)

    assert list(map(len, plain(with_it))) == list(map(len, plain(without)))


@given(
    st.lists(st.tuples(st.sampled_from(["0", "38;5;4", "1"]), st.text(st.characters(codec="ascii", categories=["L"]))))
)
def test_a_line_is_what_its_cells_say(parts: list[tuple[str, str]]) -> None:
    cells = [(colour, each) for colour, text in parts for each in text]

    assert list(chart_cells(line_of(cells))) == cells
