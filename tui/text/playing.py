"""Playing a lesson: the shown card, its numbers, and whether its goal is reached; without a screen."""

from collections import Counter
from collections.abc import Mapping

from msgspec import Struct, field
from msgspec.structs import replace

from ...presets.lessons.goals import Goal, actions_in, goal_of, stage_of
from ...presets.lessons.lesson_file import Placeholder, parts_of
from ...presets.lessons.lesson_schema import CardTable, Lesson
from ...presets.lessons.scene import Scene
from .numbers import count, plain, short

KEYS_PER_HINT = 5
"""The number of keys that the goal does not ask for, after which the next hint is shown."""
UNKNOWN = "?"
"""The text instead of a number that does not exist."""


class Visit(Struct, frozen=True, eq=False):
    """The events at a card."""

    begun: Scene
    """The state of the training when the card was shown."""
    scene: Scene
    """The state now, or when the goal was reached."""
    title: str = ""
    """The title with its numbers from when the card was shown; the same holds for the text."""
    text: str = ""
    is_settled: bool = False
    """Whether the program has done the card's `do`."""
    pressed: Mapping[str, int] = field(default_factory=Counter)
    """How often each action has been done."""
    is_reached: bool = False
    was_reached: bool = False
    """Whether the goal was reached already when the card was shown."""
    then: str = ""
    """The card's answer to a reached goal; its numbers may change until the next key, because training takes time."""
    is_over: bool = False
    """Whether that next key was pressed."""


class ShownCard(Struct, frozen=True, kw_only=True):
    """The visible parts of a card."""

    lesson: str
    number: int
    """From 1."""
    total: int
    title: str = ""
    text: str = ""
    then: str = ""
    """The card's answer once its goal is reached."""
    hint: str = ""
    is_reached: bool = False
    was_reached: bool = False
    waits: bool = False
    """Whether there is a goal that is not reached yet."""


class Playing(Struct, frozen=True, eq=False):
    """A lesson at one of its cards."""

    lesson: Lesson
    number: int = 0
    visits: Mapping[int, Visit] = field(default_factory=dict)
    """The visits of the cards that were shown, by number."""

    @property
    def card(self) -> CardTable:
        """The card that is shown."""
        return self.lesson.card[self.number]

    @property
    def goal(self) -> Goal | None:
        """The goal of the card."""
        return goal_of(self.card.goal)

    @property
    def visit(self) -> Visit | None:
        """The visit of the card; None before it is shown."""
        return self.visits.get(self.number)

    @property
    def is_new(self) -> bool:
        """Whether the card is shown for the first time, so that the program must carry out its `do`."""
        return self.visit is None

    @property
    def scenes(self) -> dict[str, Scene]:
        """The scenes of the cards that were shown, by their ids."""
        return {self.lesson.card[n].id: visit.scene for n, visit in self.visits.items()}

    @property
    def is_last(self) -> bool:
        """Whether it is the last card."""
        return self.number + 1 == len(self.lesson.card)

    def with_action(self, action: str) -> "Playing":
        """The same after an action of the user."""
        visit = self.visit
        if visit is None:
            return self
        if visit.is_reached:
            return self._with(replace(visit, is_over=True))
        return self._with(replace(visit, pressed=Counter(visit.pressed) + Counter([action])))

    def with_scene(self, scene: Scene) -> "Playing":
        """The same after a change; the text keeps the numbers from when the card was shown."""
        visit = self.visit or Visit(scene, scene)
        if visit.is_over:
            return self
        if visit.is_reached:
            return self._with(self._reached(visit, scene))
        if not visit.is_settled:
            return self._arrived(scene)
        goal = self.goal
        if goal and goal.is_reached(replace(scene, pressed=visit.pressed)):
            return self._with(self._reached(visit, scene))
        return self

    def at_card(self, number: int) -> "Playing":
        """The same at another card, if there is one."""
        return replace(self, number=min(max(number, 0), len(self.lesson.card) - 1))

    def shown_card(self) -> ShownCard:
        """The card as it is shown now."""
        visit, card = self.visit, self.card
        total = len(self.lesson.card)
        if visit is None:
            return ShownCard(lesson=self.lesson.lesson.title, number=self.number + 1, total=total)
        return ShownCard(
            lesson=self.lesson.lesson.title,
            number=self.number + 1,
            total=total,
            title=visit.title,
            text=visit.text,
            then=visit.then,
            hint=self._hint(visit),
            is_reached=visit.is_reached,
            was_reached=visit.was_reached,
            waits=card.goal is not None and not visit.is_reached,
        )

    def _arrived(self, scene: Scene) -> "Playing":
        """Fill the text, and once the program has done the card's `do`, check whether the goal is reached already."""
        title, text = (self._fill(each, scene) for each in (self.card.title, self.card.text))
        visit = Visit(scene, scene, title, text, self._is_settled(scene))
        if not visit.is_settled:
            return self._with(visit)
        goal = self.goal
        if goal and goal.is_reached(scene):
            visit = replace(self._reached(visit, scene), was_reached=True)
        return self._with(visit)

    def _is_settled(self, scene: Scene) -> bool:
        do, here = self.card.do, scene.snapshot
        if do.go is not None and do.go != here.step:
            return False
        return do.phase is None or stage_of(do.phase).phase is here.phase

    def _reached(self, visit: Visit, scene: Scene) -> Visit:
        return replace(visit, scene=scene, is_reached=True, then=self._fill(self.card.then, scene, visit.begun))

    def _fill(self, text: str, scene: Scene, begun: Scene | None = None) -> str:
        """A text with its numbers: those of another card from its end, those of this card from its beginning."""
        return fill(text, scene, {**self.scenes, self.card.id: begun or scene})

    def _hint(self, visit: Visit) -> str:
        hints, asked = self.card.help.hints, Counter(actions_in(self.card.goal))
        tries = (Counter(visit.pressed) - asked).total()
        number = min(tries // KEYS_PER_HINT, len(hints))
        return self._fill(hints[number - 1], visit.scene) if number and not visit.is_reached else ""

    def _with(self, visit: Visit) -> "Playing":
        return replace(self, visits={**self.visits, self.number: visit})


def fill(text: str, scene: Scene, scenes: Mapping[str, Scene]) -> str:
    """A text with the numbers of a scene.

    Args:
        text: a text with placeholders.
        scene: the scene of its card.
        scenes: the scenes of other cards, by id.
    """
    return "".join(
        part if isinstance(part, str) else _number(part, scenes.get(part.card, scene)) for part in parts_of(text)
    )


def unknown_numbers(text: str, scene: Scene, scenes: Mapping[str, Scene]) -> list[str]:
    """The numbers in a text that do not exist, by name."""
    parts = [part for part in parts_of(text) if isinstance(part, Placeholder)]
    return [str(part.what) for part in parts if _number(part, scenes.get(part.card, scene)) == UNKNOWN]


def _number(part: Placeholder, scene: Scene) -> str:
    match part.what:
        case "step":
            return count(scene.snapshot.step)
        case "epoch":
            return count(scene.snapshot.state.epoch)
        case "learning_rate":
            return short(scene.trainer.learning_rate(scene.snapshot.state))
        case "branches":
            return count(len(scene.timeline.branches))
        case str(other):
            raise AssertionError(f"{other} is not a word of a text")
        case quantity:
            try:
                if part.is_name:
                    return scene.trainer.network.names.labels(scene.notation).text(quantity)
                return plain(scene.value_of(quantity), part.decimals)
            except (IndexError, ValueError):
                return UNKNOWN
