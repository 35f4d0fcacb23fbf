"""The dashboard: it collects the facts of a training into one view for its panels, and turns keys into calls."""

from collections.abc import Callable
from contextvars import copy_context
from functools import partial
from typing import Any

from msgspec.structs import replace
from textual import on
from textual.app import ComposeResult
from textual.message import Message
from textual.notifications import SeverityLevel
from textual.reactive import var
from textual.widgets import Static

from ...core.debugger.facts import Activity
from ...core.debugger.recorder import Recorder
from ...core.worker.inbox import Inbox
from ...core.worker.verbs import Verbs
from ...presets.opened import Opened
from ..action import perform
from ..config import Config
from ..dialogs.base_screen import BaseScreen
from ..keymap import bindings
from ..loading import opening_of
from ..panel_layout import PanelLayout
from ..panels.explain_panel import ExplainPanel, ExplainStrip
from ..panels.header_lines import ResultLine, StatusPanel, TabLine
from ..panels.key_line import KeyLine
from ..panels.page_view import PageView
from ..panels.panel import NothingDone, PagePanel, Region, StepAsked
from ..panels.panel_grid import PanelGrid
from ..panels.panel_list import PANELS, SPEC_OF
from ..panels.presentation_panel import PresentationPanel
from ..text.safe import safe
from ..view import View, first_view
from .actions import TOUR_ACTIONS
from .all_actions import DASHBOARD_ACTIONS, REACHED_ACTIONS, other_keys
from .answers import Answers
from .editor import Editor
from .explainer import Explainer
from .exporter import Exporter
from .foreign import Foreign
from .gradient_checks import GradientChecks
from .panel_switch import PanelSwitch
from .session_saver import SessionSaver, SessionView
from .steering import Steering
from .story import Story
from .tour import Tour
from .view_maker import ViewMaker

TOURS_OWN = [(each.name,) for each in TOUR_ACTIONS]
"""The parameters of check_action for the keys of the tour."""
DEFAULTS, AT_FIRST = Config(), PanelLayout()


