"""The one heap of all threads, where the C library is glibc."""

import ctypes
import subprocess
import sys

import pytest

THREADS = """
import ctypes
from threading import Barrier, Thread
{first}
libc, barrier = ctypes.CDLL(None), Barrier(4)
threads = [Thread(target=lambda: (bytearray(5_000), barrier.wait())) for _ in range(3)]
for each in threads:
    each.start()
barrier.wait()
for each in threads:
    each.join()
libc.malloc_info(0, ctypes.c_void_p.in_dll(libc, "stdout"))
libc.fflush(None)
"""


def heaps(first: str) -> int:
    done = subprocess.run(
        [sys.executable, "-c", THREADS.format(first=first)], capture_output=True, text=True, check=True
    )
    return done.stdout.count("<heap nr=")


@pytest.mark.skipif(not hasattr(ctypes.CDLL(None), "malloc_info"), reason="another C library")
def test_threads_share_the_heap() -> None:
    assert heaps("") > 1
    assert heaps("from nn_tui.tui.terminal.memory import keep_together; keep_together()") == 1
