"""Of a line only the columns that have changed are sent."""

from rich.console import Console
from rich.segment import Segment
from textual.strip import Strip

from nn_tui.tui.terminal.private_parts import NarrowUpdate


def test_a_line_is_cropped_on_both_sides() -> None:
    left, right = Strip([Segment("abcdef")]), Strip([Segment("ghij")])
    chops, ends = [{0: left, 6: right}], [[6, 10]]

    def sent(*spans: tuple[int, int, int]) -> str:
        return NarrowUpdate(chops, list(spans), ends).render_segments(Console())

    assert sent((0, 2, 4)) == "\x1b[1;3Hcd"
    assert sent((0, 0, 1), (0, 9, 10)) == "\x1b[1;1Ha\x1b[1;10Hj"
    assert sent((0, 4, 8)) == "\x1b[1;5Hef\x1b[1;7Hgh"
    assert sent((0, 0, 10)) == "\x1b[1;1Habcdef\x1b[1;7Hghij"
