"""Other systems: every command and the app where what only POSIX has is missing, and a pipe has few characters."""

import os
import subprocess
import sys
from pathlib import Path

SCRIPT = Path(__file__).parent / "helpers" / "another_system.py"


ENCODING = "cp1252"
"""That of a pipe on Windows; all other tests of commands have UTF-8."""


def test_every_command_and_the_app_do_without_posix(tmp_path: Path, state: Path) -> None:
    asked = {"PYTHONIOENCODING": ENCODING, "TEXTUAL_DRIVER": "textual.drivers.headless_driver:HeadlessDriver"}

    done = subprocess.run(
        [sys.executable, SCRIPT], input=b"s\nf\nhelp\n", capture_output=True, cwd=tmp_path, env={**os.environ, **asked}
    )

    out, errors = done.stdout.decode(ENCODING), done.stderr.decode(ENCODING)
    told = dict(line[3:].rsplit(": ", 1) for line in out.splitlines() if line.startswith("== "))
    assert done.returncode == 0, errors
    assert "Traceback" not in out + errors
    assert (told.pop("sessions"), told.pop("opened at step")) == ("['xor']", "1")
    assert told.pop("train no-such-preset") == "2" and len(told) == 18 and set(told.values()) == {"0"}
    assert (tmp_path / "explanation.txt").read_text(encoding="utf-8").startswith("∂E/∂w¹₄₃ = 0.045558")
