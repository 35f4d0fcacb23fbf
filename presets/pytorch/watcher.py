"""The watcher of a PyTorch training: its hooks, which run in the training thread."""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import partial
from math import isfinite, nan
from time import monotonic
from typing import Any

from ..live.messages import Refused, Said, TrainingActivity
from ..live.orders import EditParameter, LookAt, SetLearningRate
from . import lazy_torch as torch
from .current_step import CurrentStep
from .first_not_finite import capture_again, first_not_finite
from .gate import Gate, Task
from .hold_conditions import HoldConditions, SeenStep
from .last_forward import LastForward
from .lazy_torch import TorchModule, TorchOptimizer
from .link import DashboardLink
from .loss_by_value import KnownLosses
from .model_tree import Model, ModelFinder
from .own_training import OwnTraining
from .ranks import HoldWarning
from .step_reports import StepReports
from .tensor_statistics import GRADIENT, OUTPUT, Outputs
from .torch_optimizers import is_without_gradients


class Watcher:
    """One training: its model, its current step, and the next reports."""

    def __init__(
        self, gate: Gate, link: DashboardLink, module: TorchModule | None, optimizer: TorchOptimizer | None
    ) -> None:
        self.gate, self.link = gate, link
        self.step = 0
        """Updates done since the start of watching."""
        self._own = OwnTraining(optimizer, lambda text: link.send(Said(text=text)))
        self._module = module
        self._finder = ModelFinder() if module is None else None
        self._model: Model | None = None
        self._conditions = HoldConditions()
        self._last_forward = LastForward()
        self._reports = StepReports(gate, link)
        self._known = KnownLosses()
        self._current = CurrentStep(gate.is_watched, self._known)
        self._next_report = 0.0
        self._is_busy = False
        self._was_broken = False
        self._scaled: tuple[Any, Any, float] | None = None
        """A loss with a factor, the loss itself, and the factor."""
        self._why_first = ""
        """Why the first update that is looked at waits."""
        self.counted: Callable[[], TorchOptimizer | None] = _nobody
        """The optimizer whose updates are counted without a dashboard, once there is nothing else to do."""

    # The hooks.

    def before_backward(self, loss: Any) -> None:
        """Handle the start of a backward pass."""
        if self._is_busy or not torch.is_tensor(loss) or loss.numel() != 1 or not loss.requires_grad:
            return
        if self._current.is_past or self._own.is_elsewhere():
            return
        if self._current.backwards and is_without_gradients(self._own.optimizer):
            self._current.begin_again()
        scale = 1.0
        if self._scaled is not None:
            scaled, own, factor = self._scaled
            self._scaled = None
            if loss is scaled:
                loss, scale = own, factor
        self._current.see_backward(loss, scale)
        self._last_forward.see_backward()

    def see_scaled(self, loss: Any, scaled: Any, scale: float) -> None:
        """Handle a loss that a scaler multiplies before the backward pass."""
        self._scaled = (scaled, loss, scale)

    def before_step(self, optimizer: TorchOptimizer) -> None:
        """Handle the start of an update: the gate."""
        if self._is_busy or not (self._own.has_surely(optimizer) or self._is_own(optimizer)):
            return
        current = self._current
        current.is_past = True
        model = self._model or self._found(optimizer)
        current.read_loss()
        if current.loss is not None:
            self._reports.add_loss(self.step, current.loss)
        why = self._why(model, current.loss) or self._why_first
        if why or not self.gate.is_free:
            self._wait(why, model, optimizer)
        elif current.is_whole and self.link.is_clear:
            self._report(model, optimizer, is_held=False)
        if self.gate.look.statistics:
            self._reports.before_update(model, current)

    def _wait(self, why: str, model: Model, optimizer: TorchOptimizer) -> None:
        """Pause for a reason or an order, carry out tasks, and wait for the pace."""
        self._why_first = ""
        if why:
            self.gate.hold()
        if self.gate.wants_hold and (why or self._current.is_whole):
            self._hold(model, optimizer, lambda: why)
        else:
            if self._current.is_whole and self.link.is_clear:
                self._report(model, optimizer, is_held=False)
            while self.gate.has_task and (task := self.gate.task(waits=False)):
                self._carry_out(task, model, optimizer, is_held=False)
        self.gate.pass_through()

    def after_step(self, optimizer: TorchOptimizer) -> None:
        """Handle the end of an update."""
        if self._is_busy or not (self._own.has_surely(optimizer) or self._is_own(optimizer)):
            return
        self.step += 1
        self.counted = _nobody
        if self._model is not None and self.gate.look.statistics:
            self._reports.after_update(self.step, self._current, self._model)
        if self._current.has_hooks:
            self._current.close()
        self._current = self._next_step(self._model)

    def count_step(self, optimizer: TorchOptimizer) -> None:
        """Handle the end of an update without a dashboard: the first of a training, or after a dashboard has left."""
        if not self._is_own(optimizer):
            return
        self.step += 1
        if self._finder is not None:
            self._finder.found(optimizer)
        if self._current.is_whole or self._last_forward.is_on:
            self.disarm()
        self.counted = self._own.reference

    def disarm(self) -> None:
        """Remove all hooks after the dashboard has detached."""
        self._current.close()
        self._current = CurrentStep(False, self._known)
        self._last_forward.close()
        self._reports.forget()

    def give_up(self, error: Exception) -> None:
        """End watching after an error of its own; the training continues."""
        fault = f"nn-tui cannot watch this training any longer: {type(error).__name__}: {error}"[:5000]
        print(fault, file=sys.stderr, flush=True)
        self.link.send(Said(text=fault))
        self.gate.leave()
        self.disarm()

    def finish(self, error: str | None = None) -> None:
        """Report that the training ends."""
        if self._finder is not None:
            self._finder.close()
        if self.gate.is_attached:
            self._reports.send_losses(self.step)
            if self._model is not None:
                self._reports.send_last(self.step, self._model)
        now = "finished" if error is None else "failed"
        self.link.close(TrainingActivity(now=now, step=self.step, why=error or f"{self.step} updates done"))  # type: ignore[arg-type]

    # Reports.

    def _next_step(self, model: Model | None) -> CurrentStep:
        """The next step, which is captured if a report of it is due."""
        now = monotonic()
        is_whole = now >= self._next_report or self.gate.holds_next or bool(self.gate.conditions)
        is_read = self.gate.look.every_number or not self._reports.is_described
        step = CurrentStep(is_whole, self._known, is_read)
        if model is None:
            return step
        if not self._last_forward.is_on and model.wrapper is not None:
            self._last_forward.open(model.wrapper)
        if step.is_whole and not model.is_compiled and self._looks_at_outputs():
            step.outputs = Outputs(model.paths)
        return step

    def _looks_at_outputs(self) -> bool:
        look = self.gate.look
        if any(each.tensor.removesuffix(GRADIENT).endswith(OUTPUT) for each in look.windows):
            return True
        return look.statistics

    def _report(self, model: Model, optimizer: TorchOptimizer, is_held: bool) -> None:
        if self.gate.is_attached:
            self._next_report = monotonic() + 1.0 / self.gate.look.per_second
            self._reports.report(self.step, self._current, model, optimizer, is_held)

    # The gate.

    def _is_own(self, optimizer: TorchOptimizer) -> bool:
        if self._own.is_over:
            self._begin_with_another()
            return False  # its model is not known yet
        if self._own.has(optimizer):
            return True
        self._own.name(optimizer)
        return False

    def _begin_with_another(self) -> None:
        """The next training of a script, of another model; the count of updates continues."""
        self.counted = _nobody
        self._own.begin_again()
        self._current.close()
        self._current = CurrentStep(self.gate.is_watched, self._known)
        self._last_forward.close()
        self._finder, self._model = ModelFinder(), None

    def _found(self, optimizer: TorchOptimizer) -> Model:
        module = self._finder.found(optimizer) if self._finder else self._module
        self._finder = None
        self._model = Model(module, optimizer)
        return self._model

    def _why(self, model: Model, loss: float | None) -> str:
        """The reason why training must pause."""
        if self.gate.is_attached:
            broken = self._last_forward.bad_gradient(model) if loss is None or isfinite(loss) else f"the loss is {loss}"
            if broken and not self._was_broken:
                self._was_broken = True
                self._say_what_broke(model, loss)
                return broken
            self._was_broken = bool(broken)
        conditions = self.gate.conditions
        if not conditions or not self._current.is_whole:
            return ""  # breakpoints that came within a step begin with the next one, which is captured
        seen = SeenStep(
            number=self.step,
            loss=nan if loss is None else loss,
            find=partial(self._current.tensor, model),
            gradients=lambda: [each.grad for each in model.parameters.values() if each.grad is not None],
            dead_neurons=self._current.dead_neurons,
        )
        return self._conditions.broken(conditions, seen)

    def _say_what_broke(self, model: Model, loss: float | None) -> None:
        current = self._current
        self._is_busy = True
        outputs = Outputs(model.paths) if self.gate.look.statistics and current.outputs is None else None
        try:
            found = first_not_finite(self.step, model, self._last_forward, 0.0 if loss is None else loss)
            if current.capture is None and self.gate.look.every_number and self._reports.recognized is not None:
                current.capture = capture_again(model, self._last_forward, self._known, loss)
        finally:
            self._is_busy = False
            if outputs is not None:
                outputs.close()
                current.outputs = outputs
        self._reports.send_losses(self.step)  # that of this step first
        self.link.send(found)

    def hold_here(self, why: str) -> None:
        """Hold at a line of the script, with the numbers at this line, if they can be computed."""
        self.gate.hold()
        optimizer = self._own.optimizer
        if optimizer is None:
            self._why_first = f"{why}: it holds here, as nothing was trained before"
            self._current.is_whole = True
            return
        model = self._model or self._found(optimizer)
        had_gradients = self._current.backwards > 0
        self._hold(model, optimizer, lambda: f"{why}: {self._see_now(model)}")
        if not had_gradients:
            self._current.begin_again()  # the script computes them itself

    def _see_now(self, model: Model) -> str:
        """Compute the passes of the next update, unless the script has; of which step the numbers are, in words."""
        current, update = self._current, f"before update {self.step + 1}"
        if current.capture is not None and current.numbers and current.capture.is_complete:
            return update
        if self.gate.is_attached and self.gate.look.every_number and current.backwards <= 1:
            self._is_busy = True
            try:
                has_own = not current.backwards
                current.capture = capture_again(model, self._last_forward, self._known, current.loss, has_own)
            finally:
                self._is_busy = False
        if current.capture is None:
            return f"{update}; the passes are those of step {max(self.step - 1, 0)}"
        return update if current.backwards else f"{update}; passes computed ahead of the script"

    def _hold(self, model: Model, optimizer: TorchOptimizer, why: Callable[[], str]) -> None:
        warning = HoldWarning(lambda text: self.link.send(Said(text=text)))
        try:
            task = self.gate.task(waits=False)
            while True:
                while task is not None:
                    self._carry_out(task, model, optimizer, is_held=True)
                    task = self.gate.task(waits=False)
                reason = why()
                self._report(model, optimizer, is_held=True)
                self.link.send(TrainingActivity(now="paused", step=self.step, why=reason))
                if (task := self.gate.task(waits=True)) is None:
                    break
        finally:
            warning.cancel()
        self._reports.begin_to_count(self.step)
        self.link.send(TrainingActivity(now="running", step=self.step))

    def _carry_out(self, task: Task, model: Model, optimizer: TorchOptimizer, is_held: bool) -> None:
        match task:
            case LookAt():
                self._next_report = 0.0
            case EditParameter():
                fault = model.edit(task) if is_held else "a parameter can be edited while training is paused"
                if fault:
                    self.link.send(Refused(reason=fault))
                else:
                    self._current.is_edited = True
            case SetLearningRate(value=value) if value > model.greatest_rate:
                self.link.send(Refused(reason=f"a learning rate of {value:g} is too large for {model.dtype}"))
            case SetLearningRate(value=value):
                for group in optimizer.param_groups:
                    group["lr"] = group["lr"].new_tensor(value) if torch.is_tensor(group["lr"]) else value


def _nobody() -> None:
    """No optimizer."""
