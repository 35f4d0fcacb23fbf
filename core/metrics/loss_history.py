"""The history of a loss: every point while there are few, minima and maxima of stretches when there are many."""

from collections.abc import Iterable

from .series import Point, Series


class LossHistory:
    """Losses by step within a fixed budget, thinned so that no peak is lost."""

    def __init__(self, budget: int = 20_000) -> None:
        """Begin empty.

        Args:
            budget: the most points that are kept.
        """
        self._budget = budget
        self.points = Series()
        """By rising step."""

    def append(self, step: int, loss: float) -> None:
        """Add the loss of a later step."""
        self.points.append(step, loss)
        self._thin()

    def extend(self, points: Iterable[Point]) -> None:
        """Add losses of later steps."""
        self.points.extend(points)
        self._thin()

    def fill(self, points: Iterable[Point]) -> None:
        """Add numbers of steps, or give them in place of those that are known."""
        if merged := dict(self.points) | dict(points):
            self.points = Series(sorted(merged.items()))
        self._thin()

    def rewind(self, step: int) -> None:
        """Forget this step and later ones."""
        self.points.rewind(step)

    def _thin(self) -> None:
        while len(self.points) > self._budget:
            self.points = self.points.downsample(len(self.points) // 2)
