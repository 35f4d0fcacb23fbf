"""The explain panel: where a number comes from, with a way into every number that it is made of."""

from dataclasses import replace
from time import monotonic
from typing import Any, ClassVar

from textual.geometry import Size
from textual.message import Message

from ...core.explaining.explanation import Connection, Explanation, Route
from ...core.quantities.quantity import Quantity
from ..action import Action, Group
from ..keymap import bindings
from ..terminal.log import defect
from ..text.brief import brief, more_lines, note_lines
from ..text.brief_parameters import formulas_of
from ..text.explanation import DECIMALS, explanation_page
from ..text.factors import factor_steps, factors_page
from ..text.numbers import count
from ..text.resolve import explain_shown
from ..text.safe import safe
from ..text.spans import Lines, Page, Span
from .page_view import explain_key
from .panel import NUMBER_ACTIONS, PagePanel, PanelSpec, Region

EVERY = 0.2
"""Seconds between two drawings while training runs."""
SORT = "in an explanation: sort the examples"


class ExplainPanel(PagePanel):
    """An equation in symbols, the same with the numbers filled in, and the result; enter goes into a number."""

    class Lit(Message):
        """Connections of the network are what this is about."""

        def __init__(self, connections: frozenset[Connection]) -> None:
            super().__init__()
            self.connections = connections

    class Left(Message):
        """Somebody goes back to the explanation before."""

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
        self._explanation: Explanation | str | None = None
        """Or why there is none."""
        self._quantity: Quantity | None = None
        self._by_size = True
        self._drawn = 0.0
        """When it was drawn last."""
        self._route: int | None = None
        """The route that is looked at; None for all."""
        self._lit: frozenset[Connection] = frozenset()

    def shows(self) -> tuple[object, ...]:
        """What is explained, and how far."""
        view = self.view
        if view.quantity is None:
            about = view.trainer, view.snapshot, view.cursor, view.example, view.printed
            return "brief", *about, view.notation, view.decimals
        what = view.trainer, view.snapshot, view.quantity, view.factor
        return *what, view.notation, view.decimals, self._by_size, self._route

    def watch_view(self) -> None:
        """Show something else from its beginning; while training runs, as often as anybody can read it."""
        if not self.display or self.view.running and monotonic() - self._drawn < EVERY:
            return
        self._drawn = monotonic()
        if self.view.quantity != self._quantity:
            self._quantity, self._route = self.view.quantity, None
            self._cursor.put(0, 0)
            self.look()
            self.scroll_home(animate=False)
        else:
            self.look()

    def renew(self) -> None:
        """Explain it, and light what that goes along, in the network beside it."""
        try:
            self._explanation = self._explained()
        except Exception as error:  # whatever it is, the other panels keep working
            self._explanation = defect(error)
        route = self._lit_route()
        shown = self._routes if route is None else self._routes[route : route + 1]
        lit = frozenset(connection for each in shown for connection in each.connections)
        if lit != self._lit:
            self._lit = lit
            self.post_message(self.Lit(lit))
        super().renew()

    def make_page(self, size: Size) -> Page:
        """The explanation, or why there is none."""
        found, view = self._explanation, self.view
        if found is None:
            return Lines(brief(view.briefing, size.width, size.height) if view.briefing else [])
        if isinstance(found, str):
            return Lines([[Span(safe(found), ("label",))]])
        decimals, width = view.decimals or DECIMALS, max(size.width - 1, 1)  # beside a scrollbar
        if view.factor is not None:
            factors = [factor for route in found.routes for factor in route.factors] or found.factors
            formulas = formulas_of(view.briefing, factors) if view.briefing else {}
            return factors_page(found, view.notation, view.factor, decimals, formulas, width)
        page = explanation_page(found, view.notation, decimals, by_size=self._by_size, width=width)
        lines = [*page.lines]
        if view.briefing:
            briefing = replace(view.briefing, quantity=found.quantity)
            for part in filter(None, (note_lines(briefing, width), more_lines(briefing, width))):
                lines += [[], *part]
        return Lines(lines)

    def above(self) -> str:
        """What is explained."""
        view = self.view
        if view.quantity is not None and view.trainer is not None:
            return f"Explain · {view.trainer.network.names.labels(view.notation).text(view.quantity)}"
        return f"Explain · {view.briefing.title}" if view.briefing else "Explain"

    def aside(self) -> str:
        """What the source prints of it."""
        briefing = self.view.briefing
        return briefing.remark if briefing and self.view.quantity is None else ""

    def below(self) -> str:
        """Which route is lit, where it is a single one."""
        route, snapshot = self._lit_route(), self.view.snapshot
        if self.view.running and snapshot:
            return f"step {count(snapshot.step)}"
        return f"route {route + 1} of {len(self._routes)}" if route is not None and self._routes else ""

    def sort(self) -> None:
        """Sort the examples by contribution, or in the order of the batch."""
        self._by_size = not self._by_size
        self.look()

    def light_next(self) -> None:
        """Light the next route, and after the last one all."""
        last = len(self._routes) - 1
        self._route = None if self._route == last or last < 0 else 0 if self._route is None else self._route + 1
        self.look()

    @property
    def _routes(self) -> tuple[Route, ...]:
        return self._explanation.routes if isinstance(self._explanation, Explanation) else ()

    def _lit_route(self) -> int | None:
        """The route that is looked at, or that the factors have reached; None for all."""
        factor, found = self.view.factor, self._explanation
        if factor and isinstance(found, Explanation) and len(found.routes) > 1:
            steps = factor_steps(found)
            return steps[min(factor, len(steps)) - 1].route
        return self._route

    def _explained(self) -> Explanation | str | None:
        view = self.view
        if view.snapshot is None or view.trainer is None or view.quantity is None:
            return None
        try:
            return explain_shown(view.trainer, view.snapshot, view.quantity)
        except (ValueError, IndexError) as error:
            return str(error)


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
    """The short explanation, as much of it as has room."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._drawn = 0.0
        """When it was drawn last."""

    def watch_view(self) -> None:
        """Show what has changed; while training runs, as often as anybody can read it."""
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
