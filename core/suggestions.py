"""Suggestions: the known name that a wrong one is probably meant to be."""

import re
from collections.abc import Iterable
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .functions.activation import Activation
    from .functions.loss import Loss
    from .functions.optimizer import Optimizer

OTHER_NAMES = {
    "glorot": "xavier",
    "glorotuniform": "xavier",
    "kaiming": "he",
    "lr": "learning_rate",
    "eta": "learning_rate",
    "eps": "epsilon",
    "full": "all",
    "fullbatch": "all",
}
"""What other programs and books call things that are no functions, as `_plain` writes it."""
ALIKE = 0.7
"""How much of two names must agree, from 0 to 1."""
SHORT_ALIKE = 0.66
"""Of names of three letters, two are enough."""


def suggestion(wrong: str, known: Iterable[str]) -> str:
    """As "; did you mean 'sgd'?"; empty if no known name is near."""
    from difflib import get_close_matches

    names = {_plain(name): name for name in known}
    wrong = wrong[:100].partition("(")[0].strip()
    if wrong in names.values():
        return ""  # what follows in brackets is wrong
    plain = _plain(wrong)
    other = _other_names().get(plain)
    if other in names.values():
        return f"; did you mean {other!r}?"
    near = get_close_matches(plain, names, 1, SHORT_ALIKE if len(plain) == 3 else ALIKE)
    return f"; did you mean {names[near[0]]!r}?" if near else ""


@cache
def _other_names() -> dict[str, str]:
    """What functions are called elsewhere too; a program that finds nothing wrong loads no functions for it."""
    from .functions.activations import ACTIVATIONS
    from .functions.losses import LOSSES
    from .functions.optimizers import OPTIMIZERS

    functions: tuple[Activation | Loss | type[Optimizer], ...]
    functions = (*ACTIVATIONS.values(), *LOSSES.values(), *OPTIMIZERS.values())
    return {other: each.name for each in functions for other in each.other_names} | OTHER_NAMES


def _plain(name: str) -> str:
    """A name without capitals, signs, and the word loss at its end."""
    letters = re.sub(r"[\W_]", "", name.lower())
    return letters.removesuffix("loss") or letters
