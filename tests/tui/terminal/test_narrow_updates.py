"""Of an update only the cells that the terminal does not show yet are sent, and only the codes that differ."""

from io import StringIO

import pyte
import pytest
from rich.console import Console
from rich.segment import Segment
from rich.style import Style
from textual.geometry import Region
from textual.strip import Strip

from nn_tui.tui.terminal.narrow_updates import Ink, NarrowUpdate, ShownCells, WholeUpdate

RED, BOLD, ON_BLUE = Style.parse("#ff0000"), Style.parse("bold #ff0000"), Style.parse("#ff0000 on #0000ff")
LINED = Style.parse("underline")
WIDTH = 10


def strip(*parts: str | tuple[str, Style]) -> Strip:
    return Strip(Segment(*part) if isinstance(part, tuple) else Segment(part) for part in parts)


def console() -> Console:
    return Console(file=StringIO(), force_terminal=True, color_system="truecolor")


class Shown:
    """A line of a terminal, and what is sent to it."""

    def __init__(self) -> None:
        self.cells = ShownCells()

    def send(self, *strips: Strip, spans: tuple[tuple[int, int], ...] = ((0, WIDTH),)) -> str:
        chops, ends, x = {}, [], 0
        for each in strips:
            chops[x] = each
            x += each.cell_length
            ends.append(x)
        update = NarrowUpdate([chops], [(0, *span) for span in spans], [ends])
        update.shown = self.cells
        return update.render_segments(console())

    def send_whole(self, line: Strip) -> str:
        update = WholeUpdate([[line]], Region(0, 0, WIDTH, 1))
        update.shown = self.cells
        return update.render_segments(console())


def test_a_line_is_cropped_on_both_sides() -> None:
    left, right = strip("abcdef"), strip("ghij")

    assert Shown().send(left, right, spans=((2, 4),)) == "\x1b[1;3Hcd"
    assert Shown().send(left, right, spans=((0, 1), (9, 10))) == "\x1b[1;1Ha\x1b[8Cj"
    assert Shown().send(left, right, spans=((4, 8),)) == "\x1b[1;5Hefgh"


@pytest.mark.parametrize(
    ("old", "new", "sent"),
    [
        (strip("abc"), strip("ab", "c"), ""),
        (strip("abcd"), strip("abxd"), "\x1b[1;3Hx"),
        (strip("abcd"), strip("ab", ("c", RED), "d"), "\x1b[1;3H\x1b[38;2;255;0;0mc\x1b[m"),
        (strip("a......b"), strip("A......B"), "\x1b[1;1HA\x1b[6CB"),
        (strip("a...b"), strip("A...B"), "\x1b[1;1HA...B"),
        (strip("abc"), strip(("ab", RED), ("c", BOLD)), "\x1b[1;1H\x1b[38;2;255;0;0mab\x1b[1mc\x1b[m"),
        (strip("abc"), strip(("ab", BOLD), ("c", RED)), "\x1b[1;1H\x1b[1;38;2;255;0;0mab\x1b[22mc\x1b[m"),
        (strip("abc"), strip(("ab", ON_BLUE), ("c", RED)), "\x1b[1;1H\x1b[38;2;255;0;0;48;2;0;0;255mab\x1b[49mc\x1b[m"),
        (strip("abc"), strip(("a", RED), "  "), "\x1b[1;1H\x1b[38;2;255;0;0ma  \x1b[m"),
        (strip("ab  "), strip("ab", ("  ", RED)), ""),
        (strip("ab  "), strip("ab", ("  ", LINED)), "\x1b[1;3H\x1b[4m  \x1b[m"),
    ],
)
def test_only_what_has_changed_is_sent(old: Strip, new: Strip, sent: str) -> None:
    shown = Shown()
    shown.send_whole(old)

    assert shown.send(new) == sent
    assert shown.send(new) == ""


def test_a_whole_update_sends_every_cell_again() -> None:
    shown = Shown()

    assert shown.send_whole(strip("abc")) == shown.send_whole(strip("abc")) == "\x1b[1;1Habc"


def test_the_cells_of_a_line_with_wide_characters_are_not_known() -> None:
    shown = Shown()

    assert shown.send(strip("猫d")) == shown.send(strip("猫d")) == "\x1b[m\x1b[1;1H猫d"


def test_the_terminal_shows_what_every_update_says() -> None:
    screen, shown = pyte.Screen(WIDTH, 1), Shown()
    stream = pyte.Stream(screen)
    styles = [Style(), RED, BOLD, ON_BLUE, LINED, Style.parse("reverse"), Style.parse("italic on #00ff00")]
    texts = ["ab", "  ", "c", " d ", "xy"]

    for turn in range(200):
        parts = [(texts[(turn * k + k) % 5], styles[(turn + turn * k) % 7]) for k in range(1, 8)]
        line = strip(*parts).crop(0, WIDTH)
        stream.feed(shown.send(line))

        wanted = [(letter, style) for text, style, _ in line for letter in text]
        for x, (letter, style) in enumerate(wanted):
            cell, style = screen.buffer[0][x], style or Style()
            assert cell.data == letter
            assert cell.bg == (style.bgcolor.get_truecolor().hex[1:] if style.bgcolor else "default")
            assert (cell.underscore, cell.reverse) == (bool(style.underline), bool(style.reverse))
            if letter != " ":
                assert cell.fg == (style.color.get_truecolor().hex[1:] if style.color else "default")
                assert (cell.bold, cell.italics) == (bool(style.bold), bool(style.italic))


def test_an_ink_with_several_marks_begins_again() -> None:
    before = Ink("1;4", "31", "")

    assert Ink("1", "31", "").codes(before) == "\x1b[0;1;31m"
