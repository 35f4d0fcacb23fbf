"""Verification: comparing printed numbers with computed ones, and finding one cause of all differences."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from math import isclose, isfinite, log2
from pathlib import Path
from typing import TypeAlias

import msgspec

from ..core.quantities.quantity import Kind, Quantity, When
from ..core.typed_number import quoted, shortened
from .alternatives import Alternative, Alternatives
from .errors import PresetError
from .first_wrong_figure import FigurePlace, PlacedFigure
from .printed_figures import CUT_OFF, matches_figure, printed_figure
from .schema import Preset, Published

ENOUGH = 8.0
"""Bits of evidence that make a cause a verdict."""
MOST_BITS = 20.0
"""The most bits of evidence that one number gives."""
MOST_TIED = 4
"""Causes of a tie that are named."""


class FigureVerdict(Enum):
    """The verdict on a figure."""

    AGREES = "agrees"
    EXPLAINED = "explained"
    """It agrees under a convention, as all figures do, or the preset says why it differs."""
    SLIP = "slip"
    """It agrees with one mistake or one other input, as all figures do."""
    FOLLOWS = "follows"
    """It agrees when computed from the figures before it, one of which is wrong."""
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
    alternatives = Alternatives(preset, folder)
    results = [_by_itself(alternatives, figure) for figure in preset.published]
    open_ones = [each for each in results if each.verdict is FigureVerdict.DISAGREES]
    said = _cause(alternatives, results, open_ones) if open_ones else _nothing
    for each in results:
        if each.verdict is FigureVerdict.DISAGREES:
            verdict, why = said(each.figure)
            yield replace(each, verdict=verdict, why=why)
        else:
            yield each


def _by_itself(alternatives: Alternatives, figure: Published) -> VerifiedFigure:
    try:
        computed = alternatives.own.value(Quantity.parse(figure.quantity), figure.step)
    except (IndexError, ValueError) as error:
        place = f"published {quoted(figure.quantity)}"
        raise PresetError(shortened(alternatives.preset.name), place, str(error)) from None
    if matches_figure(figure, computed):
        return VerifiedFigure(figure, computed, FigureVerdict.AGREES)
    if reason := printed_figure(figure).reason(computed):
        return VerifiedFigure(figure, computed, FigureVerdict.EXPLAINED, reason)
    return VerifiedFigure(figure, computed, FigureVerdict.DISAGREES)


Said: TypeAlias = Callable[[Published], tuple[FigureVerdict, str]]
"""The verdict on a figure, and the words for it."""


def _nothing(figure: Published) -> tuple[FigureVerdict, str]:
    return FigureVerdict.DISAGREES, ""


def _cause(alternatives: Alternatives, results: Sequence[VerifiedFigure], open_ones: Sequence[VerifiedFigure]) -> Said:
    """The verdicts on the open figures, and the words for each."""
    figures = sorted((each.figure for each in results if not each.figure.note), key=lambda figure: figure.step)
    levels: tuple[tuple[FigureVerdict, Callable[[], Iterable[Alternative]]], ...] = (
        (FigureVerdict.EXPLAINED, alternatives.conventions),
        (FigureVerdict.EXPLAINED, alternatives.two_conventions),
        (FigureVerdict.SLIP, alternatives.slips),
        (FigureVerdict.SLIP, lambda: alternatives.mistyped([each.figure for each in open_ones])),
    )
    tried: list[Alternative] = []
    for verdict, of_level in levels:
        level = [alternative for alternative in of_level() if alternative.is_usual]
        tried += level
        if passing := [
            alternative
            for alternative in level
            if all(_agrees(figure, alternative.number(figure)) for figure in figures)
        ]:
            if verdict is FigureVerdict.SLIP and len(open_ones) == 1:
                would = f"only one number differs; it would agree {_in_words(passing)}"
                share = _share_of_step(alternatives, [open_ones[0].figure], open_ones[0].figure)
                return _all(FigureVerdict.DISAGREES, f"{would}; {share}" if share else would)
            if _bits(open_ones) - log2(len(tried)) - min(alternative.price for alternative in passing) < ENOUGH:
                return _all(FigureVerdict.DISAGREES, f"too few digits to say: would agree {_in_words(passing)}")
            return lambda figure: (verdict, _with_cut_off(figure, passing))
    return _partly(alternatives, tried, open_ones) or _beside_the_figures_before(alternatives, figures)


def _all(verdict: FigureVerdict, why: str) -> Said:
    return lambda figure: (verdict, why)


def _with_cut_off(figure: Published, passing: Sequence[Alternative]) -> str:
    rounded = matches_figure(figure, passing[0].number(figure))
    return f"agrees {_in_words(passing)}" if rounded else f"agrees {_in_words(passing)}, and {CUT_OFF}"


def _partly(
    alternatives: Alternatives, tried: Sequence[Alternative], open_ones: Sequence[VerifiedFigure]
) -> Said | None:
    """The alternative that explains most of the open figures; None if it may do so by chance.

    It is a verdict if it is another input, and with this one a convention explains the others.
    """
    best: tuple[int, Alternative | None] = 0, None
    for alternative in tried:
        count = sum(
            _agrees(each.figure, alternative.number(each.figure))
            for each in open_ones
            if alternative.is_near(each.figure)
        )
        if count > best[0]:
            best = count, alternative
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
        more := _conventions_of_others(msgspec.structs.replace(found.preset, published=others), alternatives.folder)
    ):
        return lambda figure: (
            FigureVerdict.SLIP,
            f"agrees {found.words}" + ("" if is_explained(figure) or not more(figure) else f", and {more(figure)}"),
        )
    words = f"would agree {found.words}; that explains {explained} of {len(open_ones)}"
    return lambda figure: (FigureVerdict.DISAGREES, words if is_explained(figure) else "")


def _conventions_of_others(preset: Preset, folder: Path) -> Callable[[Published], str] | None:
    """The one convention with which all figures of a preset agree, in words for each; None if there is none.

    A figure that a source counts an update too early or too late may agree with that as well.
    """
    alternatives = Alternatives(preset, folder)
    open_ones = [
        each
        for figure in preset.published
        if (each := _by_itself(alternatives, figure)).verdict is FigureVerdict.DISAGREES
    ]
    one, two = list(alternatives.conventions()), list(alternatives.two_conventions())
    if _bits(open_ones) - log2(len(one)) < ENOUGH:
        return None
    for alternative in one:
        shifted = [
            each
            for each in (*one, *two)
            if each.training in (alternative.training, alternatives.own) and each.more_updates
        ]
        by_figure = {id(each.figure): _first_agreeing((alternative, *shifted), each.figure) for each in open_ones}
        plainly = sum(each is alternative for each in by_figure.values())
        if None not in by_figure.values() and 2 * plainly > len(open_ones):
            return lambda figure: getattr(by_figure.get(id(figure)), "words", "")
    return None


def _first_agreeing(alternatives: Iterable[Alternative], figure: Published) -> Alternative | None:
    return next((alternative for alternative in alternatives if _agrees(figure, alternative.number(figure))), None)


def _beside_the_figures_before(alternatives: Alternatives, figures: Sequence[Published]) -> Said:
    """Which figure is wrong itself, and which only follow from the ones before them."""
    placed = alternatives.placed(figures, _agrees)
    wrong = [each.figure for each in placed if each.place is FigurePlace.WRONG]
    other = alternatives.other_input_of(figures, wrong, _agrees, ENOUGH) if wrong else ""
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
            case FigurePlace.WRONG if found and found.computed != Alternative("", alternatives.own).number(figure):
                return FigureVerdict.DISAGREES, f"from the numbers before it: {found.computed:.{figure.decimals + 2}f}"
        return FigureVerdict.DISAGREES, _share_of_step(alternatives, wrong, figure)

    return said


def _from_before(found: PlacedFigure | None) -> str:
    rounded = f", rounded to {found.decimals} decimals" if found and found.decimals is not None else ""
    return f"with the printed numbers before it{rounded}"


def _agrees(figure: Published, computed: float) -> bool:
    return isfinite(computed) and (matches_figure(figure, computed) or printed_figure(figure).is_cut_off(computed))


def _share_of_step(alternatives: Alternatives, wrong: Sequence[Published], figure: Published) -> str:
    """In words, the ratio of the only wrong figure's change to the right one, if it is a parameter; else empty."""
    quantity = Quantity.parse(figure.quantity)
    if len(wrong) != 1 or quantity.kind not in (Kind.W, Kind.B) or quantity.when is not When.NOW or figure.step < 1:
        return ""
    now, before = (Alternative("", alternatives.own, more).number(figure) for more in (0, -1))
    if not isfinite(now - before) or now == before:
        return ""
    return f"its change in this step is {(figure.value - before) / (now - before):.4g} times the right one"


def _in_words(passing: Sequence[Alternative]) -> str:
    words = list(dict.fromkeys(alternative.words for alternative in passing))[:MOST_TIED]
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])}, or {words[-1]}{_deciding(passing)}"


def _deciding(passing: Sequence[Alternative]) -> str:
    """Which number of step 0 would decide a tie, in words; empty if neither the loss nor a gradient does."""
    for quantity in ("loss", "dw1[1,1]"):
        values = [
            alternative.number(Published(step=0, quantity=quantity, value=0.0, decimals=0)) for alternative in passing
        ]
        if not all(isclose(values[0], each, rel_tol=1e-6) for each in values[1:]):
            return f" ({quantity} of step 0 would decide)"
    return ""


def _bits(open_ones: Iterable[VerifiedFigure]) -> float:
    """The bits of evidence in the wrong figures: a wrong cause would have to match all their digits by chance."""
    total = 0.0
    for each in open_ones:
        distance = abs(each.figure.value - each.computed) / (0.5 * 10.0**-each.figure.decimals)
        total += min(log2(max(distance, 1.0)), MOST_BITS) if isfinite(distance) else MOST_BITS
    return total
