"""Where a training and its dashboard meet: a socket in a private folder, named by the number of the process."""

from __future__ import annotations

import os
import socket
import struct
import sys
import warnings
from contextlib import suppress
from hmac import compare_digest
from pathlib import Path
from secrets import token_hex
from stat import S_IMODE, S_ISDIR, S_ISVTX

from platformdirs import user_runtime_path

from ..paths import NOWHERE, folder_for
from ..sessions.autosave import STATE
from ..visible import escape_invisible
from .messages import Hello
from .wire import WireError, check_hello, dashboard_end

HAS_UNIX = hasattr(socket, "AF_UNIX")
SOCKET, PORT = ".sock", ".port"
"""The endings of a socket's name, and of a file with a port of this computer and a token."""
TOKEN = 32
"""Characters of a token."""
PATIENCE, LONG_PATIENCE = 2.0, 10.0
"""Seconds in which a training says who it is: each of a list, and the one that was asked for."""


def meeting_folder() -> Path:
    """The folder of the sockets, created if necessary.

    Raises:
        WireError: it cannot be created, or others could change it.
    """
    named = os.environ.get(STATE)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that there is a temporary folder instead
        folder = Path(named).absolute() / "live" if named else folder_for(user_runtime_path)
    if folder.is_relative_to(NOWHERE):
        raise WireError("no folder for sockets: the environment names no home folder")
    try:
        folder.mkdir(0o700, parents=True, exist_ok=True)
        _check_own(folder)
    except OSError as error:
        raise WireError(f"{seen_path(folder)}: cannot be used: {error.strerror or error}") from None
    return folder


def _check_own(folder: Path) -> None:
    """Refuse a folder that another user owns, could read, or could replace."""
    if not hasattr(os, "getuid"):
        return  # Windows, where a user's folders are closed to others
    status = folder.lstat()
    if not S_ISDIR(status.st_mode) or status.st_uid != os.getuid():
        raise WireError(f"{seen_path(folder)}: expected a folder of your own, got one of another user")
    if S_IMODE(status.st_mode) & 0o077:
        raise WireError(f"{seen_path(folder)}: expected a folder with the mode 700, got {S_IMODE(status.st_mode):o}")
    for above in folder.resolve().parents:
        status = above.stat()
        is_open = status.st_mode & 0o022 and not status.st_mode & S_ISVTX
        if status.st_uid not in (0, os.getuid()) or is_open:
            raise WireError(f"{seen_path(above)}: another user could replace files in this folder")


class Meeting:
    """The place where a training waits for its dashboard."""

    def __init__(self, pid: int) -> None:
        """Listen.

        Raises:
            WireError: there is no folder for it, or it cannot be used.
        """
        folder = meeting_folder()
        self.path = folder / f"{pid}{SOCKET if HAS_UNIX else PORT}"
        self._token = ""
        self._pid = os.getpid()
        with suppress(FileNotFoundError):
            self.path.unlink()  # of a process that had this number before
        try:
            self.listener = self._unix() if HAS_UNIX else self._port()
        except OSError as error:
            raise WireError(f"{seen_path(self.path)}: cannot be used: {error.strerror or error}") from None

    def _unix(self) -> socket.socket:
        listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        listener.bind(_short(self.path))
        self.path.chmod(0o600)  # nobody else can enter the folder before this
        listener.listen(4)
        return listener

    def _port(self) -> socket.socket:
        listener = socket.create_server(("127.0.0.1", 0), backlog=4)
        self._token = token_hex(TOKEN // 2)
        file = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(file, "w", encoding="ascii") as written:
            written.write(f"{listener.getsockname()[1]} {self._token}")
        return listener

    def accept(self) -> socket.socket:
        """The connection of a dashboard of the same user.

        Raises:
            WireError: it belongs to another user.
            OSError: it has closed.
        """
        connection, _ = self.listener.accept()
        try:
            connection.settimeout(PATIENCE)
            if self._token:
                self._check_token(connection)
            else:
                check_peer(connection)
        except (WireError, OSError):
            connection.close()
            raise
        return connection

    def _check_token(self, connection: socket.socket) -> None:
        token = b""
        while len(token) < TOKEN and (more := connection.recv(TOKEN - len(token))):
            token += more
        if not compare_digest(token, self._token.encode()):
            raise WireError("a program without the token of this training tried to attach")

    def close(self) -> None:
        """Stop listening; the process that made the socket removes it."""
        self.listener.close()
        if os.getpid() == self._pid:
            with suppress(OSError):
                self.path.unlink()


def check_peer(connection: socket.socket) -> None:
    """Refuse a process of another user, if the system names the user.

    Raises:
        WireError: it belongs to another user.
    """
    if sys.platform == "linux":
        _, uid, _ = struct.unpack("3i", connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 12))
        if uid != os.getuid():
            raise WireError(f"expected a process of your own, of user {os.getuid()}, got one of user {uid}")


