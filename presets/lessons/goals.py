"""Goals of cards, as values that are checked against a scene."""

import operator
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol

from ...core.debugger.stage import UPDATE, WHOLE_BACKWARD, Phase, Stage, number_of
from ...core.quantities.quantity import Quantity
from ...core.typed_number import number, quoted
from .lesson_schema import AnyOrAllTable, GoalTable, Simple

if TYPE_CHECKING:
    from ...core.debugger.snapshot import Snapshot
    from .scene import Scene

PHASES = {"forward": Phase.FORWARD, "loss": Phase.LOSS, "backward": Phase.BACKWARD, "update": Phase.UPDATE}
OPERATORS: Mapping[str, Callable[[float, float], bool]] = {
    "<=": operator.le,
    ">=": operator.ge,
    "<": operator.lt,
    ">": operator.gt,
}
CONDITION = re.compile(r"\s*(\S+?)\s*(<=|>=|<|>)\s*(\S+)\s*")
EXPECTED = 'expected a condition such as "loss < 0.1" or "step >= 100"'


class Goal(Protocol):
    """The goal of a card."""

    def is_reached(self, scene: "Scene") -> bool:
        """Whether the scene reaches the goal."""


@dataclass(frozen=True)
class ActionDone:
    """An action is done this many times."""

    action: str
    times: int = 1

    def is_reached(self, scene: "Scene") -> bool:
        """Whether it was."""
        return scene.pressed.get(self.action, 0) >= self.times


@dataclass(frozen=True)
class CursorOn:
    """The cursor is on a number."""

    quantity: Quantity
    """A quantity without an example matches any example."""

    def is_reached(self, scene: "Scene") -> bool:
        """Whether it is."""
        here = scene.cursor
        if here and self.quantity.example is None and here.example is not None:
            here = replace(here, example=None)
        return here == self.quantity


@dataclass(frozen=True)
class AtStage:
    """The training is at a phase of a step."""

    step: int | None
    """None for any."""
    stage: Stage | None = None
    """None for any; a stage without a layer matches the whole phase."""

    def is_reached(self, scene: "Scene") -> bool:
        """Whether it is."""
        here, stage = scene.snapshot, self.stage
        if self.step not in (None, here.step):
            return False
        if stage is None or (stage.phase is here.phase and stage.layer is None):
            return True
        return stage.phase is here.phase and stage.layer == _layer_of(here)


@dataclass(frozen=True)
class EditMade:
    """An edit is in force."""

    what: str = ""
    """The quantity or setting; empty for any."""

    def is_reached(self, scene: "Scene") -> bool:
        """Whether such an edit is in force."""
        counting = scene.timeline.changes[: scene.timeline.counting]
        return any(self.what in ("", str(change.what)) for _, change in counting)


@dataclass(frozen=True)
class ChecksShown:
    """The gradients are checked, or they are not."""

    expected: bool

    def is_reached(self, scene: "Scene") -> bool:
        """Whether that is so."""
        return scene.is_checked is self.expected


@dataclass(frozen=True)
class Branches:
    """There are this many branches, or more."""

    least: int

    def is_reached(self, scene: "Scene") -> bool:
        """Whether there are."""
        return len(scene.timeline.branches) >= self.least


@dataclass(frozen=True)
class Condition:
    """A number compared with a bound."""

    what: Quantity | None
    """None for the step."""
    sign: str
    bound: float

    def is_reached(self, scene: "Scene") -> bool:
        """Whether the comparison is true; false if the network has no such number."""
        try:
            value = float(scene.snapshot.step) if self.what is None else scene.value_of(self.what)
        except (IndexError, ValueError):
            return False
        return OPERATORS[self.sign](value, self.bound)


@dataclass(frozen=True)
class AllOf:
    """Several goals at once."""

    goals: tuple[Goal, ...]

    def is_reached(self, scene: "Scene") -> bool:
        """Whether all are reached."""
        return all(each.is_reached(scene) for each in self.goals)


