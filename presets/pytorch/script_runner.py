"""Run a script as Python does, and let its training be watched: `python -m nn_tui.presets.pytorch.script_runner`.

This process trains; its parent attaches to it by its number.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
import traceback
from importlib.util import find_spec
from pathlib import Path
from types import CodeType, ModuleType, TracebackType
from typing import Any

HERE = str(Path(__file__).parent)
RUNNING = "--running"
"""The option that lets training begin without a dashboard."""


def run_script(arguments: list[str]) -> int:
    """Run a script with its arguments, and return the exit status."""
    paused = arguments[:1] != [RUNNING]
    arguments = arguments if paused else arguments[1:]
    if not arguments:
        return _refuse("expected a script to run")
    path = Path(arguments[0])
    try:
        code = compile(path.read_bytes(), str(path), "exec", dont_inherit=True)
    except OSError as error:
        return _refuse(f"{path}: cannot be read: {error.strerror}")
    except (SyntaxError, ValueError):
        traceback.print_exc(limit=0)
        return 1
    if find_spec("torch") is None:
        return _refuse(
            f"PyTorch is not installed for {sys.executable}: install it there, or name another Python by --python"
        )
    return _watched(path, code, arguments, paused)


def _watched(path: Path, code: CodeType, arguments: list[str], paused: bool) -> int:
    from ..live.wire import WireError
    from .watching import begin

    sys.argv = arguments
    sys.path[0] = str(path.resolve().parent)
    try:
        parent = os.getppid()
        watched = begin(arguments[0], paused, is_wanted=lambda: os.getppid() == parent)
    except WireError as error:
        return _refuse(str(error))
    watched.is_the_runners = True
    fault: str | None = None
    try:
        exec(code, _main(path).__dict__)
        _wait_for_threads()
    except SystemExit as error:
        fault = None if error.code in (None, 0) else f"exit status {error.code}"
        raise
    except KeyboardInterrupt:
        fault = "interrupted"
        _by_signal(signal.SIGINT)
    except BaseException as error:
        fault = f"{type(error).__name__}: {error}"[:10_000]
        _print_own(error)
        return 1
    finally:
        watched.close(fault)
    return 0


def _wait_for_threads() -> None:
    """Wait for the script's threads, as Python does at the end of a script."""
    for each in threading.enumerate():
        if not each.daemon and each is not threading.main_thread():
            each.join()


def _main(path: Path) -> ModuleType:
    """The module of the script, so that its definitions can be pickled and spawned processes find them."""
    main = ModuleType("__main__")
    main.__file__ = str(path)
    main.__builtins__ = sys.modules["builtins"]  # type: ignore[attr-defined]
    main.__dict__["__spec__"] = None
    sys.modules["__main__"] = main
    return main


def _print_own(error: BaseException) -> None:
    """The traceback without the frames of nn-tui, which are between those of the script."""
    trace: TracebackType | None = error.__traceback__
    frames: list[TracebackType] = []
    while trace is not None:
        frames.append(trace)
        trace = trace.tb_next
    for each in reversed(frames):
        if not each.tb_frame.f_code.co_filename.startswith(HERE):
            trace = TracebackType(trace, each.tb_frame, each.tb_lasti, each.tb_lineno)
    sys.excepthook(type(error), error.with_traceback(trace), trace)


def _by_signal(number: int) -> Any:
    """End with the exit status of a signal, after everything is closed."""
    if os.name == "posix":
        signal.signal(number, signal.SIG_DFL)
        import atexit

        atexit.register(os.kill, os.getpid(), number)
    raise SystemExit(130)


def _refuse(why: str) -> int:
    print(f"nn-tui run: {why}", file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(run_script(sys.argv[1:]))
