"""Reports of the steps of a training: only numbers that the dashboard shows, and only if they changed."""

from __future__ import annotations

from time import monotonic

from ..live.messages import RecentLosses, Recognized, Statistics, StepNumbers
from .autograd_losses import UnrecognizedError
from .current_step import CurrentStep
from .gate import Gate
from .lazy_torch import Tensor, TorchOptimizer
from .link import DashboardLink
from .model_tree import Model
from .tensor_statistics import in_turn, relative_change, rows_of, window_of

MOST_LOSSES = 1000
"""Most losses that wait to be reported; of more, every second is dropped."""
STATISTICS_EVERY = 1.0
"""Seconds between two reports of statistics while training runs."""
NO_STEP = "no complete step has been captured yet"


class StepReports:
    """The reported and the waiting numbers."""

    def __init__(self, gate: Gate, link: DashboardLink) -> None:
        self._gate, self._link = gate, link
        self.recognized: Recognized | None = None
        self.next_statistics = 0.0
        self._losses: list[tuple[int, float]] = []
        self._changes: dict[str, float] = {}
        """The changes of the shown parameters in the last update."""
        self._before: dict[str, Tensor] = {}
        self._turn = 0
        self._described: tuple[object, ...] = ()
        self._since = (monotonic(), 0)

    def forget(self) -> None:
        """Handle that the dashboard has detached."""
        self._before, self._losses, self._described = {}, [], ()

    def add_loss(self, step: int, loss: float) -> None:
        """Queue a loss for the next report."""
        self._losses.append((step, loss))
        if len(self._losses) > MOST_LOSSES:
            del self._losses[::2]

    def report(self, number: int, step: CurrentStep, model: Model, optimizer: TorchOptimizer, is_held: bool) -> None:
        """Report the numbers that the dashboard shows."""
        look = self._gate.look
        self._describe(step, model, optimizer)
        rate = _learning_rate(optimizer)
        self.send_losses(number, rate)
        if look.every_number and (step_numbers := self._step_numbers(number, step, optimizer)):
            self._link.send(step_numbers)
        if look.statistics and is_held:
            rows = tuple(rows_of(model.parameters, model.parameters, self._changes, step.outputs))
            self._link.send(Statistics(step=number, rows=rows, learning_rate=rate))
        for window in look.windows:
            if (tensor := step.tensor(model, window.tensor)) is not None:
                self._link.send(window_of(number, window, tensor))

    @property
    def is_described(self) -> bool:
        """Whether the dashboard that is attached knows the model."""
        return self._described[:1] == (self._gate.attachments,)

    def _describe(self, step: CurrentStep, model: Model, optimizer: TorchOptimizer) -> None:
        """Report the model, if it has changed."""
        capture = step.numbers
        if capture is None and not step.reason and self.is_described:
            return  # a step that was not captured
        reason = "" if capture else step.reason or NO_STEP
        key = (self._gate.attachments, capture and capture.chain.signature, reason)
        if key == self._described:
            return
        self._described, self.recognized = key, None
        if capture is not None:
            try:
                self.recognized = capture.recognized(optimizer, model.names)
            except UnrecognizedError as error:
                reason = str(error)
        loss = capture.chain.loss.shown if capture else ""
        self._link.send(model.described(self.recognized, reason, loss, optimizer))

    def send_losses(self, number: int, learning_rate: float | None = None) -> None:
        """Report the queued losses, and the speed of training."""
        if not self._losses:
            return
        now = monotonic()
        steps, losses = zip(*self._losses, strict=True)
        since, first = self._since
        rate = (number - first) / (now - since) if number > first and now > since else None
        self._since = (now, number)
        self._losses.clear()
        report = RecentLosses(steps=steps, losses=losses, updates_per_second=rate, learning_rate=learning_rate)
        self._link.send(report)

    def begin_to_count(self, number: int) -> None:
        """Note that training runs from here on."""
        self._since = (monotonic(), number)

    def _step_numbers(self, number: int, step: CurrentStep, optimizer: TorchOptimizer) -> StepNumbers | None:
        capture, recognized = step.numbers, self.recognized
        if capture is None or recognized is None or not capture.is_complete:
            return None
        table = recognized.training.optimizer
        rule = table if isinstance(table, str) else str(table.__struct_config__.tag)
        return capture.step_numbers(number, optimizer, None if recognized.no_update else rule, step.is_edited)

    def before_update(self, model: Model, step: CurrentStep) -> None:
        """Keep the parameters whose change will be reported; while training runs, of a captured step."""
        if not self._gate.look.statistics or not self._gate.is_attached:
            return
        now = monotonic()
        if self._gate.holds_next:
            names = [*model.parameters]
        elif now >= self.next_statistics and step.is_whole:
            names, self._turn = in_turn(model.parameters, self._turn)
            self.next_statistics = now + STATISTICS_EVERY
        else:
            return
        self._before = {name: model.parameters[name].detach().clone() for name in names}

    def after_update(self, number: int, step: CurrentStep, model: Model) -> None:
        """Measure what the update changed, and report it if training does not pause next."""
        if not self._before:
            self._changes = {}
            return
        self._changes = {name: relative_change(before, model.parameters[name]) for name, before in self._before.items()}
        if self._gate.look.statistics and not self._gate.holds_next:
            if outputs := tuple(rows_of((), model.parameters, {}, step.outputs)):
                self._link.send(Statistics(step=number - 1, rows=outputs))
            rows = tuple(rows_of(self._before, model.parameters, self._changes, None))
            self._link.send(Statistics(step=number, rows=rows))
        self._before = {}

    def send_last(self, number: int, model: Model) -> None:
        """Report the parameters after the last update; the outputs of the last captured step stay as they are."""
        if not self._gate.look.statistics:
            return
        try:
            rows = tuple(rows_of(model.parameters, model.parameters, {}, None))
            windows = [window for window in self._gate.look.windows if window.tensor in model.parameters]
            reports = [window_of(number, window, model.parameters[window.tensor]) for window in windows]
        except RuntimeError:
            return  # a script that ended by an error of its device leaves no numbers to read
        self._link.send(Statistics(step=number, rows=rows))
        for report in reports:
            self._link.send(report)


def _learning_rate(optimizer: TorchOptimizer) -> float | None:
    """The learning rate of all groups; None if they differ."""
    rates = {float(group["lr"]) for group in optimizer.param_groups if "lr" in group}
    return rates.pop() if len(rates) == 1 else None
