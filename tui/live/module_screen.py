"""The screen of a model that nn-tui cannot compute itself: the tree of its modules, their numbers, and the loss."""

from collections.abc import Callable
from functools import partial

import numpy as np
from textual.app import ComposeResult
from textual.containers import Container
from textual.content import Content
from textual.geometry import Size
from textual.widgets import Static

from ...core.typed_number import quoted
from ...presets.live.live_training import LiveTraining
from ...presets.live.model_training import ModelState, ModelTraining, TensorRow, tensor_rows
from ..action import perform
from ..dashboard.foreign import NO_OUTPUT, NOTHING_YET
from ..dialogs.base_screen import BaseScreen
from ..dialogs.prompt import Prompt
from ..panels.key_line import KeyLine
from ..text.module_text import CELL, reason_text, tensor_facts, tensor_title, tree_title
from ..text.numbers import count
from ..text.safe import safe
from ..text.spans import Page
from .module_keys import MODULE_ACTIONS, MODULE_BINDINGS, REASONS
from .module_orders import ModuleOrders
from .module_pages import PANELS, LivePage, ModuleView
from .tensor_window import TensorWindow

EVERY = 0.05
"""Seconds between two checks for news."""


class ModuleScreen(BaseScreen[None]):
    """The state of a training, and the keys that steer it."""

    CSS_PATH = ["../app.tcss", "../dialogs.tcss", "../live.tcss"]
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (118, "-wide")]
    VERTICAL_BREAKPOINTS = [(0, "-low"), (34, "-high")]
    ACTIONS = MODULE_ACTIONS
    BINDINGS = MODULE_BINDINGS

    training: ModelTraining
    orders: ModuleOrders
    window: TensorWindow
    """The visible part of the chosen tensor."""

    def __init__(self, live: LiveTraining) -> None:
        """Keep the training to show."""
        super().__init__()
        self._live = live
        self._shown: ModelState | None = None
        self._rows: list[TensorRow] = []
        self._chosen = 0
        self.window = TensorWindow()
        self._panel = "modules"
        self._is_large = False
        self._notice = ""
        """The answer to the last key."""
        self._found = ""
        """The name that was looked for last."""
        self.orders = ModuleOrders(self)

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
        self.training = ModelTraining(self._live.channel, model, lambda: None, self._live.arrival.activity)
        self._live.print_to(self.training.print)
        self.look()
        self.set_interval(EVERY, self.look)

    def on_unmount(self) -> None:
        """Let the training continue."""
        self.training.close()

    def on_resize(self) -> None:
        """Show as much as there is room for."""
        self._shown = None
        self.call_after_refresh(self.look)

    async def action_do(self, name: str) -> None:
        """Do what a key is for."""
        await perform(self, name)

    def action_why_not(self, key: str) -> None:
        """Say why a key of the dashboard does nothing here."""
        self.renew(REASONS[key])

    def look(self) -> None:
        """Show what is new."""
        self.orders.follow()
        for said in self.training.heard():
            self.app.notify(safe(said), timeout=8, markup=False)
        now = self.training.now
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

    def renew(self, notice: str = "") -> None:
        """Show everything again, and at the foot of a panel the answer to a key, until the next one."""
        self._shown, self._notice = None, notice
        self.look()

    def move(self, y: int, x: int) -> None:
        """Choose another tensor, or another number of it."""
        if self._panel == "numbers":
            self.see(self.window.moved(y, x, *self._room))
        elif y and self._rows:
            places = [n for n, row in enumerate(self._rows) if row.tensor]
            later = [n for n in places if n > self._chosen] if y > 0 else [n for n in places if n < self._chosen][::-1]
            if later:
                self._choose(later[min(abs(y), len(later)) - 1])
        elif x:
            self.renew("enter goes to the numbers, where ← and → move")

    def go_in(self) -> None:
        """Move among the numbers of the tensor, or among the tensors again."""
        self.show("modules" if self._panel == "numbers" else "numbers")

    def go_out(self) -> None:
        """Move among the tensors again, with all panels."""
        self._is_large = False
        self.show("modules")

    def show(self, panel: str) -> None:
        """Show a panel, where one has the screen."""
        printed = self.training.now.output
        if panel == "output" and not printed:
            self.renew(NO_OUTPUT if printed is None else NOTHING_YET)
        else:
            self._panel = panel
            self.renew()

    def enlarge(self) -> None:
        """Show the panel alone, or all again."""
        if self.has_class("-wide") and self.has_class("-high"):
            self._is_large = not self._is_large
            self.renew()
        else:
            self.renew("each panel has the whole screen; 1 to 5 show them")

    def turn(self, by: int) -> None:
        """Show the next part of a tensor of more than two axes."""
        if self.window.index:
            self.see(self.window.turned(by))
        else:
            self.renew("this tensor has no more than two axes, so all of it is one part")

    def ask_for_name(self) -> None:
        """Ask for a tensor, and show the next one with such a name."""
        find = partial(_row_named, self._rows, self._chosen)

        def choose(text: str | None) -> None:
            if text is not None:
                self._found = text
                self._choose(find(text))

        hint = "A part of its name, such as weight or 0.bias; enter again finds the next one."
        self.app.push_screen(Prompt("Find a tensor", self._found, hint, find), choose)

    def copy(self) -> None:
        """Copy the number under the cursor."""
        now = self.value_here
        if now is None:
            self.renew("there is no number to copy yet")
        else:
            self.app.copy_to_clipboard(repr(now))
            self.renew(f"copied {now!r}")

    @property
    def value_here(self) -> float | None:
        """The number under the cursor; None before it is reported."""
        window, seen = self.window, self._view.seen_window
        if seen is None:
            return None
        grid = np.atleast_2d(seen.values.array())
        y, x = window.y - seen.top, window.x - seen.left
        return float(grid[y, x]) if 0 <= y < grid.shape[0] and 0 <= x < grid.shape[1] else None

    # What is seen.

    def _page(self, name: str) -> Callable[[Size], Page]:
        return lambda size: self._view.page(name, size)

    @property
    def _view(self) -> ModuleView:
        return ModuleView(self._live.name, self._shown, self._rows, self._chosen, self.window, self._panel)

    @property
    def _is_wide(self) -> bool:
        """Whether all panels are seen at once."""
        return self.has_class("-wide") and self.has_class("-high") and not self._is_large

    @property
    def _room(self) -> tuple[int, int]:
        """Rows and columns of numbers that can be seen."""
        size = self.query_one("#live-numbers", LivePage).content_size
        return max(size.height - 1, 1), max((size.width - 6) // CELL, 1)

    def _take_rows(self, rows: list[TensorRow]) -> None:
        """Take another tree, with the same tensor chosen."""
        self._rows = rows
        names = [row.tensor for row in rows]
        if self.window.tensor and self.window.tensor in names:
            self._chosen = names.index(self.window.tensor)
            return
        tensors = [n for n, row in enumerate(rows) if row.tensor]
        parameters = [n for n in tensors if not rows[n].is_output]
        if first := [*parameters, *tensors][:1]:
            self._chosen = first[0]
            self.window = TensorWindow.of(rows[first[0]])

    def _choose(self, place: int) -> None:
        """Show the tensor of a row."""
        self._chosen = place
        self.see(TensorWindow.of(self._rows[place]))

    def see(self, window: TensorWindow) -> None:
        """Show another part of a tensor, or another tensor."""
        self.window = window
        self.renew()

    def _say(self) -> None:
        """Write what is around the pages, and ask for the numbers that are seen."""
        now = self.training.now
        self.set_class(bool(now.output), "-printing")
        self.set_class(self._is_large, "-large")
        row = self._rows[self._chosen] if self._rows else None
        reason = reason_text(now.model.reason, self.query_one("#live-modules").size.width - 2)
        captions = {"modules": reason, "numbers": tensor_facts(now.statistics.get(self.window.tensor))}
        if self._notice:
            captions["modules" if self._is_wide else self._panel] = self._notice
        for name in PANELS:
            page = self.query_one(f"#live-{name}", LivePage)
            is_shown = name == self._panel or (name == "histogram" and self._panel == "numbers")
            has_any = name != "output" or bool(now.output)
            page.set_class(not (has_any and (self._is_wide or is_shown)), "-hidden")
            page.set_class(name == self._panel, "-chosen")
            page.border_subtitle = Content(safe(captions.get(name, ""))).markup
        self.query_one("#live-modules", LivePage).border_title = tree_title(now.statistics)
        seen = self._view.seen_window
        is_old = seen is not None and seen.step < now.step and not self.training.is_running
        title = tensor_title(row, self.window.index) + ("  gradient" if self.window.is_gradient else "")
        title += f"  of step {count(seen.step)}" if seen is not None and is_old else ""
        self.query_one("#live-numbers", LivePage).border_title = Content(title).markup
        fault = self.query_one("#not-finite", Static)
        fault.update(Content(safe(now.not_finite)))
        fault.set_class(not now.not_finite, "-hidden")
        if self.window.tensor:
            self.training.look_at(self.window.order(*self._room))


def _row_named(rows: list[TensorRow], chosen: int, text: str) -> int:
    """The first row after the chosen one, and around to it, of a tensor whose name has a text in it.

    Raises:
        ValueError: there is none.
    """
    wanted = text.strip().lower()
    places: list[int] = [*range(chosen + 1, len(rows)), *range(chosen + 1)]
    for n in places:
        if rows[n].tensor and wanted in rows[n].tensor.lower():
            return n
    raise ValueError(f"no tensor has {quoted(text.strip())} in its name")
