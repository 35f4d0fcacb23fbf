"""A preset as the text of a TOML file."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from .schema import Preset
from .visible import escape_invisible


def toml_text(preset: Preset | Mapping[str, Any]) -> str:
    """The text of a file that reads as this preset, or as these tables, number for number."""
    tables = msgspec.to_builtins(preset) if isinstance(preset, Preset) else preset
    return "\n".join([*_lines(tables), ""])


def _lines(tables: Mapping[str, Any]) -> Iterator[str]:
    for key, value in _said(tables):
        if not _is_table(value) and not _is_tables(value):
            yield f"{key} = {_value(value)}"
    for key, value in _said(tables):
        if _is_table(value):
            yield from ("", f"[{key}]", *_pairs(value))
        elif _is_tables(value):
            for each in value:
                yield from ("", f"[[{key}]]", *_pairs(each))


def _said(table: Mapping[str, Any]) -> list[tuple[str, Any]]:
    """The keys that have a value; TOML has none for nothing."""
    return [(key, value) for key, value in table.items() if value is not None]


def _is_table(value: Any) -> bool:
    return isinstance(value, dict)


def _is_tables(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(map(_is_table, value))


def _pairs(table: Mapping[str, Any]) -> list[str]:
    return [f"{key} = {_value(value)}" for key, value in _said(table)]


def _value(value: Any) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case str():
            return escape_invisible(json.dumps(value, ensure_ascii=False), _escape)
        case list():
            return f"[{', '.join(map(_value, value))}]"
        case dict():
            return f"{{ {', '.join(_pairs(value))} }}" if _said(value) else "{}"
        case _:
            return repr(value)


def _escape(character: str) -> str:
    """As TOML writes a character that cannot be seen."""
    return f"\\u{ord(character):04x}" if ord(character) < 0x10000 else f"\\U{ord(character):08x}"
