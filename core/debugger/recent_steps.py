"""Recent steps: the last passes and updates, so that a way back does not compute again what was on the screen."""

from collections import deque
from typing import TYPE_CHECKING

from ..training.events import BackwardPass, Updated
from ..training.state import State
from ..training.trainer import Trainer

if TYPE_CHECKING:
    from .timeline import Segment

BYTES = 4 * 2**20
"""Of all together."""
LEAST, MOST = 3, 64
"""Steps: with three, going back from a step and forward again computes nothing."""


class RecentSteps:
    """The last steps that were made or looked at, each in its segment."""

    def __init__(self) -> None:
        """Begin with none."""
        self._steps: deque[tuple[Segment, BackwardPass | Updated]] = deque(maxlen=LEAST)

    def make_room(self, sizes: int) -> None:
        """Keep as many steps as there is room for, where each takes so many bytes."""
        most = min(max(LEAST, BYTES // sizes), MOST)
        if most != self._steps.maxlen:
            self._steps = deque(self._steps, most)

    def add(self, segment: "Segment", step: BackwardPass | Updated) -> None:
        """Keep what is known of a step, in place of the less that was kept just before."""
        last = self._steps[-1][1] if self._steps else None
        if last is step:
            return
        if isinstance(step, Updated) and last is step.backward:
            self._steps.pop()
        self._steps.append((segment, step))

    def backward(self, segment: "Segment", step: int) -> BackwardPass | None:
        """The backward pass of a step; None where it is not kept."""
        for other, each in reversed(self._steps):
            if other is segment:
                backward = each.backward if isinstance(each, Updated) else each
                if backward.step == step:
                    return backward
        return None

    def update(self, segment: "Segment", step: int) -> Updated | None:
        """The update that a step leads to; None where it is not kept."""
        for other, each in reversed(self._steps):
            if other is segment and isinstance(each, Updated) and each.backward.step == step:
                return each
        return None


def bytes_of_step(trainer: Trainer, state: State) -> int:
    """What keeping a step takes."""
    batch = trainer.batches.size
    numbers = trainer.network.forward_layout(batch).size + trainer.network.backward_layout(batch).size
    return numbers * state.parameters.itemsize + 2 * state.parameters.nbytes + sum(slot.nbytes for slot in state.slots)
