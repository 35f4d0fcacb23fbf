"""The dashboard: the panels, what the trainer left for them, and the keys."""

from time import monotonic

from msgspec.structs import replace
from textual import on
from textual.app import ComposeResult
from textual.widgets import Static, Tab, Tabs

from ...core.worker.inbox import Activity, Delivery
from ...presets.sessions.opened import Opened
from ..config import DECIMALS, Config
from ..dialogs.compare_dialog import Compare
from ..dialogs.panel_help import PanelHelp
from ..panel_layout import Arrangement
from ..panels.explain_panel import ExplainPanel
from ..panels.gradients_panel import GradientsPanel
from ..panels.key_line import KeyLine
from ..panels.loss_panel import LossPanel
from ..panels.network_panel import NetworkPanel
from ..panels.panel_grid import PanelGrid
from ..panels.parameters_panel import ParametersPanel
from ..panels.picture_panel import PicturePanel
from ..panels.status_panel import StatusPanel
from ..text.captions import batch_name, dead_text
from ..text.chart import Curves
from ..text.editable import nudge_text
from ..text.safe import safe
from ..text.status_lines import Status
from .arranging import Arranging
from .bindings import BINDINGS
from .changing import Changing
from .explaining import Explaining
from .exporting import Exporting
from .keeping import Keeping
from .steering import Steering
from .training import PANELS, Training

DEFAULTS, AT_FIRST = Config(), Arrangement()
ALL_PANELS = (180, 50)
"""Columns and rows from which on all panels are seen at once."""


