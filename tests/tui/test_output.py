"""--output: the file has the text of the standard output, in UTF-8 and with line feeds on every system."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from nn_tui.presets.errors import PresetError
from nn_tui.tui.command_line import cli

COMMANDS = [
    ("worksheet", "3-4-1", "--answers"),
    ("worksheet", "3-4-1", "--format", "latex"),
    ("explain", "3-4-1", "--step", "0", "--quantity", "dw1[4,3]"),
    ("share", "3-4-1", "--step", "5"),
    ("export", "3-4-1", "--format", "csv"),
]


@pytest.mark.parametrize("command", COMMANDS)
def test_the_file_has_what_the_standard_output_has(
    command: tuple[str, ...], tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    cli.main(command, standalone_mode=False)
    printed = capfdbinary.readouterr().out

    cli.main([*command, "--output", str(tmp_path / "out")], standalone_mode=False)

    assert (tmp_path / "out").read_bytes() == printed.replace(b"\r\n", b"\n") != b""
    assert capfdbinary.readouterr().out == b""


@pytest.mark.parametrize(
    "command",
    [("worksheet", "digits"), ("explain", "3-4-1", "--quantity", "q1"), ("share", "digits")],
)
def test_a_file_that_cannot_be_written_is_reported_before_what_the_computation_finds(
    command: tuple[str, ...], tmp_path: Path
) -> None:
    with pytest.raises(PresetError, match="cannot be written: there is no folder"):
        cli.main([*command, "--output", str(tmp_path / "none" / "out")], standalone_mode=False)


ASCII_COMMANDS = [
    ("explain", "3-4-1", "--quantity", "dw1[4,3]"),
    ("worksheet", "3-4-1", "--answers"),
    ("check", "3-4-1"),
]


@pytest.mark.parametrize("command", ASCII_COMMANDS)
def test_in_ascii_nothing_else_is_written(command: tuple[str, ...], monkeypatch: pytest.MonkeyPatch) -> None:
    def told(*options: str) -> str:
        done = CliRunner().invoke(cli, [*command, *options], standalone_mode=False, catch_exceptions=False)
        return done.stdout

    plain, by_option = told(), told("--ascii")
    monkeypatch.setenv("NN_TUI_ASCII", "1")

    assert by_option.isascii() and plain.isascii() == (command[0] == "worksheet")  # its formulas are LaTeX
    assert told() == by_option and told("--no-ascii") == plain


def test_a_file_is_in_ascii_too_where_that_is_asked_for(tmp_path: Path) -> None:
    CliRunner().invoke(cli, [*ASCII_COMMANDS[0], "--ascii", "--output", str(tmp_path / "out")], catch_exceptions=False)

    text = (tmp_path / "out").read_text(encoding="utf-8")
    assert text.isascii() and text.startswith("dE/dW1[4,3] = ")
