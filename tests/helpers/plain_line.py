"""What every error looks like: one line, in a person's words."""

import re

PYTHON = re.compile(
    r"\b(NoneType|ndarray|dtype=|allow_pickle|codec|\w+Error|\w+Exception|unpack\b|subscriptable|iterable|reshape"
    r"|Expected `|got `|str object|int object|utf-8'|__\w+__)|<class|object at 0x"
)
"""Names that a person who writes no Python has never seen."""


def assert_plain(error: BaseException) -> None:
    """See that an error is one line, and that it has none of Python's words outside of what it quotes."""
    line = str(error)
    assert line and len(line.splitlines()) == 1, line
    assert not PYTHON.search(re.sub(r"'[^']*'", "", line)), line
