"""Scripts in processes of their own, which know nothing of nn-tui, or of each other's end."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from time import sleep
from typing import Any

import numpy as np
import pytest

from nn_tui.presets.live.living import living
from nn_tui.presets.live.messages import ModelDescription, Said, StepNumbers, TrainingActivity
from nn_tui.presets.live.orders import LookAt, Pause, Run, StepUpdates

from ...helpers.visitor import PATIENCE, Script, Visitor, of_kind

pytest.importorskip("torch", reason="PyTorch is not installed: pip install -e '.[torch-dev]'")

TEN_LINES = """
import json, torch
from torch import nn
torch.manual_seed(1)
model = nn.Sequential(nn.Linear(3, 8), nn.Tanh(), nn.Linear(8, 1)).double()
optimizer = torch.optim.Adam(model.parameters(), lr=0.1)
X = torch.randn(4, 3).double()
for step in range(4):
    optimizer.zero_grad()
    z = model[0](X); a = model[1](z); y_hat = model[2](a)
    loss = nn.functional.mse_loss(y_hat, X.sum(1, keepdim=True))
    loss.backward()
    numbers = {"loss": loss, "z": z, "a": a, "y_hat": y_hat}
    for name, each in model.named_parameters():
        numbers |= {name: each, "d" + name: each.grad, **{key + name: value for key, value in optimizer.state[each].items()}}
    print(json.dumps({key: value.tolist() for key, value in numbers.items()}), flush=True)
    optimizer.step()
"""


def test_a_script_that_knows_nothing_of_nn_tui_shows_every_number_it_prints(tmp_path: Path) -> None:
    script = Script(tmp_path, TEN_LINES)
    visitor = script.visitor()
    visitor.ask(LookAt(every_number=True))
    visitor.until()
    for _ in range(3):
        visitor.ask(StepUpdates())
        visitor.until()
    visitor.ask(Run())
    visitor.until("finished")
    status, out, errors = script.end()

    printed = [json.loads(line) for line in out.splitlines()]
    captured = of_kind(visitor.reports, StepNumbers)
    assert (status, errors, visitor.hello.script) == (0, "", "train.py")
    assert [each.step for each in captured] == [0, 1, 2, 3]
    for numbers, step_numbers in zip(printed, captured, strict=True):
        same(step_numbers.z[0], numbers["z"])
        same(step_numbers.a[0], numbers["a"])
        same(step_numbers.a[1], numbers["y_hat"])
        assert step_numbers.loss == numbers["loss"]
        for blocks, names in (
            (step_numbers.W, ("0.weight", "2.weight")),
            (step_numbers.b, ("0.bias", "2.bias")),
            (step_numbers.dW, ("d0.weight", "d2.weight")),
            (step_numbers.db, ("d0.bias", "d2.bias")),
        ):
            for block, name in zip(blocks, names, strict=True):
                same(block, numbers[name])
        parameters = ("0.weight", "2.weight", "0.bias", "2.bias")
        for slot, key in zip(step_numbers.slots, ("exp_avg", "exp_avg_sq"), strict=True):
            parts = [np.ravel(numbers.get(key + name, np.zeros(np.shape(numbers[name])))) for name in parameters]
            same(slot, np.concatenate(parts))
        assert step_numbers.updates == step_numbers.step


FAILS_IN_FORWARD = """
import torch
class Net(torch.nn.Linear):
    calls = 0
    def forward(self, x):
        self.calls += 1
        if self.calls == 3:
            raise ValueError("7 columns")
        return super().forward(x)
net = Net(2, 1)
optimizer = torch.optim.SGD(net.parameters(), lr=0.1)
for _ in range(5):
    net(torch.ones(1, 2)).sum().backward()
    optimizer.step()
