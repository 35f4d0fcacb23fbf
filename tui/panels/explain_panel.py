"""The explain panel: the origin of a number, with links to all numbers in its equations."""

from time import monotonic
from typing import Any, ClassVar

from msgspec.structs import replace
from textual.geometry import Size
from textual.message import Message

from ...core.explaining.explanation import Explanation
from ...core.quantities.quantity import Kind, Quantity
from ..action import Action, Group
from ..keymap import bindings
from ..text.brief import brief, more_lines, note_lines
from ..text.brief_parameters import formulas_of, next_line
from ..text.factors import factor_steps, factors_page, without_blanks
from ..text.numbers import count
from ..text.safe import safe
from ..text.spans import Line, Lines, Page, Span, cells_of
from .page_view import explain_key, tell_cell
from .panel import NUMBER_ACTIONS, NothingDone, PagePanel, PanelSpec, Region

EVERY = 0.2
"""Seconds between two drawings while training runs."""
NO_EXAMPLES = "no examples to sort: enter on the gradient of a batch lists them"
SORT = "in an explanation: sort the examples"


class ExplainPanel(PagePanel):
    """An equation in symbols, the same with numbers, and the result; enter explains a number in it."""

    class Left(Message):
        """The user returns to the previous explanation."""

    BORDER_TITLE = "Explain"
    ACTIONS: ClassVar[tuple[Action[Any], ...]] = (
        Action(
            "up",
            "backspace",
            "Back up",
            "in an explanation: back to the previous explanation",
            Group.EXPLAIN,
            lambda panel: panel.post_message(ExplainPanel.Left()),
        ),
        Action(
            "order",
            "z",
            "Sort the examples",
            SORT,
            Group.EXPLAIN,
            lambda panel: panel.sort(),
        ),
        explain_key("details"),
    )
    BINDINGS = bindings(ACTIONS)

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._quantity: Quantity | None = None
        self._factor: int | None = None
        self._by_size = True
        self._drawn = 0.0
        """The time of the last drawing."""

    def shows(self) -> tuple[object, ...]:
        """The explained number, and how far its factors are shown."""
        view = self.view
        if view.quantity is None:
            about = view.trainer, view.snapshot, view.cursor, view.example, view.printed
            return "brief", *about, view.notation, view.decimals
        what = view.trainer, view.snapshot, view.quantity, view.factor
        return *what, view.notation, view.decimals, self._by_size, view.route

    def watch_view(self) -> None:
        """Show another number from its beginning; while training runs, only as often as the user can read it."""
        if not self.display or self.view.running and monotonic() - self._drawn < EVERY:
            return
        self._drawn = monotonic()
        factor, self._factor = self._factor, self.view.factor
        if self.view.quantity != self._quantity:
            self._quantity = self.view.quantity
            self._cursor.put(0, 0)
            self.look()
            self.scroll_home(animate=False)
        else:
            self.look()
            if factor != self._factor:
                self._follow_factor()

    def _follow_factor(self) -> None:
        """Put the cursor on the newest factor, which is the last number of its page; or on the first of the whole."""
        page = self.page
        cells = [cell for y in range(page.height) for cell in cells_of(page.line(y), y)]
        if self._factor is not None and cells:
            self._cursor.stand_on(cells[-1])
            self.scroll_end(animate=False)
        else:
            self._cursor.put(0, 0)
            self.scroll_home(animate=False)
        if self.has_focus:
            tell_cell(self)
        self.repaint()

    def make_page(self, size: Size) -> Page:
        """The explanation, or the reason why there is none."""
        found, view = self.view.explanation, self.view
        if found is None:
            return Lines(brief(view.briefing, size.width, size.height) if view.briefing else [])
        if isinstance(found, str):
            return Lines([[Span(safe(found), ("label",))]])
        from ..text.explanation import DECIMALS, explanation_page

        decimals, width = view.decimals or DECIMALS, max(size.width - 1, 1)  # beside a scrollbar
        if view.factor is not None:
            factors = [factor for route in found.routes for factor in route.factors] or found.factors
            formulas = formulas_of(view.briefing, factors) if view.briefing else {}
            walked = factors_page(found, view.notation, view.factor, decimals, formulas, width).lines
            return Lines(without_blanks([*walked, *self._consequence(found, width)], size.height))
        page = explanation_page(found, view.notation, decimals, by_size=self._by_size, width=width)
        lines = [*page.lines]
        if view.briefing:
            briefing = replace(view.briefing, quantity=found.quantity)
            for part in filter(None, (note_lines(briefing, width), more_lines(briefing, width))):
                lines += [[], *part]
        return Lines(lines, is_of_any_height=True)

    def _consequence(self, found: Explanation, width: int) -> list[Line]:
        """The next value of a parameter, after the last factor of its gradient."""
        view = self.view
        if view.briefing is None or not view.is_single or view.factor != len(factor_steps(found)):
            return []
        if found.quantity.kind not in (Kind.DW, Kind.DB):
            return []
        following = next_line(view.briefing, found.quantity.parameter, width)
        return [[], following] if following else []

    def above(self) -> str:
        """The name of the explained number."""
        view = self.view
        if view.quantity is not None and view.trainer is not None:
            return f"Explain · {view.trainer.network.names.labels(view.notation).text(view.quantity)}"
        return f"Explain · {view.briefing.title}" if view.briefing else "Explain"

    def aside(self) -> str:
        """The source's figure for it."""
        briefing = self.view.briefing
        return briefing.remark if briefing and self.view.quantity is None else ""

    def below(self) -> str:
        """The route that is lit, if it is a single one."""
        view = self.view
        if view.running and view.snapshot:
            return f"step {count(view.snapshot.step)}"
        return f"route {view.lit_route + 1} of {len(view.routes)}" if view.lit_route is not None and view.routes else ""

    def sort(self) -> None:
        """Sort the examples by contribution, or in the order of the batch."""
        found = self.view.explanation
        if not isinstance(found, Explanation) or self.view.factor is not None or not found.contributions:
            self.post_message(NothingDone(NO_EXAMPLES))
            return
        self._by_size = not self._by_size
        self.look()


SPEC = PanelSpec(
    widget=ExplainPanel,
    key="5",
    help="The equation, the equation with the numbers filled in, and the result. Enter on an underlined number "
    "explains that number.",
    region=Region.EXPLAIN,
    actions=(*NUMBER_ACTIONS, "close"),
    is_detour=True,
)


class ExplainStrip(PagePanel, can_focus=False):
    """The short explanation, as many lines as fit."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._drawn = 0.0
        """The time of the last drawing."""

    def watch_view(self) -> None:
        """Show a change; while training runs, only as often as the user can read it."""
        if not self.view.running or monotonic() - self._drawn >= EVERY:
            self._drawn = monotonic()
            super().watch_view()

    def shows(self) -> tuple[object, ...]:
        """The number under the cursor, at a step."""
        view = self.view
        return view.trainer, view.snapshot, view.cursor, view.example, view.notation, view.decimals, view.printed

    def make_page(self, size: Size) -> Page:
        """The lines that fit."""
        briefing = self.view.briefing
        return Lines(brief(briefing, size.width, size.height) if briefing else [])
