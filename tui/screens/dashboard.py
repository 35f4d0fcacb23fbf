"""The dashboard: the panels, what the trainer left for them, and the keys."""

from collections.abc import Mapping
from contextvars import copy_context
from functools import partial
from time import monotonic

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Container
from textual.message import Message
from textual.reactive import var
from textual.screen import Screen
from textual.widgets import Footer, Static, Tab, Tabs
from textual.worker import get_current_worker

from ...core.checking.gradient_check import Check, check_gradients
from ...core.explaining.explanation import Connection
from ...core.notation import Notation
from ...core.running.aims import Grain
from ...core.running.breakpoints import Placed
from ...core.running.mailbox import Activity, Delivery
from ...core.running.moment import Moment
from ...core.running.runner import Runner
from ...core.training.changes import Change, apply
from ...core.training.experiment import Experiment
from ...core.training.trainer import Trainer
from ...presets.schema import Preset
from ..config import Config
from ..keys import named
from ..panels.explain import ExplainPanel
from ..panels.gradients import GradientsPanel
from ..panels.loss import LossPanel
from ..panels.network import NetworkPanel
from ..panels.page_view import PageView
from ..panels.parameters import ParametersPanel
from ..panels.picture import PicturePanel
from ..panels.status import StatusPanel
from ..text.asked import explained
from ..text.chart import Curves
from ..text.editable import editable, nudge_text
from ..text.factors import steps_of
from ..text.safe import safe
from ..text.status import Status
from .breakpoints import Breakpoints
from .compare import Compare
from .edit import Edit
from .go_to import GoTo
from .panel_help import PanelHelp
from .record import Record
from .settings import Settings

DEFAULTS = Config()
LEARNING_RATE_FACTOR = 1.25
TELL_CHECKS = 0.25
"""Seconds after which the verdicts that a gradient check has come to are shown."""
NUDGE = 0.01
"""The part of a parameter by which a key moves it."""
LEARNING_RATES = (1e-12, 1e12)
"""Keys go no further."""
PACES = (1.0, 3.0, 10.0, 30.0, 100.0, None)
"""Updates a second at which a run can be watched; None is as fast as it goes."""
PANELS = ("network", "parameters", "gradients", "loss", "explain", "picture")


