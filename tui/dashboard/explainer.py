"""The explainer: the number under the cursor, its whole explanation, and the path from number to number."""

from dataclasses import replace
from itertools import islice

from ...core.explaining.explanation import Explanation
from ...core.notation.notation import Notation
from ...core.quantities.quantity import OF_THE_BATCH, Kind, Quantity, When
from ..panels.explain_panel import ExplainPanel
from ..text.factors import factor_steps
from ..text.finding import is_among, quantities_of
from .desk import Desk
from .panel_switch import PanelSwitch

ONE_EXAMPLE = "the batch has one example, so there is no next one"
NO_FACTORS = "no factors here: choose a gradient, a weight or a bias"
NO_FACTOR_BEFORE = "no factor is shown; x shows the first one"
NOT_OPEN = "no explanation is open; enter opens that of a number"
NO_ROUTES = "no routes here: those of one example's gradient can be lit"
MOST = 2_000
"""The most numbers in the list of found ones."""
ROWS = 16
"""Rows of a whole explanation if the screen has several panels."""
IN_PARAMETERS = (Kind.W, Kind.B)
OF_A_ROW = (Kind.X, Kind.Y, Kind.Z, Kind.A, Kind.DZ, Kind.DA)
"""Numbers that belong to one example."""
IN_GRADIENTS = (Kind.Z, Kind.DZ, Kind.DA, Kind.DW, Kind.DB)


