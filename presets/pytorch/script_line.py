"""The line that a script is at, while its dashboard waits for a step."""

from __future__ import annotations

import sys
from pathlib import Path
from threading import main_thread

from ..live.messages import ScriptAt
from .last_forward import is_script

COMPILER = ("_dynamo", "convert_frame.py")
"""The end of the path of a file of PyTorch, in which torch.compile is while it compiles."""


def line_of_script() -> ScriptAt | None:
    """The line of the script that its main thread is at; None if there is none."""
    frame = sys._current_frames().get(main_thread().ident or 0)
    is_compiling = False
    while frame is not None and not is_script(frame.f_code.co_filename):
        is_imported = frame.f_code.co_name == "<module>"  # as by the first optimizer
        is_compiling |= Path(frame.f_code.co_filename).parts[-2:] == COMPILER and not is_imported
        frame = frame.f_back
    if frame is None:
        return None
    return ScriptAt(place=f"{Path(frame.f_code.co_filename).name}:{frame.f_lineno}"[:500], is_compiling=is_compiling)
