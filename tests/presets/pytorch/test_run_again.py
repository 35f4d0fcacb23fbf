"""A model that changes itself in its forward pass is, after a batch was run again, what it was."""

from collections import Counter, defaultdict, deque
from copy import deepcopy
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import nn_tui
from nn_tui.presets.live.messages import FirstNotFinite, Report, TrainingActivity
from nn_tui.presets.live.orders import LookAt, Run

from ...helpers.visitor import Visit, Visitor, of_kind

torch = pytest.importorskip("torch", reason="PyTorch is not installed: pip install -e '.[torch-dev]'")
nn = torch.nn


class Changing(nn.Module):  # type: ignore[misc, name-defined]
    """A model that counts its calls in values of all kinds, and gives nan at its third call."""

    rebound: Any

    def __init__(self) -> None:
        super().__init__()
        self.linear, self.calls, self.all_calls = nn.Linear(3, 1), 0, [0]
        self.history: list[int] = []
        self.alias = self.history
        self.squares: dict[int, int] = {}
        self.by_name: defaultdict[str, list[int]] = defaultdict(list)
        self.seen: set[int] = set()
        self.last: deque[int] = deque(maxlen=2)
        self.counter: Counter[str] = Counter()
        self.array = np.zeros(2)
        self.plain = torch.zeros(2)
        self.replaced_list: list[int] = []
        self.nested: dict[str, Any] = {"deep": {"list": [0]}, "tuple": ([], torch.zeros(1)), "bytes": b""}
        self.nested["itself"] = self.nested
        self.long: list[Any] = [[], *range(150_000)]  # too long for a copy at each step
        self.norm = nn.BatchNorm1d(3)
        self.register_buffer("rebound", torch.zeros(1))
        self.register_buffer("in_place", torch.zeros(1))
        self.register_buffer("late", None)
        self.head: Any = None

    def forward(self, x: Any) -> Any:
        self.calls += 1
        self.all_calls[0] += 1
        self.history.append(self.calls)
        self.squares[self.calls] = self.calls**2
        self.by_name["calls"].append(self.calls)
        self.seen.add(self.calls)
        self.last.append(self.calls)
        self.counter["calls"] += 1
        self.array[0] += 1
        self.plain[0] += 1
        self.replaced_list = [*self.replaced_list, self.calls]
        self.nested["deep"]["list"][0] += 1
        self.nested["tuple"][0].append(self.calls)
        self.nested["tuple"][1][0] += 1
        self.long[0].append(self.calls)
        self.long.append(self.calls)
        self.rebound = self.rebound + 1
        self.in_place.add_(1)
        self.late = self.rebound * 2
        self.norm.running_var = self.norm.running_var + 1  # a buffer of a module of PyTorch
        if self.calls == 3:
            self.head = nn.Identity()
        is_third = self.all_calls[0] == self.nested["deep"]["list"][0] == len(self.nested["tuple"][0]) == 3
        return self.linear(self.norm(x)) / (0.0 if is_third else 1.0)

    def state(self) -> dict[str, Any]:
        """All of that, as values that can be compared."""
        names = "calls all_calls history squares by_name seen last counter replaced_list nested long".split()
        found: dict[str, Any] = {name: repr(getattr(self, name)) for name in names}
        found |= {name: each.tolist() for name, each in self.named_buffers()}
        found |= {"array": self.array.tolist(), "plain": self.plain.tolist(), "modules": [*dict(self.named_modules())]}
        return found | {"is alias": self.alias is self.history}


def train(model: Changing) -> list[dict[str, Any]]:
    optimizer = torch.optim.SGD(model.parameters(), lr=0.01)
    X, found = torch.arange(12.0).reshape(4, 3), []
    for _ in range(4):
        optimizer.zero_grad()
        model(X).pow(2).mean().backward()
        optimizer.step()
        found.append(model.state())
    return found


def test_a_model_is_run_again_as_it_was_and_is_then_what_it_was() -> None:
    torch.manual_seed(0)
    expected = train(Changing())

    torch.manual_seed(0)
    model = Changing()
    head = model.head
    with nn_tui.watch(model, paused=True) as watched:
        visit = Visit(watched.path, lambda visitor: visitor.run_to_pause(LookAt(statistics=True)))
        actual = train(model)

    (found,) = of_kind(visit.result(), FirstNotFinite)
    assert (found.step, found.operation) == (2, "aten.div"), "the second pass is the first"
    assert actual == expected
    assert head is None and model.head is not None


def test_a_buffer_that_did_not_change_is_not_written_as_a_backward_pass_may_need_it() -> None:
    from nn_tui.presets.pytorch.last_forward import LastForward

    class Masked(Changing):
        """A model whose backward pass needs a buffer with a nan."""

        def __init__(self) -> None:
            super().__init__()
            self.in_place[0] = torch.nan

        def forward(self, x: Any) -> Any:
            return self.linear(x * self.linear.weight * self.in_place)

    model, forward = Masked(), LastForward()
    forward.open(model)
    loss = model(torch.ones(4, 3)).sum()
    with forward.again():
        model(torch.ones(4, 3))
    loss.backward()
    forward.close()


def test_a_model_is_copied_and_saved_while_a_dashboard_is_attached(tmp_path: Path) -> None:
    model = nn.Sequential(nn.Linear(3, 3), nn.Linear(3, 1))
    optimizer = torch.optim.SGD(model.parameters(), lr=0.01)
    X = nn.Parameter(torch.ones(4, 3))
    kind = type(model)

    def plan(visitor: Visitor) -> list[Report]:
        visitor.ask(LookAt(statistics=True))
        visitor.until()
        visitor.ask(Run())
        return visitor.until("finished")

    with nn_tui.watch(model, paused=True) as watched:
        visit = Visit(watched.path, plan)
        for _ in range(3):
            optimizer.zero_grad()
            model(X * 2).sum().backward()  # an input that cannot be copied, as it has a graph
            optimizer.step()
            copy = deepcopy(model)
            torch.save(model, tmp_path / "model.pt")
    saved = torch.load(tmp_path / "model.pt", weights_only=False)

    assert any(isinstance(each, TrainingActivity) for each in visit.result())
    assert torch.equal(copy(X), model(X)) and torch.equal(saved(X), model(X))
    assert "__call__" not in vars(kind), "the class is what it was"
