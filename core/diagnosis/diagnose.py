"""The one cause of wrong numbers: the smallest change of the computation under which every figure is right.

No figure is explained by itself. The first wrong figure shows which operations can be wrong; a cause in one of them
counts only if all figures agree with it, and if they have enough digits to rule out chance.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from math import log2

import numpy as np

from .backward_slips import DZ_SLIPS, HIDDEN_SLIPS, OUTPUT_SLIPS
from .cause import Variant
from .computation import Computation, Rounding
from .conventions import CONVENTIONS
from .figures import Figures
from .forward_slips import FORWARD_SLIPS
from .gradient_slips import GRADIENT_SLIPS, UPDATE_SLIPS
from .judgement import FigureState, Judged, Judgement, in_single_precision, rounded_to
from .mistyped_input import MistypedInput, mistyped_inputs
from .update_inputs import Figure, UpdateInputs

ENOUGH = 8.0
"""Bits of evidence that make a cause a verdict: one in 256 wrong figures would fit it by chance."""
ENOUGH_OF_ONE = 12.0
"""Bits of evidence that a single number needs."""
MOST_BITS = 20.0
"""The most bits of evidence that one number gives."""
MOST_JUDGEMENTS = 4000
"""Judgements after which the search for two causes ends."""
CAUSES = (*CONVENTIONS, *FORWARD_SLIPS, *OUTPUT_SLIPS, *DZ_SLIPS, *HIDDEN_SLIPS, *GRADIENT_SLIPS, *UPDATE_SLIPS)
"""All causes; if several explain the figures, they are named in this order.

