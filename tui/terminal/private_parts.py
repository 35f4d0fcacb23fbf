"""Private parts of Textual that other rooms need, each behind a small function or class."""

from typing import Any, TypeVar

from textual.app import App
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
"""How long a notification that is shown stays at least."""


def shown_messages(app: App[Any]) -> list[str]:
    """The messages of the notifications that are on the screen."""
    return [each.message for each in app._notifications]


class ChoosyScreen(Screen[Result]):
    """A screen that handles only the messages that it takes, and sends only what has changed."""

    focused: var[Widget | None] = var(None)
    """Textual would draw the whole screen again for another focus."""

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self._compositor = NarrowCompositor()

    def takes(self, message: Message) -> bool:
        """Whether a message is handled."""
        return True

    async def _on_message(self, message: Message) -> None:
        if self.takes(message):
            await super()._on_message(message)


class CrashMessage(App[None]):
    """An app that ends with one line where Textual would print a page."""

    is_ending = False
    """Whether the end is under way: screens are no longer built, and handle nothing more."""

    def exit(self, *given: Any, **named: Any) -> None:
        """End; what is not yet built will not be."""
        self.is_ending = True
        super().exit(*given, **named)

    def _fatal_error(self) -> None:
        """End with one line, where Textual would print a page of traceback with its variables."""
        self.is_ending = True
        if error := self._exception:
            told = defect(error.error if isinstance(error, WorkerFailed) else error)
            self._exit_renderables.append(f"nn-tui: {told}")
        self._close_messages_no_wait()

    def _print_error_renderables(self) -> None:
        """Print the message, where Textual would add a hint for its own developers."""
        for line in dict.fromkeys(self._exit_renderables):
            self.error_console.print(line, soft_wrap=True)
        self._exit_renderables.clear()


class ToastNotification(Notification):
    """Textual's own, but what is shown has time left, even if that runs out just before it can be seen.

    Textual gives what is left to a timer, and a timer of less than no time never ends: it would keep the
    loop for ever.
    """

    @property
    def time_left(self) -> float:
        """Seconds until it goes."""
        return max(super().time_left, LEAST_SECONDS)

    @property
    def has_expired(self) -> bool:
        """Whether it is not to be shown any more."""
        return super().time_left <= 0
