"""Memory: what a training held goes back to the system when it is left."""

import ctypes
import gc

from rich.segment import Segment
from textual._styles_cache import StylesCache
from textual.strip import Strip

SOON = 1.0
"""Seconds after which nothing is at work any more with what was left."""
REMEMBERED = (StylesCache.get_inner_outer, Strip.render_ansi, Segment._split_cells)
"""How up to 16 384 texts and a thousand widgets were drawn, each of which would keep what it was a part of."""


def give_back() -> None:
    """Free what only refers to itself, and give up free pages, where the C library would keep them."""
    for drawn in REMEMBERED:
        drawn.cache_clear()
    gc.collect()
    if trim := getattr(ctypes.CDLL(None), "malloc_trim", None):  # only glibc has it
        trim(0)
