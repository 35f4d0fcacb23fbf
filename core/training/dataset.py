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

    def __len__(self) -> int:
        return len(self.X)
