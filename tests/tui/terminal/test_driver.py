"""The driver's output: whole, whatever comes between."""

import io
import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread

from nn_tui.tui.terminal.driver import Output

TEXT = "\x1b[38;2;1;2;3m7\x1b[0m" * 200_000


@contextmanager
def signals() -> Iterator[None]:
    """A signal each millisecond, which breaks off whatever write waits."""
    before = signal.signal(signal.SIGALRM, lambda *_: None)
    signal.setitimer(signal.ITIMER_REAL, 0.001, 0.001)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def test_nothing_is_lost_where_signals_come_and_nothing_is_buffered() -> None:
    source, target = os.pipe()
    read: list[bytes] = []
    with open(source, "rb") as file:
        reader = Thread(target=lambda: read.append(file.read()))
        reader.start()
        with io.TextIOWrapper(io.FileIO(target, "w"), encoding="utf-8", write_through=True) as unbuffered:
            with signals():
                output = Output(unbuffered, on_gone=lambda: read.append(b"gone"))
                output.write(TEXT)
                output.flush()
        reader.join()
    assert b"".join(read) == TEXT.encode()
