"""The explain strip: under a single panel, in two lines, where the number under the cursor comes from."""

from time import monotonic

from textual.geometry import Size

from ..text.brief import brief
from ..text.spans import Lines, Page
from .explain_panel import EVERY
from .panel import PagePanel


class ExplainStrip(PagePanel, can_focus=False):
    """The short explanation, as much of it as has room."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._drawn = 0.0
        """When it was drawn last."""

    def watch_view(self) -> None:
        """Show what has changed; while training runs, as often as anybody can read it."""
        if not self.view.running or monotonic() - self._drawn >= EVERY:
            self._drawn = monotonic()
            super().watch_view()

    def shows(self) -> tuple[object, ...]:
        """The number under the cursor, at a step."""
        view = self.view
        return view.trainer, view.snapshot, view.cursor, view.example, view.notation, view.decimals

    def make_page(self, size: Size) -> Page:
        """The lines that fit."""
        briefing = self.view.briefing
        return Lines(brief(briefing, size.width, size.height) if briefing else [])
