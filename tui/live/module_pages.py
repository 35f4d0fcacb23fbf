"""The pages of a model that nn-tui cannot compute itself, and the widget that shows one of them."""

from collections.abc import Callable, Sequence

from msgspec import Struct
from textual.geometry import Size

from ...presets.live.messages import Window
from ...presets.live.model_training import ModelState, TensorRow
from ..panels.page_view import PageView
from ..text.module_text import (
    NO_GRADIENT,
    TOO_LATE,
    WAITING,
    histogram_page,
    live_header,
    loss_page,
    tree_page,
    window_page,
)
from ..text.safe import safe_rows
from ..text.spans import Lines, Page, Span
from .tensor_window import TensorWindow

PANELS = {"modules": "Modules", "numbers": "Numbers", "loss": "Loss", "histogram": "Histogram", "output": "Output"}


class ModuleView(Struct, frozen=True, eq=False):
    """What the pages show."""

    name: str = ""
    """Of the script."""
    now: ModelState | None = None
    rows: Sequence[TensorRow] = ()
    chosen: int = 0
    window: TensorWindow = TensorWindow()
    panel: str = "modules"

    @property
    def panels(self) -> list[str]:
        """Those that there are."""
        return [each for each in PANELS if each != "output" or (self.now and self.now.output)]

    @property
    def seen_window(self) -> Window | None:
        """The numbers of the chosen tensor; None before they are reported."""
        found = self.now.window if self.now else None
        return found if found and found.name == self.window.order(1, 1).tensor else None

    def page(self, name: str, size: Size) -> Page:
        """A page of this size."""
        now = self.now
        match name:
            case _ if now is None:
                return Lines([])
            case "header":
                return Lines([live_header(now, self.name, size.width)])
            case "tabs":
                return Lines([[span for n, each in enumerate(self.panels, 1) for span in self._tab(n, each)]])
            case "modules":
                return tree_page(now, self.rows, self.chosen, size.width, size.height)
            case "numbers":
                cursor = (self.window.y, self.window.x) if self.panel == "numbers" else None
                known = now.statistics.get(self.window.tensor)
                has_none = self.window.is_gradient and known is not None and known.gradient_norm is None
                missing = NO_GRADIENT if has_none else TOO_LATE if now.is_over else WAITING
                return window_page(self.seen_window, cursor, size.width, size.height, missing)
            case "histogram":
                return histogram_page(self.seen_window, size.width, size.height)
            case "loss":
                return loss_page(now, size.width, size.height)
            case _:
                most = max(size.height, 1)
                rows = safe_rows((now.output or ())[-most:], size.width)
                return Lines([[Span(row, ("second",))] for row in rows[-most:]])

    def _tab(self, number: int, name: str) -> list[Span]:
        styles = ("accent", "selected") if name == self.panel else ("second",)
        return [Span(f" {number} {PANELS[name]} ", styles), Span(" ")]


class LivePage(PageView, can_focus=False, inherit_bindings=False):
    """A part of the screen; its keys are the screen's."""

    BINDINGS = []

    def __init__(self, make: Callable[[Size], Page], *, id: str) -> None:
        super().__init__(id=id)
        self._make = make

    def make_page(self, size: Size) -> Page:
        """The page for this size."""
        return self._make(size)
