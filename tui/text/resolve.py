"""Resolving: the explanation of a number on the screen, whatever its step."""

from ...core.debugger.snapshot import Freshness, Snapshot
from ...core.explaining.explain import Explanations, explain
from ...core.explaining.explanation import Explanation
from ...core.quantities.formula import Equation
from ...core.quantities.quantity import MOVED, OF_THE_BATCH, Kind, Quantity, When
from ...core.training.trainer import Trainer


def explain_shown(trainer: Trainer, snapshot: Snapshot, quantity: Quantity) -> Explanation:
    """The explanation of a number in a snapshot.

    Raises:
        ValueError: there is no such step, or the optimizer has no such slot.
        IndexError: the network has no such layer, neuron or example.
    """
    return explain(trainer, snapshot.backward, resolve(snapshot, quantity), snapshot.before)


class ShownExplanations:
    """The explanations of the shown snapshot, each computed once for all panels."""

    def __init__(self) -> None:
        """Begin with none."""
        self._shown: tuple[Trainer, Snapshot] | None = None
        self._explanations: Explanations | None = None

    def of(self, trainer: Trainer, snapshot: Snapshot, quantity: Quantity) -> Explanation:
        """The explanation of a number in a snapshot.

        Raises:
            ValueError: there is no such step, or the optimizer has no such slot.
            IndexError: the network has no such layer, neuron or example.
        """
        return self._of(trainer, snapshot).of(resolve(snapshot, quantity))

    def slopes(self, trainer: Trainer, snapshot: Snapshot, dz: Quantity) -> tuple[Equation, ...]:
        """The equation of each ∂a/∂z that is a factor of a neuron's ∂L/∂z."""
        return self._of(trainer, snapshot).slopes(resolve(snapshot, dz))

    def _of(self, trainer: Trainer, snapshot: Snapshot) -> Explanations:
        """The explanations of a snapshot; each key that trains or edits leads to a new one."""
        shown = self._shown
        if self._explanations is None or shown is None or shown[0] is not trainer or shown[1] is not snapshot:
            self._shown = trainer, snapshot
            self._explanations = Explanations(trainer, snapshot.backward, snapshot.before)
        return self._explanations


def resolve(snapshot: Snapshot, quantity: Quantity) -> Quantity:
    """The quantity of a number in a snapshot: of this step, or of the previous one if it is older."""
    if quantity.when is not When.NOW:
        return quantity
    if quantity.kind in MOVED:
        return quantity.at(When.NEXT) if snapshot.updated else quantity
    if snapshot.updated:
        return quantity
    return quantity.at(When.LAST) if is_stale(snapshot, quantity) else quantity


def is_stale(snapshot: Snapshot, quantity: Quantity) -> bool:
    """Whether a number in a snapshot belongs to the previous step."""
    return _freshness(snapshot, quantity) is Freshness.STALE


def _freshness(snapshot: Snapshot, quantity: Quantity) -> Freshness:
    match quantity.kind:
        case Kind.Z | Kind.A:
            return snapshot.forward_freshness(quantity.layer)
        case Kind.X | Kind.Y | Kind.CLIPPED_DW | Kind.CLIPPED_DB:
            return Freshness.CURRENT
        case kind if kind in OF_THE_BATCH or kind is Kind.OUTPUT_LOSS:
            return snapshot.loss_freshness
        case _:
            return snapshot.backward_freshness(max(quantity.layer, 0))
