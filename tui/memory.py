"""Memory: what a training held goes back to the system when it is left."""

import ctypes
import gc

SOON = 1.0
"""Seconds after which nothing is at work any more with what was left."""


def give_back() -> None:
    """Free what only refers to itself, and give up free pages, where the C library would keep them."""
    gc.collect()
    if trim := getattr(ctypes.CDLL(None), "malloc_trim", None):  # only glibc has it
        trim(0)
