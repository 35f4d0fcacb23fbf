"""The lines of a network: their selection, order, thickness and brightness."""

from collections.abc import Iterable, Iterator
from operator import attrgetter
from typing import NamedTuple

import numpy as np

from ....core.functions.arrays import Array
from .braille import LineCanvas, Styles
from .figures import sign_style, strength_level
from .layer_plan import DENSE, IMAGE, MOST_LINES, NodeForm
from .network_plan import NetworkPlan
from .network_values import NetworkValues
from .selection import Selection

CROWDED = 1.5
"""Above this many lines per row of a gap, only the strongest are drawn."""
CROWDED_ASCII = 1.0
"""The same in ASCII, where a cell has one stroke, except that each neuron keeps two lines if it had them."""
MOST_CONTRIBUTIONS = 12
"""The most lines to an output from a layer of shades: those of the largest contributions."""
GHOST, SEEN, CHOSEN = range(3)
"""Ranks of lines: in its cells, a line replaces lines of a lower rank."""


class NetworkLine(NamedTuple):
    """A weight that is drawn as a line."""

    to: int
    source: int
    number: float
    share: float
    """The share of the largest weight of its gap."""
    is_lit: bool


def draw_lines(
    plan: NetworkPlan,
    values: NetworkValues,
    selection: Selection,
    shortened: dict[tuple[int, int, int], tuple[int, int]],
    *,
    ascii: bool,
    has_colours: bool,
    only: tuple[int, int, int] | None = None,
) -> LineCanvas:
    """Draw all lines of a network, each gap's weakest first.

    Args:
        plan: the positions of their ends.
        values: the numbers of the weights.
        selection: the lines that are lit.
        shortened: for weights with a number beside a neuron, the columns that it needs there.
        ascii: whether they are slanted strokes.
        has_colours: without colours, negative lines are dashed even if there are many.
        only: the single line to draw; None for all of them.
    """
    canvas = LineCanvas(ascii)
    for n in range(len(plan.layers) - 1):
        is_dense = plan.lines(n) > DENSE
        for each in lines_of(plan, values, selection, n, ascii=ascii):
            if only not in (None, (n, each.to, each.source)):
                continue
            is_single = each.is_lit and selection.is_at(n, each.to, each.source) and not selection.is_all
            level = strength_level(each.share, dense=is_dense and not is_single)
            if ascii and level == 1 and not is_single:
                continue
            is_thick = level == 3 and plan.layers[n + 1].pitch > 1 and not (is_dense and not is_single)
            thickness = 2 if each.is_lit and (is_thick or selection.weight) else 1
            dashed = each.number < 0 and (not is_dense or is_single or not has_colours)
            stroke = plan.stroke(
                n, each.to, each.source, thickness, dashed, *shortened.get((n, each.to, each.source), ())
            )
            canvas.draw(stroke, *_look(each, level, is_dense and not is_single, selection.weight is not None))
    return canvas


def _look(line: NetworkLine, level: int, is_dense: bool, is_route: bool) -> tuple[Styles, int]:
    """The styles and the rank of a line."""
    if not line.is_lit or (is_dense and level == 1):
        return ("ghost",), GHOST
    return (sign_style(line.number, level),), CHOSEN if is_route else SEEN


def lines_of(
    plan: NetworkPlan, values: NetworkValues, selection: Selection, n: int, *, ascii: bool = False
) -> list[NetworkLine]:
    """The lines of a gap that are drawn, the weakest first."""
    before, after = plan.layers[n], plan.layers[n + 1]
    if before.form is NodeForm.IMAGE:
        return []
    edges = np.nan_to_num(values.edges[n], nan=0.0, posinf=1e300, neginf=-1e300)
    is_few = plan.lines(n) <= MOST_LINES and before.is_single and after.is_single
    places = np.ndindex(*edges.shape) if is_few else _selected(values, selection, n, before.form is NodeForm.STRIP)
    found = sorted(_lines(edges, values.strengths[n], selection, n, places), key=attrgetter("is_lit", "share"))
    if not is_few or not is_crowded(plan, n, ascii=ascii):
        return found
    neurons = plan.need.layers[n + 1].neurons
    most = int(CROWDED * plan.need.rows) // neurons
    if ascii:
        most = min(most, max(int(CROWDED_ASCII * plan.need.rows) // neurons, 2))
    return _strongest(found, dict.fromkeys(range(neurons), max(most, 1)), selection, n)


def is_crowded(plan: NetworkPlan, n: int, *, ascii: bool = False) -> bool:
    """Whether a gap has too many lines for its rows."""
    return (CROWDED_ASCII if ascii else CROWDED) * plan.need.rows < plan.lines(n) <= MOST_LINES


def _strongest(lines: list[NetworkLine], left: dict[int, int], selection: Selection, n: int) -> list[NetworkLine]:
    """The lines of the selected neuron, and the strongest of the other lit lines of each target neuron."""
    kept = []
    for each in reversed(lines):
        is_own = selection.is_at(n, each.to, each.source)
        if is_own or (each.is_lit and left[each.to] > 0):
            left[each.to] -= not is_own
            kept.append(each)
    return kept[::-1]


def _lines(
    edges: Array, strengths: Array, selection: Selection, n: int, places: Iterable[tuple[int, ...]]
) -> list[NetworkLine]:
    numbers, shares, is_lit = edges.tolist(), strengths.tolist(), selection.has_line
    return [NetworkLine(to, by, numbers[to][by], shares[to][by], is_lit(n, to, by)) for to, by in places]


def _selected(values: NetworkValues, selection: Selection, n: int, is_strip: bool) -> Iterator[tuple[int, ...]]:
    """The lines of the selected neuron, or of an explanation, in a gap with too many lines."""
    to_count, from_count = values.edges[n].shape
    if selection.connections:
        yield from ((to, source) for layer, to, source in selection.connections if layer == n)
    elif selection.weight:
        yield from ((to, source) for layer, to, source in (selection.weight,) if layer == n)
    elif selection.neuron and selection.neuron[0] == n + 1:
        to = selection.neuron[1]
        yield from ((to, source) for source in (largest(values, n, to) if is_strip else range(from_count)))
    elif selection.neuron and selection.neuron[0] == n:
        yield from ((to, selection.neuron[1]) for to in range(to_count))


def largest(values: NetworkValues, n: int, to: int) -> list[int]:
    """The sources of the largest contributions to a neuron."""
    contributions = np.abs(np.nan_to_num(values.edges[n][to] * values.values[n]))
    sources: list[int] = np.argsort(-contributions, kind="stable")[:MOST_CONTRIBUTIONS].tolist()
    return sources


def note_of(plan: NetworkPlan, selection: Selection, name: str) -> str:
    """A note on lines that are not drawn; empty if all are."""
    many = [
        n for n in range(len(plan.layers) - 1) if plan.lines(n) > MOST_LINES and plan.need.layers[n].neurons < IMAGE
    ]
    if not many or selection.neuron is None or not name:
        return ""
    n = selection.neuron[0] - 1
    if n in many and plan.layers[n].form is NodeForm.STRIP and plan.need.layers[n].neurons > MOST_CONTRIBUTIONS:
        return f"lines: the {MOST_CONTRIBUTIONS} largest of {plan.need.layers[n].neurons} contributions to {name}"
    return f"{plan.lines(many[0])} lines: only those of {name}"