@dataclass(frozen=True)
class AnyOf:
    """One of several goals."""

    goals: tuple[Goal, ...]

    def is_reached(self, scene: "Scene") -> bool:
        """Whether one is reached."""
        return any(each.is_reached(scene) for each in self.goals)


def goal_of(table: AnyOrAllTable | Simple | None) -> Goal | None:
    """The goal of a card's table; None if the card has none.

    Raises:
        ValueError: a quantity, phase or condition is unknown, or the table is empty.
    """
    if table is None:
        return None
    if isinstance(table, str):
        return condition(table)
    goals = list(_simple(table))
    if isinstance(table, AnyOrAllTable):
        goals += [AllOf(tuple(map(_inner, table.all)))] if table.all else []
        goals += [AnyOf(tuple(map(_inner, table.any)))] if table.any else []
    if not goals:
        raise ValueError('expected what the card waits for, as { key = "step" }, got an empty table')
    return goals[0] if len(goals) == 1 else AllOf(tuple(goals))


def actions_in(table: AnyOrAllTable | Simple | None) -> dict[str, int]:
    """The names of the actions that a goal waits for, and how often each is to be done."""
    tables = [table, *(table.all or ()), *(table.any or ())] if isinstance(table, AnyOrAllTable) else [table]
    return {each.key: each.times for each in tables if isinstance(each, GoalTable) and each.key is not None}


def condition(text: str) -> Condition:
    """The condition in a text.

    Raises:
        ValueError: it is no condition.
    """
    form = CONDITION.fullmatch(text)
    if form is None:
        raise ValueError(f"{EXPECTED}, got {quoted(text)}")
    bound = number(form[3], "0.1")
    return Condition(None if form[1] == "step" else Quantity.parse(form[1]), form[2], bound)


def stage_of(text: str) -> Stage:
    """The stage that a lesson names, such as "backward 2" or "update"; layers count from 1.

    Raises:
        ValueError: there is no such phase.
    """
    name, _, layer = text.strip().partition(" ")
    is_layer = name in ("forward", "backward") and re.fullmatch(r"[1-9]\d{0,3}", layer, re.ASCII)
    if name not in PHASES or (layer and not is_layer):
        raise ValueError(f'expected a phase: "forward 1", "loss", "backward 2" or "update", got {quoted(text)}')
    return Stage(PHASES[name], int(layer) - 1 if layer else None)


def phases_back(stage: Stage, layers: int) -> int:
    """The number of phases from a stage to the end of the backward pass; 0 for the update, which is after it.

    Raises:
        ValueError: the network has no such layer.
    """
    if stage.layer is not None and stage.layer >= layers:
        raise ValueError(f"expected a layer from 1 to {layers}, got {stage.layer + 1}")
    return 0 if stage == UPDATE else number_of(WHOLE_BACKWARD, layers) - number_of(stage, layers)


def _inner(table: Simple) -> Goal:
    goal = goal_of(table)
    assert goal  # there is a table
    return goal


def _simple(table: GoalTable) -> "list[Goal]":
    """The goals of the keys of a table."""
    goals: list[Goal] = []
    if table.key is not None:
        goals.append(ActionDone(table.key, table.times))
    if table.cursor is not None:
        goals.append(CursorOn(Quantity.parse(table.cursor)))
    if table.step is not None or table.phase is not None:
        goals.append(AtStage(table.step, stage_of(table.phase) if table.phase is not None else None))
    if table.edited is not None and table.edited is not False:
        goals.append(EditMade("" if table.edited is True else table.edited))
    if table.checked is not None:
        goals.append(ChecksShown(table.checked))
    if table.branch is not None:
        goals.append(Branches(table.branch))
    return goals


def _layer_of(snapshot: "Snapshot") -> int | None:
    """The layer just computed; the last one for a whole pass."""
    layer, phase = snapshot.stage.layer, snapshot.phase
    if layer is not None or phase not in (Phase.FORWARD, Phase.BACKWARD):
        return layer
    return snapshot.layers - 1 if phase is Phase.FORWARD else 0
