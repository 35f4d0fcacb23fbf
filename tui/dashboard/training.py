"""A training on a screen: what the panels show, the handle on the trainer, and what has come from it."""

from collections.abc import Mapping
from contextvars import copy_context
from functools import partial

from textual.message import Message
from textual.reactive import var

from ...core.checking.gradient_check import Check
from ...core.debugger.snapshot import Snapshot
from ...core.explaining.explanation import Connection
from ...core.quantities.notation import Notation
from ...core.quantities.quantity import Quantity
from ...core.training.trainer import Trainer
from ...core.worker.inbox import Activity
from ...core.worker.pause_when import StepUnit
from ...core.worker.worker import Worker
from ...presets.sessions.opened import Opened
from ..config import Config
from ..dialogs.base_screen import BaseScreen
from ..text.chart import Curves
from ..text.status_lines import Status
from .record import Recorder
from .session_view import View

PANELS = ("network", "parameters", "gradients", "loss", "explain", "picture")


class Training(BaseScreen[None]):
    """Base of the dashboard's parts: each has the keys of one subject."""

    snapshot: var[Snapshot | None] = var(None)
    trainer: var[Trainer | None] = var(None)
    example: var[int] = var(0)
    status: var[Status | None] = var(None)
    curves: var[Curves] = var(Curves())
    notation: var[Notation] = var(Notation.SUPERSCRIPT)
    decimals: var[int | None] = var(None)
    """Of every number; None for as many as each panel shows by itself."""
    quantity: var[Quantity | None] = var(None)
    """What is explained; None where nothing is."""
    factor: var[int | None] = var(None)
    """How many factors of it are shown; None for the whole explanation."""
    running: var[bool] = var(False)
    lit: var[frozenset[Connection]] = var(frozenset())
    checks: var[Mapping[Quantity, Check] | None] = var(None)

    class Rested(Message):
        """The trainer has come to rest."""

    def __init__(self, opened: Opened, config: Config) -> None:
        """Show this training, from where it was left on."""
        super().__init__()
        self._opened = opened
        self._preset = opened.preset
        self._config = config
        view = View.of(opened.view)
        self.set_reactive(Training.notation, view.notation or Notation(config.notation or opened.preset.notation))
        self.set_reactive(Training.example, view.example)
        self.set_reactive(Training.decimals, config.decimals)
        on_rest = partial(copy_context().run, self._tell_rested)
        self._runner = Worker(opened.experiment, on_rest, timeline=opened.timeline)
        self._placed = view.placed
        """The breakpoints."""
        self._record = Recorder()
        for number, losses in opened.losses.items():
            self._record.begin(number, losses.train, losses.test, losses.seen)
        self._grain: StepUnit | None = StepUnit.UPDATE
        """How far the last step went, and the next one back goes; None for a factor."""
        self._is_comparing = False
        """Whether a comparison is asked for."""
        self._cursor: Quantity | None = None
        """The number under the cursor."""

    @property
    def is_ready(self) -> bool:
        """Whether there is something to show, and the comparison that was asked for lies over it."""
        return (self.snapshot is not None or self._record.activity is Activity.FAILED) and not self._is_comparing

    def _tell_rested(self) -> None:
        """Called in the trainer's thread, in the context of the app: without it no message can be posted."""
        self.post_message(self.Rested())

    def show_panel(self, name: str) -> None:
        """Bring a panel to the front."""
        raise NotImplementedError

    def renew_status(self) -> None:
        """Tell anew what is trained, and where the training stands."""
        raise NotImplementedError

    def all_curves(self) -> Curves:
        """What there is for the charts."""
        raise NotImplementedError
