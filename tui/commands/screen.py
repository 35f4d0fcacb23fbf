"""The way from a command to the screen."""

import gc
import signal
from typing import TYPE_CHECKING

from ..config import Config

if TYPE_CHECKING:
    from ...presets.schema import Preset
    from ...presets.sessions.opened import Opened


def on_screen(
    target: str | None, config: Config, preset: "Preset | None" = None, opened: "Opened | None" = None
) -> int:
    """Show a preset, a training that is gone on with, or the picker; the exit status."""
    # What the start makes stays to the end: to look through it for garbage only takes time. The app enables it again.
    gc.disable()
    from ..app import NNApp
    from ..terminal.memory import keep_together

    keep_together()
    app = NNApp(target, preset, config, opened)
    app.run()
    # Everything is written: whoever presses it once more wants the end that comes now anyway.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    return app.return_code or 0
