"""The inbox between who trains and who shows: neither ever waits for the other."""

from threading import Lock

from ..debugger.facts import (
    ActivityChanged,
    Agreement,
    Arrived,
    BranchBegun,
    Comparison,
    Fact,
    Failed,
    Losses,
    Nudge,
    Rewound,
    TimelineDump,
)
from ..metrics.history import MOST, MOST_LOSSES
from ..metrics.series import Series

REPLACED = (Arrived, ActivityChanged, Agreement, Nudge, Comparison, TimelineDump, Failed)
"""Facts of which the newest alone counts."""


class Inbox:
    """Facts in their order, of which nobody needs to take any: what nobody took does not grow.

    A newer fact replaces an older one of its kind where only the newest counts. Losses of a branch come together in
    one fact, downsampled where they are many; what is void for a branch ends that fact.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._facts: list[Fact] = []
        self._losses: dict[int, Losses] = {}
        """Those that later losses of a branch can still be added to."""

    def put(self, *facts: Fact) -> None:
        """Add facts; who takes them takes all or none."""
        with self._lock:
            for fact in facts:
                self._put(fact)

    def take(self) -> list[Fact]:
        """Everything that was put since the last visit."""
        with self._lock:
            facts, self._facts, self._losses = self._facts, [], {}
        return facts

    def _put(self, fact: Fact) -> None:
        match fact:
            case Losses():
                self._add(fact)
                return
            case Rewound() | BranchBegun():
                self._losses.pop(fact.branch, None)
                self._drop(Failed)  # a change has mended it
            case _ if isinstance(fact, REPLACED):
                self._drop(type(fact))
        self._facts.append(fact)

    def _drop(self, kind: type) -> None:
        self._facts = [each for each in self._facts if type(each) is not kind]

    def _add(self, losses: Losses) -> None:
        if losses.branch not in self._losses:
            self._losses[losses.branch] = _room_for(losses.branch)
            self._facts.append(self._losses[losses.branch])
        self._losses[losses.branch].add(losses)


def _room_for(branch: int) -> Losses:
    """Losses of their own, that others can be added to as often as it takes."""
    return Losses(branch, Series(limit=MOST_LOSSES), Series(limit=MOST_LOSSES), Series(limit=MOST))
