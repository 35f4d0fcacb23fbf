"""Terminal input: bytes become typed text, key sequences that Textual knows, and pastes; everything else is dropped.

The bytes alone can be ambiguous; then these rules ensure that a reply of the terminal is never a command:

- Escape and one of `[ ] P X ^ _` in one packet begin a control sequence. If it never ends, both are dropped.
- A control string that comes byte by byte, each in its own packet, was typed if it stops arriving, or if another
  sequence follows, such as an arrow key: each byte is a key.
- A control sequence that stops arriving is abandoned. Later bytes count as its end only if they look like one and are
  longer than a key. Its last byte alone, or a string that is cut twice, counts as keys.
- Escape alone is the key after a while. If the next packet begins as only a reply does, it continues that escape. A
  reply that is cut again before this is clear counts as keys, because users type `]` and `1` too.
- Keys that are pressed before the end of a paste are a part of the paste.
"""

import re
from codecs import getincrementaldecoder
from math import inf
from typing import TypeAlias

from msgspec import Struct

from .key_sequences import accepted

ESCAPE_DELAY = 0.1
"""Seconds after which an escape is the key, and a torn control sequence is given up."""
STRING_DELAY = 1.0
"""Seconds without a byte after which a control string is given up: a slow link tears these, as they are long."""
LATE = 2.0
"""Seconds in which the end of a control sequence may come after it was given up."""
LATE_REPLY = 1.0
"""Seconds in which the packet may come that shows that an escape began a reply and was no key."""
PASTE_DELAY = 1.0
"""Seconds after which a paste that does not end is given up, unless it is still arriving."""
BULK = 16
"""More bytes in a packet than a user can type."""
MOST_PASTED = 100_000
"""Bytes of a paste that are kept: nothing here takes more."""
MOST_KEPT = 64
"""Bytes of a control sequence that are kept; a longer one is unknown."""

CSI = re.compile(rb"\x1b\[(?:\[[A-E]|M[\s\S]{3}|(?!M)[ -?]*[@-Z\\-~])")
CSI_BEGUN = re.compile(rb"\x1b\[(?:\[|M[\s\S]{0,2}|[ -?]*)\Z")
CSI_BROKEN = re.compile(rb"\x1b\[(?:\[|[ -?]*)")
STRING = re.compile(rb"\x1b[]PX^_][^\x00-\x1f]*(?:\x07|\x1b\\)")
STRING_BEGUN = re.compile(rb"\x1b[]PX^_][^\x00-\x1f]*\x1b?\Z")
STRING_BROKEN = re.compile(rb"\x1b[]PX^_][^\x00-\x1f]*")
ANOTHER = re.compile(rb"\x1b[^\\]")
"""A sequence that does not end a control string."""
SINGLE_SHIFT = re.compile(rb"\x1bO[A-DFHMP-S]")
END_OF_CSI = re.compile(rb"[0-?][ -?]*[@-~]|[0-9]*[;:][ -?]*")
END_OF_STRING = re.compile(rb"[^\x00-\x1f]*(?:\x07|\x1b\\)")
REPLY_WITHOUT_ESCAPE = re.compile(
    rb"""
    \][0-9]+; | P(?:>\||[01][+$]r|!\|) | _G            # colours, titles; versions, settings; graphics
    | []PX^_][^\x00-\x1f]+(?:\x07|\x1b\\)              # any string, with its end
    | \[(?:[?>][0-9] | <[0-9]+; | [0-9]+;[0-9] | 0n    # modes; the mouse; positions, sizes; a status
        | [0-9]+~ | [0-9]{2,}u | [IO](?=\x1b|\Z))      # pastes; keys by number; the focus
    """,
    re.VERBOSE,
)
"""The beginnings of terminal replies after their escape, long enough that nobody types them within one packet."""
NO_KEY = re.compile("[\x80-\x9f]")
"""C1 controls, which no keyboard sends."""
PASTE_BEGIN, PASTE_END = b"\x1b[200~", b"\x1b[201~"
ESCAPE, ESCAPE_KEY = 0x1B, "\x1b"


