"""Type-ahead: keys and pastes are handled one by one, each after the result of the previous one is on the screen.

Textual sends keys to a screen that is still being built, or that is closing, and loses them there.
"""

import asyncio
from collections import deque
from collections.abc import Iterator
from typing import Any

from textual.app import App
from textual.events import Key, Paste
from textual.message_pump import MessagePump
from textual.screen import Screen

AT_ONCE = ("ctrl+c",)
"""Keys that never wait."""
MOST = 1000
"""The most waiting events; further ones are dropped, as a terminal does."""
TURNS = 10
"""Turns of the loop after which each check includes a pause."""
LOOKS, PAUSE = 1500, 0.002
"""The number of checks whether a screen is ready before an event is posted anyway, and their interval in seconds.

A busy loop checks less often, so building something large in one piece counts as a short wait.
"""


class TypeAhead:
    """The keys and pastes that wait for their screen."""

    def __init__(self, app: App[Any]) -> None:
        """Let the events of an app wait."""
        self._app = app
        self._waiting: deque[Key | Paste] = deque()
        self._next: Key | Paste | None = None
        """The event that is posted now."""
        self._task: asyncio.Task[None] | None = None

    def holds(self, event: Key | Paste) -> bool:
        """Whether to keep an event back; if so, it is posted again later."""
        if event is self._next or (isinstance(event, Key) and event.key in AT_ONCE):
            self._next = None
            return False
        if self._task is None and is_ready(self._app, is_at_work=True):
            return False
        if len(self._waiting) < MOST:
            self._waiting.append(event)
        if self._task is None:
            self._task = asyncio.create_task(self._let_go())
        return True

    async def _let_go(self) -> None:
        """Post one event after the other, each when the screen is ready or has not become ready for a long time."""
        try:
            while self._waiting:
                await self._until_ready()
                self._next = self._waiting.popleft()
                self._app.post_message(self._next)
        finally:
            self._task = None

    async def _until_ready(self) -> None:
        for look in range(LOOKS):
            await asyncio.sleep(0 if look < TURNS else PAUSE)
            if is_ready(self._app):
                return


def is_ready(app: App[Any], is_at_work: bool = False) -> bool:
    """Whether no work is in progress that a key could disturb.

    Args:
        app: the app.
        is_at_work: whether the caller is a handler of the app, which is therefore busy itself.
    """
    stack = app.screen_stack
    if len(stack) < 2 or not getattr(stack[-1], "is_ready", True) or not _is_drawn(stack[-1]):
        return False
    app_rests = _has_no_messages(app) if is_at_work else _rests(app)
    return app_rests and all(map(_rests, _pumps(stack)))


def _pumps(stack: list[Screen[Any]]) -> Iterator[MessagePump]:
    """All screens, and the widgets of the top one."""
    yield from stack
    yield from stack[-1].walk_children()


# These are private parts of Textual and asyncio; tests name each.


def _is_drawn(screen: Screen[Any]) -> bool:
    """Whether a screen is laid out, and has no callbacks left."""
    return not screen._layout_required and not screen._callbacks


def _has_no_messages(pump: MessagePump) -> bool:
    return pump._message_queue.empty() and pump._pending_message is None


def _rests(pump: MessagePump) -> bool:
    """Whether a pump waits for messages, or has ended."""
    waits = bool(pump._message_queue.ready_event._waiters)
    return pump._closing or pump._closed or (waits and _has_no_messages(pump))
