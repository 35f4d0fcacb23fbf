"""What is known of a training besides its losses: of some of the steps, not of all."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from .series import Point


@dataclass(frozen=True, eq=False, slots=True)
class Metrics:
    """Numbers of some of the steps, each a series; two are equal only where they are the same object."""

    gradients: Sequence[Sequence[Point]] = ()
    """The length of each layer's ∂L/∂W."""
    ratios: Sequence[Sequence[Point]] = ()
    """The length of each layer's change of W, by that of W."""
    batch_accuracy: Sequence[Point] = ()
    """Of the batch."""
    test_accuracy: Sequence[Point] = ()
    """Of the held-out examples."""

    def each(self, make: Callable[[Sequence[Point]], Sequence[Point]]) -> "Metrics":
        """The same with something made of each series."""
        return Metrics(
            [make(points) for points in self.gradients],
            [make(points) for points in self.ratios],
            make(self.batch_accuracy),
            make(self.test_accuracy),
        )
