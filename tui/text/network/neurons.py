"""Neurons: cards, frames, heat maps and shades."""

from ....core.debugger.snapshot import Freshness
from ....core.quantities.quantity import Kind, Quantity
from ..numbers import short
from .braille import Styles
from .brush import Brush
from .figures import fitted, gradient
from .frames import draw_frame, draw_mark
from .layer_plan import LayerPlan, NodeForm
from .shades import draw_image, draw_pixels, draw_strip
from .sheet import COLUMNS, NEURONS

ACTUAL = "actual"
LONGEST_TARGET = 7
"""Columns of a target."""


def draw_neurons(brush: Brush, n: int) -> None:
    """Draw the neurons of a layer in its form."""
    layer = brush.plan.layers[n]
    match layer.form:
        case NodeForm.STRIP:
            draw_strip(brush, n)
        case NodeForm.IMAGE:
            draw_image(brush, n)
        case _:
            forms = {NodeForm.CARD: _draw_card, NodeForm.TALL: _draw_tall, NodeForm.BOX: _draw_box}
            draw = forms.get(layer.form, _draw_map)
            has_bias_neurons = brush.values.has_bias_neurons
            for k in range(len(layer.tops)):
                is_bias = has_bias_neurons and brush.values.is_bias_neuron(n, k)
                (_draw_bias_neuron if is_bias else draw)(brush, n, k)


def _draw_bias_neuron(brush: Brush, n: int, k: int) -> None:
    """Draw a neuron that gives 1."""
    layer = brush.plan.layers[n]
    text = "bias 1" if layer.width > len("bias 1") else "1"
    y = layer.tops[k] + layer.rows // 2
    brush.sheet.put(y, layer.x, f"{text.rjust(layer.width - 1)} ", _word_styles(brush, n, k))
    _ground(brush, n, k, y, fill=False)


def _draw_card(brush: Brush, n: int, k: int) -> None:
    """Draw the name and the value in a row, the bias below."""
    layer, y = brush.plan.layers[n], brush.plan.layers[n].tops[k]
    name, value = _name(brush, n, k, layer), _value(brush, n, k, layer.width - layer.name - 3)
    _write(brush, n, k, y, f" {name.ljust(layer.name)} ", value)
    if layer.rows > 1:
        _draw_bias(brush, n, k, y + 1, is_raised=True)
    _draw_target(brush, n, k, y + layer.rows)


def _draw_tall(brush: Brush, n: int, k: int) -> None:
    """Draw the name over the value, the bias below."""
    layer, y = brush.plan.layers[n], brush.plan.layers[n].tops[k]
    name = _name(brush, n, k, layer)
    if layer.rows == 1:
        _draw_card(brush, n, k)
        return
    brush.sheet.put(y, layer.x, f" {name}".ljust(layer.width), _word_styles(brush, n, k), _quantity(brush, n, k))
    _ground(brush, n, k, y, fill=False)
    symbol = brush.values.neuron_label(n, k) if layer.is_named and not n else ""
    lead = f" {symbol}"
    _write(brush, n, k, y + 1, lead, _value(brush, n, k, layer.width - len(lead) - 1))
    if layer.rows > 2:
        _draw_bias(brush, n, k, y + 2, is_raised=False)
    _draw_target(brush, n, k, y + layer.rows)


def _write(brush: Brush, n: int, k: int, y: int, lead: str, value: str) -> None:
    """Write a row with the value of a neuron."""
    layer, quantity = brush.plan.layers[n], _quantity(brush, n, k)
    freshness = brush.values.values_freshness[n]
    brush.sheet.put(y, layer.x, lead, _word_styles(brush, n, k), quantity)
    brush.sheet.put(y, layer.x + len(lead), f"{value} ", brush.value_styles(n, k, freshness), quantity)
    _ground(brush, n, k, y, fill=True)
    brush.sheet.stop(n * COLUMNS + NEURONS, y, layer.x, layer.width, quantity)
    draw_mark(brush, n, k, y, layer.x + len(lead) + len(value))


def _word_styles(brush: Brush, n: int, k: int) -> Styles:
    if brush.selection.is_selected(n, k):
        return brush.cursor
    return ("second",) if brush.selection.has_neuron(n, k) else ("faint",)


