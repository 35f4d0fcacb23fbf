"""The rules of changes: what can be changed in a training, and to which values."""

import re
from collections.abc import Callable, Iterable
from math import isfinite, nan

from ..functions.activations import ACTIVATIONS, activation_of
from ..functions.losses import LOSSES, loss_of
from ..functions.optimizers import OPTIMIZERS
from ..quantities.quantity import LEAVES, Quantity, When
from ..suggestions import suggestion
from ..typed_number import MOST, number, quoted

What = str | Quantity
"""The name of a setting; or a parameter, an input or a target."""
Value = float | int | str
"""A number, the name of an optimizer, activation or loss, or "all" for a batch size."""

SETTINGS = ("learning_rate", "optimizer", "batch_size", "activation", "loss")
EXPECTED = f"expected {', '.join(SETTINGS)}, or a number such as w1[4,3], b2[1], x[2]@3, y[1]@3"
ALL = "all"
"""The batch size that takes every example."""


def read(what: What, text: str) -> Value:
    """The value in the text that the user types for something.

    Raises:
        ValueError: there is no such thing, or it cannot have that value.
    """
    rule, word = _rule(what), text.strip()
    if rule in (_name, _loss, _activation) or word == ALL:
        return rule(what, word)
    try:
        value = number(text, "2" if rule is _batch_size else "0.5")
    except ValueError as error:
        raise ValueError(f"{what}: {error}") from None
    return rule(what, value)


def allowed(what: What, value: Value) -> Value:
    """The value, if something can have it.

    Raises:
        ValueError: there is no such thing, or it cannot have that value.
    """
    return _rule(what)(what, value)


def _rule(what: What) -> Callable[[What, Value], Value]:
    if isinstance(what, str) and re.fullmatch(r"activation\d{0,9}", what):
        return _activation
    if what == "loss":
        return _loss
    if _names(what):
        return _name
    if what == "learning_rate":
        return _positive
    if what == "batch_size":
        return _batch_size
    if isinstance(what, str) or what.kind not in LEAVES or what.when is not When.NOW or len(str(what)) > MOST:
        raise ValueError(f"{quoted(str(what))} cannot be changed: {EXPECTED}")
    return _finite


def _names(what: What) -> Iterable[str]:
    """The names that something can have; empty if it is a number."""
    return OPTIMIZERS if what == "optimizer" else ()


def _name(what: What, value: Value) -> str:
    names = list(_names(what))
    if not isinstance(value, str) or value not in names:
        known = f"{', '.join(names[:-1])} or {names[-1]}"
        raise ValueError(f"{what}: expected {known}, got {_shown(value)}{suggestion(str(value), names)}")
    return value


def _loss(what: What, value: Value) -> str:
    """The name of a loss, with its number in brackets as short as possible."""
    try:
        return loss_of(str(value)).name
    except ValueError as error:
        raise ValueError(f"{what}: {error}{suggestion(str(value), LOSSES)}") from None


def _activation(what: What, value: Value) -> str:
    """The name of an activation, with its number in brackets as short as possible."""
    try:
        found = activation_of(str(value))
    except ValueError as error:
        raise ValueError(f"{what}: {error}{suggestion(str(value), ACTIVATIONS)}") from None
    if found.is_flat:
        raise ValueError(f"{what}: no gradient passes through {value}, whose slope is 0; expected another activation")
    return found.name


def _finite(what: What, value: Value) -> float:
    # A whole number may be too large for a float.
    try:
        finite = nan if isinstance(value, str | bool) else float(value)
    except OverflowError:
        finite = nan
    if not isfinite(finite):
        raise ValueError(f"{what}: expected a finite number such as 0.5, got {_shown(value)}")
    return finite


def _positive(what: What, value: Value) -> float:
    positive = _finite(what, value)
    if positive <= 0:
        raise ValueError(f"{what}: expected a number above 0, got {_shown(value)}")
    return positive


def _batch_size(what: What, value: Value) -> Value:
    if value == ALL:
        return ALL
    size = _finite(what, value)
    if size < 1 or size != int(size):
        raise ValueError(f'{what}: expected a whole number from 1 up, or "{ALL}", got {_shown(value)}')
    return int(size)


def _shown(value: Value) -> str:
    match value:
        case str():
            return quoted(value)
        case bool():
            return str(value)
        case float():
            return f"{value:g}"
        case _:
            return str(value) if abs(value) < 10**20 else "a number of many digits"
