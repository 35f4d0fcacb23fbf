"""Text from outside in what is written: nothing that steers a terminal, hides, or is markup to another program."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from nn_tui.presets.catalogue import find
from nn_tui.presets.preset_file import parse_preset
from nn_tui.presets.toml_writer import toml_text
from nn_tui.presets.visible import is_visible
from nn_tui.tui.terminal.log import defect, log_path
from nn_tui.tui.text.latex import escape_latex as in_latex
from nn_tui.tui.text.safe import json_text
from nn_tui.tui.text.worksheet import escape_markdown as in_markdown

from ..helpers.command_line import invoke

EVIL = "\x1b]0;x\x07\x9b31m\u202e\u200b\ufeff\U000e0041\x7f"
"""An escape sequence, one of C1, and bidirectional, zero-width and tag characters."""
TITLE = "![x](http://h/p) <script>alert(1)</script> $x$ `c` *b* &amp; [l](u)"


@pytest.fixture
def preset(tmp_path: Path) -> str:
    """mazur with text of a stranger in all its places."""
    own = find("mazur")
    published = [replace(figure, note=EVIL) for figure in own.published[:2]]
    evil = replace(own, name=f"x{EVIL}", title=TITLE + EVIL, source=EVIL, published=published)
    (tmp_path / "evil.toml").write_text(toml_text(evil), encoding="utf-8")
    return str(tmp_path / "evil.toml")


@pytest.mark.parametrize(
    "command",
    [
        ["verify", "--json"],
        ["verify"],
        ["worksheet"],
        ["worksheet", "--format", "latex"],
        ["export", "--format", "toml"],
        ["export", "--format", "json"],
        ["explain", "--quantity", "loss", "--format", "markdown"],
        ["step"],
    ],
    ids=" ".join,
)
def test_no_command_writes_what_cannot_be_seen(preset: str, command: list[str]) -> None:
    written = invoke(command[0], preset, *command[1:])

    assert written and [each for each in written if not is_visible(each) and each != "\n"] == []


@given(st.text())
def test_json_and_toml_say_the_same_with_what_can_be_seen(text: str) -> None:
    as_json, as_toml = json_text({"x": text}), toml_text(replace(find("xor"), source=text))

    assert json.loads(as_json) == {"x": text} and parse_preset(as_toml, "x").source == text
    assert all(is_visible(each) or each == "\n" for each in as_json + as_toml)


def test_a_title_is_text_in_markdown(preset: str) -> None:
    heading = invoke("worksheet", preset).splitlines()[0]

    assert heading.startswith(
        r"# \!\[x\](http\://h/p) \<script\>alert(1)\</script\> \$x\$ \`c\` \*b\* \&amp; \[l\](u)\\x1b\]0;x"
    )


@pytest.mark.parametrize(("escape", "special"), [(in_markdown, "\\`*_[]<>$~&|#!"), (in_latex, "\\~^&%$#_{}")])
def test_every_mark_is_escaped(escape: Any, special: str) -> None:
    for mark in special:
        assert escape(mark) not in (mark, "") and escape(mark).startswith("\\")


def test_the_log_can_be_shown_on_a_terminal() -> None:
    defect(ValueError(EVIL))

    text = log_path().read_text(encoding="utf-8")
    assert "ValueError: \\x1b]0;x" in text
    assert all(is_visible(each) or each == "\n" for each in text)
