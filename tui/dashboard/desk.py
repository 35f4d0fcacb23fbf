"""The desk: the interface of a dashboard for its objects, so that none of them knows the dashboard itself."""

from collections.abc import Callable
from typing import Any, Protocol

from textual.app import App
from textual.notifications import SeverityLevel
from textual.screen import Screen

from ...core.debugger.recorder import Recorder
from ...core.worker.inbox import Inbox
from ...core.worker.verbs import Verbs
from ..view import View


class Desk(Protocol):
    """The training, its view, and its messages to the user."""

    verbs: Verbs
    inbox: Inbox
    recorder: Recorder
    pace: float | None
    """The most updates a second of a run; None for no limit."""

    stays: bool
    """Whether the screen stays open."""

    @property
    def view(self) -> View:
        """The view of the panels."""

    @property
    def app(self) -> App[object]:
        """The app, which shows dialogs."""

    @property
    def screen(self) -> Screen[object]:
        """The screen with the widgets."""

    def see(self, **changes: Any) -> None:
        """Show a view with other values of these fields."""

    def say(self, text: str, severity: SeverityLevel = "information", timeout: float | None = None) -> None:
        """Show a message."""

    def renew_status(self) -> None:
        """Update the title and the step."""

    def later(self, do: Callable[[], None]) -> None:
        """Call something in the screen's thread; can be used in any thread."""