"""


def test_the_traceback_of_an_error_in_the_model_has_no_frame_of_nn_tui(tmp_path: Path) -> None:
    script = Script(tmp_path, FAILS_IN_FORWARD)
    visitor = script.visitor()
    visitor.ask(LookAt(every_number=True))
    visitor.until()
    visitor.ask(Run())
    visitor.until("failed")

    status, _, errors = script.end()

    files = [line.split('"')[1] for line in errors.splitlines() if line.startswith("  File ")]
    assert status == 1 and errors.endswith("ValueError: 7 columns\n")
    assert files[0] == files[-1] == str(script.path) and not any(
        "nn_tui" in file or "presets" in file for file in files
    )


def same(block: Any, numbers: Any) -> None:
    np.testing.assert_allclose(block.array(), numbers, rtol=1e-12, atol=1e-15)


LONG = """
import sys, torch
from torch import nn
model = nn.Linear(2, 1)
optimizer = torch.optim.SGD(model.parameters(), lr=0.0)
for step in range(int(sys.argv[1])):
    optimizer.zero_grad()
    model(torch.ones(2, 2)).pow(2).mean().backward()
    optimizer.step()
print("ended", __name__, sys.argv[1:], sys.path[0] == __file__.rpartition("/")[0])
"""


def test_a_script_runs_as_it_does_in_python_and_on_when_the_dashboard_is_killed(tmp_path: Path) -> None:
    script = Script(tmp_path, LONG, "300", "--own", "option")
    attached = "import sys; from tests.helpers.visitor import Visitor; from pathlib import Path\nfrom nn_tui.presets.live.orders import *\nv = Visitor(Path(sys.argv[1])); v.ask(LookAt(every_number=True)); v.until(); print('held', flush=True); v.until()"
    visitor = script.visitor()
    path = living()[0].path
    visitor.wire.close()
    root = Path(__file__).parents[3]
    dashboard = subprocess.Popen(
        [sys.executable, "-c", attached, str(path)], stdout=subprocess.PIPE, text=True, cwd=root
    )
    assert dashboard.stdout is not None and dashboard.stdout.readline() == "held\n"

    dashboard.kill()
    dashboard.communicate()
    status, out, errors = script.end()

    assert (status, errors) == (0, "")
    assert out == "ended __main__ ['300', '--own', 'option'] True\n"
    assert living() == []


@pytest.mark.posix
def test_ctrl_c_ends_a_script_that_is_held(tmp_path: Path) -> None:
    script = Script(tmp_path, LONG, "300")
    visitor = script.visitor()
    visitor.ask(LookAt())
    visitor.until()

    script.process.send_signal(signal.SIGINT)
    last = visitor.until("failed")[-1]
    status, _, errors = script.end()

    assert last == TrainingActivity(now="failed", why="interrupted")
    assert status == -signal.SIGINT and "Traceback" not in errors


def test_a_script_that_fails_shows_its_own_traceback(tmp_path: Path) -> None:
    script = Script(tmp_path, LONG.replace("optimizer.step()", "optimizer.step(); 1 / (2 - step)"), "300")
    visitor = script.visitor()
    visitor.ask(LookAt(), Run())
    last = visitor.until("failed")[-1]
    status, _, errors = script.end()

    assert isinstance(last, TrainingActivity) and last.why == "ZeroDivisionError: division by zero"
    assert status == 1 and errors.startswith(f'Traceback (most recent call last):\n  File "{script.path}", line 9')
    assert "nn_tui" not in errors


def test_what_is_no_script_is_said(tmp_path: Path) -> None:
    run = [sys.executable, "-m", "nn_tui.presets.pytorch.script_runner"]
    broken = tmp_path / "broken.py"
    broken.write_text("a b")
    for arguments, fault in (
        ([], "expected a script"),
        ([str(tmp_path / "no.py")], "No such file"),
        ([str(broken)], "SyntaxError"),
    ):
        found = subprocess.run([*run, *arguments], capture_output=True, text=True)
        assert found.returncode and fault in found.stderr


WORKERS = """
import multiprocessing, os, sys, torch, nn_tui
from torch import nn
from torch.utils.data import DataLoader, TensorDataset
data = TensorDataset(torch.arange(64.0).reshape(32, 2) / 64, torch.ones(32, 1))
if __name__ == "__main__":
    torch.manual_seed(0)
    model = nn.Linear(2, 1)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    watched = nn_tui.watch(model)
    for way in ("fork", "spawn") if os.name == "posix" else ("spawn",):
        for x, y in DataLoader(data, batch_size=8, num_workers=2, multiprocessing_context=way):
            loss = nn.functional.mse_loss(model(x), y)
            optimizer.zero_grad(); loss.backward(); optimizer.step()
    print(watched.path.exists(), loss.item())
