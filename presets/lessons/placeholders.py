"""Placeholders: what a card's text leaves to the engine, as {a2[1]}, {loss:4}, {start.a2[1]} or {name a2[1]}."""

import re
from dataclasses import dataclass
from typing import TypeAlias

from ...core.quantities.quantity import Kind, Quantity
from ...core.typed_number import quoted

WORDS = ("step", "epoch", "learning_rate", "branches")
"""What else a text can name."""
DECIMALS = 3
FORM = re.compile(
    r"(?:(?P<name>name )|(?P<card>[a-z0-9][a-z0-9-]{0,59})\.)?(?P<what>[^.:{}]+?)(?::(?P<decimals>\d{1,2}))?"
)
BRACES = re.compile(r"\{([^{}]*)\}")
MOST_DECIMALS = 12


@dataclass(frozen=True)
class Placeholder:
    """A number in a text."""

    what: Quantity | str
    """Or one of WORDS."""
    decimals: int = DECIMALS
    card: str = ""
    """The card at whose end the number is meant; empty for the card that the text is of."""
    is_name: bool = False
    """Whether the name of the quantity is meant, and not its value."""


Part: TypeAlias = str | Placeholder


def parts_of(text: str) -> tuple[Part, ...]:
    """A text in its order: words, and the numbers between them.

    Raises:
        ValueError: braces hold something else than a number, or lack their other half.
    """
    found: list[Part] = []
    end = 0
    for match in BRACES.finditer(text):
        found += [_plain(text[end : match.start()]), placeholder(match[1])]
        end = match.end()
    found.append(_plain(text[end:]))
    return tuple(each for each in found if each != "")


def placeholder(text: str) -> Placeholder:
    """What stands between braces.

    Raises:
        ValueError: it names no number.
    """
    form = FORM.fullmatch(text)
    if form is None or int(form["decimals"] or 0) > MOST_DECIMALS:
        raise ValueError(f"expected a quantity in the braces, as in {{a2[1]}} or {{loss:4}}, got {quoted(text)}")
    is_name = form["name"] is not None
    what = form["what"] if form["what"] in WORDS and not is_name else _quantity(form["what"])
    return Placeholder(what, int(form["decimals"] or DECIMALS), form["card"] or "", is_name)


def _quantity(text: str) -> Quantity:
    quantity = Quantity.parse(text)
    if quantity.kind in (Kind.SLOT, Kind.CLIPPED_DW, Kind.CLIPPED_DB):
        raise ValueError(f"{text}: expected a number of the forward or the backward pass, or a parameter")
    return quantity


def _plain(text: str) -> str:
    if "{" in text or "}" in text:
        raise ValueError("expected { and } in pairs, around a quantity")
    return text
