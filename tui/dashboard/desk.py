"""The desk: what the objects of a dashboard ask of it, so that none of them knows the dashboard itself."""

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
    """The most updates a second of a run; None for as fast as it goes."""

    stays: bool
    """Whether the screen is not to be left yet."""

    @property
    def view(self) -> View:
        """What the panels show."""

    @property
    def app(self) -> App[object]:
        """What shows dialogs."""

    @property
    def screen(self) -> Screen[object]:
        """The widgets."""

    def see(self, **changes: Any) -> None:
        """Show a view with other values of these names."""

    def say(self, text: str, severity: SeverityLevel = "information", timeout: float | None = None) -> None:
        """Say something."""

    def renew_status(self) -> None:
        """Say again what is trained, and at which step."""

    def later(self, do: Callable[[], None]) -> None:
        """Do something in the screen's thread; called in any thread."""
