"""The explain panel: where a number comes from, with a way into every number that it is made of."""

from textual.binding import Binding
from textual.geometry import Size
from textual.message import Message
from textual.reactive import var

from ...core.debugger.snapshot import Snapshot
from ...core.explaining.explanation import Connection, Explanation
from ...core.quantities.notation import Notation
from ...core.quantities.quantity import Quantity
from ...core.training.trainer import Trainer
from ..text.explanation import DECIMALS, explanation_page
from ..text.factors import factors_page, steps_of
from ..text.resolve import explained
from ..text.safe import safe
from ..text.spans import Lines, Page, Span
from .page_view import PageView


class ExplainPanel(PageView):
    """An equation in symbols, the same with the numbers filled in, and the result; enter goes into a number."""

    BORDER_TITLE = "Explain"
    BINDINGS = [
        Binding("backspace", "up", "Where one came from", show=False),
        Binding("escape", "close", "Close"),
        Binding("v", "route", "Next route", show=False),
        Binding("z", "order", "Order of the examples", show=False),
        Binding("enter", "explain", "Into it"),
    ]

    snapshot: var[Snapshot | None] = var(None)
    trainer: var[Trainer | None] = var(None)
    notation: var[Notation] = var(Notation.SUPERSCRIPT)
    decimals: var[int | None] = var(None)
    """Of each number; None for as many as this panel shows by itself."""
    quantity: var[Quantity | None] = var(None)
    """What is explained; None where nothing is."""
    factor: var[int | None] = var(None)
    """How many factors are shown; all, and the whole explanation, where that is None."""

    class Lit(Message):
        """Connections of the network are what this is about."""

        def __init__(self, connections: frozenset[Connection]) -> None:
            super().__init__()
            self.connections = connections

    class Left(Message):
        """Somebody goes back to the explanation before."""

    class Closed(Message):
        """Somebody has read enough."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._by_size = True
        self._route: int | None = None
        """The route that is looked at; None for all."""
        self._lit: frozenset[Connection] = frozenset()

    def watch_snapshot(self) -> None:
        """Explain the same of the new moment."""
        self.renew()

    def watch_notation(self) -> None:
        """Take the other labels."""
        self.renew()

    def watch_quantity(self) -> None:
        """Explain something else, from its beginning."""
        self._cursor = (0, 0)
        self._route = None
        self.renew()
        self.scroll_home(animate=False)

    def watch_factor(self) -> None:
        """Show one factor more or less."""
        self.renew()

    def make_page(self, size: Size) -> Page:
        """The explanation, or why there is none."""
        found = self._explanation()
        self._light(found)
        if found is None:
            return Lines([[Span("enter on a number explains it", ("label",))]])
        if isinstance(found, str):
            return Lines([[Span(safe(found), ("label",))]])
        decimals = self.decimals or DECIMALS
        if self.factor is not None:
            return factors_page(found, self.notation, self.factor, decimals)
        return explanation_page(found, self.notation, decimals, by_size=self._by_size).page

    def action_up(self) -> None:
        """Go back to what was explained before."""
        self.post_message(self.Left())

    def action_close(self) -> None:
        """Close the panel."""
        self.post_message(self.Closed())

    def action_order(self) -> None:
        """What each example adds by its size, or in the order of the batch."""
        self._by_size = not self._by_size
        self.renew()

    def action_route(self) -> None:
        """Light the next route, and after the last one all."""
        found = self._explanation()
        routes = len(found.routes) if isinstance(found, Explanation) else 0
        self._route = None if not routes or self._route == routes - 1 else 0 if self._route is None else self._route + 1
        self.renew()

    def _light(self, found: Explanation | str | None) -> None:
        """Tell which connections the explanation, or the route that is looked at, goes along."""
        routes = found.routes if isinstance(found, Explanation) else ()
        route = self._route
        if self.factor and isinstance(found, Explanation) and len(routes) > 1:
            route = steps_of(found)[min(self.factor, len(steps_of(found))) - 1].route
        self.say_below(lambda: f"route {route + 1} of {len(routes)}" if route is not None and routes else "")
        shown = routes if route is None else routes[route : route + 1]
        lit = frozenset(connection for each in shown for connection in each.connections)
        if lit != self._lit:
            self._lit = lit
            self.post_message(self.Lit(lit))

    def _explanation(self) -> Explanation | str | None:
        if self.snapshot is None or self.trainer is None or not self.quantity:
            return None
        try:
            return explained(self.trainer, self.snapshot, self.quantity)
        except (ValueError, IndexError) as error:
            return str(error)
