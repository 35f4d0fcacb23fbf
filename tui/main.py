"""The program: one way in, and one way out whatever happens."""

import sys
import warnings
from contextlib import suppress

from .terminal.blas import keep_to_one_thread
from .terminal.streams import discard, prepare

DEFECT = 1


def main() -> None:
    """Do what the command line says, and end with its exit status; a fault is told in one line."""
    prepare()
    keep_to_one_thread()
    # A number that is not finite is told where it matters; NumPy would write to the terminal, over the screen too.
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
