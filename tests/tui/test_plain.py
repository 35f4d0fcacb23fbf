"""Plain mode: a training led by words and told in sentences."""

import os
import subprocess
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from signal import SIGINT

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nn_tui.core.notation.notation import Notation
from nn_tui.tui import plain_session
from nn_tui.tui.plain_session import PlainSession
from nn_tui.tui.text.ascii import in_ascii
from nn_tui.tui.text_mode import VERB_OF, answer

from ..helpers.command_line import NN_TUI, call, call_with_bytes
from ..helpers.experiments import experiment_of
from ..helpers.fuzz import FUZZ
from ..helpers.terminal import Terminal, terminal


def lines_of(*verbs: str, preset: str = "3-4-1", decimals: int = 6) -> list[str]:
    """What a dialogue answers to these lines, the first stage left out."""
    dialogue = PlainSession(experiment_of(preset), Notation.SUPERSCRIPT, decimals)
    list(dialogue.begin())
    return [line for verb in verbs for line in answer(dialogue, verb)]


def test_without_a_terminal_the_program_speaks_in_narration() -> None:
    done = call("3-4-1", stdin="f\ns\n")

    lines = done.stdout.splitlines()
    assert done.returncode == 0 and done.stderr == ""
    assert lines[0].startswith("Pass or fail: one example by hand: layers 3-4-1, 21 parameters; activations sigmoid")
    assert lines[1].startswith("1. Forward pass, layer 1, step 0, epoch 0: z¹₁ = 1.697745, a¹₁ = 0.845240, z¹₂ =")
    assert lines[2] == "2. Forward pass, layer 2, step 0, epoch 0: z²₁ = 0.083599, ŷ₁ = 0.520888."
    assert lines[3] == "3. Complete, step 1, epoch 1: ŷ₁ = 0.647828, target 1; train loss E = 0.434130."
    assert done.stdout == call("step", "3-4-1", stdin="f\ns\n").stdout


def test_the_end_of_the_input_is_the_end() -> None:
    assert call("step", "xor").returncode == 0
    assert call("step", "xor", stdin="q\nnonsense\n").stdout.count("error") == 0


def test_a_sentence_names_the_row_of_the_data() -> None:
    moons = experiment_of("moons")

    (told,) = lines_of("f", preset="moons")

    row = int(moons.trainer.rows(moons.start)[0])
    assert row != 1 and f"example 1 of {moons.trainer.batches.size}, row {row} of the data" in told


def test_every_phase_is_a_sentence() -> None:
    told = lines_of(*"fffff")

    assert [line.split(",")[0] for line in told] == [
        "2. Forward pass",
        "3. Loss",
        "4. Backward pass",
        "5. Backward pass",
        "6. Update",
    ]
    assert told[1] == "3. Loss, step 0, epoch 0: ŷ₁ = 0.520888, target 1; train loss E = 0.652221."
    assert "∂E/∂w²₁₁ = −0.404965" in told[2] and "w²₁₁ = 0.290614 (by 0.202482)" in told[4]


@pytest.mark.parametrize(
    ("verbs", "step"),
    [
        (["s"], 1),
        (["update 5"], 5),
        (["step", "b"], 0),
        (["s 4", "undo"], 3),
        (["g 7"], 7),
        (["g 7", "go 2"], 2),
        (["run 30"], 30),
        (["break step 12", "run"], 12),
        (["e", "e"], 2),
        (["s 5", "r"], 0),
        (["S 2"], 2),
    ],
)
def test_verbs_lead_to_a_step(verbs: list[str], step: int) -> None:
    assert f", step {step}, epoch" in lines_of(*verbs)[-1]


def test_a_change_is_made_and_undone() -> None:
    changed, sentence, undone = lines_of("set w2[1,1] 0.5", "undo")[:3]

    assert changed == "Set w2[1,1] to 0.5."
    assert sentence.startswith("2. Forward pass, layer 1") and undone.startswith("3. Complete, step 0")
    assert "w²₁₁ = 0.088132" in "\n".join(lines_of("set w2[1,1] 0.5", "undo", "show"))


def test_show_shows_what_is_known_and_no_more() -> None:
    at_first, whole = "\n".join(lines_of("show")), "\n".join(lines_of("s", "show"))

    assert "z¹₁" in at_first and "z²₁" not in at_first and "∂E" not in at_first and "E =" not in at_first
    assert all(name in whole for name in ("w¹₄₃ =", "b²₁ =", "ŷ₁ =", "∂E/∂w¹₄₃ =", "Step 1: train loss E = 0.434130."))