class Pasted(Struct, frozen=True):
    """A pasted text, without invisible characters."""

    text: str


Token: TypeAlias = str | Pasted
"""A text without escapes, the escape key alone, one whole key sequence, or a paste."""


class TerminalInput:
    """Cuts a stream of bytes into tokens; it never raises, whatever the bytes are."""

    def __init__(self, escape_delay: float = ESCAPE_DELAY) -> None:
        """Begin with nothing.

        Args:
            escape_delay: seconds after which an escape is the key.
        """
        self._escape_delay = escape_delay
        self._decoder = getincrementaldecoder("utf-8")("replace")
        self._begun = b""
        """An incomplete sequence."""
        self._paste: bytearray | None = None
        self._is_typed = False
        """Whether the incomplete sequence came byte by byte, as from a keyboard."""
        self._late: tuple[re.Pattern[bytes], float] | None = None
        """The possible end of an abandoned sequence, and its deadline."""
        self._late_reply = -inf
        """The time until which the next packet may show that the last escape was not a key."""
        self.deadline: float | None = None
        """The time at which an incomplete sequence is abandoned; None if there is none."""

    def feed(self, data: bytes, now: float) -> list[Token]:
        """Process bytes that were read together at a time, in seconds."""
        tokens = self.tick(now)
        if self._paste is not None:
            self._take_pasted(data, now, tokens)
        else:
            if self._is_typed and STRING_BROKEN.fullmatch(self._begun) and ANOTHER.match(data):
                tokens += [ESCAPE_KEY, self._begun[1:].decode("ascii", "replace")]
                self._begun = b""
            self._is_typed = len(data) == 1 and (self._is_typed or not self._begun)
            self._take(self._begun + self._repaired(data, now), now, tokens)
        return tokens

    def tick(self, now: float) -> list[Token]:
        """Abandon a sequence that has waited for too long."""
        if self.deadline is None or now < self.deadline:
            return []
        self.deadline = None
        if self._paste is not None:
            return [self._end_of_paste(bytes(self._paste))]
        begun, self._begun = self._begun, b""
        return self._given_up(begun, now)

    def _given_up(self, begun: bytes, now: float) -> list[Token]:
        """The meaning of an incomplete sequence; if it has none, its end may still come."""
        match begun[1:2]:
            case b"" if begun:
                self._late_reply = now + LATE_REPLY
                return [ESCAPE_KEY]
            case b"":
                return self._flushed()
            case b"O":
                return [ESCAPE_KEY, "O"]
            case b"[":
                self._late = END_OF_CSI, now + LATE
                return _whole(begun)
        if self._is_typed:
            return [ESCAPE_KEY, begun[1:].decode("ascii", "replace")]
        self._late = END_OF_STRING, now + LATE
        return []

    def _flushed(self) -> list[Token]:
        """The replacement of an incomplete character."""
        text = self._decoder.decode(b"", final=True)
        return [text] if text else []

    def _repaired(self, data: bytes, now: float) -> bytes:
        """The bytes with an escape that was mistaken for a key, or without the end of an abandoned sequence."""
        until, self._late_reply = self._late_reply, -inf
        if now < until and REPLY_WITHOUT_ESCAPE.match(data):
            return ESCAPE_KEY.encode() + data
        return self._without_late_end(data, now)

    def _without_late_end(self, data: bytes, now: float) -> bytes:
        if not self._late or self._begun:
            return data
        pattern, until = self._late
        found = pattern.match(data) if now < until else None
        return data[found.end() :] if found else data

    def _take(self, data: bytes, now: float, tokens: list[Token]) -> None:
        """Cut bytes into tokens; keep the beginning of an incomplete sequence."""
        self._begun, at = b"", 0
        while at < len(data):
            if data[at] != ESCAPE:
                at = self._take_text(data, at, tokens)
                continue
            tokens += self._flushed()
            if data.startswith(PASTE_BEGIN, at):
                self._paste = bytearray()
                self._take_pasted(data[at + len(PASTE_BEGIN) :], now, tokens, begins=True)
                return
            end = _end_of_sequence(data, at)
            if end is None:
                self._begun = data[at:] if self._is_typed and len(data) < MOST_KEPT else _shortened(data[at:])
                break
            tokens += _whole(data[at:end]) if end > at + 1 else [ESCAPE_KEY]
            at = end
        self.deadline = self._new_deadline(now)

    def _take_text(self, data: bytes, at: int, tokens: list[Token]) -> int:
        """Decode up to the next escape; its position.

        Enter is a line feed if it was typed before the program set up the terminal, which converted it.
        """
        end = data.find(ESCAPE, at)
        end = len(data) if end < 0 else end
        if text := NO_KEY.sub("", self._decoder.decode(data[at:end])):
            tokens.append(text.replace("\n", "\r"))
        return end

    def _new_deadline(self, now: float) -> float | None:
        is_string = self._begun[1:2] not in (b"", b"[", b"O")
        if self._begun or self._decoder.getstate()[0]:
            return now + (STRING_DELAY if is_string and not self._is_typed else self._escape_delay)
        return None

    def _take_pasted(self, data: bytes, now: float, tokens: list[Token], begins: bool = False) -> None:
        """Add to the paste; the position behind its end."""
        assert self._paste is not None
        self._paste += data
        text, end, rest = bytes(self._paste).partition(PASTE_END)
        if end:
            tokens.append(self._end_of_paste(text))
            self._take(rest, now, tokens)
            return
        del self._paste[MOST_PASTED : -len(PASTE_END)]
        if begins or self.deadline is None or len(data) >= BULK:
            self.deadline = now + PASTE_DELAY

    def _end_of_paste(self, text: bytes) -> Pasted:
        self._paste, self.deadline = None, None
        decoded = text.replace(PASTE_BEGIN, b"")[:MOST_PASTED].decode("utf-8", "replace")
        return Pasted("".join(each for each in decoded if each.isprintable() or each in "\t\r\n"))


