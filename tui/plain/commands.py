"""The typed commands of the text mode."""

from collections.abc import Iterator

from ...core.typed_number import quoted
from ..dashboard.actions import VERBS
from ..text.safe import safe
from .session import PlainSession

VERB_OF = {word: verb for verb in VERBS for word in verb.words}


def answer(session: PlainSession, line: str) -> Iterator[str]:
    """Run the command of a line, or answer with one line that says what is wrong."""
    word, _, rest = line.strip().partition(" ")
    if not word:
        return
    verb = VERB_OF.get(word) or VERB_OF.get(word.lower())
    try:
        if verb is None:
            raise ValueError(f"no command is named {quoted(word)}; help lists them")
        yield from verb.do(session, rest.strip())
    except (ValueError, IndexError, RuntimeError) as error:
        yield f"error: {safe(str(error))}"
    except KeyboardInterrupt:
        yield from session.rest()
