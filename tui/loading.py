"""Loading: a training comes in place of all that is shown, which goes first."""

from collections.abc import Callable
from contextvars import copy_context
from typing import TYPE_CHECKING

from textual.app import App
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Static

from .terminal.private_parts import CrashMessage
from .text.safe import safe

if TYPE_CHECKING:
    from ..presets.opened import Opened


class Loading:
    """Shows one training at a time."""

    def __init__(self, app: CrashMessage, make_screen: Callable[["Opened"], Screen[None]]) -> None:
        """Show trainings of an app, each on a screen of its own."""
        self._app = app
        self._make_screen = make_screen
        self.is_under_way = False
        """Whether a training is about to be shown."""
        self._at_start = copy_context()

    def begin(self) -> None:
        """Remember where everything begins."""
        self._at_start = copy_context()

    def show(self, opened: "Opened") -> None:
        """Leave the training on the screen, if there is one, and show this one."""
        self.is_under_way = True
        self._app.call_next(self._replace, opened)

    async def _replace(self, opened: "Opened") -> None:
        """Let the old one go before the new one is built, so that what it held serves that."""
        app = self._app
        if app.is_ending:  # there may be no screen any more
            return
        from .terminal.memory import SOON, forget_left, settle

        if len(app.screen_stack) == 1:
            self._push(opened)
            app.set_timer(SOON, settle)
            return
        from .dialogs.base_screen import BaseScreen

        app.screen_stack[0].query_one("#opening", Static).update(opening_of(opened.preset.name))
        while len(app.screen_stack) > 1 and not app.is_ending:  # something may lie over the old one by now
            if isinstance(app.screen, BaseScreen):
                app.screen.stays = False
            await App.pop_screen(app)
        if app.is_ending:
            return
        forget_left(app.screen)
        # Messages still under way hold the old one, this one too.
        app.call_after_refresh(app.call_later, self._push_anew, opened)

    def _push_anew(self, opened: "Opened") -> None:
        from .terminal.memory import SOON, give_back

        if self._app.is_ending:
            return
        give_back()
        self._push(opened)
        self._app.set_timer(SOON, give_back)

    def _push(self, opened: "Opened") -> None:
        # What is at work on a new screen would keep the last one alive: it remembers where it was started from.
        self._at_start.copy().run(self._push_now, opened)

    def _push_now(self, opened: "Opened") -> None:
        self.is_under_way = False
        self._app.push_screen(self._make_screen(opened))


def opening_of(name: str) -> Content:
    """What is seen until there is more."""
    return Content(safe(f"nn-tui  opening {name} …"))
