"""Private parts of Textual that other rooms need, each behind a small function or class."""

from typing import Any, TypeVar

from textual.app import App
from textual.events import ScreenResume
from textual.geometry import Size
from textual.message import Message
from textual.notifications import Notification
from textual.reactive import var
from textual.screen import Screen
from textual.widget import Widget
from textual.worker import WorkerFailed

from .log import defect
from .narrow_updates import NarrowCompositor

Result = TypeVar("Result")
LEAST_SECONDS = 0.01
"""The least seconds that a notification stays."""


def shown_messages(app: App[Any]) -> list[str]:
    """The messages of the visible notifications."""
    return [each.message for each in app._notifications]


class ChoosyScreen(Screen[Result]):
    """A screen that handles only the messages it accepts, and sends only changes."""

    focused: var[Widget | None] = var(None)
    """The focus; Textual's own attribute would draw the whole screen again."""

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self._compositor = NarrowCompositor()

    def fit_first_frame(self, size: Size) -> None:
        """Have the classes of a terminal's size from the start; Textual would add them after the first frame."""
        for cells, breakpoints in ((size.width, self.HORIZONTAL_BREAKPOINTS), (size.height, self.VERTICAL_BREAKPOINTS)):
            self.add_class(*self._get_breakpoint_classes(cells, breakpoints or []), update=False)

    def takes(self, message: Message) -> bool:
        """Whether to handle a message."""
        return True

    async def _on_message(self, message: Message) -> None:
        if isinstance(message, ScreenResume) and self.stack_updates == 0:
            message.refresh_styles = False  # all widgets have been styled just now, when they were mounted
        if self.takes(message):
            await super()._on_message(message)


class BareScreen(Screen[Result]):
    """A screen without a place for notices: those above show them, and here they would stay in memory."""

    def _extend_compose(self, widgets: list[Widget]) -> None:
        """Add nothing of Textual's own."""


class CrashMessage(App[Any]):
    """An app that ends with one line where Textual would print a page; it has no tooltips."""

    is_ending = False
    """Whether the app is ending: screens are no longer built, and handle nothing more."""

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self._disable_tooltips = True  # no widget has one, and each screen would build the place for it

    def exit(self, *given: Any, **named: Any) -> None:
        """End the app; screens that are not built yet will not be."""
        self.is_ending = True
        super().exit(*given, **named)

    def _fatal_error(self) -> None:
        """End with one line, where Textual would print a traceback with its variables."""
        self.is_ending = True
        if error := self._exception:
            told = defect(error.error if isinstance(error, WorkerFailed) else error)
            self._exit_renderables.append(f"nn-tui: {told}")
        self._close_messages_no_wait()

    def _print_error_renderables(self) -> None:
        """Print the message, without Textual's hint for its own developers."""
        for line in dict.fromkeys(self._exit_renderables):
            self.error_console.print(line, soft_wrap=True)
        self._exit_renderables.clear()


class ToastNotification(Notification):
    """Textual's notification, with time left while it is shown, even if that is over just before it is visible.

    Textual starts a timer with the remaining time, and a timer with a negative time never ends: it would block the
    loop forever.
    """

    @property
    def time_left(self) -> float:
        """Seconds until it disappears."""
        return max(super().time_left, LEAST_SECONDS)

    @property
    def has_expired(self) -> bool:
        """Whether it should disappear."""
        return super().time_left <= 0
