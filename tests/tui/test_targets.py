"""TARGETs: every command takes each form of one, and refuses what is none with what would be right."""

import json
from pathlib import Path

import pytest

from nn_tui.presets.catalogue import find

from ..helpers.command_line import invoke, refusal


@pytest.fixture
def session(tmp_path: Path) -> str:
    """3-4-1 at step 4, with another learning rate from step 2 on."""
    file = str(tmp_path / "left")
    invoke("train", "3-4-1", "--steps", "2", "--save", file)
    invoke("train", file, "--learning-rate", "0.25", "--steps", "4", "--save", file)
    return file


@pytest.fixture
def line(session: str) -> str:
    return invoke("share", session).strip()


def test_a_session_is_a_target_with_its_changes_where_it_was_left(session: str, line: str) -> None:
    then = json.loads(invoke("export", session, "--format", "json"))
    without = json.loads(invoke("export", "3-4-1", "--step", "4", "--format", "json"))

    assert len(line) > 255 and then["step"] == 4 and then["batch_loss"] != without["batch_loss"]
    for target in (session, line):
        assert json.loads(invoke("open", target, "--trace")) == then
        assert json.loads(invoke("train", target, "--steps", "4", "--trace")) == then
        assert f" = {then['batch_loss']:.6f}   loss, step 4\n" in invoke("explain", target, "--quantity", "loss")
        assert invoke("check", target).splitlines()[-1].startswith("step 4: 21 gradients, 21 agree")
        assert "Compute update 5:" in invoke("worksheet", target)
        assert "step 4, epoch 4" in invoke("step", target) and "step 4, epoch 4" in invoke(target)
        assert invoke("share", target).strip() == line


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_file_that_holds_a_shared_line_is_the_line(line: str, tmp_path: Path, encoding: str) -> None:
    file = tmp_path / "shared.txt"
    file.write_text(f"{line}\n", encoding=encoding)

    assert invoke("share", str(file)).strip() == line
    assert invoke("open", str(file), "--trace") == invoke("open", line, "--trace")
    assert invoke("train", "--resume", str(file), "--steps", "4", "--trace") == invoke("open", line, "--trace")


def test_a_file_with_a_line_cut_short_says_so(line: str, tmp_path: Path) -> None:
    (tmp_path / "shared.txt").write_text(line[:-9], encoding="utf-8")

    status, told = refusal("train", str(tmp_path / "shared.txt"))
    assert status == 2 and told.startswith("the shared line: cut off or changed")


@pytest.mark.parametrize("step", [0, 1, 3, 6])
def test_of_a_session_any_step_can_be_asked_for(session: str, step: int) -> None:
    found = json.loads(invoke("export", session, "--step", str(step), "--format", "json"))

    assert found["step"] == step
    assert json.loads(invoke("open", invoke("share", session, "--step", str(step)).strip(), "--trace")) == found
    value = f"{found['layers'][0]['W'][0][0]:.6f}".replace("-", "−")
    assert value in invoke("explain", session, "--step", str(step), "--quantity", "w1[1,1]")


def test_an_option_changes_a_session_where_it_was_left(session: str) -> None:
    before = json.loads(invoke("open", session, "--trace"))["layers"][1]
    after = json.loads(invoke("export", session, "--learning-rate", "0.5", "--step", "5", "--format", "json"))[
        "layers"
    ][1]

    assert after["W"][0][0] == before["W"][0][0] - 0.5 * before["dW"][0][0]


def test_another_optimizer_has_its_usual_learning_rate_in_a_session_too(session: str) -> None:
    assert "learning_rate = 0.001\n" in invoke("export", session, "--optimizer", "adam", "--format", "toml")


def test_verify_takes_a_session_without_changes(tmp_path: Path, session: str) -> None:
    invoke("train", "3-4-1", "--steps", "2", "--save", str(tmp_path / "whole"))

    assert invoke("verify", str(tmp_path / "whole")) == invoke("verify", "3-4-1")
    status, told = refusal("verify", session)
    assert status == 2 and "expected a session without edits" in told


@pytest.mark.parametrize("option", [["--seed", "3"], ["--test", "0.5"], ["--standardize"]])
def test_what_a_session_begins_with_cannot_be_changed(session: str, option: list[str]) -> None:
    status, told = refusal("check", session, *option)

    assert status == 2 and told.startswith(f"{option[0]}: a session keeps its initial weights")


COMMANDS = [[], ["train", "--steps", "1"], ["verify"], ["check"], ["explain", "--quantity", "loss"], ["worksheet"]] + [
    ["share"],
    ["export", "--format", "csv"],
    ["step"],
    ["open"],
]


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command[0] if command else "dashboard")
def test_no_command_takes_what_is_no_target(tmp_path: Path, command: list[str]) -> None:
    (tmp_path / "empty").write_bytes(b"")
    (tmp_path / "binary").write_bytes(bytes(range(256)))
    (tmp_path / "data.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    expected = {
        "atach": "is named 'atach'",
        "moon": "did you mean moons?",
        "kept/left.session": "'kept/left.session': no such file; expected a preset's name, a TOML file, a session",
        "-": "-: the standard input is data: expected it after a network, as in nn-tui train 4-8-3 --data FILE",
        str(tmp_path / "data.csv"): "a CSV file is data: expected it after a network",
        str(
            tmp_path / "w.npz"
        ): "nn-tui xor --weights FILE to begin with them, or nn-tui xor --against FILE to compare",
        str(tmp_path): "a folder: expected a preset's name, a TOML file, a session",
        str(tmp_path / "empty"): "an empty file: expected a preset's name, a TOML file, a session",
        str(tmp_path / "binary"): "expected UTF-8 text",
        "/dev/null": "an empty file",
        "nn2:" + "A" * 5000: "the shared line: cut off or changed",
        "x" * 5000: "is named 'xxx",
        "x\x00y": "is named 'x\\x00y'",
        "x\ny\ud8ff": "is named 'x\\ny\\ud8ff'",
        "x\x00.toml": "x\\x00.toml: expected the name of a file, got one with the character 0",
        "x" * 5000 + ".toml": ": cannot be read: File name too long",
    }

    for target, told in expected.items():
        status, line = refusal(*command[:1], target, *command[1:])

        assert (status, told in line, "\n" in line) == (2, True, False), line


def test_a_mistyped_command_is_reported_as_one() -> None:
    assert refusal("atach")[1].startswith("no command or preset is named 'atach'")
    assert "did you mean train" in refusal("trian")[1]
    assert len(refusal("attach")[1]) < 250


def test_a_preset_can_be_opened() -> None:
    assert json.loads(invoke("open", "xor", "--trace"))["step"] == 0
    assert find("xor").name == "xor"
