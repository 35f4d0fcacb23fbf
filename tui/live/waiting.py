"""The screen while a training in another process has not made its first step, with the script's output."""

from collections.abc import Callable

from textual.app import ComposeResult
from textual.binding import Binding
from textual.content import Content
from textual.events import Key
from textual.geometry import Size
from textual.widgets import Static

from ...presets.errors import PresetError
from ...presets.live.live_training import Arrival, LiveTraining
from ...presets.live.messages import ScriptAt
from ...presets.opened import Opened
from ..dialogs.base_screen import BaseScreen
from ..dialogs.reading_dialogs import ReadingView
from ..panels.key_line import KeyLine
from ..text.safe import safe, safe_rows
from ..text.spans import Lines, Page, Span

EVERY = 0.05
"""Seconds between two checks for news."""
TOO_EARLY = "Until then only q has an effect."


def waiting_text(name: str, arrival: Arrival) -> str:
    """The lines that say what is awaited."""
    if arrival.fault:
        return f"{name}: {arrival.fault}"
    if arrival.hello is None:
        return f"{name} starts …"
    where = f"{name}, process {arrival.hello.pid}"
    which = "its first" if arrival.model is None else "the next"
    return f"{where}: waiting for {which} training step …"


def _line_text(line: ScriptAt | None) -> str:
    if line is None:
        return ""
    what = "torch.compile compiles a model" if line.is_compiling else "the script is"
    return f"{what} at {line.place}"


class WaitingScreen(BaseScreen[None]):
    """The line that says what is awaited, and the script's output."""

    CSS_PATH = ["../app.tcss", "../dialogs.tcss", "../live.tcss"]
    BINDINGS = [Binding("q", "app.quit", "Quit")]

    def __init__(self, live: LiveTraining, show: Callable[[Opened], None]) -> None:
        """Wait for this training, and show it in the dashboard if its model is recognized."""
        super().__init__()
        self._live, self._show_training = live, show
        self._said = self._note = ""
        self._lines = 0

    def compose(self) -> ComposeResult:
        """One line, and the output."""
        yield Static(id="waiting")
        yield ReadingView(self._page, id="waiting-output")
        yield KeyLine()

    def on_mount(self) -> None:
        """Start to check for news."""
        self.look()
        self.set_interval(EVERY, self.look)

    def on_key(self, event: Key) -> None:
        """Say that a key of the dashboard has no effect yet."""
        if event.key not in self.active_bindings and not self._live.arrival.fault:
            self._note = TOO_EARLY
            self.look()

    def look(self) -> None:
        """Show news, and open the training as soon as it can be shown."""
        arrival, lines = self._live.arrival, self._live.lines
        said = [waiting_text(self._live.name, arrival)]
        said += [] if arrival.fault else [_line_text(arrival.line), self._note]
        if (text := "\n".join(safe(line) for line in said if line)) != self._said:
            self._said = text
            self.query_one("#waiting", Static).update(Content(text))
        if len(lines) != self._lines:
            self._lines = len(lines)
            view = self.query_one(ReadingView)
            view.renew()
            view.scroll_end(animate=False)
        if arrival.is_known and self.stays and self.is_current:
            self._show()

    def _show(self) -> None:
        from .module_screen import ModuleScreen

        model = self._live.arrival.model
        assert model
        try:
            if model.recognized:
                self._show_training(self._live.opened())
            else:
                self.app.switch_screen(ModuleScreen(self._live))
        except PresetError as error:
            self.query_one("#waiting", Static).update(Content(safe(str(error))))

    def _page(self, size: Size) -> Page:
        return Lines([[Span(row, ("second",))] for row in safe_rows(self._live.lines, size.width)])