def _ground(brush: Brush, n: int, k: int, y: int, *, fill: bool) -> None:
    """Draw the background of a lit neuron's row, filled by the range of its activation."""
    layer, is_block = brush.plan.layers[n], brush.look.has_focus and brush.selection.is_selected(n, k)
    if brush.look.ascii or is_block or not brush.selection.has_neuron(n, k):
        return
    brush.sheet.ground(y, layer.x, layer.width, "raised")
    known = brush.values.values_freshness[n] is not Freshness.ABSENT
    if fill and known and (filled := brush.values.fill(n, k)):
        first, last = round(filled[0] * layer.width), round(filled[1] * layer.width)
        brush.sheet.ground(y, layer.x + first, last - first, "fill")


def _draw_bias(brush: Brush, n: int, k: int, y: int, *, is_raised: bool) -> None:
    """Draw the bias of a neuron, or its gradient."""
    layer = brush.plan.layers[n]
    if (bias := brush.values.bias(n, k)) is None:
        return
    number, quantity = bias
    decimals = max(layer.decimals, 2)
    width = min(layer.width - 4, decimals + 3) if is_raised else layer.width - 2
    text = "·".rjust(width) if number != number else _signed(brush, number, width, decimals)
    on_bias = brush.selection.is_quantity(quantity)
    styles = brush.cursor if on_bias else _word_styles(brush, n, k)
    if is_raised:
        room, name = layer.width - width - 1, brush.values.label(quantity)
        is_named = len(name) + 2 <= room and quantity.kind is Kind.B
        lead = f" {name if is_named else 'b'}".ljust(room)
        brush.sheet.put(y, layer.x, lead, _word_styles(brush, n, k), quantity)
        brush.sheet.put(y, layer.x + len(lead), f"{text} ", styles, quantity)
        _ground(brush, n, k, y, fill=False)
    else:
        brush.sheet.put(y, layer.x, "b ", ("faint",))
        brush.sheet.put(y, layer.x + 2, text, styles if on_bias else ("faint",), quantity)
    brush.sheet.stop(n * COLUMNS + NEURONS, y, layer.x, layer.width, quantity)


def _signed(brush: Brush, number: float, width: int, decimals: int) -> str:
    return gradient(number, width, decimals) if brush.values.gradients else fitted(number, width, decimals, sign=True)


def _draw_target(brush: Brush, n: int, k: int, y: int) -> None:
    """Draw the target of an output below it, or mark the actual class."""
    values, layer = brush.values, brush.plan.layers[n]
    is_crowded = len(layer.tops) > 1 and layer.pitch < y - layer.tops[k] + 2
    if n == len(brush.plan.layers) - 1 and is_crowded:
        _mark_actual(brush, n, k)
    if n < len(brush.plan.layers) - 1 or is_crowded or y >= brush.sheet.height:
        return
    target, quantity = float(values.targets[k]), values.target_quantity(k)
    if values.is_of_classes and len(layer.tops) > 1:
        if target < max(values.targets.tolist()):
            return
        lead, text = ACTUAL, ""
    else:
        lead, text = _target_text(target, layer.width - (layer.form is not NodeForm.PORTRAIT))
    x = min(layer.x + (1 if layer.form is not NodeForm.PORTRAIT else 0), brush.plan.width - len(lead + text))
    styles: Styles = ("second",) if brush.selection.has_neuron(n, k) else ("faint",)
    brush.sheet.put(y, x, lead, styles, quantity)
    brush.sheet.put(y, x + len(lead), text, brush.cursor if brush.selection.is_quantity(quantity) else styles, quantity)
    brush.sheet.stop(n * COLUMNS + NEURONS, y, x, len(lead + text), quantity)


def _mark_actual(brush: Brush, n: int, k: int) -> None:
    """Name the actual class in its card, if there is no row below it."""
    values, layer = brush.values, brush.plan.layers[n]
    x = layer.right - layer.value - len(ACTUAL) - 3
    is_actual = values.is_of_classes and float(values.targets[k]) == max(values.targets.tolist())
    if not is_actual or layer.rows > 1 or x <= layer.x + len(_name(brush, n, k, layer)) + 1:
        return
    for each, character in enumerate(ACTUAL):
        _, styles, quantity = brush.sheet.texts[layer.tops[k], x + each]
        brush.sheet.texts[layer.tops[k], x + each] = character, styles, quantity


