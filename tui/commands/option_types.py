"""Types of options that click lacks."""

from collections.abc import Callable, Iterable, Mapping
from math import inf
from pathlib import Path
from typing import Any, Protocol, get_args

import click
from click.shell_completion import CompletionItem

from ...core.suggestions import suggestion
from ...core.typed_number import float_of, quoted

MOST_DIGITS = 18
"""Of a whole number."""


class Described(Protocol):
    """A function with a description of one line."""

    @property
    def description(self) -> str:
        """That line."""


class NumberBetween(click.ParamType):  # type: ignore[type-arg]  # generic only from click 8.4 on
    """A number greater than one bound and less than another."""

    name = "number"

    def __init__(self, least: float, most: float, expected: str) -> None:
        """Take numbers between the bounds; errors say what was expected."""
        self._least = least
        self._most = most
        self._expected = expected

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """The number in a text."""
        number = float_of(str(value))
        if number is None and "," in str(value):
            self.fail(f"expected a point for decimals, as in 0.5, got {quoted(str(value))}", param, ctx)
        if number is None or not self._least < number < self._most:
            self.fail(f"expected {self._expected}, got {value}", param, ctx)
        return number


class WholeNumber(click.IntRange):
    """A whole number from one bound up, or up to another."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """The number in a text."""
        plain: Any = value if str(value).isascii() and "_" not in str(value) else ""
        try:
            return int(super().convert(plain, param, ctx))
        except click.BadParameter:
            bounds = f"from {self.min} up" if self.max is None else f"from {self.min} to {self.max}"
            self.fail(f"expected a whole number {bounds}, got {value}", param, ctx)


class OneOf(click.Choice[str]):
    """One of several names; an error suggests the name that is probably meant."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The name in a text."""
        if value in self.choices:
            return str(value)
        known = [str(choice) for choice in self.choices]
        expected = ", ".join(map(repr, known))
        self.fail(f"expected one of {expected}, got {quoted(value)}{suggestion(value, known)}", param, ctx)


class LateOneOf(OneOf):
    """One of several names, which are loaded only when needed."""

    def __init__(self, names: Callable[[], Iterable[str]]) -> None:
        """Take these names as they are written."""
        self.case_sensitive = True
        self._names = names

    @property
    def choices(self) -> tuple[str, ...]:  # type: ignore[override]
        """The names."""
        return tuple(self._names())


class FunctionName(LateOneOf):
    """The name of a function of a table; a shell that completes it says what each function is."""

    def __init__(self, table: Callable[[], Mapping[str, Described]]) -> None:
        """Take the names of this table."""
        super().__init__(table)
        self._table = table

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        """The names that begin so."""
        found = [(name, each) for name, each in self._table().items() if name.startswith(incomplete)]
        return [CompletionItem(name, help=each.description) for name, each in found]


class NameWithNumber(FunctionName):
    """The name of a function of a table, which may have a number in brackets, as leaky-relu(0.2)."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The name in a text; the checks of presets read a number in brackets."""
        return (
            value
            if value.endswith(")") and value.partition("(")[0] in self.choices
            else super().convert(value, param, ctx)
        )


class BatchSize(click.ParamType):  # type: ignore[type-arg]
    """A count of examples, or "all"."""

    name = "all|count"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str | int:
        """The size in a text."""
        if value == "all" or (str(value).isascii() and str(value).isdigit() and int(value) > 0):
            return value if value == "all" else int(value)
        self.fail(f'expected "all" or a number from 1 up, got {value}', param, ctx)


