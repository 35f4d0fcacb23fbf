"""The page of a card: its position in the lesson, its text with keys, and its answer."""

from collections.abc import Iterator

from msgspec import Struct
from msgspec.structs import replace
from rich.cells import cell_len

from .playing import ShownCard
from .safe import safe
from .spans import Line, Lines, Span, label

READABLE = 96
"""The most columns of a text, because longer lines are hard to read."""
DONE, TO_COME = "●", "○"
MOST_DOTS = 24
ALREADY = "Already done. "


class Paragraph(Struct, frozen=True):
    """A piece of a card, with the style of its words."""

    text: str
    style: str = "value"
    mark: str = ""
    """The beginning of its first line; the other lines are indented by as much."""

    def lines(self, width: int) -> list[Line]:
        """Its lines in this many columns."""
        indent = cell_len(self.mark)
        found = [_spans(words, self.style) for words in _wrapped(self.text, min(width, READABLE) - indent)]
        first = Span(self.mark, ("agrees",)), Span(" " * indent)
        return [[*([first[n > 0]] if indent else []), *line] for n, line in enumerate(found)]


def card_page(card: ShownCard, width: int, height: int) -> Lines:
    """A card in this many columns and rows; its end is cut if it does not fit."""
    lines = card_lines(card, width, height)
    return Lines(lines if len(lines) <= height else [*lines[: height - 1], [label("…")]])


def card_lines(card: ShownCard, width: int, height: int) -> list[Line]:
    """All lines of a card: with blank lines between paragraphs, or without what comes before its goal."""
    blocks = [[_head(card, width)], *(each.lines(width) for each in _paragraphs(card))]
    if card.is_reached and sum(map(len, blocks)) > height:
        shorter = replace(card, text="")
        blocks = [[_head(card, width)], *(each.lines(width) for each in _paragraphs(shorter))]
    spare = height - sum(map(len, blocks))
    lines: list[Line] = list(blocks[0])
    for n, block in enumerate(blocks[1:]):
        # The title belongs to the text below it, so the blank line between them is the last to be added.
        if spare > 0 and n != 1:
            lines.append([])
            spare -= 1
        lines += block
    return lines


def _paragraphs(card: ShownCard) -> Iterator[Paragraph]:
    yield Paragraph(card.title, "new")
    style = "label" if card.then or (card.is_reached and card.was_reached) else "value"
    yield from (Paragraph(each, style) for each in _split(card.text))
    already = ALREADY if card.was_reached else ""
    if card.is_reached:
        first, *others = _split(card.then) or [""]
        yield Paragraph(f"{already}{first}" or "Done.", "value", "✓ ")
        yield from (Paragraph(each, "value", "  ") for each in others)
    if card.hint:
        yield Paragraph(card.hint, "label", "? ")


def _split(text: str) -> list[str]:
    """The paragraphs of a text, which are separated by blank lines."""
    return [" ".join(each.split()) for each in text.replace("\r", "").split("\n\n") if each.strip()]


def _head(card: ShownCard, width: int) -> Line:
    """The position of the card in the lesson."""
    place = f"{card.number} of {card.total}"
    dots = DONE * card.number + TO_COME * (card.total - card.number) if card.total <= MOST_DOTS else ""
    left = [Span("Tour", ("lit",)), label(f"  {place}  "), Span(dots, ("agrees",))]
    right = [label(safe(card.lesson))] if card.waits else _way_on(card)
    gap = width - sum(cell_len(each.text) for each in (*left, *right))
    return [*left, Span(" " * gap), *right] if gap > 1 else left


def _way_on(card: ShownCard) -> Line:
    """The key for the next card, if the card waits for nothing else."""
    key, text = ("→", "next card") if card.number < card.total else ("esc", "leave the tour")
    return [Span(f" {key} ", ("cursor",)), label(f" {text}")]


Piece = tuple[str, bool]
"""A part of a word, and whether it is a key."""
Word = list[Piece]


def _words(text: str) -> list[Word]:
    """The words of a text; a key is between backticks."""
    words = []
    for word in text.split(" "):
        pieces = [(f" {safe(part)} " if n % 2 else safe(part), n % 2 == 1) for n, part in enumerate(word.split("`"))]
        words.append([piece for piece in pieces if piece[0]])
    return [word for word in words if word]


def _wrapped(text: str, width: int) -> list[list[Word]]:
    """Words in lines of this many columns."""
    lines: list[list[Word]] = [[]]
    room = width
    for word in _words(text):
        length = sum(cell_len(piece) for piece, _ in word)
        if lines[-1] and length + 1 > room:
            lines.append([])
            room = width
        room -= length + (1 if lines[-1] else 0)
        lines[-1].append(word)
    return lines


def _spans(words: list[Word], style: str) -> list[Span]:
    """A line's words with blanks between them."""
    spans: list[Span] = []
    key = ("label", "fill") if style == "label" else ("cursor",)
    for n, word in enumerate(words):
        if n:
            spans.append(Span(" ", (style,)))
        spans += [Span(piece, key if is_key else (style,)) for piece, is_key in word]
    return spans
