"""Characters that can be seen: no control, format, bidirectional or zero-width ones, which steer a terminal or hide."""

from collections.abc import Callable

INVISIBLE = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0" + "".join(map(chr, range(0xFE00, 0xFE10))))
"""Characters without width that Unicode counts as printable."""


def is_visible(character: str) -> bool:
    """Whether a character can be seen, or is a space."""
    return character.isprintable() and character not in INVISIBLE


def escape_invisible(text: str, escape: Callable[[str], str]) -> str:
    """The text with every character that cannot be seen written as an escape."""
    if text.isprintable() and (text.isascii() or INVISIBLE.isdisjoint(text)):
        return text
    return "".join(each if is_visible(each) else escape(each) for each in text)
