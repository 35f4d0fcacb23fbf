"""The loss panel: the loss over the steps, and other charts in its place."""

from time import monotonic

from rich.segment import Segment
from rich.text import Text
from textual.binding import Binding
from textual.reactive import var
from textual.strip import Strip
from textual.widget import Widget

from ...core.model.arrays import Array
from ...core.running.moment import Moment
from ..log import defect
from ..text.chart import Curves, Kind, chart, kinds_of
from ..text.figure import COLOURS

EVERY = 0.33
"""Seconds between two drawings: each holds the screen's thread for some 10 ms."""


class LossPanel(Widget, can_focus=True):
    """A chart that is drawn at its own pace."""

    BORDER_TITLE = "Loss"
    COMPONENT_CLASSES = {f"loss--{name}" for name in COLOURS}

    BINDINGS = [Binding("y", "chart(1)", "Next chart"), Binding("Y", "chart(-1)", "Chart before", show=False)]

    curves: var[Curves] = var(Curves())
    moment: var[Moment | None] = var(None)
    kind: var[Kind] = var(Kind.LOSS)
    """Which chart is drawn."""

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

    def watch_moment(self) -> None:
        """Draw the activations of the new moment."""
        if self.kind is Kind.ACTIVATIONS:
            self.watch_curves()

    def watch_kind(self) -> None:
        """Draw another chart, at once."""
        self.border_title = self.kind.value
        self._is_old = True
        self._catch_up()

    def action_chart(self, by: int) -> None:
        """Choose the next chart of those that have something to show."""
        kinds = kinds_of(self.curves)
        here = kinds.index(self.kind) if self.kind in kinds else 0
        self.kind = kinds[(here + by) % len(kinds)]

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
        if not self.curves.train and self.kind is not Kind.ACTIVATIONS:
            self._strips = [Strip([Segment("no loss yet: the first comes after the forward pass")])]
            self.refresh()
            return
        if not self._is_old or not self.display or width < 10 or height < 4:
            return
        try:
            self._strips = [self._strip(line) for line in self._chart(width, height)]
        except Exception as error:  # whatever it is, the other panels go on
            self._strips = [Strip([Segment(defect(error))])]
        self._drawn, self._is_old = monotonic(), False
        self.refresh()

    def _chart(self, width: int, height: int) -> list[str]:
        a = _activations(self.moment) if self.moment and self.kind is Kind.ACTIVATIONS else ()
        self.border_subtitle = f"step {self.moment.step}" if self.moment and a else ""
        return chart(self.curves, width, height, self.kind, a, has_colours=not self.app.no_color)


def _activations(moment: Moment) -> list[Array]:
    """Those of each layer, where they are known."""
    known = [moment.forward_of(layer) for layer in range(moment.layers)]
    return [forward.a[layer] for layer, forward in enumerate(known) if forward]
