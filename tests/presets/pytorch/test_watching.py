"""A training in this process, and somebody who is attached to it."""

import os
import subprocess
import sys
from math import isnan
from pathlib import Path
from threading import Event
from typing import Any

import numpy as np
import pytest

import nn_tui
from nn_tui.presets.live.messages import (
    FirstNotFinite,
    ModelDescription,
    RecentLosses,
    Refused,
    Said,
    Statistics,
    StepNumbers,
    TrainingActivity,
    Window,
)
from nn_tui.presets.live.orders import (
    BreakAt,
    EditParameter,
    HoldCondition,
    Leave,
    LookAt,
    Pause,
    Run,
    SetLearningRate,
    StepUpdates,
    WindowAt,
)
from nn_tui.presets.pytorch.model_tree import Model
from nn_tui.presets.pytorch.watching import begin, current_watch

from ...helpers.visitor import Visit, Visitor, of_kind

torch = pytest.importorskip("torch", reason="PyTorch is not installed: pip install -e '.[torch-dev]'")
torch.set_num_threads(1)
F, nn = torch.nn.functional, torch.nn
TorchModule: Any = torch.nn.Module

EVERYTHING = LookAt(every_number=True, statistics=True)


class Small:
    """2-3-1 on four examples, with Adam."""

    def __init__(self) -> None:
        torch.manual_seed(0)
        self.model: Any = nn.Sequential(nn.Linear(2, 3), nn.Tanh(), nn.Linear(3, 1)).double()
        self.optimizer: Any = torch.optim.Adam(self.model.parameters(), lr=0.1)
        self.X: Any = torch.tensor([[0, 0], [0, 1], [1, 0], [1, 1.0]], dtype=torch.float64)
        self.y: Any = torch.tensor([[0], [1], [1], [0.0]], dtype=torch.float64)

    def train(self, steps: int) -> list[float]:
        losses = []
        for _ in range(steps):
            self.optimizer.zero_grad()
            loss = F.mse_loss(self.model(self.X), self.y)
            loss.backward()
            self.optimizer.step()
            losses.append(loss.item())
        return losses


def nothing_is_left() -> bool:
    module = torch.nn.modules.module
    optimizer = sys.modules["torch.optim.optimizer"]
    hooks = [module._global_forward_hooks, module._global_forward_pre_hooks, optimizer._global_optimizer_pre_hooks]
    return not any(hooks) and current_watch() is None


def test_it_returns_at_once_and_leaves_nothing_behind() -> None:
    small = Small()
    with nn_tui.watch(small.model) as watched:
        assert current_watch() is watched
        assert watched.path is not None and watched.path.exists()
        losses = small.train(5)
    assert losses == Small().train(5)
    assert nothing_is_left() and not watched.path.exists()
    assert not small.model._forward_pre_hooks


def test_nothing_is_left_where_no_update_was_made() -> None:
    with nn_tui.watch():
        small = Small()
        small.model(small.X)

    assert nothing_is_left()


def test_a_script_that_is_run_to_be_watched_and_watches_too_keeps_who_is_attached() -> None:
    small = Small()
    with begin("train.py", False, small.model) as watched:
        watched.is_the_runners = True
        with nn_tui.watch(small.model, paused=True) as own:
            assert own.path == watched.path
        assert current_watch() is watched
    assert nothing_is_left()


def test_paused_stepped_and_run_by_who_is_attached() -> None:
    def plan(visitor: Visitor) -> list[Any]:
        visitor.ask(EVERYTHING)
        first = visitor.until()
        visitor.ask(StepUpdates(updates=2))
        third = visitor.until()
        visitor.ask(Run())
        return [first, third, visitor.until("finished")]

    small = Small()
    with nn_tui.watch(small.model, paused=True) as watched:
        visit = Visit(watched.path, plan)
        losses = small.train(6)
    first, third, last = visit.result()

    assert losses == Small().train(6), "watching changes no bit"
    assert [type(each) for each in first] == [ModelDescription, RecentLosses, StepNumbers, Statistics, TrainingActivity]
    (described,) = of_kind(first, ModelDescription)
    assert described.recognized and described.recognized.layers == ("0", "2")
    assert (described.loss, described.optimizer) == ("MSELoss", "Adam")
    assert [each.kind for each in described.modules] == ["Sequential", "Linear", "Tanh", "Linear"]
    captured = [of_kind(each, StepNumbers)[-1] for each in (first, third)]
    assert [(each.step, each.loss, each.updates) for each in captured] == [(0, losses[0], 0), (2, losses[2], 2)]
    assert [loss for each in of_kind([*first, *third], RecentLosses) for loss in each.losses] == losses[:3]
    assert of_kind(last, TrainingActivity)[-1].step == 6
    assert nothing_is_left()


