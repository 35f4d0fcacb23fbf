"""Private parts of Textual that other rooms need, each behind a small function or class."""

from typing import Any, TypeVar

from textual.app import App
from textual.message import Message
from textual.screen import Screen

from .narrow_updates import NarrowCompositor

Result = TypeVar("Result")


def shown_messages(app: App[Any]) -> list[str]:
    """The messages of the notifications that are on the screen."""
    return [each.message for each in app._notifications]


class ChoosyScreen(Screen[Result]):
    """A screen that handles only the messages that it takes, and sends only what has changed."""

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self._compositor = NarrowCompositor()

    def takes(self, message: Message) -> bool:
        """Whether a message is handled."""
        return True

    async def _on_message(self, message: Message) -> None:
        if self.takes(message):
            await super()._on_message(message)
