"""The steps panel: the results at each step, beside the source's figures."""

from typing import TYPE_CHECKING, Any, ClassVar

from textual.events import Click, MouseScrollDown, MouseScrollUp
from textual.geometry import Size

from ...core.debugger.stage import WHOLE_BACKWARD
from ...core.quantities.quantity import Quantity
from ..action import Action
from ..keymap import bindings
from ..text.chart import neighbour
from ..text.numbers import count
from ..text.spans import Lines, Page, mark_styles
from .page_view import explain_key
from .panel import NothingDone, PagePanel, PanelSpec, Region, StepAsked

if TYPE_CHECKING:
    from ..text.steps_table import StepsTable

LEAST_HEIGHT = 4
"""The rows in which the steps before and after the one under the cursor are found."""


class StepsPanel(PagePanel):
    """The outputs, the printed figures and the loss of the steps around the cursor, which moves from step to step."""

    BORDER_TITLE = "Steps"
    ACTIONS: ClassVar[tuple[Action[Any], ...]] = (explain_key("go to step"),)
    BINDINGS = bindings(ACTIONS)

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._table: StepsTable | None = None
        """The table that is shown."""
        self._chosen: int | None = None
        """The step under the cursor; None while it follows the current step."""
        self._asked: int | None = None
        """The step that was asked for and is not shown yet; the cursor may have moved on since."""

    def watch_view(self) -> None:
        """Let the cursor follow each move of a paused training."""
        now = self.view.snapshot
        if self._table and now and not self.view.running and now is not self._table.snapshot:
            if now.step != self._asked or self._chosen == now.step:
                self._chosen = None
            self._asked = None
        super().watch_view()

    def watch_has_focus(self, has_focus: bool) -> None:
        """Show the cursor at the current step."""
        self._chosen = None
        super().watch_has_focus(has_focus)

    def shows(self) -> tuple[object, ...]:
        """A step and the steps before it, and the cursor."""
        view = self.view
        return view.trainer, view.snapshot, view.curves, view.printed, view.notation, self._chosen, self.has_focus

    def make_page(self, size: Size) -> Page:
        """The table."""
        view, self._table = self.view, None
        if view.snapshot is None or view.trainer is None:
            return Lines([])
        from ..text.steps_table import StepsTable

        self._table = StepsTable(
            snapshot=view.snapshot,
            trainer=view.trainer,
            curves=view.curves,
            printed=view.printed,
            notation=view.notation,
            chosen=self._chosen,
            has_cursor=self.has_focus,
        )
        return self._table.page(size.width, size.height)

    def below(self) -> str:
        """The meaning of the marks."""
        return self.view.printed.legend(mark_styles(self.page)) if self.view.printed else ""

    def move(self, x: int = 0, y: int = 0, pages: int = 0, to: Quantity | None = None) -> bool:
        """Move the cursor to the step before or after it, or to the first or last one that is visible."""
        if self._table is not None and (y or pages):
            steps = self._table.steps(max(self.size.height, LEAST_HEIGHT))
            self._chosen = neighbour(steps, self._table.cursor, y + pages * len(steps))
            self.look()
        return to is None

    def ask(self) -> None:
        """Ask for the step under the cursor; the current one is asked for only if it is not complete."""
        now = self.view.snapshot
        if self._table is None or now is None:
            return
        # The step of a key that was pressed just before may not be shown yet: it is not left for an older one.
        if self._chosen is None and now.stage == WHOLE_BACKWARD and not self.view.running:
            self.post_message(NothingDone(f"this is step {count(now.step)}"))
        else:
            self._go_to(self._table.cursor)

    def on_mouse_scroll_down(self, event: MouseScrollDown) -> None:
        """Move the cursor, and with it the steps, down."""
        event.stop()
        self.move(y=1)

    def on_mouse_scroll_up(self, event: MouseScrollUp) -> None:
        """Move the cursor, and with it the steps, up."""
        event.stop()
        self.move(y=-1)

    def on_click(self, event: Click) -> None:
        """Go to the step under the mouse; the second click of two would be on another row."""
        content = event.get_content_offset(self)
        if content is None or self._table is None:
            return
        event.prevent_default()  # what a click does to numbers
        row, steps = content.y - 1, self._table.steps(self.size.height)
        if 0 <= row < len(steps) and event.chain == 1:
            self._chosen = steps[row]
            self.look()
            self._go_to(steps[row])

    def _go_to(self, step: int) -> None:
        self._asked = step
        self.post_message(StepAsked(step, is_ahead=True))


SPEC = PanelSpec(
    widget=StepsPanel,
    key="7",
    help="The steps around the current step, each with its loss and a bar for its size. With a single example also its "
    "outputs and the printed numbers: ✓ if they agree, a red ✗ if not, a yellow ✗ if Explain gives the reason. With "
    "several examples, the accuracy of the batch. The arrows choose a step, and enter or a click goes there: back, or "
    "forward by training.",
    region=Region.LOWER,
    actions=("go-to-step", "first-step", "newest-step", "notation"),
    short="Step",
)
