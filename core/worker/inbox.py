"""The inbox between the training and the screen: neither ever waits for the other."""

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
"""Facts of which only the newest counts."""


class Inbox:
    """Facts in order. If nobody takes them, they do not grow without limit.

    A newer fact replaces an older one of its kind where only the newest counts. Losses of a branch come together in
    one fact, downsampled if they are many; a Rewound of the branch ends that fact.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._facts: list[Fact] = []
        self._losses: dict[int, Losses] = {}
        """The facts to which later losses of a branch can still be added."""

    def put(self, *facts: Fact) -> None:
        """Add facts, which are taken together."""
        with self._lock:
            for fact in facts:
                self._put(fact)

    def take(self) -> list[Fact]:
        """All facts since the last call."""
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
                self._drop(Failed)  # a change has repaired the failure
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
    """A copy of losses, to which others can be added."""
    return Losses(branch, Series(limit=MOST_LOSSES), Series(limit=MOST_LOSSES), Series(limit=MOST))
