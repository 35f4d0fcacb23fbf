"""The legend of the plane: its two sides, and the meaning of its marks."""

import re
from collections.abc import Sequence

from msgspec import Struct

from ..data_names import DataNames
from ..numbers import short
from ..safe import cut
from ..spans import Line, Span, label
from ..style_names import CLASSES
from .bounds import Bounds
from .marks import SWATCH, Marks

LOW_AND_HIGH = {"○": 0, "●": 1, "◇": 0, "◆": 1}
"""The class of each glyph."""
LONGEST_NAME = 12


class PlaneLegend(Struct, frozen=True, eq=False):
    """The lines below a plane."""

    names: DataNames
    sides: tuple[Bounds, Bounds]
    marks: Sequence[Marks]
    """The marks of the training examples, and of the held-out examples."""
    width: int
    lines: int
    """The available lines."""
    has_dots: bool
    """Whether examples are dots."""
    is_winner: bool
    """Whether the winning class of several outputs is drawn."""

    def page(self) -> list[Line]:
        """The two sides of the picture, and the marks: a line for each set of examples if there is room."""
        texts = [
            f"{arrow}{cut(self.names.input(n), LONGEST_NAME)} {_rough(side.least)} to {_rough(side.greatest)}"
            for n, (arrow, side) in enumerate(zip("→↑", self.sides, strict=True))
        ]
        sides = texts if self.lines > 1 else ["  ".join(texts)]
        if self.has_dots and self.lines > 1 and not self.is_winner:
            return self._of_dots("  ".join(text[1:] for text in texts))
        sides = [self._fitting(side) for side in sides[: self.lines]]
        told = [marked.texts() for marked in self.marks]
        if len(sides) == 2 and len(told) == 1 and (apart := self._apart(sides, told[0])):
            told = apart
        return [self._line(side, texts) for side, texts in zip(sides, [*told, ()], strict=False)]

    def _apart(self, sides: Sequence[str], texts: Sequence[str]) -> list[tuple[str, ...]]:
        """The longest text that fits beside the first side, or in two parts beside both."""
        above, below = (self.width - len(side) - 2 for side in sides)
        for text in texts:
            meaning, gap, tally = text.rpartition("  ")
            if len(text) <= above:
                return [(text,)]
            if gap and len(meaning) <= above and len(tally) <= below:
                return [(meaning,), (tally,)]
        return []

    def _of_dots(self, sides: str) -> list[Line]:
        """The meaning of dots and crosses, and below it the two sides, with held-out examples at the right."""
        train, *others = self.marks
        above = self._with_dots(next((each for each in train.texts() if len(each) <= self.width), ""))
        few = f"{others[0].few} held out" if others else ""
        short = re.sub(" of .* held", " held", few)
        narrow = sides.replace(" to ", "..")
        arrows = re.sub(r"(^|  )\S+ ", lambda found: " ↑" if found[1] else "→", narrow)
        every = (
            [
                (sides, f"{few} misclassified"),
                *((left, few) for left in (sides, narrow)),
                (narrow, short),
                (arrows, few),
            ]
            if few
            else []
        )
        fitting = ((left, right) for left, right in every if len(left) + 2 + len(right) <= self.width)
        left, right = next(fitting, (self._fitting(sides), ""))
        return [above, [label(left), label(right.rjust(max(self.width - len(left), 0)))]]

    def _line(self, side: str, texts: Sequence[str]) -> Line:
        """A side at the left, and the first text that fits at the right."""
        room = self.width - len(side) - 2
        text = next((each for each in texts if len(each) <= room), "")
        blank = Span(" " * max(room + 2 - len(text), 0))
        return [label(side), blank, *(self._with_dots(text) if self.has_dots or self.is_winner else [label(text)])]

    def _fitting(self, sides: str) -> str:
        """The two sides, or as many whole ones as fit."""
        shorter = sides.replace(" to ", "..")
        return next((each for each in (sides, shorter, shorter.partition("  ")[0]) if len(each) <= self.width), "")

    @staticmethod
    def _with_dots(text: str) -> list[Span]:
        """The words of marks, with dots instead of the marks of both classes."""
        spans: list[Span] = []
        for n, each in enumerate(text):
            if each == SWATCH:
                spans += [Span(each, (f"class{text[:n].count(SWATCH) % CLASSES}",))]
            elif each in LOW_AND_HIGH:
                spans += [Span("⣿", (f"point-{LOW_AND_HIGH[each]}",))]
            else:
                spans += [label(each)]
        return spans


def _rough(value: float) -> str:
    return short(float(f"{value:.2g}"))
