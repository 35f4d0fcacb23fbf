"""A training of any model in another process: the reports about its tensors, and the orders of the screen."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from threading import RLock, Thread

from ...core.debugger.facts import Activity
from ...core.metrics.series import Series
from .attached import ACTIVITIES
from .channel import GONE, Channel, leave, listen
from .messages import (
    FirstNotFinite,
    ModelDescription,
    ModuleStatistics,
    RecentLosses,
    Refused,
    Report,
    Said,
    Statistics,
    TrainingActivity,
    Window,
)
from .orders import BreakAt, HoldCondition, LookAt, Order, Pause, Run, WindowAt
from .sentences import not_finite_text
from .step_queue import StepQueue
from .wire import WireError

MOST_LOSSES = 20_000
"""Points of the loss that are kept."""
OUTPUT, GRADIENT = " output", " gradient"
"""Endings of the names of outputs and gradients."""


@dataclass(frozen=True, eq=False, kw_only=True)
class ModelState:
    """The known state of a training."""

    model: ModelDescription
    step: int = 0
    activity: Activity = Activity.PAUSED
    why: str = ""
    statistics: dict[str, ModuleStatistics] = field(default_factory=dict)
    """By the names of parameters and outputs."""
    steps: dict[str, int] = field(default_factory=dict)
    """The step of each of them."""
    window: Window | None = None
    losses: Series = field(default_factory=Series)
    updates_per_second: float | None = None
    learning_rate: float | None = None
    """The learning rate of all groups; None if they differ, or before it is reported."""
    notices: tuple[str, ...] = ()
    """Messages since the last call of `take`."""
    not_finite: str = ""
    """The first operation that was not finite, in a sentence, until training runs again."""
    output: tuple[str, ...] | None = None
    """The script's output; None if it is written elsewhere, and empty if nothing is printed yet."""

    @property
    def is_over(self) -> bool:
        """Whether the training has ended."""
        return self.activity in (Activity.FINISHED, Activity.FAILED)

    @property
    def old(self) -> dict[str, int]:
        """The step of each tensor whose statistics are of an older step than the newest; none while training runs."""
        if self.activity is Activity.RUNNING:
            return {}
        return {name: step for name, step in self.steps.items() if step < self.step}


