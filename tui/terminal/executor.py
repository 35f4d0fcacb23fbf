"""The executor: a thread for what takes longer than the screen can wait."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextvars import copy_context
from functools import partial
from sys import platform
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")


THREADS = {"win32": 64}
"""At most, by system: on Windows each of Textual's timers waits in a thread of this executor."""


class Executor(ThreadPoolExecutor):
    """One thread where one is enough, which keeps nothing of what it has done.

    Each thread more would hold memory of its own for what only one of them is asked for at a time.
    """

    def __init__(self) -> None:
        """Begin without a thread."""
        super().__init__(max_workers=THREADS.get(platform, 1))

    def submit(self, work: Callable[P, R], /, *args: P.args, **named: P.kwargs) -> "Future[R]":
        """Do something in a context of its own: in that of the thread Textual would leave the work, and its screen."""
        return super().submit(copy_context().run, partial(work, *args, **named))
