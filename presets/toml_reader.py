"""Reading a TOML file as a typed object, with errors of one line: where, what is wrong, and what would be right."""

import re
from itertools import islice
from pathlib import Path
from typing import Any, Literal, TypeVar, get_args, get_origin

import msgspec
from msgspec import structs

from ..core.suggestions import suggestion
from ..core.typed_number import quoted, shortened
from .csv.encoding import marked_encoding
from .errors import PresetError
from .paths import check_is_no_device, read_fault

Table = TypeVar("Table", bound=msgspec.Struct)

AT = r" - at `(?:key in )?\$\.?(?P<place>[^`]*)`$"
UNKNOWN = r"Object contains unknown field `(?P<field>.*)`"
MISSING = r"Object missing required field `(?P<field>.*)`"
TYPE = r"`(?P<types>[^`]*)`(?: (?P<sign>[<>]=?) (?P<bound>[^\s,]+))?"
LENGTH = r"Expected `(?P<type>array|str)` of length (?P<sign>[<>]=) (?P<bound>\d+)"
WORDS = {
    "object": "a table",
    "array": "a list",
    "str": "text",
    "int": "a whole number",
    "float": "a number",
    "bool": "true or false",
}
"""Plain words for the types that the library's errors name."""
BOUNDS = {">=": " from {} up", "<=": " up to {}", ">": " above {}", "<": " below {}"}
MOST_BYTES = 4_000_000
NOT_KEYS = re.compile(
    r'''"""(?:[^\\"]++|\\.|"(?!""))*+(?:"""|\Z)|"(?:[^"\\\n]++|\\.)*+"?|'''
    r"""'''(?:[^']++|'(?!''))*+(?:'''|\Z)|'[^'\n]*+'?|#[^\n]*+""",
    re.DOTALL,
)
"""Texts and comments, whatever is in them; at one without an end the parser ends too."""
LONG_KEY = re.compile(r"(?:\.[^.,\[\]{}=\n]*+){5}")
"""A key of more than five parts: the parser takes room for every beginning of one."""
MOST_OF = {
    "values": (re.compile("="), 20_000),
    "headers": (re.compile(r"^[ \t]*\[[^\n,]*$", re.MULTILINE), 10_000),
    "lists": (re.compile(r"\["), 200_000),
    "tables": (re.compile(r"\{"), 20_000),
    "numbers": (re.compile(","), 500_000),
}
"""How many of each a file may have: they take far more room than the text that says them."""


def read_text(path: Path) -> str:
    """The text of a file.

    Raises:
        PresetError: it cannot be read.
    """
    try:
        check_is_no_device(path)
        with path.open("rb") as file:
            data = file.read(MOST_BYTES + 1)
    except (OSError, ValueError) as error:
        raise PresetError(str(path), read_fault(error)) from None
    if len(data) > MOST_BYTES:
        raise PresetError(str(path), f"expected at most {MOST_BYTES:,} bytes")
    try:
        # PowerShell and older editors of Windows write byte order marks.
        return data.decode(marked_encoding(data) or "utf-8-sig")
    except UnicodeDecodeError as error:
        raise PresetError(str(path), f"byte {error.start}: expected UTF-8 text") from None


def parse_toml(text: str, name: str) -> dict[str, Any]:
    """The tables in a text; errors begin with `name`.

    Raises:
        PresetError: it is no TOML.
    """
    import tomllib

    try:
        _check_shape(text)
        return tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        raise PresetError(name, f"not TOML: {error}") from None


def _check_shape(text: str) -> None:
    """Check the size of a text's content before it is parsed.

    Raises:
        ValueError: it has too many lists, values, headers or parts of a key.
    """
    rest = NOT_KEYS.sub('""', text)
    if found := LONG_KEY.search(rest):
        line = rest.count("\n", 0, found.start()) + 1
        raise ValueError(f"expected keys of at most 5 parts (near line {line})")
    for name, (mark, most) in MOST_OF.items():
        if sum(1 for _ in islice(mark.finditer(rest), most + 1)) > most:
            raise ValueError(f"expected at most {most:,} {name}")