def _draw_box(brush: Brush, n: int, k: int) -> None:
    """Draw a frame with the name in it, and around z, a, b and ∂L/∂z."""
    _draw_target(brush, n, k, draw_frame(brush, n, k, _name(brush, n, k, brush.plan.layers[n])))


def _draw_map(brush: Brush, n: int, k: int) -> None:
    """Draw a heat map with the name and the value beside it; for an output, below it."""
    layer, y = brush.plan.layers[n], brush.plan.layers[n].tops[k]
    quantity, styles = _quantity(brush, n, k), brush.value_styles(n, k, brush.values.values_freshness[n])
    if brush.maps:
        draw_pixels(brush, y, layer.x, brush.maps[n][k], _ladder(brush, n, k), quantity)
    name, x = _name(brush, n, k, layer), layer.x + layer.map_width + 1
    if layer.form is NodeForm.PORTRAIT:
        _draw_caption(brush, n, k, y + layer.rows, f" {name} ", styles)
        return
    if layer.rows > 1 or n == 0:
        word: Styles = ("accent", "new") if brush.selection.is_selected(n, k) and n else _word_styles(brush, n, k)
        brush.sheet.put(y, x, name, word if n else styles, quantity)
    if n:
        row, width = (y + 1 if layer.rows > 1 else y), layer.width - layer.map_width - 1
        text = _value(brush, n, k, layer.value).ljust(width)[:width]
        brush.sheet.put(row, x, text, styles, quantity)
        brush.sheet.stop(n * COLUMNS + NEURONS, row, x, width, quantity)
        if layer.rows > 1 and len(name) + 1 < width:
            draw_mark(brush, n, k, y, x + len(name) + 1)
        _draw_target(brush, n, k, row + 1)
    else:
        brush.sheet.stop(NEURONS, y, x, len(name), quantity)


def _draw_caption(brush: Brush, n: int, k: int, y: int, lead: str, styles: Styles) -> None:
    """Draw the name and the value of an output below its heat map, and its target below them."""
    layer, quantity = brush.plan.layers[n], _quantity(brush, n, k)
    text = f"{_value(brush, n, k, layer.value).strip()} "
    brush.sheet.put(y, layer.x, lead, _word_styles(brush, n, k), quantity)
    brush.sheet.put(y, layer.x + len(lead), text, styles, quantity)
    brush.sheet.stop(n * COLUMNS + NEURONS, y, layer.x, len(lead + text), quantity)
    draw_mark(brush, n, k, y, layer.x + len(lead + text) - 1)
    _draw_target(brush, n, k, y + 1)


def _ladder(brush: Brush, n: int, k: int) -> str:
    return "heat" if brush.selection.has_neuron(n, k) else "ash"


def _name(brush: Brush, n: int, k: int, layer: LayerPlan) -> str:
    """The name of a neuron in the data, if there is room, otherwise its symbol."""
    name = brush.values.data_name(n, k) if layer.is_named else ""
    name = name or brush.values.neuron_label(n, k)
    return name if len(name) <= layer.name else f"{name[: layer.name - 1]}…"


def _value(brush: Brush, n: int, k: int, width: int) -> str:
    """The number of a neuron, as text."""
    values = brush.values
    if values.values_freshness[n] is Freshness.ABSENT:
        return "·".rjust(width)
    number = float(values.values[n][k])
    if values.gradients:
        return gradient(number, min(width, 6), 3).rjust(width)
    if n == 0:
        return brush.scale.text(number).rjust(width)[:width]
    return fitted(
        number,
        min(width, 6 + max(brush.plan.layers[n].decimals - 3, 0)),
        max(brush.plan.layers[n].decimals, 3),
        sign=values.is_signed(n),
    ).rjust(width)


def _quantity(brush: Brush, n: int, k: int) -> Quantity:
    return brush.values.value_quantity(n, k)


def _target_text(target: float, room: int) -> tuple[str, str]:
    """The word before a target, and the target with as many digits as fit beside it."""
    texts = [text for digits in range(6, 0, -1) if len(text := short(float(f"{target:.{digits}g}"))) <= LONGEST_TARGET]
    ways = [("target ", texts[0]), *(("t ", text) for text in texts)] if texts else []
    return next(
        ((lead, text) for lead, text in ways if len(lead + text) <= room), ("t ", (texts or [short(target)])[0])
    )
