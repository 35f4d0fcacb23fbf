"""The sequences of a terminal for keys, the mouse and reports."""

import re

from textual._ansi_sequences import ANSI_SEQUENCES_KEYS
from textual._keyboard_protocol import FUNCTIONAL_KEYS

FOCUS = ("\x1b[I", "\x1b[O")


MOUSE = re.compile(r"\x1b\[<\d{1,4};-?\d{1,5};-?\d{1,5}[Mm]")


MODE_REPORT = re.compile(r"\x1b\[\?(2026|2048);\d\$y")
"""Reports on the modes that Textual asks for: synchronized output and in-band sizes."""


SIZE_REPORT = re.compile(r"\x1b\[48;(\d{1,4})(?::\d*)*;(\d{1,4})(?::\d*)*;(\d{1,5})(?::\d*)*;(\d{1,5})(?::\d*)*t")


KEY = re.compile(r"\x1b\[(?P<code>\d{0,7})(?::[\d:]*)?(?:;(?P<modifiers>[\d:]{0,6}))?(?:;(?P<text>[\d:]*))?(?P<end>.)")
"""A key with its modifiers and its text, as in xterm and in kitty's protocol."""


KEY_ENDS = "u~ABCDEFHPQS"
"""Without R, which ends the third function key in old protocols, but also reports of the cursor's position."""


RELEASED = "3"


MOST_MODIFIERS = 256


LAST_CODE = 0x10FFFF


def accepted(sequence: str) -> str:
    """A complete sequence in Textual's form; empty if the program does not use it."""
    if sequence in FOCUS or MOUSE.fullmatch(sequence) or MODE_REPORT.fullmatch(sequence):
        return sequence
    if size := SIZE_REPORT.fullmatch(sequence):
        return _size(*map(int, size.groups()))
    if sequence[-1:] in KEY_ENDS and sequence[:2] == "\x1b[" and sequence[2:3] != "[":
        key = KEY.fullmatch(sequence)
        return _key(**key.groupdict()) if key else ""
    return sequence if sequence in ANSI_SEQUENCES_KEYS and not sequence.endswith("R") or sequence == "\x1bOR" else ""


def _size(height: int, width: int, pixel_height: int, pixel_width: int) -> str:
    """A size, with cells instead of pixels if a terminal does not know its pixels, because Textual divides by them."""
    if not height or not width:
        return ""
    return f"\x1b[48;{height};{width};{pixel_height or height};{pixel_width or width}t"


def _key(code: str, modifiers: str | None, text: str | None, end: str) -> str:
    """A pressed key without the parts that Textual cannot read; empty if there is no such key."""
    modifier, _, kind = (modifiers or "").partition(":")
    texts = [each for each in (text or "").split(":") if each]
    if kind == RELEASED or int(modifier or 1) > MOST_MODIFIERS or not all(map(_is_visible, texts)):
        return ""
    if f"{code or 1}{end}" not in FUNCTIONAL_KEYS and not (end == "u" and _is_visible(code)):
        return ""
    if not modifier and not texts:
        return f"\x1b[{code}{end}"
    return f"\x1b[{code or 1};{modifier or 1}{';' * bool(texts)}{':'.join(texts)}{end}"


def _is_visible(code: str) -> bool:
    """Whether a number is the code of a visible character or of a space."""
    return bool(code) and int(code) <= LAST_CODE and chr(int(code)).isprintable()
