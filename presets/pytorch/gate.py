"""The gate at which the training thread waits for orders of the dashboard. It knows nothing of PyTorch."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from threading import Condition
from time import monotonic
from typing import TypeAlias

from ..live.orders import (
    BreakAt,
    EditParameter,
    HoldCondition,
    Leave,
    LookAt,
    Order,
    Pause,
    Run,
    SetLearningRate,
    StepUpdates,
)

Task: TypeAlias = EditParameter | SetLearningRate | LookAt
"""A task that only the training thread can carry out."""
GLANCE = 0.25
"""Seconds between two checks of a waiting thread, for systems where a signal does not wake it."""


class Gate:
    """The state of the gate: one thread carries out orders, and the training thread asks before each update.

    The training thread reads a bool and a number at each step without a lock, as each changes atomically.
    """

    def __init__(self, waits: bool, is_wanted: Callable[[], bool] = lambda: True) -> None:
        """Make a gate that is open, or waits.

        Args:
            waits: pause until a dashboard is attached and lets it run.
            is_wanted: whether a dashboard may still attach; asked while waiting.
        """
        self._is_wanted = is_wanted
        self._changed = Condition()
        self._tasks: deque[Task] = deque()
        self._left: int | None = 0 if waits else None
        self._waits_for_somebody = waits
        self._interval = 0.0
        self._next = 0.0
        self.is_watched = waits
        """Whether a dashboard is attached, or awaited. It is kept, because training reads it at each step."""
        self.when_watched: Callable[[bool], None] = lambda is_watched: None
        """Called, by any thread, when that changes."""
        self.is_attached = False
        self.attachments = 0
        """The number of dashboards so far."""
        self.look = LookAt()
        self.conditions: tuple[HoldCondition, ...] = ()

    @property
    def wants_hold(self) -> bool:
        """Whether the next update has to wait."""
        return self._left == 0

    @property
    def holds_next(self) -> bool:
        """Whether the update after the next one has to wait."""
        return self._left is not None and self._left <= 1

    def attach(self, first: Order) -> None:
        """Handle a new dashboard, and its first order."""
        with self._changed:
            self._note(is_attached=True, waits=False)
            self.attachments += 1
            if not isinstance(first, LookAt):
                self._tasks.append(self.look)

    def wait_for_somebody(self) -> None:
        """Pause until a dashboard is attached and lets it run."""
        with self._changed:
            self._left = 0
            self._note(is_attached=self.is_attached, waits=True)

    def leave(self) -> None:
        """Handle that the dashboard has detached."""
        with self._changed:
            self._note(is_attached=False, waits=False)
            self._left, self._interval = None, 0.0
            self.look, self.conditions = LookAt(), ()
            self._tasks.clear()
            self._changed.notify_all()

    def obey(self, order: Order) -> None:
        """Carry out an order, or queue it for the training thread."""
        with self._changed:
            match order:
                case Run(updates_per_second=pace):
                    self._left, self._interval = None, 1 / pace if pace else 0.0
                case Pause():
                    self._left = 0
                case StepUpdates(updates=updates):
                    self._left, self._interval = updates, 0.0
                case BreakAt(conditions=conditions):
                    self.conditions = conditions
                case LookAt():
                    self.look = order
                    self._tasks.append(order)
                case EditParameter() | SetLearningRate():
                    self._tasks.append(order)
                case Leave():
                    pass  # a dashboard that detaches is noticed by its connection
            self._changed.notify_all()

    def forget(self) -> None:
        """Reset the gate in a forked process, where another thread may have held the lock."""
        self._note(is_attached=False, waits=False)
        self._left = None

    def _note(self, *, is_attached: bool, waits: bool) -> None:
        before = self.is_watched
        self.is_attached, self._waits_for_somebody = is_attached, waits
        self.is_watched = is_attached or waits
        if self.is_watched is not before:
            self.when_watched(self.is_watched)

    @property
    def is_free(self) -> bool:
        """Whether updates can be made without asking further: no pause is near, there is no task and no pace."""
        return self._left is None and not self._tasks and not self._interval

    @property
    def has_task(self) -> bool:
        """Whether there can be a task."""
        return bool(self._tasks)

    def hold(self) -> None:
        """Pause before this update, unless the dashboard has detached meanwhile."""
        with self._changed:
            if self.is_watched:
                self._left = 0

    def task(self, waits: bool) -> Task | None:
        """The next task; None if there is none and the update can be made."""
        with self._changed:
            while waits and not self._tasks and self.wants_hold:
                self._changed.wait(GLANCE)
                if self._waits_for_somebody and not self._is_wanted():
                    self._left = None
                    self._note(is_attached=False, waits=False)
            return self._tasks.popleft() if self._tasks else None

    def pass_through(self) -> None:
        """Note an update, after waiting for the pace."""
        with self._changed:
            if self._left:
                self._left -= 1
            if not self._interval:
                return
            while (wait := self._next - monotonic()) > 0 and self._interval and not self.wants_hold:
                self._changed.wait(min(wait, GLANCE))
            self._next = max(self._next, monotonic() - self._interval) + self._interval
