"""What it costs to watch a PyTorch training, as ratios in one run: pytest tests/benchmarks/test_live.py -n0 -s.

The two ways alternate in short blocks, and the median of the blocks' ratios counts, so that a busy machine slows both.
"""

import os
from collections.abc import Callable
from statistics import median
from time import monotonic, thread_time
from typing import Any

import pytest

import nn_tui
from nn_tui.presets.live.orders import LookAt, Run, WindowAt

from ..helpers.visitor import Visit, Visitor

torch = pytest.importorskip("torch", reason="PyTorch is not installed: pip install -e '.[torch-dev]'")
torch.set_num_threads(1)
nn = torch.nn
BLOCKS = 16


def step_of(sizes: list[int], batch: int) -> tuple[Any, Any, Callable[[], None]]:
    torch.manual_seed(0)
    layers: list[Any] = []
    for n_in, n_out in zip(sizes, sizes[1:], strict=False):
        layers += [nn.Linear(n_in, n_out), nn.Tanh()]
    model = nn.Sequential(*layers[:-1])
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-4)
    X, y = torch.randn(batch, sizes[0]), torch.randn(batch, sizes[-1])

    def step() -> None:
        optimizer.zero_grad()
        nn.functional.mse_loss(model(X), y).backward()
        optimizer.step()

    return model, optimizer, step


def seconds(step: Callable[[], None], steps: int) -> float:
    """Of this thread alone, as the one that listens is another's cost on a machine with cores."""
    begun = thread_time()
    for _ in range(steps):
        step()
    return thread_time() - begun


def ratio(plain: Callable[[], None], watched: Callable[[], None], steps: int, blocks: int = BLOCKS) -> float:
    for each in (plain, watched):
        seconds(each, steps)
    ratios = []
    for number in range(blocks):
        pair = (plain, watched) if number % 2 else (watched, plain)
        times = {each: seconds(each, steps) for each in pair}
        ratios.append(times[watched] / times[plain])
    return median(ratios)


def rate(step: Callable[[], None], steps: int) -> float:
    """Ten reports in a second of this thread's own time, which on a busy machine takes several seconds."""
    begun = monotonic()
    return max(0.5, 10 * seconds(step, steps) / (monotonic() - begun))


def looking(look: LookAt) -> Callable[[Visitor], None]:
    def plan(visitor: Visitor) -> None:
        visitor.ask(look, Run())
        while visitor.wire.receive() is not None:
            pass

    return plan


def test_a_small_network() -> None:
    _, _, plain = step_of([2, 8, 8, 1], 32)
    model, optimizer, watched = step_of([2, 8, 8, 1], 32)

    same = ratio(plain, watched, 250)
    with nn_tui.watch(model, optimizer=optimizer) as watch:
        alone = ratio(plain, watched, 250)
        visit = Visit(watch.path, looking(LookAt(every_number=True, per_second=rate(plain, 100))))
        attached = ratio(plain, watched, 250)
    visit.result()

    print(f"\n2-8-8-1: the same twice {same:.4f}, nobody attached {alone:.4f}, attached at 10 a second {attached:.4f}")


def test_ten_million_parameters_with_two_windows() -> None:
    sizes = [512, 2048, 2048, 2048, 512]
    _, _, plain = step_of(sizes, 16)
    model, optimizer, watched = step_of(sizes, 16)
    windows = tuple(WindowAt(tensor=name, rows=20, columns=30) for name in ("2.weight", "2.weight gradient"))

    same = ratio(plain, watched, 2, 10)
    with nn_tui.watch(model, optimizer=optimizer) as watch:
        visit = Visit(watch.path, looking(LookAt(windows=windows, per_second=rate(plain, 4))))
        shown = ratio(plain, watched, 2, 10)
    visit.result()
    with nn_tui.watch(model, optimizer=optimizer) as watch:
        visit = Visit(watch.path, looking(LookAt(statistics=True)))
        statistics = ratio(plain, watched, 2, 10)
    visit.result()

    print(f"\n10 M: the same twice {same:.4f}, two windows {shown:.4f}, statistics in turn {statistics:.4f}")


def test_beside_wandb() -> None:
    wandb = pytest.importorskip("wandb", reason="wandb is not installed")
    os.environ["WANDB_SILENT"] = "true"
    _, _, plain = step_of([2, 8, 8, 1], 32)
    model, _, watched = step_of([2, 8, 8, 1], 32)
    run = wandb.init(mode="offline", project="watch")
    wandb.watch(model, log="all", log_freq=100)

    def logged() -> None:
        watched()
        run.log({"step": 1})

    found = ratio(plain, logged, 100, 10)
    run.finish()
    print(f"\n2-8-8-1: wandb.watch, offline, every 100 steps {found:.4f}")
