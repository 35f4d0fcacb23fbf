"""The verbs: the words that lead a dialogue, which are the dashboard's keys and their long names."""

from collections.abc import Callable, Iterator
from typing import NamedTuple

from ...core.debugger.breakpoints import FORMS
from ...core.typed_number import quoted
from ..text.safe import safe
from .session import PlainSession


class Verb(NamedTuple):
    """A word that a line begins with."""

    words: tuple[str, ...]
    """The dashboard's key first."""
    form: str
    """What follows it."""
    do: Callable[[PlainSession, str], Iterator[str]]

    @property
    def help(self) -> str:
        """What it does, in a sentence."""
        return (self.do.__doc__ or "").strip()


def answer(dialogue: PlainSession, line: str) -> Iterator[str]:
    """Do what a line says; where that cannot be, say so in one line."""
    word, _, rest = line.strip().partition(" ")
    if not word:
        return
    verb = VERB_OF.get(word) or VERB_OF.get(word.lower())
    try:
        if verb is None:
            raise ValueError(f"no verb is {quoted(word)}; help lists them")
        yield from verb.do(dialogue, rest.strip())
    except (ValueError, IndexError, RuntimeError) as error:
        yield f"error: {safe(str(error))}"
    except KeyboardInterrupt:
        yield from dialogue.rest()


def _help(dialogue: PlainSession, rest: str) -> Iterator[str]:
    """Tell the verbs."""
    for verb in VERBS:
        yield f"{', '.join(verb.words)}{' ' * bool(verb.form)}{verb.form}: {verb.help}"


VERBS = (
    Verb(("f", "phase"), "", PlainSession.phase),
    Verb(("s", "step", "update"), "[COUNT]", PlainSession.update),
    Verb(("e", "epoch"), "", PlainSession.epoch),
    Verb(("b", "back", "undo"), "", PlainSession.back),
    Verb(("g", "go", "goto"), "STEP", PlainSession.go_to),
    Verb(("run",), "[COUNT]", PlainSession.run),
    Verb(("k", "break"), f"[{' | '.join(FORMS)} | off]", PlainSession.break_at),
    Verb(("r", "reset"), "", PlainSession.reset),
    Verb(("x", "explain"), "QUANTITY, as w1[1,2], dw1[1,2], a2[1] or loss", PlainSession.explain),
    Verb(("a", "set", "alter"), "WHAT VALUE, as learning_rate 0.1 or w1[1,2] 0.5", PlainSession.change),
    Verb(("loss",), "", PlainSession.loss),
    Verb(("show",), "", PlainSession.show),
    Verb(("c", "check"), "", PlainSession.check),
    Verb(("n", "next"), "", PlainSession.next_example),
    Verb(("N", "previous"), "", PlainSession.previous_example),
    Verb(("t", "notation"), "[NAME]", PlainSession.notation),
    Verb(("o", "switch"), "", PlainSession.switch),
    Verb(("?", "help"), "", _help),
    Verb(("q", "quit", "exit"), "", PlainSession.quit),
)
VERB_OF = {word: verb for verb in VERBS for word in verb.words}
