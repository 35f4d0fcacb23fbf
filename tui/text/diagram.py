"""The picture of a network: every neuron with its value, every connection as a stroke."""

from dataclasses import dataclass

import numpy as np

from ...core.explaining.explanation import Connection
from ...core.model.arrays import Array
from ...core.running.moment import Age, Moment
from .canvas import Canvas
from .numbers import plain, short, signed
from .spans import Lines, Span, heading, label, number_styles

NEURON = "●"
MOST_WEIGHTS = 64
"""A layer with more connections has its weights left out of the picture."""
LEAST_STROKE = 3
MOST_STROKE = 20


@dataclass(frozen=True)
class Layout:
    """How a picture is laid out: with or without weights, and how many decimals."""

    weights: bool
    decimals: int


LAYOUTS = (Layout(True, 3), Layout(True, 2), Layout(False, 3), Layout(False, 2))
"""From the fullest to the sparest."""


def diagram(moment: Moment, example: int, width: int, height: int, lit: frozenset[Connection] = frozenset()) -> Lines:
    """The picture of a moment, for one example of its batch, as full as it fits, some connections lit."""
    drawings = (Drawing(moment, example, height, layout, lit) for layout in LAYOUTS)
    fullest = next((each for each in drawings if each.fits(width)), Drawing(moment, example, height, LAYOUTS[-1], lit))
    return Lines(fullest.draw(width))


