"""The drawing of a network: its headings, neurons, weights and lines, each at the position from the plan."""

from collections.abc import Sequence
from itertools import pairwise

from ....core.debugger.stage import Phase
from ..numbers import count
from .activation_curve import has_curve
from .braille import Styles
from .brush import Brush, Look
from .figures import InputScale, fitted, gradient
from .heat_map import Levels
from .layer_plan import LEAST_LINE, LayerNeed, Need, NodeForm
from .lines import draw_lines, is_crowded, lines_of, note_of
from .network_plan import NetworkPlan, side_of
from .network_values import NetworkValues
from .neurons import draw_neurons
from .selection import Selection
from .sheet import AT_SOURCES, AT_TARGETS, COLUMNS, WEIGHTS, Sheet

BIAS_NEURON = 5
"""Columns beside a margin on each side of a neuron that gives 1."""
LABEL = 5
"""Columns of a weight that is written beside a neuron."""
MOST_MEASURED = 64
"""The most neurons of a layer whose names are measured; the last ones have the longest names."""


def layer_needs(values: NetworkValues, scale: InputScale) -> tuple[LayerNeed, ...]:
    """The requirements of each layer, at any size."""
    return tuple([_layer_need(values, n, neurons, scale) for n, neurons in enumerate(values.sizes)])


def need_of(
    values: NetworkValues,
    layers: tuple[LayerNeed, ...],
    size: tuple[int, int],
    *,
    has_maps: bool = False,
    decimals: int | None = None,
) -> Need:
    """The requirements of a drawing of a network, in this many columns and rows."""
    part = max([len(values.error_heading(n)) for n in range(1, len(values.sizes))])
    return Need(layers, *size, has_maps, decimals or 3, decimals or 6, max(part, 2))


def _layer_need(values: NetworkValues, n: int, neurons: int, scale: InputScale) -> LayerNeed:
    measured = range(max(neurons - MOST_MEASURED, 0), neurons)
    name = max([len(values.neuron_label(n, k)) for k in measured])
    given = max([len(values.data_name(n, k)) for k in measured]) if n in (0, len(values.sizes) - 1) else 0
    has_bias_neuron = values.is_bias_neuron(n, neurons - 1)
    if not n:
        columns = 6 if values.gradients else max(scale.columns, BIAS_NEURON * has_bias_neuron)
        side = side_of(neurons)
        return LayerNeed(neurons, name, columns, given, has_bias=False, side=side, has_bias_neuron=has_bias_neuron)
    parts = len(values.parts(n, 0))
    columns, has_bias = 6 if values.is_signed(n) else 5, values.bias(n, 0) is not None
    curve = has_curve(values.activations[n - 1])
    return LayerNeed(
        neurons, name, columns, given, has_bias=has_bias, has_bias_neuron=has_bias_neuron, has_curve=curve, parts=parts
    )


def draw_network(
    plan: NetworkPlan,
    values: NetworkValues,
    selection: Selection,
    look: Look,
    scale: InputScale,
    maps: Sequence[Levels] | None = None,
) -> Sheet:
    """A network's numbers at the positions of a plan."""
    sheet = Sheet(plan.width, max(plan.need.height, _bottom(plan)))
    brush = Brush(sheet, plan, values, selection, look, scale, maps)
    labels = _labels(brush)
    canvas = draw_lines(plan, values, selection, labels, ascii=look.ascii, has_colours=look.has_colours)
    sheet.dots = canvas.drawn()
    for n in range(len(plan.layers)):
        draw_neurons(brush, n)
        if n and plan.layers[n].weights:
            _draw_weights(brush, n)
    for (n, to, source), (begin, _) in labels.items():
        _draw_label(brush, n, to, source, at_source=begin > 0)
    _draw_headings(brush)
    sheet.note = note_of(plan, selection, _name_of_selected(brush))
    return sheet


def _bottom(plan: NetworkPlan) -> int:
    return max(max(each.tops) + (each.rows if each.is_single else 1) for each in plan.layers)


def _name_of_selected(brush: Brush) -> str:
    if brush.selection.neuron is None:
        return ""
    return brush.values.data_name(*brush.selection.neuron) or brush.values.neuron_label(*brush.selection.neuron)


