"""A mask: an answer as question marks wherever it is written, until somebody has said what it is."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from ...core.quantities.quantity import Quantity
from .numbers import MINUS
from .spans import Line, Span

NUMBER = re.compile(rf"[+{MINUS}]?\b\d+(?:\.\d+(?:e{MINUS}?\d+)?|e{MINUS}?\d+)")
"""A number with decimals or a power of ten, and its sign; an index or a count is none."""
SIGNS = ("plus", "minus", "zero")
LEAST, SURE = 2, 5
"""Digits by which a number in a sentence is the hidden one, and the number of another name is so too."""


@dataclass(frozen=True)
class Mask:
    """What is hidden."""

    quantities: frozenset[Quantity]
    values: frozenset[float]
    """Their values, and those that the source prints for later steps."""

    def line(self, line: Line) -> Line:
        """A line without what is hidden, of the same width."""
        return [each for span in line for each in self._spans(span)]

    def text(self, text: str) -> str:
        """A sentence without what is hidden, of the same width."""
        return NUMBER.sub(lambda found: _marks(found[0]) if self._is_value(found[0], LEAST) else found[0], text)

    def _spans(self, span: Span) -> Iterator[Span]:
        if self._has(span.quantity) and NUMBER.search(span.text):
            yield _plain(span, NUMBER.sub(lambda found: _marks(found[0]), span.text))
            return
        digits = LEAST if span.quantity is None else SURE
        text = NUMBER.sub(lambda found: _marks(found[0]) if self._is_value(found[0], digits) else found[0], span.text)
        yield span if text == span.text else _plain(span, text)

    def _has(self, quantity: Quantity | None) -> bool:
        """Whether a quantity is hidden, of the example that is shown."""
        return quantity is not None and any(_is_same(quantity, each) for each in self.quantities)

    def _is_value(self, number: str, digits: int) -> bool:
        """Whether a written number is a hidden one, rounded; the sign may be written apart from it."""
        mantissa, _, power = number.lstrip(f"+{MINUS}").replace(MINUS, "-").partition("e")
        if len(mantissa.replace(".", "").lstrip("0")) < digits:
            return False
        scale = 10.0 ** int(power or 0)
        half = 0.5 * 10.0 ** -len(mantissa.partition(".")[2]) * scale * (1 + 1e-6)
        return any(abs(abs(value) - float(mantissa) * scale) <= half for value in self.values)


def _is_same(one: Quantity, other: Quantity) -> bool:
    if None in (one.example, other.example):
        one, other = replace(one, example=None), replace(other, example=None)
    return one == other


def _plain(span: Span, text: str) -> Span:
    """A span with another text, whose colour does not say its sign."""
    styles = tuple(name for name in span.styles if name.partition("-")[0] not in SIGNS)
    return Span(text, styles, span.quantity)


def _marks(number: str) -> str:
    """Question marks in place of a number's digits, and nothing of its sign and its power of ten."""
    sign = number[:1] if number[0] in f"+{MINUS}" else ""
    mantissa, e, power = number[len(sign) :].partition("e")
    return " " * len(sign) + re.sub(r"\d", "?", mantissa) + "?" * len(e + power)
