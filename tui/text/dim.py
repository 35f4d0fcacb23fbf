"""Which step the dim numbers of a moment are of."""

from ...core.running.moment import Moment
from ...core.running.stage import WHOLE_BACKWARD
from .numbers import count


def dim_text(moment: Moment) -> str:
    """The step of numbers that are older than the moment; empty where there are none."""
    if moment.updated:
        return f"dim: of step {count(moment.backward.step)}"
    is_whole = moment.stage == WHOLE_BACKWARD or moment.stage.layer == 0 and moment.stage.phase is WHOLE_BACKWARD.phase
    return f"dim: of step {count(moment.before.backward.step)}" if moment.before and not is_whole else ""
