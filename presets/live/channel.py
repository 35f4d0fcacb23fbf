"""The channel to a training in another process: orders go there, reports come back."""

import logging
from collections.abc import Callable
from contextlib import AbstractContextManager, suppress
from typing import Protocol

from .messages import Report
from .orders import Leave, Order
from .wire import WireError

LOGGER = logging.getLogger(__name__)
GONE = "the training's process has ended; what was reported stays"


class Channel(Protocol):
    """The way to the other process."""

    def send(self, order: Order) -> None:
        """Send an order.

        Raises:
            WireError: nobody is there any more.
        """

    def receive(self) -> Report | None:
        """The next report; None at the end.

        Raises:
            WireError: it is none, or nobody is there any more.
        """

    def close(self) -> None:
        """End it."""


def listen(channel: Channel, lock: AbstractContextManager[object], take: Callable[[Report], None]) -> str:
    """Take every report, each under the lock, until no more come; why they end."""
    try:
        while (report := channel.receive()) is not None:
            with lock:
                take(report)
    except WireError:
        pass  # it is gone
    except Exception as error:  # whatever it reports, the person at the screen shall read it
        LOGGER.exception("a training of another process")
        return f"its report cannot be shown: {type(error).__name__}: {error}"
    return GONE


def leave(channel: Channel) -> None:
    """Leave the training alone: it runs on."""
    with suppress(WireError):
        channel.send(Leave())
    channel.close()
