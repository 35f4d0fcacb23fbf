"""Updates of the screen: only cells that differ from the terminal's are sent, and only codes that differ."""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from rich.color import ColorSystem
from rich.console import COLOR_SYSTEMS, Console
from rich.style import Style
from textual._compositor import ChopsUpdate, Compositor, LayoutUpdate
from textual.geometry import Region
from textual.strip import Strip

NEAR = 4
"""Equal cells between two different ones that are sent anyway, because moving the cursor takes as many bytes."""
ENDS = {"1": "22", "2": "22", "3": "23", "4": "24", "5": "25", "7": "27", "8": "28", "9": "29"}
"""The code that ends each mark."""
ON_BLANKS = ("4", "5", "7", "9", "21", "51", "52", "53")
"""Marks that are visible on blanks."""
MOST_INKS = 5000
"""The most styles whose codes are kept."""


class Ink(NamedTuple):
    """The codes of a style, in the three parts that a terminal changes separately."""

    marks: str = ""
    """Bold, underlined and the like."""
    front: str = ""
    ground: str = ""

    @property
    def is_on_blanks(self) -> bool:
        """Whether a blank shows more than its background."""
        return bool(self.marks) and not set(self.marks.split(";")).isdisjoint(ON_BLANKS)

    def codes(self, before: "Ink") -> str:
        """The codes that change another ink into this one."""
        if self == PLAIN:
            return "\x1b[m"
        parts: list[str] = []
        if self.marks != before.marks:
            if before.marks not in ("", *ENDS):
                return f"\x1b[0;{';'.join(filter(None, self))}m"
            parts += filter(None, (ENDS.get(before.marks), self.marks))
        if self.front != before.front:
            parts.append(self.front or "39")
        if self.ground != before.ground:
            parts.append(self.ground or "49")
        return f"\x1b[{';'.join(parts)}m"


PLAIN = Ink()


def ink_of(style: Style | None, colours: ColorSystem) -> Ink:
    """The codes of a style."""
    marks, front, ground = [], "", ""
    codes = iter(Strip.render_ansi(style, colours).split(";") if style else ())
    for code in filter(None, codes):
        if code in ("38", "48"):
            kind = next(codes)
            code = ";".join((code, kind, *(next(codes) for _ in range(1 if kind == "5" else 3))))
        number = int(code.partition(";")[0])
        if 30 <= number <= 39 or 90 <= number <= 97:
            front = code
        elif 40 <= number <= 49 or 100 <= number <= 107:
            ground = code
        else:
            marks.append(code)
    return Ink(";".join(marks), front, ground)


class ShownCells:
    """The known state of the terminal: the character and the ink of each cell."""

    def __init__(self) -> None:
        """Begin with nothing known."""
        self._rows: dict[int, tuple[list[str], list[Ink | None]]] = {}
        self._inks: dict[tuple[Style | None, bool], Ink] = {}
        self._colours = ColorSystem.TRUECOLOR

    def forget(self) -> None:
        """Forget everything, because something else may have been written."""
        self._rows.clear()

    def use(self, console: Console) -> None:
        """Write in the colours of a console."""
        colours = COLOR_SYSTEMS.get(console.color_system or "truecolor", ColorSystem.TRUECOLOR)
        if colours is not self._colours or len(self._inks) > MOST_INKS:
            self._colours, self._inks = colours, {}

    def ink(self, style: Style | None, *, is_blank: bool) -> Ink:
        """The codes of a style; for blanks, only the visible ones."""
        key = (style, is_blank)
        ink = self._inks.get(key)
        if ink is None:
            ink = ink_of(style, self._colours)
            if is_blank and not ink.is_on_blanks:
                ink = Ink(ground=ink.ground)
            self._inks[key] = ink
        return ink

    def row(self, y: int, width: int) -> tuple[list[str], list[Ink | None]]:
        """The cells of a row, at least this many."""
        characters, inks = self._rows.setdefault(y, ([], []))
        if (missing := width - len(characters)) > 0:
            characters += [""] * missing
            inks += [None] * missing
        return characters, inks


