"""The screen of a model that nn-tui cannot compute itself: the tree of its modules, their numbers, and the loss."""

from collections.abc import Callable
from dataclasses import replace

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Container, Vertical
from textual.content import Content
from textual.geometry import Size
from textual.widgets import Static

from ...core.typed_number import number
from ...presets.live.conditions import FORMS, condition_of, condition_text
from ...presets.live.inspected import Inspected, Inspector, TensorRow, tensor_rows
from ...presets.live.live_training import LiveTraining
from ...presets.live.messages import EditParameter, HoldCondition, SetLearningRate
from ..dialogs.base_screen import BaseScreen, Dialog
from ..dialogs.reading_dialogs import ReadingView
from ..panels.key_line import KeyLine
from ..text.key_help import KeySection, help_page
from ..text.module_text import (
    CELL,
    tensor_facts,
    tensor_title,
)
from ..text.safe import safe
from ..text.spans import Page
from .module_pages import PANELS, LivePage, ModuleView
from .prompt import Prompt
from .tensor_window import TensorWindow

EVERY = 0.05
"""Seconds between two looks at what is new."""


KEYS = (
    ("space", "run, pause"),
    ("s", "step by one update"),
    ("↑ ↓ pgup pgdn", "choose a tensor; in the numbers, move to another one"),
    ("enter tab", "go to the numbers of the tensor, and back"),
    ("← → escape", "in the numbers: left, right; back to the tensors"),
    ("[ ]", "the part before, the next part of a tensor with more than two axes"),
    ("d", "the gradient of the tensor, its values"),
    ("a", "edit the number under the cursor"),
    ("m", "the learning rate"),
    ("k", "breakpoints: conditions that pause a run"),
    ("1 … 5", "on a small screen: modules, numbers, loss, histogram, output"),
    ("q", "quit; the training runs on"),
    ("ctrl+c", "quit; a script that nn-tui run has started ends too"),
)


class ModuleHelp(Dialog[None]):
    """The keys of the screen."""

    BINDINGS = [Binding("escape,question_mark,q,enter,space", "dismiss", "Close", key_display="esc")]

    def compose(self) -> ComposeResult:
        """One page."""
        with Vertical(classes="dialog", id="help") as dialog:
            dialog.border_title = "Help"
            yield ReadingView(lambda size: help_page([KeySection("Keys", KEYS)], min(size.width, 90)), id="help-page")
        yield KeyLine()


