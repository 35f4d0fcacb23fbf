"""The loss panel: the loss over the steps."""

from time import monotonic

from rich.segment import Segment
from rich.text import Text
from textual.reactive import var
from textual.strip import Strip
from textual.widget import Widget

from ..text.chart import COLOURS, Curves, chart

EVERY = 0.33
"""Seconds between two drawings: each holds the screen's thread for some 10 ms."""


class LossPanel(Widget, can_focus=True):
    """A chart that is drawn at its own pace."""

    BORDER_TITLE = "Loss"
    COMPONENT_CLASSES = {"loss--train", "loss--test", "loss--other", "loss--here"}

    curves: var[Curves] = var(Curves())

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._strips: list[Strip] = []
        self._drawn = 0.0
        self._is_old = False

    def on_mount(self) -> None:
        """Catch up with what came between two drawings."""
        self.set_interval(EVERY, self._catch_up)

    def watch_curves(self) -> None:
        """Draw now, or soon."""
        self._is_old = True
        if monotonic() - self._drawn > EVERY:
            self._catch_up()

    def on_resize(self) -> None:
        """Fit the new size."""
        self._is_old = True
        self._catch_up()

    def _strip(self, line: str) -> Strip:
        """A line of the chart, each curve in the colour that the style sheet gives it."""
        styles = {COLOURS[name]: self.get_component_rich_style(f"loss--{name}", partial=True) for name in COLOURS}
        return Strip(
            Segment(text, styles.get(style.color.number) if style and style.color and style.color.number else None)
            for text, style, _ in Text.from_ansi(line).render(self.app.console)
        )

    def render_line(self, y: int) -> Strip:
        """One line of the chart."""
        strip = self._strips[y] if y < len(self._strips) else Strip.blank(self.size.width)
        return strip.crop_extend(0, self.size.width, self.rich_style).apply_style(self.rich_style)

    def _catch_up(self) -> None:
        width, height = self.size
        if not self.curves.train:
            self._strips = [Strip([Segment("no loss yet: the first comes after the forward pass")])]
            self.refresh()
            return
        if not self._is_old or not self.display or width < 10 or height < 4:
            return
        lines = chart(self.curves, width, height)
        self._strips = [self._strip(line) for line in lines]
        self._drawn, self._is_old = monotonic(), False
        self.refresh()
