"""Reading a preset file: TOML to a checked Preset."""

import re
import tomllib
from pathlib import Path
from typing import Any, Literal, get_args, get_origin

import msgspec
from msgspec import structs

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
        with path.open("rb") as file:
            data = file.read(MOST_BYTES + 1)
        if len(data) > MOST_BYTES:
            raise PresetError(str(path), f"expected at most {MOST_BYTES:,} bytes")
        return parse(data.decode("utf-8"), str(path))
    except OSError as error:
        raise PresetError(str(path), f"cannot be read: {error.strerror}") from None
    except UnicodeDecodeError as error:
        raise PresetError(str(path), f"byte {error.start}: expected UTF-8 text") from None


def parse(text: str, name: str) -> Preset:
    """The preset that a text says; errors begin with `name`."""
    try:
        tables = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
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
    """The place in the file, and what is wrong there and would be right."""
    at = AT.search(message)
    place = at["place"] if at else ""
    what = message[: at.start()] if at else message
    if unknown := UNKNOWN.fullmatch(what):
        return place, f"unknown key {unknown['field']!r}: known are {', '.join(_keys(place))}"
    got = _value_at(place, tables)
    if what.startswith("Invalid enum value"):
        return place, f"expected {' or '.join(map(repr, _choices(place)))}, got {got!r}"
    what = what[0].lower() + what[1:].replace("`", "")
    return place, what if got is None else f"{what.partition(', got ')[0]}, got {got!r}"


def _keys(place: str) -> tuple[str, ...]:
    """The keys of the table at a place."""
    return tuple(name for table in _types(place) for name in getattr(table, "__struct_fields__", ()))


def _choices(place: str) -> tuple[str, ...]:
    """The words that a place allows."""
    return tuple(word for each in _types(place) if get_origin(each) is Literal for word in get_args(each))


def _types(place: str) -> list[Any]:
    """The type of a place in a preset, and all the types that it is made of."""
    types: list[Any] = [Preset]
    for key in re.findall(r"[a-z_]+", place):
        fields = [field for table in types if hasattr(table, "__struct_fields__") for field in structs.fields(table)]
        types = next((_parts(field.type) for field in fields if field.name == key), [])
    return types


def _parts(kind: Any) -> list[Any]:
    return [kind, *(part for argument in get_args(kind) for part in _parts(argument))]


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
