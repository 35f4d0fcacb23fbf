"""The wire between a training and its dashboard: frames with a length and msgpack, limited in size, never code."""

from __future__ import annotations

import socket
from collections import deque
from collections.abc import Iterator
from threading import Lock
from typing import Generic, TypeVar, cast

from msgspec import DecodeError, ValidationError
from msgspec.msgpack import Decoder, Encoder

from ..visible import escape_invisible
from .messages import PROTOCOL, Hello, Report
from .orders import Order

Sent = TypeVar("Sent", bound=Report | Order)
Received = TypeVar("Received", bound=Report | Order)

MOST_OF_REPORT = 64 * 2**20
MOST_OF_ORDER = 2**18
"""The most bytes of a frame; the first is read by the dashboard, the second by the training."""
LENGTH = 4
"""The bytes of a frame's length, most significant first."""

_encode = Encoder().encode


class WireError(Exception):
    """The other side sent an invalid message, or has closed; in one sentence."""


def frame(message: Report | Order, most: int = MOST_OF_REPORT) -> bytes:
    """A message as it travels.

    Raises:
        WireError: it is too large.
    """
    body = _encode(message)
    if len(body) > most:
        raise WireError(f"expected a message of at most {most} bytes, got {len(body)} to send")
    return len(body).to_bytes(LENGTH, "big") + body


class Frames(Generic[Received]):
    """The messages in bytes that arrive in pieces of any length."""

    def __init__(self, kind: object, most: int) -> None:
        self._decode = cast("Decoder[Received]", Decoder(kind)).decode
        self._most = most
        self._bytes = bytearray()

    def feed(self, data: bytes) -> Iterator[Received]:
        """The messages that are complete with these bytes.

        Raises:
            WireError: a frame is too long, or is no message.
        """
        self._bytes += data
        while len(self._bytes) >= LENGTH:
            length = int.from_bytes(self._bytes[:LENGTH], "big")
            if length > self._most:
                raise WireError(f"expected a message of at most {self._most} bytes, got one of {length}")
            if len(self._bytes) < LENGTH + length:
                return
            body = bytes(self._bytes[LENGTH : LENGTH + length])
            del self._bytes[: LENGTH + length]
            yield self._message(body)

    def _message(self, body: bytes) -> Received:
        try:
            return self._decode(body)
        except ValidationError as error:
            fault = escape_invisible(str(error)[:200], ascii)
            raise WireError(f"expected a message of protocol {PROTOCOL}, got another: {fault}") from None
        except (DecodeError, UnicodeDecodeError, RecursionError, OverflowError):
            raise WireError(f"expected a message of protocol {PROTOCOL}, got {len(body)} bytes that are none") from None

    @property
    def is_within(self) -> bool:
        """Whether a frame has arrived only in part."""
        return bool(self._bytes)


def order_frames() -> Frames[Order]:
    """What a training reads."""
    return Frames(Order, MOST_OF_ORDER)


class Wire(Generic[Sent, Received]):
    """One end of a connection; one thread receives, and any thread sends."""

    def __init__(self, connection: socket.socket, frames: Frames[Received], most: int) -> None:
        self._connection = connection
        self._frames = frames
        self._most = most
        self._messages: deque[Received] = deque()
        self._sends = Lock()

    def send(self, message: Sent) -> None:
        """Send a message; it waits while the other side does not read.

        Raises:
            WireError: the other side has closed, or the message is too large.
        """
        with self._sends:
            try:
                self._connection.sendall(frame(message, self._most))
            except OSError as error:
                raise WireError(f"the other side is gone: {error.strerror or error}") from None

    def receive(self) -> Received | None:
        """The next message; None if the other side has closed.

        Raises:
            WireError: the message is invalid, or the other side closed in the middle of it.
            TimeoutError: the connection has a timeout, and it is over.
        """
        while not self._messages:
            try:
                data = self._connection.recv(2**18)
            except TimeoutError:
                raise
            except OSError as error:
                raise WireError(f"the other side is gone: {error.strerror or error}") from None
            if not data:
                if self._frames.is_within:
                    raise WireError("the other side is gone in the middle of a message")
                return None
            self._messages.extend(self._frames.feed(data))
        return self._messages.popleft()

    @property
    def has_message(self) -> bool:
        """Whether a complete message has already arrived."""
        return bool(self._messages)

    def close(self) -> None:
        """Close it; a thread that receives ends."""
        try:
            self._connection.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass  # the other side was faster
        self._connection.close()


def dashboard_end(connection: socket.socket) -> Wire[Order, Report]:
    """The end of a dashboard, which sends orders and receives reports."""
    return Wire(connection, Frames(Report, MOST_OF_REPORT), MOST_OF_ORDER)


def training_end(connection: socket.socket) -> Wire[Report, Order]:
    """The end of a training, which sends reports and receives orders."""
    return Wire(connection, order_frames(), MOST_OF_REPORT)


def check_hello(report: Report | None) -> Hello:
    """The first report, checked.

    Raises:
        WireError: it is another message, or of another version.
    """
    if not isinstance(report, Hello):
        raise WireError("expected a training of nn-tui, got another program")
    if report.protocol != PROTOCOL:
        raise WireError(
            f"the training speaks protocol {report.protocol} and this nn-tui {PROTOCOL}; "
            "install the same version of nn-tui for both"
        )
    return report
