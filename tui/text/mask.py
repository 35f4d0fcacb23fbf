"""A mask: question marks instead of an answer everywhere, until the user has guessed it."""

import re
from collections.abc import Iterator
from dataclasses import replace
from math import isclose

from msgspec import Struct

from ...core.quantities.quantity import Kind, Quantity, When
from .briefing import Briefing
from .factors import SMALL
from .numbers import MINUS
from .spans import Line, Span
from .style_names import LADDERS

NUMBER = re.compile(rf"[+{MINUS}]?\b\d+(?:\.\d+(?:e{MINUS}?\d+)?|e{MINUS}?\d+)")
"""A number with decimals or a power of ten, and its sign; not an index or a count."""
BAR = re.compile("[━╸]+")
"""A bar that shows the size of a number."""
SIGNS = ("plus", "minus", "zero")
LEAST, OF_DERIVED, SURE = 2, 3, 5
"""Digits that identify the hidden number in a sentence, a number derived from it, and a number of another name."""
UNSEEN = "?"
"""The text of a hidden heat map."""


class Mask(Struct, frozen=True):
    """The hidden numbers."""

    quantities: frozenset[Quantity]
    values: frozenset[float]
    """The values of the numbers, and those that the source prints for later steps."""
    derived: frozenset[float] = frozenset()
    """Values that reveal them, such as 1 − ŷ, ŷ − y, the next value of a weight, and a small change of the loss."""

    @classmethod
    def of(cls, briefing: Briefing, asked: frozenset[Quantity]) -> "Mask":
        """The mask of some numbers, and of those that reveal them."""
        values = frozenset(value for each in asked for value in briefing.answers(each))
        beside = frozenset(with_ for each in asked for with_ in _beside(briefing, each))
        derived = frozenset(value for each in asked for value in _derived(briefing, each))
        after = frozenset(value for each in beside if each.when is When.NEXT for value in briefing.answers(each))
        gradients = (each for each in asked if each.kind in (Kind.DW, Kind.DB))
        effects = frozenset(SMALL * value for each in gradients for value in briefing.answers(each))
        return cls(asked | beside, values, derived | after | effects)

    def line(self, line: Line) -> Line:
        """A line without hidden numbers, of the same width; also without its bars, which show a size."""
        masked = [each for span in line for each in self._spans(span)]
        if all(one.text == other.text for one, other in zip(line, masked, strict=True)):
            return masked
        return [each._replace(text=BAR.sub(lambda found: " " * len(found[0]), each.text)) for each in masked]

    def text(self, text: str) -> str:
        """A sentence without hidden numbers, of the same width."""
        return NUMBER.sub(lambda found: _marks(found[0]) if self._is_value(found[0], LEAST) else found[0], text)

    def hides(self, quantity: Quantity | None) -> bool:
        """Whether a quantity of the shown example is hidden."""
        return quantity is not None and any(_is_same(quantity, each) for each in self.quantities)

    def _spans(self, span: Span) -> Iterator[Span]:
        if self.hides(span.quantity):
            yield _unseen(span)
            return
        digits = LEAST if span.quantity is None else SURE
        text = NUMBER.sub(lambda found: _marks(found[0]) if self._is_value(found[0], digits) else found[0], span.text)
        yield span if text == span.text else _plain(span, text)

    def _is_value(self, number: str, digits: int) -> bool:
        """Whether a written number is a hidden number, rounded; the sign may be written apart from it."""
        mantissa, _, power = number.lstrip(f"+{MINUS}").replace(MINUS, "-").partition("e")
        written = len(mantissa.replace(".", "").lstrip("0"))
        if written < digits:
            return False
        scale = 10.0 ** int(power or 0)
        half = 0.5 * 10.0 ** -len(mantissa.partition(".")[2]) * scale * (1 + 1e-6)
        values = self.values | self.derived if written >= OF_DERIVED else self.values
        return any(abs(abs(value) - float(mantissa) * scale) <= half for value in values)


def _derived(briefing: Briefing, quantity: Quantity) -> Iterator[float]:
    """The difference of an output to 1 and to its target."""
    if quantity.kind is not Kind.A or quantity.layer != briefing.snapshot.layers - 1:
        return
    try:
        value = briefing.value(briefing.of_example(quantity))
        target = briefing.value(briefing.of_example(Quantity(Kind.Y, 0, quantity.to, example=quantity.example)))
    except (ValueError, IndexError):
        return
    yield from {1 - value, value - target}


def _beside(briefing: Briefing, quantity: Quantity) -> Iterator[Quantity]:
    """The numbers that reveal a number by one subtraction: after the update; an output's error, and its bias's."""
    if quantity.kind in (Kind.W, Kind.B) and quantity.when is When.NOW:
        yield replace(quantity, when=When.NEXT)
    elif quantity.kind in (Kind.DW, Kind.DB) and quantity.example is None and quantity.when is When.NOW:
        yield replace(quantity.parameter, when=When.NEXT)
    derived = list(_derived(briefing, quantity))
    for kind in (Kind.DZ, Kind.DB) if derived else ():
        other = Quantity(kind, quantity.layer, quantity.to)
        try:
            value = briefing.value(briefing.of_example(other) if kind is Kind.DZ else other)
        except (ValueError, IndexError):
            continue
        if any(isclose(abs(value), abs(each), rel_tol=1e-9) for each in derived):
            yield other


def _is_same(one: Quantity, other: Quantity) -> bool:
    if None in (one.example, other.example):
        one, other = replace(one, example=None), replace(other, example=None)
    return one == other


def _unseen(span: Span) -> Span:
    """A span of a hidden number without its digits, its heat map, and the fill that shows its size."""
    if any(name.removeprefix("on-").rstrip("0123456789") in LADDERS for name in span.styles):
        return Span(UNSEEN * len(span.text), ("faint", "raised"), span.quantity)
    styles = tuple("raised" if name == "fill" else name for name in span.styles)
    return _plain(span._replace(styles=styles), NUMBER.sub(lambda found: _marks(found[0]), span.text))


def _plain(span: Span, text: str) -> Span:
    """A span with another text, in a colour that does not show its sign."""
    styles = tuple(name for name in span.styles if name.partition("-")[0] not in SIGNS)
    return Span(text, styles, span.quantity)


def _marks(number: str) -> str:
    """Question marks instead of a number's digits, without its sign and power of ten."""
    sign = number[:1] if number[0] in f"+{MINUS}" else ""
    mantissa, e, power = number[len(sign) :].partition("e")
    return " " * len(sign) + re.sub(r"\d", "?", mantissa) + "?" * len(e + power)
