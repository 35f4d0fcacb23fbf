"""The program: one way in, and one way out whatever happens."""

import os
import sys
import warnings
from contextlib import suppress

from .terminal.streams import discard, prepare

DEFECT = 1
THREADS = ("OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS", "OMP_NUM_THREADS")
"""What the libraries read that NumPy may be built with."""


def main() -> None:
    """Do what the command line says, and end with its exit status; a fault is reported in one line."""
    prepare()
    keep_to_one_thread()
    # A number that is not finite is reported where it matters; NumPy would write to the terminal, over the screen too.
    warnings.filterwarnings("ignore", category=RuntimeWarning)
    try:
        status = _run()
    except BaseException as error:  # the one place where every fault ends
        status = _tell(error)
    sys.exit(_finish(status))


def _run() -> int:
    """Do what the command line says; nothing that can fail is imported before."""
    from .command_line import cli

    stdout, stderr = sys.stdout, sys.stderr
    try:
        return cli.main(prog_name="nn-tui", standalone_mode=False) or 0
    except SystemExit as end:
        if sys.stdout is not stdout:  # click wraps it and ends with 1 where nobody reads any more
            sys.stdout, sys.stderr = stdout, stderr
            return 0
        return end.code if isinstance(end.code, int) else 0


def _tell(error: BaseException) -> int:
    """Say in one line what went wrong; the exit status."""
    try:
        from .ending import ending_of

        status, line = ending_of(error)
    except Exception:  # the installation is broken, or there is no memory left
        status, line = DEFECT, f"{type(error).__name__}: {ascii(str(error))[1:-1]}"
    if line:
        with suppress(OSError):
            print(f"nn-tui: {line}", file=sys.stderr, flush=True)
    return status


def _finish(status: int) -> int:
    """Write what is left to write, and leave nothing that Python would try to write at its own end."""
    try:
        sys.stdout.flush()
    except BaseException as error:
        discard(sys.stdout)
        status = status or _tell(error)
    try:
        sys.stderr.flush()
    except BaseException:
        discard(sys.stderr)
    return status


def keep_to_one_thread() -> None:
    """Let one thread multiply, where the environment says nothing else; it counts if NumPy is imported after it.

    Several would part the sums in other places, so that a training continued elsewhere would differ; they would take
    the processor that draws the screen; and those of OpenBLAS 0.3.28 mix up the sums of two threads that ask at once
    (NumPy's issue 29391), as the trainer's and the screen's do.
    """
    for name in THREADS:
        os.environ.setdefault(name, "1")