class Dashboard(BaseScreen[None]):
    """One training: the panels show it, the keys steer it."""

    CSS_PATH = ["../app.tcss", "../dashboard.tcss"]
    ACTIONS = (*DASHBOARD_ACTIONS, *TOUR_ACTIONS, *REACHED_ACTIONS)
    BINDINGS = [*bindings((*DASHBOARD_ACTIONS, *TOUR_ACTIONS), has_names=True), *bindings(REACHED_ACTIONS)]
    HORIZONTAL_BREAKPOINTS = [(0, "-too-narrow"), (60, "-narrow"), (118, "-wide")]
    VERTICAL_BREAKPOINTS = [(0, "-too-low"), (20, "-low"), (24, "-medium"), (34, "-high")]

    view: var[View] = var(View())
    """The view of the panels."""
    pace: float | None = None
    """The most updates a second of a run; None for no limit."""
    steering: Steering
    editor: Editor
    explainer: Explainer
    checks: GradientChecks
    panels: PanelSwitch
    saver: SessionSaver
    answers: Answers
    foreign: Foreign
    exporter: Exporter
    tour: Tour
    verbs: Verbs
    inbox: Inbox
    recorder: Recorder

    class Later(Message):
        """A call from another thread, which does not wait for it, because the screen may be closed."""

        def __init__(self, do: Callable[[], None]) -> None:
            super().__init__()
            self.do = do

    def __init__(
        self,
        opened: Opened,
        config: Config = DEFAULTS,
        layout: PanelLayout = AT_FIRST,
        *,
        is_copy: bool = False,
    ) -> None:
        """Show this training at its saved step, in panels of these sizes.

        Args:
            opened: the training.
            config: the configuration.
            layout: the sizes of the panels.
            is_copy: whether the dashboard of a training in another process is below.
        """
        super().__init__(classes="-opening")
        self._config = config
        self._preset = opened.preset
        chosen = SessionView.of(opened.view)
        self.set_reactive(Dashboard.view, first_view(opened, chosen.notation, chosen.example, config))
        # The trainer's thread calls this in the context of the app, without which it cannot post messages.
        on_pause = partial(copy_context().run, self.later, self.collect)
        self.verbs, self.inbox = opened.begin(on_pause)
        self.recorder = Recorder(opened.histories)
        self.recorder.resume(opened.timeline)
        self._maker = ViewMaker(self.recorder, opened, config.chart_every, self.verbs)
        self.steering = Steering(self, Story.of(opened), config.start_pace)
        self.foreign = Foreign(self, opened.preset, self._copy, is_copy=is_copy)
        self.editor = Editor(self, self.foreign, chosen.placed)
        self.checks = GradientChecks(self)
        self.panels = PanelSwitch(self, layout)
        self.explainer = Explainer(self, self.panels)
        self.saver = SessionSaver(self, self.editor, opened, config.autosave)
        self.answers = Answers(self)
        self.exporter = Exporter(self, self.panels, opened.preset, config.decimals_of_text)
        self.tour = Tour(self, self.panels, self.explainer, opened.lesson, other_keys(config.keys))

    @property
    def is_ready(self) -> bool:
        """Whether there is a view, and no request that a further key could disturb."""
        return self.panels.has_begun and not self.answers.is_comparing and not self.saver.is_asked

    @property
    def _has_begun(self) -> bool:
        return self.view.snapshot is not None or self.recorder.activity is Activity.FAILED

    def compose(self) -> ComposeResult:
        """The header, the tabs and results of a small screen, the panels, what lies below them, and the keys."""
        self.tour.begin()
        self.collect()  # here already, because classes that are added later style every panel again
        yield Static(id="too-small")
        yield Static(opening_of(self._preset.name), id="opening")
        yield StatusPanel(id="status").data_bind(Dashboard.view)
        yield TabLine(PANELS, id="tabs")
        yield ResultLine(id="results").data_bind(Dashboard.view)
        with PanelGrid(id="panels"):
            for spec in sorted(PANELS, key=lambda spec: (list(Region).index(spec.region), spec.name != "picture")):
                yield spec.widget(id=spec.name).data_bind(Dashboard.view)
        yield PresentationPanel(id="presentation").data_bind(Dashboard.view)
        yield ExplainStrip(id="strip").data_bind(Dashboard.view)
        if self.foreign.is_on or self.tour.is_on:
            from ..panels.lower_pages import OutputPane, TourCard

            yield (OutputPane(id="output") if self.foreign.is_on else TourCard(id="tour")).data_bind(Dashboard.view)
        yield KeyLine().data_bind(Dashboard.view)

    def on_mount(self) -> None:
        """Begin to look into the inbox; the panels appear with their first view, which may be there now."""
        self.saver.begin()
        self.collect()
        self.set_interval(1 / self._config.frames, self.collect)

    def on_unmount(self) -> None:
        """Save the session."""
        self.verbs.close()
        self.saver.end()

    def on_resize(self) -> None:
        """Show as many panels as fit; on a screen that is too small, show the size that is needed."""
        size = self.app.size
        needed = f"nn-tui needs 60×20, this is {size.width}×{size.height}"
        self.query_one("#too-small", Static).update(f"{needed}\n\nMake the window larger; q quits.")
        self.panels.fit()

    async def action_do(self, name: str) -> None:
        """Carry out an action, unless its effect could not be seen; the last notice disappears."""
        if self.query_one("#too-small").display and name != "quit":
            return
        self.tour.note(name)
        if self.view.notice:
            self.see(notice="")
        if not self.foreign.refuses(name):
            await perform(self, name)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool:
        """Whether an action is available: those of the tour only during a tour."""
        return parameters[:1] not in TOURS_OWN or self.tour.is_on

    def watch_view(self) -> None:
        """Let the tour see a change after the panels have it."""
        if self.tour.is_on:
            self.call_next(self.tour.follow)

    def later(self, do: Callable[[], None]) -> None:
        """Call something in the screen's thread, if the screen still exists; can be used in any thread."""
        self.post_message(self.Later(do))

    def say(self, text: str, severity: SeverityLevel = "information", timeout: float | None = None) -> None:
        """Show a message: a short one in the header until the next key, an error or a long one over the screen."""
        if severity == "error" or len(text) > self.panels.notice_width:
            self.app.notify(safe(text), severity=severity, timeout=timeout, markup=False)
        else:
            self.see(notice=safe(text))

    def see(self, **changes: Any) -> None:
        """Show a view with other values of these fields."""
        self.view = replace(self.view, **changes)

    def collect(self) -> None:
        """Take the facts since the last frame, and pass the new view to the panels."""
        facts = self.inbox.take()
        with self.app.batch_update():
            view = self._maker.next_view(self.view, facts, self.pace)
            is_new = view.snapshot is not self.view.snapshot or view.running is not self.view.running
            if view is not self.view:
                self.view = view
            if self._has_begun and self.has_class("-opening"):
                self.remove_class("-opening", update=False)
                self.panels.count_panels()
            if self._has_begun and not self.panels.has_begun and self.query(PanelGrid):
                self.panels.begin()
                self.explainer.go_to(self.view.first_wrong)
            if is_new:
                self.checks.begin()
            self.steering.follow()
        for fact in facts:
            self.answers.take(fact)
            self.saver.take(fact)
            self.exporter.take(fact)
        self.saver.ask_in_time()

    def _copy(self, opened: Opened) -> "Dashboard":
        """A dashboard of another training, with the same configuration and layout."""
        return Dashboard(opened, self._config, self.panels.layout, is_copy=True)

    def renew_status(self) -> None:
        """Update the title and the step."""
        self.view = self._maker.with_status(self.view, self.pace)

    def show_panel_help(self) -> None:
        """Explain the focused panel."""
        if focused := self.panels.focused:
            from ..dialogs.reading_dialogs import PanelHelp

            self.app.clear_notifications()  # they would cover the lines
            self.app.push_screen(PanelHelp(SPEC_OF[str(focused.id)], DASHBOARD_ACTIONS, self.view.names))

    @on(Later)
    def do_now(self, event: Later) -> None:
        """Make the call from another thread."""
        event.do()

    @on(PageView.Chosen)
    def note_cursor(self, event: PageView.Chosen) -> None:
        """Follow the cursor."""
        self.explainer.follow_cursor(event.quantity)

    @on(PageView.Asked)
    def explain(self, event: PageView.Asked) -> None:
        """Explain a number."""
        self.tour.note("explain")
        self.explainer.explain(event.quantity)

    @on(ExplainPanel.Left)
    def leave_explanation(self) -> None:
        """Return to the previous explanation."""
        self.explainer.up()

    @on(PresentationPanel.Moved)
    def present_another(self, event: PresentationPanel.Moved) -> None:
        """Show another number in large figures."""
        self.explainer.move_on(event.by)

    @on(NothingDone)
    def say_why(self, event: NothingDone) -> None:
        """Show the reason why a key of a panel has no effect."""
        self.say(event.reason)

    @on(StepAsked)
    def go_to_asked(self, event: StepAsked) -> None:
        """Go to the step that was chosen in a chart or in the table of steps."""
        self.steering.go_to(event.step, is_ahead=event.is_ahead)

    @on(TabLine.Chosen)
    def show_panel_of_tab(self, event: TabLine.Chosen) -> None:
        """Show the panel whose tab was chosen."""
        self.panels.show(event.name)

    @on(PagePanel.TabChosen)
    def show_neighbour(self, event: PagePanel.TabChosen) -> None:
        """Show the panel whose title was chosen in a border."""
        self.panels.show(event.title.lower())

    @on(PanelGrid.Moved)
    def keep_sizes(self) -> None:
        """Remember the current borders."""
        self.panels.keep_sizes()
