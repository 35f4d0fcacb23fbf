"""The link of a training to its dashboard: one thread, which sleeps until a message comes."""

from __future__ import annotations

import os
import selectors
import socket
import weakref
from collections import deque
from contextlib import suppress
from threading import Event, Thread
from typing import Any

from ..live.meeting import Meeting
from ..live.messages import Hello, Refused, Report, TrainingActivity
from ..live.orders import Leave, Order
from ..live.wire import MOST_OF_REPORT, Frames, WireError, frame, order_frames
from .gate import Gate
from .script_line import line_of_script

MOST_WAITING = 2 * MOST_OF_REPORT
"""Most bytes that wait for a dashboard that does not read; then its connection is closed."""
WAITING = 1.0
"""Seconds between two reports of the script's line, while a dashboard waits for the first step."""
LAST_WORDS = 1.0
"""Most seconds for reading the last report."""


class DashboardLink:
    """The socket's messages. Other threads use only `send` and `close`."""

    def __init__(self, meeting: Meeting, gate: Gate, hello: Hello) -> None:
        self._meeting = meeting
        self._gate = gate
        self._hello = frame(hello)
        self._selector = selectors.DefaultSelector()
        self._wakes, self._waker = socket.socketpair()
        self._clients: dict[socket.socket, Frames[Any]] = {}
        self._attached: socket.socket | None = None
        self._unsent: deque[bytes] = deque()
        self._is_sent = Event()
        self._last_line: Report | None = None
        self._is_awaited = False
        """Whether the dashboard waits for its first report."""
        self._is_closing = False
        for each in (meeting.listener, self._wakes):
            each.setblocking(False)
            self._selector.register(each, selectors.EVENT_READ)
        self._waker.setblocking(False)
        if hasattr(os, "register_at_fork"):
            os.register_at_fork(after_in_child=_forgetting(weakref.ref(self)))
        self._thread = Thread(target=self._serve, name="nn-tui", daemon=True)
        self._thread.start()

    @property
    def is_clear(self) -> bool:
        """Whether everything has been written to the socket."""
        return not self._unsent

    def send(self, report: Report) -> None:
        """Send a report to the dashboard, without waiting."""
        if not self._gate.is_attached:
            return
        self._is_awaited = False
        self._unsent.append(frame(report))
        self._wake()

    def close(self, last: Report | None = None) -> None:
        """End, with a last report."""
        if self._is_closing:
            return
        if last is not None:
            self.send(last)
        self._is_closing = True
        self._wake()
        self._is_sent.wait(LAST_WORDS)
        self._meeting.close()

    def _wake(self) -> None:
        with suppress(OSError):  # the thread is awake already
            self._waker.send(b"x")

    def _serve(self) -> None:
        while True:
            ready = self._selector.select(WAITING if self._is_awaited else None)
            for key, _ in ready:
                self._attend(key.fileobj)  # type: ignore[arg-type]  # sockets were registered
            if not ready:
                self._say_line()
            self._write()
            if self._is_closing and (self._attached is None or not self._unsent):
                self._end()
                return

    def _say_line(self) -> None:
        """Report the line that the script is at, if it is another one than before."""
        if (line := line_of_script()) is not None and line != self._last_line and self._is_awaited:
            self._last_line = line
            self._unsent.append(frame(line))

    def _end(self) -> None:
        for each in [*self._clients]:
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
            each.close()
        self._selector.close()
        self._is_sent.set()

    def _attend(self, ready: socket.socket) -> None:
        if ready is self._wakes:
            ready.recv(4096)
        elif ready is self._meeting.listener:
            self._welcome()
        elif ready in self._clients:
            self._listen(ready)

    def _welcome(self) -> None:
        with suppress(WireError, OSError):  # another user, or a closed connection
            client = self._meeting.accept()
            client.sendall(self._hello)
            client.setblocking(False)
            self._clients[client] = order_frames()
            self._selector.register(client, selectors.EVENT_READ)

    def _listen(self, client: socket.socket) -> None:
        try:
            data = client.recv(2**16)
            if not data:
                self._drop(client)
                return
            for order in self._clients[client].feed(data):
                if self._attached is None:
                    self._attach(client, order)
                elif client is not self._attached:
                    self._drop(client, "another dashboard is attached to this training")
                    return
                if isinstance(order, Leave):
                    self._drop(client)
                    return
                self._gate.obey(order)
        except BlockingIOError:
            pass
        except WireError as error:
            self._drop(client, str(error))
        except OSError:
            self._drop(client)

    def _attach(self, client: socket.socket, first: Order) -> None:
        self._attached = client
        self._unsent.clear()
        self._gate.attach(first)
        if not self._gate.wants_hold:
            self.send(TrainingActivity(now="running"))
        self._last_line, self._is_awaited = None, True

    def _drop(self, client: socket.socket, why: str = "") -> None:
        if why:
            with suppress(OSError):
                client.setblocking(True)
                client.settimeout(LAST_WORDS)
                client.sendall(frame(Refused(reason=why)))
        self._selector.unregister(client)
        del self._clients[client]
        with suppress(OSError):
            client.shutdown(socket.SHUT_RDWR)
        client.close()
        if client is self._attached:
            self._attached, self._is_awaited = None, False
            self._gate.leave()
            self._unsent.clear()

    def _write(self) -> None:
        """Write as much as the system accepts."""
        client = self._attached
        if client is None:
            return
        try:
            while self._unsent:
                data = self._unsent[0]
                sent = client.send(data)
                if sent < len(data):
                    self._unsent[0] = data[sent:]
                    break
                self._unsent.popleft()
        except BlockingIOError:
            pass
        except OSError:
            self._drop(client)
            return
        if sum(map(len, tuple(self._unsent))) > MOST_WAITING:
            self._drop(client)
            return
        events = selectors.EVENT_READ | (selectors.EVENT_WRITE if self._unsent else 0)
        self._selector.modify(client, events)

    def forget(self) -> None:
        """Close the parent's files in a forked process."""
        self._gate.forget()
        self._is_closing = True
        for each in (self._meeting.listener, self._wakes, self._waker, *self._clients):
            with suppress(OSError):
                each.close()
        with suppress(OSError):
            self._selector.close()


def _forgetting(link: weakref.ref[DashboardLink]) -> Any:
    def forget() -> None:
        if (found := link()) is not None:
            found.forget()

    return forget