def test_statistics_and_windows_are_those_of_the_tensors() -> None:
    small = Small()
    windows = (
        WindowAt(tensor="0.weight", rows=2, columns=1, top=1, left=1),
        WindowAt(tensor="0.weight gradient", rows=9, columns=9),
        WindowAt(tensor="1 output", rows=9, columns=9),
        WindowAt(tensor="1 output gradient", rows=9, columns=9),
        WindowAt(tensor="2.bias", rows=1, columns=1),
        WindowAt(tensor="no such", rows=1, columns=1),
    )
    seen: dict[str, Any] = {}

    def plan(visitor: Visitor) -> Any:
        visitor.ask(LookAt(statistics=True, windows=windows), StepUpdates())
        while not (reports := visitor.until())[-1].step == 1:  # type: ignore[union-attr]
            pass
        seen["weight"] = small.model[0].weight.detach().clone()
        seen["gradient"] = small.model[0].weight.grad.clone()
        visitor.ask(Leave())
        return reports

    before = small.model[0].weight.detach().clone()
    with nn_tui.watch(small.model, paused=True) as watched:
        visit = Visit(watched.path, plan)
        small.train(2)
    reports = visit.result()

    rows = {row.name: row for row in of_kind(reports, Statistics)[-1].rows}
    row = rows["0.weight"]
    assert {"0.weight", "0.bias", "2.weight", "2.bias", " output", "0 output", "1 output", "2 output"} == set(rows)
    assert row.norm == pytest.approx(float(seen["weight"].norm())) and row.shape == (3, 2)
    assert row.gradient_norm == pytest.approx(float(seen["gradient"].norm()))
    assert row.change == pytest.approx(float((seen["weight"] - before).norm() / before.norm()))
    with torch.no_grad():
        output = torch.tanh(small.X @ seen["weight"].T + 0 * small.model[0].bias)
    assert rows["1 output"].shape == tuple(output.shape) and rows["1 output"].gradient_norm
    shown = {window.name: window for window in of_kind(reports, Window)}
    assert set(shown) == {"0.weight", "0.weight gradient", "1 output", "1 output gradient", "2.bias"}
    norm = np.linalg.norm(shown["1 output gradient"].values.array())
    assert norm == pytest.approx(rows["1 output"].gradient_norm) and norm > 0
    np.testing.assert_array_equal(shown["0.weight"].values.array(), seen["weight"][1:3, 1:2])
    np.testing.assert_array_equal(shown["0.weight gradient"].values.array(), seen["gradient"])
    assert sum(shown["0.weight"].counts) == 6 and shown["2.bias"].values.shape == (1, 1)


