"""Loading: a training replaces all screens, which are closed first."""

from collections.abc import Callable
from contextvars import copy_context
from typing import TYPE_CHECKING

from textual.app import App, ComposeResult
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Static

from .terminal.private_parts import BareScreen, CrashMessage
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
        """Whether a training is being opened."""
        self._at_start = copy_context()

    def begin(self) -> None:
        """Remember the context of the start."""
        self._at_start = copy_context()

    def show(self, opened: "Opened") -> None:
        """Close the training on the screen, if there is one, and show this one."""
        self.is_under_way = True
        self._app.call_next(self._replace, opened)

    async def _replace(self, opened: "Opened") -> None:
        """Close the old screen before the new one is built, so that its memory can be used again."""
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
        while len(app.screen_stack) > 1 and not app.is_ending:  # another screen may be over the old one by now
            if isinstance(app.screen, BaseScreen):
                app.screen.stays = False
            await App.pop_screen(app)
        if app.is_ending:
            return
        forget_left(app.screen)
        # Pending messages refer to the old screen; so does this one.
        app.call_after_refresh(app.call_later, self._push_anew, opened)

    def _push_anew(self, opened: "Opened") -> None:
        from .terminal.memory import SOON, give_back

        if self._app.is_ending:
            return
        give_back()
        self._push(opened)
        self._app.set_timer(SOON, give_back)

    def _push(self, opened: "Opened") -> None:
        # In the current context, the new screen would keep the old one in memory: contexts refer to their origin.
        self._at_start.copy().run(self._push_now, opened)

    def _push_now(self, opened: "Opened") -> None:
        self.is_under_way = False
        self._app.push_screen(self._make_screen(opened))


class OpeningScreen(BareScreen[None]):
    """The screen below all others, while NumPy and the other modules are loaded."""

    def __init__(self, name: str) -> None:
        """Name what is being opened."""
        super().__init__(id="_default")
        self._opened_name = name

    def compose(self) -> ComposeResult:
        """A line in the middle."""
        yield Static(opening_of(self._opened_name), id="opening")


def opening_of(name: str) -> Content:
    """The text before the first screen."""
    return Content(safe(f"nn-tui  opening {name} …"))
