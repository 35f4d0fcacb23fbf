"""Staying: a screen that goes only by its own dismissal."""

from typing import TypeVar

from textual.await_complete import AwaitComplete
from textual.screen import ModalScreen, Screen

Result = TypeVar("Result")


class Staying(Screen[Result]):
    """A screen that other screens lie over; a second escape may come when the one that it was for has gone."""

    CSS_PATH = "../app.tcss"
    """Of all screens, which lie over these; read with the first one, when something has been seen already."""
    stays = True
    """Whether it is not to be left yet."""

    def dismiss(self, result: Result | None = None) -> AwaitComplete:
        """Leave it, with a result; where another one lies over it by now, the key was meant for that one."""
        if not self.is_active:
            return AwaitComplete()
        self.stays = False
        return super().dismiss(result)


class Dialog(ModalScreen[Result], Staying[Result]):
    """A screen that leaves something of the one beneath to be seen."""
