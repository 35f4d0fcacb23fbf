"""The user's arrays as marks beside computed numbers, and the diagnosis of each wrong number."""

from collections.abc import Iterator

import numpy as np

from ...core.diagnosis.judgement import FigureState, Judged
from ...core.diagnosis.varied_training import number_at
from ...core.quantities.quantity import Quantity
from ...presets.printed_figures import PrintedFigure, PrintedFigures, UserNumbers
from ...presets.user_arrays.compared_arrays import ComparedArrays
from .diagnosis_text import array_name, cause_lines, diagnosis_lines, largest_fault, where_wrong
from .numbers import plain

MOST_DECIMALS = 6
"""The decimals of a number that is written in full."""


def user_numbers(found: ComparedArrays) -> UserNumbers:
    """The user's numbers by quantity, with the notes of the diagnosis."""
    figures = (each for judged in found.diagnosis.figures for each in _figures(judged, found))
    first = None if found.diagnosis.rounding else found.diagnosis.first_wrong
    return UserNumbers(
        PrintedFigures.of_user(figures, found.step),
        number_at(first.figure, largest_fault(first)) if first else None,
        f"your first wrong number is {array_name(first.figure, found.arrays)}" if first else "your numbers agree",
        tuple(diagnosis_lines(found.diagnosis, found.arrays)),
    )


def _figures(judged: Judged, found: ComparedArrays) -> Iterator[tuple[Quantity, PrintedFigure]]:
    theirs, note = judged.theirs, "\n".join(_note(judged, found))
    allowed = theirs.allowed(judged.right)
    decimals = MOST_DECIMALS if theirs.decimals is None else theirs.decimals
    follows = judged.state is not FigureState.WRONG
    for index in np.argwhere(theirs.given).tolist() if theirs.values.shape else [()]:
        place = tuple(index)
        value = float(theirs.values[place])
        half = float(np.broadcast_to(allowed, theirs.values.shape)[place])
        yield (
            number_at(judged.figure, place),
            PrintedFigure(plain(value, decimals), value, decimals, note, follows, half),
        )


def _note(judged: Judged, found: ComparedArrays) -> Iterator[str]:
    """The note on a wrong number of an array."""
    first = found.diagnosis.first_wrong
    if judged.state is FigureState.AGREES or first is None or found.diagnosis.rounding:
        return
    name, first_name = (array_name(each.figure, found.arrays) for each in (judged, first))
    if judged.state is FigureState.WRONG:
        yield from (each.partition(" This explains ")[0] for each in cause_lines(found.diagnosis, found.arrays))
        kind = "the first wrong array" if judged is first else f"wrong too, after {first_name}"
        yield f"{name} is {kind}{where_wrong(judged)}."
    elif judged.state is FigureState.CARRIED:
        yield f"{name} differs only because your earlier numbers are rounded."
    else:
        yield f"{name} follows from {first_name}: computed from your own earlier numbers, it agrees."
    yield from found.arrays.notes
