"""What facts say, found by kind."""

from collections.abc import Iterable
from typing import TypeVar

from nn_tui.core.debugger.facts import Activity, ActivityChanged, Arrived, Fact, Losses
from nn_tui.core.debugger.snapshot import Snapshot
from nn_tui.core.metrics.series import Point

Kind = TypeVar("Kind")


def of_kind(kind: type[Kind], facts: Iterable[Fact]) -> list[Kind]:
    """Those of a kind, in their order."""
    return [fact for fact in facts if isinstance(fact, kind)]


class Facts(list[Fact]):
    """Facts that were taken, asked about as tests need it."""

    def last(self, kind: type[Kind]) -> Kind | None:
        """The last of a kind; None where there is none."""
        found = of_kind(kind, self)
        return found[-1] if found else None

    @property
    def arrived(self) -> Arrived:
        """The last arrival, which there must be."""
        arrived = self.last(Arrived)
        assert arrived
        return arrived

    @property
    def snapshot(self) -> Snapshot:
        """The last snapshot, which there must be."""
        assert self.arrived.snapshot
        return self.arrived.snapshot

    @property
    def activity(self) -> Activity | None:
        """What training does."""
        changed = self.last(ActivityChanged)
        return changed.activity if changed else None

    @property
    def why(self) -> str:
        """Why it does that; empty where nothing says so."""
        changed = self.last(ActivityChanged)
        return changed.why if changed else ""

    @property
    def train(self) -> list[Point]:
        """Every loss of a batch."""
        return [point for losses in of_kind(Losses, self) for point in losses.batch_loss]
