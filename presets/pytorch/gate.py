"""The gate: where the thread that trains waits, and what the dashboard wants of it; it knows nothing of PyTorch."""

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
"""What only the thread that trains can carry out."""
GLANCE = 0.25
"""Seconds between two looks of a thread that waits, for systems where a signal does not wake it."""


class Gate:
    """What is wanted: one thread obeys orders, another asks before each update.

    What the training reads at each step is read without a lock: a bool and a number change at once.
    """

    def __init__(self, waits: bool, is_wanted: Callable[[], bool] = lambda: True) -> None:
        """A gate that is open, or waits.

        Args:
            waits: hold until somebody is attached who lets it run.
            is_wanted: whether somebody may still come; asked while it waits.
        """
        self._is_wanted = is_wanted
        self._changed = Condition()
        self._tasks: deque[Task] = deque()
        self._left: int | None = 0 if waits else None
        self._waits_for_somebody = waits
        self._interval = 0.0
        self._next = 0.0
        self.is_attached = False
        self.attachments = 0
        """How many dashboards there have been."""
        self.look = LookAt()
        self.conditions: tuple[HoldCondition, ...] = ()

    @property
    def is_watched(self) -> bool:
        """Whether somebody looks, or is waited for."""
        return self.is_attached or self._waits_for_somebody

    @property
    def wants_hold(self) -> bool:
        """Whether the next update has to wait."""
        return self._left == 0

    @property
    def holds_next(self) -> bool:
        """Whether the update after the next one has to wait."""
        return self._left is not None and self._left <= 1

    def attach(self, first: Order) -> None:
        """Somebody looks from now on, who gives this order first."""
        with self._changed:
            self.is_attached, self._waits_for_somebody = True, False
            self.attachments += 1
            if not isinstance(first, LookAt):
                self._tasks.append(self.look)

    def wait_for_somebody(self) -> None:
        """Hold until somebody is attached who lets it run."""
        with self._changed:
            self._left, self._waits_for_somebody = 0, True

    def leave(self) -> None:
        """Nobody looks any more."""
        with self._changed:
            self.is_attached = self._waits_for_somebody = False
            self._left, self._interval = None, 0.0
            self.look, self.conditions = LookAt(), ()
            self._tasks.clear()
            self._changed.notify_all()

    def obey(self, order: Order) -> None:
        """Carry out an order, or keep it for the thread that trains."""
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
                    pass  # who leaves is known by the connection
            self._changed.notify_all()

    def forget(self) -> None:
        """In a forked process, where another thread may have held the lock: nobody looks."""
        self.is_attached = self._waits_for_somebody = False
        self._left = None

    @property
    def has_task(self) -> bool:
        """Whether there may be a task."""
        return bool(self._tasks)

    def hold(self) -> None:
        """Hold before this update, as something is to be looked at; not where who looked has left meanwhile."""
        with self._changed:
            if self.is_watched:
                self._left = 0

    def task(self, waits: bool) -> Task | None:
        """The next task; None where there is none, and, if it waits, the update may be made."""
        with self._changed:
            while waits and not self._tasks and self.wants_hold:
                self._changed.wait(GLANCE)
                if self._waits_for_somebody and not self._is_wanted():
                    self._left, self._waits_for_somebody = None, False
            return self._tasks.popleft() if self._tasks else None

    def pass_through(self) -> None:
        """An update is made; before it the pace is kept."""
        with self._changed:
            if self._left:
                self._left -= 1
            if not self._interval:
                return
            while (wait := self._next - monotonic()) > 0 and self._interval and not self.wants_hold:
                self._changed.wait(min(wait, GLANCE))
            self._next = max(self._next, monotonic() - self._interval) + self._interval