class SettingsType(click.ParamType):  # type: ignore[type-arg]
    """The keys of a table of a preset, as l2=0.01,biases=true; its first word may be a name, as cosine,epochs=50."""

    name = "settings"

    def __init__(self, *, has_name: bool) -> None:
        """Take settings of a table that has a name, or of one that has none."""
        self._has_name = has_name

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> dict[str, Any]:
        """The table in a text; the checks of presets read its keys."""
        parts = [each.strip() for each in str(value).split(",")]
        table: dict[str, Any] = {"name": parts.pop(0)} if self._has_name else {}
        for part in parts:
            key, equals, text = (each.strip() for each in part.partition("="))
            if not (key and equals and text):
                such_as = "cosine,epochs=50" if self._has_name else "l2=0.01,biases=true"
                self.fail(f"expected settings such as {such_as}, got {quoted(str(value))}", param, ctx)
            name = key.replace("-", "_")
            if name in table:
                self.fail(f"expected each setting once, got {quoted(key)} twice", param, ctx)
            table[name] = _value(text)
        return table


def _value(text: str) -> str | bool | int | float:
    """The value of a text in a preset."""
    if text in ("true", "false"):
        return text == "true"
    if text.isascii() and text.isdigit() and len(text) < MOST_DIGITS:
        return int(text)
    number = float_of(text)
    return text if number is None else number


class NumberList(click.ParamType):  # type: ignore[type-arg]
    """Numbers with commas between them."""

    name = "numbers"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> list[float]:
        """The numbers in a text."""
        numbers = [float_of(each.strip()) for each in str(value).split(",")]
        found = [each for each in numbers if each is not None]
        if len(found) < len(numbers):
            self.fail(f"expected numbers such as 1,5, got {quoted(str(value))}", param, ctx)
        return found


class Encoding(click.ParamType):  # type: ignore[type-arg]
    """The name of an encoding of text, as people write it: UTF-8, utf8, Latin1 or windows-1250."""

    name = "encoding"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The name that a preset has for it."""
        plain = str(value).strip().casefold().replace("_", "-").replace(" ", "-")
        for name in self._names():
            if plain in (name, name.replace("-", "", 1), name.replace("cp", "windows-", 1)):
                return name
        if plain in ("iso-8859-1", "l1"):
            return "latin-1"
        expected = "an encoding such as utf-8, utf-16, latin-1 or cp1250"
        self.fail(f"expected {expected}, got {quoted(str(value))}{suggestion(plain, self._names())}", param, ctx)

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        """The names that begin so."""
        return [CompletionItem(name) for name in self._names() if name.startswith(incomplete)]

    def _names(self) -> tuple[str, ...]:
        from ...presets.schema import EncodingName

        return get_args(EncodingName)


class FileName(click.Path):
    """The name of a file; a shell makes an empty text of a variable that is not set."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The name in a text, or its path."""
        if not value:
            self.fail("expected the name of a file, got an empty text", param, ctx)
        return super().convert(value, param, ctx)


class Target(click.ParamType):  # type: ignore[type-arg]
    """A preset's name, a file or a shape; a shell completes the first two."""

    name = "target"

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        """The files and the presets that begin so."""
        from ...presets.catalogue import builtin_names, user_names

        presets = [
            name for name in (*builtin_names(), *user_names()) if name.startswith(incomplete) and name.isprintable()
        ]
        # Files come first: bash forgets what was offered before them.
        return [CompletionItem(incomplete, type="file"), *map(CompletionItem, presets)]


class LessonName(click.ParamType):  # type: ignore[type-arg]
    """A lesson's name or its file; a shell completes both."""

    name = "lesson"

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        """The files and the lessons that begin so."""
        from ...presets.lessons.lesson_list import lesson_names

        names = [name for name in lesson_names() if name.startswith(incomplete)]
        return [CompletionItem(incomplete, type="file"), *map(CompletionItem, names)]


AT_LEAST_0, AT_LEAST_1 = WholeNumber(min=0), WholeNumber(min=1)
LEARNING_RATE = NumberBetween(0, inf, "a number > 0")
SHARE = NumberBetween(0, 1, "a number between 0 and 1")
BATCH_SIZE = BatchSize()
FILE_NAME, FILE_PATH = FileName(), FileName(path_type=Path)
TARGET = Target()
LESSON = LessonName()
