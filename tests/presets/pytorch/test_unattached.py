"""What a watched training does while nobody is attached: it counts its updates, and nothing else."""

import sys
from collections import Counter
from types import FrameType
from typing import Any

import pytest

import nn_tui
from nn_tui.presets.live.messages import StepNumbers
from nn_tui.presets.live.orders import LookAt, Run
from nn_tui.presets.pytorch import watching

from ...helpers.visitor import Visit, Visitor, of_kind

torch = pytest.importorskip("torch", reason="PyTorch is not installed: pip install -e '.[torch-dev]'")
nn = torch.nn
OURS = watching.__file__.removesuffix("watching.py")


def training() -> Any:
    model = nn.Sequential(nn.Linear(2, 3), nn.Tanh(), nn.Linear(3, 1))
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    X, y = torch.randn(4, 2), torch.randn(4, 1)

    def step() -> None:
        optimizer.zero_grad()
        nn.functional.mse_loss(model(X), y).backward()
        optimizer.step()

    return step


def calls_of(step: Any) -> Counter[str]:
    """How often each function of nn-tui runs in a step."""
    calls: Counter[str] = Counter()

    def count(frame: FrameType, event: str, argument: object) -> None:
        if event == "call" and frame.f_code.co_filename.startswith(OURS):
            calls[frame.f_code.co_name] += 1

    sys.setprofile(count)
    try:
        step()
    finally:
        sys.setprofile(None)
    return calls


def look_once(visitor: Visitor) -> list[StepNumbers]:
    visitor.ask(LookAt(every_number=True), Run())
    found: list[StepNumbers] = []
    while not found:
        report = visitor.wire.receive()
        assert report is not None
        found += of_kind([report], StepNumbers)
    return found


def test_a_step_enters_two_functions_of_nn_tui_before_and_after_somebody_was_attached() -> None:
    step = training()
    original = torch.autograd.backward
    with nn_tui.watch() as watched:
        step()
        assert calls_of(step) == {"before": 1, "after": 1}
        assert not nn.modules.module._global_forward_pre_hooks, "the model is known, and is not looked for"
        assert torch.autograd.backward is original

        visit = Visit(watched.path, look_once)
        while visit.is_alive():
            step()
        assert visit.result()
        while torch.autograd.backward is not original:
            step()
        step()
        assert calls_of(step) == {"before": 1, "after": 1}


def test_a_backward_pass_that_another_library_wraps_meanwhile_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    step, original = training(), torch.autograd.backward
    with nn_tui.watch() as watched:
        step()
        monkeypatch.setattr(torch.autograd, "backward", lambda *arguments, **named: original(*arguments, **named))
        visit = Visit(watched.path, look_once)
        while visit.is_alive():
            step()
        (numbers,) = visit.result()
    assert numbers.loss > 0.0


def test_the_second_model_of_a_script_is_the_one_that_is_shown_where_the_first_is_gone() -> None:
    with nn_tui.watch() as watched:
        training()()
        step = training()
        for _ in range(3):
            step()
        visit = Visit(watched.path, look_once)
        while visit.is_alive():
            step()
        assert visit.result()
