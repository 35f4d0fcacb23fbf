"""The help of the focused panel: what it shows, and its keys."""

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from ..dashboard.action import actions_of
from ..keymap import binding
from ..panels.panel_spec import PanelSpec
from ..text.safe import safe
from .base_screen import Dialog


class PanelHelp(Dialog[None]):
    """One page."""

    BINDINGS = [Binding("escape,f1,q,enter,space", "dismiss", "Close")]

    def __init__(self, spec: PanelSpec, data: str = "") -> None:
        """Explain a panel, and say how the data file was read that it is about."""
        super().__init__()
        self._spec = spec
        self._data = data

    def compose(self) -> ComposeResult:
        """What it shows, and its keys."""
        with VerticalScroll(classes="dialog tall"):
            yield Static(Content(self._spec.title), classes="dialog-title")
            yield Static(Content(self._spec.help))
            yield Static(Content("\n".join(self._keys())), classes="dialog-keys")
            if self._data:
                yield Static(Content(f"\nData: {safe(self._data)}."), classes="dialog-data")

    def _keys(self) -> list[str]:
        """A line for each key of the panel itself."""
        keys: dict[str, list[str]] = {}
        for action in actions_of(self._spec.widget).values():
            keys.setdefault(action.label, []).append(self.app.get_key_display(binding(action)))
        return [f"{' '.join(shown):<12}{description}" for description, shown in keys.items()]
