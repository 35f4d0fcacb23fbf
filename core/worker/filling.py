"""Filling: while training is paused, steps that were never shown are computed again for the charts."""

from collections.abc import Iterator
from itertools import takewhile
from time import perf_counter

from ..debugger.facts import Filled
from ..metrics.history import History
from ..steps.events import BackwardPass, Updated
from ..timeline.branch import Branch, Segment
from .inbox import Inbox

MOST = 2_000
"""Steps of one filling; a longer stretch is filled from this many kept states."""
SECONDS = 2.0
"""Most seconds of one filling."""
DELIVER = 0.25
"""Seconds after which what has been computed is put into the inbox."""


class Filling:
    """How far each branch has been filled."""

    def __init__(self, inbox: Inbox) -> None:
        """Put what is computed into this inbox."""
        self._inbox = inbox
        self._filled: dict[int, int] = {}
        """By the number of a branch, the step up to which nothing is missing."""

    def steps(self, branch: Branch) -> Iterator[int]:
        """Compute the missing steps of a branch, one for each iteration."""
        if branch.number not in self._filled:
            self._filled[branch.number] = 0
            self._deliver_newest(branch)
        first = min(self._filled.get(branch.number, 0), branch.newest)
        began = delivered = perf_counter()
        history, step = History(), first
        for segment, updated in _updates(branch, first):
            history.see_step(updated, segment.trainer.classes)
            step, now = updated.step, perf_counter()
            if step == branch.newest or now - delivered > DELIVER:
                self._deliver(branch, step, history)
                history, delivered = History(), now
            if now - began > SECONDS:
                break
            yield step
        if history.gradients:
            self._deliver(branch, step, history)

    def _deliver_newest(self, branch: Branch) -> None:
        """Put the newest step, which has no update yet; a session may be resumed at an earlier one."""
        training = branch.training_at(branch.newest)
        events = training.trainer.events(training.state)
        if found := next((event for event in events if isinstance(event, BackwardPass)), None):
            history = History()
            history.see_backward(found)
            history.see_forward(found.forward, training.trainer.classes)
            self._inbox.put(Filled(branch.number, history.metrics))

    def _deliver(self, branch: Branch, step: int, history: History) -> None:
        """Put the steps computed so far; steps that an order interrupts are computed again."""
        self._filled[branch.number] = step
        self._inbox.put(Filled(branch.number, history.metrics))


def _updates(branch: Branch, first: int) -> Iterator[tuple[Segment, Updated]]:
    """The updates of a branch from a step on, each with the segment that it is in."""
    ends = [*(segment.start.step for segment in branch.segments[1:]), branch.newest]
    is_long = branch.newest - first > MOST
    for segment, end in zip(branch.segments, ends, strict=True):
        begin = max(first, segment.start.step)
        if begin < end:
            updates = _sampled(segment, begin, end) if is_long else _every(segment, begin, end)
            yield from ((segment, updated) for updated in updates)


def _every(segment: Segment, begin: int, end: int) -> Iterator[Updated]:
    events = segment.trainer.events(segment.state_at(begin))
    updates = (event for event in events if isinstance(event, Updated))
    for updated in updates:
        yield updated
        if updated.step == end:
            return


def _sampled(segment: Segment, begin: int, end: int) -> Iterator[Updated]:
    states = [segment.start, *segment.checkpoints.sample(MOST)]
    for state in takewhile(lambda state: state.step < end, states):
        if state.step >= begin:
            yield next(event for event in segment.trainer.events(state) if isinstance(event, Updated))
