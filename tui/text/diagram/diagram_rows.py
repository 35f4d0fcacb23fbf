"""The rows of a layer's neurons in a picture of a network."""

from typing import NamedTuple


class Rows(NamedTuple):
    """Neurons one under another, each with as many rows as connections that are written at it."""

    neurons: int
    each: int = 1
    gap: int = 0
    """Empty rows between two neurons."""
    top: int = 0

    @property
    def height(self) -> int:
        """From the first row to the last."""
        return self.neurons * (self.each + self.gap) - self.gap

    def of(self, k: int) -> int:
        """The row of a neuron itself."""
        return self.top + k * (self.each + self.gap) + (self.each - 1) // 2

    def entry(self, k: int, n: int) -> int:
        """The row of a neuron's connection number n."""
        return self.top + k * (self.each + self.gap) + n

    def at(self, y: int) -> tuple[int, int] | None:
        """The neuron on a row, and the row within it; None on a row of none."""
        k, n = divmod(y - self.top, self.each + self.gap)
        return (k, n) if 0 <= k < self.neurons and n < self.each else None

    def neuron(self, y: int) -> int | None:
        """The neuron that stands itself on a row."""
        found = self.at(y)
        return found[0] if found and found[1] == (self.each - 1) // 2 else None

    def within(self, height: int, top: int) -> "Rows":
        """The same in the middle of a height, from row `top` on; from its first row, where that is too low."""
        return self._replace(top=top + max(0, height - top - self.height) // 2)
