"""A loss that a line outside the model breaks, in a training that runs here."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

import nn_tui
from nn_tui.presets.live.messages import (
    FirstNotFinite,
    ModelDescription,
    RecentLosses,
    Refused,
    Report,
    Said,
    Statistics,
    StepNumbers,
    Window,
)
from nn_tui.presets.live.orders import EditParameter, LookAt, Run, WindowAt

from ...helpers.visitor import Visit, Visitor, of_kind

torch = pytest.importorskip("torch", reason="PyTorch is not installed: pip install -e '.[torch-dev]'")
nn = torch.nn
BEGIN = """
for step in range(3):
    weights = [1.0, float("nan") if step == 2 else 1.0]
    optimizer.zero_grad()
"""
BROKEN = {
    "a condition": "    loss = model(X).pow(2).mean()\n    if step == 2:\n        loss = loss * weights[1]\n",
    "autocast": "    with torch.autocast('cpu'):\n        y_hat = model(X)\n        loss = y_hat.pow(2).mean() * weights[1]\n",
    "a loop": "    loss = model(X).pow(2).mean()\n    for weight in weights:\n        loss = loss * weight\n",
}
LINES = {"a condition": "loss = loss * weights[1]", "autocast": "loss = y_hat.pow(2).mean() * weights[1]"}
OUTSIDE = "a line outside the model makes the loss nan, before train.py:"


@pytest.mark.parametrize("name", BROKEN)
def test_the_line_is_named_or_said_to_be_outside_of_the_model(name: str, tmp_path: Path) -> None:
    path, text = tmp_path / "train.py", f"{BEGIN}{BROKEN[name]}    loss.backward()\n    optimizer.step()\n"
    path.write_text(text, encoding="utf-8")
    model = nn.Linear(3, 1)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.01)

    with nn_tui.watch(model, paused=True) as watched:
        visit = Visit(watched.path, run_until_broken)
        names = {"torch": torch, "model": model, "optimizer": optimizer, "X": torch.randn(4, 3)}
        exec(compile(text, str(path), "exec"), names)
    reports = visit.result()

    (found,) = of_kind(reports, FirstNotFinite)
    if name in LINES:
        assert found.operation == "aten.mul" and found.line == LINES[name]
    else:
        assert not found.operation and OUTSIDE in found.line
    kinds = [type(each) for each in reports]
    assert RecentLosses not in kinds[kinds.index(FirstNotFinite) :], "the loss of the step is told first"


def run_until_broken(visitor: Visitor) -> list[Report]:
    return visitor.run_to_pause(LookAt(statistics=True))


def test_complex_parameters_are_shown_by_their_magnitudes() -> None:
    model = nn.Linear(3, 2, dtype=torch.cfloat)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.01)
    X: Any = torch.randn(8, 3, dtype=torch.cfloat)

    def plan(visitor: Visitor) -> list[Report]:
        visitor.ask(LookAt(statistics=True, windows=(WindowAt(tensor="weight", rows=2, columns=3),)))
        visitor.until()
        visitor.ask(EditParameter(parameter="weight", index=(0, 0), value=1.0))
        visitor.until()
        visitor.ask(Run())
        visitor.until()
        return visitor.reports

    with nn_tui.watch(model, paused=True) as watched:
        visit = Visit(watched.path, plan)
        for step in range(3):
            before = model.weight.detach().clone()
            optimizer.zero_grad()
            (model(X / (step < 2)).abs() ** 2).mean().backward()
            optimizer.step()
            if step == 0:
                first = before
    reports = visit.result()

    window = of_kind(reports, Window)[0]
    assert torch.allclose(torch.tensor(window.values.array().tolist()), first.abs())
    assert of_kind(reports, ModelDescription)[0].modules[0].complex == ("weight", "bias")
    assert "complex numbers" in of_kind(reports, Refused)[0].reason
    assert not of_kind(reports, Said)
    names = {row.name for each in of_kind(reports, Statistics) for row in each.rows}
    assert names == {"weight", "bias", " output"}
    assert of_kind(reports, FirstNotFinite)


def test_a_gradient_that_is_not_finite_is_found_behind_an_output_with_the_smallest_parameter() -> None:
    class SquareRoot(nn.Module):  # type: ignore[misc, name-defined]
        """The root of 0, whose slope is infinite: the output is finite, the gradient is not."""

        is_on = False

        def forward(self, x: Any) -> Any:
            return torch.sqrt(x * 0.0) if self.is_on else x

    root = SquareRoot()
    model = nn.Sequential(nn.Conv1d(1, 2, 3), nn.Flatten(), root, nn.Linear(8, 1))
    optimizer = torch.optim.SGD(model.parameters(), lr=0.01)
    X = torch.randn(4, 1, 6)
    with nn_tui.watch(model, paused=True) as watched:
        visit = Visit(watched.path, run_until_broken)
        for step in range(4):
            root.is_on = step == 2
            optimizer.zero_grad()
            model(X).pow(2).mean().backward()
            optimizer.step()
    (found,) = of_kind(visit.result(), FirstNotFinite)
    assert (found.step, found.is_backward) == (2, True)


class Counting(nn.Module):  # type: ignore[misc, name-defined]
    """A model that counts its calls, in a number of its own or in an object, and breaks at one of them."""

    def __init__(self, where: str) -> None:
        super().__init__()
        self.linear, self.where, self.calls, self.other = nn.Linear(3, 1), where, 0, SimpleNamespace(calls=0)

    def forward(self, x: Any) -> Any:
        self.calls += 1
        self.other.calls += 1
        is_broken = (self.calls if self.where == "attribute" else self.other.calls) == 3
        return self.linear(x / (0.0 if is_broken else 1.0))


@pytest.mark.parametrize(("where", "said"), [("attribute", "aten.div"), ("object", "differs from the first")])
def test_a_model_that_counts_its_calls_is_run_again_as_it_was(where: str, said: str) -> None:
    model = Counting(where)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.01)
    X, calls = torch.ones(4, 3), []

    with nn_tui.watch(model, paused=True) as watched:
        visit = Visit(watched.path, run_until_broken)
        for _ in range(4):
            optimizer.zero_grad()
            model(X).pow(2).mean().backward()
            optimizer.step()
            calls.append(model.calls)

    (found,) = of_kind(visit.result(), FirstNotFinite)
    assert found.step == 2 and said in (found.operation or found.line)
    assert "outside the model" not in found.line, "every line of the script was run again"
    assert calls == [1, 2, 3, 4]


def test_a_second_pass_with_another_loss_is_not_shown_as_the_step() -> None:
    model = Counting("object")
    optimizer = torch.optim.SGD(model.parameters(), lr=0.01)
    X, y = torch.ones(4, 3), torch.zeros(4, 1)

    with nn_tui.watch(model, paused=True) as watched:
        visit = Visit(watched.path, lambda visitor: visitor.run_to_pause(LookAt(every_number=True, per_second=0.01)))
        for _ in range(4):
            optimizer.zero_grad()
            loss = nn.functional.mse_loss(model(X), y)
            loss.backward()
            optimizer.step()
    reports = visit.result()

    assert of_kind(reports, FirstNotFinite)[0].step == 2
    assert not [each for each in of_kind(reports, StepNumbers) if each.step == 2]
