"""A number under the cursor, and the names and values that its short explanation needs."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import cached_property

from msgspec import Struct, field

from ...core.debugger.snapshot import Freshness, Snapshot
from ...core.explaining.explanation import Explanation
from ...core.notation.labels import Labels
from ...core.notation.notation import Notation
from ...core.quantities.formula import Equation, Term
from ...core.quantities.quantity import LEAVES, MOVED, OF_THE_BATCH, Kind, Quantity
from ...core.quantities.symbols import Partial, Symbol
from ...core.training.trainer import Trainer
from ...presets.printed_figures import NO_FIGURES, PrintedFigure, PrintedFigures
from .data_names import DataNames
from .equation import Piece, Show, equation_pieces, value_text
from .numbers import plain
from .resolve import ShownExplanations, is_stale, resolve
from .spans import Span

STRIP = 2
"""Lines below a single panel."""
OF_A_NEURON = (Kind.A, Kind.Z)
OF_A_GRADIENT = (Kind.DW, Kind.DB)
NAMES_AN_EXAMPLE = (*OF_A_GRADIENT, Kind.LOSS, Kind.OUTPUT_LOSS)
"""Kinds whose name without an example is that of another number: the loss and the gradients of the batch."""
OF_ONE = (Kind.X, Kind.Y, Kind.Z, Kind.A, Kind.DZ, Kind.DA)
"""Kinds of numbers that belong to one example."""


class Briefing(Struct, frozen=True, eq=False, kw_only=True, dict=True):
    """A number, with everything that its explanation needs."""

    trainer: Trainer
    snapshot: Snapshot
    quantity: Quantity
    example: int = 0
    """The example of the batch, for numbers that belong to one example and do not name it."""
    notation: Notation = Notation.SUPERSCRIPT
    decimals: int = 6
    printed: PrintedFigures = NO_FIGURES
    begun: str = "initial weight"
    """The origin of the initial weights, in words."""
    edits: Mapping[Quantity, int] = field(default_factory=dict)
    """The steps at which parameters were edited last."""
    explanations: ShownExplanations = field(default_factory=ShownExplanations)
    """Explanations that were made before."""

    @property
    def remark(self) -> str:
        """The source's figure for the number, and whether it agrees."""
        try:
            return self.remark_of(self.quantity)
        except (ValueError, IndexError):
            return ""

    @property
    def title(self) -> str:
        """The name of the number; for an output of a class, the class."""
        quantity = self.quantity
        if quantity.kind is Kind.A and quantity.layer == self.snapshot.layers - 1:
            return DataNames.of(self.trainer, self.notation).output(quantity.to)
        return self.label(quantity)

    @cached_property
    def labels(self) -> Labels:
        """The names of quantities."""
        return self.trainer.network.names.labels(self.notation)

    def label(self, symbol: Symbol) -> str:
        """The name of a symbol; the example that is shown is not named, except of a loss, and those of a sum are."""
        if self.quantity.kind in OF_A_GRADIENT and self.quantity.example is None and len(self.snapshot.forward.X) > 1:
            return self.labels.text(symbol)
        match symbol:
            case Quantity(example=int(), kind=kind) if kind not in NAMES_AN_EXAMPLE:
                symbol = replace(symbol, example=None)
            case Partial(of=of, by=by) if of.example is not None or by.example is not None:
                symbol = Partial(replace(of, example=None), replace(by, example=None))
        return self.labels.text(symbol)

    def name(self, term: Term) -> str:
        """The name of a term."""
        return self.label(term.symbol)

    def symbols(self, equation: Equation) -> str:
        """The right side of an equation in symbols."""
        return _joined(equation_pieces(equation.expression, self.name))

    def numbers(self, equation: Equation, show: Show | None = None) -> str:
        """The right side of an equation with its numbers, in the usual decimals or in another form."""
        return _joined(equation_pieces(equation.expression, show or (lambda term: value_text(term, self.decimals))))

    def plain(self, value: float) -> str:
        """A number as text."""
        return plain(value, self.decimals)

    def remark_of(self, quantity: Quantity) -> str:
        """The source's figure for a number, and whether it agrees."""
        figure = self.figure_of(quantity)
        return self.printed.remark(figure, self.value(quantity)) if figure else ""

    @property
    def note(self) -> list[str]:
        """The reason why a printed or the user's own number differs; empty if it agrees or the reason is unknown."""
        try:
            figure = self.figure_of(self.quantity)
            value = self.value(self.quantity)
            return [] if figure is None or figure.agrees(value) else figure.reason(value).splitlines()
        except (ValueError, IndexError):
            return []

    def figure_of(self, quantity: Quantity) -> PrintedFigure | None:
        """The source's figure for a number; None if it has none, or if the number is not computed yet."""
        figure = self.printed.at(
            self.of_example(quantity) if quantity.kind in OF_ONE else quantity, self._step_of(quantity)
        )
        return None if self.is_unknown(quantity) else figure

    def _step_of(self, quantity: Quantity) -> int:
        """The step of a number: after an update, everything but the parameters belongs to the previous step."""
        snapshot = self.snapshot
        if quantity.kind in MOVED:
            return snapshot.step
        return snapshot.backward.state.step if snapshot.updated else snapshot.step - is_stale(snapshot, quantity)

    def is_unknown(self, quantity: Quantity) -> bool:
        """Whether the number is computed neither in this step nor in the previous one."""
        if quantity.kind in LEAVES or quantity.kind in OF_A_NEURON or quantity.kind in OF_THE_BATCH:
            return False
        return self.snapshot.backward_freshness(max(quantity.layer, 0)) is Freshness.ABSENT

    def of_example(self, quantity: Quantity) -> Quantity:
        """The number of the example that is shown; None in a batch of one."""
        rows = len(self.snapshot.forward.X)
        if quantity.example is not None or rows == 1:
            return quantity
        return replace(quantity, example=min(self.example, rows - 1))

    def explained(self, quantity: Quantity) -> Explanation:
        """The explanation of a number.

        Raises:
            ValueError: it is not computed yet.
        """
        if self.is_unknown(quantity):
            raise ValueError(f"{self.label(quantity)} is computed in the backward pass: f steps there")
        return self.explanations.of(self.trainer, self.snapshot, quantity)

    def value(self, quantity: Quantity) -> float:
        """The value of a number."""
        return self.explained(resolve(self.snapshot, quantity)).value

    def answers(self, quantity: Quantity) -> Iterator[float]:
        """The value of a number if it is computed, and the source's figures for later steps."""
        quantity = self.of_example(quantity) if quantity.kind in OF_ONE else quantity
        try:
            yield self.value(quantity)
        except (ValueError, IndexError):
            pass
        here = self._step_of(quantity)
        yield from (each.value for step, each in self.printed.by_step(quantity).items() if step > here)

    def number_text(self, decimals: int) -> str:
        """The number with at least this many decimals; · if it is not computed yet."""
        quantity = self.of_example(self.quantity) if self.quantity.kind in OF_ONE else self.quantity
        try:
            return plain(self.value(quantity), decimals)
        except (ValueError, IndexError):
            return "·"

    @property
    def has_loss(self) -> bool:
        """Whether the loss of the pass that is shown is computed."""
        known = {Freshness.NEW, Freshness.CURRENT} | ({Freshness.STALE} if self.snapshot.updated else set())
        return self.snapshot.loss_freshness in known

    def bold(self, value: float) -> Span:
        """A result."""
        return Span(self.plain(value), ("value", "new"))


def _joined(pieces: Iterable[Piece]) -> str:
    return "".join([piece.text for piece in pieces])
