"""Names of the data: the name of each input, output and class, or its symbol if the data has no name for it."""

import re

from msgspec import Struct

from ...core.data.classes import Classes
from ...core.data.dataset import Dataset
from ...core.notation.labels import Labels
from ...core.notation.notation import Notation
from ...core.quantities.quantity import Kind, Quantity
from ...core.training.trainer import Trainer
from .numbers import short
from .safe import safe


class DataNames(Struct, frozen=True, eq=False):
    """The names of a training's inputs, outputs and classes, counted from 0; they are safe to show."""

    data: Dataset
    labels: Labels
    classes: Classes | None
    """None if the outputs are numbers."""

    @classmethod
    def of(cls, trainer: Trainer, notation: Notation = Notation.SUPERSCRIPT) -> "DataNames":
        """The names of a training, with the symbols of a notation."""
        return cls(trainer.train, trainer.network.names.labels(notation), trainer.classes)

    @property
    def has_input_names(self) -> bool:
        """Whether any input has a name."""
        return any(self.data.input_names)

    @property
    def has_class_names(self) -> bool:
        """Whether any class has a name that is not a number."""
        return bool(self.classes and self.data.class_names)

    def input_name(self, n: int) -> str | None:
        """The name of an input in the data."""
        return _name(self.data.input_names, n)

    def output_name(self, n: int) -> str | None:
        """The name of an output in the data: its class, or its target."""
        if self.data.y.shape[1] > 1 and self.data.class_names:
            return _name(self.data.class_names, n)
        return _name(self.data.target_names, n)

    def input(self, n: int) -> str:
        """An input's name, or x₁."""
        return self.input_name(n) or self.labels.text(Quantity(Kind.X, to=n))

    def output(self, n: int) -> str:
        """An output's name, or ŷ₁."""
        return self.output_name(n) or self.labels.text(Quantity(Kind.A, len(self.labels.sizes) - 2, n))


def data_title(origin: str) -> str:
    """The file that the data was read from and its number of rows; without the remarks."""
    found = re.match(r".*?: [\d\u202f]+ rows?\b", origin)
    return found[0] if found else origin


def data_remarks(origin: str, width: int) -> str:
    """Differences from the file, such as dropped rows; a hint at f1 if they do not fit."""
    _, *remarks = origin.split("; ")
    whole = f"data — {'; '.join(remarks)}"
    return "" if not remarks else whole if len(whole) <= width else "f1 shows how the data was read"


def in_data(data: Dataset, output: int, *values: float) -> list[str]:
    """Predictions or targets of an output, from 0, in the units of the data; nothing if they are not standardized."""
    scale = data.target_scale
    if scale is None:
        return []
    deviation, mean = float(scale.deviation[output]), float(scale.mean[output])
    return [short(each * deviation + mean) for each in values]


def class_labels(data: Dataset, classes: Classes | None = None) -> list[str]:
    """The name of each class; without a name, its number from 1, or for a single output its target."""
    n_out = data.y.shape[1]
    if n_out == 1:
        low_and_high = classes or Classes(0.0, 1.0)
        symbols, names = [short(low_and_high.low), short(low_and_high.high)], data.class_names
    else:
        symbols, names = [str(n + 1) for n in range(n_out)], data.class_names or data.target_names
    return [_name(names, n) or symbol for n, symbol in enumerate(symbols)]


def _name(names: tuple[str, ...], n: int) -> str | None:
    """The name that the user typed, out of some names; None if there is none."""
    return safe(names[n]).replace("_", " ").strip() or None if n < len(names) else None
