"""Reading a preset file: TOML to a checked Preset."""

import re
import tomllib
from pathlib import Path
from typing import Any

import msgspec

from .checks import faults
from .errors import PresetError
from .schema import Preset

AT = re.compile(r" - at `(?:key in )?\$\.?(?P<place>[^`]*)`$")
UNKNOWN = re.compile(r"Object contains unknown field `(?P<field>.*)`")
MOST_BYTES = 10_000_000


def read(path: Path) -> Preset:
    """The preset in a file.

    Raises:
        PresetError: the file cannot be read, or is no preset.
    """
    try:
        if path.stat().st_size > MOST_BYTES:
            raise PresetError(str(path), f"expected at most {MOST_BYTES:,} bytes")
        return parse(path.read_text(encoding="utf-8"), str(path))
    except OSError as error:
        raise PresetError(str(path), f"cannot be read: {error.strerror}") from None
    except UnicodeDecodeError as error:
        raise PresetError(str(path), f"byte {error.start}: expected UTF-8 text") from None


def parse(text: str, name: str) -> Preset:
    """The preset that a text says; errors begin with `name`."""
    try:
        tables = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise PresetError(name, f"not TOML: {error}") from None
    return checked(convert(tables, name), name)


def convert(tables: dict[str, Any], name: str) -> Preset:
    """The preset that parsed tables say."""
    try:
        return msgspec.convert(tables, Preset)
    except msgspec.ValidationError as error:
        raise PresetError(name, *_explain(str(error), tables)) from None


def checked(preset: Preset, name: str) -> Preset:
    """The same preset, where its parts fit together."""
    for place, wrong in faults(preset):
        raise PresetError(name, place, wrong)
    return preset


def _explain(message: str, tables: dict[str, Any]) -> tuple[str, str]:
    """The place in the file, and what is wrong there."""
    at = AT.search(message)
    place = at["place"] if at else ""
    what = message[: at.start()] if at else message
    if unknown := UNKNOWN.fullmatch(what):
        return place, f"unknown key {unknown['field']!r}: known are {', '.join(_known_keys(place))}"
    got = _value_at(place, tables)
    return place, what[0].lower() + what[1:].replace("`", "") + ("" if got is None else f", got {got!r}")


def _known_keys(place: str) -> tuple[str, ...]:
    struct: Any = Preset
    for key in re.findall(r"[a-z_]+", place):
        struct = next(field.type for field in msgspec.structs.fields(struct) if field.name == key)
        struct = next((part for part in _parts(struct) if hasattr(part, "__struct_fields__")), struct)
    return tuple(struct.__struct_fields__)


def _parts(kind: Any) -> list[Any]:
    inner = [part for argument in getattr(kind, "__args__", ()) for part in _parts(argument)]
    return [kind, *inner]


def _value_at(place: str, tables: Any) -> str | int | float | bool | None:
    """The plain value at a place such as "training.learning_rate" or "network.layers[0]"; None where it is another."""
    value = tables
    for key, index in re.findall(r"([A-Za-z_]+)|\[(\d+)\]", place):
        if isinstance(value, dict) and key in value:
            value = value[key]
        elif isinstance(value, list) and index and int(index) < len(value):
            value = value[int(index)]
        else:
            return None
    return value if isinstance(value, str | int | float) else None