def test_what_is_of_the_step_before_is_reported_so() -> None:
    told = lines_of(*"ssf", "show")

    assert any(line.split(". ")[1].startswith("Layer 1, neuron 1, before the last update: z¹₁") for line in told)


def test_examples_are_shown_one_at_a_time() -> None:
    told = lines_of("f", "n", "N", "N", preset="xor")

    assert [line.split("example ")[1].split(":")[0] for line in told] == ["1 of 4", "2 of 4", "1 of 4", "4 of 4"]


def test_explanations_and_checks_are_shown() -> None:
    told = lines_of("x dw2[1,1]", "c", "loss", "t indexed")

    assert "−1.919800 · 0.249564 · 0.845240" in told[0] and told[0].endswith("0.249564")
    assert told[1].endswith("21 of 21 gradients agree with the slope of the loss.")
    assert told[2].endswith("Train loss, step 0: 0.652221.")
    assert "z1[1] = 1.697745" in told[-1]


def test_losses_say_of_which_examples_they_are() -> None:
    told = lines_of("f", "f", "loss", preset="moons")

    assert "; batch loss L = " in told[1]
    assert [line.split(". ", 1)[1].split(":")[0] for line in told[2:]] == [
        "Batch loss",
        "Train loss, step 0",
        "Held-out loss, step 0",
    ]
    assert all("; train accuracy: " in line or "; held-out accuracy: " in line for line in told[3:])


def test_decimals_are_as_many_as_asked_for() -> None:
    assert "z²₁ = 0.0836, ŷ₁ = 0.5209." in lines_of("f", decimals=4)[0]


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("jump", "no command is named 'jump'; help lists them"),
        ("b", "this is step 0, so there is no step back: expected a step forward, such as f or s"),
        ("g", "expected a number such as 10, got an empty field"),
        ("g -1", "expected a whole number from 0 to 100 000 000, got '-1'"),
        ("g 1.5", "expected a whole number from 0"),
        ("g 1e400", "expected a finite number"),
        ("s 0", "expected a whole number from 1"),
        ("set", "expected a name and a value, as in set learning_rate 0.1, got ''"),
        ("set learning_rate -1", "learning_rate: expected a number above 0, got -1"),
        ("set w9[1,1] 3", "w9[1,1]: expected a layer from 1 to 2"),
        ("x q7", "no quantity is named 'q7'"),
        ("break when it hurts", "expected step 100, loss < 0.1"),
        ("t greek", "expected superscript, counted, nodes or indexed, got 'greek'"),
        ("o", "there is no other branch yet"),
        ("\x1b]2;x\x07", "no command is named '\\x1b]2;x\\x07'"),
    ],
)
def test_bad_input_is_one_line_and_the_text_mode_continues(line: str, fault: str) -> None:
    told, *after = lines_of(line, "s")

    assert told.startswith("error: ") and fault in told and "\n" not in told
    assert "step 1" in after[0]


def test_training_that_fails_is_reported_and_can_be_stepped_back_from() -> None:
    told = lines_of("set learning_rate 1000", "run", "undo", "s", preset="1-1-1-1")

    assert any(line.startswith("Training failed: step ") for line in told)
    assert "step " in told[-1] and not told[-1].startswith("error")


def test_a_breakpoint_that_is_true_already_pauses_at_once_and_then_the_stop_is_named() -> None:
    told = lines_of("break loss < 5", "run", "break off", "run")

    assert told[1] == "Paused at the breakpoint loss < 5; run again to continue." and ", step 0, " in told[2]
    assert told[4] == "Finished at the preset's stop: steps = 1000; another step continues beyond it."


def test_a_run_without_an_end_pauses_and_says_after_how_many_updates(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plain_session, "MOST", 30)

    told = lines_of("run", "run")

    assert told[0] == told[2] == "Paused after 30 updates." and ", step 30, " in told[1] and ", step 60, " in told[3]


def test_a_breakpoint_whose_step_has_passed_says_so_and_is_hit_after_stepping_back() -> None:
    told = lines_of("s 3", "break step 2", "g 1", "break", "run")

    assert told[1:3] == ["Breakpoints: step 2.", "Already passed: step 2. To pause there, step back first."]
    assert told[4:6] == ["Breakpoints: step 2.", "Paused at the breakpoint step 2."]


