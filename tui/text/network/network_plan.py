"""The plan of a drawing: the form of each layer, and the positions of neurons, weights and lines."""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from math import ceil, comb, isqrt, log2, sqrt

from msgspec import Struct, field
from msgspec.structs import replace

from .braille import ACROSS, DOWN, DrawnStroke, Stroke
from .heat_map import Pixels
from .layer_forms import layer_form, map_form, strip_form
from .layer_plan import (
    DENSE,
    FEW,
    FEW_DECIMALS,
    HUGE,
    IMAGE,
    LARGE,
    LARGEST,
    LEAST_GAP,
    MOST_LINES,
    MOST_NAME,
    MOST_WRITTEN,
    NARROW,
    WIDE,
    LayerNeed,
    LayerPlan,
    Level,
    Need,
    NodeForm,
    WeightsColumn,
)


class NetworkPlan(Struct, eq=False):
    """All layers from left to right, and the lines between them, each computed once."""

    need: Need
    layers: tuple[LayerPlan, ...]
    width: int
    _strokes: dict[tuple[int, ...], DrawnStroke] = field(default_factory=dict)

    def lines(self, n: int) -> int:
        """The number of lines in the gap behind layer n."""
        return self.need.layers[n].neurons * self.need.layers[n + 1].neurons

    @property
    def pixels(self) -> tuple[Pixels, ...]:
        """The size of each layer's heat maps."""
        return tuple(Pixels(max(layer.map_width, 1), 2 * layer.rows) for layer in self.layers)

    def gap(self, n: int) -> tuple[int, int]:
        """The first column of the gap behind layer n, and the one behind its last."""
        after = self.layers[n + 1]
        return self.layers[n].right, after.weights.x if after.weights and not after.weights.is_under else after.x

    def stroke(
        self, n: int, to: int, source: int, thickness: int, dashed: bool, begin: int = 0, end: int = 0
    ) -> DrawnStroke:
        """The line of a weight, shortened at both ends by this many columns, to make room for labels."""
        key = (n, to, source, thickness, dashed, begin, end)
        if key not in self._strokes:
            (first, last), before, after = self.gap(n), self.layers[n], self.layers[n + 1]
            y1 = after.label_row(to) * DOWN + 2 if end else after.port(to, source, self.need.layers[n].neurons)
            y0 = before.label_row(source) * DOWN + 2 if begin else before.exit(source, to, len(after.tops))
            if len(before.tops) == len(after.tops) == 1:  # the line of a chain is horizontal
                y0 = min(max(y1, before.tops[0] * DOWN), (before.tops[0] + before.rows) * DOWN - 1)
            x0, x1 = (first + begin) * ACROSS + 1, (last - end) * ACROSS - 2
            self._strokes[key] = DrawnStroke(Stroke(x0, y0, max(x0, x1), y1, thickness, dashed))
        return self._strokes[key]


def plan_of(need: Need) -> NetworkPlan:
    """The most detailed plan that leaves enough room for the lines."""
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
    """The levels of detail, the most detailed first."""
    if need.has_maps:
        for size in range(LARGEST if need.width >= HUGE else LARGE, 13, -2):
            yield Level(NodeForm.MAP, 2, 2, 11.5, portrait=size)
        yield Level(NodeForm.MAP, 2, 1, 8, portrait=14)
        yield Level(NodeForm.MAP, 2, 1, 0, is_written=False, portrait=12)
        return
    if need.is_chain:
        for decimals, is_stacked in ((need.box_decimals, False), (4, False), (4, True), (2, True)):
            yield Level(NodeForm.BOX, decimals, 0, decimals + 4, is_stacked=is_stacked)
    is_dense = any(before.neurons * after.neurons > DENSE for before, after in pairwise(need.layers))
    if need.width >= WIDE and not need.is_chain:
        is_narrow = max(each.neurons for each in need.layers) <= FEW
        least = 8 if is_narrow else 14
        yield Level(NodeForm.BOX, need.box_decimals, 2, least)
        yield Level(NodeForm.BOX, min(need.box_decimals, FEW_DECIMALS), 2, least)
    if not (is_dense and need.width < NARROW):
        for decimals in range(max(need.decimals, 3), 3, -1):
            yield Level(NodeForm.CARD, decimals, 2, 9)
        yield from (Level(NodeForm.CARD, decimals, joint, 9) for decimals, joint in ((3, 2), (3, 1), (2, 1)))
    yield Level(NodeForm.TALL, 2, 1, 4 if max(each.neurons for each in need.layers) <= FEW else 6)
    yield Level(NodeForm.TALL, 2, 1, 6, is_written=False)
    yield Level(NodeForm.TALL, 2, 1, 0, is_written=False, has_names=False)


