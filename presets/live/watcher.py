"""The watcher of a training with PyTorch: what happens at its hooks, in the thread that trains."""

from __future__ import annotations

import sys
from math import isfinite, nan
from time import monotonic
from typing import Any

from . import lazy_torch as torch
from .autograd_losses import UnrecognizedError
from .first_not_finite import capture_again, first_not_finite
from .gate import Gate, Task
from .hold_conditions import HoldConditions
from .last_forward import LastForward
from .lazy_torch import Tensor, TorchModule, TorchOptimizer
from .link import DashboardLink
from .messages import (
    EditParameter,
    LookAt,
    Moment,
    RecentLosses,
    Recognized,
    Refused,
    Report,
    Said,
    SetLearningRate,
    Statistics,
    TrainingActivity,
)
from .model_tree import Model, ModelFinder
from .ranks import HoldWarning
from .step_capture import StepCapture
from .tensor_statistics import GRADIENT, OUTPUT, Outputs, in_turn, relative_change, rows_of, window_of

MOST_LOSSES = 1000
"""Losses of steps that wait to be reported; of more, every second one."""
STATISTICS_EVERY = 1.0
"""Seconds between two reports of statistics while training runs."""


class Watcher:
    """One training: its model, what was captured of the current step, and what is due next."""

    def __init__(
        self, gate: Gate, link: DashboardLink, module: TorchModule | None, optimizer: TorchOptimizer | None
    ) -> None:
        self.gate, self.link = gate, link
        self.step = 0
        """Updates done since watching began."""
        self.optimizer = optimizer
        self._module = module
        self._finder = ModelFinder() if module is None else None
        self._model: Model | None = None
        self._conditions = HoldConditions()
        self._last_forward = LastForward()
        self._begin_step()
        self._losses: list[tuple[int, float]] = []
        self._changes: dict[str, float] = {}
        self._before: dict[str, Tensor] = {}
        self._turn = 0
        self._described: object = None
        self._recognized: Recognized | None = None
        self._next_report = self._next_statistics = 0.0
        self._since = (monotonic(), 0)
        self._is_armed = gate.is_watched
        self._is_busy = False
        self._was_broken = False

    def _begin_step(self) -> None:
        self._backwards = 0
        self._loss: Tensor | None = None
        self._capture: StepCapture | None = None
        self._reason = ""
        self._outputs: Outputs | None = None
        self._is_edited = False

    # The hooks.

    def before_backward(self, loss: Any) -> None:
        """A backward pass begins."""
        if self._is_busy or not torch.is_tensor(loss) or loss.numel() != 1 or not loss.requires_grad:
            return
        self._backwards += 1
        self._loss = loss.detach()
        self._last_forward.see_backward()
        if not self._is_armed or self._backwards > 1:
            return
        try:
            self._capture = StepCapture(loss)
        except UnrecognizedError as error:
            self._reason = str(error)
        except Exception as error:  # a graph of another version of PyTorch stops no training
            self._reason = f"its graph could not be read: {error}"[:500]

    def before_step(self, optimizer: TorchOptimizer) -> None:
        """An update is about to be made: the gate."""
        if self._is_busy or not self._is_own(optimizer):
            return
        model = self._model or self._found(optimizer)
        loss = nan if self._loss is None else float(self._loss)
        if self._loss is not None:
            self._losses.append((self.step, loss))
        if len(self._losses) > MOST_LOSSES:
            del self._losses[::2]
        why = self._why(model, loss)
        if why:
            self.gate.hold()
        if self.gate.wants_hold and (why or self._is_armed):
            self._hold(model, optimizer, why)
        else:
            if self._is_armed and self.link.is_clear:
                self._report(model, optimizer, is_held=False)
            while self.gate.has_task and (task := self.gate.task(waits=False)):
                self._carry_out(task, model, optimizer, is_held=False)
        self.gate.pass_through()
        self._keep_before(model)

    def after_step(self, optimizer: TorchOptimizer) -> None:
        """An update was made."""
        if self._is_busy or not self._is_own(optimizer):
            return
        self.step += 1
        model = self._model
        if model is not None:
            self._changes |= {
                name: relative_change(before, model.parameters[name]) for name, before in self._before.items()
            }
            if self._before and self.gate.look.statistics and not self.gate.holds_next:
                rows = tuple(rows_of(self._before, model.parameters, self._changes, self._outputs))
                self.link.send(Statistics(step=self.step, rows=rows))
        self._before = {}
        if self._capture is not None:
            self._capture.release()
        if self._outputs is not None:
            self._outputs.close()
        self._begin_step()
        self._arm(model)

    def count_step(self) -> None:
        """An update was made while nobody looks."""
        self.step += 1
        if self._is_armed or self._last_forward.is_on:
            self.disarm()

    def disarm(self) -> None:
        """Nobody looks any more: leave nothing behind."""
        if self._capture is not None:
            self._capture.release()
        if self._outputs is not None:
            self._outputs.close()
        self._begin_step()
        self._last_forward.close()
        self._before, self._losses, self._described, self._is_armed = {}, [], None, False

    def give_up(self, error: Exception) -> None:
        """End watching after a fault of its own; the training runs on."""
        fault = f"nn-tui cannot watch this training any longer: {type(error).__name__}: {error}"[:5000]
        print(fault, file=sys.stderr, flush=True)
        self.link.send(Said(text=fault))
        self.gate.leave()
        self.disarm()

    # What is due.

    def _arm(self, model: Model | None) -> None:
        """Whether the next step is one to look at whole."""
        now = monotonic()
        self._is_armed = bool(self.gate.holds_next or now >= self._next_report or self.gate.conditions)
        if model is None:
            return
        if not self._last_forward.is_on and model.wrapper is not None:
            self._last_forward.open(model.wrapper)
        if self._is_armed and self._looks_at_outputs(now):
            self._outputs = Outputs(model.paths)

    def _looks_at_outputs(self, now: float) -> bool:
        look = self.gate.look
        if any(each.tensor.endswith(OUTPUT) for each in look.windows):
            return True
        return look.statistics and (self.gate.holds_next or now >= self._next_statistics)

    def _keep_before(self, model: Model) -> None:
        """Keep the parameters whose change is to be known."""
        now = monotonic()
        if not self.gate.look.statistics or not self.gate.is_attached:
            return
        if self.gate.holds_next:
            names = [*model.parameters]
        elif now >= self._next_statistics:
            names, self._turn = in_turn(model.parameters, self._turn)
            self._next_statistics = now + STATISTICS_EVERY
        else:
            return
        self._before = {name: model.parameters[name].detach().clone() for name in names}

    # The gate.

    def _is_own(self, optimizer: TorchOptimizer) -> bool:
        if self.optimizer is None:
            self.optimizer = optimizer
        return optimizer is self.optimizer

    def _found(self, optimizer: TorchOptimizer) -> Model:
        module = self._finder.found(optimizer) if self._finder else self._module
        self._finder = None
        self._model = Model(module, optimizer)
        return self._model

    def _why(self, model: Model, loss: float) -> str:
        """Why training must not continue by itself."""
        if self.gate.is_attached:
            broken = self._broken(model, loss)
            if broken and not self._was_broken:
                self._was_broken = True
                self._say_what_broke(model)
                return broken
            self._was_broken = bool(broken)
        return (
            self._conditions.broken(self.gate.conditions, self.step, loss, self._tensor) if self.gate.conditions else ""
        )

    def _broken(self, model: Model, loss: float) -> str:
        """What is not finite; empty where nothing is."""
        if self._loss is not None and not isfinite(loss):
            return f"the loss is {loss}"
        name = self._last_forward.bad_gradient(model)
        return f"the gradient of {name} is not finite" if name else ""

    def _say_what_broke(self, model: Model) -> None:
        self._is_busy = True
        try:
            found = first_not_finite(self.step, model, self._last_forward)
            if self._capture is None and self.gate.look.every_number and self._recognized is not None:
                self._capture = capture_again(model, self._last_forward)
        finally:
            self._is_busy = False
        self.link.send(found)

    def hold_here(self, why: str) -> None:
        """Hold at a line of the script; the numbers are those of the last step."""
        self.gate.hold()
        model = self._model
        if model is not None and self.optimizer is not None:
            self._hold(model, self.optimizer, why)
            return
        self.link.send(TrainingActivity(now="paused", step=self.step, why=why))
        while self.gate.task(waits=True):
            self.link.send(TrainingActivity(now="paused", step=self.step, why=why))

    def _hold(self, model: Model, optimizer: TorchOptimizer, why: str) -> None:
        paused = TrainingActivity(now="paused", step=self.step, why=why)
        warning = HoldWarning(lambda text: self.link.send(Said(text=text)))
        try:
            task = None
            while True:
                while task or (task := self.gate.task(waits=False)):
                    self._carry_out(task, model, optimizer, is_held=True)
                    task = None
                self._report(model, optimizer, is_held=True)
                self.link.send(paused)
                if (task := self.gate.task(waits=True)) is None:
                    break
        finally:
            warning.cancel()
        self._since = (monotonic(), self.step)
        self.link.send(TrainingActivity(now="running", step=self.step))

    def _carry_out(self, task: Task, model: Model, optimizer: TorchOptimizer, is_held: bool) -> None:
        match task:
            case LookAt():
                self._next_report = 0.0
            case EditParameter() if not is_held:
                self.link.send(Refused(reason="a parameter can be edited while training is paused"))
                return
            case EditParameter():
                if fault := self._edit(model, task):
                    self.link.send(Refused(reason=fault))
            case SetLearningRate(value=value):
                for group in optimizer.param_groups:
                    group["lr"] = group["lr"].new_tensor(value) if torch.is_tensor(group["lr"]) else value

    def _edit(self, model: Model, order: EditParameter) -> str:
        """Change a number; why not, where it cannot be."""
        parameter = model.parameters.get(order.parameter)
        if parameter is None:
            return f"there is no parameter {order.parameter}"
        shape = tuple(parameter.shape)
        if len(order.index) != len(shape) or any(i >= n for i, n in zip(order.index, shape, strict=True)):
            return f"{order.parameter} is of the shape {shape}, got the index {order.index}"
        parameter.data[order.index] = order.value
        self._is_edited = True
        return ""

    # The reports.

    def _report(self, model: Model, optimizer: TorchOptimizer, is_held: bool) -> None:
        """Say what the dashboard looks at, of this step."""
        if not self.gate.is_attached:
            return
        now = monotonic()
        self._next_report = now + 1.0 / self.gate.look.per_second
        self._describe(model, optimizer)
        self._send_losses(now)
        if self.gate.look.every_number and (moment := self._moment(optimizer)):
            self.link.send(moment)
        if self.gate.look.statistics and is_held:
            rows = tuple(rows_of(model.parameters, model.parameters, self._changes, self._outputs))
            self.link.send(Statistics(step=self.step, rows=rows))
        for window in self.gate.look.windows:
            if (tensor := self._tensor(window.tensor)) is not None:
                self.link.send(window_of(self.step, window, tensor))

    def _describe(self, model: Model, optimizer: TorchOptimizer) -> None:
        """Say what is trained, where that is news."""
        if self._capture is None and not self._reason and self._described is not None:
            return  # a step that was not looked at whole
        capture = self._capture
        if self._backwards > 1:
            capture, self._reason = None, f"the gradients of {self._backwards} backward passes are added up"
        reason = "" if capture else self._reason or "no backward pass was seen"
        key = (self.gate.attachments, capture and capture.chain.signature, reason)
        if key == self._described:
            return
        self._described, self._recognized = key, None
        if capture is not None:
            try:
                self._recognized = capture.recognized(optimizer, model.names)
            except UnrecognizedError as error:
                reason = str(error)
        loss = capture.chain.loss.name if capture else ""
        self.link.send(model.described(self._recognized, reason, loss, optimizer))

    def _send_losses(self, now: float) -> None:
        if not self._losses:
            return
        steps, losses = zip(*self._losses, strict=True)
        since, first = self._since
        rate = (self.step - first) / (now - since) if self.step > first and now > since else None
        self._since = (now, self.step)
        self._losses.clear()
        self.link.send(RecentLosses(steps=steps, losses=losses, updates_per_second=rate))

    def _moment(self, optimizer: TorchOptimizer) -> Moment | None:
        capture, recognized = self._capture, self._recognized
        if capture is None or recognized is None or not capture.is_complete:
            return None
        table = recognized.training.optimizer
        rule = table if isinstance(table, str) else str(table.__struct_config__.tag)
        return capture.moment(self.step, optimizer, None if recognized.no_update else rule, self._is_edited)

    def _tensor(self, name: str) -> Tensor | None:
        """The tensor of a name."""
        model = self._model
        if model is None:
            return None
        if name in model.parameters:
            return model.parameters[name]
        if name.endswith(GRADIENT) and (parameter := model.parameters.get(name.removesuffix(GRADIENT))) is not None:
            return parameter.grad
        return None if self._outputs is None else self._outputs.values.get(name)

    def finish(self, error: str | None = None) -> None:
        """Say that the training ends."""
        now = "finished" if error is None else "failed"
        if self.gate.is_attached:
            self._send_losses(monotonic())
        last: Report = TrainingActivity(now=now, step=self.step, why=error or "")  # type: ignore[arg-type]
        self.link.close(last)
