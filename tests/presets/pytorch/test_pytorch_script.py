"""The script that comes with the documentation, run by PyTorch: each number that is shown is the one that it has."""

import json
from collections.abc import Iterator
from pathlib import Path
from time import monotonic, sleep

import numpy as np
import pytest

from nn_tui.core.debugger.stage import StepUnit
from nn_tui.core.worker.verbs import Verbs
from nn_tui.presets.live.kept_steps import KeptSteps
from nn_tui.presets.live.live_training import LiveTraining
from nn_tui.presets.live.living import path_of
from nn_tui.presets.live.meeting import connect
from nn_tui.presets.live.script_process import ScriptProcess, interpreter
from nn_tui.presets.live.wire import WireError, dashboard_end
from nn_tui.tui.commands.run_command import RUNNER

from ...helpers.command_line import call, run
from ...helpers.docs import CHECKOUT

pytest.importorskip("torch", reason="PyTorch is not installed")
PATIENCE = 120.0
PRINTS = """
import json
def written(*_):
    state = lambda name: [optimizer.state[p][name].tolist() for p in model.parameters()] if optimizer.state else []
    print(json.dumps({
        "W": [p.tolist() for p in model.parameters()], "dW": [p.grad.tolist() for p in model.parameters()],
        "m": state("exp_avg"), "v": state("exp_avg_sq"), "loss": loss.item(),
        "z": model[0](X).tolist(), "a": model[1](model[0](X)).tolist(), "y_hat": model(X).tolist(),
    }))
optimizer.register_step_pre_hook(written)
"""
"""What a person adds to the script to see the numbers themselves."""


@pytest.fixture(autouse=True)
def folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("NN_TUI_STATE", str(tmp_path))


@pytest.fixture
def script(tmp_path: Path) -> Iterator[ScriptProcess]:
    text = (CHECKOUT / "docs" / "net.py").read_text(encoding="utf-8")
    at = text.index("for _ in")
    path = tmp_path / "printing.py"
    path.write_text(f"{text[:at]}loss = None{PRINTS}{text[at:]}", encoding="utf-8")
    process = ScriptProcess([interpreter(), *RUNNER, str(path)], {})
    yield process
    process.end()


def wait_for(condition: object) -> None:
    end = monotonic() + PATIENCE
    while not condition():  # type: ignore[operator]
        assert monotonic() < end, "the condition did not come"
        sleep(0.005)


def meet(process: ScriptProcess) -> object:
    while process.status is None:
        try:
            return dashboard_end(connect(path_of(str(process.pid))))
        except WireError:
            sleep(0.02)
    return None


def kept(verbs: Verbs) -> KeptSteps:
    return verbs._kept  # type: ignore[attr-defined,no-any-return]


def test_after_three_steps_every_number_is_the_one_that_the_script_prints(script: ScriptProcess) -> None:
    live = LiveTraining(lambda: meet(script), "printing.py")  # type: ignore[arg-type,return-value]
    script.follow(live.print, lambda status: None)
    wait_for(lambda: live.arrival.is_known or live.arrival.fault)
    assert not live.arrival.fault, (live.arrival.fault, live.lines)
    verbs, _ = live.opened().begin(lambda: None)

    for step in (1, 2, 3, 4):  # the script prints the numbers of a step when its update begins
        verbs.step(StepUnit.UPDATE)
        wait_for(lambda step=step: kept(verbs).newest.step == step)  # type: ignore[union-attr]
    wait_for(lambda: len(live.lines) >= 4)

    for step in range(4):
        assert kept(verbs).go_to(step)
        backward = kept(verbs).snapshot.backward
        printed = json.loads(live.lines[step])
        W, b = printed["W"][::2], printed["W"][1::2]
        state, forward = backward.state, backward.forward
        slots = [state.layout.views(slot) for slot in state.slots[:2]]
        for ours, theirs in (
            *zip((*state.W, *state.b), (*W, *b), strict=True),
            *zip((*backward.dW, *backward.db), (*printed["dW"][::2], *printed["dW"][1::2]), strict=True),
            (forward.z[0], printed["z"]),
            (forward.a[0], printed["a"]),
            (forward.y_hat, printed["y_hat"]),
            (forward.loss, printed["loss"]),
            *(
                pair
                for slot, name in zip(slots, "mv", strict=True)
                for pair in zip(slot, (*printed[name][::2], *printed[name][1::2]), strict=False)
            ),
        ):
            np.testing.assert_allclose(np.asarray(ours), np.asarray(theirs), rtol=1e-12, atol=1e-15)
        proof = verbs._proofs[step]  # type: ignore[attr-defined]
        assert proof.differing is None and proof.error < 1e-14
    assert np.any(state.slots[0]), "Adam remembers something by then"
    verbs.close()


def test_a_script_that_fails_says_so_in_its_output_and_its_status(tmp_path: Path) -> None:
    path = tmp_path / "broken.py"
    path.write_text('print("begun")\nraise ValueError("no data")\n', encoding="utf-8")
    process = ScriptProcess([interpreter(), *RUNNER, str(path)], {})
    lines: list[str] = []
    statuses: list[int] = []
    process.follow(lambda *more: lines.extend(more), statuses.append)
    wait_for(lambda: statuses)
    assert statuses == [1]
    assert lines[0] == "begun" and "ValueError: no data" in lines[-1]


def test_a_script_that_never_trains_prints_and_ends_as_it_would_alone(tmp_path: Path) -> None:
    script = tmp_path / "train.py"
    script.write_text("import sys\nprint('one')\nprint('two')\nsys.exit(3)\n", encoding="utf-8")
    result = call("run", str(script))
    assert result.returncode == 3
    assert result.stdout.splitlines() == ["one", "two"]
    assert result.stderr.splitlines() == ["nn-tui: train.py: it ended before a training began"]


@pytest.mark.parametrize("stop", ["nn_tui.breakpoint()", "bad = float('nan')"])
def test_without_a_screen_nothing_pauses_a_script_for_good(tmp_path: Path, stop: str) -> None:
    script = tmp_path / "train.py"
    script.write_text(
        f"""
import nn_tui, torch
model = torch.nn.Linear(2, 1)
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
for step in range(4):
    bad = 1.0
    if step == 2:
        {stop}
    optimizer.zero_grad()
    (model(torch.ones(3, 2)) * bad).pow(2).mean().backward()
    optimizer.step()
""",
        encoding="utf-8",
    )
    result = run("run", "--json", str(script))
    assert result.returncode == 0
    lines = [json.loads(line) for line in result.stdout.splitlines()]
    assert [line["step"] for line in lines if "loss" in line] == [0, 1, 2, 3]
