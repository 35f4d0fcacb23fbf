"""Playing keys without a screen, so that a lesson can be checked from start to end."""

from collections.abc import Callable, Mapping
from functools import partial
from itertools import count
from time import monotonic

from ...core.debugger.debugger import Debugger
from ...core.debugger.facts import Arrived
from ...core.debugger.stage import WHOLE_BACKWARD, PauseWhen, Phase, StepUnit, never, one_epoch_from, up_to
from ...core.notation.notation import Notation
from ...core.quantities.quantity import Kind, Quantity
from ...core.steps.values import parameter_of
from ...core.training.changes import Change, typed_change
from ...core.typed_number import number, quoted
from ...presets.lessons.goals import phases_back, stage_of
from ...presets.lessons.lesson_schema import DoTable
from ...presets.lessons.scene import Scene
from ...presets.opened import Opened
from ..dashboard.all_actions import DASHBOARD_ACTIONS
from ..dashboard.editor import NUDGE
from ..dashboard.steering import next_rate
from ..text.editable import editable

MOST_UPDATES = 100_000
"""Most updates of a run, so that every run ends."""
MOST_SECONDS = 10
"""Most steps of a run, so that the check of a lesson ends."""
NAMED_KEYS = ("enter", "escape", "space", "backspace", "up", "down", "left", "right", "home", "end", "f1", "f2")
EXPLAIN = "explain"
"""The action of enter in a panel."""
WITHOUT_EFFECT = ("up", "down", "left", "right", "escape", "backspace")
"""Keys that only affect the screen."""
ACTION_OF = {
    key: action.name
    for action in DASHBOARD_ACTIONS
    for key in (*action.all_keys, *(["-"] if action.display == "−" else []))
} | {"enter": EXPLAIN}
"""The action of each key, by Textual's name and as the user reads it."""


def keys_of(solution: str) -> list[str]:
    """The keys of a solution: words with spaces between them, each a key's name, or keys one after the other."""
    named = (*NAMED_KEYS, *(key for key in ACTION_OF if len(key) > 1))
    return [key for word in solution.split() for key in ([word] if word in named else list(word))]


