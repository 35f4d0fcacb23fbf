"""BaseScreen: a screen that goes only by its own dismissal."""

from typing import TypeVar

from textual import events, messages
from textual.await_complete import AwaitComplete
from textual.message import Message
from textual.screen import ModalScreen

from ..terminal.private_parts import ChoosyScreen

Result = TypeVar("Result")


class BaseScreen(ChoosyScreen[Result]):
    """A screen that other screens lie over; a second escape may arrive when its screen has gone."""

    CSS_PATH = "../app.tcss"
    """Of all screens, which lie over these; read with the first one, when something has been seen already."""
    stays = True
    """Whether it is not to be left yet."""

    @property
    def is_ready(self) -> bool:
        """Whether a key finds what it is for; keys wait until then."""
        return True

    def takes(self, message: Message) -> bool:
        """Whether to handle a message; what is for its parts only as long as these are sure to be there.

        They are not where it is left, or left half built as the program ends.
        """
        is_whole = self.stays and not getattr(self.app, "is_ending", False)
        return is_whole or not _is_for_parts(message)

    def dismiss(self, result: Result | None = None) -> AwaitComplete:
        """Leave it, with a result; where another one lies over it by now, the key was meant for that one."""
        if not self.is_active:
            return AwaitComplete()
        self.stays = False
        return super().dismiss(result)


def _is_for_parts(message: Message) -> bool:
    """Whether a message is of a screen's own making, and no upkeep of Textual's."""
    is_upkeep = type(message).__module__ in (messages.__name__, events.__name__)
    return not is_upkeep or isinstance(message, events.Mount | events.Resize | events.Timer)


class Dialog(ModalScreen[Result], BaseScreen[Result]):
    """A screen that leaves something of the one beneath to be seen."""
