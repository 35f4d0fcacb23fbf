"""Verification: the figures that a source prints against computed ones, and the one cause of a difference."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from math import isclose, isfinite, log2
from pathlib import Path
from typing import TypeAlias

import msgspec

from ..core.quantities.quantity import Kind, Quantity, When
from ..core.typed_number import quoted, shortened
from .errors import PresetError
from .first_wrong_figure import FigurePlace, PlacedFigure
from .printed_figures import matches_figure
from .schema import Preset, Published
from .ways import Way, Ways

CUT_OFF = "if truncated instead of rounded"
ENOUGH = 8.0
"""Bits of evidence from which on a cause is a verdict."""
MOST_BITS = 20.0
"""The most that one figure counts."""
MOST_TIED = 4
"""Causes of a tie that are named."""


class FigureVerdict(Enum):
    """The verdict on a figure."""

    AGREES = "agrees"
    EXPLAINED = "explained"
    """It agrees under a convention that all figures agree under, or the preset says why it differs."""
    SLIP = "slip"
    """It agrees with one slip, or from one other input, as all figures do."""
    FOLLOWS = "follows"
    """It agrees with what the figures before it lead to, of which one is wrong."""
    DISAGREES = "disagrees"


@dataclass(frozen=True, slots=True)
class VerifiedFigure:
    """A published figure beside the computed one."""

    figure: Published
    computed: float
    verdict: FigureVerdict
    why: str = ""
    """The cause with which it agrees, or the reason that the preset gives."""


def verify(preset: Preset, folder: Path) -> Iterator[VerifiedFigure]:
    """Compare every published figure of a preset; a difference is explained by one cause for all figures.

    Raises:
        PresetError: a figure names a quantity that the network does not have.
    """
    ways = Ways(preset, folder)
    results = [_by_itself(ways, figure) for figure in preset.published]
    open_ones = [each for each in results if each.verdict is FigureVerdict.DISAGREES]
    said = _cause(ways, results, open_ones) if open_ones else _nothing
    for each in results:
        if each.verdict is FigureVerdict.DISAGREES:
            verdict, why = said(each.figure)
            yield replace(each, verdict=verdict, why=why)
        else:
            yield each


def cut_off(figure: Published, computed: float) -> bool:
    """Whether a figure is the computed number without its further decimals."""
    unit, more = 10.0**-figure.decimals, abs(computed) - abs(figure.value)
    return computed * figure.value > 0 and -1e-6 * unit <= more < unit


def _by_itself(ways: Ways, figure: Published) -> VerifiedFigure:
    try:
        computed = ways.own.value(Quantity.parse(figure.quantity), figure.step)
    except (IndexError, ValueError) as error:
        place = f"published {quoted(figure.quantity)}"
        raise PresetError(shortened(ways.preset.name), place, str(error)) from None
    if matches_figure(figure, computed):
        return VerifiedFigure(figure, computed, FigureVerdict.AGREES)
    if figure.note:
        return VerifiedFigure(figure, computed, FigureVerdict.EXPLAINED, figure.note)
    if cut_off(figure, computed):
        return VerifiedFigure(figure, computed, FigureVerdict.EXPLAINED, f"agrees {CUT_OFF}")
    return VerifiedFigure(figure, computed, FigureVerdict.DISAGREES)


Said: TypeAlias = Callable[[Published], tuple[FigureVerdict, str]]
"""The verdict on a figure, and the words for it."""


def _nothing(figure: Published) -> tuple[FigureVerdict, str]:
    return FigureVerdict.DISAGREES, ""


def _cause(ways: Ways, results: Sequence[VerifiedFigure], open_ones: Sequence[VerifiedFigure]) -> Said:
    """The verdicts on the open figures, and the words for each."""
    figures = sorted((each.figure for each in results if not each.figure.note), key=lambda figure: figure.step)
    levels: tuple[tuple[FigureVerdict, Callable[[], Iterable[Way]]], ...] = (
        (FigureVerdict.EXPLAINED, ways.conventions),
        (FigureVerdict.EXPLAINED, ways.two_conventions),
        (FigureVerdict.SLIP, ways.slips),
        (FigureVerdict.SLIP, lambda: ways.mistyped([each.figure for each in open_ones])),
    )
    tried: list[Way] = []
    for verdict, of_level in levels:
        level = [way for way in of_level() if way.is_usual]
        tried += level
        if passing := [way for way in level if all(_agrees(figure, way.number(figure)) for figure in figures)]:
            if verdict is FigureVerdict.SLIP and len(open_ones) == 1:
                would = f"only one number differs; it would agree {_by_ways(passing)}"
                share = _share_of_step(ways, [open_ones[0].figure], open_ones[0].figure)
                return _all(FigureVerdict.DISAGREES, f"{would}; {share}" if share else would)
            if _bits(open_ones) - log2(len(tried)) - min(way.price for way in passing) < ENOUGH:
                return _all(FigureVerdict.DISAGREES, f"too few digits to say: would agree {_by_ways(passing)}")
            return lambda figure: (verdict, _with_cut_off(figure, passing))
    return _partly(ways, tried, open_ones) or _beside_the_figures_before(ways, figures)


def _all(verdict: FigureVerdict, why: str) -> Said:
    return lambda figure: (verdict, why)


def _with_cut_off(figure: Published, passing: Sequence[Way]) -> str:
    rounded = matches_figure(figure, passing[0].number(figure))
    return f"agrees {_by_ways(passing)}" if rounded else f"agrees {_by_ways(passing)}, and {CUT_OFF}"


def _partly(ways: Ways, tried: Sequence[Way], open_ones: Sequence[VerifiedFigure]) -> Said | None:
    """The way that explains the most of the open figures; None where it may do so by chance.

    It is a verdict if it is another input, and with this one a convention explains the others.
    """
    best: tuple[int, Way | None] = 0, None
    for way in tried:
        count = sum(_agrees(each.figure, way.number(each.figure)) for each in open_ones if way.is_near(each.figure))
        if count > best[0]:
            best = count, way
    explained, found = best
    if found is None:
        return None

    def is_explained(figure: Published) -> bool:
        return found.is_near(figure) and _agrees(figure, found.number(figure))

    bits = _bits(each for each in open_ones if is_explained(each.figure))
    if bits - log2(len(tried)) - found.price < ENOUGH or 2 * explained < len(open_ones):
        return None
    others = [each.figure for each in open_ones if not is_explained(each.figure)]
    if found.preset and (
        more := _conventions_of_others(msgspec.structs.replace(found.preset, published=others), ways.folder)
    ):
        return lambda figure: (
            FigureVerdict.SLIP,
            f"agrees {found.words}" + ("" if is_explained(figure) or not more(figure) else f", and {more(figure)}"),
        )
    words = f"would agree {found.words}; that explains {explained} of {len(open_ones)}"
    return lambda figure: (FigureVerdict.DISAGREES, words if is_explained(figure) else "")


def _conventions_of_others(preset: Preset, folder: Path) -> Callable[[Published], str] | None:
    """The one convention with which all figures of a preset agree, in words for each; None where there is none.

    A figure that a source counts an update too early or too late may agree with that as well.
    """
    ways = Ways(preset, folder)
    open_ones = [
        each for figure in preset.published if (each := _by_itself(ways, figure)).verdict is FigureVerdict.DISAGREES
    ]
    one, two = list(ways.conventions()), list(ways.two_conventions())
    if _bits(open_ones) - log2(len(one)) < ENOUGH:
        return None
    for way in one:
        shifted = [each for each in (*one, *two) if each.course in (way.course, ways.own) and each.more_updates]
        by_figure = {id(each.figure): _first_agreeing((way, *shifted), each.figure) for each in open_ones}
        plainly = sum(each is way for each in by_figure.values())
        if None not in by_figure.values() and 2 * plainly > len(open_ones):
            return lambda figure: getattr(by_figure.get(id(figure)), "words", "")
    return None


def _first_agreeing(ways: Iterable[Way], figure: Published) -> Way | None:
    return next((way for way in ways if _agrees(figure, way.number(figure))), None)


def _beside_the_figures_before(ways: Ways, figures: Sequence[Published]) -> Said:
    """Which figure is wrong itself, and which only follow from the ones before them."""
    placed = ways.placed(figures, _agrees)
    wrong = [each.figure for each in placed if each.place is FigurePlace.WRONG]
    other = ways.other_input_of(figures, wrong, _agrees, ENOUGH) if wrong else ""
    by_figure = {id(each.figure): each for each in placed}

    def said(figure: Published) -> tuple[FigureVerdict, str]:
        found = by_figure.get(id(figure))
        match found.place if found else None:
            case FigurePlace.CARRIED:
                return FigureVerdict.EXPLAINED, f"agrees {_from_before(found)}"
            case FigurePlace.FOLLOWS:
                return FigureVerdict.FOLLOWS, f"follows from {wrong[0].quantity}: agrees {_from_before(found)}"
            case FigurePlace.WRONG if other:
                return FigureVerdict.SLIP, f"agrees if {other}"
            case FigurePlace.WRONG if found and found.computed != Way("", ways.own).number(figure):
                return FigureVerdict.DISAGREES, f"from the numbers before it: {found.computed:.{figure.decimals + 2}f}"
        return FigureVerdict.DISAGREES, _share_of_step(ways, wrong, figure)

    return said


def _from_before(found: PlacedFigure | None) -> str:
    rounded = f", rounded to {found.decimals} decimals" if found and found.decimals is not None else ""
    return f"with the printed numbers before it{rounded}"


def _agrees(figure: Published, computed: float) -> bool:
    return isfinite(computed) and (matches_figure(figure, computed) or cut_off(figure, computed))


def _share_of_step(ways: Ways, wrong: Sequence[Published], figure: Published) -> str:
    """How large the step to the only wrong figure is, where it is an updated parameter, in words; else empty."""
    quantity = Quantity.parse(figure.quantity)
    if len(wrong) != 1 or quantity.kind not in (Kind.W, Kind.B) or quantity.when is not When.NOW or figure.step < 1:
        return ""
    now, before = (Way("", ways.own, more).number(figure) for more in (0, -1))
    if not isfinite(now - before) or now == before:
        return ""
    return f"its change in this step is {(figure.value - before) / (now - before):.4g} times the right one"


def _by_ways(passing: Sequence[Way]) -> str:
    words = list(dict.fromkeys(way.words for way in passing))[:MOST_TIED]
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])}, or {words[-1]}{_deciding(passing)}"


def _deciding(passing: Sequence[Way]) -> str:
    """Which number of step 0 tells tied causes apart, in words; empty where the loss and a gradient do not."""
    for quantity in ("loss", "dw1[1,1]"):
        values = [way.number(Published(step=0, quantity=quantity, value=0.0, decimals=0)) for way in passing]
        if not all(isclose(values[0], each, rel_tol=1e-6) for each in values[1:]):
            return f" ({quantity} of step 0 would decide)"
    return ""


def _bits(open_ones: Iterable[VerifiedFigure]) -> float:
    """How much the figures say: a cause by chance would have to hit the digits of each."""
    total = 0.0
    for each in open_ones:
        distance = abs(each.figure.value - each.computed) / (0.5 * 10.0**-each.figure.decimals)
        total += min(log2(max(distance, 1.0)), MOST_BITS) if isfinite(distance) else MOST_BITS
    return total
