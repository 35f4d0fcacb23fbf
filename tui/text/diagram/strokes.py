"""Strokes: the sign and the strength of a connection as a character."""

from ....core.debugger.snapshot import Freshness
from ..spans import number_styles

STRONG, WEAK = 0.5, 0.15
"""Shares of the strongest connection of a layer from which a stroke is thick, and below which it is faint."""
WIRES = {
    frozenset(sides): character
    for sides, character in (
        ("", " "),
        ("l", "╴"),
        ("r", "╶"),
        ("u", "│"),
        ("d", "│"),
        ("lr", "─"),
        ("ud", "│"),
        ("dr", "╭"),
        ("dl", "╮"),
        ("ur", "╰"),
        ("ul", "╯"),
        ("udr", "├"),
        ("udl", "┤"),
        ("dlr", "┬"),
        ("ulr", "┴"),
        ("udlr", "┼"),
    )
}
"""Wires by the sides of a cell that they lead to: up, down, left, right."""


def wire(sides: str) -> str:
    """A joint of wires."""
    return WIRES[frozenset(sides)]


def stroke(number: float, strength: float) -> str:
    """A stroke: whole where the number is positive, dashed where it is negative, thick where it is strong."""
    if number != number or number == 0:
        return "┈"
    if number < 0:
        return "╍" if strength >= STRONG else "╌"
    return "━" if strength >= STRONG else "─"


def bead(number: float, strength: float) -> str:
    """The same in one cell."""
    if strength < WEAK:
        return "·"
    if number < 0:
        return "━" if strength >= STRONG else "−"
    return "╋" if strength >= STRONG else "+"


def stroke_styles(number: float, strength: float, freshness: Freshness) -> tuple[str, ...]:
    """The styles of a stroke."""
    return (*number_styles(number, freshness), *(("faint",) if strength < WEAK else ()))
