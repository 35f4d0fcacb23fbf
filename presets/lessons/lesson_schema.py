"""The schema of lesson files."""

from typing import Annotated, Literal, TypeAlias

from msgspec import Meta, Struct

from ...core.quantities.quantity import Quantity
from ..schema import Count, DataTable, NetworkTable, TrainingTable

MOST_BYTES = 256 * 1024
MOST_CARDS = 200
MOST_TEXT = 2_000
"""Most characters of the texts of a card."""
MOST_STEP = 100_000
"""The last step that a card can go to, so that it opens quickly."""

Label: TypeAlias = Annotated[
    str,
    Meta(
        pattern="^[a-z0-9][a-z0-9-]{0,59}$",
        description="small letters, digits and -, at most 60, with a letter or a digit first",
    ),
]
Short: TypeAlias = Annotated[str, Meta(min_length=1, max_length=80)]
Text: TypeAlias = Annotated[str, Meta(max_length=MOST_TEXT)]
Step: TypeAlias = Annotated[int, Meta(ge=0, le=MOST_STEP)]
PanelName: TypeAlias = Literal["network", "parameters", "gradients", "loss", "explain", "picture", "steps"]


class LessonTable(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The title of the lesson."""

    name: Label
    title: Short
    language: Annotated[str, Meta(pattern="^[a-z]{2,3}$", description='the code of a language, as "en"')] = "en"
    minutes: Annotated[int, Meta(ge=1, le=600)]
    """Its duration in minutes."""


class DoTable(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What nn-tui does when a card is shown for the first time."""

    at: PanelName | None = None
    """Focus this panel."""
    go: Step | None = None
    """Go to this step."""
    phase: Text | None = None
    """Go to this phase of the step, as "backward 2"."""
    cursor: Text | None = None
    """Put the cursor on this quantity."""

    @property
    def quantity(self) -> Quantity | None:
        """The quantity to put the cursor on."""
        return None if self.cursor is None else Quantity.parse(self.cursor)


class GoalTable(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The goal of a card; all of its keys must be reached."""

    key: Text | None = None
    """An action has been done since the card was shown, by its name in [keys] of the configuration."""
    times: Annotated[int, Meta(ge=1, le=100)] = 1
    """How often."""
    cursor: Text | None = None
    """The cursor is on this quantity."""
    step: Step | None = None
    """The training is at this step."""
    phase: Text | None = None
    """It is at this phase, as "backward 2"."""
    edited: bool | Text | None = None
    """An edit is in force: any, or one of this quantity or setting."""
    checked: bool | None = None
    """Whether the gradients of this step are checked."""
    branch: Count | None = None
    """There are this many branches, or more."""


Simple: TypeAlias = GoalTable | Text
"""A table, or a condition such as "loss < 0.1"."""


class AnyOrAllTable(GoalTable, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A goal that combines others."""

    all: Annotated[list[Simple], Meta(min_length=1, max_length=20)] | None = None
    any: Annotated[list[Simple], Meta(min_length=1, max_length=20)] | None = None


class HelpTable(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Help for reaching the goal."""

    hints: Annotated[list[Text], Meta(max_length=10)] = []
    """The first is shown after a few keys that the goal does not ask for, the next after a few more."""
    solution: Text = ""
    """Keys that reach the goal, with spaces between them."""


class CardTable(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One card."""

    id: Label
    title: Short
    text: Text = ""
    """The text of the card; {a2[1]} is the value of that quantity, `s` a key."""
    then: Text = ""
    """The text when the goal is reached."""
    do: DoTable = DoTable()
    goal: AnyOrAllTable | Text | None = None
    """A card without a goal is only read."""
    help: HelpTable = HelpTable()
    frame: PanelName | Annotated[list[PanelName], Meta(min_length=1, max_length=4)] | None = None
    """The panel of the card; of several panels the first is framed, and the others stay bright."""

    @property
    def frames(self) -> list[PanelName]:
        """The panels that stay bright."""
        return [] if self.frame is None else [self.frame] if isinstance(self.frame, str) else self.frame


class Lesson(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Cards that lead through a training."""

    format: Annotated[int, Meta(ge=1, le=1, description="1, the format that this nn-tui reads")]
    lesson: LessonTable
    preset: Text | None = None
    """The name of a preset that comes with nn-tui; else a shared line, or the tables of a preset."""
    line: Annotated[str, Meta(max_length=65_536)] | None = None
    network: NetworkTable | None = None
    training: TrainingTable | None = None
    data: DataTable | None = None
    card: Annotated[list[CardTable], Meta(min_length=1, max_length=MOST_CARDS)]

    @property
    def name(self) -> str:
        """The name of the lesson."""
        return self.lesson.name