class ModelTraining:
    """The training, and its reports so far."""

    def __init__(
        self,
        channel: Channel,
        model: ModelDescription,
        on_change: Callable[[], None],
        activity: TrainingActivity | None = None,
    ) -> None:
        """Begin to listen, in a thread.

        Args:
            channel: the connection to the other process.
            model: what it trains.
            on_change: called in the thread whenever something is new.
            activity: the reported activity of the training.
        """
        self._channel = channel
        self._on_change = on_change
        self._lock = RLock()
        self._look = LookAt(statistics=True)
        self._steps = StepQueue(self.order)
        self._now = ModelState(model=model, losses=Series(limit=MOST_LOSSES))
        if activity:
            self._take(activity)
        self.order(self._look)
        Thread(target=self._listen, name="model", daemon=True).start()

    @property
    def now(self) -> ModelState:
        """What is known now."""
        return self._now

    @property
    def is_running(self) -> bool:
        """Whether it trains."""
        return self._now.activity is Activity.RUNNING

    def order(self, order: Order) -> None:
        """Send an order to the training."""
        try:
            if self._now.is_over:
                raise WireError
            self._channel.send(order)
        except WireError:
            if not isinstance(order, LookAt):
                self._say(GONE)
            return
        if isinstance(order, Run):
            self._change(activity=Activity.RUNNING, why="")

    def step(self) -> None:
        """Make one update, after the steps that are queued."""
        with self._lock:
            self._steps.ask(self._now.step)

    def run_or_pause(self) -> None:
        """Run, or hold before the next update; steps that wait are forgotten."""
        with self._lock:
            self._steps.forget()
            self.order(Pause() if self.is_running else Run())

    def look_at(self, *windows: WindowAt) -> None:
        """Request these parts of tensors, if they differ from the last request."""
        with self._lock:
            if windows != self._look.windows:
                self._look = LookAt(statistics=True, windows=windows)
                self.order(self._look)

    def run_to(self, step: int) -> None:
        """Make updates until a step.

        Raises:
            ValueError: it is not later than the newest.
        """
        with self._lock:
            if step <= self._now.step:
                raise ValueError(f"expected a step after {self._now.step}, as a PyTorch training cannot step back")
            self._steps.forget()
            self._steps.ask(self._now.step, min(step - self._now.step, 1_000_000))

    def break_at(self, conditions: tuple[HoldCondition, ...]) -> None:
        """Pause when one of these is true."""
        self.order(BreakAt(conditions=conditions))

    def print(self, *lines: str) -> None:
        """Show what the script has printed."""
        with self._lock:
            self._change(output=((self._now.output or ()) + lines)[-2000:])

    def heard(self) -> tuple[str, ...]:
        """The messages since the last call."""
        with self._lock:
            notices = self._now.notices
            if notices:  # else what is known stays the same value, and the screen as it is
                self._now = replace(self._now, notices=())
        return notices

    def close(self) -> None:
        """Detach; the training continues."""
        self._on_change = lambda: None
        leave(self._channel)

    def _listen(self) -> None:
        why = listen(self._channel, self._lock, self._take)
        with self._lock:
            if not self._now.is_over:
                self._change(activity=Activity.FAILED, why=why)

    def _take(self, report: Report) -> None:
        now = self._now
        match report:
            case ModelDescription():
                self._change(model=report)
            case Statistics(step=step, rows=rows):
                statistics = {**now.statistics, **{row.name: row for row in rows}}
                rate = now.learning_rate if report.learning_rate is None else report.learning_rate
                steps = {**now.steps, **dict.fromkeys((row.name for row in rows), step)}
                self._change(step=max(step, now.step), statistics=statistics, steps=steps, learning_rate=rate)
            case Window(step=step):
                self._change(step=max(step, now.step), window=report)
            case RecentLosses(steps=steps, losses=losses):
                known = Series(limit=MOST_LOSSES)  # a new one: the screen reads the last one in its own thread
                known.extend(now.losses)
                for step, loss in zip(steps, losses, strict=False):
                    known.add(step, loss)
                rate = now.learning_rate if report.learning_rate is None else report.learning_rate
                pace = report.updates_per_second
                self._change(step=max((now.step, *steps)), losses=known, updates_per_second=pace, learning_rate=rate)
            case TrainingActivity(now=activity, step=step, why=why):
                fault = "" if activity == "running" else now.not_finite
                self._change(activity=ACTIVITIES[activity], why=why, step=max(step, now.step), not_finite=fault)
                self._steps.see(report)
            case Refused(reason=text) | Said(text=text):
                self._say(text)
            case FirstNotFinite():
                self._change(not_finite=not_finite_text(report))
            case _:
                pass  # of recognized models

    def _say(self, text: str) -> None:
        self._change(notices=(*self._now.notices, text))

    def _change(self, **changes: object) -> None:
        with self._lock:
            self._now = replace(self._now, **changes)  # type: ignore[arg-type]
        self._on_change()


@dataclass(frozen=True)
class TensorRow:
    """A row of the tree: a module, a parameter or an output."""

    label: str
    depth: int
    """0 for the model itself."""
    tensor: str = ""
    """The name of a parameter or output; empty for a module."""
    shape: tuple[int, ...] = ()
    kind: str = ""
    """The class of a module."""
    detail: str = ""
    """The settings of a module, as PyTorch writes them."""
    guide: str = ""
    """The lines of the tree before its label."""
    is_complex: bool = False
    """Whether it is a parameter of complex numbers, of which the magnitudes are shown."""

    @property
    def is_output(self) -> bool:
        """Whether it is the output of a module."""
        return self.tensor.endswith(OUTPUT)


def tensor_rows(model: ModelDescription, statistics: dict[str, ModuleStatistics]) -> list[TensorRow]:
    """The tree of modules: below each module its parameters, its output, and its submodules."""
    rows: list[TensorRow] = []
    for module in model.modules:
        depth = module.path.count(".") + 1 if module.path else 0
        rows.append(TensorRow(module.path.rpartition(".")[2] or "model", depth, kind=module.kind, detail=module.detail))
        for name, shape in module.parameters:
            is_complex = name in module.complex
            rows.append(TensorRow(name.rpartition(".")[2], depth + 1, name, shape, is_complex=is_complex))
        output = statistics.get(module.path + OUTPUT)
        if output:
            rows.append(TensorRow("output", depth + 1, output.name, output.shape))
    return _with_guides(rows)


def _with_guides(rows: list[TensorRow]) -> list[TensorRow]:
    """The rows with the lines of the tree, which show depth and siblings."""
    continues: list[bool] = []
    """For each depth, whether a later row of the same module follows."""
    guided: list[TensorRow] = []
    for row in reversed(rows):
        del continues[row.depth + 1 :]
        continues += [False] * (row.depth + 1 - len(continues))
        lines = ["│ " if each else "  " for each in continues[1 : row.depth]]
        if row.depth:
            lines.append("├ " if continues[row.depth] else "└ ")
        continues[row.depth] = True
        guided.append(replace(row, guide="".join(lines)))
    return guided[::-1]