def connect(path: Path) -> socket.socket:
    """A connection to a training.

    Args:
        path: of its socket, or of the file with its port and token.

    Raises:
        WireError: no training listens there.
    """
    try:
        if path.suffix == PORT:
            return _connect_to_port(path)
        if not HAS_UNIX:
            raise WireError(f"{seen_path(path)}: this system has no such sockets; expected a name that ends in {PORT}")
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            connection.connect(_short(path))
            check_peer(connection)
        except (OSError, WireError):
            connection.close()
            raise
        return connection
    except FileNotFoundError:
        raise WireError(f"{seen_path(path)}: there is no such training") from None
    except ConnectionRefusedError:
        raise WireError(f"{seen_path(path)}: {_why_refused(path)}") from None
    except OSError as error:
        raise WireError(f"{seen_path(path)}: cannot be connected to: {error.strerror or error}") from None


def _why_refused(path: Path) -> str:
    """Why nobody listens there."""
    if path.is_dir():
        return "expected the number of a process or the path of a socket, got a folder; nn-tui attach --list names both"
    return "this training has ended" if path.is_socket() else "expected a socket, got another file"


def greet(path: Path) -> tuple[socket.socket, Hello]:
    """A connection to a training that has said who it is.

    Raises:
        WireError: nobody is there, or somebody else.
    """
    connection = connect(path)
    connection.settimeout(LONG_PATIENCE)
    wire = dashboard_end(connection)
    try:
        first = wire.receive()
    except TimeoutError:
        connection.close()
        raise WireError(f"{seen_path(path)}: expected a training of nn-tui, got a program that says nothing") from None
    except WireError:
        connection.close()
        raise WireError(f"{seen_path(path)}: expected a training of nn-tui, got another program") from None
    try:
        hello = check_hello(first)
    except WireError as error:
        connection.close()
        raise WireError(f"{seen_path(path)}: {error}") from None
    connection.settimeout(None)
    return connection, hello


def _connect_to_port(path: Path) -> socket.socket:
    port, _, token = path.read_bytes()[:100].decode("ascii", "replace").partition(" ")
    if not port.isdecimal() or not 0 < int(port) < 2**16 or len(token) != TOKEN or not token.isascii():
        raise WireError(f"{seen_path(path)}: expected a port and a token")
    connection = socket.create_connection(("127.0.0.1", int(port)), PATIENCE)
    connection.settimeout(None)
    connection.sendall(token.encode())
    return connection


def _short(path: Path) -> str:
    """The path of a socket, which systems limit to about a hundred bytes."""
    if len(os.fsencode(path)) > 103:
        raise OSError(None, f"expected a path of at most 103 bytes for a socket, got {len(os.fsencode(path))}")
    return str(path)


def seen_path(path: Path) -> str:
    """A path as it is written in a message."""
    return escape_invisible(str(path), ascii)
