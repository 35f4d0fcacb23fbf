"""Memory: what a training held is let go when it is left, and goes back to the system where the C library is glibc."""

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
"""Seconds after which a new screen has been built, which leaves garbage."""
MANY, LATER = 500, 60.0
"""Timers that are begun only to be cancelled, and their seconds."""
LIBRARIES = ("rich", "textual")
YOUNG = 5_000
"""New objects after which garbage is looked for: a frame makes more than Python's own 700, and few that stay."""
MMAP_THRESHOLD, ARENA_MAX = -3, -8
"""As in malloc.h."""
LARGE = 2**20
"""Bytes from which on something has pages of its own; with less, the arrays of a step would, which is slow."""


def keep_together() -> None:
    """Let all threads share one heap, without what is large: what is left of a peak would lie between what stays."""
    if set_option := _of_the_c_library("mallopt"):
        set_option(ARENA_MAX, 1)
        set_option(MMAP_THRESHOLD, LARGE)


def forget_left(shown: Screen[object]) -> None:
    """Forget what keeps a screen that was left, with all that was on it, beside the messages still under way.

    Args:
        shown: the screen that was beneath it.
    """
    visible_screen_stack.set([])  # what was last drawn, over which screens
    shown.suppress_click()  # what the mouse was last pressed on
    _forget_cancelled(asyncio.get_running_loop())


def settle() -> None:
    """Look for garbage from now on, less often, and no longer among what is there: the screen, which stays.

    To look through all of it took 50 ms, and a key waited for that.
    """
    gc.freeze()
    gc.set_threshold(YOUNG)
    gc.enable()


def give_back() -> None:
    """Free what only refers to itself, and give up free pages, which would else be kept."""
    gc.unfreeze()
    for cache in _remembered():
        cache.cache_clear()
    gc.collect()
    # What stays now is not looked through again until the next time, and does not count where Python weighs whether to
    # look for garbage: a screen makes much of it.
    gc.freeze()
    gc.collect()
    if trim := _of_the_c_library("malloc_trim"):
        trim(0)


def _of_the_c_library(name: str) -> Callable[..., object] | None:
    """A function of the C library that this process has loaded; None if it has none, and on Windows."""
    if os.name == "nt":
        return None
    return getattr(ctypes.CDLL(None), name, None)


def _forget_cancelled(loop: asyncio.AbstractEventLoop) -> None:
    """Let a loop forget timers that were cancelled: each keeps the screen that it was begun from.

    It does so when their time comes, or before where they are the most of over a hundred.
    """
    for timer in [loop.call_later(LATER, print) for _ in range(MANY)]:
        timer.cancel()


def _remembered() -> Iterator["_lru_cache_wrapper[Any]"]:
    """What the libraries remember of how texts and widgets were drawn; it would keep what those were a part of.

    It is looked for by name. To go through all objects there are would hold those too that another thread has only
    begun, and it cannot finish a tuple that somebody holds.
    """
    for name, module in list(sys.modules.items()):
        if name.partition(".")[0] in LIBRARIES:
            for each in list(vars(module).values()):
                members = list(vars(each).values()) if isinstance(each, type) else []
                yield from (found for found in map(_function, (each, *members)) if type(found) is _lru_cache_wrapper)


def _function(found: object) -> object:
    """What a method of any kind calls."""
    match found:
        case classmethod() | staticmethod():
            return found.__func__
        case property():
            return found.fget
    return found
