"""The history of a loss: every point while there are few, minima and maxima of stretches when there are many."""

from bisect import bisect_left

Point = tuple[int, float]
"""A step and its loss."""


class LossHistory:
    """Losses by step within a fixed budget, thinned so that no peak is lost."""

    def __init__(self, budget: int = 20_000) -> None:
        """Begin empty.

        Args:
            budget: the most points that are kept.
        """
        self._budget = budget
        self.points: list[Point] = []
        """By rising step."""

    def extend(self, points: list[Point]) -> None:
        """Append points of later steps."""
        self.points.extend(points)
        while len(self.points) > self._budget:
            self.points = thinned(self.points, len(self.points) // 2)

    def rewind(self, step: int) -> None:
        """Forget this step and later ones."""
        del self.points[bisect_left(self.points, step, key=lambda point: point[0]) :]


def thinned(points: list[Point], most: int) -> list[Point]:
    """At most this many of the points: the first, the last, and the least and greatest of each stretch between."""
    if len(points) <= max(most, 4):
        return points
    stretches = (most - 2) // 2
    size = -(-(len(points) - 2) // stretches)
    kept = [points[0]]
    for begin in range(1, len(points) - 1, size):
        stretch = points[begin : min(begin + size, len(points) - 1)]
        least, greatest = min(stretch, key=_loss), max(stretch, key=_loss)
        kept.extend(sorted({least, greatest}))
    return [*kept, points[-1]]


def _loss(point: Point) -> float:
    return point[1]
