"""Text from outside, made harmless: what would steer a terminal or hide itself becomes visible."""

INVISIBLE = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0" + "".join(map(chr, range(0xFE00, 0xFE10))))
"""Characters without width that Unicode counts as printable."""


def safe(text: str) -> str:
    """The text with every control, format, bidirectional and zero-width character written as an escape."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(each if each.isprintable() and each not in INVISIBLE else _escape(each) for each in text)


def _escape(character: str) -> str:
    return (
        character.encode("unicode_escape").decode("ascii")
        if not character.isprintable()
        else f"\\u{ord(character):04x}"
    )
