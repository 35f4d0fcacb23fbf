"""What the classes of a network are called."""

from ....core.training.classes import Classes
from ....core.training.dataset import Dataset
from ..numbers import short
from ..safe import safe


def names_of(data: Dataset, classes: Classes | None = None) -> list[str]:
    """What each class is called, harmless; without a name its number from 1, of a single output its target."""
    n_out, found = data.y.shape[1], classes or Classes(0.0, 1.0)
    numbers = [short(found.low), short(found.high)] if n_out == 1 else [str(number + 1) for number in range(n_out)]
    return [safe(name) for name in data.class_names] or numbers
