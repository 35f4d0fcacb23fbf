"""The answers of the trainer to what was asked: what a person is told of them."""

from typing import TYPE_CHECKING

from ...core.worker.inbox import Delivery
from ..config import DECIMALS
from ..dialogs.compare_dialog import Compare
from ..text.editable import nudge_text

if TYPE_CHECKING:
    from .dashboard import Dashboard


class Answers:
    """Says what could not be done and what came of a nudge, and shows comparisons."""

    def __init__(self, dashboard: "Dashboard") -> None:
        """Begin with nothing asked."""
        self._dashboard = dashboard
        self.is_comparing = False
        """Whether a comparison is asked for."""

    def compare(self) -> None:
        """Ask for this branch and the other side by side."""
        self.is_comparing = True
        self._dashboard.verbs.compare()

    def take(self, delivery: Delivery) -> None:
        """Say what a person should know of a delivery."""
        dashboard, view = self._dashboard, self._dashboard.view
        if delivery.comparison or delivery.refused or delivery.failed:
            self.is_comparing = False
        if delivery.comparison and view.trainer:
            shown = Compare(delivery.comparison, view.trainer.network, view.notation, view.decimals)
            dashboard.app.push_screen(shown)
        if delivery.failed:
            dashboard.tell(delivery.failed.reason, severity="error", timeout=10)
        for reason in delivery.refused:
            dashboard.tell(reason, severity="warning", timeout=10)
        if delivery.nudge and view.trainer:
            labels = view.trainer.network.names.labels(view.notation)
            dashboard.tell(nudge_text(delivery.nudge, labels, view.decimals or DECIMALS), timeout=8)
        for text in delivery.told:
            dashboard.tell(text, timeout=6)
