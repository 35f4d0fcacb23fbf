"""Text from outside, made harmless: what would steer a terminal or hide itself becomes visible."""

from ...presets.visible import escaped


def safe(text: str) -> str:
    """The text with every control, format, bidirectional and zero-width character written as an escape."""
    return escaped(text, _escape)


def _escape(character: str) -> str:
    return (
        character.encode("unicode_escape").decode("ascii")
        if not character.isprintable()
        else f"\\u{ord(character):04x}"
    )
