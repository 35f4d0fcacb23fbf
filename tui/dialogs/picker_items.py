"""The items of the picker: tours, presets, sessions, a new network and a file, in groups.

The list shows first what the names and the heads of files say; then each item is read whole.
"""

from collections.abc import Iterator
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from ...presets.errors import PresetError
from ...presets.lessons.lesson_list import lesson_minutes, lesson_names
from ...presets.sessions.autosave import Autosave, autosaves
from ...presets.user import builtin_groups, builtin_path, title_in_head, user_names, user_path
from ..text.numbers import ago, count

if TYPE_CHECKING:
    from ...presets.schema import Preset
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
    title: str = ""
    is_whole: bool = False
    """Whether its file has been read whole, or it has none."""
    preset: "Preset | None" = None
    """The preset of the item; None if it has none, if that is broken, or before it is read."""
    parameters: int = 0
    """The number of parameters of that preset."""
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
            case ItemKind.SESSION if self.group == START:
                return "Resume last session"
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
        verb = "resume" * (self.kind is ItemKind.SESSION)
        return " ".join((self.name, self.title, self.group, self.place, verb, *of_preset)).casefold()


def picker_items() -> list[PickerItem]:
    """All items, group by group; a session that crashed comes first, and the newest of the others is in two groups."""
    sessions = [session_item(each) for each in autosaves()]
    crashed = [each for each in sessions if each.group == CRASHED]
    ended = [each for each in sessions if each.group == SESSIONS]
    tours = [_tour(name) for name in lesson_names()]
    groups = builtin_groups()
    first = [_builtin(name, START) for name in groups.pop(START)]
    others = [_builtin(name, group) for group, names in groups.items() for name in names]
    return [
        *crashed,
        *tours[:1],
        *first,
        *tours[1:],
        *(replace(each, group=START, title=each.target) for each in ended[:1]),
        *others,
        *(_own(name) for name in user_names()),
        PickerItem(ItemKind.NEW, OWN, "", "ctrl+n", is_whole=True),
        PickerItem(ItemKind.FILE, OWN, "", "ctrl+o", is_whole=True),
        *ended,
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
    """The item of a kept session, before it is read."""
    group = CRASHED if each.has_crashed else SESSIONS
    when = f"{'crashed ' * each.has_crashed}{ago(each.seconds)}"
    return PickerItem(ItemKind.SESSION, group, each.name, session=each.path, place=when)


def _tour(name: str) -> PickerItem:
    is_first = name == lesson_names()[0]
    title = f"{'' if is_first else 'Tour, '}{lesson_minutes(name)} minutes"
    return PickerItem(ItemKind.TOUR, START, name, title)


def _builtin(name: str, group: str) -> PickerItem:
    return PickerItem(ItemKind.PRESET, group, name, title_in_head(builtin_path(name)))


def _own(name: str) -> PickerItem:
    return PickerItem(ItemKind.PRESET, OWN, name, title_in_head(user_path(name)))


def whole(item: PickerItem) -> PickerItem:
    """The item with what its file says, or why that is broken."""
    if item.is_whole:
        return item
    try:
        found = _read_session(item) if item.session else _read(item)
    except PresetError as error:
        title = f"damaged, {item.place}" if item.session else "broken"
        return replace(item, is_whole=True, title=title, place=title * bool(item.session), fault=str(error))
    if found.preset is None:
        return found
    from ..text.preset_summary import parameter_count

    return replace(found, parameters=parameter_count(found.preset.network))


def _read(item: PickerItem) -> PickerItem:
    """The item of a tour or a preset."""
    from ...presets.catalogue import STDIN, find
    from ...presets.preset_file import read_preset

    if item.kind is ItemKind.TOUR:
        from ...presets.lessons.lesson_file import find_lesson, own_preset

        lesson = find_lesson(item.target)
        return replace(item, is_whole=True, preset=find(lesson.preset) if lesson.preset else own_preset(lesson))
    preset = read_preset(user_path(item.target)) if item.group == OWN else find(item.target)
    if preset.data.file == STDIN:
        what = f"its data comes from the standard input, so open it as in nn-tui train {item.target} < FILE"
        raise PresetError(str(user_path(item.target)), what)
    return replace(item, is_whole=True, preset=preset, title=preset.title)


def _read_session(item: PickerItem) -> PickerItem:
    from ...presets.sessions.session import session_summary

    assert item.session
    found = session_summary(item.session)
    place = f"{_place(found)}, {item.place}"
    title = f"{found.preset.name}, {place}" if item.group == START else place
    return replace(item, is_whole=True, target=found.preset.name, title=title, preset=found.preset, place=place)


def _place(of: "SessionSummary") -> str:
    return f"step {count(of.step)}" + f", branch {of.branch} of {of.branches}" * (of.branches > 1)
