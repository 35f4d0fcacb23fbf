"""The presentation panel: one number instead of all panels, large enough for a whole room."""

from typing import Any, ClassVar

from textual.geometry import Size
from textual.message import Message

from ..action import Action, Group
from ..keymap import bindings
from ..text.spans import Lines, Page
from .page_view import ENTER
from .panel import PagePanel

MOVES = "in the presentation: another number; larger figures"

ARROWS = (("left", -1, "←"), ("right", 1, "→"), ("up", -1, "↑"), ("down", 1, "↓"))


def _number_key(name: str, by: int, arrow: str) -> Action[Any]:
    word = "next number" if name == "right" else ""
    return Action(
        f"number-{name}",
        name,
        f"Number {name}",
        MOVES,
        Group.LOOK,
        lambda panel: panel.move_on(by),
        display=arrow,
        word=word,
        rank=20,
    )


class PresentationPanel(PagePanel):
    """The number under the cursor, its equation, and its terms with bars."""

    class Moved(Message):
        """The user wants to see another number."""

        def __init__(self, by: int) -> None:
            super().__init__()
            self.by = by

    BORDER_TITLE = "Presentation"
    ACTIONS: ClassVar[tuple[Action[Any], ...]] = (
        *(_number_key(name, by, arrow) for name, by, arrow in ARROWS),
        Action(
            "larger-number",
            "z",
            "Larger figures",
            MOVES,
            Group.LOOK,
            lambda panel: panel.enlarge(),
            word="larger",
            rank=21,
        ),
        Action("explain", "enter", "Explain", ENTER, Group.EXPLAIN, lambda panel: panel.ask()),
    )
    BINDINGS = bindings(ACTIONS)

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._is_larger = False

    def shows(self) -> tuple[object, ...]:
        """The number under the cursor, at a step."""
        view = self.view
        what = view.trainer, view.snapshot, view.cursor, view.example, view.notation, view.decimals, view.mask
        return *what, self._is_larger, self.display

    def make_page(self, size: Size) -> Page:
        """The page, only if the panel is visible."""
        briefing = self.view.briefing
        if briefing is None or not self.display:
            return Lines([])
        from ..text.presentation import presentation

        figures = dict(is_larger=self._is_larger, is_hidden=self.view.mask is not None)
        return presentation(briefing, size.width, size.height, **figures)

    def move_on(self, by: int) -> None:
        """Ask for another number."""
        self.post_message(self.Moved(by))

    def ask(self) -> None:
        """Ask for the whole explanation of the number."""
        if self.view.cursor:
            self.post_message(self.Asked(self.view.cursor))

    def enlarge(self) -> None:
        """Show larger figures and nothing below them, or the explanation again."""
        self._is_larger = not self._is_larger
        self.look()
