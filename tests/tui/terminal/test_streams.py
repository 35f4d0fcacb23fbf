"""The standard streams: closed, full, without a reader, or of an encoding that lacks most characters."""

import os
import subprocess
import sys
from itertools import product
from pathlib import Path

import click
import pytest

from nn_tui.core.explaining.explain import explain, quantities
from nn_tui.core.notation.notation import Notation
from nn_tui.tui.command_line import COMMANDS, cli, command_named
from nn_tui.tui.text.ascii import in_ascii
from nn_tui.tui.text.explanation import explanation_text

from ...helpers.experiments import experiment_of

NN_TUI = f"{sys.executable} -m nn_tui"
NO_SPACE = b"nn-tui: the output cannot be written: No space left on device\n"


def shell(line: str, text: str = "", **environment: str) -> subprocess.CompletedProcess[bytes]:
    """What comes of a line in bash, whose status is that of nn-tui; what it writes waits in Python's buffers."""
    command = ["bash", "-c", line.replace("nn-tui", NN_TUI)]
    given = {**os.environ, "PYTHONUNBUFFERED": "", **environment}
    return subprocess.run(command, input=text.encode(), capture_output=True, timeout=60, env=given)


@pytest.mark.parametrize(
    ("encoding", "expected"),
    [
        ("ascii", "dE/dW2[1,1] = dE/dz2[1] * a1[1]"),
        ("cp1252", "dE/dW2[1,1] = dE/dz2[1] · a1[1]"),
        ("iso-8859-1", "dE/dW2[1,1] = dE/dz2[1] · a1[1]"),
    ],
)
def test_a_pipe_without_the_characters_of_mathematics_has_them_in_ascii(encoding: str, expected: str) -> None:
    done = shell("nn-tui explain 3-4-1 --quantity 'dw2[1,1]'", PYTHONIOENCODING=encoding)

    assert done.returncode == 0 and done.stderr == b""
    assert expected in done.stdout.decode(encoding) and "= -0.404965" in done.stdout.decode(encoding)


@pytest.mark.parametrize("encoding", ["ascii", "cp1252"])
def test_help_and_faults_have_ascii_there_too(encoding: str) -> None:
    shown = shell("nn-tui --help", PYTHONIOENCODING=encoding)
    refused = shell("nn-tui explain 3-4-1 --quantity '∂'", PYTHONIOENCODING=encoding)

    assert shown.returncode == 0 and "COMMAND ..." in shown.stdout.decode(encoding).replace("…", "...")
    assert refused.returncode == 2
    assert "no quantity is named 'd'" in refused.stderr.decode(encoding) and refused.stderr.count(b"\n") == 1


def test_every_character_of_texts_has_an_ascii_form() -> None:
    of = experiment_of("2-2-2")
    backward = of.trainer.backward(of.trainer.forward(of.start))
    texts = [
        explanation_text(explain(of.trainer, backward, name), notation, 6)
        for name in quantities(of.trainer, backward)
        for notation in (Notation.SUPERSCRIPT, Notation.INDEXED)
    ]
    texts += [command.get_help(click.Context(command)) for command in (cli, *map(command_named, COMMANDS))]

    assert [text for text in texts if in_ascii(text).count("?") != text.count("?")] == []


@pytest.mark.parametrize(("text", "expected"), [("café", "cafe"), ("½ × 10⁻⁵", "1/2 x 10-5"), ("数", "?")])
def test_what_has_an_ascii_form_is_written_so(text: str, expected: str) -> None:
    assert in_ascii(text) == expected


@pytest.mark.parametrize(
    ("line", "status", "told"),
    [
        ("nn-tui step 3-4-1 <&-", 0, b""),
        ("nn-tui 3-4-1 >&-", 0, b""),
        ("nn-tui check 3-4-1 <&- >&- 2>&-", 0, b""),
        ("nn-tui nope 2>&-", 2, b""),
        ("nn-tui nope 2> /dev/full", 2, b""),
        ("nn-tui presets > /dev/full", 2, NO_SPACE),
        ("nn-tui step 3-4-1 > /dev/full", 2, NO_SPACE),
        ("nn-tui export digits --format json > /dev/full", 2, NO_SPACE),
        ("nn-tui train 3-4-1 --steps 9 > /dev/full 2>&1", 2, b""),
        ("nn-tui train 3-4-1 --steps 5000 --trace | head -1 > /dev/null; exit ${PIPESTATUS[0]}", 0, b""),
        ("nn-tui --help | true; exit ${PIPESTATUS[0]}", 0, b""),
        ("nn-tui verify 3-4-1 --json | true; exit ${PIPESTATUS[0]}", 0, b""),
        ("yes s | nn-tui step 3-4-1 | head -1 > /dev/null; exit ${PIPESTATUS[1]}", 0, b""),
    ],
)
@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="only there is a full disk to be had")
def test_streams_that_cannot_be_used_are_no_defect(line: str, status: int, told: bytes) -> None:
    done = shell(f"trap - PIPE; {line}", "s\nq\n")

    assert (done.returncode, done.stderr) == (status, told)


def test_numpys_warnings_are_not_shown(tmp_path: Path) -> None:
    file = tmp_path / "x.toml"
    file.write_text(
        'name = "x"\n[network]\nlayers = [1, 1]\nweights = [[[1e200]]]\nactivations = "identity"\n[training]\n'
        'loss = "mse"\nlearning_rate = 0.1\ndtype = "float32"\n[data]\ninputs = [[1]]\ntargets = [[0]]\n',
        encoding="utf-8",
    )

    for what, engine in product(("1-1-1-1 --optimizer sgd --learning-rate 1e300", str(file)), ("", "python")):
        done = shell(f"nn-tui train {what} --steps 50", PYTHONWARNINGS="always", NN_TUI_ENGINE=engine)

        assert done.returncode == 3 and done.stderr.startswith(b"nn-tui: step ") and done.stderr.count(b"\n") == 1
