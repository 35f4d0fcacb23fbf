"""What one can choose from: the presets and the last session, with what there is to know of each."""

from functools import cache
from pathlib import Path
from typing import NamedTuple, TypeAlias

from ...core.training.classes import Classes, classes_of
from ...core.training.dataset import Dataset
from ...presets.catalogue import builtin_names, find, folder_of, user_names
from ...presets.errors import PresetError
from ...presets.examples import examples
from ...presets.preset_file import read_preset
from ...presets.schema import Preset
from ...presets.sessions.autosave import Autosave, autosaves
from ...presets.sessions.session import SessionSummary, session_summary
from ...presets.user import user_path
from ..text.numbers import ago, count
from ..text.picture.data_picture import data_picture
from ..text.preset_summary import data_text
from ..text.safe import safe

Data: TypeAlias = tuple[Dataset, Dataset | None]
MOST_BYTES = 5_000_000
"""Larger files are not read only to be told about."""


class PickerItem(NamedTuple):
    """A preset, or a session of one, in a list."""

    target: str
    preset: Preset | None
    """None where it is broken."""
    is_own: bool
    fault: str = ""
    """What is wrong with it."""
    session: Path | None = None
    """The file of the session."""
    place: str = ""
    """Where the session was left, and when."""

    @property
    def words(self) -> str:
        """What a filter looks into."""
        if self.session:
            return f"{self.target} go on last session".casefold()
        if self.preset is None:
            return f"{self.target} own broken".casefold()
        preset = self.preset
        words = (self.target, preset.title, preset.source, preset.training.loss, "own" if self.is_own else "")
        return " ".join(words).casefold()

    def fits(self, text: str) -> bool:
        """Whether it has every word of a filter."""
        return all(word in self.words for word in text.casefold().split())


def picker_items() -> list[PickerItem]:
    """The last session, the presets that come with nn-tui, then a person's own."""
    return [
        *map(entry_of, autosaves()[:1]),
        *(_entry(name, is_own=False) for name in builtin_names()),
        *(_entry(name, is_own=True) for name in user_names()),
    ]


def entry_of(each: Autosave) -> PickerItem:
    """A session that was kept, as it can be chosen."""
    when = f"{'broken off ' * each.has_crashed}{ago(each.seconds)}"
    try:
        found = session_summary(each.path)
    except PresetError as error:
        return PickerItem(each.name, None, False, str(error), each.path, f"damaged, {when}")
    return PickerItem(found.preset.name, found.preset, False, session=each.path, place=f"{_place(found)}, {when}")


def _place(of: SessionSummary) -> str:
    return f"step {count(of.step)}" + f", branch {of.branch} of {of.branches}" * (of.branches > 1)


def examples_of(entry: PickerItem) -> str:
    """How many examples a preset has; of a file that cannot be used, what is wrong."""
    if entry.preset is None:
        return ""
    if entry.session:
        return data_text(entry.preset.data)
    try:
        return _counted(entry) or data_text(entry.preset.data)
    except PresetError as error:
        return safe(str(error))


def picture_of(entry: PickerItem, width: int, height: int) -> list[str]:
    """The data as a small picture; nothing where it cannot be had at once."""
    try:
        found = _data(entry)
    except PresetError:  # examples_of says what is wrong
        return []
    return data_picture(found[0], _classes(entry, found), width, height) if found else []


def _classes(entry: PickerItem, found: Data) -> Classes | None:
    """What the targets of a preset are."""
    assert entry.preset
    network, targets = entry.preset.network, [data.y for data in found if data]
    last = network.activations if isinstance(network.activations, str) else network.activations[-1]
    return classes_of(entry.preset.training.loss, last, targets)


def _counted(entry: PickerItem) -> str:
    """The rows of a file; nothing where there is none that can be read at once."""
    found = _data(entry) if entry.preset and entry.preset.data.file else None
    if not found:
        return ""
    train, test = found
    held_out = f", {count(len(test))} of them held out" if test else ""
    origin = f"; {safe(train.origin)}" if train.origin else ""
    return f"{count(len(train) + (len(test) if test else 0))} examples{held_out}{origin}"


def _data(entry: PickerItem) -> Data | None:
    """What there is to train on and to test on; None where it would take long."""
    if entry.preset is None:
        return None
    if entry.session:
        return examples(entry.preset, folder_of(entry.target))
    file = entry.preset.data.file
    path = folder_of(entry.target) / file if file else None
    return None if path and path.is_file() and path.stat().st_size > MOST_BYTES else _read(entry.target)


@cache
def _read(target: str) -> Data:
    return examples(find(target), folder_of(target))


def _entry(name: str, *, is_own: bool) -> PickerItem:
    try:
        return PickerItem(name, read_preset(user_path(name)) if is_own else find(name), is_own)
    except PresetError as error:
        return PickerItem(name, None, is_own, str(error))
