"""A batch, with each of its numbers as text for a table or a card."""

from functools import cached_property

from msgspec import Struct

from ....core.data.classes import Classes
from ....core.debugger.snapshot import Freshness, Snapshot
from ....core.debugger.stage import Phase
from ....core.quantities.quantity import Kind, Quantity
from ....core.steps.events import ForwardPass
from ....core.training.trainer import Trainer
from ..data_names import class_labels
from ..numbers import plain, short
from ..spans import Span, blank

RIGHT, WRONG = Span("✓", ("agrees",)), Span("✗", ("wrong",))
LARGE = 100
"""From this size on, outputs have fewer decimals, to make room for digits before the point."""


class Batch(Struct, frozen=True, eq=False, dict=True):
    """The latest batch with known predictions."""

    trainer: Trainer
    snapshot: Snapshot
    decimals: int = 3
    """The decimals of a prediction and of a loss."""

    @cached_property
    def forward(self) -> ForwardPass | None:
        """Its forward pass."""
        return self.snapshot.forward_of(self.snapshot.layers - 1)

    @cached_property
    def is_present(self) -> bool:
        """Whether it belongs to this step, not to the previous one."""
        return self.forward is self.snapshot.forward

    @cached_property
    def freshness(self) -> Freshness:
        """The freshness of its predictions."""
        return self.snapshot.forward_freshness(self.snapshot.layers - 1)

    @property
    def classes(self) -> Classes | None:
        """The classes of the outputs; None if they are numbers."""
        return self.trainer.classes

    @cached_property
    def names(self) -> list[str]:
        """The names of the classes."""
        return class_labels(self.trainer.train, self.classes)

    @cached_property
    def predicted(self) -> list[int]:
        """The predicted class of each example; empty if the outputs are numbers."""
        return self.classes.of(self.forward.y_hat).tolist() if self.forward and self.classes else []

    @cached_property
    def targets(self) -> list[int]:
        """The actual class of each example; empty if the outputs are numbers."""
        return self.classes.of(self.forward.y).tolist() if self.forward and self.classes else []

    @cached_property
    def rows(self) -> list[int]:
        """The row of each example in the data; empty if the rows are 1, 2, 3 and so on."""
        rows: list[int] = self.trainer.rows(self.forward.state).tolist() if self.forward else []
        return [] if rows == list(range(1, len(rows) + 1)) else rows

    def __len__(self) -> int:
        return len(self.forward.X) if self.forward else 0

    def input(self, row: int, column: int, width: int) -> Span:
        """An input."""
        assert self.forward
        value = float(self.forward.X[row, column])
        return self._given(_shortened(value, width), self._quantity(Kind.X, row, to=column), "input")

    def prediction(self, row: int, output: int, text: str) -> Span:
        """An output with this text."""
        assert self.forward
        return Span(
            text, ("value", self.freshness.value), self._quantity(Kind.A, row, self.snapshot.layers - 1, output)
        )

    def target(self, row: int, output: int, text: str) -> Span:
        """A target with this text."""
        return self._given(text, self._quantity(Kind.Y, row, to=output), "value")

    def loss(self, row: int, width: int) -> Span:
        """The loss of an example, if it is known."""
        is_known = (
            self.snapshot.loss_freshness in (Freshness.NEW, Freshness.CURRENT) or self.snapshot.phase is Phase.UPDATE
        )
        if not self.forward or not self.is_present or not is_known:
            return blank(width)
        text = plain(float(self.forward.losses[row]), self.decimals).rjust(width)
        return Span(text, ("value", self.snapshot.loss_freshness.value), self._quantity(Kind.LOSS, row))

    def verdict(self, row: int) -> Span:
        """Whether the predicted class is the actual one."""
        return RIGHT if self.predicted[row] == self.targets[row] else WRONG

    def _given(self, text: str, quantity: Quantity, style: str) -> Span:
        """A number of the data; the cursor finds it only if it belongs to this step."""
        return Span(text, (style,), quantity if self.is_present else None)

    def _quantity(self, kind: Kind, row: int, layer: int = 0, to: int = 0) -> Quantity:
        return self.trainer.network.names.of(kind, layer, to, example=row)


def _shortened(value: float, width: int) -> str:
    """A number with three digits, or fewer if a gap needs the room."""
    texts = [short(float(f"{value:.{digits}g}")) for digits in (3, 2, 1)]
    return next((text for text in texts if len(text) < width), texts[-1]).rjust(width)
