"""A moment: how far a step has come, and so which numbers are new, still true, or of an earlier moment."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from ..training.events import BackwardPass, EpochEnded, Event, Failed, Finished, ForwardPass, Updated
from ..training.state import State


class Phase(Enum):
    """The parts of a step, in their order."""

    FORWARD = "forward pass"
    LOSS = "loss"
    BACKWARD = "backward pass"
    UPDATE = "update"


class Age(Enum):
    """How a number stands to the moment that it is shown in."""

    NEW = "new"
    """Computed in this phase."""
    CURRENT = "current"
    """Computed before, and true for the present parameters."""
    STALE = "stale"
    """Of earlier parameters."""
    ABSENT = "absent"
    """Not computed yet."""


@dataclass(frozen=True, eq=False, slots=True)
class Moment:
    """A step up to one of its phases, and the update that led to it."""

    phase: Phase
    event: ForwardPass | BackwardPass | Updated
    before: Updated | None = None
    """The update that led to this step; None at the beginning."""

    @property
    def state(self) -> State:
        """The parameters of this moment."""
        return self.event.state

    @property
    def step(self) -> int:
        """Updates done so far."""
        return self.event.step

    @property
    def forward(self) -> ForwardPass:
        """The last forward pass."""
        return self.event if isinstance(self.event, ForwardPass) else self.event.forward

    @property
    def backward(self) -> BackwardPass | None:
        """The last backward pass."""
        match self.event:
            case BackwardPass():
                return self.event
            case Updated():
                return self.event.backward
            case ForwardPass():
                return self.before.backward if self.before else None

    @property
    def updated(self) -> Updated | None:
        """The last update."""
        return self.event if isinstance(self.event, Updated) else self.before

    @property
    def loss(self) -> float | None:
        """The last loss."""
        if self.phase is Phase.FORWARD:
            return self.before.forward.loss if self.before else None
        return self.forward.loss

    @property
    def parameters_age(self) -> Age:
        """Of W and b."""
        return Age.NEW if self.phase is Phase.UPDATE else Age.CURRENT

    @property
    def change_age(self) -> Age:
        """Of the last change of W and b."""
        return self.parameters_age if self.updated else Age.ABSENT

    @property
    def forward_age(self) -> Age:
        """Of z and a."""
        return self._age(Phase.FORWARD, known=True)

    @property
    def loss_age(self) -> Age:
        """Of the loss."""
        return self._age(Phase.LOSS, known=self.loss is not None)

    @property
    def backward_age(self) -> Age:
        """Of dW, db, dz and da."""
        return self._age(Phase.BACKWARD, known=self.backward is not None)

    def _age(self, computed: Phase, *, known: bool) -> Age:
        if not known:
            return Age.ABSENT
        if self.phase is computed:
            return Age.NEW
        order = list(Phase)
        is_current = order.index(computed) < order.index(self.phase) and self.phase is not Phase.UPDATE
        return Age.CURRENT if is_current else Age.STALE


Happening = Moment | EpochEnded | Finished | Failed


def moments(events: Iterator[Event], before: Updated | None = None) -> Iterator[Happening]:
    """A training phase by phase."""
    for event in events:
        match event:
            case ForwardPass():
                yield Moment(Phase.FORWARD, event, before)
                yield Moment(Phase.LOSS, event, before)
            case BackwardPass():
                yield Moment(Phase.BACKWARD, event, before)
            case Updated():
                yield Moment(Phase.UPDATE, event, before)
                before = event
            case _:
                yield event