def convert_tables(tables: dict[str, Any], kind: type[Table], name: str, *, strict: bool = True) -> Table:
    """The object that parsed tables describe; if not strict, numbers may be texts.

    Raises:
        PresetError: they do not fit its type.
    """
    try:
        return msgspec.convert(tables, kind, strict=strict)
    except UnicodeEncodeError:
        raise PresetError(name, "expected UTF-8 text") from None
    except msgspec.ValidationError as error:
        raise PresetError(name, *_explain(str(error), tables, kind)) from None


def _explain(message: str, tables: dict[str, Any], kind: type[Table]) -> tuple[str, str]:
    """The place in the file, and what is wrong there and would be right."""
    at = re.search(AT, message)
    place = at["place"] if at else ""
    what = message[: at.start()] if at else message
    types = _types(place, kind)
    if unknown := re.fullmatch(UNKNOWN, what):
        keys = _keys(types, _named_at(place, tables))
        if home := home_of(unknown["field"], place, kind):
            return place, f"unknown key {quoted(unknown['field'])}: {home}"
        return place, f"unknown key {quoted(unknown['field'])}: known are {', '.join(keys)}" + suggestion(
            unknown["field"], keys
        )
    if missing := re.fullmatch(MISSING, what):
        key = missing["field"]
        is_table = any(hasattr(each, "__struct_fields__") for each in _types(key, kind)) and not place
        return place, f"the table [{key}] is missing" if is_table else f"the key {key} is missing"
    got = _value_at(place, tables)
    if described := next(
        (each.description for each in types if isinstance(each, msgspec.Meta) and each.description), None
    ):
        shown = re.sub(TYPE, _type_in_words, what).rpartition("got ")[2] if got is None else _shown(got)
        return place, f"expected {described}, got {shown}{suggestion(str(got), _choices(types))}"
    if what.startswith(("Invalid enum value", "Invalid value")):
        choices = _choices(types) or _tags(_types(place.rpartition(".")[0], kind))
        expected = " or ".join(map(repr, choices))
        return place, f"expected {expected}, got {_shown(got)}{suggestion(str(got), choices)}"
    if length := re.fullmatch(LENGTH, what):
        return place, _length_fault(length, _anything_at(place, tables))
    what = re.sub(TYPE, _type_in_words, what[0].lower() + what[1:])
    if got is None:
        return place, what
    expected = what.partition(", got ")[0]
    such_as = f" such as [{_shown(got)}]" if expected == "expected a list" and isinstance(got, int | float) else ""
    return place, f"{expected}{such_as}, got {_shown(got)}"


def _length_fault(found: re.Match[str], value: Any) -> str:
    """The error for a list or a text that is too short or too long."""
    bound = "at least" if found["sign"] == ">=" else "at most"
    kind = "values" if found["type"] == "array" else "characters"
    return f"expected {bound} {int(found['bound']):,} {kind}, got {len(value):,}"


def _type_in_words(found: re.Match[str]) -> str:
    """A type with its bound, such as "a whole number from 1 up" for `int` >= 1."""
    types = " or ".join(WORDS.get(each, each) for each in found["types"].split(" | ") if each != "null")
    return types + BOUNDS[found["sign"]].format(found["bound"].removesuffix(".0")) if found["sign"] else types


def _shown(value: object) -> str:
    """A wrong value as an error quotes it, cut where it is long."""
    if isinstance(value, bool):
        return str(value).lower()
    return quoted(value) if isinstance(value, str) else shortened(repr(value))


def _keys(types: list[Any], name: object) -> tuple[str, ...]:
    """The keys of a table; of several kinds of table, those of the one of this name."""
    tables = [each for each in types if hasattr(each, "__struct_fields__")]
    named = [each for each in tables if each.__struct_config__.tag == name] if name is not None else []
    first = [str(each.__struct_config__.tag_field) for each in tables[:1] if each.__struct_config__.tag_field]
    return (*first, *dict.fromkeys(key for table in named or tables for key in table.__struct_fields__))


def _tags(types: list[Any]) -> tuple[str, ...]:
    """The names that distinguish kinds of tables."""
    return tuple(str(each.__struct_config__.tag) for each in types if hasattr(each, "__struct_fields__"))


def _named_at(place: str, tables: Any) -> object:
    """The name of the table at a place, where it has one that names its kind."""
    return _value_at(f"{place}.name", tables) if place else None