def test_a_number_and_the_learning_rate_are_edited_while_it_is_paused() -> None:
    small = Small()

    def plan(visitor: Visitor) -> Any:
        visitor.ask(LookAt(every_number=True))
        visitor.until()
        visitor.ask(EditParameter(parameter="2.weight", index=(0, 1), value=7.0))
        edited = visitor.until()
        visitor.ask(SetLearningRate(value=0.0))
        rate = visitor.until()
        visitor.ask(SetLearningRate(value=1e300))
        refused = of_kind(visitor.until(), Refused)
        for parameter, index in (("no such", (0,)), ("2.weight", (0, 3)), ("2.weight", (0,))):
            visitor.ask(EditParameter(parameter=parameter, index=index, value=1.0))
            refused += of_kind(visitor.until(), Refused)
        visitor.ask(Run())
        visitor.until("finished")
        return of_kind(edited, StepNumbers)[-1], of_kind(rate, StepNumbers)[-1], [each.reason for each in refused]

    with nn_tui.watch(small.model, paused=True) as watched:
        visit = Visit(watched.path, plan)
        small.train(3)
    edited, rate, refused = visit.result()

    assert edited.W[1].array()[0, 1] == 7.0 and edited.is_edited
    assert rate.learning_rate == 0.0
    assert small.model[2].weight[0, 1].item() == 7.0, "the rate is 0 from then on"
    assert refused == [
        "a learning rate of 1e+300 is too large for torch.float64",
        "there is no parameter no such",
        "2.weight is of the shape (1, 3), got the index (0, 3)",
        "2.weight is of the shape (1, 3), got the index (0,)",
    ]


def test_breakpoints_hold_where_they_become_true() -> None:
    small = Small()
    losses = Small().train(12)
    bound = (losses[5] + losses[6]) / 2
    below = [step for step in range(1, 12) if losses[step] < bound <= losses[step - 1] and step != 3]
    conditions = (
        HoldCondition(of="step", bound=3.0),
        HoldCondition(of="loss", relation="<", bound=bound),
        HoldCondition(of="norm", tensor="0.weight", relation=">", bound=-1.0),
        HoldCondition(of="value", tensor="0.weight", index=(9, 9)),
    )

    def plan(visitor: Visitor) -> Any:
        visitor.ask(BreakAt(conditions=conditions), LookAt(every_number=True))
        visitor.until()
        holds: list[Any] = []
        while True:
            visitor.ask(Run())
            reports = visitor.until("paused", "finished")
            if reports[-1].now == "finished":  # type: ignore[union-attr]
                return holds
            holds.append((reports[-1], of_kind(reports, StepNumbers)[-1].step))

    with nn_tui.watch(small.model, paused=True) as watched:
        visit = Visit(watched.path, plan)
        small.train(12)

    holds = [(activity.why, step) for activity, step in visit.result()]
    assert ("step 3", 3) in holds and (f"loss < {bound:g}", below[0]) in holds
    assert sum(why == "norm 0.weight > -1" for why, _ in holds) <= 1


def test_the_last_parameters_are_reported_and_outputs_under_their_own_step() -> None:
    small = Small()

    def plan(visitor: Visitor) -> Any:
        visitor.ask(LookAt(statistics=True, windows=(WindowAt(tensor="2.bias", rows=1, columns=1),)), StepUpdates())
        while visitor.until()[-1].step < 1:  # type: ignore[union-attr]
            pass
        visitor.ask(Run())
        return visitor.until("finished")

    with nn_tui.watch(small.model, paused=True) as watched:
        visit = Visit(watched.path, plan)
        small.train(6)
    reports = visit.result()
    found = {row.name: (each.step, row) for each in of_kind(reports, Statistics) for row in each.rows}
    assert found["1 output"][0] == 1 and found["0.weight"][0] == 6
    assert found["0.weight"][1].norm == pytest.approx(float(small.model[0].weight.detach().norm()))
    window = of_kind(reports, Window)[-1]
    assert (window.step, window.values.array().item()) == (6, small.model[2].bias.item())


def test_a_breakpoint_that_comes_within_a_step_holds_at_the_next_one_with_its_outputs() -> None:
    small, is_asked, is_known = Small(), Event(), Event()

    def plan(visitor: Visitor) -> Any:
        visitor.ask(LookAt(statistics=True, per_second=0.001), StepUpdates())
        while visitor.until()[-1].step < 1:  # type: ignore[union-attr]
            pass
        visitor.ask(Run())
        assert is_asked.wait(60)
        visitor.ask(BreakAt(conditions=(HoldCondition(of="norm", tensor="0.weight", bound=-1.0),)))
        is_known.set()
        held = visitor.until()
        visitor.ask(Leave())
        return held

    with nn_tui.watch(small.model, paused=True) as watched:
        visit = Visit(watched.path, plan)
        small.train(4)
        F.mse_loss(small.model(small.X), small.y).backward()
        is_asked.set()
        assert is_known.wait(60)
        while not watched._watcher.gate.conditions:  # type: ignore[union-attr]
            pass
        small.optimizer.step()
        small.train(2)
    reports = visit.result()
    assert reports[-1].step == 5
    assert {"1 output", "0.weight"} <= {row.name for row in of_kind(reports, Statistics)[-1].rows}