def _end_of_sequence(data: bytes, at: int) -> int | None:
    """The end of a sequence that begins with an escape; None if it has not come."""
    if len(data) == at + 1:
        return None
    match data[at + 1 : at + 2]:
        case b"[":
            return _end(data, at, CSI, CSI_BEGUN, CSI_BROKEN)
        case b"]" | b"P" | b"X" | b"^" | b"_":
            return _end(data, at, STRING, STRING_BEGUN, STRING_BROKEN)
        case b"O" if len(data) == at + 2:
            return None
        case b"O" if SINGLE_SHIFT.match(data, at):
            return at + 3
        case b"\\":  # the end of a string
            return at + 2
    return at + 1


def _end(
    data: bytes, at: int, whole: re.Pattern[bytes], begun: re.Pattern[bytes], broken: re.Pattern[bytes]
) -> int | None:
    """The end of a sequence, which a control character or another escape interrupts."""
    if found := whole.match(data, at):
        return found.end()
    if begun.match(data, at):
        return None
    found = broken.match(data, at)
    return found.end() if found else at + 1


def _whole(sequence: bytes) -> list[Token]:
    """The sequence in Textual's form; empty if it is no key, no mouse event and no expected report."""
    text = accepted(sequence.decode("ascii", "replace")) if len(sequence) < MOST_KEPT else ""
    return [text] if text else []


def _shortened(begun: bytes) -> bytes:
    """The beginning of a sequence, shortened if it is too long to be known; a string is known by two bytes."""
    if begun[1:2] == b"[":
        return begun[:MOST_KEPT]
    return begun[:2] + begun[-1:] * (len(begun) > 2 and begun[-1] == ESCAPE)