def _choices(types: list[Any]) -> tuple[str, ...]:
    """The words that a place allows."""
    words = (word for each in types if get_origin(each) is Literal for word in get_args(each))
    return tuple(dict.fromkeys(words))


def _types(place: str, kind: type[Table]) -> list[Any]:
    """The type of a place, and all the types that it is made of."""
    types: list[Any] = [kind]
    for key in re.findall(r"[a-z_]+", place):
        fields = [field for table in types if hasattr(table, "__struct_fields__") for field in structs.fields(table)]
        types = next((_parts(field.type) for field in fields if field.name == key), [])
    return types


def _parts(kind: Any) -> list[Any]:
    return [kind, *(part for argument in get_args(kind) for part in _parts(argument))]


def _value_at(place: str, tables: Any) -> str | int | float | bool | None:
    """The plain value at a place such as "training.learning_rate" or "network.layers[0]"; None if it is another."""
    value = _anything_at(place, tables)
    return value if isinstance(value, str | int | float) else None


def _anything_at(place: str, tables: Any) -> Any:
    """The value at a place, of whatever kind; None if there is none."""
    value = tables
    for key, index in re.findall(r"([A-Za-z_]+)|\[(\d+)\]", place):
        if isinstance(value, dict) and key in value:
            value = value[key]
        elif isinstance(value, list) and index and int(index) < len(value):
            value = value[int(index)]
        else:
            return None
    return value


def _setting(key: str) -> str | None:
    """A table of a function with this key, the one that needs the fewest others; None if no function has it."""
    from .rule_tables import OPTIMIZER_TABLES, SCHEDULE_TABLES

    functions = {"optimizer": OPTIMIZER_TABLES, "schedule": SCHEDULE_TABLES}
    written = [
        (len(others), f'[training] has {place} = {{ name = "{name}", {", ".join([*others, f"{key} = …"])} }}')
        for place, tables in functions.items()
        for name, table in tables.items()
        if key in table.__struct_fields__
        for others in [[f"{each.name} = …" for each in structs.fields(table) if each.required and each.name != key]]
    ]
    return min(written, key=lambda each: each[0])[1] if written else None


INNER = {
    "epsilon": '[training] has optimizer = { name = "adam", epsilon = … }',
    "epochs": "[training] has stop = { epochs = … }",
    "steps": "[training] has stop = { steps = … }",
    "patience": "[training] has stop = { patience = … }",
    "watch": "[training] has stop = { patience = …, watch = … }",
    "norm": "[training] has clip = { norm = … }",
    "value": "[training] has clip = { value = … }",
    "l1": "[training] has penalty = { l1 = … }",
    "l2": "[training] has penalty = { l2 = … }",
    "form": "[training] has penalty = { l2 = …, form = … }",
    "acts_on": "[training] has penalty = { l2 = …, acts_on = … }",
    "scheme": "[network] has init = { scheme = … }",
    "samples": "[data] has dataset = { samples = … }",
    "noise": "[data] has dataset = { noise = … }",
}
"""Keys of the tables within these."""
TOP = ("title", "summary", "source", "notation", "letters")
"""Keys before the first table."""
OF_A_LESSON = ("format", "lesson", "card")
"""Keys of another kind of file."""
IN_PLACE_OF_INIT = ("weights", "biases")


def home_of(key: str, place: str, kind: type[msgspec.Struct]) -> str | None:
    """Where a preset has a key that the table at a place does not know; None if nowhere."""
    from .schema import DataTable, NetworkTable, Preset, TrainingTable

    if kind is not Preset:
        return None
    if not place and key in OF_A_LESSON:
        return "it belongs to a lesson; nn-tui tour plays lessons"
    if place == "network.init" and key in IN_PLACE_OF_INIT:
        return f"{key} belongs in [network], instead of init"
    tables = {"network": NetworkTable, "training": TrainingTable, "data": DataTable}
    if table := next((name for name, each in tables.items() if key in each.__struct_fields__), None):
        return f"[{table}] has {key}"
    if key in TOP:
        return f"{key} belongs at the top of the file, before the first table"
    return None if "." in place else INNER.get(key) or _setting(key)
