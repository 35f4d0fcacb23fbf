"""The channel to a training in another process: orders go there, reports come back."""

import logging
from collections.abc import Callable
from contextlib import AbstractContextManager, suppress
from typing import Protocol

from .messages import Report
from .orders import Leave, Order
from .wire import WireError

LOGGER = logging.getLogger(__name__)
GONE = "the training's process has ended; the reported steps remain"


class Channel(Protocol):
    """A connection to the other process."""

    def send(self, order: Order) -> None:
        """Send an order.

        Raises:
            WireError: the connection has ended.
        """

    def receive(self) -> Report | None:
        """The next report; None at the end of the training.

        Raises:
            WireError: it is no report, or the connection has ended.
        """

    def close(self) -> None:
        """End it."""


def listen(channel: Channel, lock: AbstractContextManager[object], take: Callable[[Report], None]) -> str:
    """Handle every report, each under the lock, until the end; return the reason of the end."""
    try:
        while (report := channel.receive()) is not None:
            with lock:
                take(report)
    except WireError:
        pass  # the connection has ended
    except Exception as error:  # any error is reported on the screen
        LOGGER.exception("a training of another process")
        return f"its report cannot be shown: {type(error).__name__}: {error}"
    return GONE


def leave(channel: Channel) -> None:
    """Detach from the training, which continues."""
    with suppress(WireError):
        channel.send(Leave())
    channel.close()