def _lead(layer: LayerPlan) -> int:
    """Columns of the weights before a layer."""
    return layer.weights.width + layer.weights.joint if layer.weights and not layer.weights.is_under else 0


def _placed_columns(need: Need, layers: Sequence[LayerPlan], spare: int) -> NetworkPlan:
    """Share the remaining columns among the gaps, more for gaps with more lines."""
    gaps = _gaps([each.neurons for each in need.layers], spare)
    placed, x = [], 0
    for layer, gap, of in zip(layers, [0, *gaps], need.layers, strict=True):
        middle = (gap - layer.weights.width) // 2 if layer.weights else 0
        x += gap
        at = x - gap + middle if layer.weights and layer.weights.is_under else x
        weights = replace(layer.weights, x=at) if layer.weights else None
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
    """The side of a square picture of this many pixels; 0 if there is none."""
    return isqrt(inputs) if inputs >= IMAGE and isqrt(inputs) ** 2 == inputs else 0


def placed_rows(need: Need, level: Level) -> list[LayerPlan] | None:
    """The plan of each layer's rows; None if this level needs more rows than there are."""
    layers = [_hidden(need, n, level) for n in range(1, len(need.layers))]
    if level.form is NodeForm.BOX and any(layer.form is not NodeForm.BOX for layer in layers):
        return None
    return [_inputs(need, level, layers[0]), *layers]