class Dashboard(Steering, Changing, Explaining, Keeping, Arranging, Exporting):
    """One training: the panels show it, the keys steer it."""

    BINDINGS = BINDINGS

    HORIZONTAL_BREAKPOINTS = [(0, "-too-narrow"), (60, "-narrow"), (68, "-medium"), (118, "-wide")]
    VERTICAL_BREAKPOINTS = [(0, "-too-low"), (20, "-low"), (34, "-high")]

    def __init__(self, opened: Opened, config: Config = DEFAULTS, arrangement: Arrangement = AT_FIRST) -> None:
        """Show this training, from its start on, in panels of these sizes."""
        super().__init__(opened, config)
        self.set_reactive(Arranging.arrangement, arrangement)
        self._charted = 0.0
        """When the losses were last handed to their chart."""
        self._is_chart_old = False
        self._why = ""
        """Why it pauses or ends, where no key asked for that."""

    def compose(self) -> ComposeResult:
        """The status line, the tabs of a small screen, and the panels."""
        yield Static(id="too-small")
        yield StatusPanel(id="status").data_bind(Training.status)
        yield Tabs(*(Tab(f"{n} {name.title()}", id=f"tab-{name}") for n, name in enumerate(PANELS, 1)))
        with PanelGrid(id="panels", classes="show-network"):
            yield NetworkPanel(id="network").data_bind(
                Training.trainer,
                Training.snapshot,
                Training.example,
                Training.lit,
                Training.notation,
                Training.decimals,
                Training.running,
            )
            yield ParametersPanel(id="parameters").data_bind(
                Training.trainer, Training.snapshot, Training.notation, Training.decimals, Training.checks
            )
            yield GradientsPanel(id="gradients").data_bind(
                Training.trainer, Training.snapshot, Training.example, Training.notation, Training.decimals
            )
            yield LossPanel(id="loss").data_bind(Training.curves, Training.snapshot, Training.decimals)
            yield ExplainPanel(id="explain").data_bind(
                Training.trainer,
                Training.snapshot,
                Training.notation,
                Training.decimals,
                Training.quantity,
                Training.factor,
            )
            yield PicturePanel(id="picture").data_bind(Training.trainer, Training.snapshot, Training.decimals)
        yield KeyLine()

    def on_mount(self) -> None:
        """Look into the mailbox from now on."""
        self.query_one(Tabs).can_focus = False
        self.set_class(self.arrangement.large, "large")
        self.show_panel(self.arrangement.panel)
        self.set_interval(1 / self._config.frames, self.collect)

    def on_resize(self) -> None:
        """Say what size is needed where it is too small; show all panels where there is room."""
        size = self.app.size
        self.set_class(size.width >= ALL_PANELS[0] and size.height >= ALL_PANELS[1], "huge")
        self.size_panels()
        self.query_one("#too-small", Static).update(f"nn-tui needs 60×20, this is {size.width}×{size.height}")
        self.call_after_refresh(self._focus_again)

    def _focus_again(self) -> None:
        """Give the focus back, which the panel loses where there is no room to see it."""
        panel = self.query_one(f"#{self.arrangement.panel}")
        if self.focused is None and panel.region:
            panel.focus()

    @on(Training.Rested)
    def collect(self) -> None:
        """Hand what the trainer did since the last visit to the panels."""
        delivery = self._runner.inbox.take()
        with self.app.batch_update():
            self._record.keep(delivery, monotonic())
            self.running = self._record.activity is Activity.RUNNING
            if delivery.trainer:
                self.trainer = delivery.trainer
            if delivery.snapshot:
                self.snapshot = delivery.snapshot
                self.checks = None if self.checks is None else {}
            self._is_chart_old |= bool(delivery.losses or delivery.place)
            if self._is_chart_old and monotonic() - self._charted >= self._config.chart_every:
                self._charted, self._is_chart_old = monotonic(), False
                self.curves = self.all_curves()
            if delivery.activity:
                self._why = delivery.why
            if delivery.snapshot or delivery.activity or delivery.trainer:
                self.renew_status()
                self.check()
        self._say(delivery)
        self.keep(delivery)
        self.share(delivery)

    def all_curves(self) -> Curves:
        """What there is for the charts."""
        record, step = self._record, self.snapshot.step if self.snapshot else None
        curve = record.curve
        here = None if step is None or step >= record.place.newest else step
        batch = batch_name(self.trainer) if self.trainer else "batch"
        return Curves(curve.train.points, curve.test.points, record.other.train.points, here, curve.sights.seen, batch)

    def _say(self, delivery: Delivery) -> None:
        """Say what a person should know."""
        if delivery.comparison or delivery.refused or delivery.failed:
            self._is_comparing = False
        if delivery.comparison and self.trainer:
            self.app.push_screen(Compare(delivery.comparison, self.trainer.network, self.notation, self.decimals))
        if delivery.failed:
            self.app.notify(safe(delivery.failed.reason), severity="error", timeout=10, markup=False)
        for reason in delivery.refused:
            self.app.notify(safe(reason), severity="warning", timeout=10, markup=False)
        if delivery.nudge and self.trainer:
            labels = self.trainer.network.names.labels(self.notation)
            told = nudge_text(delivery.nudge, labels, self.decimals or DECIMALS)
            self.app.notify(safe(told), timeout=8, markup=False)
        for text in delivery.told:
            self.app.notify(safe(text), timeout=6, markup=False)

    def watch_checks(self) -> None:
        """Show the result of the gradient check where it can always be seen."""
        self.renew_status()

    def renew_status(self) -> None:
        """Tell anew what is trained, and where the training stands."""
        if self.snapshot is None or self.trainer is None:
            return
        self.status = Status(
            name=safe(self._preset.name),
            title=safe("; ".join(filter(None, (self._preset.title, self.trainer.train.origin)))),
            activity=self._record.activity,
            snapshot=self.snapshot,
            trainer=self.trainer,
            test=self._record.evaluation,
            updates_per_second=self._record.rate.value,
            why=safe(self._why),
            dead=dead_text(self.trainer, self.snapshot),
            pace=self._pace,
            place=self._record.place,
            decimals=self.decimals or DECIMALS,
            checks=self.checks,
        )

    def action_enlarge(self) -> None:
        """Give the focused panel the whole screen, or let all be seen again."""
        self.toggle_class("large")
        self.arrangement = replace(self.arrangement, large=self.has_class("large"))
        if self.focused and self.focused.id in PANELS:
            self.show_panel(self.focused.id)

    def action_panel_help(self) -> None:
        """Explain the focused panel."""
        if self.focused:
            self.app.clear_notifications()  # they would lie over the lines
            self.app.push_screen(PanelHelp(self.focused, self.trainer.train.origin if self.trainer else ""))

    def action_panel(self, name: str) -> None:
        """Go to a panel."""
        self.show_panel(name)

    @on(Tabs.TabActivated)
    def show_panel_of_tab(self, event: Tabs.TabActivated) -> None:
        """Show the panel whose tab was chosen; a message of an earlier choice counts no more."""
        if event.tab.id == self.query_one(Tabs).active:
            self.show_panel((event.tab.id or "").removeprefix("tab-"))

    def show_panel(self, name: str) -> None:
        """Bring a panel to the front, in the place of one that shares its room."""
        if name == "explain" and self.focused and self.focused.id in PANELS and self.focused.id != name:
            self._origin = self.focused.id
        self.query_one(Tabs).active = f"tab-{name}"
        self.query_one("#panels").set_classes(f"show-{name}")
        if name in ("loss", "picture"):
            self.set_class(name == "picture", "picturing")
        if name in ("gradients", "loss", "picture", "explain"):
            self.set_class(name == "explain", "explaining")
        if name != "explain":
            self.arrangement = replace(self.arrangement, panel=name)
        self.query_one(f"#{name}").focus()