class ModuleScreen(BaseScreen[None]):
    """What is known of a training, and the keys that steer it."""

    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (118, "-wide")]
    VERTICAL_BREAKPOINTS = [(0, "-low"), (34, "-high")]
    BINDINGS = [
        Binding("space", "run_or_pause", "run, pause", key_display="space"),
        Binding("s", "step", "step"),
        Binding("up", "move(-1, 0)", "tensor", key_display="↑ ↓"),
        Binding("down", "move(1, 0)", show=False),
        Binding("left", "move(0, -1)", show=False),
        Binding("right", "move(0, 1)", show=False),
        Binding("pageup", "move(-10, 0)", show=False),
        Binding("pagedown", "move(10, 0)", show=False),
        Binding("tab,enter", "go_in", "numbers", key_display="enter"),
        Binding("escape", "go_out", show=False),
        Binding("d", "gradient", "value, gradient"),
        Binding("right_square_bracket", "turn(1)", "next part", key_display="]"),
        Binding("left_square_bracket", "turn(-1)", show=False),
        Binding("a", "edit", "edit"),
        Binding("m", "rate", "learning rate"),
        Binding("k", "breakpoints", "stop at"),
        *(Binding(str(n), f"show({name!r})", show=False) for n, name in enumerate(PANELS, 1)),
        Binding("question_mark", "help", "help", key_display="?"),
        Binding("q", "app.quit", "quit"),
    ]

    def __init__(self, live: LiveTraining) -> None:
        """Listen to a training from now on."""
        super().__init__()
        self._live = live
        self._shown: Inspected | None = None
        self._rows: list[TensorRow] = []
        self._chosen = 0
        self._window = TensorWindow()
        self._panel = "modules"
        self._conditions: tuple[HoldCondition, ...] = ()
        self.inspector: Inspector

    def compose(self) -> ComposeResult:
        """The header, what is wrong, the panels and the keys."""
        yield LivePage(self._page("header"), id="live-header")
        yield LivePage(self._page("tabs"), id="live-tabs")
        yield Static(id="not-finite")
        with Container(id="live-panels"):
            for name in ("modules", "loss", "numbers", "histogram", "output"):
                page = LivePage(self._page(name), id=f"live-{name}")
                page.border_title = PANELS[name]
                yield page
        yield KeyLine()

    def on_mount(self) -> None:
        """Listen."""
        model = self._live.arrival.model
        assert model
        self.inspector = Inspector(self._live.channel, model, lambda: None, self._live.arrival.activity)
        self._live.print_to(self.inspector.print)
        self.look()
        self.set_interval(EVERY, self.look)

    def on_unmount(self) -> None:
        """Let the training run on."""
        self.inspector.close()

    def on_resize(self) -> None:
        """Show as much as there is room for."""
        self._shown = None
        self.call_after_refresh(self.look)

    def look(self) -> None:
        """Show what is new."""
        for said in self.inspector.heard():
            self.app.notify(safe(said), timeout=8, markup=False)
        now = self.inspector.now
        if now is self._shown or not self.is_mounted:
            return
        if (
            self._shown is None
            or now.model is not self._shown.model
            or len(now.statistics) != len(self._shown.statistics)
        ):
            self._take_rows(tensor_rows(now.model, now.statistics))
        self._shown = now
        self._say()
        for page in self.query(LivePage):
            page.renew()

    def action_run_or_pause(self) -> None:
        """Run, or hold before the next update."""
        self.inspector.run_or_pause()

    def action_step(self) -> None:
        """Make one update."""
        self.inspector.step()

    def action_move(self, y: int, x: int) -> None:
        """Choose another tensor, or another number of it."""
        if self._panel == "numbers":
            self._see(self._window.moved(y, x, *self._room))
        elif y and self._rows:
            places = [n for n, row in enumerate(self._rows) if row.tensor]
            later = [n for n in places if n > self._chosen] if y > 0 else [n for n in places if n < self._chosen][::-1]
            if later:
                self._chosen = later[min(abs(y), len(later)) - 1]
                self._see(TensorWindow.of(self._rows[self._chosen]))

    def action_go_in(self) -> None:
        """Move among the numbers of the tensor, or among the tensors again."""
        self._panel = "modules" if self._panel == "numbers" else "numbers"
        self._renew()

    def action_go_out(self) -> None:
        """Move among the tensors again."""
        self._panel = "modules"
        self._renew()

    def action_show(self, name: str) -> None:
        """Show a panel, where one has the screen."""
        self._panel = name
        self._renew()

    def action_gradient(self) -> None:
        """Show the gradient of the tensor, or its values again."""
        self._see(replace(self._window, is_gradient=not self._window.is_gradient))

    def action_turn(self, by: int) -> None:
        """Show the next part of a tensor of more than two axes."""
        self._see(self._window.turned(by))

    def action_edit(self) -> None:
        """Ask for another value of the number under the cursor."""
        window = self._window
        if not window.is_editable:
            self.app.notify("choose a number of a parameter to edit: enter goes to the numbers", markup=False)
            return
        place = ", ".join(map(str, window.place))
        title = f"{window.tensor}[{place}]"

        def change(text: str | None) -> None:
            if text is not None:
                order = EditParameter(parameter=window.tensor, index=window.place, value=number(text, "0.5"))
                self.inspector.order(order)

        hint = "The training changes it before its next update."
        self.app.push_screen(Prompt(title, "", hint, lambda text: number(text, "0.5")), change)

    def action_rate(self) -> None:
        """Ask for another learning rate."""

        def change(text: str | None) -> None:
            if text is not None:
                self.inspector.order(SetLearningRate(value=number(text, "0.1")))

        self.app.push_screen(
            Prompt("Learning rate of all groups", "", "A number from 0 up, such as 0.01.", _rate_of), change
        )

    def action_breakpoints(self) -> None:
        """Ask where the training holds."""

        def place(text: str | None) -> None:
            if text is not None:
                self._conditions = conditions_of(text)
                self.inspector.break_at(self._conditions)

        written = "; ".join(map(condition_text, self._conditions))
        hint = "With ; between them: " + "; ".join(FORMS)
        self.app.push_screen(Prompt("Hold at", written, hint, conditions_of), place)

    def action_help(self) -> None:
        """List the keys."""
        self.app.push_screen(ModuleHelp())

    # What is seen.

    def _page(self, name: str) -> Callable[[Size], Page]:
        return lambda size: self._view.page(name, size)

    @property
    def _view(self) -> ModuleView:
        return ModuleView(self._live.name, self._shown, self._rows, self._chosen, self._window, self._panel)

    @property
    def _is_wide(self) -> bool:
        return self.has_class("-wide") and self.has_class("-high")

    @property
    def _room(self) -> tuple[int, int]:
        """Rows and columns of numbers that can be seen."""
        size = self.query_one("#live-numbers", LivePage).content_size
        return max(size.height - 1, 1), max((size.width - 6) // CELL, 1)

    def _take_rows(self, rows: list[TensorRow]) -> None:
        """Take another tree, with the same tensor chosen."""
        self._rows = rows
        names = [row.tensor for row in rows]
        if self._window.tensor and self._window.tensor in names:
            self._chosen = names.index(self._window.tensor)
            return
        tensors = [n for n, row in enumerate(rows) if row.tensor]
        parameters = [n for n in tensors if not rows[n].is_output]
        if first := [*parameters, *tensors][:1]:
            self._chosen = first[0]
            self._window = TensorWindow.of(rows[first[0]])

    def _see(self, window: TensorWindow) -> None:
        self._window = window
        self._renew()

    def _renew(self) -> None:
        self._shown = None
        self.look()

    def _say(self) -> None:
        """Write what is around the pages, and ask for the numbers that are seen."""
        now = self.inspector.now
        self.set_class(now.output is not None, "-printing")
        for name in PANELS:
            page = self.query_one(f"#live-{name}", LivePage)
            is_shown = name == self._panel or (name == "histogram" and self._panel == "numbers")
            has_any = name != "output" or now.output is not None
            page.set_class(not (has_any and (self._is_wide or is_shown)), "-hidden")
            page.set_class(name == self._panel, "-chosen")
        reason = f"not computed here: {now.model.reason}" if now.model.reason else ""
        self.query_one("#live-modules", LivePage).border_subtitle = Content(safe(reason)).markup
        row = self._rows[self._chosen] if self._rows else None
        title = tensor_title(row, self._window.index) + ("  gradient" if self._window.is_gradient else "")
        self.query_one("#live-numbers", LivePage).border_title = Content(title).markup
        facts = tensor_facts(now.statistics.get(self._window.tensor))
        self.query_one("#live-numbers", LivePage).border_subtitle = Content(facts).markup
        fault = self.query_one("#not-finite", Static)
        fault.update(Content(safe(now.not_finite)))
        fault.set_class(not now.not_finite, "-hidden")
        if self._window.tensor:
            self.inspector.look_at(self._window.order(*self._room))


def conditions_of(text: str) -> tuple[HoldCondition, ...]:
    """The conditions that a person writes, with ; between them.

    Raises:
        ValueError: one is of no known form.
    """
    return tuple(condition_of(each) for each in text.split(";") if each.strip())


def _rate_of(text: str) -> float:
    rate = number(text, "0.1")
    if rate < 0:
        raise ValueError("expected a number from 0 up, such as 0.01")
    return rate
