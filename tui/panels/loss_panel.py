"""The loss panel: the loss by step, and other charts."""

from collections.abc import Mapping
from time import monotonic
from typing import Any, ClassVar

from rich.segment import Segment
from rich.style import Style
from rich.text import Text
from textual.events import MouseMove
from textual.reactive import var
from textual.strip import Strip
from textual.widget import Widget

from ...core.debugger.snapshot import Snapshot
from ...core.functions.arrays import Array
from ..action import Action, Group, perform
from ..config import DECIMALS
from ..keymap import bindings
from ..terminal.log import defect, or_defect
from ..text.chart import ChartKind, chart, chart_steps, kinds_of, nearest, neighbour, readout, title_of
from ..text.numbers import count
from ..text.plot import COLOURS
from ..view import View
from .page_style import style_named
from .page_view import ENTER, cursor_key
from .panel import Frame, NothingDone, PanelSpec, Region, StepAsked

NO_MARK = "no step is marked: the arrows mark one"
FAR = 20
"""Points that a page key moves."""
CHARTS = "in the loss: the next chart, the previous chart"
EVERY = 0.45
"""Seconds between two drawings, each of which blocks the screen's thread for about 10 ms."""


class LossPanel(Widget, can_focus=True):
    """A chart that is drawn at its own interval."""

    BORDER_TITLE = "Loss"

    ACTIONS: ClassVar[tuple[Action[Any], ...]] = (
        Action(
            "next-chart",
            "y",
            "Next chart",
            CHARTS,
            Group.LOOK,
            lambda panel: panel.choose(1),
            word="next chart",
            rank=7,
        ),
        Action("chart-before", "Y", "Previous chart", CHARTS, Group.LOOK, lambda panel: panel.choose(-1)),
        cursor_key("values-before", "left", "Previous step", lambda panel: panel.mark_by(-1), "←"),
        cursor_key("values-after", "right", "Next step", lambda panel: panel.mark_by(1), "→"),
        cursor_key("values-far-before", "pageup", "Far back", lambda panel: panel.mark_by(-FAR), "pgup"),
        cursor_key("values-far-after", "pagedown", "Far forward", lambda panel: panel.mark_by(FAR), "pgdn"),
        Action(
            "go-to-marked",
            "enter",
            "Go to that step",
            ENTER,
            Group.EXPLAIN,
            lambda panel: panel.ask(),
            word="go to step",
            rank=8,
        ),
    )
    BINDINGS = bindings(ACTIONS)

    view: var[View] = var(View())
    """The view of the dashboard."""
    kind: var[ChartKind] = var(ChartKind.LOSS)
    """The chart that is drawn."""
    mark: var[int | None] = var(None)
    """The step whose values are shown."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.frame = Frame(self)
        self._strips: list[Strip] = []
        self._columns = range(0)
        """The area of the curves."""
        self._was_running = False
        self._drawn = 0.0
        self._is_old = False
        self._shown: tuple[object, ...] | None = None

    def on_mount(self) -> None:
        """Start the timer that draws changes."""
        self.set_interval(EVERY, self._catch_up_in_time)

    def shows(self) -> tuple[object, ...]:
        """The curves, or the activations of a step."""
        return self.view.curves, self.view.mask, self.view.snapshot if self.kind is ChartKind.ACTIVATIONS else None

    def watch_view(self) -> None:
        """Draw now or soon, if the chart has changed."""
        has_paused, self._was_running = self._was_running and not self.view.running, self.view.running
        self._entitle()
        if (now := self.shows()) != self._shown:
            self._shown = now
            self._redraw(at_once=has_paused)

    def _redraw(self, *, at_once: bool = False) -> None:
        self._entitle()
        self._is_old = True
        if at_once:
            self._catch_up()
        else:
            self._catch_up_in_time()

    def watch_kind(self) -> None:
        """Draw another chart immediately."""
        self._entitle()
        self.mark = None
        self._is_old = True
        self._catch_up()

    def watch_mark(self) -> None:
        """Show the values immediately, and draw the mark."""
        self._tell()
        self._redraw()

    def on_mouse_move(self, event: MouseMove) -> None:
        """Show the values at the mouse."""
        content = event.get_content_offset(self)
        if content is not None:
            self.mark = nearest(self._steps(), content.x, self._columns)

    def on_leave(self) -> None:
        """Hide the values at the mouse."""
        self.mark = None

    def on_blur(self) -> None:
        """Remove the mark."""
        self.mark = None

    async def action_do(self, name: str) -> None:
        """Carry out an action of the panel."""
        await perform(self, name)

    def mark_by(self, by: int) -> None:
        """Move the mark; the first one is at the newest values."""
        self.mark = neighbour(self._steps(), self.mark, by)

    def ask(self) -> None:
        """Ask for the marked step."""
        self.post_message(NothingDone(NO_MARK) if self.mark is None else StepAsked(self.mark))

    def choose(self, by: int) -> None:
        """Choose the next chart that has data."""
        kinds = kinds_of(self.view.curves)
        here = kinds.index(self.kind) if self.kind in kinds else 0
        self.kind = kinds[(here + by) % len(kinds)]

    def notify_style_update(self) -> None:
        """Draw in the new colours once all are known."""
        super().notify_style_update()
        self._is_old = True
        self.call_after_refresh(self._catch_up)

    def on_resize(self) -> None:
        """Fit the new size."""
        self._entitle()
        self._is_old = True
        self._catch_up()

    def _entitle(self) -> None:
        """Name the chart, and the panels that share its region."""
        self.frame.say(lambda: title_of(self.view.curves, self.kind), lambda: "")

    def watch_has_focus(self, has_focus: bool) -> None:
        """Draw the border in another colour."""
        super().watch_has_focus(has_focus)
        self._entitle()

    def _styles(self) -> dict[int, Style]:
        """The style sheet's colour of each curve, by its number in a chart's text."""
        return {COLOURS[name]: style_named(self.app, name).partial_rich_style for name in COLOURS}

    def _strip(self, line: str, styles: Mapping[int, Style]) -> Strip:
        """A line of the chart."""
        return Strip(
            Segment(text, styles.get(style.color.number) if style and style.color and style.color.number else None)
            for text, style, _ in Text.from_ansi(line).render(self.app.console)
        )

    def render_line(self, y: int) -> Strip:
        """One line of the chart."""
        strip = self._strips[y] if y < len(self._strips) else Strip.blank(self.size.width)
        behind = self.rich_style
        return strip.crop_extend(0, self.size.width, behind).apply_style(behind)

    def _catch_up_in_time(self) -> None:
        if monotonic() - self._drawn > EVERY:
            self._catch_up()

    def _catch_up(self) -> None:
        width, height = self.size
        if not self.view.curves.train and self.kind is not ChartKind.ACTIVATIONS:
            self._strips = [Strip([Segment("the loss is not computed yet")])]
            self.refresh()
            return
        if not self._is_old or not self.display or width < 10 or height < 4:
            return
        self._tell()
        try:
            styles = self._styles()
            self._strips = [self._strip(line, styles) for line in self._chart(width, height)]
        except Exception as error:  # any error: the other panels keep working
            self._strips = [Strip([Segment(defect(error))])]
        self._drawn, self._is_old = monotonic(), False
        self.refresh()

    def _chart(self, width: int, height: int) -> list[str]:
        a = _activations(self.view.snapshot) if self.view.snapshot and self.kind is ChartKind.ACTIVATIONS else ()
        has_colours = not self.app.no_color
        drawing = chart(self.view.curves, width, height, self.kind, a, has_colours=has_colours, mark=self.mark)
        self._columns = drawing.columns
        return [mask.text(line) for line in drawing.lines] if (mask := self.view.mask) else drawing.lines

    def _steps(self) -> list[int]:
        return chart_steps(self.view.curves, self.kind, 2 * self.size.width)

    def _tell(self) -> None:
        self.border_subtitle = or_defect(self._values_text)

    def _values_text(self) -> str:
        """The values at the marked step; for activations, their step."""
        if self.kind is ChartKind.ACTIVATIONS:
            return f"step {count(self.view.snapshot.step)}" if self.view.snapshot else ""
        return (
            "" if self.mark is None else readout(self.view.curves, self.kind, self.mark, self.view.decimals or DECIMALS)
        )


def _activations(snapshot: Snapshot) -> list[Array]:
    """The activations of each layer, if they are known."""
    known = [snapshot.forward_of(layer) for layer in range(snapshot.layers)]
    return [forward.a[layer] for layer, forward in enumerate(known) if forward]


SPEC = PanelSpec(
    widget=LossPanel,
    key="4",
    help="The loss of each batch by step, and the loss of the held-out examples at the end of each epoch, with the "
    "newest value behind each curve. Two branches are named by what differs, and ◆ marks the last step that both "
    "share. The vertical line marks the current step. The arrows and the mouse show the values at a step, and enter "
    "goes to that step. Where curves overlap, every third cell shows the lower one.",
    region=Region.LOWER,
    actions=("other-branch", "compare-branches", "run-slower", "run-faster"),
)
