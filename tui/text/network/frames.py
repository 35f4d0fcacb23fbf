"""Frames: a neuron with its name, z, a, b and ∂L/∂z, and the curve of its activation."""

from ....core.debugger.snapshot import Freshness
from ....core.quantities.quantity import Quantity
from .activation_curve import activation_curve
from .braille import Styles
from .brush import Brush
from .figures import fitted
from .layer_plan import number_columns
from .sheet import COLUMNS, NEURONS

FRAMES = {False: "╭─╮│╰─╯", True: "+-+|+-+"}
"""The characters of a frame, in Unicode and in ASCII."""


def draw_frame(brush: Brush, n: int, k: int, name: str) -> int:
    """Draw a frame with the name in its border, around z, a, b and ∂L/∂z; returns the row below it."""
    layer, sheet = brush.plan.layers[n], brush.sheet
    y, x, width = layer.tops[k], layer.x, layer.width
    name, frame = f" {name} ", FRAMES[brush.look.ascii]
    is_own, is_lit = brush.selection.is_selected(n, k), brush.selection.has_neuron(n, k)
    line: Styles = ("accent",) if is_own else ("faint",) if is_lit else ("ghost",)
    top = frame[0] + frame[1] + name + frame[1] * (width - len(name) - 3) + frame[2]
    sheet.put(y, x, top, line)
    title: Styles = ("accent", "new") if is_own else ("neuron",) if is_lit else ("faint",)
    sheet.put(y, x + 2, name, title, brush.values.value_quantity(n, k))
    parts, each = brush.values.parts(n, k), 1 + layer.is_stacked
    for row, (letter, number, quantity) in enumerate(parts):
        _draw_part(brush, n, k, y + 1 + row * each, letter, number, quantity)
    rows = len(parts) * each
    _draw_curve(brush, n, k, y + rows + 1)
    rows += layer.curve
    sheet.put(y + rows + 1, x, frame[4] + frame[5] * (width - 2) + frame[6], line)
    for row in range(1, rows + 1):
        sheet.put(y + row, x, frame[3], line)
        sheet.put(y + row, x + width - 1, frame[3], line)
    return y + rows + 2


def _draw_curve(brush: Brush, n: int, k: int, y: int) -> None:
    """Draw the curve of a neuron's activation, with a mark at its z."""
    layer, values = brush.plan.layers[n], brush.values
    if not layer.curve or values.part_freshness(n, "z") is Freshness.ABSENT:
        return
    _, z, _ = values.parts(n, k)[0]  # or a, if an identity folds both into one
    size = layer.width - 4, layer.curve
    cells = activation_curve(values.activations[n - 1], z, *size, ascii=brush.look.ascii)
    is_lit = brush.selection.has_neuron(n, k)
    for (row, column), (text, styles) in cells.items():
        brush.sheet.put(y + row, layer.x + 2 + column, text, styles if is_lit else ("ghost",))


def _draw_part(brush: Brush, n: int, k: int, y: int, letter: str, number: float, quantity: Quantity) -> None:
    """Write a number of a neuron in its frame."""
    layer, sheet = brush.plan.layers[n], brush.sheet
    freshness = brush.values.part_freshness(n, letter)
    columns, is_unknown = number_columns(layer.decimals), freshness is Freshness.ABSENT or number != number
    text = "·".rjust(columns) if is_unknown else fitted(number, columns, layer.decimals, sign=False)
    is_lit, is_here = brush.selection.has_neuron(n, k), brush.selection.is_quantity(quantity)
    word: Styles = ("second",) if is_lit else ("faint",)
    plain: Styles = ("neuron",) if letter == "a" else ("text",)
    is_new = brush.look.flash and freshness is Freshness.NEW
    styles = ("accent", "new") if is_new else plain if is_lit else ("faint",)
    inner = layer.width - 2
    lead = f" {letter.ljust(inner - 1 if layer.is_stacked else inner - columns - 2)}"
    sheet.put(y, layer.x + 1, lead, brush.cursor if is_here else word, quantity)
    y += layer.is_stacked
    room = inner if layer.is_stacked else columns + 1
    sheet.put(y, layer.x + 1 + inner - room, f"{text} ".rjust(room), brush.cursor if is_here else styles, quantity)
    if quantity == brush.values.value_quantity(n, k):
        draw_mark(brush, n, k, y, layer.x + inner)
    filled = brush.values.fill(n, k) if letter == "a" else None
    if filled and is_lit and freshness is not Freshness.ABSENT and not brush.look.ascii and not is_here:
        first, last = (round(share * inner) for share in filled)
        sheet.ground(y, layer.x + 1 + first, last - first, "fill")
    sheet.stop(n * COLUMNS + NEURONS, y, layer.x + 1, inner, quantity)


def draw_mark(brush: Brush, n: int, k: int, y: int, x: int) -> None:
    """Draw the mark that compares the user's own number."""
    text, style = brush.values.mark(n, k) if brush.values.is_compared else (" ", "")
    if style:
        brush.sheet.put(y, x, text, (style,))