def test_where_a_breakpoint_holds_only_numbers_of_its_step_are_said() -> None:
    small = Small()

    def plan(visitor: Visitor) -> Any:
        visitor.ask(BreakAt(conditions=(HoldCondition(of="step", bound=5.0),)), LookAt(statistics=True))
        visitor.until()
        visitor.ask(Run())
        held = visitor.until()
        while of_kind(held, TrainingActivity)[-1].step < 5:  # it is paused again after an order that came late
            held = visitor.until()
        visitor.ask(Leave())
        return {row.name: row for row in of_kind(held, Statistics)[-1].rows}

    with nn_tui.watch(small.model, paused=True) as watched:
        visit = Visit(watched.path, plan)
        small.train(6)
    rows = visit.result()
    assert "1 output" in rows and rows["1 output"].gradient_norm
    assert rows["0.weight"].change is None, "nobody looked at the update before it"


def test_a_breakpoint_in_the_script_says_its_line() -> None:
    small = Small()
    with nn_tui.watch(small.model) as watched:

        def plan(visitor: Visitor) -> Any:
            visitor.ask(LookAt())
            held = visitor.until()[-1]
            visitor.ask(Run())
            return held

        small.train(1)
        visit = Visit(watched.path, plan)
        nn_tui.breakpoint()
        assert visit.result().why.startswith("breakpoint at test_watching.py:")
    with pytest.raises(RuntimeError, match="call nn_tui.watch"):
        nn_tui.breakpoint()


@pytest.mark.parametrize("steps", [0, 2])
def test_at_a_breakpoint_before_anybody_looked_every_number_is_known(steps: int) -> None:
    small = Small()
    with nn_tui.watch(small.model) as watched:

        def plan(visitor: Visitor) -> Any:
            visitor.ask(LookAt(every_number=True))
            held = visitor.until()
            visitor.ask(Run())
            visitor.until("finished")
            return held

        visit: Any = None
        for step in range(3):
            if step == steps:
                visit = Visit(watched.path, plan)
                nn_tui.breakpoint()
            small.optimizer.zero_grad()
            loss = F.mse_loss(small.model(small.X), small.y)
            loss.backward()
            small.optimizer.step()
    held = visit.result()
    assert of_kind(held, ModelDescription)[0].recognized
    assert [(each.step, each.loss) for each in of_kind(held, StepNumbers)] == [(steps, Small().train(3)[steps])]
    assert held[-1].why.startswith("breakpoint at test_watching.py:")


def test_a_breakpoint_in_the_script_shows_the_numbers_of_that_moment() -> None:
    small = Small()
    weights: list[Any] = []

    def plan(visitor: Visitor) -> Any:
        visitor.ask(LookAt(every_number=True, per_second=0.001))
        visitor.until()
        holds = []
        for _ in range(3):
            visitor.ask(Run())
            holds.append(visitor.until())
        visitor.ask(Run())
        visitor.until("finished")
        return holds

    with nn_tui.watch(small.model, paused=True) as watched:
        visit = Visit(watched.path, plan)
        for step in range(6):
            small.optimizer.zero_grad()
            if step == 2:
                weights.append(small.model[0].weight.detach().clone())
                nn_tui.breakpoint()
            loss = F.mse_loss(small.model(small.X), small.y)
            loss.backward()
            if step == 3:
                weights.append(small.model[0].weight.detach().clone())
                nn_tui.breakpoint()
            small.optimizer.step()
            if step == 4:
                weights.append(small.model[0].weight.detach().clone())
                nn_tui.breakpoint()
    holds = visit.result()

    losses = Small().train(6)
    captured = [of_kind(each, StepNumbers)[-1] for each in holds]
    assert [each.step for each in captured] == [2, 3, 5]
    assert [each.loss for each in captured] == [losses[step] for step in (2, 3, 5)]
    for step_numbers, weight in zip(captured, weights, strict=True):
        np.testing.assert_array_equal(step_numbers.W[0].array(), weight)
        assert np.abs(step_numbers.dW[0].array()).max() > 0
    said = [each[-1].why.partition(": ")[2] for each in holds]
    ahead = "passes computed ahead of the script"
    assert said == [f"before update 3; {ahead}", "before update 4", f"before update 6; {ahead}"]
    assert small.train(1) == pytest.approx(Small().train(7)[6:]), "nothing of it stays"


