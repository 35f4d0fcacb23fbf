"""Memory: what a training held goes back to the system when it is left; here, where the C library is glibc."""

import ctypes
import gc

from rich.segment import Segment
from textual._styles_cache import StylesCache
from textual.css.scalar import Scalar
from textual.geometry import Region
from textual.strip import Strip

SOON = 1.0
"""Seconds after which nothing is at work any more with what was left."""
REMEMBERED = (
    StylesCache.get_inner_outer,
    Strip.render_ansi,
    Segment._split_cells,
    Scalar.resolve,
    *(each for each in vars(Region).values() if hasattr(each, "cache_clear")),
)
"""How up to 16 384 texts and a thousand widgets were drawn, and where; each would keep what it was a part of."""
MMAP_THRESHOLD, ARENA_MAX = -3, -8
"""As in malloc.h."""
LARGE = 2**20
"""Bytes from which on something has pages of its own; with less, the arrays of a step would, which is slow."""


def keep_together() -> None:
    """Let all threads share one heap, without what is large: what is left of a peak would lie between what stays."""
    if set_option := getattr(ctypes.CDLL(None), "mallopt", None):
        set_option(ARENA_MAX, 1)
        set_option(MMAP_THRESHOLD, LARGE)


def give_back() -> None:
    """Free what only refers to itself, and give up free pages, which would else be kept.

    What stays is not looked through until the next time: the less there is, the sooner Python looks for garbage.
    """
    for drawn in REMEMBERED:
        drawn.cache_clear()
    gc.unfreeze()
    gc.collect()
    gc.freeze()
    if trim := getattr(ctypes.CDLL(None), "malloc_trim", None):
        trim(0)
