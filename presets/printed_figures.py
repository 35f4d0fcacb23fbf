"""Printed figures: the numbers that a preset's source prints, or the user's own, by quantity and step."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from functools import cached_property
from typing import Self

from msgspec import Struct, field, structs

from ..core.quantities.quantity import OF_AN_EXAMPLE, Kind, Quantity, When
from .schema import Published

FEW_BITS = 4.0 * 2.0**-52
"""Relative tolerance for a number that a source prints with all digits of a float64."""
OF_THE_BATCH_TOO = (Kind.LOSS, Kind.DW, Kind.DB)
"""Kinds that belong to an example if one is named, and otherwise to the batch."""
CUT_OFF = "if truncated instead of rounded"
"""The reason for a figure that is cut off, in words."""


class PrintedFigure(Struct, frozen=True):
    """A number as the source prints it."""

    text: str
    value: float
    decimals: int
    note: str = ""
    """Why the source prints a wrong number, if known; it may have several lines."""
    follows: bool = False
    """Whether it only follows from other wrong numbers."""
    half: float | None = None
    """How far the computed number may differ, if not half a unit of the last decimal."""

    def agrees(self, computed: float) -> bool:
        """Whether the computed number, rounded to as many digits, is the printed one."""
        # Slightly more than the rounding itself, for the last bits of both.
        half = 0.5 * 10.0**-self.decimals if self.half is None else self.half
        return abs(computed - self.value) <= half * (1.0 + 1e-6) + FEW_BITS * abs(self.value)

    def is_cut_off(self, computed: float) -> bool:
        """Whether it is the computed number without its further decimals."""
        unit, more = 10.0**-self.decimals, abs(computed) - abs(self.value)
        return self.half is None and computed * self.value > 0 and -1e-6 * unit <= more < unit

    def reason(self, computed: float) -> str:
        """Why it differs from the computed number; empty if that is not known."""
        return self.note or (f"agrees {CUT_OFF}" if self.is_cut_off(computed) else "")

    def style(self, computed: float) -> str:
        """The name of the style of its mark."""
        if self.agrees(computed):
            return "agrees"
        return "kink" if self.follows or self.is_cut_off(computed) else "wrong"

    def mark(self, computed: float) -> str:
        """✓ where the computed number agrees, else ✗."""
        return "✓" if self.agrees(computed) else "✗"


class PrintedFigures(Struct, frozen=True, eq=False, dict=True):
    """The numbers that a source prints of a training, or the user's own numbers."""

    _figures: Mapping[tuple[Quantity, int], PrintedFigure] = field(default_factory=dict)
    are_users: bool = False
    """Whether they are the user's own numbers, which the screen calls "yours"."""

    @classmethod
    def of(cls, published: Iterable[Published]) -> Self:
        """The numbers of a preset, whose quantities have been checked."""
        named = ((_place(Quantity.parse(each.quantity), each.step), printed_figure(each)) for each in published)
        return cls(dict(named))

    @classmethod
    def of_user(cls, figures: Iterable[tuple[Quantity, PrintedFigure]], step: int) -> Self:
        """The user's numbers of a step."""
        return cls({_place(quantity, step): figure for quantity, figure in figures}, are_users=True)

    @property
    def heading(self) -> str:
        """The heading above them."""
        return "yours" if self.are_users else "printed"

    def legend(self, styles: Collection[str]) -> str:
        """What the marks of these styles mean."""
        parts = {
            "agrees": "✓ as yours" if self.are_users else "✓ as printed",
            "wrong": "✗ not" if "kink" in styles else "✗ differs",
            "kink": "yellow ✗ only follows" if self.are_users else "yellow ✗ explained",
        }
        return ", ".join(text for style, text in parts.items() if style in styles)

    def remark(self, figure: PrintedFigure, computed: float) -> str:
        """A number in words, and whether it agrees with the computed one."""
        if self.are_users:
            return f"yours: {figure.text} {figure.mark(computed)}"
        return f"{figure.text} as printed ✓" if figure.agrees(computed) else f"printed: {figure.text} ✗"

    def __bool__(self) -> bool:
        return bool(self._figures)

    def at(self, quantity: Quantity, step: int) -> PrintedFigure | None:
        """What the source prints for a quantity at a step; None if it prints nothing."""
        return self._figures.get(_place(quantity, step)) if self._figures else None

    def of_step(self, step: int) -> Iterator[tuple[Quantity, PrintedFigure]]:
        """Everything that the source prints of a step."""
        return ((quantity, each) for (quantity, of), each in self._figures.items() if of == step)

    def by_step(self, quantity: Quantity) -> dict[int, PrintedFigure]:
        """What the source prints for a quantity, by step."""
        return self._by_step.get(_place(quantity, 0)[0], {})

    @cached_property
    def _by_step(self) -> dict[Quantity, dict[int, PrintedFigure]]:
        """Of each quantity its figures by step."""
        by_step: dict[Quantity, dict[int, PrintedFigure]] = {}
        for (quantity, step), each in sorted(self._figures.items(), key=_step):
            by_step.setdefault(quantity, {})[step] = each
        return by_step

    def before(self, step: int) -> Self:
        """The numbers of earlier steps; after an edit, the training no longer is the source's."""
        return structs.replace(self, _figures={place: each for place, each in self._figures.items() if place[1] < step})


NO_FIGURES = PrintedFigures()


class UserNumbers(Struct, frozen=True, eq=False):
    """The user's numbers for a training, and their diagnosis."""

    figures: PrintedFigures
    first_wrong: Quantity | None
    """The worst number of the first wrong array; None if none is wrong."""
    verdict: str
    """The verdict on them in a few words."""
    lines: tuple[str, ...]
    """The verdict on them in sentences."""


def matches_figure(figure: Published, computed: float) -> bool:
    """Whether a published figure is the computed number, rounded to its decimals."""
    return printed_figure(figure).agrees(computed)


def printed_figure(published: Published) -> PrintedFigure:
    """A number of a preset's source as the screen shows it."""
    text = f"{published.value:.{published.decimals}f}".replace("-", "−")
    return PrintedFigure(text, published.value, published.decimals, published.note, follows=bool(published.note))


def _place(quantity: Quantity, step: int) -> tuple[Quantity, int]:
    """A quantity has one place, however it is named: the next weight of step 0 is the weight of step 1."""
    if quantity.kind in OF_AN_EXAMPLE and quantity.kind not in OF_THE_BATCH_TOO:
        quantity = replace(quantity, example=quantity.row)
    step += {When.LAST: -1, When.NOW: 0, When.NEXT: 1}[quantity.when]
    return quantity.at(When.NOW), step


def _step(item: tuple[tuple[Quantity, int], PrintedFigure]) -> int:
    return item[0][1]
