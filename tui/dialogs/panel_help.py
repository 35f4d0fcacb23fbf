"""The help of the focused panel: what it shows, and what can be done in it."""

from collections.abc import Iterator
from textwrap import wrap

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.geometry import Size

from ..dashboard.action import Action, actions_of
from ..dashboard.panel_list import DASHBOARD_ACTIONS
from ..panels.key_line import KeyLine
from ..panels.page_view import ARROWS, PAGES
from ..panels.panel_spec import PanelSpec
from ..text.key_help import KeySection, help_page, sentence_for
from ..text.safe import safe
from ..text.spans import Lines, Page, Span
from .base_screen import Dialog
from .reading_view import ReadingView

NUMBERS = ("factor", "next-route", "alter-the-number", "nudge-down", "nudge-up", "gradient-check", "copy-the-number")
"""Actions for the number under the cursor."""
ALSO = {
    "network": (*NUMBERS, "next-example", "notation"),
    "parameters": (*NUMBERS, "notation"),
    "gradients": (*NUMBERS, "next-example", "notation"),
    "loss": ("other-branch", "compare-branches", "run-slower", "run-faster"),
    "explain": (*NUMBERS, "close"),
    "steps": ("go-to-step", "first-step", "newest-step", "notation"),
    "picture": ("next-example", "previous-example"),
}
"""Of each panel, actions of the dashboard that are for what it shows."""


class PanelHelp(Dialog[None]):
    """One page."""

    BINDINGS = [Binding("escape,f1,q,enter,space", "dismiss", "Close", key_display="esc")]

    def __init__(self, spec: PanelSpec, data: str = "") -> None:
        """Explain a panel, and say how the data file was read that it shows."""
        super().__init__()
        self._spec = spec
        self._data = data

    def compose(self) -> ComposeResult:
        """What the panel shows, and its keys."""
        with Vertical(classes="dialog", id="panel-help") as dialog:
            dialog.border_title = self._spec.title
            dialog.border_subtitle = "? all keys"
            yield ReadingView(self._page, id="panel-help-page")
        yield KeyLine()

    def _page(self, size: Size) -> Page:
        paragraphs = [*self._spec.help.split("\n"), *([f"Data: {safe(self._data)}."] if self._data else [])]
        words = [[Span(line)] for text in paragraphs for line in wrap(text, size.width)]
        keys = help_page([KeySection("What you can do here", list(self._rows()))], min(size.width, 80))
        return Lines([*words, [], *keys.lines])

    def _rows(self) -> Iterator[tuple[str, str]]:
        """A row for each thing that can be done, moving last."""
        own = [each for each in actions_of(self._spec.widget).values() if each.help not in (ARROWS, PAGES)]
        also = {each.name: each for each in DASHBOARD_ACTIONS}
        named = [also[name] for name in ALSO.get(self._spec.name, ()) if name in also]
        rows: dict[str, list[str]] = {}
        for action in (*own, *named):
            rows.setdefault(self._sentence(action), []).extend(action.shown_keys)
        for sentence, keys in rows.items():
            yield " ".join(keys), sentence
        yield "↑ ↓ ← →", sentence_for(ARROWS, self._place)
        yield "pgup pgdn", sentence_for(PAGES, self._place)

    @property
    def _place(self) -> str:
        return "an explanation" if self._spec.name == "explain" else f"the {self._spec.name}"

    def _sentence(self, action: Action[object]) -> str:
        return sentence_for(action.help, self._place)
