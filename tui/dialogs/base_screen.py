"""BaseScreen: a screen that is closed only by its own dismissal."""

from typing import ClassVar, TypeVar

from textual import events, messages
from textual.await_complete import AwaitComplete
from textual.message import Message
from textual.screen import ModalScreen
from textual.types import CSSPathType

from ..terminal.private_parts import ChoosyScreen

Result = TypeVar("Result")


class BaseScreen(ChoosyScreen[Result]):
    """A screen that can have others over it; a second escape may arrive after it is closed."""

    CSS_PATH: ClassVar[CSSPathType | None] = "../app.tcss"
    """The style sheet of all screens; each is read with the first screen that names it."""
    stays = True
    """Whether the screen stays open."""

    @property
    def is_ready(self) -> bool:
        """Whether the screen can handle a key; keys wait until then."""
        return True

    def takes(self, message: Message) -> bool:
        """Whether to handle a message; a message for the screen's widgets only while these certainly exist.

        They are missing while the screen closes, or if the program ends before it is built.
        """
        is_whole = self.stays and not getattr(self.app, "is_ending", False)
        return is_whole or not _is_for_parts(message)

    def dismiss(self, result: Result | None = None) -> AwaitComplete:
        """Close the screen with a result, unless another one is over it by now: then the key was meant for that one."""
        if not self.is_active:
            return AwaitComplete()
        self.stays = False
        return super().dismiss(result)


def _is_for_parts(message: Message) -> bool:
    """Whether a message is the screen's own, not one of Textual's internal ones."""
    is_upkeep = type(message).__module__ in (messages.__name__, events.__name__)
    return not is_upkeep or isinstance(message, events.Mount | events.Resize | events.Timer)


class Dialog(ModalScreen[Result], BaseScreen[Result]):
    """A screen that covers only a part of the one below."""

    CSS_PATH = ["../app.tcss", "../dialogs.tcss"]
