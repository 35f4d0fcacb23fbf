"""Text from outside, made harmless: what would steer a terminal or hide itself becomes visible."""

from ...presets.visible import escape_invisible


def safe(text: str) -> str:
    """The text with every control, format, bidirectional and zero-width character written as an escape."""
    return escape_invisible(text, _escape)


def _escape(character: str) -> str:
    return (
        character.encode("unicode_escape").decode("ascii")
        if not character.isprintable()
        else f"\\u{ord(character):04x}"
    )
