"""The rows of the picker's list, which fit themselves to its width."""

from collections.abc import Callable
from functools import partial

from rich.segment import Segment
from textual.css.styles import RulesMap
from textual.strip import Strip
from textual.style import Style
from textual.visual import RenderOptions, Visual

from ..text.numbers import count
from ..text.safe import cut, safe
from .picker_items import ItemKind, PickerItem

NAME, TITLE = 23, 14
"""Columns of a name with its margins, and the fewest columns of a title."""
NUMBER, MARGIN = 4, 1
"""Columns of the number of parameters, and those at its right."""
ABOVE_NUMBERS = " parameters "


class FittedRow(Visual):
    """A row of one line in some styles, which is written when its width is known."""

    def __init__(self, write: Callable[[int], tuple[str, ...]], styles: tuple[str, ...]) -> None:
        """Write the parts of the row, one for each style, by this function of its width."""
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


def group_row(group: str, *, names_numbers: bool = False) -> FittedRow:
    """The name of a group, above its items; it can name the numbers at their right end."""
    return FittedRow(partial(_heading, group, names_numbers), ("$second", "$ghost", "$second", "$ghost"))


def item_row(item: PickerItem) -> FittedRow:
    """The name, the title and the number of parameters, if they fit; the number has its place before it is known."""
    return FittedRow(partial(_row, item), ("", "dim"))


def _heading(group: str, names_numbers: bool, width: int) -> tuple[str, str, str, str]:
    free = width - len(group) - 1
    if not names_numbers or not _has_numbers(width):
        return f"{group} ", "─" * max(free, 0), "", ""
    return f"{group} ", "─" * max(free - len(ABOVE_NUMBERS) - MARGIN, 0), ABOVE_NUMBERS, "─" * MARGIN


def _row(item: PickerItem, width: int) -> tuple[str, str]:
    is_preset = item.kind is ItemKind.PRESET
    number = count(item.parameters) if is_preset and item.preset else ""
    name, title = f"  {safe(item.name)}", safe(item.title)
    if not _has_numbers(width):
        return name, ""
    name = f"{name[: NAME - 2]}…" if len(name) >= NAME else name
    columns = max(NUMBER, len(number) + 1)
    room = width - NAME - columns - MARGIN
    if room < TITLE:
        told = number if is_preset else title.partition(",")[0]
        free = width - len(name) - MARGIN
        return name, f"{cut(told, max(free - 1, 0)):>{free}}"
    return f"{name:<{NAME}}", f"{_cut(title, room):<{room}}{number:>{columns}}"


def _has_numbers(width: int) -> bool:
    return width >= NAME + NUMBER + MARGIN


def _cut(title: str, width: int) -> str:
    """A title, or as many of its words as fit."""
    if len(title) <= width:
        return title
    whole = title[:width].rpartition(" ")[0]
    return f"{whole.rstrip(',') or title[: width - 1]}…"
