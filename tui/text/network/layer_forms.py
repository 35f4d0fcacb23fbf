"""The forms of a layer: its width, and the rows of each neuron."""

from math import ceil

from .layer_plan import (
    BETWEEN,
    BOX_NAME,
    HUGE,
    LEAST_CURVE,
    MOST_CURVE,
    MOST_NAME,
    SEVERAL,
    STRIP,
    WIDE,
    WIDEST_FRAME,
    LayerNeed,
    LayerPlan,
    Level,
    Need,
    NodeForm,
    number_columns,
)


def layer_form(need: Need, n: int, level: Level, pitch: int) -> LayerPlan:
    """The plan of a layer in a form: its width, and the rows of each neuron."""
    of = need.layers[n]
    is_last = n == len(need.layers) - 1
    if level.form is NodeForm.MAP:
        return (
            _portrait(of, level, pitch, need.rows)
            if is_last and _portrait_rows(of, level, pitch) >= 3
            else map_form(of, level, pitch, need.width)
        )
    if level.form is NodeForm.BOX and need.is_chain and (frame := _chain_frame(need, of, level)):
        return frame
    if level.form is NodeForm.BOX and not need.is_chain and pitch >= 7 - (of.neurons == 1):
        width, curve = 4 + need.part + number_columns(level.decimals), _curve_rows(need, of, pitch)
        return LayerPlan(NodeForm.BOX, width, 6 + curve, (), level.decimals, BOX_NAME, 9, is_named=True, curve=curve)
    value = of.value + level.decimals - 3 if level.decimals >= 3 else 5
    if of.given and level.has_names:
        given = min(of.given, MOST_NAME)
        if pitch >= 3 or of.neurons == 1:
            return LayerPlan(NodeForm.TALL, 2 + max(given, value), 2, (), level.decimals, given, value, is_named=True)
        width = max(3 + given + value, 17) if need.width >= 60 else 3 + given + value
        return LayerPlan(NodeForm.CARD, width, 1, (), level.decimals, given, value, is_named=True)
    if level.form is NodeForm.TALL and pitch >= 3:
        rows = 3 if of.has_bias and pitch >= 4 else 2
        return LayerPlan(NodeForm.TALL, 2 + max(of.name, value, 5), rows, (), level.decimals, of.name, value)
    rows = 2 if of.has_bias and (pitch >= 3 or of.neurons == 1) else 1
    bias = level.decimals + 5 if rows > 1 else 0
    return LayerPlan(NodeForm.CARD, 2 + max(of.name + 1 + value, bias), rows, (), level.decimals, of.name, value)


def _chain_frame(need: Need, of: LayerNeed, level: Level) -> LayerPlan | None:
    """A neuron of a chain: its frame is as large as the room allows; None if that is too little."""
    layers, columns = need.layers[1:], number_columns(level.decimals)
    numbers = max(each.parts for each in layers) * (1 + level.is_stacked)
    free = need.rows - numbers - 3  # two rows of the frame, and the target below it
    if free < 0:
        return None
    least = 3 + columns + (0 if level.is_stacked else 1 + need.part)
    width = max(least, min(need.width // len(layers) - BETWEEN, WIDEST_FRAME))
    curve = min(free, width // 2) if of.has_curve and min(free, width // 2) >= LEAST_CURVE else 0
    rows = 2 + of.parts * (1 + level.is_stacked) + curve
    name = min(BOX_NAME, width - 5)
    return LayerPlan(
        NodeForm.BOX, width, rows, (), level.decimals, name, 9, is_named=True, curve=curve, is_stacked=level.is_stacked
    )


def _curve_rows(need: Need, of: LayerNeed, pitch: int) -> int:
    """The rows of an activation's curve in a frame; the same in all layers, or 0."""
    room = (need.rows + 1) // max(each.neurons for each in need.layers[1:])
    rows = min(room - 9, MOST_CURVE)
    return rows if of.has_curve and rows >= LEAST_CURVE else 0


def map_form(of: LayerNeed, level: Level, pitch: int, room: int) -> LayerPlan:
    """A heat map for each neuron, with its name and value beside it."""
    most = 6 if room >= HUGE else 4
    most += (3 if of.neurons <= SEVERAL else 0) if room >= WIDE else 0
    rows = min(max(pitch - 1, 1), most)
    side = 2 * rows + 1 if rows > 1 else 5
    text = max(5, of.name) if rows > 1 else 5
    return LayerPlan(NodeForm.MAP, side + 1 + text, rows, (), level.decimals, of.name, 5, map_width=side)


def _portrait_rows(of: LayerNeed, level: Level, pitch: int) -> int:
    return min(level.portrait // 2, pitch - (3 if of.neurons > 1 else 2))


def _portrait(of: LayerNeed, level: Level, pitch: int, rows: int) -> LayerPlan:
    height = min(_portrait_rows(of, level, pitch), rows - 2)
    side = max(2 * height, 8)
    width = max(side, of.name + of.value + 3)
    return LayerPlan(NodeForm.PORTRAIT, width, height, (), 3, of.name, of.value, map_width=side)


def strip_form(of: LayerNeed, rows: int, level: Level) -> LayerPlan:
    """Shades, two neurons to a row; in several columns if they are still too many."""
    least = max(rows - 3, 1)
    across = max(1, ceil(of.neurons / (2 * least)))
    height = ceil(of.neurons / (2 * across))
    top = 1 + (rows - height) // 2
    tops = tuple(top + k // across // 2 for k in range(of.neurons))
    width = across * max(1, STRIP // across)
    whole = of.name + 1 + width
    return LayerPlan(NodeForm.STRIP, whole, height, tops, level.decimals, of.name, of.value, map_width=width)
