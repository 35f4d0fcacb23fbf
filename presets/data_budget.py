"""The data budget: the memory for examples while they are read and trained on, and the limits that follow from it."""

from typing import NamedTuple

USUAL_MIB = 64
MOST_MIB = 65_536
LARGER = 8
"""The factor by which an error message raises the budget."""


class DataBudget(NamedTuple):
    """Memory for examples; the counts that fit were measured."""

    mib: int = USUAL_MIB

    @property
    def file_bytes(self) -> int:
        """Bytes of a file, unpacked."""
        return self._share(10_000_000)

    @property
    def cells(self) -> int:
        """Values of a CSV file, which are texts first; an empty row counts as one."""
        return self._share(700_000)

    @property
    def numbers(self) -> int:
        """Numbers of a training: each weight counts twice, and each example as its inputs and all neurons."""
        return self._share(1_500_000)

    @property
    def advice(self) -> str:
        """Advice for examples that need more."""
        larger = min(self.mib * LARGER, MOST_MIB)
        if larger == self.mib:
            return ""
        return f"; a larger data_budget in the configuration allows more, such as NN_TUI_DATA_BUDGET={larger}"

    def _share(self, usual: int) -> int:
        return usual * self.mib // USUAL_MIB


USUAL_BUDGET = DataBudget()
