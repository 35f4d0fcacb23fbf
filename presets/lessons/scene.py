"""A scene: the state of a training that goals and texts of cards read."""

from collections.abc import Mapping

from msgspec import Struct, field

from ...core.debugger.facts import TimelineStatus
from ...core.debugger.snapshot import Snapshot
from ...core.notation.notation import Notation
from ...core.quantities.quantity import MOVED, Quantity, When
from ...core.steps.state import State
from ...core.steps.values import parameter_of, value_of
from ...core.training.trainer import Trainer


class Scene(Struct, frozen=True, eq=False, kw_only=True):
    """The position of a training, and the actions of the user since the card was shown."""

    snapshot: Snapshot
    trainer: Trainer
    timeline: TimelineStatus
    notation: Notation = Notation.SUPERSCRIPT
    """The notation of quantities."""
    cursor: Quantity | None = None
    is_checked: bool = False
    """Whether a gradient check shows its verdicts."""
    pressed: Mapping[str, int] = field(default_factory=dict)
    """How often each action has been done."""

    def value_of(self, quantity: Quantity) -> float:
        """The value of a number of this step, of the step before, or of a parameter after the next update.

        Raises:
            IndexError: the network has no such layer, neuron or example.
            ValueError: there is no previous step.
        """
        if quantity.kind in MOVED:
            if min(quantity.layer, *quantity.index) < 0:
                raise IndexError(f"{quantity}: layers and neurons count from 1")
            return parameter_of(quantity, self._state(quantity.when))
        if quantity.when is not When.LAST:
            return value_of(quantity, self.snapshot.backward)
        if self.snapshot.before is None:
            raise ValueError(f"{quantity}: there is no step before the first one")
        return value_of(quantity.at(When.NOW), self.snapshot.before.backward)

    def _state(self, when: When) -> State:
        """The parameters now, before the last update, or after the next one."""
        snapshot = self.snapshot
        match when:
            case When.NOW:
                return snapshot.state
            case When.NEXT:
                return self.trainer.update(snapshot.present(self.trainer)).state
            case When.LAST:
                if snapshot.last_update is None:
                    raise ValueError("there is no step before the first one")
                return snapshot.last_update.backward.state