class Dashboard(Screen[None]):
    """One training: the panels show it, the keys steer it."""

    BINDINGS = [
        Binding("space", "run_or_pause", "Run/pause"),
        Binding("s", "step('update')", "Step"),
        Binding("f", "step('phase')", "Phase", show=False),
        Binding("b", "back", "Back"),
        Binding("e", "step('epoch')", "Epoch", show=False),
        Binding("r", "reset", "Reset", show=False),
        Binding("p", "app.presets", "Presets", show=False),
        Binding("g", "go_to", "Go to step", show=False),
        Binding("home", "home", "First step", show=False),
        Binding("end", "end", "Newest step", show=False),
        Binding("x", "factor", "Factor", show=False),
        Binding("c", "check", "Gradient check", show=False),
        Binding("a", "alter", "Alter the number", show=False),
        Binding("left_square_bracket", "nudge(-1)", "Nudge down", key_display="[", show=False),
        Binding("right_square_bracket", "nudge(1)", "Nudge up", key_display="]", show=False),
        Binding("m", "settings", "Settings", show=False),
        Binding("k", "breakpoints", "Breakpoints", show=False),
        Binding("t", "notation", "Notation", show=False),
        Binding("o", "switch", "Other branch", show=False),
        Binding("O", "compare", "Compare branches", show=False),
        Binding("l", "enlarge", "Large panel", show=False),
        Binding("f1", "panel_help", "Help of the panel", show=False),
        Binding("plus,equals_sign", "faster", "Rate up", key_display="+", show=False),
        Binding("minus", "slower", "Rate down", key_display="−", show=False),
        Binding("full_stop", "pace(1)", "Run faster", key_display=".", show=False),
        Binding("comma", "pace(-1)", "Run slower", key_display=",", show=False),
        Binding("n", "example(1)", "Next example", show=False),
        Binding("N", "example(-1)", "Previous example", show=False),
        Binding("1", "panel('network')", "Network panel", show=False),
        Binding("2", "panel('parameters')", "Parameters panel", show=False),
        Binding("3", "panel('gradients')", "Gradients panel", show=False),
        Binding("4", "panel('loss')", "Loss panel", show=False),
        Binding("5", "panel('explain')", "Explain panel", show=False),
        Binding("6", "panel('picture')", "Picture panel", show=False),
        Binding("question_mark", "app.help", "Help", key_display="?"),
        Binding("q", "app.quit", "Quit", show=False),
    ]
    BINDINGS = named(BINDINGS)

    HORIZONTAL_BREAKPOINTS = [(0, "-too-narrow"), (60, "-narrow"), (118, "-wide")]
    VERTICAL_BREAKPOINTS = [(0, "-too-low"), (20, "-low"), (34, "-high")]

    moment: var[Moment | None] = var(None)
    trainer: var[Trainer | None] = var(None)
    example: var[int] = var(0)
    status: var[Status | None] = var(None)
    curves: var[Curves] = var(Curves())
    notation: var[Notation] = var(Notation.SUPERSCRIPT)
    quantity: var[str] = var("")
    """What is explained; empty where nothing is."""
    factor: var[int | None] = var(None)
    running: var[bool] = var(False)
    lit: var[frozenset[Connection]] = var(frozenset())
    checks: var[Mapping[str, Check] | None] = var(None)

    class Rested(Message):
        """The trainer has come to rest."""

    class Checked(Message):
        """The gradient check has come to verdicts."""

        def __init__(self, moment: Moment, checks: Mapping[str, Check]) -> None:
            super().__init__()
            self.moment = moment
            self.checks = checks

    def __init__(self, preset: Preset, experiment: Experiment, config: Config = DEFAULTS) -> None:
        """Show this training, from its start on."""
        super().__init__()
        self._preset = preset
        self._config = config
        self._charted = 0.0
        """When the losses were last handed to their chart."""
        self._is_chart_old = False
        self.set_reactive(Dashboard.notation, Notation(config.notation or preset.notation))
        self._runner = Runner(experiment, partial(copy_context().run, self._tell_rested), config.budget)
        self._record = Record()
        self._grain: Grain | None = Grain.UPDATE
        """How far the last step went, and the next one back goes; None for a factor."""
        self._trail: list[str] = []
        """What was explained before, on the way to what is explained now."""
        self._placed: tuple[Placed, ...] = ()
        self._pace: float | None = None
        self._hit = ""
        """The breakpoints that it rests at."""
        self._cursor = ""
        """The number under the cursor."""

    def compose(self) -> ComposeResult:
        """The status line, the tabs of a small screen, and the panels."""
        yield Static(id="too-small")
        yield StatusPanel(id="status").data_bind(Dashboard.status)
        yield Tabs(*(Tab(f"{n} {name.title()}", id=f"tab-{name}") for n, name in enumerate(PANELS, 1)))
        with Container(id="panels", classes="show-network"):
            yield NetworkPanel(id="network").data_bind(
                Dashboard.moment, Dashboard.example, Dashboard.lit, Dashboard.notation, Dashboard.running
            )
            yield ParametersPanel(id="parameters").data_bind(
                Dashboard.trainer, Dashboard.moment, Dashboard.notation, Dashboard.checks
            )
            yield GradientsPanel(id="gradients").data_bind(
                Dashboard.trainer, Dashboard.moment, Dashboard.example, Dashboard.notation
            )
            yield LossPanel(id="loss").data_bind(Dashboard.curves, Dashboard.moment)
            yield ExplainPanel(id="explain").data_bind(
                Dashboard.trainer, Dashboard.moment, Dashboard.notation, Dashboard.quantity, Dashboard.factor
            )
            yield PicturePanel(id="picture").data_bind(Dashboard.trainer, Dashboard.moment)
        yield Footer(show_command_palette=False)

    def _tell_rested(self) -> None:
        """Called in the trainer's thread, in the context of the app: without it no message can be posted."""
        self.post_message(self.Rested())

    def on_mount(self) -> None:
        """Look into the mailbox from now on."""
        self.query_one(Tabs).can_focus = False
        self.query_one("#network").focus()
        self.set_interval(1 / self._config.frames, self.collect)

    def on_unmount(self) -> None:
        """End the training."""
        self._runner.close()

    def on_resize(self) -> None:
        """Say what size is needed where it is too small."""
        size = self.app.size
        self.query_one("#too-small", Static).update(f"nn-tui needs 60×20, this is {size.width}×{size.height}")

    @on(Rested)
    def collect(self) -> None:
        """Hand what the trainer did since the last visit to the panels."""
        delivery = self._runner.mailbox.take()
        with self.app.batch_update():
            self._record.keep(delivery, monotonic())
            self.running = self._record.activity is Activity.RUNNING
            if delivery.trainer:
                self.trainer = delivery.trainer
            if delivery.moment:
                self.moment = delivery.moment
                self.checks = None if self.checks is None else {}
            self._is_chart_old |= bool(delivery.losses or delivery.place)
            if self._is_chart_old and monotonic() - self._charted >= self._config.chart_every:
                self._charted, self._is_chart_old = monotonic(), False
                self.curves = self._curves()
            if delivery.activity:
                self._hit = delivery.hit
            if delivery.moment or delivery.activity or delivery.trainer:
                self.status = self._status()
                self._check()
        self._tell(delivery)

    def _check(self) -> None:
        """Check the gradients of a moment that rests, beside the screen; the newest request counts."""
        if self.checks is not None and self._record.activity is not Activity.RUNNING:
            self._check_gradients(self.moment, self.trainer)

    @work(thread=True, exclusive=True)
    def _check_gradients(self, moment: Moment | None, trainer: Trainer | None) -> None:
        if moment and trainer:
            worker, checks, told = get_current_worker(), {}, monotonic()
            for check in check_gradients(trainer, moment.backward):
                if worker.is_cancelled:
                    return
                checks[check.quantity] = check
                if monotonic() - told > TELL_CHECKS:
                    self.post_message(self.Checked(moment, dict(checks)))
                    told = monotonic()
            self.post_message(self.Checked(moment, checks))

    @on(Checked)
    def show_checks(self, event: Checked) -> None:
        """Show the verdicts, where they are still wanted and of the moment that is shown."""
        if self.checks is not None and event.moment is self.moment:
            self.checks = event.checks

    def _curves(self) -> Curves:
        record, step = self._record, self.moment.step if self.moment else None
        curve = record.curve
        here = None if step is None or step >= record.place.newest else step
        return Curves(curve.train.points, curve.test.points, record.other.train.points, here, curve.sights.seen)

    def _tell(self, delivery: Delivery) -> None:
        """Say what a person should know."""
        if delivery.comparison and self.trainer:
            self.app.push_screen(Compare(delivery.comparison, self.trainer.network, self.notation))
        if delivery.failed:
            self.app.notify(safe(delivery.failed.reason), severity="error", timeout=10, markup=False)
        for reason in delivery.refused:
            self.app.notify(safe(reason), severity="warning", timeout=10, markup=False)
        if delivery.nudge:
            self.app.notify(safe(nudge_text(delivery.nudge)), timeout=8, markup=False)
        for text in delivery.told:
            self.app.notify(safe(text), timeout=6, markup=False)

    def _status(self) -> Status | None:
        if self.moment is None or self.trainer is None:
            return None
        return Status(
            name=safe(self._preset.name),
            title=safe(self._preset.title),
            activity=self._record.activity,
            moment=self.moment,
            trainer=self.trainer,
            test=self._record.evaluation,
            updates_per_second=self._record.rate.value,
            hit=safe(self._hit),
            pace=self._pace,
            place=self._record.place,
        )

    def action_run_or_pause(self) -> None:
        """Run, or pause where it runs."""
        if self._record.activity is Activity.RUNNING:
            self._runner.pause()
        else:
            self._record.activity = Activity.RUNNING
            self._runner.run()

    def action_step(self, grain: str) -> None:
        """Go on for one phase, update or epoch."""
        self._grain = Grain(grain)
        self._runner.step(Grain(grain))

    def action_back(self) -> None:
        """Go back by what was gone on by last."""
        if self._grain:
            self._runner.back(self._grain)
        elif self.factor is not None:
            self.factor = max(self.factor - 1, 0)

    def action_factor(self) -> None:
        """Go on by one factor of the chain rule, of what is explained or else under the cursor."""
        self._grain = None
        if not self.quantity:
            self._explain(f"d{self._cursor}" if self._cursor[:1] in ("w", "b") else self._cursor)
        factors = self._factors()
        if not factors:
            self.app.notify("choose a gradient: these are products of the chain rule's factors", markup=False)
        else:
            shown = 1 if self.factor is None else self.factor + 1
            self.factor = shown if shown <= factors else None

    def _factors(self) -> int:
        """How many factors what is explained has."""
        if self.trainer is None or self.moment is None or not self.quantity:
            return 0
        try:
            return len(steps_of(explained(self.trainer, self.moment, self.quantity)))
        except (ValueError, IndexError):  # the panel says why
            return 0

    def action_check(self) -> None:
        """Show or hide the gradient check."""
        self.checks = None if self.checks is not None else {}
        self._check()

    def action_notation(self) -> None:
        """Take the next notation."""
        notations = list(Notation)
        self.notation = notations[(notations.index(self.notation) + 1) % len(notations)]

    @on(PageView.Chosen)
    def note_cursor(self, event: PageView.Chosen) -> None:
        """Remember the number under the cursor."""
        self._cursor = event.quantity

    @on(PageView.Asked)
    def explain(self, event: PageView.Asked) -> None:
        """Explain a number."""
        self._explain(event.quantity)

    @on(ExplainPanel.Lit)
    def light(self, event: ExplainPanel.Lit) -> None:
        """Light what the explanation goes along."""
        self.lit = event.connections

    @on(ExplainPanel.Left)
    def go_up(self) -> None:
        """Go back to what was explained before."""
        if self._trail:
            self.factor = None
            self.quantity = self._trail.pop()

    @on(ExplainPanel.Closed)
    def close_explanation(self) -> None:
        """Show the panels again."""
        self._trail.clear()
        self.quantity, self.factor, self.lit = "", None, frozenset()
        self.remove_class("explaining")
        self._show("network")

    def _explain(self, quantity: str) -> None:
        if not quantity or quantity == self.quantity:
            return
        if self.quantity:
            self._trail.append(self.quantity)
        self.factor = None
        self.quantity = quantity
        self.add_class("explaining")
        self._show("explain")

    def action_go_to(self) -> None:
        """Ask for a step."""
        self.app.push_screen(GoTo(self._record.place.newest), self._go_to)

    def _go_to(self, step: int | None) -> None:
        if step is not None:
            self._runner.go_to(step)

    def action_home(self) -> None:
        """Go to the first step."""
        self._runner.go_to(0)

    def action_end(self) -> None:
        """Go to the newest step."""
        self._runner.go_to(None)

    def action_switch(self) -> None:
        """Go over to another branch."""
        self._runner.switch()

    def action_reset(self) -> None:
        """Begin again: same seed, same start."""
        self._runner.reset()

    def action_alter(self) -> None:
        """Ask for another value of the parameter, input or target under the cursor."""
        if self.moment is None or self.trainer is None:
            return
        try:
            number = editable(self.trainer, self.moment, self._cursor)
        except ValueError as error:
            self.app.notify(safe(str(error)), severity="warning", markup=False)
            return
        check = partial(apply, trainer=self.trainer, state=self.moment.state)
        self.app.push_screen(Edit(number.what, number.value, check), self._alter)

    def _alter(self, change: Change | None) -> None:
        if change:
            self._runner.change(change)

    def action_nudge(self, direction: int) -> None:
        """Move the parameter under the cursor a little."""
        if self.moment is None or self.trainer is None:
            return
        try:
            number = editable(self.trainer, self.moment, self._cursor)
        except ValueError as error:
            self.app.notify(safe(str(error)), severity="warning", markup=False)
            return
        if number.what[0] in "wb":
            self._runner.nudge(number.what, direction * NUDGE * max(abs(number.value), 0.1))

    def action_settings(self) -> None:
        """Ask how training shall go on."""
        if self.moment and self.trainer:
            self.app.push_screen(Settings(self.trainer, self.moment.state), self._set)

    def _set(self, changes: tuple[Change, ...] | None) -> None:
        if changes:
            self._runner.change(*changes)

    def action_breakpoints(self) -> None:
        """Ask where a run shall rest."""
        self.app.push_screen(Breakpoints(self._placed), self._break_at)

    def _break_at(self, placed: tuple[Placed, ...] | None) -> None:
        if placed is not None:
            self._placed = placed
            self._runner.break_at(tuple(each.breakpoint for each in placed if each.enabled))

    def action_compare(self) -> None:
        """Show this branch and the other side by side."""
        self._runner.compare()

    def action_enlarge(self) -> None:
        """Give the focused panel the whole screen, or let all be seen again."""
        self.toggle_class("large")
        if self.focused and self.focused.id in PANELS:
            self._show(self.focused.id)

    def action_panel_help(self) -> None:
        """Explain the focused panel."""
        if self.focused:
            self.app.push_screen(PanelHelp(self.focused))

    def action_faster(self) -> None:
        """Raise the learning rate."""
        self._scale_learning_rate(LEARNING_RATE_FACTOR)

    def action_slower(self) -> None:
        """Lower the learning rate."""
        self._scale_learning_rate(1 / LEARNING_RATE_FACTOR)

    def action_pace(self, by: int) -> None:
        """Run faster or slower."""
        self._pace = PACES[min(max(PACES.index(self._pace) + by, 0), len(PACES) - 1)]
        self._runner.pace(self._pace)
        self.status = self._status()

    def _scale_learning_rate(self, factor: float) -> None:
        if self.trainer:
            least, most = LEARNING_RATES
            rate = min(max(self.trainer.optimizer.learning_rate * factor, least), most)
            self._runner.change(Change("learning_rate", rate))

    def action_example(self, by: int) -> None:
        """Show another example of the batch."""
        if self.moment:
            self.example = (self.example + by) % len(self.moment.forward.X)

    def action_panel(self, name: str) -> None:
        """Go to a panel."""
        self._show(name)

    @on(Tabs.TabActivated)
    def show_panel_of_tab(self, event: Tabs.TabActivated) -> None:
        """Show the panel whose tab was chosen."""
        self._show((event.tab.id or "").removeprefix("tab-"))

    def _show(self, name: str) -> None:
        self.query_one(Tabs).active = f"tab-{name}"
        panels = self.query_one("#panels")
        panels.set_classes(f"show-{name}")
        if name in ("loss", "picture"):
            self.set_class(name == "picture", "picturing")
        self.query_one(f"#{name}").focus()
