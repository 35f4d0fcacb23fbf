"""Signals: those that end the program, as far as the system has them."""

import asyncio
import signal
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import partial

NAMES = ("SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT", "SIGBREAK")
"""Windows has no SIGHUP and no SIGQUIT, and sends SIGBREAK when the window is closed."""
ENDING = tuple(signal.Signals[name] for name in NAMES if hasattr(signal, name))
HAS_JOB_CONTROL = hasattr(signal, "SIGTSTP")
"""Whether a program can be stopped and continued from a shell."""


def end_on_signals(loop: asyncio.AbstractEventLoop, end: Callable[[int], object]) -> None:
    """Call `end` with the exit status of the signal that comes; one that is ignored, as nohup does, stays ignored."""
    for number in ENDING:
        if signal.getsignal(number) != signal.SIG_IGN:
            _handle(loop, number, partial(end, 128 + number))


@contextmanager
def exits_on_signals() -> Iterator[Callable[[], None]]:
    """Within, a signal that would end the program at once raises SystemExit with its status.

    SIGINT is KeyboardInterrupt already; one that is ignored stays ignored. What is yielded lets all of them be ignored
    from then on, so that the last thing to do is done.
    """
    before = {number: signal.getsignal(number) for number in ENDING}
    numbers = [number for number, handler in before.items() if handler == signal.SIG_DFL]
    for number in numbers:
        signal.signal(number, _exit)
    try:
        yield partial(_ignore, [*numbers, signal.SIGINT])
    finally:
        for number in (*numbers, signal.SIGINT):
            signal.signal(number, before[number])


def _exit(number: int, frame: object) -> None:
    raise SystemExit(128 + number)


def _ignore(numbers: Iterable[signal.Signals]) -> None:
    for number in numbers:
        signal.signal(number, signal.SIG_IGN)


def _handle(loop: asyncio.AbstractEventLoop, number: signal.Signals, call: Callable[[], object]) -> None:
    try:
        loop.add_signal_handler(number, call)
    except NotImplementedError:  # Windows
        signal.signal(number, lambda *_: None if loop.is_closed() else loop.call_soon_threadsafe(call))