"""


def test_processes_that_load_data_neither_inherit_nor_end_it(tmp_path: Path) -> None:
    watched = Script(tmp_path, WORKERS, plain=True).end()
    alone = Script(
        tmp_path, WORKERS.replace("watched.path.exists()", "True").replace("nn_tui.watch(model)", "0"), plain=True
    ).end()

    assert watched == alone and watched[0] == 0
    assert living() == []


RANKS = """
import datetime, os, torch, nn_tui, torch.distributed as dist
from torch import nn
from time import time
dist.init_process_group("gloo", timeout=datetime.timedelta(seconds=20))
rank = dist.get_rank()
torch.manual_seed(rank)
model = nn.parallel.DistributedDataParallel(nn.Sequential(nn.Linear(3, 4), nn.Tanh(), nn.Linear(4, 1)))
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
nn_tui.watch(model, paused=True)
held = 0.0
for step in range(6):
    X = torch.randn(8, 3)
    loss = nn.functional.mse_loss(model(X), X.sum(1, keepdim=True))
    optimizer.zero_grad()
    loss.backward()
    begun = time()
    optimizer.step()
    dist.barrier()
    held = max(held, time() - begun)
total = sum(p.detach().double().abs().sum().item() for p in model.parameters())
print(f"RANK {rank} {held > 2.0} {total!r}\\n", end="")  # one write: both ranks have one pipe
dist.barrier()
dist.destroy_process_group()
"""


@pytest.mark.posix
def test_two_processes_are_held_and_released_together(tmp_path: Path) -> None:
    path = tmp_path / "train.py"
    path.write_text(RANKS)
    command = [
        sys.executable,
        "-m",
        "torch.distributed.run",
        "--nproc-per-node",
        "2",
        "--standalone",
        "--local-addr",
        "127.0.0.1",
        str(path),
    ]
    environment = {**os.environ, "OMP_NUM_THREADS": "1"}
    both = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment)
    while not (found := living()):
        assert both.poll() is None, both.communicate()
        sleep(0.1)
    visitor = Visitor(found[0].path)
    visitor.ask(LookAt(every_number=True))
    first = visitor.until()
    while not isinstance(said := visitor.wire.receive(), Said):
        assert said is not None  # the others wait, until half of the time is over after which they give up
    visitor.ask(Run())
    visitor.until("finished")
    out, errors = both.communicate(timeout=PATIENCE)

    ranks = sorted(line.split()[1:] for line in out.splitlines() if line.startswith("RANK"))
    assert [each[:2] for each in ranks] == [["0", "True"], ["1", "True"]], errors
    assert ranks[0][2] == ranks[1][2], "the same parameters at the end"
    assert (visitor.hello.rank, visitor.hello.ranks) == (0, 2)
    assert (
        of_kind(first, ModelDescription)[0].recognized
        and of_kind(first, ModelDescription)[0].modules[0].kind == "Sequential"
    )
    assert said.text.startswith("the other ranks have waited for 10 s; after 20 s they give up")


def test_who_pauses_a_running_script_holds_it(tmp_path: Path) -> None:
    script = Script(tmp_path, LONG, "100000000", plain=False)
    visitor = script.visitor()
    visitor.ask(LookAt(), Run(updates_per_second=50.0), Pause())
    held = visitor.until()[-1]
    assert isinstance(held, TrainingActivity)
    visitor.ask(StepUpdates(updates=3))
    later = visitor.until()[-1]
    assert isinstance(later, TrainingActivity) and later.step == held.step + 3
    script.process.kill()
    with pytest.raises(AssertionError, match="the training is gone"):
        visitor.until()
    script.end()
    assert living() == []
