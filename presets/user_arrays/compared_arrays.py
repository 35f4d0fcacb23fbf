"""Comparing the user's arrays with the right ones, computed from the user's weights if these differ."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from ...core.diagnosis.computation import Computation
from ...core.diagnosis.diagnose import Diagnosis, diagnose
from ...core.diagnosis.figures import Figures
from ...core.diagnosis.judgement import FigureState, Judgement
from ...core.diagnosis.update_inputs import Figure, UpdateInputs
from ...core.functions.arrays import Array
from ...core.steps.events import BackwardPass
from ...core.steps.state import State
from ...core.training.trainer import Trainer
from .array_names import RecognizedArrays, recognize_arrays
from .named_arrays import NamedArrays

ROUNDED = (1, 2, 3, 4, 5, 6)
"""Decimals to which the user may have rounded the preset's weights."""


@dataclass(frozen=True, eq=False)
class ComparedArrays:
    """The user's arrays, and the diagnosis of them."""

    arrays: RecognizedArrays
    diagnosis: Diagnosis
    step: int
    own_start: UpdateInputs | None = None
    """The update from the user's weights, if these differ from the preset's."""


@np.errstate(all="ignore")
def compared(
    arrays: NamedArrays, trainer: Trainer, state: State, before: BackwardPass | None = None, layout: str = "auto"
) -> ComparedArrays:
    """Compare arrays with those of the update that follows a state.

    Args:
        arrays: by the names that people use.
        trainer: of the training.
        state: where the update begins.
        before: the gradients of the previous update, if there was one.
        layout: how W is laid out, one of LAYOUTS.

    Raises:
        ValueError: a name is unknown, or an array cannot have the shape that its name asks for.
    """
    setting = UpdateInputs.of(trainer, state, (before.dW, before.db) if before else None)
    theirs = recognize_arrays(arrays, setting, layout)
    own = None
    if found := _their_start(setting, theirs.figures):
        own, whose = found
        start = recognize_arrays(arrays, own, layout)
        note = f"Your weights are {whose}: everything is computed from yours."
        theirs, setting = replace(start, notes=(*start.notes, note)), own
    diagnosis = diagnose(setting, theirs.figures)
    if not own and not (diagnosis.agrees or diagnosis.is_explained):
        if better := _rounded_start(setting, theirs.figures, diagnosis):
            decimals, own, diagnosis = better
            rounded = f"rounded to {decimals} decimals: more numbers agree that way."
            note = f"Everything is computed from the preset's weights, {rounded}"
            theirs = replace(theirs, notes=(*theirs.notes, note))
    return ComparedArrays(theirs, diagnosis, state.step, own)


def _their_start(setting: UpdateInputs, figures: Figures) -> tuple[UpdateInputs, str] | None:
    """The update from the user's weights, and how these differ from the preset's; None if they do not."""
    given = {figure: each for figure, each in figures.items() if figure.name == "W" and each.is_finite}
    right = Computation(setting)
    off = sum(
        int((np.abs(each.values - right.get(*figure)) > each.allowed(right.get(*figure))).sum())
        for figure, each in given.items()
    )

    def start(letter: str, ours: tuple[Array, ...]) -> tuple[Array, ...]:
        own = (figures.get(Figure(letter, n)) for n in range(1, setting.layers + 1))
        return tuple(
            theirs.values if theirs and theirs.is_finite else array for theirs, array in zip(own, ours, strict=True)
        )

    own = replace(setting, W=start("W", setting.W), b=start("b", setting.b))
    if off >= 2 and 2 * off > sum(each.values.size for each in given.values()):
        return own, "not those of the preset"
    if given and not off and _agreeing(own, figures) > _agreeing(setting, figures):
        return own, "those of the preset, rounded"
    return None


def _rounded_start(
    setting: UpdateInputs, figures: Figures, diagnosis: Diagnosis
) -> tuple[int, UpdateInputs, Diagnosis] | None:
    """The update from rounded weights, their decimals, and the diagnosis of it; None if that is no better.

    It is better if more figures agree, or if a cause explains them that have none without it.
    """
    if any(figure.name in ("W", "b") for figure in figures):
        return None
    starts = {decimals: _rounded(setting, decimals) for decimals in reversed(ROUNDED)}
    least, best = _agreeing(setting, figures), max(starts, key=lambda each: _agreeing(starts[each], figures))
    if _agreeing(starts[best], figures) > least:
        return best, starts[best], diagnose(starts[best], figures)
    if diagnosis.variants or diagnosis.mistyped:
        return None
    for decimals, start in starts.items():
        found = diagnose(start, figures, one_of=len(starts), is_short=True)
        if found.is_explained:
            return decimals, start, found
    return None


def _rounded(setting: UpdateInputs, decimals: int) -> UpdateInputs:
    W, b = (tuple(np.round(each, decimals) for each in arrays) for arrays in (setting.W, setting.b))
    return replace(setting, W=W, b=b)


def _agreeing(setting: UpdateInputs, figures: Figures) -> int:
    return sum(each.state is FigureState.AGREES for each in Judgement(setting, figures).figures())
