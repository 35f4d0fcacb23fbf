"""The tour of a dashboard: it shows a lesson's cards, carries out their `do`, and records the user's actions."""

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from msgspec.structs import replace

from ...core.debugger.facts import Activity
from ...core.debugger.stage import UPDATE, StepUnit
from ...core.quantities.quantity import Quantity
from .desk import Desk
from .explainer import Explainer
from .panel_switch import PanelSwitch

if TYPE_CHECKING:
    from ...presets.lessons.lesson_schema import DoTable, Lesson
    from ...presets.lessons.scene import Scene
    from ..text.playing import Playing, ShownCard

ON, FRAMED, DIMMED = "-tour", "-framed", "-dimmed"
"""Classes of the style sheet: for the dashboard, for the panel of a card, and for the other panels."""


class Tour:
    """A lesson in progress, or none."""

    def __init__(
        self,
        dashboard: Desk,
        panels: PanelSwitch,
        explainer: Explainer,
        lesson: "Lesson | None",
        keys: Mapping[str, str],
    ) -> None:
        """Begin at the first card as soon as there is a view.

        Args:
            dashboard: the dashboard of the training.
            panels: the panels of the cards.
            explainer: it closes an explanation that leaves no room for a card.
            lesson: the lesson to play; None for no tour.
            keys: the changed keys, by the default keys that cards name.
        """
        self._dashboard = dashboard
        self._panels = panels
        self._explainer = explainer
        self._lesson = lesson
        self._is_played = False
        """Whether the last card was shown."""
        self._playing = _playing(lesson) if lesson else None
        panels.is_touring = self.is_on
        self._keys = keys

    @property
    def is_on(self) -> bool:
        """Whether a card is shown, or will be."""
        return self._playing is not None

    @property
    def next_lesson(self) -> str:
        """The next lesson: the one after this if this is finished; empty for the first lesson."""
        from ...presets.lessons.lesson_list import lesson_names

        names = lesson_names()
        name = self._lesson.name if self._lesson else ""
        return name if name in names and not self._is_played else _after(name, names)

    def begin(self) -> None:
        """Make room for the card in the first frame."""
        self._dashboard.screen.set_class(self.is_on, ON)

    def note(self, action: str) -> None:
        """Count an action of the user."""
        if self._playing:
            self._playing = self._playing.with_action(action)
            self.follow()

    def follow(self) -> None:
        """Check whether the card's goal is reached, and show the current card."""
        scene = self._scene
        if self._playing is None or scene is None or not self._dashboard.stays:
            return
        is_new = self._playing.is_new
        self._playing = self._playing.with_scene(scene)
        if self._dashboard.view.card != (shown := with_keys(self._playing.shown_card(), self._keys)):
            self._dashboard.see(card=shown)
        if is_new:
            self._frame()
            self._do(self._playing.card.do)

    def turn(self, by: int) -> None:
        """Show the next card, or the previous one; at the last card, say how the tour ends."""
        if self._playing is None:
            return
        if by > 0 and self._playing.is_last:
            leave, begin = (self._keys.get(key, key) for key in ("esc", "f2"))
            self._dashboard.say(f"this is the last card: {leave} leaves the tour, {begin} begins the next one")
            return
        self._playing = self._playing.at_card(self._playing.number + by)
        self._is_played |= self._playing.is_last
        self._frame()
        self.follow()

    def leave(self) -> None:
        """End the tour; the training does not change."""
        self._playing = None
        self._dashboard.see(card=None)
        self._panels.is_touring = False
        self._dashboard.screen.set_class(False, ON)
        self._frame()
        self._panels.fit()
        self._dashboard.screen.refresh_bindings()

    @property
    def _scene(self) -> "Scene | None":
        dashboard, view = self._dashboard, self._dashboard.view
        if view.snapshot is None or view.trainer is None:
            return None
        from ...presets.lessons.scene import Scene

        return Scene(
            snapshot=view.snapshot,
            trainer=view.trainer,
            timeline=dashboard.recorder.timeline,
            notation=view.notation,
            cursor=view.cursor,
            is_checked=bool(view.checks),
        )

    def _do(self, do: "DoTable") -> None:
        """Carry out the `do` of a card."""
        dashboard = self._dashboard
        if do.at:
            self._panels.show(do.at)
        if quantity := do.quantity:
            self._panels.stand_on(quantity)
            # A panel that was hidden has its size only after the refresh, and can scroll to the number then.
            later = dashboard.screen.call_after_refresh
            later(later, self._stand_on, quantity, self._playing)
        if do.go is None and do.phase is None:
            return
        if dashboard.recorder.activity is Activity.RUNNING:
            dashboard.verbs.pause()
        if do.go is not None:
            dashboard.verbs.go_to(do.go)
        if do.phase is not None:
            self._go_to_phase(do.phase)

    def _stand_on(self, quantity: Quantity, playing: "Playing | None") -> None:
        """Put the cursor on a card's number, unless another card is shown by now."""
        if self._playing and playing and self._playing.number == playing.number:
            self._panels.stand_on(quantity)

    def _go_to_phase(self, phase: str) -> None:
        """Go to a phase of a step whose backward pass is complete."""
        from ...presets.lessons.goals import phases_back, stage_of

        stage = stage_of(phase)
        dashboard, snapshot = self._dashboard, self._dashboard.view.snapshot
        try:
            phases = phases_back(stage, snapshot.layers) if snapshot else 0
        except ValueError as error:
            dashboard.say(f"this card: do.phase: {error}", severity="warning")
            return
        for _ in range(phases):
            dashboard.verbs.back(StepUnit.PHASE)
        if stage == UPDATE:
            dashboard.verbs.step(StepUnit.PHASE)

    def _frame(self) -> None:
        """Show the panel of the card, and dim the others."""
        frames = self._playing.card.frames if self._playing else []
        if frames and "explain" not in frames and self._dashboard.view.quantity:
            self._explainer.close()
        if frames:
            self._panels.show(frames[0])
        for panel in self._dashboard.screen.query("#panels > *"):
            panel.set_class(panel.id in frames[:1], FRAMED)
            panel.set_class(bool(frames) and panel.id not in frames, DIMMED)


def _playing(lesson: "Lesson") -> "Playing":
    """A lesson at its first card; only dashboards with a lesson wait for these modules."""
    from ..text.playing import Playing

    return Playing(lesson)


def _after(name: str, names: Sequence[str]) -> str:
    """The next name; after the last one, the first; empty if the name is unknown."""
    return names[(names.index(name) + 1) % len(names)] if name in names else ""


def with_keys(card: "ShownCard", keys: Mapping[str, str]) -> "ShownCard":
    """The card with other keys than the default ones."""
    if not keys:
        return card

    def named(text: str) -> str:
        return re.sub("`([^`]+)`", lambda match: f"`{keys.get(match[1], match[1])}`", text)

    return replace(card, title=named(card.title), text=named(card.text), then=named(card.then), hint=named(card.hint))
