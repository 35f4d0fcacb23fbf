"""Private parts of Textual that other rooms need, each behind a small function or class."""

from typing import Any, TypeVar

from textual.app import App
from textual.message import Message
from textual.screen import Screen

Result = TypeVar("Result")


def shown_messages(app: App[Any]) -> list[str]:
    """The messages of the notifications that are on the screen."""
    return [each.message for each in app._notifications]


class ChoosyScreen(Screen[Result]):
    """A screen that handles only the messages that it takes."""

    def takes(self, message: Message) -> bool:
        """Whether a message is handled."""
        return True

    async def _on_message(self, message: Message) -> None:
        if self.takes(message):
            await super()._on_message(message)
