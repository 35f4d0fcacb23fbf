"""The painter of pages: the same strips again while nothing that they show has changed."""

from rich.style import Style

from nn_tui.core.quantities.quantity import Kind, Quantity
from nn_tui.tui.panels.page_painter import PagePainter, Viewport
from nn_tui.tui.text.mask import Mask
from nn_tui.tui.text.spans import Cell, Lines, Span

WEIGHT = Quantity(Kind.W, 0, 0, 0)
PAGE = Lines([[Span("w = ", ("label",)), Span("+0.521", ("value",), WEIGHT)]])
SEEN = Viewport(0, 0, 20, 1, 20)


def test_what_has_not_changed_is_painted_once() -> None:
    asked: list[str] = []

    def style_of(name: str) -> Style:
        asked.append(name)
        return Style(bold=name == "cursor")

    painter, plain = PagePainter(style_of), Style()
    first = painter.strips(PAGE, SEEN, None, plain)
    assert painter.strips(PAGE, SEEN, None, plain) is first
    assert asked == ["label", "value"]

    under = painter.strips(PAGE, SEEN, Cell(0, 4, 6, WEIGHT), plain)
    assert [segment.text for segment in under[0] if segment.style and segment.style.bold] == ["+0.521"]
    assert painter.strips(PAGE, SEEN, None, plain)[0] == first[0]

    painter.mask = Mask(frozenset((WEIGHT,)), frozenset())
    assert "0.521" not in painter.strips(PAGE, SEEN, None, plain)[0].text
    assert painter.strips(PAGE, SEEN._replace(width=6, columns=6), None, plain)[0].cell_length == 6

    painter.mask = None
    painter.strips(PAGE, SEEN, None, plain)
    count = len(asked)
    painter.forget_styles()
    assert painter.strips(PAGE, SEEN, None, plain)[0].text.startswith("w = +0.521")
    assert asked[count:] == ["label", "value"]