A new cause is one more entry of one of these lists. Its functions vary the computation itself, so that one entry
explains wrong figures and can also run a whole training with the slip in it.
"""


class Certainty(Enum):
    """How sure a diagnosis is."""

    SURE = "sure"
    ASKED = "asked"
    """Only one number shows the cause, so the user is asked."""
    THIN = "thin"
    """The numbers have too few digits to be sure."""


@dataclass(frozen=True, eq=False)
class Diagnosis:
    """The verdict on a set of figures."""

    figures: tuple[Judged, ...]
    first_wrong: Judged | None = None
    variants: tuple[Variant, ...] = ()
    """Each explains all figures; several are a tie."""
    mistyped: tuple[MistypedInput, ...] = ()
    """Inputs each of which explains all figures with another value."""
    same_rate: MistypedInput | None = None
    """The learning rate that would give the same update as the causes, if they only scale the update."""
    rounding: str = ""
    """In words, the rounding of intermediate results that explains the figures; empty if none does."""
    certainty: Certainty = Certainty.SURE
    bits: float = 0.0
    deciding: Figure | None = None
    """The figure that would decide a tie."""
    ratio: float | None = None
    """The ratio of every wrong number of the first wrong figure to the right one; None if they differ."""

    @property
    def agrees(self) -> bool:
        """Whether nothing is wrong except rounding."""
        return self.first_wrong is None or bool(self.rounding)

    @property
    def is_explained(self) -> bool:
        """Whether one cause explains all that is wrong, with enough evidence."""
        return bool(self.variants or self.mistyped) and self.certainty is Certainty.SURE

    def count(self, state: FigureState) -> int:
        """How many figures are in a state."""
        return sum(each.state is state for each in self.figures)


def diagnose(setting: UpdateInputs, figures: Figures, *, one_of: int = 1, is_short: bool = False) -> Diagnosis:
    """Find where figures first go wrong, and the one cause of it.

    Args:
        setting: the inputs of the update.
        figures: the user's arrays, by their names.
        one_of: the number of settings that are tried, since each could explain the figures by chance.
        is_short: whether to look for a single cause of the catalogue alone.
    """
    judged = tuple(Judgement(setting, figures).figures())
    wrong = [each for each in judged if each.state is FigureState.WRONG]
    if all(each.state is FigureState.AGREES for each in judged):
        return Diagnosis(judged)
    rounding = _rounding(setting, figures)
    if not wrong or rounding:
        return Diagnosis(judged, wrong[0] if wrong else None, rounding=rounding or "rounded on the way")
    first = wrong[0]
    candidates = _candidates(setting, figures, first.figure, None)
    passing, possible = _passing(setting, figures, candidates, {each.figure for each in judged if each not in wrong})
    bits = _evidence(wrong, setting.batch) - log2(max(possible, 1)) - log2(one_of)
    mistyped: tuple[MistypedInput, ...] = ()
    same_rate: MistypedInput | None = None
    if not passing and is_short:
        return Diagnosis(judged, first, ratio=_ratio(first))
    if not passing:
        mistyped = tuple(mistyped_inputs(setting, figures, wrong))
    elif all(_is_factor_of_update(each) for each in passing):
        same_rate = next(mistyped_inputs(setting, figures, wrong, rates_only=True), None)
    if not passing and not mistyped:
        passing, tried = _two_causes(setting, figures, first, candidates)
        bits = _evidence(wrong, setting.batch) - log2(max(tried, 1))
    if mistyped and not passing:
        bits = _evidence(wrong, setting.batch) - min(each.price for each in mistyped)
    if not passing and not mistyped:
        return Diagnosis(judged, first, ratio=_ratio(first))
    return Diagnosis(
        judged,
        first,
        tuple(passing),
        mistyped,
        same_rate,
        certainty=_certainty(wrong, bits),
        bits=bits,
        deciding=_deciding(setting, figures, passing),
        ratio=_ratio(first),
    )


def _rounding(setting: UpdateInputs, figures: Figures) -> str:
    """In words, the rounding with which all figures agree; empty if there is none."""
    decimals = {each.decimals for each in figures.values() if each.decimals is not None}
    ways: list[tuple[str, Rounding]] = [("computed in single precision", in_single_precision)]
    for most in sorted(decimals):
        ways += [(f"rounded to {places} decimals on the way", rounded_to(places)) for places in (most, most + 1)]
    for words, rounding in ways:
        if all(each.state is FigureState.AGREES for each in Judgement(setting, figures, rounding=rounding).figures()):
            return words
    return ""


def _candidates(setting: UpdateInputs, figures: Figures, first: Figure, given: Variant | None) -> list[Variant]:
    """The causes that can change the first wrong figure, each in each of its sets of layers."""
    ran = Judgement(setting, figures, given).operations_of(first)
    return [
        variant
        for cause in CAUSES
        for variant in cause.variants(setting)
        if any(variant.acts_on(operation) for operation in ran)
    ]


def _passing(
    setting: UpdateInputs, figures: Figures, candidates: Sequence[Variant], right: Collection[Figure] = ()
) -> tuple[list[Variant], int]:
    """The causes under which no figure is wrong, and the number of causes that could be among them by chance.

    If all figures agree under some causes, only those. Chance leaves out causes that make a right figure wrong.
    """
    passing, agreeing, possible = [], [], 0
    for each in candidates:
        states = Judgement(setting, figures, each).states()
        if FigureState.WRONG not in states.values():
            passing.append(each)
            if set(states.values()) == {FigureState.AGREES}:
                agreeing.append(each)
        possible += list(states)[-1] not in right or each in passing
    return _one_of_each(agreeing or passing), possible


def _one_of_each(passing: Sequence[Variant]) -> list[Variant]:
    """Each cause once, in its widest set of layers: the others differ in layers where it changes nothing."""
    return list({tuple(cause for cause, _ in each.causes): each for each in reversed(passing)}.values())[::-1]


def _two_causes(
    setting: UpdateInputs, figures: Figures, first: Judged, candidates: Sequence[Variant]
) -> tuple[list[Variant], int]:
    """Pairs of causes that explain all figures, and how many pairs there are to choose from."""
    order = {figure: place for place, figure in enumerate(setting.figures_to_bring())}
    pairs: list[Variant] = []
    tried = 0
    for one in candidates:
        if tried > MOST_JUDGEMENTS:
            break
        tried += 1
        second = Judgement(setting, figures, one).first_wrong()
        if second is None or order[second.figure] <= order[first.figure]:
            continue
        for two in _candidates(setting, figures, second.figure, one):
            tried += 1
            if two.causes[0][0] is not one.causes[0][0]:
                pairs.append(one + two)
    return _passing(setting, figures, pairs)[0], tried


def _evidence(wrong: Sequence[Judged], batch: int) -> float:
    """The bits of evidence in the wrong numbers: a wrong cause would have to match each of them by chance."""
    return sum(bits for each in wrong for bits in _bits(each, batch))


def _bits(judged: Judged, batch: int) -> Iterator[float]:
    """The bits of each wrong number; a batch of m examples gives each row of dW only m independent numbers."""
    with np.errstate(all="ignore"):
        distance = np.abs(judged.theirs.values - judged.from_theirs) / judged.theirs.allowed(judged.from_theirs)
    distance = np.where(judged.wrong & np.isfinite(distance), np.maximum(distance, 1.0), 1.0)
    bits = np.minimum(np.log2(distance), MOST_BITS)
    if judged.figure.name in ("dW", "W_next", "change_W"):
        bits = -np.sort(-bits, axis=1)[:, :batch]
    yield from (float(each) for each in bits.ravel() if each > 0.0)


def _certainty(wrong: Sequence[Judged], bits: float) -> Certainty:
    if bits < ENOUGH:
        return Certainty.THIN
    single = sum(int(each.wrong.sum()) for each in wrong) == 1
    return Certainty.ASKED if single and bits < ENOUGH_OF_ONE else Certainty.SURE


def _is_factor_of_update(variant: Variant) -> bool:
    """Whether a cause acts in the update alone, so that another learning rate may do the same."""
    return all(set(cause.at) <= {"W_next", "b_next"} for cause, _ in variant.causes)


def _deciding(setting: UpdateInputs, figures: Figures, tied: Sequence[Variant]) -> Figure | None:
    """The first figure that was not given and that differs between the tied causes."""
    if len(tied) < 2:
        return None
    runs = [Computation(setting, each) for each in tied]
    with np.errstate(all="ignore"):
        for figure in setting.figures():
            if figure not in figures:
                values = [run.get(*figure) for run in runs]
                if not all(np.allclose(values[0], each, rtol=1e-6, atol=0.0) for each in values[1:]):
                    return figure
    return None


def _ratio(first: Judged) -> float | None:
    """The common ratio of the wrong numbers of a figure to the right ones; None if there is none."""
    wrong = first.wrong & (first.from_theirs != 0.0)
    if wrong.sum() < 2 or (first.wrong & (first.from_theirs == 0.0)).any():
        return None
    with np.errstate(all="ignore"):
        ratios = (first.theirs.values / first.from_theirs)[wrong]
        play = (first.theirs.allowed(first.from_theirs) / np.abs(first.from_theirs))[wrong]
    ratio = float(ratios[int(np.argmin(play))])
    return ratio if np.isfinite(ratio) and bool((np.abs(ratios - ratio) <= 2.0 * play).all()) else None