class Drawing:
    """One way to draw a moment."""

    def __init__(self, moment: Moment, example: int, height: int, layout: Layout, lit: frozenset[Connection]) -> None:
        """Decide which neurons are shown, and the columns that their numbers need."""
        self._moment = moment
        self._layout = layout
        self._lit = lit
        self._height = height
        forward = moment.forward
        row = min(example, len(forward.X) - 1)
        self._row_shown = row
        self._values = [forward.X[row], *(self._activations(n, row) for n in range(moment.layers))]
        self._targets = forward.y[row]
        self._shown = [shown(len(each), height - 1) for each in self._values]
        self._value_widths = [self._widest(n) for n in range(len(self._values))]
        self._weight_width = layout.weights * (layout.decimals + 4)
        self._target_width = 4 + max(len(short(t)) for t in self._targets)

    def fits(self, width: int) -> bool:
        """Whether there is room for it."""
        if self._width(LEAST_STROKE) > width:
            return False
        if not self._layout.weights:
            return True
        is_small = all(W.size <= MOST_WEIGHTS for W in self._moment.state.W)
        return is_small and all(self._rows(n) <= self._height - 1 for n in range(len(self._values)))

    def draw(self, width: int) -> list[list[Span]]:
        """The lines of the picture."""
        strokes = len(self._values) - 1
        stroke = min(MOST_STROKE, max(LEAST_STROKE, (width - self._width(0)) // strokes))
        canvas = Canvas(max(width, self._width(stroke)), self._height)
        left = max(0, (width - self._width(stroke)) // 2)
        glyphs = self._glyph_columns(left, stroke)
        for n in range(strokes):
            self._connect(canvas, n, glyphs[n], glyphs[n + 1])
        for n, x in enumerate(glyphs):
            self._write_layer(canvas, n, x)
        return [list(line) for line in canvas.lines()]

    def _activations(self, layer: int, row: int) -> Array:
        """The values of a layer that are known last; nan where none is known."""
        known = self._moment.forward_of(layer)
        if known is None:
            return np.full(len(self._moment.state.W[layer]), np.nan)
        a: Array = known.a[layer][min(row, len(known.X) - 1)]
        return a

    def _widest(self, n: int) -> int:
        return max(len(plain(self._values[n][k], self._layout.decimals)) for k in self._shown[n] if k is not None)

    def _width(self, stroke: int) -> int:
        neurons = sum(width + 2 for width in self._value_widths)
        neurons += len(self._values) - 2
        return neurons + (len(self._values) - 1) * (stroke + self._weight_width + 1) + self._target_width

    def _glyph_columns(self, left: int, stroke: int) -> list[int]:
        """The column of each layer's neurons: an input's value stands before its neuron, other values behind it."""
        columns = [left + self._value_widths[0] + 1]
        for n in range(1, len(self._values)):
            behind = self._value_widths[n - 1] + 2 if n > 1 else 0
            columns.append(columns[-1] + behind + 1 + stroke + self._weight_width + 1)
        return columns

    def _rows_each(self, n: int) -> int:
        """Rows of a neuron: one for each weight that leads to it, where weights are shown."""
        return max(1, len(self._shown[n - 1])) if n and self._layout.weights else 1

    def _rows(self, n: int) -> int:
        return len(self._shown[n]) * (self._rows_each(n) + self._gap(n)) - self._gap(n)

    def _gap(self, n: int) -> int:
        """Empty rows between two neurons."""
        count, each = len(self._shown[n]), self._rows_each(n)
        if n and self._layout.weights:
            return 1 if each > 1 or count * 2 <= self._height - 1 else 0
        return min(3, max(0, (self._height - 1 - count) // max(count - 1, 1)))

    def _row(self, n: int, place: int) -> int:
        """The row of a neuron's glyph."""
        each = self._rows_each(n)
        top = 1 + max(0, self._height - 1 - self._rows(n)) // 2
        return top + place * (each + self._gap(n)) + (each - 1) // 2

    def _connect(self, canvas: Canvas, n: int, x_from: int, x_to: int) -> None:
        W, age = self._moment.state.W[n], self._moment.parameters_age
        start_x = x_from + 1 + (self._value_widths[n] + 2 if n else 0)
        end_x = x_to - 2 - self._weight_width
        for place_to, to in enumerate(self._shown[n + 1]):
            for place_from, source in enumerate(self._shown[n]):
                if to is None or source is None:
                    continue
                w = float(W[to, source])
                state = self._state_of(n, to, source)
                y = self._entry_row(n, place_to, place_from)
                start = (start_x, self._row(n, place_from))
                canvas.stroke(start, (end_x, y), ("edge", number_styles(w, age)[0], *state), dashed=w < 0)
                if self._layout.weights:
                    text = signed(w, self._layout.decimals).rjust(self._weight_width)
                    name = f"w{n + 1}[{to + 1},{source + 1}]"
                    canvas.write(end_x + 1, y, Span(text, (*number_styles(w, age), *state), name))

    def _state_of(self, n: int, to: int, source: int) -> tuple[str, ...]:
        """Whether a connection is lit, left in the dark by those that are, or at work in this stage."""
        if self._lit:
            return ("lit",) if (n, to, source) in self._lit else ("unlit",)
        return ("active",) if self._moment.stage.layer == n else ()

    def _entry_row(self, n: int, place_to: int, place_from: int) -> int:
        """The row at which a connection reaches its neuron."""
        row = self._row(n + 1, place_to)
        return row if not self._layout.weights else row - (self._rows_each(n + 1) - 1) // 2 + place_from

    def _write_layer(self, canvas: Canvas, n: int, x: int) -> None:
        title = "inputs" if n == 0 else f"layer {n}"
        canvas.write(x + 1 - len(title) if n == 0 else x, 0, heading(title))
        for place, k in enumerate(self._shown[n]):
            y = self._row(n, place)
            if k is None:
                left_out = len(self._values[n]) - len(self._shown[n]) + 1
                text = f"… {left_out} more"
                canvas.write(max(0, x + 1 - len(text)) if n == 0 else x, y, label(text))
            else:
                self._write_neuron(canvas, n, k, x, y)

    def _write_neuron(self, canvas: Canvas, n: int, k: int, x: int, y: int) -> None:
        value = float(self._values[n][k])
        example = f"@{self._row_shown + 1}"
        if n == 0:
            text = plain(value, self._layout.decimals).rjust(self._value_widths[n])
            canvas.write(x - len(text) - 1, y, Span(f"{text} {NEURON}", ("input",), f"x[{k + 1}]{example}"))
            return
        age = self._moment.forward_age(n - 1)
        text = ("·" if age is Age.ABSENT else plain(value, self._layout.decimals)).rjust(self._value_widths[n])
        canvas.write(x, y, Span(f"{NEURON} {text}", ("neuron", age.value), f"a{n}[{k + 1}]{example}"))
        if n == len(self._values) - 1:
            canvas.write(x + 2 + self._value_widths[n], y, label("  t "))
            target = Span(short(float(self._targets[k])), ("label",), f"y[{k + 1}]{example}")
            canvas.write(x + 6 + self._value_widths[n], y, target)


def shown(neurons: int, rows: int) -> list[int | None]:
    """The neurons of a layer that fit: all, or the first and the last ones with None for those between."""
    if neurons <= rows:
        return list(range(neurons))
    # Half as many as fit: strokes between more than these would hide each other.
    drawn = max(2, rows // 2)
    last = max(1, drawn // 3)
    first = max(1, drawn - last)
    return [*range(first), None, *range(neurons - last, neurons)]
