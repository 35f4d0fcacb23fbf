"""The presets that one can choose from, with what there is to know of each."""

from functools import cache
from typing import NamedTuple

from ..presets.catalogue import find, folder_of, names, own_names
from ..presets.errors import PresetError
from ..presets.examples import examples
from ..presets.own import path_of
from ..presets.reader import read
from ..presets.schema import Preset
from .text.numbers import count
from .text.safe import safe
from .text.summary import data_text

MOST_BYTES = 5_000_000
"""Larger files are not read only to count their rows."""


class Entry(NamedTuple):
    """A preset in a list."""

    target: str
    preset: Preset | None
    """None where it is broken."""
    is_own: bool
    fault: str = ""
    """What is wrong with it."""

    @property
    def words(self) -> str:
        """What a filter looks into."""
        if self.preset is None:
            return f"{self.target} own broken".casefold()
        preset = self.preset
        words = (self.target, preset.title, preset.source, preset.training.loss, "own" if self.is_own else "")
        return " ".join(words).casefold()

    def fits(self, text: str) -> bool:
        """Whether it has every word of a filter."""
        return all(word in self.words for word in text.casefold().split())


def entries() -> list[Entry]:
    """The presets that come with nn-tui, then a person's own."""
    return [*(_entry(name, is_own=False) for name in names()), *(_entry(name, is_own=True) for name in own_names())]


def examples_of(entry: Entry) -> str:
    """How many examples a preset has; of a file that cannot be used, what is wrong."""
    if entry.preset is None:
        return ""
    try:
        return _counted(entry.target, entry.preset.data.file) or data_text(entry.preset.data)
    except PresetError as error:
        return safe(str(error))


@cache
def _counted(target: str, file: str | None) -> str:
    """The rows of a file; nothing where there is none that can be read at once."""
    path = folder_of(target) / file if file else None
    if path is None or not path.is_file() or path.stat().st_size > MOST_BYTES:
        return ""
    train, test = examples(find(target), folder_of(target))
    held_out = f", {count(len(test))} of them held out" if test else ""
    return f"{count(len(train) + (len(test) if test else 0))} examples{held_out}"


def _entry(name: str, *, is_own: bool) -> Entry:
    try:
        return Entry(name, read(path_of(name)) if is_own else find(name), is_own)
    except PresetError as error:
        return Entry(name, None, is_own, str(error))
