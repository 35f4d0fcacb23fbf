"""The verbs: the words that lead a session, which are the dashboard's keys and their long names."""

from collections.abc import Callable, Iterator
from typing import NamedTuple

from ..core.running.breakpoints import FORMS
from ..core.typed_number import quoted
from .session import Session
from .text.safe import safe


class Verb(NamedTuple):
    """A word that a line begins with."""

    words: tuple[str, ...]
    """The dashboard's key first."""
    form: str
    """What follows it."""
    do: Callable[[Session, str], Iterator[str]]

    @property
    def help(self) -> str:
        """What it does, in a sentence."""
        return (self.do.__doc__ or "").strip()


def answer(session: Session, line: str) -> Iterator[str]:
    """Do what a line says; where that cannot be, say so in one line."""
    word, _, rest = line.strip().partition(" ")
    if not word:
        return
    verb = VERB_OF.get(word) or VERB_OF.get(word.lower())
    try:
        if verb is None:
            raise ValueError(f"no verb is {quoted(word)}; help lists them")
        yield from verb.do(session, rest.strip())
    except (ValueError, IndexError, RuntimeError) as error:
        yield f"error: {safe(str(error))}"
    except KeyboardInterrupt:
        yield from session.rest()


def _help(session: Session, rest: str) -> Iterator[str]:
    """Tell the verbs."""
    for verb in VERBS:
        yield f"{', '.join(verb.words)}{' ' * bool(verb.form)}{verb.form}: {verb.help}"


VERBS = (
    Verb(("f", "phase"), "", Session.phase),
    Verb(("s", "step", "update"), "[COUNT]", Session.update),
    Verb(("e", "epoch"), "", Session.epoch),
    Verb(("b", "back", "undo"), "", Session.back),
    Verb(("g", "go", "goto"), "STEP", Session.go_to),
    Verb(("run",), "[COUNT]", Session.run),
    Verb(("k", "break"), f"[{' | '.join(FORMS)} | off]", Session.break_at),
    Verb(("r", "reset"), "", Session.reset),
    Verb(("x", "explain"), "QUANTITY, as w1[1,2], dw1[1,2], a2[1] or loss", Session.explain),
    Verb(("a", "set", "alter"), "WHAT VALUE, as learning_rate 0.1 or w1[1,2] 0.5", Session.change),
    Verb(("loss",), "", Session.loss),
    Verb(("show",), "", Session.show),
    Verb(("c", "check"), "", Session.check),
    Verb(("n", "next"), "", Session.next_example),
    Verb(("N", "previous"), "", Session.previous_example),
    Verb(("t", "notation"), "[NAME]", Session.notation),
    Verb(("o", "switch"), "", Session.switch),
    Verb(("?", "help"), "", _help),
    Verb(("q", "quit", "exit"), "", Session.quit),
)
VERB_OF = {word: verb for verb in VERBS for word in verb.words}
