"""JSON that can be shown on a terminal: what cannot be seen is escaped, and reads back as what it is."""

import json
from typing import Any

import msgspec

from ...presets.visible import escape_invisible


def json_text(data: Any) -> str:
    """The data as JSON in a line; a number that is not finite is null."""
    # Outside of texts JSON has none of these characters.
    return escape_invisible(msgspec.json.encode(data).decode(), _escape)


def _escape(character: str) -> str:
    return "\\u007f" if character == "\x7f" else json.dumps(character)[1:-1]
