"""The explainer: the way from number to number through their explanations, factor by factor."""

from typing import TYPE_CHECKING

from ...core.quantities.notation import Notation
from ...core.quantities.quantity import Kind, Quantity, When
from ..text.factors import factor_steps
from ..text.resolve import explain_shown

if TYPE_CHECKING:
    from .dashboard import Dashboard

NO_FACTORS = "choose a gradient: these are products of the chain rule's factors"


class Explainer:
    """What is explained, and what was explained before."""

    def __init__(self, dashboard: "Dashboard") -> None:
        """Begin with nothing to explain."""
        self._dashboard = dashboard
        self._trail: list[Quantity] = []
        """What was explained before, on the way to what is explained now."""

    def explain(self, quantity: Quantity) -> None:
        """Explain a number."""
        before = self._dashboard.view.quantity
        if quantity == before:
            return
        if before:
            self._trail.append(before)
        self._dashboard.see(quantity=quantity, factor=None)
        self._dashboard.panels.show("explain")

    def next_factor(self) -> None:
        """Show one factor more of the chain rule, of what is explained or else under the cursor."""
        self._dashboard.steering.unit = None
        view = self._dashboard.view
        if view.quantity is None and view.cursor:
            is_parameter = view.cursor.kind in (Kind.W, Kind.B)
            self.explain(view.cursor.gradient if is_parameter else view.cursor)
        factors = self._factors() or self._factors_of_example()
        if not factors:
            self._dashboard.tell(NO_FACTORS)
        else:
            factor = self._dashboard.view.factor
            shown = 1 if factor is None else factor + 1
            self._dashboard.see(factor=shown if shown <= factors else None)

    def last_factor(self) -> None:
        """Show one factor less."""
        factor = self._dashboard.view.factor
        if factor is not None:
            self._dashboard.see(factor=max(factor - 1, 0))

    def follow_example(self, before: int, now: int) -> None:
        """Walk the factors of another example, where its share of a gradient is walked."""
        view = self._dashboard.view
        quantity = view.quantity
        if view.factor is not None and quantity and _is_gradient(quantity) and quantity.example == before:
            self._dashboard.see(quantity=quantity.of_example(now))
            self._dashboard.see(factor=min(view.factor, self._factors()) or None)

    def up(self) -> None:
        """Go back to what was explained before."""
        if self._trail:
            self._dashboard.see(quantity=self._trail.pop(), factor=None)

    def close(self) -> None:
        """Show the panels again."""
        self._trail.clear()
        self._dashboard.see(quantity=None, factor=None, lit=frozenset())
        self._dashboard.panels.go_back()

    def next_notation(self) -> None:
        """Take the next notation."""
        notations = list(Notation)
        here = notations.index(self._dashboard.view.notation)
        self._dashboard.see(notation=notations[(here + 1) % len(notations)])

    def _factors_of_example(self) -> int:
        """Explain what the example that is shown adds to the gradient of a batch; how many factors that has."""
        view = self._dashboard.view
        quantity = view.quantity
        if view.snapshot is None or quantity is None or not _is_gradient(quantity) or quantity.example is not None:
            return 0
        self.explain(quantity.of_example(view.example % len(view.snapshot.forward.X)))
        return self._factors()

    def _factors(self) -> int:
        """How many factors what is explained has."""
        view = self._dashboard.view
        if view.trainer is None or view.snapshot is None or not view.quantity:
            return 0
        try:
            return len(factor_steps(explain_shown(view.trainer, view.snapshot, view.quantity)))
        except (ValueError, IndexError):  # the panel says why
            return 0


def _is_gradient(quantity: Quantity) -> bool:
    """Whether it is the gradient of a parameter at this step."""
    return quantity.kind in (Kind.DW, Kind.DB) and quantity.when is When.NOW
