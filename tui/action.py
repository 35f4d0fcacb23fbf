"""An action: a key with its function, and its words for the key line, help, palette, docs and text mode."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from enum import Enum
from functools import cache, cached_property
from inspect import isawaitable
from typing import TYPE_CHECKING, Any, Generic, TypeAlias, TypeVar

from msgspec import Struct

if TYPE_CHECKING:
    from ..core.worker.verbs import Ability
    from .plain_session import PlainSession
    from .view import View

Owner = TypeVar("Owner")
"""The owner of an action: the dashboard or a panel."""
Answer: TypeAlias = "Callable[[PlainSession, str], Iterator[str]]"
"""The function of a typed command: it gets the end of the line and answers with lines."""


class Group(Enum):
    """The purpose of an action."""

    RUN = "Run and step"
    EXPLAIN = "Explain and check"
    CHANGE = "Change the training"
    LOOK = "Look"
    KEEP = "Save and export"
    PROGRAM = "Program"


class Verb(Struct, frozen=True, eq=False):
    """The command of an action in the text mode."""

    words: tuple[str, ...]
    """The first words of a line; the dashboard's key comes first."""
    form: str | Callable[[], str]
    """The form of the arguments; a function if it must be imported."""
    help: str
    """Its effect, in a sentence."""
    do: Answer

    @property
    def arguments(self) -> str:
        """The form of the arguments."""
        return self.form if isinstance(self.form, str) else self.form()

    @property
    def line(self) -> str:
        """Its line in the text mode's help."""
        return f"{' '.join(filter(None, (', '.join(self.words), self.arguments)))}: {self.help}"


KEY_WORDS = {"enter": "enter", "escape": "esc"}
"""The words for keys that Textual names or draws in another way; the screen and the pages use no others."""


class Action(Struct, Generic[Owner], frozen=True, eq=False, dict=True):
    """A key of the dashboard, or of one of its panels."""

    name: str
    """The name for a configuration."""
    keys: str
    """Textual's names of its keys, with commas between them."""
    label: str
    """The label in the key line and in the palette."""
    help: str
    """A sentence for the help and docs/keys.md; actions with the same sentence share a row."""
    group: Group
    do: Callable[[Owner], object] | str
    """A function of the dashboard or the panel, or an action of the app, such as "app.quit"."""
    word: "str | Callable[[View], str]" = ""
    """The word in the key line; empty if the key is not shown there."""
    rank: int = 50
    """Its position in the key line, from the left."""
    is_urgent: bool = False
    """Whether it works in every panel."""
    display: str = ""
    """Its keys on the screen, if these differ from their names."""
    verb: Verb | None = None
    needs: "Ability | None" = None
    """The ability that a training needs."""

    @property
    def all_keys(self) -> tuple[str, ...]:
        """Its keys by Textual's names, and as the user reads them."""
        return (*self.keys.split(","), *self.shown_keys)

    @cached_property
    def shown_keys(self) -> tuple[str, ...]:
        """Its keys, as the user reads them."""
        key = self.keys.partition(",")[0]
        return tuple((self.display or KEY_WORDS.get(key, key)).split())


def key_rows(actions: Iterable[Action[Any]]) -> list[tuple[str, str]]:
    """A row of a table of keys for each sentence: the keys with blanks between them, and the sentence; by group."""
    keys: dict[str, dict[str, None]] = {}
    for each in sorted(actions, key=lambda action: list(Group).index(action.group)):
        keys.setdefault(each.help, {}).update(dict.fromkeys(each.shown_keys))
    return [(" ".join(shown), sentence) for sentence, shown in keys.items()]


@cache
def actions_of(owner: type) -> Mapping[str, Action[Any]]:
    """The actions of a class by name; those of a class override those of its bases."""
    found = [each for base in reversed(owner.__mro__) for each in vars(base).get("ACTIONS", ())]
    return {each.name: each for each in found}


@cache
def bound_actions(owner: type) -> Mapping[str, Action[Any]]:
    """The actions of a class by the call in their bindings."""
    actions = actions_of(owner).values()
    return {each.do if isinstance(each.do, str) else f"do({each.name!r})": each for each in actions}


async def perform(owner: Any, name: str) -> None:
    """Carry out the action of a name for its owner, the dashboard or a panel."""
    kind: type = type(owner)
    do = actions_of(kind)[name].do
    assert callable(do)
    done = do(owner)
    if isawaitable(done):
        await done
