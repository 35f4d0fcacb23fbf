"""Data: examples with their targets."""

from dataclasses import dataclass

from ..model.arrays import Array


@dataclass(frozen=True, eq=False, slots=True, kw_only=True)
class Dataset:
    """Inputs and targets, one example a row."""

    X: Array
    """(examples, n_in)."""
    y: Array
    """(examples, n_out)."""
    class_names: tuple[str, ...] = ()
    """What each output stands for, where the targets are one-hot."""

    scale: tuple[Array, Array] | None = None
    """The mean and the deviation of each input before it was standardized; None where it was not."""

    def original(self, X: Array) -> Array:
        """Inputs as they were before standardization."""
        if self.scale is None:
            return X
        mean, deviation = self.scale
        return X * deviation + mean

    def __len__(self) -> int:
        return len(self.X)