def test_a_parameter_of_two_modules_is_listed_once_and_named_in_the_other() -> None:
    model = nn.Sequential(nn.Embedding(5, 2), nn.Linear(2, 5, bias=False))
    model[1].weight = model[0].weight
    described = Model(model, torch.optim.SGD(model.parameters(), 0.1)).tree()

    assert [[name for name, _ in each.parameters] for each in described] == [[], ["0.weight"], []]
    assert described[2].detail == "in_features=2, out_features=5, bias=False, weight=that of 0.weight"


def test_training_runs_on_when_who_is_attached_is_gone_without_a_word() -> None:
    small = Small()

    def plan(visitor: Visitor) -> None:
        visitor.ask(EVERYTHING, BreakAt(conditions=(HoldCondition(of="step", bound=2.0),)))
        visitor.until()

    with nn_tui.watch(small.model, paused=True) as watched:
        visit = Visit(watched.path, plan)
        losses = small.train(8)
        visit.result()
        again = Visit(watched.path, lambda visitor: visitor.hello.pid)
        assert again.result() == os.getpid()
    assert losses == Small().train(8)


def test_a_second_dashboard_is_refused_and_the_first_one_stays() -> None:
    small = Small()

    def plan(visitor: Visitor) -> Any:
        visitor.ask(LookAt())
        visitor.until()
        second = Visitor(watched.path)  # type: ignore[arg-type]
        second.ask(Pause())
        refused = second.wire.receive()
        assert second.wire.receive() is None
        visitor.ask(Run())
        visitor.until("finished")
        return refused

    with nn_tui.watch(small.model, paused=True) as watched:
        visit = Visit(watched.path, plan)
        small.train(2)
    assert visit.result() == Refused(reason="another dashboard is attached to this training")


def test_who_attaches_later_pauses_a_step_with_all_its_numbers() -> None:
    small = Small()
    done: list[Any] = []

    def plan(visitor: Visitor) -> Any:
        visitor.ask(LookAt(every_number=True), Pause())
        done.append(visitor.until())
        visitor.ask(Leave())
        return done[0]

    with nn_tui.watch(small.model) as watched:
        visit = Visit(watched.path, plan)
        while not done:
            small.train(1)
        reports = visit.result()
    assert of_kind(reports, StepNumbers)[-1].step == reports[-1].step > 0
    assert of_kind(reports, ModelDescription)[-1].recognized


def test_a_model_that_nobody_names_is_the_outermost_module_with_the_parameters() -> None:
    def plan(visitor: Visitor) -> Any:
        visitor.ask(LookAt(statistics=True))
        reports = visitor.until()
        visitor.ask(Run())
        return reports

    small = Small()
    nn.Linear(2, 2).double()(small.X)
    with begin("train.py", True) as watched:
        visit = Visit(watched.path, plan)
        small.train(1)
    (described,) = of_kind(visit.result(), ModelDescription)
    assert [each.kind for each in described.modules] == ["Sequential", "Linear", "Tanh", "Linear"]