def _draw_headings(brush: Brush) -> None:
    """The name of each layer and its activation or gradient, which are left out if the next heading is too near."""
    layers, last = brush.plan.layers, len(brush.plan.layers) - 1
    limit = brush.plan.width + 2
    for n in range(last, -1, -1):
        x = layers[n].x
        texts = _headings(brush, n)
        if n == last:
            begin = layers[n - 1].x + len(_headings(brush, n - 1)[0]) + 2
            text = next((each for each in texts if brush.plan.width - len(each) >= begin), texts[-1])
            is_left = layers[n].form is NodeForm.PORTRAIT and len(text) <= layers[n].width
            x = x if is_left else brush.plan.width - len(text)
        else:
            text = next((each for each in texts if x + len(each) + 2 <= limit), "")
        brush.sheet.put(0, x, text, ("heading",))
        limit = x
    _draw_counts(brush)
    _draw_flow(brush)


def _draw_counts(brush: Brush) -> None:
    """The number of lines that are drawn in a gap, written over it, if not all are."""
    plan = brush.plan
    for n in range(len(plan.layers) - 1):
        if not is_crowded(plan, n, ascii=brush.look.ascii) or plan.layers[n].form is NodeForm.IMAGE:
            continue
        shown = len(lines_of(plan, brush.values, brush.selection, n, ascii=brush.look.ascii))
        if shown == plan.lines(n):
            continue
        text = f"{shown} of {plan.lines(n)}"
        taken = sorted(x for y, x in brush.sheet.texts if y == 0)
        from_, to = plan.layers[n].x, plan.layers[n + 1].x
        free = [(a + 3, b - 2) for a, b in pairwise([*taken, plan.width + 2]) if from_ <= a < to]
        begin, end = max(free, key=lambda each: each[1] - each[0], default=(0, 0))
        for each in (f"{text} lines", text):
            if begin + len(each) <= end:
                x = begin + max((plan.gap(n)[0] + plan.gap(n)[1] - len(each)) // 2 - begin, 0)
                brush.sheet.put(0, min(x, end - len(each)), each, ("faint",))
                break


def _headings(brush: Brush, n: int) -> list[str]:
    """Possible headings of a layer, the longest first."""
    layers, need = brush.plan.layers, brush.plan.need.layers[n]
    if n == 0:
        side = need.side
        return [f"input · {side}×{side} pixels", "inputs"] if side else ["inputs", "in"]
    is_gradient = brush.values.gradients and layers[n].form is not NodeForm.BOX  # a box names its numbers itself
    kind = brush.values.error_heading(n) if is_gradient else brush.values.activations[n - 1].name
    if n == len(layers) - 1:
        return [f"output · {kind}", "output"]
    counted = [f"{count(need.neurons)} hidden · {kind}"] if not layers[n].is_single else []
    return [*counted, f"layer {n} · {kind}", f"layer {n}", f"L{n}"]


def _draw_flow(brush: Brush) -> None:
    """An arrow over the gap that this stage computes."""
    stage = brush.values.snapshot.stage
    if stage.layer is None or stage.phase is Phase.UPDATE:
        return
    first, last = brush.plan.gap(stage.layer)
    arrow = ("<" if brush.look.ascii else "◂") if stage.phase is Phase.BACKWARD else (">" if brush.look.ascii else "▸")
    free = [x for x in range(first, last + 2) if not {(0, x - 1), (0, x)} & brush.sheet.texts.keys()]
    if free:
        brush.sheet.put(0, min(free, key=lambda x: abs(x - (first + last) // 2)), arrow, ("accent",))


def _draw_weights(brush: Brush, n: int) -> None:
    """The weights that lead to a layer, joined to their neurons by brackets."""
    layer, sources = brush.plan.layers[n], brush.plan.need.layers[n - 1].neurons
    column = layer.weights
    assert column
    if column.is_under:
        _draw_weight_under(brush, n)
        return
    brackets = _brackets(sources, ascii=brush.look.ascii)
    for to in range(len(layer.tops)):
        if brush.values.has_bias_neurons and brush.values.is_bias_neuron(n, to):
            continue
        for source in range(sources):
            y = column.tops[to] + source
            _draw_weight(brush, n - 1, to, source, y, column.x, column.width, column.decimals, WEIGHTS)
        style = "faint" if brush.selection.has_neuron(n, to) else "ghost"
        for source, glyph in enumerate(brackets):
            brush.sheet.put(column.tops[to] + source, column.x + column.width, glyph.rjust(column.joint), (style,))


def _draw_weight_under(brush: Brush, n: int) -> None:
    """The only weight that leads to a layer: its name over the line, its number under it."""
    column = brush.plan.layers[n].weights
    assert column
    quantity, y = brush.values.edge_quantity(n - 1, 0, 0), column.tops[0]
    first, last = brush.plan.gap(n - 1)
    name = brush.values.label(quantity)[: last - first]
    style = "second" if brush.selection.has_line(n - 1, 0, 0) else "faint"
    brush.sheet.put(y - 1, (first + last - len(name)) // 2, name, (style,), quantity)
    _draw_weight(brush, n - 1, 0, 0, y + 1, column.x, column.width, column.decimals, WEIGHTS)


def _brackets(rows: int, *, ascii: bool) -> str:
    """The bracket between a neuron and its weights, a character a row."""
    if ascii:
        return "+" * rows
    if rows == 1:
        return "─"
    joint = max((rows - 1) // 2, 0)
    joints, others = f"┬{'┼' * (rows - 2)}┴", f"╮{'┤' * (rows - 2)}╯"
    return f"{others[:joint]}{joints[joint]}{others[joint + 1 :]}"


def _draw_weight(
    brush: Brush, n: int, to: int, source: int, y: int, x: int, width: int, decimals: int, column: int
) -> None:
    """The number of a weight, or of its gradient."""
    values = brush.values
    number = values.edges[n].item(to, source)
    quantity = values.edge_quantity(n, to, source)
    styles: Styles = ("faint",)
    if number != number and values.gradients:
        text = "·".rjust(width)
    else:
        text = gradient(number, width, decimals) if values.gradients else fitted(number, width, decimals, sign=True)
        on_bias = quantity.from_ is None and brush.selection.is_quantity(quantity)
        styles = brush.cursor if on_bias else brush.number_styles(n, to, source, number)
    brush.sheet.put(y, x, text, styles, quantity)
    brush.sheet.stop(n * COLUMNS + column, y, x, width, quantity)


def _labels(brush: Brush) -> dict[tuple[int, int, int], tuple[int, int]]:
    """The weights of the selected neuron, which are written beside neurons if there is no column for them.

    Each has the columns that its number needs at the beginning and at the end of the line.
    """
    selection, plan = brush.selection, brush.plan
    if selection.weight:
        n, to, source = selection.weight
        return _at_sources(brush, n, to)
    if selection.neuron is None:
        return {}
    layer, k = selection.neuron
    found = _at_sources(brush, layer - 1, k) if layer else {}
    if layer < len(plan.layers) - 1:
        found |= _at_targets(brush, layer, k)
    return found


def _at_sources(brush: Brush, n: int, to: int) -> dict[tuple[int, int, int], tuple[int, int]]:
    before, after = brush.plan.layers[n], brush.plan.layers[n + 1]
    if after.weights or not before.is_single or not _has_room(brush.plan, n):
        return {}
    return {(n, to, source): (LABEL + 1, 0) for source in range(len(before.tops))}


def _at_targets(brush: Brush, n: int, source: int) -> dict[tuple[int, int, int], tuple[int, int]]:
    before, after = brush.plan.layers[n], brush.plan.layers[n + 1]
    if after.weights or not after.is_single or before.form is NodeForm.IMAGE or not _has_room(brush.plan, n):
        return {}
    targets = [to for to in range(len(after.tops)) if not brush.values.is_bias_neuron(n + 1, to)]
    return {(n, to, source): (0, LABEL + 1) for to in targets}


def _has_room(plan: NetworkPlan, n: int) -> bool:
    first, last = plan.gap(n)
    return last - first - LABEL - 1 >= LEAST_LINE


def _draw_label(brush: Brush, n: int, to: int, source: int, *, at_source: bool) -> None:
    before, after = brush.plan.layers[n], brush.plan.layers[n + 1]
    layer, k = (before, source) if at_source else (after, to)
    x = layer.right + 1 if at_source else layer.x - LABEL - 1
    column = AT_SOURCES if at_source else AT_TARGETS
    _draw_weight(brush, n, to, source, layer.label_row(k), x, LABEL, 2, column)
