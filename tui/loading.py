"""Opening: a training comes in place of all that is shown, which goes first."""

import gc
from contextvars import copy_context
from typing import TYPE_CHECKING, Any

from textual.await_complete import AwaitComplete
from textual.content import Content
from textual.events import Event, Key, Paste
from textual.screen import Screen
from textual.widgets import Static

from .terminal.crash import LastWords
from .terminal.type_ahead import TypeAhead
from .text.safe import safe

if TYPE_CHECKING:
    from ..presets.sessions.opened import Opened


class Opening(LastWords):
    """An app that shows one training at a time."""

    _is_opening = False

    def __init__(self, *given: Any, **named: Any) -> None:
        """Begin with nothing typed."""
        super().__init__(*given, **named)
        self._type_ahead = TypeAhead(self)

    def on_mount(self) -> None:
        """Remember where everything begins."""
        self._at_start = copy_context()

    def make_screen(self, opened: "Opened") -> Screen[None]:
        """The screen of a training."""
        raise NotImplementedError

    def show_training(self, opened: "Opened") -> None:
        """Leave the training on the screen, if there is one, and show this one."""
        if not gc.isenabled():
            gc.freeze()
        self._is_opening = True
        self.call_next(self._replace, opened)

    def has_training(self) -> bool:
        """Whether a training is on the screen, be it beneath others."""
        from .dashboard.dashboard import Dashboard

        return any(isinstance(screen, Dashboard) for screen in self.screen_stack)

    def push_screen(self, *screen: Any, **options: Any) -> Any:
        """Show a screen over the others; while a training is opened, who asks for one is about to leave."""
        if self._is_opening or self.is_ending:
            return AwaitComplete()
        return super().push_screen(*screen, **options)

    async def on_event(self, event: Event) -> None:
        """Let keys and pastes wait for the screen that they are meant for."""
        if event.is_forwarded or not isinstance(event, Key | Paste) or not self._type_ahead.holds(event):
            await super().on_event(event)

    async def _replace(self, opened: "Opened") -> None:
        """Let the old one go before the new one is built, so that what it held serves that."""
        if self.is_ending:  # there may be no screen any more
            return
        if len(self.screen_stack) == 1:
            self._push(opened)
            return
        from .dialogs.base_screen import BaseScreen
        from .terminal.memory import forget_left

        self.screen_stack[0].query_one("#opening", Static).update(opening_of(opened.preset.name))
        while len(self.screen_stack) > 1 and not self.is_ending:  # something may lie over the old one by now
            if isinstance(self.screen, BaseScreen):
                self.screen.stays = False
            await super().pop_screen()
        if self.is_ending:
            return
        forget_left(self.screen)
        # Messages still under way hold the old one, this one too.
        self.call_after_refresh(self.call_later, self._push_anew, opened)

    def _push_anew(self, opened: "Opened") -> None:
        from .terminal.memory import SOON, give_back

        if self.is_ending:
            return
        give_back()
        self._push(opened)
        self.set_timer(SOON, give_back)

    def _push(self, opened: "Opened") -> None:
        # What is at work on a new screen would keep the last one alive: it remembers where it was started from.
        self._at_start.copy().run(self._push_now, opened)

    def _push_now(self, opened: "Opened") -> None:
        self._is_opening = False
        self.push_screen(self.make_screen(opened))


def opening_of(name: str) -> Content:
    """What is seen until there is more."""
    return Content(safe(f"nn-tui  opening {name} …"))