class Explainer:
    """The explanation, and the previous ones."""

    def __init__(self, dashboard: Desk, panels: PanelSwitch) -> None:
        """Begin without an explanation."""
        self._dashboard = dashboard
        self._panels = panels
        self._trail: list[Quantity] = []
        """The numbers that were explained before, on the way to this one."""

    @property
    def is_open(self) -> bool:
        """Whether a whole explanation is open."""
        return self._dashboard.view.quantity is not None

    def explain(self, quantity: Quantity | None, *, in_place: bool = False) -> None:
        """Explain a number as a whole; in place, the cursor stays in its panel."""
        dashboard, before = self._dashboard, self._dashboard.view.quantity
        if quantity is None or quantity == before:
            return
        if before:
            self._trail.append(before)
        dashboard.see(quantity=quantity, factor=None, route=None)
        self._panels.make_room(ROWS)
        panel = dashboard.screen.query_one(ExplainPanel)
        if not in_place or not panel.display:
            self._panels.show("explain")
            if panel.cell:
                dashboard.see(cursor=panel.cell.quantity)  # here, so that the network is drawn once

    def follow_cursor(self, quantity: Quantity) -> None:
        """Record the number under the cursor; an explanation of another number is closed."""
        dashboard = self._dashboard
        focused = self._panels.focused
        is_elsewhere = focused is not None and focused.id != "explain"
        if is_elsewhere and self.is_open and quantity != dashboard.view.cursor:
            self._forget()
        if quantity != dashboard.view.cursor:
            dashboard.see(cursor=quantity)

    def next_factor(self) -> None:
        """Show one more factor of the chain rule, for the explained number or the one under the cursor."""
        factors = self._explains_gradient() and (self._factors() or self._factors_of_example())
        if not factors:
            self._dashboard.say(NO_FACTORS)
        else:
            factor = self._dashboard.view.factor
            shown = 1 if factor is None else factor + 1
            self._dashboard.see(factor=shown if shown <= factors else None)

    def previous_factor(self) -> None:
        """Hide the last factor."""
        if factor := self._dashboard.view.factor:
            self._dashboard.see(factor=factor - 1)
        else:
            self._dashboard.say(NO_FACTOR_BEFORE)

    def next_route(self) -> None:
        """Light the next route of the explained gradient or of the one under the cursor; after the last, all routes."""
        if not self._explains_gradient():
            self._dashboard.say(NO_FACTORS)
            return
        view = self._dashboard.view
        if not view.routes:
            self._dashboard.say(NO_ROUTES)
            return
        following = 0 if view.route is None else view.route + 1
        self._dashboard.see(route=following if following < len(view.routes) else None)

    def _explains_gradient(self) -> bool:
        """Explain the gradient under the cursor unless an explanation is open; whether there is a gradient."""
        view = self._dashboard.view
        if view.quantity is None and view.cursor and view.has_factors:
            is_parameter = view.cursor.kind in (Kind.W, Kind.B)
            self.explain(view.cursor.gradient if is_parameter else view.cursor, in_place=True)
        return self.is_open

    def show_example(self, by: int) -> None:
        """Show another example of the batch."""
        view = self._dashboard.view
        if view.snapshot and by and view.is_single:
            self._dashboard.say(ONE_EXAMPLE)
        elif view.snapshot:
            example = (view.example + by) % len(view.snapshot.forward.X)
            cursor = view.cursor.of_example(example) if view.cursor and view.cursor.example is not None else view.cursor
            self._dashboard.see(example=example, cursor=cursor)
            self._follow_example(view.example, example)

    def _follow_example(self, before: int, now: int) -> None:
        """Show the factors of another example, if those of one are shown."""
        view = self._dashboard.view
        quantity = view.quantity
        if view.factor is not None and quantity and _is_gradient(quantity) and quantity.example == before:
            self._dashboard.see(quantity=quantity.of_example(now), route=None)
            self._dashboard.see(factor=min(view.factor, self._factors()) or None)

    def up(self) -> None:
        """Return to the previous explanation."""
        if self._trail:
            self._dashboard.see(quantity=self._trail.pop(), factor=None, route=None)
        elif self.is_open:
            self.close()
        else:
            self._dashboard.say(NOT_OPEN)

    def close(self) -> None:
        """Close the explanation, and return to the panel and the number from which it was opened."""
        focused = self._panels.focused
        self._forget()
        if focused is not None and focused.id == "explain":
            self._panels.go_back()

    def find(self) -> None:
        """Ask for the name of a quantity, and go to its number."""
        if trainer := self._dashboard.view.trainer:
            from ..dialogs.go_to_dialogs import Find

            labels = trainer.network.names.labels(self._dashboard.view.notation)
            self._dashboard.app.push_screen(Find(trainer.network, labels), self.go_to)

    def move_on(self, by: int) -> None:
        """Move by this many places in the list of found numbers."""
        view = self._dashboard.view
        if view.trainer is None or view.cursor is None:
            return
        here = replace(view.cursor, example=None)
        numbers = list(islice(quantities_of(view.trainer.network), MOST))
        place = numbers.index(here) if here in numbers else 0
        self._dashboard.see(cursor=numbers[(place + by) % len(numbers)])

    def next_notation(self) -> None:
        """Switch to the next notation."""
        notations = list(Notation)
        here = notations.index(self._dashboard.view.notation)
        self._dashboard.see(notation=notations[(here + 1) % len(notations)])

    def go_to(self, quantity: Quantity | None) -> None:
        """Put the cursor on a number, in the first panel that shows it."""
        trainer = self._dashboard.view.trainer
        if quantity is None or trainer is None:
            return
        panels, kind = self._panels, quantity.kind
        if kind in OF_A_ROW and self._show_example_of(quantity):
            quantity = replace(quantity, example=None)
        if quantity.when is When.NEXT:
            panels.go_to(quantity, ("parameters",))
        elif kind in OF_THE_BATCH or not is_among(quantity, trainer.network):  # no panel shows it
            panels.go_to(quantity, ())
        elif kind in IN_GRADIENTS:
            panels.go_to(quantity, ("gradients",))
        else:
            panels.go_to(quantity, ("network", "parameters") if kind in IN_PARAMETERS else ("network",))

    def _show_example_of(self, quantity: Quantity) -> bool:
        """Show the example of a number; whether the batch has it."""
        view, example = self._dashboard.view, quantity.example
        if view.snapshot is None or example is None or not 0 <= example < len(view.snapshot.forward.X):
            return False
        self.show_example(example - view.example)
        return True

    def _forget(self) -> None:
        self._trail.clear()
        self._dashboard.see(quantity=None, factor=None, route=None)
        self._panels.make_room(0)

    def _factors_of_example(self) -> int:
        """Explain the shown example's contribution to the gradient of a batch; the number of its factors."""
        view = self._dashboard.view
        quantity = view.quantity
        if view.snapshot is None or quantity is None or not _is_gradient(quantity) or quantity.example is not None:
            return 0
        example = view.example % len(view.snapshot.forward.X)
        self.explain(quantity.of_example(example), in_place=True)
        if factors := self._factors():
            self._dashboard.say(f"factors of example {example + 1}; n shows those of the next example")
        return factors

    def _factors(self) -> int:
        """The number of factors in the explanation."""
        found = self._dashboard.view.explanation
        return len(factor_steps(found)) if isinstance(found, Explanation) else 0  # the panel shows the reason


def _is_gradient(quantity: Quantity) -> bool:
    """Whether a quantity is the gradient of a parameter at this step."""
    return quantity.kind in (Kind.DW, Kind.DB) and quantity.when is When.NOW
