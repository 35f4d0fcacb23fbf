"""A shell completes commands, targets and options."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from click import Context

from nn_tui.core.functions.activation import Activation
from nn_tui.core.functions.activations import ACTIVATIONS
from nn_tui.core.functions.losses import LOSSES
from nn_tui.core.functions.optimizers import OPTIMIZERS
from nn_tui.tui.commands.train_command import train_command

from ..helpers.command_line import call

BIN = Path(sys.executable).parent
GOOD = (Path(__file__).parents[1] / "data" / "good.toml").read_text(encoding="utf-8")


def completed(*words: str, cwd: Path | None = None) -> list[str]:
    """What is offered for the last word."""
    line = {"COMP_WORDS": " ".join(["nn-tui", *words]), "COMP_CWORD": str(len(words))}
    done = call(cwd=cwd, _NN_TUI_COMPLETE="bash_complete", **line)
    assert done.stderr == ""
    return [line.removeprefix("plain,") for line in done.stdout.splitlines() if line.startswith("plain,")]


@pytest.mark.parametrize(
    ("words", "offered"),
    [
        (["pr"], ["presets", "predict"]),
        (["3-4"], ["3-4-1", "3-4-1-rounded", "3-4-1-marks"]),
        (["tra"], ["trask-3-1", "trask-3-4-1", "train"]),
        (["--fp"], ["--fps"]),
        (["--ver"], ["--version"]),
        (["3-4-1", "--learn"], ["--learning-rate"]),
        (["train", "moo"], ["moons"]),
        (["train", "moons", "--tr"], ["--trace"]),
        (["train", "moons", "--optimizer", "adam"], ["adam", "adamw"]),
        (["verify", "xor", "mill"], ["miller"]),
        (["step", "xor", "--not"], ["--notation"]),
        (["config", "--js"], ["--json"]),
    ],
)
def test_words_are_completed(words: list[str], offered: list[str]) -> None:
    assert completed(*words) == offered


@pytest.mark.parametrize(
    ("option", "table"), [("--optimizer", OPTIMIZERS), ("--loss", LOSSES), ("--activation", ACTIVATIONS)]
)
def test_a_shell_says_what_each_function_is(option: str, table: dict[str, Activation]) -> None:
    found = next(each for each in train_command.params if option in each.opts)

    offered = found.type.shell_complete(Context(train_command), found, "")

    assert [(each.value, each.help) for each in offered] == [(name, each.description) for name, each in table.items()]


def test_own_presets_are_offered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "my-own.toml").write_text(GOOD, encoding="utf-8")
    monkeypatch.setenv("NN_TUI_PRESETS", str(tmp_path))

    assert completed("my") == completed("train", "my") == ["my-own"]


@pytest.mark.posix
def test_a_bash_that_read_the_script_completes() -> None:
    script = """
    eval "$(_NN_TUI_COMPLETE=bash_source nn-tui)"
    COMP_WORDS=(nn-tui train moo); COMP_CWORD=2
    _nn_tui_completion nn-tui 2>/dev/null
    echo "${COMPREPLY[@]}"
    """
    environment = {**os.environ, "PATH": f"{BIN}:{os.environ['PATH']}"}

    done = subprocess.run(["bash", "-c", script], capture_output=True, text=True, timeout=60, env=environment)

    assert "moons" in done.stdout.split()