def test_a_backward_pass_from_several_numbers_has_no_loss_and_ends_no_watching() -> None:
    small = Small()

    def plan(visitor: Visitor) -> Any:
        visitor.ask(LookAt(every_number=True, statistics=True))
        reports = visitor.until()
        visitor.ask(Run())
        return [*reports, *visitor.until("finished")]

    with nn_tui.watch(small.model, paused=True) as watched:
        visit = Visit(watched.path, plan)
        for _ in range(2):
            small.optimizer.zero_grad()
            errors = (small.model(small.X) - small.y) ** 2
            errors.backward(torch.full_like(errors, 0.25))
            small.optimizer.step()
    reports = visit.result()
    assert of_kind(reports, Statistics) and of_kind(reports, TrainingActivity)[-1].step == 2
    assert not of_kind(reports, RecentLosses) and not of_kind(reports, Said)


def test_gradients_of_several_backward_passes_are_not_taken_for_one() -> None:
    small = Small()

    def plan(visitor: Visitor) -> Any:
        visitor.ask(LookAt(every_number=True))
        return visitor.until()

    with nn_tui.watch(small.model, paused=True) as watched:
        visit = Visit(watched.path, plan)
        for _ in range(2):
            F.mse_loss(small.model(small.X), small.y).backward()
        small.optimizer.step()
    reports = visit.result()
    assert of_kind(reports, ModelDescription)[0].reason == "gradient accumulation: 2 backward passes for an update"
    assert not of_kind(reports, StepNumbers)


class Norms(TorchModule):  # type: ignore[misc]
    """A block with attention, whose mask has infinities, and a place for faults."""

    def __init__(self) -> None:
        super().__init__()
        self.attention = nn.MultiheadAttention(8, 2, batch_first=True)
        self.norm = nn.BatchNorm1d(5)
        self.drop = nn.Dropout(0.2)
        self.out = nn.Linear(8, 1)
        self.root = Root()

    def forward(self, x: Any) -> Any:
        mask = torch.triu(torch.full((5, 5), float("-inf")), 1)
        h, _ = self.attention(x, x, x, attn_mask=mask)
        return self.root(self.out(self.drop(self.norm(x + h))).mean(1))


class Root(TorchModule):  # type: ignore[misc]
    bad = False

    def forward(self, x: Any) -> Any:
        return torch.sqrt(x) if self.bad else x  # the fault


def train_norms(model: Any, bad_at: int, kind: str) -> None:
    optimizer = torch.optim.SGD(model.parameters(), lr=0.01)
    for step in range(bad_at + 1):
        X = torch.randn(6, 5, 8)
        model.root.bad = step == bad_at and kind == "forward"
        prediction = model(X)
        factor = 0.0 if step == bad_at and kind == "backward" else 1.0
        size = torch.sqrt((prediction * factor) ** 2)  # and the other one
        loss = size.mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()


@pytest.mark.parametrize(
    ("kind", "operation", "module", "line"),
    [
        ("forward", "aten.sqrt", "root", "return torch.sqrt(x) if self.bad else x  # the fault"),
        ("backward", "SqrtBackward0", "", "size = torch.sqrt((prediction * factor) ** 2)  # and the other one"),
    ],
)
def test_the_first_operation_that_is_not_finite_is_named_before_the_update(
    kind: str, operation: str, module: str, line: str
) -> None:
    torch.manual_seed(1)
    model = Norms()
    seen: dict[str, Any] = {}

    def plan(visitor: Visitor) -> Any:
        visitor.ask(LookAt())
        visitor.until()
        visitor.ask(Run())
        reports = visitor.until()
        seen.update({name: value.clone() for name, value in model.state_dict().items()})
        seen["random"] = torch.get_rng_state()
        visitor.ask(Run())
        return reports

    with nn_tui.watch(model, paused=True) as watched:
        visit = Visit(watched.path, plan)
        train_norms(model, 2, kind)
        after = torch.get_rng_state()
    reports = visit.result()

    (found,) = of_kind(reports, FirstNotFinite)
    assert operation in found.operation and found.is_backward is (kind == "backward")
    assert (found.module, found.line) == (module, line)
    assert found.place.startswith(__file__) and found.step == 2
    assert "least -" in found.inputs[0] if kind == "forward" else found.inputs
    assert all(bool(each.isfinite().all()) for name, each in seen.items() if each.is_floating_point())
    assert torch.equal(seen["random"], after), "running the batch again leaves the random state as it was"
    assert isnan(of_kind(reports, RecentLosses)[-1].losses[-1]) is (kind == "forward")

    torch.manual_seed(1)
    alone = Norms()
    train_norms(alone, 2, kind)
    for name in ("norm.running_mean", "norm.num_batches_tracked"):
        assert torch.equal(alone.state_dict()[name], model.state_dict()[name]), "nor does it count in the averages"


