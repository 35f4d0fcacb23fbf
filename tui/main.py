"""The program: one entry, and one exit in all cases."""

import gc
import os
import sys
import warnings
from contextlib import suppress

from .terminal.streams import discard, prepare

DEFECT = 1
THREADS = ("OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS", "OMP_NUM_THREADS")
"""Variables of the libraries that NumPy may be built with."""


def main() -> None:
    """Run the command line, and exit with its status; an error is reported in one line."""
    prepare()
    keep_to_one_thread()
    # Numbers that are not finite are reported elsewhere; NumPy's warnings would appear over the screen.
    warnings.filterwarnings("ignore", category=RuntimeWarning)
    try:
        status = _run()
    except BaseException as error:  # the only place that handles every error
        status = _tell(error)
    sys.exit(_finish(status))


def _run() -> int:
    """Run the command line; nothing that can fail is imported before."""
    gc.disable()  # what is imported stays: to look through it for garbage only takes time; a command enables it again
    from .command_line import cli

    stdout, stderr = sys.stdout, sys.stderr
    try:
        return cli.main(prog_name="nn-tui", standalone_mode=False) or 0
    except SystemExit as end:
        if sys.stdout is not stdout:  # click wraps the stream, and ends with 1 after a broken pipe
            sys.stdout, sys.stderr = stdout, stderr
            return 0
        return end.code if isinstance(end.code, int) else 0


def _tell(error: BaseException) -> int:
    """Report an error in one line; its exit status."""
    try:
        from .ending import ending_of

        status, line = ending_of(error)
    except Exception:  # the installation is broken, or memory is exhausted
        status, line = DEFECT, f"{type(error).__name__}: {ascii(str(error))[1:-1]}"
    if line:
        with suppress(OSError):
            print(f"nn-tui: {line}", file=sys.stderr, flush=True)
    return status


def _finish(status: int) -> int:
    """Flush the output, and leave nothing for Python to flush at its own end."""
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
    """Limit the libraries to one thread, unless the environment sets another number; call it before importing NumPy.

    Several threads would split sums differently, so that a training would differ on another machine; they would use
    the processor that draws the screen; and OpenBLAS 0.3.28 mixes up the sums of two threads that call it at the same
    time (NumPy's issue 29391), as the trainer's and the screen's do.
    """
    for name in THREADS:
        os.environ.setdefault(name, "1")