class KeyPlayer:
    """A training that is steered by keys, as in the dashboard."""

    def __init__(self, opened: Opened, notation: Notation = Notation.SUPERSCRIPT) -> None:
        """Begin where the training is opened, with quantities named in a notation."""
        self._notation = notation
        self._debugger = Debugger(opened.experiment, timeline=opened.timeline)
        self._debugger.look(WHOLE_BACKWARD)
        self._unit = StepUnit.UPDATE
        self._cursor: Quantity | None = None
        self._is_checked = False
        self._is_running = False
        self._asked: tuple[Callable[[str], object], list[str]] | None = None
        """What is done with the text of an open field, and what was typed in it."""
        self._do: Mapping[str, Callable[[], object]] = {
            "step": partial(self._step, StepUnit.UPDATE),
            "phase": partial(self._step, StepUnit.PHASE),
            "epoch": partial(self._step, StepUnit.EPOCH),
            "back": lambda: self._debugger.back(self._unit),
            "first-step": lambda: self._debugger.go_to(0),
            "newest-step": lambda: self._debugger.go_to(None),
            "reset": self._debugger.reset,
            "other-branch": self._debugger.switch,
            "gradient-check": self._check,
            "rate-up": partial(self._scale_rate, 1),
            "rate-down": partial(self._scale_rate, -1),
            "nudge-up": partial(self._nudge, 1),
            "nudge-down": partial(self._nudge, -1),
            "go-to-step": partial(self._ask, lambda text: self._go_to(int(number(text, "100")))),
            "find": partial(self._ask, self._find),
            "edit-the-number": partial(self._ask, self._edit),
        }

    @property
    def scene(self) -> Scene:
        """The scene that the goals of cards are checked against.

        Raises:
            ValueError: training failed before its first step.
        """
        arrived = self._debugger.arrived
        if arrived.snapshot is None:
            raise ValueError("training fails before its first step")
        return Scene(
            snapshot=arrived.snapshot,
            trainer=arrived.trainer,
            timeline=arrived.timeline,
            notation=self._notation,
            cursor=self._cursor,
            is_checked=self._is_checked,
        )

    def begin(self, do: DoTable) -> None:
        """Carry out the `do` of a card."""
        if do.go is not None:
            self._go_to(do.go)
        if do.phase is not None:
            self._go_to_phase(do.phase)
        if do.quantity:
            self._cursor = do.quantity

    def press(self, key: str, is_enough: Callable[[Scene], bool] = lambda scene: False) -> str:
        """Press a key; the name of the action that it does, empty if it does none.

        Args:
            key: its name.
            is_enough: asked after each step of a run, which it ends.

        Raises:
            ValueError: it does nothing that a lesson can wait for.
        """
        if self._asked:
            return self._type(key)
        if key in WITHOUT_EFFECT:
            return ""
        if key not in ACTION_OF:
            raise ValueError(f"expected a key of the dashboard, got {quoted(key)}")
        action = ACTION_OF[key]
        if action == "run-pause":
            self._run_or_pause(is_enough)
        elif action in self._do:
            self._do[action]()
        return action

    # What the actions do.

    def _step(self, unit: StepUnit) -> None:
        self._unit = unit
        if unit is StepUnit.EPOCH:
            self._run(one_epoch_from(self.scene.snapshot.state))
            self._is_running = False
        else:
            self._debugger.step(unit)

    def _run_or_pause(self, is_enough: Callable[[Scene], bool]) -> None:
        self._is_running = not self._is_running
        if not self._is_running:
            return
        steps = count(1)
        self._run(never, lambda: next(steps) >= MOST_UPDATES or is_enough(self.scene))

    def _go_to(self, step: int) -> None:
        newest = self._debugger.timeline.branch.newest
        self._debugger.go_to(min(step, newest))
        if step > newest:
            self._run(up_to(step))
        self._is_running = False

    def _run(self, pause_when: PauseWhen, is_interrupted: Callable[[], bool] = lambda: False) -> None:
        """Train until one of these says to pause, or to an end."""
        end = monotonic() + MOST_SECONDS
        self._debugger.pass_stop()
        facts = self._debugger.run(pause_when, None, lambda: is_interrupted() or monotonic() > end)
        if monotonic() > end:
            raise ValueError(f"training takes longer than {MOST_SECONDS} seconds here: expected fewer steps")
        self._is_running = isinstance(facts[-1], Arrived)

    def _check(self) -> None:
        self._is_checked = not self._is_checked

    def _scale_rate(self, power: int) -> None:
        rate = self._debugger.timeline.trainer.optimizer.learning_rate
        self._debugger.change(Change("learning_rate", next_rate(rate, power)))

    def _nudge(self, direction: int) -> None:
        if self._cursor and self._cursor.kind in (Kind.W, Kind.B):
            value = parameter_of(self._cursor, self.scene.snapshot.state)
            self._debugger.nudge(self._cursor, direction * NUDGE * max(abs(value), 0.1))

    def _find(self, text: str) -> None:
        self._cursor = Quantity.parse(text)

    def _edit(self, text: str) -> None:
        if self._cursor:
            scene = self.scene
            what = editable(scene.trainer, scene.snapshot, self._cursor).what
            self._debugger.change(typed_change(what, text))

    def _go_to_phase(self, phase: str) -> None:
        stage, snapshot = stage_of(phase), self.scene.snapshot
        if snapshot.updated:
            self._debugger.back(StepUnit.PHASE)
        for _ in range(phases_back(stage, snapshot.layers)):
            self._debugger.back(StepUnit.PHASE)
        if stage.phase is Phase.UPDATE:
            self._debugger.step(StepUnit.PHASE)

    # Fields.

    def _ask(self, do: Callable[[str], object]) -> None:
        self._asked = (do, [])

    def _type(self, key: str) -> str:
        assert self._asked
        do, typed = self._asked
        if key in ("enter", "escape"):
            self._asked = None
            if key == "enter":
                do("".join(typed))
        elif len(key) == 1:
            typed.append(key)
        return ""
