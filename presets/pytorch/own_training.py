"""The updates of the watched training: those of one optimizer, in one thread. Others are reported once."""

from __future__ import annotations

import weakref
from collections.abc import Callable
from threading import current_thread, get_ident

from .lazy_torch import TorchOptimizer

PATIENCE = 50
"""After this many updates of another optimizer, the first one counts as no longer used."""


class OwnTraining:
    """The watched optimizer, and the thread in which it makes its updates.

    It is the given optimizer, or the first that makes an update; when that is no longer used, the next.
    """

    def __init__(self, optimizer: TorchOptimizer | None, say: Callable[[str], None]) -> None:
        """Begin without an update.

        Args:
            optimizer: the watched optimizer, if it is known.
            say: reports a sentence to the dashboard.
        """
        self._say = say
        self.reference = _reference_to(optimizer)
        """The optimizer, without keeping it."""
        self._thread: int | None = None
        self._said: set[object] = set()
        self._others = 0
        """Updates of other optimizers in this thread since its own last one."""

    @property
    def optimizer(self) -> TorchOptimizer | None:
        """The optimizer; None before there is one."""
        return self.reference()

    @property
    def is_over(self) -> bool:
        """Whether the optimizer, after some updates, no longer exists, or others are used instead."""
        return self._thread is not None and (self._others > PATIENCE or self.reference() is None)

    def begin_again(self) -> None:
        """Take the next optimizer that makes an update."""
        self.reference, self._thread, self._others = _reference_to(None), None, 0

    def is_elsewhere(self) -> bool:
        """Whether this thread is not the training's."""
        return self._thread is not None and self._thread != get_ident()

    def has_surely(self, optimizer: TorchOptimizer) -> bool:
        """Whether an update belongs to the training, where nothing has to be noted: the usual case."""
        return not self._others and self.reference() is optimizer and self._thread == get_ident()

    def has(self, optimizer: TorchOptimizer) -> bool:
        """Whether an update by an optimizer in this thread belongs to the training."""
        own = self.reference()
        if own is None:
            self.reference, self._thread = _reference_to(optimizer), get_ident()
            return True
        if own is not optimizer:
            return False
        if self._thread is None:
            self._thread = get_ident()
        self._others = 0
        return self._thread == get_ident()

    def name(self, optimizer: TorchOptimizer) -> None:
        """Say in one line, once, that another optimizer, or another thread, makes updates too."""
        self._others += not self.is_elsewhere()
        key = get_ident() if self.is_elsewhere() else weakref.ref(optimizer)
        if key in self._said or (own := self.reference()) is None:
            return
        self._said.add(key)
        if self.is_elsewhere():
            name = current_thread().name
            self._say(f"another training, in the thread {name}, is not shown; the one that made the first update is")
            return
        kind, shown = type(optimizer).__name__, type(own).__name__
        self._say(f"a second optimizer, {kind}, makes updates too; steps here are the updates of the first, {shown}")


def _reference_to(optimizer: TorchOptimizer | None) -> Callable[[], TorchOptimizer | None]:
    return (lambda: None) if optimizer is None else weakref.ref(optimizer)
