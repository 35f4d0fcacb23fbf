"""Shades: a large layer two neurons to a row, and inputs as a picture."""

from ....core.quantities.quantity import Quantity
from ..numbers import short
from ..style_names import STEPS
from .braille import Styles
from .brush import Brush
from .heat_map import GLYPHS, Levels
from .sheet import COLUMNS, NEURONS


def draw_strip(brush: Brush, n: int) -> None:
    """Draw a layer of shades, two neurons to a row, with the names of the first and the last."""
    layer, values = brush.plan.layers[n], brush.values
    strip = layer.x + layer.width - layer.map_width
    cell = max(layer.map_width // layer.across, 1)
    steps, is_signed = _steps(brush, n), values.is_signed(n)
    count = len(layer.tops)
    steps += [STEPS - 1] * (count - len(steps))  # for a bias neuron
    for k in range(count):
        column = k % layer.across
        x, is_lower = strip + column * cell, k // layer.across % 2
        if not is_lower:
            below = steps[k + layer.across] if k + layer.across < count else None
            _shade(brush, layer.tops[k], x, cell, steps[k], below, is_signed, brush.values.value_quantity(n, k))
        brush.sheet.stop(n * COLUMNS + NEURONS, layer.tops[k], x, cell, brush.values.value_quantity(n, k))
    own = brush.selection.neuron
    named = {0, count - 1} if own is None or own[0] != n else {own[1]}
    for k in named:
        text = values.neuron_label(n, k).rjust(layer.name)
        brush.sheet.put(layer.tops[k], layer.x, text, ("accent", "new") if own == (n, k) else ("second",))
        if own == (n, k):
            column = strip + k % layer.across * cell
            brush.sheet.put(layer.tops[k], column, ("<" if brush.look.ascii else "◂").ljust(cell), brush.cursor)
    if layer.tops[-1] + 1 < brush.sheet.height and not values.gradients:
        brush.sheet.put(layer.tops[-1] + 1, strip, _range(brush, n), ("faint",))


def _steps(brush: Brush, n: int) -> list[int]:
    """The level of brightness of each neuron in a layer."""
    values = brush.values
    numbers = values.values[n].tolist() if n or values.gradients else values.original_inputs.tolist()
    if n == 0 and not values.gradients:
        least, greatest = brush.scale.least, brush.scale.greatest
    else:
        least, greatest = values.bounds(n)
    size = greatest - least or 1.0
    shares = [(number - least) / size if number == number else 0.0 for number in numbers]
    return [round(min(max(share, 0.0), 1.0) * (STEPS - 1)) for share in shares]


def _range(brush: Brush, n: int) -> str:
    least, greatest = brush.values.bounds(n) if n else (brush.scale.least, brush.scale.greatest)
    return f"{short(float(f'{least:.2g}'))} … {short(float(f'{greatest:.2g}'))}"


def _shade(
    brush: Brush, y: int, x: int, width: int, above: int, below: int | None, is_signed: bool, quantity: Quantity
) -> None:
    ladder = "heat" if is_signed else "grey"
    if not brush.look.has_colours:
        brush.sheet.put(y, x, GLYPHS[above * len(GLYPHS) // STEPS] * width, ("text",), quantity)
    elif below is None:
        brush.sheet.put(y, x, "▀" * width, (f"{ladder}{above}",), quantity)
    else:
        brush.sheet.put(y, x, "▀" * width, (f"{ladder}{above}", f"on-{ladder}{below}"), quantity)


def draw_image(brush: Brush, n: int) -> None:
    """Draw inputs as a picture, with the number of weights that follow."""
    layer, need = brush.plan.layers[n], brush.plan.need
    steps, side = _steps(brush, n), need.layers[0].side or layer.map_width
    is_large = layer.map_width >= 2 * side
    for k, step in enumerate(steps):
        y, column, quantity = layer.tops[k], k % side, brush.values.value_quantity(n, k)
        if is_large:
            if brush.look.has_colours:
                brush.sheet.put(y, layer.x + 2 * column, "  ", (f"on-grey{step}",), quantity)
            else:
                _shade(brush, y, layer.x + 2 * column, 2, step, None, False, quantity)
            brush.sheet.stop(NEURONS, y, layer.x + 2 * column, 2, quantity)
        else:
            if k // side % 2 == 0:
                below = steps[k + side] if k + side < len(steps) else None
                _shade(brush, y, layer.x + column, 1, step, below, False, quantity)
            brush.sheet.stop(NEURONS, y, layer.x + column, 1, quantity)
    own = brush.selection.neuron
    if own and own[0] == 0:
        width = 2 if is_large else 1
        brush.sheet.put(layer.tops[own[1]], layer.x + own[1] % side * width, "◂" * width, brush.cursor)
    _draw_count(brush, n)


def _draw_count(brush: Brush, n: int) -> None:
    """Write the number of weights that follow a picture."""
    first, last = brush.plan.gap(n)
    lines = brush.plan.lines(n)
    text = f"{lines:,}".replace(",", " ")
    middle = brush.plan.layers[n].tops[0] + brush.plan.layers[n].rows // 2
    width = max(len(text), 7) + 2
    if last - first < width + 2:
        return
    x = first + (last - first - width) // 2
    brush.sheet.put(middle - 1, x, text.center(width), ("second",))
    arrow = "-" * (width - 1) + ">" if brush.look.ascii else "─" * (width - 1) + "▸"
    brush.sheet.put(middle, x, arrow, ("faint",))
    brush.sheet.put(middle + 1, x, "weights".center(width), ("second",))


def draw_pixels(brush: Brush, y: int, x: int, levels: Levels, ladder: str, quantity: Quantity | None = None) -> None:
    """Draw pixels, two to a cell; without colours, a glyph for each upper pixel."""
    for row, (upper, lower) in enumerate(zip(levels[::2].tolist(), levels[1::2].tolist(), strict=True)):
        for column, (above, below) in enumerate(zip(upper, lower, strict=True)):
            styles: Styles = ()
            if not brush.look.has_colours:
                text = GLYPHS[(above + below) // 2 * len(GLYPHS) // STEPS]
            elif above == below:
                text, styles = " ", (f"on-{ladder}{above}",)
            else:
                text, styles = "▀", (f"{ladder}{above}", f"on-{ladder}{below}")
            brush.sheet.put(y + row, x + column, text, styles, quantity)
