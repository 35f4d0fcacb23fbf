"""The plan of a drawing: which form each layer has, and where neurons, weights and lines stand."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from math import comb, isqrt, log2

from .braille import ACROSS, DOWN, DrawnStroke, Stroke
from .heat_map import Pixels
from .layer_plan import DENSE, FEW, IMAGE, LEAST_GAP, MOST_LINES, NARROW, WIDE, LayerPlan, Level, Need, NodeForm
from .layer_rows import placed_rows


@dataclass(eq=False)
class NetworkPlan:
    """All layers from left to right, and the lines between them, each worked out once."""

    need: Need
    layers: tuple[LayerPlan, ...]
    width: int
    _strokes: dict[tuple[int, ...], DrawnStroke] = field(default_factory=dict)

    def lines(self, n: int) -> int:
        """How many lines there are in the gap behind layer n."""
        return self.need.layers[n].neurons * self.need.layers[n + 1].neurons

    @property
    def pixels(self) -> tuple[Pixels, ...]:
        """The size of each layer's heat maps."""
        return tuple(Pixels(max(layer.map_width, 1), 2 * layer.rows) for layer in self.layers)

    def gap(self, n: int) -> tuple[int, int]:
        """The first column of the gap behind layer n, and the one behind its last."""
        after = self.layers[n + 1]
        return self.layers[n].right, after.weights.x if after.weights else after.x

    def stroke(
        self, n: int, to: int, source: int, thickness: int, dashed: bool, begin: int = 0, end: int = 0
    ) -> DrawnStroke:
        """The line of a weight, shortened at both ends by so many columns, for labels to stand there."""
        key = (n, to, source, thickness, dashed, begin, end)
        if key not in self._strokes:
            (first, last), before, after = self.gap(n), self.layers[n], self.layers[n + 1]
            y1 = after.label_row(to) * DOWN + 2 if end else after.port(to, source, self.need.layers[n].neurons)
            y0 = before.label_row(source) * DOWN + 2 if begin else before.exit(source, to, len(after.tops))
            x0, x1 = (first + begin) * ACROSS + 1, (last - end) * ACROSS - 2
            self._strokes[key] = DrawnStroke(Stroke(x0, y0, max(x0, x1), y1, thickness, dashed))
        return self._strokes[key]


def plan_of(need: Need) -> NetworkPlan:
    """The fullest plan that leaves enough room for the lines."""
    for level in _levels(need):
        layers = placed_rows(need, level)
        if layers is None:
            continue
        gaps = max(len(layers) - 1, 1)
        spare = need.width - sum(each.width + _lead(each) for each in layers)
        if spare / gaps >= level.gap:
            break
    else:
        assert layers
    return _placed_columns(need, layers, max(spare, LEAST_GAP * (len(layers) - 1)))


def _levels(need: Need) -> Iterator[Level]:
    """From the fullest to the sparest."""
    if need.has_maps:
        for size in range(26, 13, -2):
            yield Level(NodeForm.MAP, 2, 2, 11.5, portrait=size)
        yield Level(NodeForm.MAP, 2, 1, 8, portrait=14)
        yield Level(NodeForm.MAP, 2, 1, 0, is_written=False, portrait=12)
        return
    is_dense = any(before.neurons * after.neurons > DENSE for before, after in pairwise(need.layers))
    if need.width >= WIDE:
        yield Level(NodeForm.BOX, need.box_decimals, 2, 14)
    if not (is_dense and need.width < NARROW):
        for decimals in range(max(need.decimals, 3), 3, -1):
            yield Level(NodeForm.CARD, decimals, 2, 9)
        yield from (Level(NodeForm.CARD, decimals, joint, 9) for decimals, joint in ((3, 2), (3, 1), (2, 1)))
    yield Level(NodeForm.TALL, 2, 1, 4 if max(each.neurons for each in need.layers) <= FEW else 6)
    yield Level(NodeForm.TALL, 2, 1, 6, is_written=False)
    yield Level(NodeForm.TALL, 2, 1, 0, is_written=False, has_names=False)


def _lead(layer: LayerPlan) -> int:
    """Columns of the weights before a layer."""
    return layer.weights.width + layer.weights.joint if layer.weights else 0


def _placed_columns(need: Need, layers: Sequence[LayerPlan], spare: int) -> NetworkPlan:
    """Give the gaps what room is left, the more the more lines cross there."""
    gaps = _gaps([each.neurons for each in need.layers], spare)
    placed, x = [], 0
    for layer, gap, of in zip(layers, [0, *gaps], need.layers, strict=True):
        x += gap
        weights = replace(layer.weights, x=x) if layer.weights else None
        x += _lead(layer)
        placed.append(replace(layer, x=x, weights=weights, has_bias_neuron=of.has_bias_neuron))
        x += layer.width
    return NetworkPlan(need, tuple(placed), x)


def _gaps(sizes: Sequence[int], spare: int) -> list[int]:
    crossings = [
        comb(before, 2) * comb(after, 2) if before * after <= MOST_LINES else 0 for before, after in pairwise(sizes)
    ]
    ratios = [1 + log2(1 + each) / 4 for each in crossings]
    gaps = [max(int(spare * ratio / sum(ratios)), LEAST_GAP) for ratio in ratios]
    widest = max(range(len(gaps)), key=gaps.__getitem__)
    gaps[widest] = max(gaps[widest] + spare - sum(gaps), LEAST_GAP)
    return gaps


def side_of(inputs: int) -> int:
    """The side of a square picture of so many pixels; 0 where they are none."""
    return isqrt(inputs) if inputs >= IMAGE and isqrt(inputs) ** 2 == inputs else 0
