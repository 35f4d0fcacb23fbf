"""Trainings that are not one loop in the main thread: threads, closures, several optimizers, one after the other."""

from collections.abc import Callable
from pathlib import Path
from threading import Thread
from typing import Any

import numpy as np
import pytest

import nn_tui
from nn_tui.presets.live.messages import (
    ModelDescription,
    RecentLosses,
    Report,
    Said,
    Statistics,
    StepNumbers,
    TrainingActivity,
)
from nn_tui.presets.live.orders import LookAt, Run, StepUpdates

from ...helpers.visitor import Script, Visit, Visitor, of_kind

torch = pytest.importorskip("torch", reason="PyTorch is not installed: pip install -e '.[torch-dev]'")
torch.set_num_threads(1)
F, nn = torch.nn.functional, torch.nn


def stepped(train: Callable[[], object], steps: int = 1, *, statistics: bool = False) -> list[Report]:
    """What is reported of a training that is held, stepped, and then runs to its end."""

    def plan(visitor: Visitor) -> list[Report]:
        visitor.ask(LookAt(every_number=True, statistics=statistics))
        visitor.until()
        for _ in range(steps):
            visitor.ask(StepUpdates())
            visitor.until()
        visitor.ask(Run())
        visitor.until("finished")
        return visitor.reports

    with nn_tui.watch(paused=True) as watched:
        visit = Visit(watched.path, plan)
        train()
    return visit.result()  # type: ignore[no-any-return]


def small() -> Any:
    torch.manual_seed(0)
    return nn.Sequential(nn.Linear(2, 3), nn.Tanh(), nn.Linear(3, 1))


def train_small(steps: int = 4, optimizer: Any = torch.optim.SGD) -> list[float]:
    model = small()
    rule, X, losses = optimizer(model.parameters(), 0.1), torch.ones(3, 2), []
    for _ in range(steps):
        rule.zero_grad()
        loss = F.mse_loss(model(X), X[:, :1])
        loss.backward()
        rule.step()
        losses.append(loss.item())
    return losses


def reported_losses(reports: list[Report]) -> list[float]:
    return [loss for each in of_kind(reports, RecentLosses) for loss in each.losses]


def test_a_training_in_a_thread_is_held_and_stepped() -> None:
    def train() -> None:
        thread = Thread(target=train_small)
        thread.start()
        thread.join()

    reports = stepped(train)
    assert [each.step for each in of_kind(reports, StepNumbers)][:2] == [0, 1]
    assert reported_losses(reports) == train_small()


IN_A_THREAD = """
import threading, torch
from torch import nn
def train():
    model = nn.Linear(2, 1)
    optimizer = torch.optim.SGD(model.parameters(), 0.1)
    for _ in range(3):
        optimizer.zero_grad(); model(torch.ones(2, 2)).pow(2).mean().backward(); optimizer.step()
    print("trained")
threading.Thread(target=train).start()
"""


def test_a_script_that_ends_before_its_thread_does_is_watched_until_the_thread_ends(tmp_path: Path) -> None:
    script = Script(tmp_path, IN_A_THREAD)
    visitor = script.visitor()
    visitor.ask(LookAt())
    held = visitor.until()[-1]
    visitor.ask(Run())
    last = visitor.until("finished")[-1]
    assert held == TrainingActivity(now="paused") and isinstance(last, TrainingActivity) and last.step == 3
    assert script.end()[:2] == (0, "trained\n")


def test_the_threads_that_train_beside_it_are_named() -> None:
    model, other = small(), small()
    first, second = (torch.optim.SGD(each.parameters(), 0.1) for each in (model, other))

    def update(module: Any, optimizer: Any) -> None:
        optimizer.zero_grad()
        F.mse_loss(module(torch.ones(3, 2)), torch.ones(3, 1)).backward()
        optimizer.step()

    def train() -> None:
        for _ in range(3):
            update(model, first)
            thread = Thread(target=update, args=(other, second), name="side")
            thread.start()
            thread.join()

    reports = stepped(train)
    said = [each.text for each in of_kind(reports, Said)]
    assert of_kind(reports, TrainingActivity)[-1].step == 3
    assert len(set(said)) == 1 and said[0].startswith("another training, in the thread side, is not shown")


@pytest.mark.parametrize("rule", [torch.optim.Adam, torch.optim.LBFGS])
def test_an_optimizer_that_calls_the_script_back_is_held_once_the_gradients_are_there(rule: Any) -> None:
    losses: list[float] = []

    def train() -> None:
        model = small()
        optimizer, X = rule(model.parameters(), 0.1), torch.ones(3, 2)
        for _ in range(3):
            calls = 0

            def closure() -> Any:
                nonlocal calls
                optimizer.zero_grad()
                loss = F.mse_loss(model(X), X[:, :1])
                loss.backward()
                calls += 1
                if calls == 1:
                    losses.append(loss.item())
                return loss

            optimizer.step(closure)

    reports = stepped(train)
    assert [(each.step, each.loss) for each in of_kind(reports, StepNumbers)][:2] == list(enumerate(losses))[:2]
    assert reported_losses(reports) == losses


def test_two_networks_that_train_against_each_other_are_two_optimizers_of_which_the_first_is_shown() -> None:
    def train() -> None:
        torch.manual_seed(0)
        maker, judge = nn.Linear(2, 2), nn.Sequential(nn.Linear(2, 1), nn.Sigmoid())
        makers, judges = torch.optim.SGD(maker.parameters(), 0.1), torch.optim.Adam(judge.parameters(), 0.1)
        for _ in range(4):
            made = maker(torch.ones(3, 2))
            judges.zero_grad()
            F.binary_cross_entropy(judge(made.detach()), torch.zeros(3, 1)).backward()
            judges.step()
            makers.zero_grad()
            F.binary_cross_entropy(judge(made), torch.ones(3, 1)).backward()
            makers.step()

    reports = stepped(train)
    assert [each.step for each in of_kind(reports, StepNumbers)][:2] == [0, 1]
    assert {each.reason for each in of_kind(reports, ModelDescription)} == {""}
    assert {each.text for each in of_kind(reports, Said)} == {
        "a second optimizer, SGD, makes updates too; steps here are the updates of the first, Adam"
    }


def test_the_next_training_of_a_script_is_watched_too() -> None:
    def train() -> None:
        for _ in range(2):
            train_small(2)

    assert of_kind(stepped(train), TrainingActivity)[-1].step == 4


def test_a_scaler_of_half_precision_does_not_change_what_is_shown() -> None:
    losses: list[float] = []

    def train() -> None:
        model = small()
        optimizer, X = torch.optim.SGD(model.parameters(), 0.1), torch.ones(3, 2)
        scaler = torch.amp.GradScaler("cpu", init_scale=1024.0)
        for _ in range(3):
            optimizer.zero_grad()
            loss = F.mse_loss(model(X), X[:, :1])
            scaler.scale(loss).backward()
            scaler.step(optimizer)
            scaler.update()
            losses.append(loss.item())

    reports = stepped(train, statistics=True)
    moment = of_kind(reports, StepNumbers)[0]
    dz, X = moment.dz[0].array(), moment.X.array()
    later = of_kind(reports, StepNumbers)[1]
    gradients = {row.name: row.gradient_norm for row in of_kind(reports, Statistics)[1].rows}
    assert gradients["0 output"] == pytest.approx(np.linalg.norm(later.dz[0].array()), rel=1e-5)
    assert reported_losses(reports) == losses and moment.weights is None
    np.testing.assert_allclose(dz.T @ X, moment.dW[0].array(), rtol=1e-5)
