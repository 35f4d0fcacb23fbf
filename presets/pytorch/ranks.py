"""Trainings with several processes: rank 0 is watched, and while it is paused, all others wait for it."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from threading import Timer

from . import lazy_torch as torch


def ranks() -> tuple[int, int]:
    """The rank of this process, and the number of processes."""
    distributed = torch.distributed if "torch" in sys.modules else None
    if distributed and distributed.is_available() and distributed.is_initialized():
        return distributed.get_rank(), distributed.get_world_size()
    rank, size = os.environ.get("RANK", "0"), os.environ.get("WORLD_SIZE", "1")
    return (int(rank), max(1, int(size))) if rank.isdecimal() and size.isdecimal() else (0, 1)


def patience_of_group() -> float | None:
    """Seconds after which the other processes stop waiting; None if there are none."""
    distributed = torch.distributed
    if not (distributed.is_available() and distributed.is_initialized()) or distributed.get_world_size() < 2:
        return None
    group = distributed.group.WORLD
    try:
        backend = group._get_backend(torch.device("cuda" if "nccl" in distributed.get_backend() else "cpu"))
        return float(backend.options._timeout.total_seconds())
    except (AttributeError, RuntimeError):  # of another version or backend
        return float(distributed.constants.default_pg_timeout.total_seconds())


class HoldWarning:
    """A warning after half of a group's timeout."""

    def __init__(self, say: Callable[[str], None]) -> None:
        patience = patience_of_group()
        self._timer = None
        if patience is not None:
            text = (
                f"the other ranks have waited for {_said(patience / 2)}; after {_said(patience)} they give up "
                "and the training fails: run or step soon"
            )
            self._timer = Timer(patience / 2, say, (text,))
            self._timer.daemon = True
            self._timer.start()

    def cancel(self) -> None:
        """Note that training continues."""
        if self._timer is not None:
            self._timer.cancel()


def _said(seconds: float) -> str:
    return f"{seconds / 60:g} minutes" if seconds >= 120 else f"{seconds:g} s"
