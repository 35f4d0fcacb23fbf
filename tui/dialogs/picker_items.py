"""The items of the picker: tours, presets, sessions, a new network and a file, in groups."""

from collections.abc import Iterator
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

from ...presets.catalogue import find, user_names
from ...presets.errors import PresetError
from ...presets.lessons.lesson_file import find_lesson, lesson_names, own_preset
from ...presets.preset_file import read_preset
from ...presets.schema import Preset
from ...presets.sessions.autosave import Autosave, autosaves
from ...presets.user import builtin_groups, user_path
from ..text.numbers import ago, count

if TYPE_CHECKING:
    from ...presets.sessions.session import SessionSummary

START, OWN, SESSIONS, CRASHED = "Start here", "Your own", "Sessions", "Resume after a crash"
"""Names of groups."""


class ItemKind(Enum):
    """The kind of an item."""

    TOUR = "tour"
    PRESET = "preset"
    SESSION = "session"
    NEW = "new"
    FILE = "file"


class PickerItem(Struct, frozen=True, eq=False):
    """A row of the picker."""

    kind: ItemKind
    group: str
    target: str
    """The name to open, if it has one."""
    title: str
    preset: Preset | None = None
    """The preset of the item; None if it has none, or if that is broken."""
    is_own: bool = False
    fault: str = ""
    """The error of a broken preset."""
    session: Path | None = None
    """The session file."""
    place: str = ""
    """The position and the age of the session."""

    @property
    def name(self) -> str:
        """The name in the row."""
        match self.kind:
            case ItemKind.TOUR:
                return "Take the tour" if self.target == lesson_names()[0] else self.target
            case ItemKind.NEW:
                return "New network …"
            case ItemKind.FILE:
                return "Open a file …"
            case _:
                return self.target

    def fits(self, text: str) -> bool:
        """Whether it contains every word of a filter."""
        return all(word in self._words for word in text.casefold().split())

    @property
    def _words(self) -> str:
        """The text that a filter searches."""
        preset = self.preset
        of_preset = (preset.title, preset.source, preset.training.loss) if preset else ()
        return " ".join((self.name, self.title, self.group, self.place, *of_preset)).casefold()


def picker_items() -> list[PickerItem]:
    """All items, group by group; a session that crashed comes first."""
    sessions = [session_item(each) for each in autosaves()]
    crashed = [each for each in sessions if each.group == CRASHED]
    tours = [_tour(name) for name in lesson_names()]
    groups = builtin_groups()
    first = [_preset(name, START) for name in groups.pop(START)]
    shipped = [_preset(name, group) for group, names in groups.items() for name in names]
    return [
        *crashed,
        *tours[:1],
        *first,
        *tours[1:],
        *shipped,
        *(_preset(name, OWN) for name in user_names()),
        PickerItem(ItemKind.NEW, OWN, "", "ctrl+n"),
        PickerItem(ItemKind.FILE, OWN, "", "ctrl+o"),
        *(each for each in sessions if each.group == SESSIONS),
    ]


def best_fit(items: list[PickerItem], text: str) -> PickerItem | None:
    """The first item with a name, or whose name begins with it or contains it; otherwise the first item."""
    word = text.casefold().strip()

    def rank(item: PickerItem) -> int:
        name = item.name.casefold()
        return 0 if name == word else 1 if name.startswith(word) else 2 if word in name else 3

    return min(items, key=rank, default=None)


def grouped(items: list[PickerItem]) -> Iterator[str | PickerItem]:
    """The items, with the name of each group before its first one."""
    group = ""
    for item in items:
        if item.group != group:
            group = item.group
            yield group
        yield item


def session_item(each: Autosave) -> PickerItem:
    """The item of a kept session."""
    from ...presets.sessions.session import session_summary

    group = CRASHED if each.has_crashed else SESSIONS
    when = f"{'crashed ' * each.has_crashed}{ago(each.seconds)}"
    try:
        found = session_summary(each.path)
    except PresetError as error:
        place = f"damaged, {when}"
        return PickerItem(ItemKind.SESSION, group, each.name, place, None, False, str(error), each.path, place)
    place = f"{_place(found)}, {when}"
    return PickerItem(ItemKind.SESSION, group, found.preset.name, place, found.preset, session=each.path, place=place)


def _place(of: "SessionSummary") -> str:
    return f"step {count(of.step)}" + f", branch {of.branch} of {of.branches}" * (of.branches > 1)


def _tour(name: str) -> PickerItem:
    lesson = find_lesson(name)
    preset = find(lesson.preset) if lesson.preset else own_preset(lesson)
    is_first = name == lesson_names()[0]
    title = f"{'' if is_first else 'Tour, '}{lesson.lesson.minutes} minutes"
    return PickerItem(ItemKind.TOUR, START, name, title, preset)


def _preset(name: str, group: str) -> PickerItem:
    is_own = group == OWN
    try:
        preset = read_preset(user_path(name)) if is_own else find(name)
    except PresetError as error:
        return PickerItem(ItemKind.PRESET, group, name, "broken", is_own=is_own, fault=str(error))
    return PickerItem(ItemKind.PRESET, group, name, preset.title, preset, is_own)
