"""Memory: when a training is closed, its memory is freed, and returned to the system if the C library is glibc."""

import asyncio
import ctypes
import gc
import os
import sys
from collections.abc import Callable, Iterator
from functools import _lru_cache_wrapper
from typing import Any

from textual._context import visible_screen_stack
from textual.screen import Screen

SOON = 1.0
"""Seconds until a new screen is built, which leaves garbage."""
MANY, LATER = 500, 60.0
"""Timers that are started only to be cancelled, and their seconds."""
LIBRARIES = ("rich", "textual")
YOUNG = 5_000
"""New objects before a garbage collection: a frame creates more than Python's default of 700, and keeps few."""
MMAP_THRESHOLD, ARENA_MAX = -3, -8
"""Constants of malloc.h."""
LARGE = 2**20
"""Bytes from which on an object has pages of its own; with a lower limit, the arrays of a step would, which is slow."""


def keep_together() -> None:
    """Let all threads share one heap, without large objects, which would leave gaps that cannot be freed."""
    if set_option := _of_the_c_library("mallopt"):
        set_option(ARENA_MAX, 1)
        set_option(MMAP_THRESHOLD, LARGE)


def forget_left(shown: Screen[object]) -> None:
    """Remove references to a closed screen and its widgets, except from messages that are still on the way.

    Args:
        shown: the screen below it.
    """
    visible_screen_stack.set([])  # the screens of the last drawing
    shown.suppress_click()  # the widget of the last mouse press
    _forget_cancelled(asyncio.get_running_loop())


def settle() -> None:
    """Collect garbage less often from now on, and ignore the objects of the screen, which stay.

    A collection of all objects takes 50 ms, during which a key would wait.
    """
    gc.freeze()
    gc.set_threshold(YOUNG)
    gc.enable()


def give_back() -> None:
    """Free reference cycles, and return free pages, which would otherwise be kept."""
    gc.unfreeze()
    for cache in _remembered():
        cache.cache_clear()
    gc.collect()
    # Objects that are left now are not searched again until the next time, and do not count when Python decides
    # whether to collect garbage, of which a screen makes much.
    gc.freeze()
    gc.collect()
    if trim := _of_the_c_library("malloc_trim"):
        trim(0)


def _of_the_c_library(name: str) -> Callable[..., object] | None:
    """A function of the C library in this process; None if it has none, and on Windows."""
    if os.name == "nt":
        return None
    return getattr(ctypes.CDLL(None), name, None)


def _forget_cancelled(loop: asyncio.AbstractEventLoop) -> None:
    """Let a loop forget cancelled timers, each of which keeps the screen from which it was started.

    A loop forgets them at their time, or earlier if more than half of over a hundred timers are cancelled.
    """
    for timer in [loop.call_later(LATER, print) for _ in range(MANY)]:
        timer.cancel()


def _remembered() -> Iterator["_lru_cache_wrapper[Any]"]:
    """The libraries' caches of drawn texts and widgets, which would keep their screens.

    They are found by name. A loop over all objects would also refer to tuples that another thread is still building,
    and Python cannot finish a tuple with another reference.
    """
    for name, module in list(sys.modules.items()):
        if name.partition(".")[0] in LIBRARIES:
            for each in list(vars(module).values()):
                members = list(vars(each).values()) if isinstance(each, type) else []
                yield from (found for found in map(_function, (each, *members)) if type(found) is _lru_cache_wrapper)


def _function(found: object) -> object:
    """The function of a method of any kind."""
    match found:
        case classmethod() | staticmethod():
            return found.__func__
        case property():
            return found.fget
    return found
