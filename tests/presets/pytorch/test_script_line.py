"""Before its first step, a training reports the line of the script that takes so long."""

import sys
from pathlib import Path
from typing import Any

import pytest

from nn_tui.presets.live.messages import ScriptAt
from nn_tui.presets.live.orders import LookAt, Run
from nn_tui.presets.pytorch.script_line import line_of_script

from ...helpers.visitor import Script

WAITS = """
import os, time, torch
while not os.path.exists(__file__ + ".go"):
    time.sleep(0.01)
model = torch.nn.Linear(1, 1)
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
model(torch.ones(1, 1)).sum().backward()
optimizer.step()
"""
LOOP = (ScriptAt(place="train.py:3"), ScriptAt(place="train.py:4"))


def test_a_script_says_where_it_is_while_no_step_is_made(tmp_path: Path) -> None:
    pytest.importorskip("torch", reason="PyTorch is not installed: pip install -e '.[torch-dev]'")
    script = Script(tmp_path, WAITS)
    visitor = script.visitor()
    visitor.ask(LookAt())

    while (line := visitor.wire.receive()) not in LOOP:
        assert line is not None
    script.path.with_name("train.py.go").touch()
    reports = visitor.until()
    visitor.ask(Run())

    assert script.end()[0] == 0 and not isinstance(reports[-2], ScriptAt)


def test_the_line_says_that_a_model_is_compiled_there() -> None:
    compiler = Path(sys.prefix, "lib", "python3", "site-packages", "torch", "_dynamo", "convert_frame.py")
    names: dict[str, Any] = {"line_of_script": line_of_script}
    code = "imported = line_of_script()\ndef call(): return line_of_script()"
    exec(compile(code, str(compiler), "exec"), names)
    here = sys._getframe()

    compiling, plain = names["call"](), line_of_script()  # on one line, which is that of both

    assert compiling == ScriptAt(place=f"{Path(__file__).name}:{here.f_lineno - 2}", is_compiling=True)
    assert plain == ScriptAt(place=compiling.place)
    assert names["imported"] and not names["imported"].is_compiling  # an optimizer imports the compiler
