"""The executor: a thread for work that takes longer than the screen can wait."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextvars import copy_context
from functools import partial
from sys import platform
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")


THREADS = {"win32": 64}
"""The most threads by system: on Windows each of Textual's timers waits in a thread of this executor."""


class Executor(ThreadPoolExecutor):
    """One thread on most systems, without references to finished work.

    Each further thread would need its own memory, although only one of them works at a time.
    """

    def __init__(self) -> None:
        """Begin without a thread."""
        super().__init__(max_workers=THREADS.get(platform, 1))

    def submit(self, work: Callable[P, R], /, *args: P.args, **named: P.kwargs) -> "Future[R]":
        """Run something in its own context, because in the thread's context Textual would keep it and its screen."""
        return super().submit(copy_context().run, partial(work, *args, **named))
