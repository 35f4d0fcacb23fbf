"""The form of a new preset, field by field."""

from pathlib import Path
from typing import Any, NamedTuple

from ..core.functions.losses import LOSSES
from ..core.typed_number import MOST, float_of
from .csv.encoding import STDIN
from .errors import PresetError

FILE = "file"
"""The choice of data that names a file."""


class PresetForm(NamedTuple):
    """What was typed into each field."""

    name: str
    layers: str
    """As 2-3-1."""
    activation: str
    """The activation of the hidden layers; the last layer has the usual one for the loss."""
    loss: str
    optimizer: str
    learning_rate: str
    data: str
    """A generated data set, or "file"."""
    samples: str
    noise: str
    file: str

    def tables(self) -> dict[str, Any]:
        """The tables of a preset file; a text that is no number stays a text, for the checks of files.

        Raises:
            PresetError: the name of the file is missing.
        """
        layers = [_number(each) for each in self.layers.strip().split("-")]
        last = LOSSES[self.loss].usual_output if self.loss in LOSSES else "identity"
        return {
            "name": self.name.strip(),
            "title": f"{self.name.strip()}: your own network",
            "network": {
                "layers": layers,
                "activations": [self.activation] * (len(layers) - 2) + [last],
                "init": {"scheme": "xavier"},
            },
            "training": {
                "loss": self.loss,
                "optimizer": self.optimizer,
                "learning_rate": _number(self.learning_rate),
            },
            "data": self._data(),
        }

    def _data(self) -> dict[str, Any]:
        if self.data != FILE:
            said = {"name": self.data, "samples": _number(self.samples), "noise": _number(self.noise)}
            return {"dataset": said}
        if not self.file.strip() or self.file.strip() == STDIN:
            raise PresetError("data.file", "expected the name of a CSV file, such as marks.csv")
        return {"file": str(Path(self.file.strip()).expanduser().absolute())}


def _number(text: str) -> int | float | str:
    """The number in a text, or the text itself."""
    plain = text.strip().replace("−", "-")
    if len(plain) > MOST:
        return plain
    try:
        return int(plain)
    except ValueError:
        value = float_of(plain)
        return plain if value is None else value
