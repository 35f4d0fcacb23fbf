"""The frame of a panel: its upper border has the names of the panels that share its region, and a remark."""

from collections.abc import Callable
from dataclasses import dataclass

from textual.content import Content
from textual.widget import Widget

from ..terminal.log import or_defect
from ..text.safe import safe

SEPARATOR = " │ "
EDGES = 6
"""Columns of an upper border that no text stands in: corners, a line beside each, and a blank within."""


@dataclass(frozen=True)
class Neighbours:
    """The titles of the panels that share a region with one, in the order of its tabs."""

    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()


class Frame:
    """The upper border of a panel."""

    def __init__(self, panel: Widget) -> None:
        """Begin with the panel alone in its region."""
        self._panel = panel
        self.neighbours = Neighbours()
        """The panels that share its region; set from above."""
        self._said: object = None

    def say(self, title: Callable[[], str], remark: Callable[[], str]) -> None:
        """Write into the border; Textual paints the whole panel anew, so only where it says something else."""
        panel, words = self._panel, (or_defect(title), or_defect(remark))
        now = (self.neighbours, words, title_width(panel), panel.has_focus)
        if now != self._said:
            self._said = now
            title_text, remark_text = map(safe, words)
            made = frame_title(self.neighbours, title_text, remark_text, title_width(panel), has_focus=panel.has_focus)
            panel.border_title = made.markup


def title_width(panel: Widget) -> int:
    """The columns that a text in a border may have."""
    return max(panel.size.width + panel.gutter.width - EDGES, 0)


def frame_title(neighbours: Neighbours, title: str, remark: str, width: int, *, has_focus: bool) -> Content:
    """The upper border's text: tabs, the one that is shown in bold; a line, and a remark where there is room for it."""
    before, after = neighbours.before, neighbours.after
    while after and _length((*before, title, *after)) > width:
        after = after[:-1]
    while before and _length((*before, title, *after)) > width:
        before = before[1:]
    parts: list[Content] = []
    for each in (*before, title, *after):
        style = "bold" if each == title else "$faint"
        parts += [Content.styled(SEPARATOR, "$frame")] if parts else []
        parts.append(Content.styled(each, style))
    left = width - _length((*before, title, *after)) - len(remark) - 2
    if remark and left > 0:
        line = Content.styled(f" {'─' * left} ", "$accent" if has_focus else "$frame")
        parts += [line, Content.styled(remark, "$accent" if remark.endswith("✓") else "$second")]
    return Content.assemble(*parts)


def tab_at(neighbours: Neighbours, title: str, column: int) -> str | None:
    """The title of a neighbour at a column of the upper border's text; None where there is none."""
    begin = 0
    for each in (*neighbours.before, title, *neighbours.after):
        if begin <= column < begin + len(each):
            return each if each != title else None
        begin += len(each) + len(SEPARATOR)
    return None


def say_below(panel: Widget, make: Callable[[], str]) -> None:
    """Write into the lower border; brackets are no markup there, as an index may stand in them."""
    if (text := Content(safe(or_defect(make))).markup) != panel.border_subtitle:
        panel.border_subtitle = text


def _length(titles: tuple[str, ...]) -> int:
    return sum(map(len, titles)) + len(SEPARATOR) * (len(titles) - 1)