def test_a_layer_of_which_every_relu_is_dead_is_reported_once() -> None:
    told = lines_of("set optimizer adam", "set learning_rate 0.5", "s", "s", "f", preset="2-2-2")

    sentence = "Layer 1: every ReLU is dead for every example; its gradients stay 0."
    assert [line.partition(" ")[2] == sentence for line in told].count(True) == 1


def test_a_long_line_and_broken_bytes_do_no_harm() -> None:
    done = call_with_bytes("step", "3-4-1", stdin=b"\xff\xfe\n" + b"x" * 50_000 + b"\n\ns\n")

    lines = done.stdout.decode().splitlines()
    assert done.returncode == 2 and [line[:6] for line in lines[2:4]] == ["error:", "error:"]
    assert ", step 1, " in lines[4] and len(lines) == 5


@pytest.mark.posix
def test_ctrl_c_ends_a_run_and_not_the_program(tmp_path: Path) -> None:
    (tmp_path / "endless.toml").write_text(ENDLESS)
    program_of = partial(subprocess.Popen, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1)
    with program_of([NN_TUI, "step", str(tmp_path / "endless.toml")]) as program:
        assert program.stdin and program.stdout
        program.stdin.write("s\n")
        assert any("Complete, step 1," in line for line in program.stdout)
        program.stdin.write("run 100000000\n")
        before = processor_time(program.pid)
        while processor_time(program.pid) - before < 0.2:  # only a run takes so much
            assert program.poll() is None
        program.send_signal(SIGINT)
        interrupted, sentence = program.stdout.readline(), program.stdout.readline()
        program.stdin.write("g 3\n")
        told, _ = program.communicate()

    assert interrupted == "Interrupted.\n" and ", step " in sentence
    assert "Complete, step 3," in told and program.returncode == 0


ENDLESS = """
name = "endless"
[network]
layers = [1, 1]
activations = "tanh"
init = { scheme = "xavier", seed = 1 }
[training]
loss = "mse"
learning_rate = 0.1
[data]
inputs = [[1], [2]]
targets = [[0.1], [0.3]]
"""


def processor_time(pid: int) -> float:
    """Seconds of the processor that a process has had."""
    with open(f"/proc/{pid}/stat") as file:
        fields = file.read().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def test_in_ascii_nothing_else_is_written() -> None:
    verbs = "s\nx dw1[1,1]\nshow\nhelp\n"

    for done in (call("step", "3-4-1", "--ascii", stdin=verbs), call("3-4-1", stdin=verbs, PYTHONIOENCODING="ascii")):
        assert done.returncode == 0 and done.stdout.isascii()
        assert "z1[1] = 1.697745" in done.stdout


def test_ascii_keeps_the_meaning() -> None:
    assert in_ascii("∂L/∂w ← −2 · ŷ² …") == "dL/dw <- -2 * y_hat^2 ..."


def test_a_target_is_needed_without_a_terminal() -> None:
    done = call()

    assert done.returncode == 2
    assert done.stderr.startswith("nn-tui: TARGET: expected a preset, as choosing one needs a terminal")


@pytest.fixture
def dumb(monkeypatch: pytest.MonkeyPatch) -> Iterator[Terminal]:
    with terminal("env", "TERM=dumb", NN_TUI, "3-4-1", columns=100) as opened:
        yield opened


def test_a_terminal_that_cannot_draw_has_a_prompt(dumb: Terminal) -> None:
    dumb.wait_for("\n> ")
    dumb.type("s\r")
    dumb.wait_for("Complete, step 1")
    dumb.type("q\r")

    assert dumb.wait_for_end() == 0
    assert b"\x1b" not in dumb.output


WORDS = [
    *VERB_OF,
    "1",
    "-1",
    "w1[1,1]",
    "dw2[1,1]",
    "loss < 0.1",
    "learning_rate",
    "0.5",
    "optimizer",
    "adam",
    "x[1]@9",
]


@given(st.lists(st.lists(st.one_of(st.sampled_from(WORDS), st.text(max_size=6)), max_size=3).map(" ".join), max_size=6))
@settings(max_examples=FUZZ, suppress_health_check=[HealthCheck.too_slow])
def test_any_lines_are_answered(lines: list[str]) -> None:
    dialogue = PlainSession(experiment_of("3-4-1"), Notation.SUPERSCRIPT, 6)
    list(dialogue.begin())

    for line in lines:
        if not line.startswith(("run", "e", "g")):
            assert all(isinstance(told, str) for told in answer(dialogue, line))