ONE_LINE = """
for step in range(4):
    factor = 0.0 if step == 2 else 1.0
    y_hat = model(X)
    size = torch.sqrt((y_hat * factor) ** 2)
    optimizer.zero_grad(); size.mean().backward(); optimizer.step()
"""


def test_statements_that_share_a_line_are_run_again_too(tmp_path: Path) -> None:
    path = tmp_path / "train.py"
    path.write_text(ONE_LINE, encoding="utf-8")
    small = Small()

    def plan(visitor: Visitor) -> list[Any]:
        visitor.ask(LookAt(statistics=True))
        visitor.until()
        visitor.ask(Run())
        return visitor.until()

    with nn_tui.watch(small.model, paused=True) as watched:
        visit = Visit(watched.path, plan)
        names = {"torch": torch, "model": small.model, "optimizer": small.optimizer, "X": small.X}
        exec(compile(ONE_LINE, str(path), "exec"), names)
    (found,) = of_kind(visit.result(), FirstNotFinite)
    assert found.is_backward and found.line == "size = torch.sqrt((y_hat * factor) ** 2)"


def test_a_recognized_network_shows_every_number_of_the_step_that_is_not_finite() -> None:
    small = Small()

    with nn_tui.watch(small.model, paused=True) as watched:
        visit = Visit(watched.path, lambda visitor: visitor.run_to_pause(LookAt(every_number=True, per_second=0.001)))
        for step in range(6):
            X = small.X if step < 4 else small.X * float("inf")
            prediction = small.model(X)
            loss = F.mse_loss(prediction, small.y)
            small.optimizer.zero_grad()
            loss.backward()
            small.optimizer.step()
    reports = visit.result()

    step_numbers = of_kind(reports, StepNumbers)[-1]
    assert step_numbers.step == reports[-1].step == 4 and isnan(step_numbers.loss)
    assert np.isnan(step_numbers.z[0].array()).any() and np.isfinite(step_numbers.W[0].array()).all()
    assert small.model[0].weight.grad is not None


def test_sparse_gradients_and_parameters_without_one_have_statistics() -> None:
    model = nn.Sequential(nn.Embedding(20, 4, sparse=True), nn.Flatten(), nn.Linear(8, 1))
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    unused = nn.Linear(1, 1)
    model.register_module("unused", unused)
    model.forward = lambda x: model[2](model[1](model[0](x)))

    def plan(visitor: Visitor) -> Any:
        visitor.ask(LookAt(statistics=True, windows=(WindowAt(tensor="unused.weight gradient", rows=1, columns=1),)))
        visitor.until()
        visitor.ask(StepUpdates())
        reports = visitor.until()
        visitor.ask(Run())
        visitor.until("finished")
        return reports

    with nn_tui.watch(model, paused=True) as watched:
        visit = Visit(watched.path, plan)
        for _ in range(3):
            optimizer.zero_grad()
            model(torch.tensor([[1, 2], [3, 1]])).pow(2).mean().backward()
            optimizer.step()
    rows = {row.name: row for row in of_kind(visit.result(), Statistics)[-1].rows}
    assert rows["0.weight"].gradient_norm and rows["0.weight"].change
    assert rows["unused.weight"].gradient_norm is None and rows["unused.weight"].change == 0.0


def test_watching_loads_no_screen() -> None:
    code = (
        "import sys, nn_tui, torch\n"
        "model = torch.nn.Linear(1, 1)\n"
        "with nn_tui.watch(model): pass\n"
        "print(*{name.split('.')[0] for name in sys.modules} & {'textual', 'plotext', 'click', 'rich'})"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "\n"
