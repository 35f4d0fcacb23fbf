"""The rows of the picker's list, which fit themselves to its width."""

from collections.abc import Callable
from functools import partial

from rich.segment import Segment
from textual.css.styles import RulesMap
from textual.strip import Strip
from textual.style import Style
from textual.visual import RenderOptions, Visual

from ..text.numbers import count
from ..text.safe import safe
from .picker_items import ItemKind, PickerItem

NAME, TITLE = 21, 14
"""Columns of a name, and the fewest columns of a title."""
NUMBER = 6
"""Columns of the number of parameters."""


class FittedRow(Visual):
    """A row of one line in two styles, which is written when its width is known."""

    def __init__(self, write: Callable[[int], tuple[str, str]], styles: tuple[str, str]) -> None:
        """Write the two parts of the row by this function of its width."""
        self.write, self._styles = write, styles

    def render_strips(self, width: int, height: int | None, style: Style, options: RenderOptions) -> list[Strip]:
        """The line."""
        looks = [(style + options.get_style(each)).rich_style for each in self._styles]
        strip = Strip(map(Segment, self.write(width), looks))
        return [strip.adjust_cell_length(width, style.rich_style)]

    def get_optimal_width(self, rules: RulesMap, container_width: int) -> int:
        """All the columns that there are."""
        return container_width

    def get_height(self, rules: RulesMap, width: int) -> int:
        """One line."""
        return 1


def group_row(group: str) -> FittedRow:
    """The name of a group, above its items."""
    return FittedRow(partial(_heading, group), ("$second", "$ghost"))


def item_row(item: PickerItem) -> FittedRow:
    """The name, the title and the number of parameters, if they fit; the number has its place before it is known."""
    return FittedRow(partial(_row, item), ("", "dim"))


def _heading(group: str, width: int) -> tuple[str, str]:
    return f"{group} ", "─" * max(width - len(group) - 1, 0)


def _row(item: PickerItem, width: int) -> tuple[str, str]:
    is_preset = item.kind is ItemKind.PRESET
    number = count(item.parameters) if is_preset and item.preset else ""
    name, title = f"  {safe(item.name)}", safe(item.title)
    if width < NAME + NUMBER:
        return name, ""
    room = width - NAME - 3 - NUMBER
    if room < TITLE:
        told = number if is_preset else title.partition(",")[0]
        free = width - len(name) - 2
        return name, f"{told[:free]:>{free + 1}}"
    if len(title) > room:  # the preview has the number too
        room, number = room + NUMBER, ""
    told = f"{_cut(title, room):<{room}}{f' {number:>{NUMBER - 1}}' if number else ''}"
    return f"{name:<{NAME + 2}}", told


def _cut(title: str, width: int) -> str:
    """A title, or as many of its words as fit."""
    if len(title) <= width:
        return title
    whole = title[:width].rpartition(" ")[0]
    return f"{whole.rstrip(',') or title[: width - 1]}…"
