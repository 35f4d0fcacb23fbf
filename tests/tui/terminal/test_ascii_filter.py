"""ASCII only: the stand-ins, and every screen in a real terminal."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.segment import Segment
from textual.color import Color

from nn_tui.tui.terminal.ascii_filter import TABLE, AsciiFilter

from ...helpers.command_line import NN_TUI
from ...helpers.terminal import terminal


@given(text=st.text(st.characters(exclude_categories=("Cc", "Cf", "Cs", "Cn", "Mn", "Me", "Mc"))))
def test_a_stand_in_is_ascii_and_as_wide_as_what_it_replaces(text: str) -> None:
    [segment] = AsciiFilter().apply([Segment(text)], Color(0, 0, 0))

    assert segment.text.isascii() and len(segment.text) == cell_len(text)


@given(text=st.text(st.characters(max_codepoint=127)))
def test_ascii_stays_as_it_is(text: str) -> None:
    assert text.translate(TABLE) == text


@pytest.mark.parametrize(
    ("shown", "expected"),
    [
        ("w¹₂₃ = −0.5", "w123 = -0.5"),
        ("∂L/∂ŷ · η", "dL/dY . n"),
        ("╭━━ ╰╌╌ ├╍╍ │", "+== +~~ +** |"),
        ("○◔◑◕●", "ocDO@"),
        ("⣀⠤⠒⠉ ⢇⡸ ⠑⢄ ⡠⠊", ".-'' \\/ \\\\ //"),
        ("✓ ✗ ▸ ‖", "v x > |"),
        ("○ ● × ◇ ◆ *", "o @ x d D *"),
        ("▁▂▃▄▅▆▇█ σ", "_.-=+*%# s"),
        ("数", "??"),
    ],
)
def test_stand_ins(shown: str, expected: str) -> None:
    assert len(shown.translate(TABLE)) == cell_len(shown)
    assert shown.translate(TABLE) == expected


@pytest.mark.parametrize("size", [(80, 24), (120, 36)])
def test_nothing_but_ascii_reaches_the_terminal(size: tuple[int, int]) -> None:
    with terminal(NN_TUI, "--ascii", "3-4-1", columns=size[0], rows=size[1]) as screen:
        screen.wait_for("Y[1] 0.521")
        screen.type("s")
        screen.wait_for("Y[1] 0.648")
        for keys, expected in (("\r", "exp(-z2[1])"), ("2", "gradient"), ("?", "step back")):
            screen.type(keys)
            screen.wait_for(expected)
        screen.type("?q")

        assert screen.wait_for_end() == 0
        assert max(screen.output) < 128


def test_the_environment_can_ask_for_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NN_TUI_ASCII", "1")
    with terminal(NN_TUI) as screen:
        screen.wait_for("type to filter")
        screen.type("\r")
        screen.wait_for("This is a neural network.")

        assert max(screen.output) < 128


@pytest.mark.parametrize(
    ("texts", "written"),
    [
        (["L = ½ · (ŷ[1] − y[1])²", " = 0.5", "     |"], ["L = 1/2 . (Y[1] - y[1])^2", " = 0.5", "  |"]),
        (["x² ", "  ", "³  "], ["x^2 ", " ", "^3 "]),
        (["½ |"], ["1 |"]),  # no room: as wide as before
    ],
)
def test_a_power_is_written_out_where_blanks_make_room(texts: list[str], written: list[str]) -> None:
    segments = AsciiFilter().apply([Segment(text) for text in texts], Color(0, 0, 0))

    assert [segment.text for segment in segments] == written
    assert sum(len(text) for text in written) == sum(len(text) for text in texts)