def _hidden(need: Need, n: int, level: Level) -> LayerPlan:
    """The plan of a layer with weights before it."""
    of, sources, rows = need.layers[n], need.layers[n - 1].neurons, need.rows
    pitch = (rows + 1) // of.neurons
    if pitch < 1:
        return strip_form(of, rows, level)
    is_written = _is_written(need, n, level)
    layer = layer_form(need, n, level, pitch)
    weight_rows = sources if is_written else 0
    own = layer.rows + (2 if layer.form is NodeForm.PORTRAIT else 0)  # the caption has two rows
    block = max(own, weight_rows)
    free = {1: 0, 2: 5, 3: 3}.get(of.neurons, {NodeForm.TALL: 6, NodeForm.BOX: 3}.get(layer.form, 2))
    free = max(free, 7) if need.width >= HUGE else free
    pitch = max(min(pitch, block + free), block)
    total = (of.neurons - 1) * pitch + block
    top = 1 + max(rows - total, 0) // 2
    blocks = [top + k * pitch for k in range(of.neurons)]
    if layer.form in (NodeForm.CARD, NodeForm.TALL):
        lead, below = 0, min(max(weight_rows - 1, 0) // 2, block - layer.rows)
    else:
        lead, below = max((layer.rows - weight_rows) // 2, 0), max((weight_rows - layer.rows) // 2, 0)
    layer = replace(layer, tops=tuple(each + below for each in blocks), pitch=pitch)
    if not is_written:
        return layer
    tops = tuple(each + lead for each in blocks)
    is_under = need.is_chain and layer.form is NodeForm.BOX
    return replace(layer, weights=WeightsColumn(0, level.decimals + 3, level.decimals, level.joint, tops, is_under))


def _is_written(need: Need, n: int, level: Level) -> bool:
    """Whether a layer's weights are written: if each has a row; beside heat maps, only those of few outputs."""
    before, of = need.layers[n - 1], need.layers[n]
    count = before.neurons * of.neurons
    if not level.is_written or count > min(need.rows, MOST_WRITTEN) or before.neurons >= IMAGE:
        return False
    is_beside_maps = n == 1 and need.width >= WIDE and need.rows >= of.neurons * (before.neurons + 1) - 1
    return not need.has_maps or is_beside_maps or (n == len(need.layers) - 1 and of.neurons <= 3)


def _inputs(need: Need, level: Level, fed: LayerPlan) -> LayerPlan:
    """The inputs, spread over the height of the next layer."""
    of, rows = need.layers[0], need.rows
    if of.neurons >= IMAGE:
        return _image(of, need)
    if of.neurons > rows:
        return strip_form(of, rows, level)
    layer = _input_form(need, level)
    first = min(fed.weights.tops[0], fed.tops[0]) if fed.weights else fed.tops[0]
    last = fed.tops[-1] + fed.rows if fed.is_single else first + fed.rows
    if fed.weights:
        last = max(last, fed.weights.tops[-1] + of.neurons)
    free = 1 if of.neurons * (layer.rows + 1) <= rows + 1 else 0
    share = max((last - first) / of.neurons, layer.rows + free)
    if layer.rows + free + share > rows + 1 and layer.rows > 1 and of.neurons * layer.rows > rows:
        layer = replace(layer, rows=1)
        share = max((last - first) / of.neurons, 1)
    begin = (first + last - share * of.neurons) / 2
    tops = [int(begin + (k + 0.5) * share - layer.rows / 2 + 0.25) for k in range(of.neurons)]
    shift = max(1 - tops[0], 0) - max(tops[-1] + layer.rows - 1 - rows, 0)
    return replace(layer, tops=tuple(each + shift for each in tops), pitch=int(share))


def _input_form(need: Need, level: Level) -> LayerPlan:
    of = need.layers[0]
    is_roomy = of.neurons * 3 <= need.rows + 1
    if level.form is NodeForm.MAP:
        pitch = (need.rows + 1) // max(of.neurons, need.layers[1].neurons) if is_roomy else 1
        layer = map_form(of, level, pitch, need.width)
        return replace(layer, width=layer.map_width + 1 + of.name)
    if of.given and level.has_names:
        given = min(of.given, MOST_NAME)
        if is_roomy:
            width = 2 + max(given, of.name + 2 + of.value)
            return LayerPlan(NodeForm.TALL, width, 2, (), level.decimals, given, of.value, is_named=True)
        return LayerPlan(NodeForm.CARD, 3 + given + of.value, 1, (), level.decimals, given, of.value, is_named=True)
    if level.form is NodeForm.TALL and is_roomy:
        return LayerPlan(NodeForm.TALL, 2 + max(of.name, of.value, 3), 2, (), level.decimals, of.name, of.value)
    return LayerPlan(NodeForm.CARD, 3 + of.name + of.value, 1, (), level.decimals, of.name, of.value)


def _image(of: LayerNeed, need: Need) -> LayerPlan:
    """Inputs as a picture, each two columns wide if there is room, otherwise half a row high."""
    side = of.side or ceil(sqrt(of.neurons))
    lines = ceil(of.neurons / side)
    is_large = 2 * side * 4 <= need.width and lines + 2 <= need.rows
    rows = lines if is_large else ceil(lines / 2)
    top = 1 + max(need.rows - rows - 3, 0) // 2
    width = side * 2 if is_large else side
    tops = tuple(top + (k // side if is_large else k // side // 2) for k in range(of.neurons))
    return LayerPlan(NodeForm.IMAGE, width, rows, tops, 2, of.name, of.value, map_width=width)
