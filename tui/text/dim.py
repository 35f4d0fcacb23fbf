"""Which step the dim numbers of a moment are of."""

from ...core.debugger.snapshot import Snapshot
from ...core.debugger.stage import WHOLE_BACKWARD
from .numbers import count


def dim_text(snapshot: Snapshot) -> str:
    """The step of numbers that are older than the moment; empty where there are none."""
    if snapshot.updated:
        return f"dim: of step {count(snapshot.backward.step)}"
    is_whole = (
        snapshot.stage == WHOLE_BACKWARD or snapshot.stage.layer == 0 and snapshot.stage.phase is WHOLE_BACKWARD.phase
    )
    return f"dim: of step {count(snapshot.before.backward.step)}" if snapshot.before and not is_whole else ""