class Pen:
    """Writes an update."""

    def __init__(self, shown: ShownCells, console: Console) -> None:
        """Begin at an unknown position, without colours."""
        self._shown, self._console = shown, console
        self._written: list[str] = []
        self._ink = PLAIN
        self._x, self._y = 0, -1
        shown.use(console)

    @property
    def text(self) -> str:
        """The text for the terminal."""
        return "".join(self._written) + ("" if self._ink == PLAIN else "\x1b[m")

    def put(self, y: int, x: int, strip: Strip, first: int, last: int) -> None:
        """Write the columns of a strip at x, from one up to another."""
        if sum([len(segment.text) for segment in strip]) != strip.cell_length:
            self._put_wide(
                y, x, strip.crop(first - x, last - x) if x < first or x + strip.cell_length > last else strip
            )
            return
        characters, inks = self._shown.row(y, last)
        for text, style, _ in strip:
            begin, x = x, x + len(text)
            if x <= first:
                continue
            if begin >= last:
                break
            if begin < first or x > last:
                text = text[max(first - begin, 0) : last - begin]
                begin = max(begin, first)
            end = begin + len(text)
            new = list(text)
            ink = self._shown.ink(style, is_blank=text.isspace())
            inked = [ink] * len(new)
            if characters[begin:end] == new and inks[begin:end] == inked:
                continue
            for start, stop in stretches(characters[begin:end], inks[begin:end], new, ink):
                self._write(y, begin + start, text[start:stop], ink)
            characters[begin:end] = new
            inks[begin:end] = inked

    def _write(self, y: int, x: int, text: str, ink: Ink) -> None:
        """Write a text that the terminal does not show yet."""
        if (y, x) != (self._y, self._x):
            self._written.append(f"\x1b[{x - self._x}C" if y == self._y and x > self._x else f"\x1b[{y + 1};{x + 1}H")
        if text.isspace() and not self._ink.is_on_blanks:
            ink = ink if ink.is_on_blanks else self._ink._replace(ground=ink.ground)
        if ink != self._ink:
            self._written.append(ink.codes(self._ink))
            self._ink = ink
        self._written.append(text)
        self._y, self._x = y, x + len(text)

    def _put_wide(self, y: int, x: int, strip: Strip) -> None:
        """Write a line in which not every character is a cell; its cells are unknown afterwards."""
        end = x + strip.cell_length
        characters, inks = self._shown.row(y, end)
        characters[x:end], inks[x:end] = [""] * strip.cell_length, [None] * strip.cell_length
        self._written += (f"\x1b[m\x1b[{y + 1};{x + 1}H", strip.render(self._console))
        self._ink, self._y = PLAIN, -1


def stretches(old: list[str], inks: list[Ink | None], new: list[str], ink: Ink) -> Iterator[tuple[int, int]]:
    """The first cell of each run that differs from the terminal, and the cell after its last."""
    begin = end = -1
    for x, character in enumerate(new):
        if old[x] == character and inks[x] is ink:
            continue
        if begin >= 0 and x - end > NEAR:
            yield begin, end
            begin = x
        begin, end = begin if begin >= 0 else x, x + 1
    if begin >= 0:
        yield begin, end


class NarrowUpdate(ChopsUpdate):
    """An update of the cells that differ."""

    shown: ShownCells

    def render_segments(self, console: Console) -> str:
        """The text for the terminal."""
        pen = Pen(self.shown, console)
        for y, first, last in self.spans:
            for end, (x, strip) in zip(self.chop_ends[y], self.chops[y].items(), strict=False):
                if strip is not None and x < last and end > first:
                    pen.put(y, x, strip, max(first, x), min(end, last))
        return pen.text


class WholeUpdate(LayoutUpdate):
    """An update of the whole screen, after which its cells are known."""

    shown: ShownCells

    def render_segments(self, console: Console) -> str:
        """The text for the terminal."""
        self.shown.forget()
        pen = Pen(self.shown, console)
        for y, strips in enumerate(self.strips, self.region.y):
            x = self.region.x
            for strip in strips:
                pen.put(y, x, strip, x, x + strip.cell_length)
                x += strip.cell_length
        return pen.text


class NarrowCompositor(Compositor):
    """A compositor whose updates send only changes."""

    def __init__(self) -> None:
        super().__init__()
        self.shown = ShownCells()

    def render_full_update(self, simplify: bool = False) -> LayoutUpdate:
        """An update of the whole screen."""
        update = super().render_full_update(simplify)
        whole = WholeUpdate(update.strips, update.region)
        whole.shown = self.shown
        return whole

    def render_partial_update(self) -> ChopsUpdate | None:
        """An update of the changes since the last one."""
        update = super().render_partial_update()
        if update is None:
            return None
        narrow = NarrowUpdate(update.chops, update.spans, update.chop_ends)
        narrow.shown = self.shown
        return narrow

    def _render_chops(self, crop: Region, is_rendered_line: Callable[[int], bool]) -> Sequence[Mapping[int, Strip]]:
        """The strips of each line by their first column, each from the widget in front.

        A widget creates only lines that are drawn and not covered. A whole strip is not divided, because Textual's
        own would refer to itself then, and each would be garbage in a reference cycle.
        """
        chops: list[dict[int, Any]] = [dict.fromkeys(cuts[:-1]) for cuts in self.cuts]
        for widget, (region, clip) in self.visible_widgets.items():  # the widget in front comes first
            seen = region.intersection(clip)
            cuts: dict[int, list[int]] = {}
            for y in filter(is_rendered_line, seen.intersection(crop).line_range):
                own = self.cuts[y]  # in order
                own = own[bisect_left(own, seen.x) : bisect_right(own, seen.right)]
                if None in map(chops[y].get, own[:-1]):
                    cuts[y] = own
            if not cuts:
                continue
            first, last = min(cuts), max(cuts)
            strips = widget.render_lines(Region(seen.x - region.x, first - region.y, seen.width, last + 1 - first))
            for y, own in cuts.items():
                strip = strips[y - first]
                parts = [strip] if len(own) == 2 else strip.divide([cut - seen.x for cut in own[1:]])
                for cut, part in zip(own, parts, strict=False):
                    if chops[y][cut] is None:
                        chops[y][cut] = part
        return chops
