"""Judging each figure: it agrees, it follows from a wrong earlier one, or it is wrong itself."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from functools import cached_property

import numpy as np
import numpy.typing as npt

from ..functions.arrays import Array
from .cause import Variant
from .computation import Computation, Rounding
from .figures import Figures, UserArray
from .update_inputs import Figure, UpdateInputs

SHIFTS = 6
"""Number of random shifts of the given arrays within their rounding, to measure the effect on later arrays."""
MARGIN = 1.02
"""Factor of the half unit for a figure that is computed from rounded ones."""
FOLLOWS_IN_FULL = 1e-7
"""How far a figure given in full may differ from one computed from others given in full, relative to the largest."""


GIVEN_FIRST = ("x", "y", "W", "b")
"""The arrays that a computation begins with."""


class FigureState(Enum):
    """The verdict on a figure."""

    AGREES = "agrees"
    CARRIED = "carried"
    """It differs only because the user's earlier figures are rounded."""
    FOLLOWS = "follows"
    """It agrees when computed from the user's earlier figures, some of which are wrong."""
    WRONG = "wrong"


@dataclass(frozen=True, eq=False)
class Judged:
    """One figure compared with the right one."""

    figure: Figure
    theirs: UserArray
    state: FigureState
    right: Array
    """Computed from the inputs alone."""
    from_theirs: Array
    """Computed from the user's own earlier figures."""
    wrong: npt.NDArray[np.bool_]
    """Which numbers agree neither with `right` nor with `from_theirs`."""


class Judgement:
    """All figures under one variant of the computation, judged one by one."""

    def __init__(
        self, setting: UpdateInputs, figures: Figures, variant: Variant | None = None, rounding: Rounding | None = None
    ):
        """Keep the figures; each is judged when it is needed.

        Args:
            setting: what the update is computed from.
            figures: the user's arrays.
            variant: how the computation is varied.
            rounding: the rounding of every result.
        """
        self._setting, self._figures, self._variant, self._rounding = setting, figures, variant, rounding
        self._whole = {figure: each.values for figure, each in figures.items() if each.is_whole}
        self._off: set[Figure] = set()
        self._wrong: set[Figure] = set()

    def figures(self) -> Iterator[Judged]:
        """Every figure that is given, in the order of computation."""
        with np.errstate(all="ignore"):
            for figure in self._setting.figures_to_bring():
                if figure in self._figures:
                    yield self._judged(figure)

    def first_wrong(self) -> Judged | None:
        """The first figure that is wrong itself."""
        return next((each for each in self.figures() if each.state is FigureState.WRONG), None)

    def states(self) -> dict[Figure, FigureState]:
        """The states of the figures in the order of computation, up to the first that is wrong."""
        states = {}
        for each in self.figures():
            states[each.figure] = each.state
            if each.state is FigureState.WRONG:
                break
        return states

    def operations_of(self, figure: Figure) -> set[Figure]:
        """The operations between a figure and the nearest given ones."""
        run = self._fresh(self._whole)
        with np.errstate(all="ignore"):
            run.computed(figure)
        last = self._setting.layers  # if dz = ŷ − y is used, a mistake in da can be the cause too
        hidden = {Figure("slope", each.layer) for each in run.ran if each.name == "dz"}
        return run.ran | hidden | ({Figure("da", last)} if Figure("dz", last) in run.ran else set())

    def _judged(self, figure: Figure) -> Judged:
        theirs, right = self._figures[figure], self._pure.get(*figure)
        differs = _beyond(theirs.values, right, theirs.allowed(right)) & theirs.given
        if not differs.any():
            return Judged(figure, theirs, FigureState.AGREES, right, right, differs)
        from_theirs, sources = self._stepped.computed(figure)
        wrong = _beyond(theirs.values, from_theirs, theirs.allowed(from_theirs) * MARGIN) & theirs.given
        if wrong.any() and sources & self._off:
            allowed = theirs.allowed(from_theirs) + self._play(figure, from_theirs)
            wrong = _beyond(theirs.values, from_theirs, allowed) & theirs.given
        self._off.add(figure)
        state = FigureState.FOLLOWS if sources & self._wrong else FigureState.CARRIED
        state = FigureState.WRONG if wrong.any() else state
        if state is not FigureState.CARRIED:
            self._wrong.add(figure)
        return Judged(figure, theirs, state, right, from_theirs, wrong)

    def _play(self, figure: Figure, from_theirs: Array) -> Array:
        """How far the rounding of the user's figures can move a figure computed from them."""
        moved = [np.abs(run.computed(figure)[0] - from_theirs) for run in self._shifted]
        largest = float(np.abs(from_theirs[np.isfinite(from_theirs)]).max(initial=0.0))
        play: Array = 2.0 * np.max(moved, axis=0) + FOLLOWS_IN_FULL * largest * (self._figures[figure].half is None)
        return play

    @cached_property
    def _pure(self) -> Computation:
        return self._fresh({})

    @cached_property
    def _stepped(self) -> Computation:
        return self._fresh(self._whole)

    @cached_property
    def _shifted(self) -> list[Computation]:
        return [self._fresh(self._moved(np.random.default_rng(seed))) for seed in range(SHIFTS)]

    def _moved(self, rng: np.random.Generator) -> dict[Figure, Array]:
        moved = dict(self._whole)
        for figure, values in moved.items():
            if (half := self._figures[figure].half) is not None:
                moved[figure] = values + half * rng.choice([-1.0, 1.0], values.shape)
        return moved

    def _fresh(self, given: dict[Figure, Array]) -> Computation:
        return Computation(self._setting, self._variant, given, self._rounding)


def _beyond(theirs: Array, computed: Array, allowed: Array) -> npt.NDArray[np.bool_]:
    """Which numbers differ by more than is allowed; equal infinities and NaNs do not."""
    equal = (theirs == computed) | (np.isnan(theirs) & np.isnan(computed))
    return np.asarray(~equal & ~(np.abs(theirs - computed) <= allowed))


def in_single_precision(figure: Figure, array: Array) -> Array:
    """Every result rounded to float32."""
    return array.astype(np.float32).astype(np.float64)


def rounded_to(decimals: int) -> Rounding:
    """Every result rounded to this many decimals, except the inputs."""
    return lambda figure, array: array if figure.name in GIVEN_FIRST else np.round(array, decimals)
