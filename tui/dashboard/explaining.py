"""Explaining: the keys that ask where a number comes from, and whether a gradient is right."""

from collections.abc import Mapping
from time import monotonic

from textual import on, work
from textual.message import Message
from textual.worker import get_current_worker

from ...core.checking.gradient_check import Check, check_snapshot
from ...core.debugger.snapshot import Snapshot
from ...core.quantities.notation import Notation
from ...core.quantities.quantity import Kind, Quantity, When
from ...core.training.trainer import Trainer
from ...presets.sessions.opened import Opened
from ..config import Config
from ..panels.explain_panel import ExplainPanel
from ..panels.page_view import PageView
from ..text.factors import steps_of
from ..text.resolve import explained
from .training import Training

TELL_CHECKS = 0.25
"""Seconds after which the verdicts that a gradient check has come to are shown."""


class Explaining(Training):
    """Explanations, factors, notations and the gradient check."""

    class Checked(Message):
        """The gradient check has come to verdicts."""

        def __init__(self, snapshot: Snapshot, checks: Mapping[Quantity, Check]) -> None:
            super().__init__()
            self.snapshot = snapshot
            self.checks = checks

    def __init__(self, opened: Opened, config: Config) -> None:
        """Begin with nothing to explain."""
        super().__init__(opened, config)
        self._trail: list[Quantity] = []
        """What was explained before, on the way to what is explained now."""
        self._origin = "network"
        """The panel from which somebody came to the explanation."""

    @on(PageView.Chosen)
    def note_cursor(self, event: PageView.Chosen) -> None:
        """Remember the number under the cursor."""
        self._cursor = event.quantity

    @on(PageView.Asked)
    def explain(self, event: PageView.Asked) -> None:
        """Explain a number."""
        self._explain(event.quantity)

    def action_factor(self) -> None:
        """Go on by one factor of the chain rule, of what is explained or else under the cursor."""
        self._grain = None
        if self.quantity is None and self._cursor:
            is_parameter = self._cursor.kind in (Kind.W, Kind.B)
            self._explain(self._cursor.gradient if is_parameter else self._cursor)
        factors = self._factors() or self._factors_of_example()
        if not factors:
            self.app.notify("choose a gradient: these are products of the chain rule's factors", markup=False)
        else:
            shown = 1 if self.factor is None else self.factor + 1
            self.factor = shown if shown <= factors else None

    def _factors_of_example(self) -> int:
        """Explain what the example that is shown adds to the gradient of a batch; how many factors that has."""
        quantity = self.quantity
        if self.snapshot is None or quantity is None or not _is_gradient(quantity) or quantity.example is not None:
            return 0
        self._explain(quantity.of_example(self.example % len(self.snapshot.forward.X)))
        return self._factors()

    def watch_example(self, before: int, now: int) -> None:
        """Walk the factors of the other example, where its share of a gradient is walked."""
        quantity = self.quantity
        if self.factor is not None and quantity and _is_gradient(quantity) and quantity.example == before:
            factor, self.quantity = self.factor, quantity.of_example(now)
            self.factor = min(factor, self._factors()) or None

    def _factors(self) -> int:
        """How many factors what is explained has."""
        if self.trainer is None or self.snapshot is None or not self.quantity:
            return 0
        try:
            return len(steps_of(explained(self.trainer, self.snapshot, self.quantity)))
        except (ValueError, IndexError):  # the panel says why
            return 0

    def action_notation(self) -> None:
        """Take the next notation."""
        notations = list(Notation)
        self.notation = notations[(notations.index(self.notation) + 1) % len(notations)]

    @on(ExplainPanel.Lit)
    def light(self, event: ExplainPanel.Lit) -> None:
        """Light what the explanation goes along."""
        self.lit = event.connections

    @on(ExplainPanel.Left)
    def go_up(self) -> None:
        """Go back to what was explained before."""
        if self._trail:
            self.factor = None
            self.quantity = self._trail.pop()

    @on(ExplainPanel.Closed)
    def close_explanation(self) -> None:
        """Show the panels again."""
        self._trail.clear()
        self.quantity, self.factor, self.lit = None, None, frozenset()
        self.remove_class("explaining")
        self.show_panel(self._origin)

    def _explain(self, quantity: Quantity) -> None:
        if quantity == self.quantity:
            return
        if self.quantity:
            self._trail.append(self.quantity)
        self.factor = None
        self.quantity = quantity
        self.show_panel("explain")

    def action_check(self) -> None:
        """Show or hide the gradient check."""
        self.checks = None if self.checks is not None else {}
        self.check()

    def check(self) -> None:
        """Check the gradients of a moment that rests, beside the screen; the newest request counts."""
        if self.checks is not None and not self.running:
            self._check_gradients(self.snapshot, self.trainer)

    @work(thread=True, exclusive=True)
    def _check_gradients(self, snapshot: Snapshot | None, trainer: Trainer | None) -> None:
        if snapshot and trainer:
            worker, checks, told = get_current_worker(), {}, monotonic()
            for check in check_snapshot(trainer, snapshot):
                if worker.is_cancelled:
                    return
                checks[check.quantity] = check
                if monotonic() - told > TELL_CHECKS:
                    self.post_message(self.Checked(snapshot, dict(checks)))
                    told = monotonic()
            self.post_message(self.Checked(snapshot, checks))

    @on(Checked)
    def show_checks(self, event: Checked) -> None:
        """Show the verdicts, where they are still wanted and of the moment that is shown."""
        if self.checks is not None and event.snapshot is self.snapshot:
            self.checks = event.checks


def _is_gradient(quantity: Quantity) -> bool:
    """Whether it is the gradient of a parameter at this step."""
    return quantity.kind in (Kind.DW, Kind.DB) and quantity.when is When.NOW
