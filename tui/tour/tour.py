"""The tour of a dashboard: it shows a lesson's cards, does what they do themselves, and notes what a person does."""

from typing import TYPE_CHECKING

from ...core.debugger.facts import Activity
from ...core.debugger.stage import UPDATE, StepUnit
from ...core.quantities.quantity import Quantity
from ...presets.lessons.goals import phases_back, stage_of
from ...presets.lessons.lesson_schema import DoTable, Lesson
from ...presets.lessons.scene import Scene
from .playing import Playing

if TYPE_CHECKING:
    from ..dashboard.dashboard import Dashboard

ON, FRAMED, DIMMED = "-tour", "-framed", "-dimmed"
"""Classes of the style sheet: of the dashboard, of the panel that a card is about, and of the others."""


class Tour:
    """A lesson that is played, or none."""

    def __init__(self, dashboard: "Dashboard", lesson: Lesson | None) -> None:
        """Begin at the first card as soon as there is something to show."""
        self._dashboard = dashboard
        self._playing = Playing(lesson) if lesson else None

    @property
    def is_on(self) -> bool:
        """Whether a card is shown, or about to be."""
        return self._playing is not None

    def begin(self) -> None:
        """Make room for the card."""
        self._dashboard.set_class(self.is_on, ON)

    def note(self, action: str) -> None:
        """Count what a person does."""
        if self._playing:
            self._playing = self._playing.pressed(action)
            self.follow()

    def follow(self) -> None:
        """See whether the card's goal is reached, and show what the card says now."""
        scene = self._scene
        if self._playing is None or scene is None:
            return
        is_new = self._playing.is_new
        self._playing = self._playing.seen(scene)
        if self._dashboard.view.card != (shown := self._playing.shown()):
            self._dashboard.see(card=shown)
        if is_new:
            self._do(self._playing.card.do)
        if is_new or not self._dashboard.query(f".{FRAMED}"):
            self._frame()

    def turn(self, by: int) -> None:
        """Show the next card, or the one before; after the last one the tour is over."""
        if self._playing is None:
            return
        if by > 0 and self._playing.is_last:
            self.leave()
            return
        self._playing = self._playing.moved(by)
        self.follow()
        self._frame()

    def leave(self) -> None:
        """Go on without the tour, from where the training is."""
        self._playing = None
        self._dashboard.see(card=None)
        self._dashboard.set_class(False, ON)
        self._frame()
        self._dashboard.panels.fit()

    @property
    def _scene(self) -> Scene | None:
        dashboard, view = self._dashboard, self._dashboard.view
        if view.snapshot is None or view.trainer is None:
            return None
        return Scene(
            snapshot=view.snapshot,
            trainer=view.trainer,
            timeline=dashboard.recorder.timeline,
            notation=view.notation,
            cursor=view.cursor,
            is_checked=bool(view.checks),
        )

    def _do(self, do: DoTable) -> None:
        """Do what the program does itself at a card."""
        dashboard = self._dashboard
        assert self._playing
        if panel := do.at or self._playing.card.frame:
            dashboard.panels.show(panel)
        if do.cursor is not None:
            dashboard.panels.stand_on(Quantity.parse(do.cursor))
        if do.go is None and do.phase is None:
            return
        if dashboard.recorder.activity is Activity.RUNNING:
            dashboard.verbs.pause()
        if do.go is not None:
            dashboard.verbs.go_to(do.go)
        if do.phase is not None and dashboard.view.snapshot:
            stage = stage_of(do.phase)
            for _ in range(phases_back(stage, dashboard.view.snapshot.layers)):
                dashboard.verbs.back(StepUnit.PHASE)
            if stage == UPDATE:
                dashboard.verbs.step(StepUnit.PHASE)

    def _frame(self) -> None:
        """Let the panel that the card is about stay bright, and dim the others."""
        framed = self._playing.card.frame if self._playing else None
        for panel in self._dashboard.query("#panels > *"):
            panel.set_class(framed is not None and panel.id == framed, FRAMED)
            panel.set_class(framed is not None and panel.id != framed, DIMMED)
