"""Text from outside, made safe: characters that could control a terminal or be invisible are escaped."""

from collections.abc import Iterable
from typing import Any

from ...presets.visible import escape_invisible


def safe(text: str) -> str:
    """The text with every control, format, bidirectional and zero-width character written as an escape."""
    return escape_invisible(text, _escape)


def cut(text: str, most: int) -> str:
    """A name, shortened to this many columns."""
    return text if len(text) <= most else text[: max(most - 1, 0)] + "…"


def safe_rows(lines: Iterable[str], width: int) -> list[str]:
    """The lines as safe rows of at most this width; a long line continues in the next row."""
    wide = max(width, 1)
    return [row[at : at + wide] for row in map(safe, lines) for at in range(0, max(len(row), 1), wide)]


def json_text(data: Any) -> str:
    """The data as one line of safe JSON that reads back the same; a number that is not finite is null."""
    import msgspec

    # Outside of strings JSON has none of these characters.
    return escape_invisible(msgspec.json.encode(data).decode(), _escape_in_json)


def _escape(character: str) -> str:
    return (
        character.encode("unicode_escape").decode("ascii")
        if not character.isprintable()
        else f"\\u{ord(character):04x}"
    )


def _escape_in_json(character: str) -> str:
    import json

    return "\\u007f" if character == "\x7f" else json.dumps(character)[1:-1]
