"""The marks of examples on the plane of the inputs: the target of each, or a misclassification."""

from collections.abc import Iterator
from functools import cached_property
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from msgspec import Struct

from ....core.data.classes import Classes
from ....core.data.dataset import Dataset
from ....core.functions.arrays import Array
from ....core.notation.notation import Notation
from ....core.steps.state import State
from ....core.training.trainer import Trainer
from ..data_names import DataNames, class_labels
from ..numbers import count, first_of, plain, short
from .neuron_choice import Neuron

POINTS = 1_000
"""The most examples of a set that are marked."""
DECIMALS = 3
"""The decimals of a prediction."""


class Glyphs(NamedTuple):
    """The glyphs of one set."""

    ends: str
    """The glyphs of the lower and the higher class; for numbers, of the lower and the upper half of the targets."""
    digits: str
    """Glyphs of the classes if there are several outputs."""
    wrong: str
    """The glyph of a misclassified example."""
    letters: str
    """Glyphs of misclassified examples if there are several outputs."""


SWATCH = "■"
"""A square in the colour of a class, before its name."""
TRAIN = Glyphs("○●", "1234567890", "×", "abcdefghij")
HELD_OUT = Glyphs("◇◆", "₁₂₃₄₅₆₇₈₉₀", "*", "ABCDEFGHIJ")


class Marks(Struct, frozen=True, eq=False, dict=True):
    """The marks of one set of examples, by the network's predictions at a state."""

    trainer: Trainer
    state: State
    data: Dataset
    glyphs: Glyphs
    neuron: Neuron | None
    """The neuron in the picture; None for the prediction."""
    notation: Notation = Notation.SUPERSCRIPT
    has_swatches: bool = False
    """Whether several classes differ by colours, not by their marks."""

    @cached_property
    def wrong(self) -> list[bool]:
        """Whether each marked example is misclassified."""
        if not self._judge:
            return [False] * len(self._y)
        wrong: list[bool] = (self._judge.of(self._predicted) != self._judge.of(self._y)).tolist()
        return wrong

    @property
    def each(self) -> Iterator[str]:
        """The mark of each example."""
        glyphs, classes = self.glyphs, self.trainer.classes
        is_several = classes is not None and self._y.shape[1] > 1
        if is_several and self.has_swatches:
            return (glyphs.wrong if is_wrong else glyphs.ends[1] for is_wrong in self.wrong)
        numbers = classes.of(self._y) if classes else self.is_high.astype(int)
        right, wrong = (glyphs.digits, glyphs.letters) if is_several else (glyphs.ends, glyphs.wrong * 2)
        told = zip(numbers.tolist(), self.wrong, strict=True)
        return ((wrong if is_wrong else right)[number % len(right)] for number, is_wrong in told)

    @property
    def actual(self) -> list[int]:
        """The actual class of each marked example; 0 if the targets are numbers."""
        classes = self.trainer.classes
        numbers: list[int] = (classes.of(self._y) if classes else np.zeros(len(self._y), int)).tolist()
        return numbers

    @property
    def is_high(self) -> npt.NDArray[np.bool_]:
        """Whether the target of each marked example is the higher class, or in the upper half of the targets."""
        classes = self.trainer.classes
        high: npt.NDArray[np.bool_] = classes.of(self._y) > 0 if classes else self._targets > self._middle
        return high

    def texts(self) -> tuple[str, ...]:
        """The meaning of the marks, the longest text first."""
        head = "held out " if self.data is self.trainer.test else ""
        meanings = self._classes() if self.trainer.classes else self._numbers()
        tally, few = self._tally(), self.few
        pairs = [*((text, tally) for text in meanings), (meanings[-1], few), ("", tally), ("", few)]
        return (*(f"{head}{text}{'  ' * bool(text)}{numbers}".rstrip() for text, numbers in pairs), few)

    @property
    def _judge(self) -> Classes | None:
        """The classes, and the mark of a misclassified example."""
        return None if self.neuron else self.trainer.classes

    @property
    def _y(self) -> Array:
        y: Array = self.data.y[:POINTS]
        return y

    @cached_property
    def _predicted(self) -> Array:
        """The prediction of each marked example, (examples, n_out)."""
        return self.trainer.forward_on(self.state, self.data.X[:POINTS], self._y).y_hat

    @property
    def _output(self) -> int:
        """The output whose targets are marked if they are numbers."""
        return self.neuron.number if self.neuron and self._is_output else 0

    @property
    def _is_output(self) -> bool:
        """Whether the picture shows a prediction, not a hidden neuron."""
        return self.neuron is None or self.neuron.layer == len(self.trainer.network.layers) - 1

    @property
    def _targets(self) -> Array:
        """The targets of the output, for each marked example."""
        targets: Array = self._y[:, self._output]
        return targets

    @cached_property
    def _ends(self) -> tuple[float, float]:
        """The least and the greatest target of the output over all examples."""
        y = np.concatenate([data.y[:, self._output] for data in (self.trainer.train, self.trainer.test) if data])
        return float(y.min()), float(y.max())

    @property
    def _middle(self) -> float:
        """The target above which a mark is high; if all targets are equal, all are high."""
        least, greatest = self._ends
        return (least + greatest) / 2 if least < greatest else -np.inf

    def _wrong(self) -> str:
        """The marks of misclassified examples."""
        has_letters = self.data.y.shape[1] > 1 and not self.has_swatches
        return self._span(self.glyphs.letters) if has_letters else self.glyphs.wrong

    def _span(self, glyphs: str) -> str:
        """The glyphs from the first class to the last."""
        return f"{glyphs[0]}–{glyphs[min(self.data.y.shape[1], len(glyphs)) - 1]}"

    def _tally(self) -> str:
        shown, total = len(self.wrong), len(self.data.X)
        if self._judge:
            return f"{self._wrong()} {self.wrong.count(True)} of {first_of(shown, total)} misclassified"
        return first_of(shown, total) if shown < total else ""

    @property
    def few(self) -> str:
        """The number of misclassified examples, in a few words."""
        return f"{self._wrong()} {self.wrong.count(True)} of {count(len(self.wrong))}" if self._judge else ""

    def _classes(self) -> tuple[str, ...]:
        """The classes by name, if they have names, and by number."""
        names = class_labels(self.data, self.trainer.classes)
        if self.data.y.shape[1] == 1:
            return (" ".join(f"{glyph} {name}" for glyph, name in zip(self.glyphs.ends, names, strict=False)),)
        if self.has_swatches:
            every = " ".join(f"{SWATCH} {name}" for name in names)
            return (every, "") if self.data is self.trainer.train else ("",)
        named = " ".join(f"{self.glyphs.digits[n % 10]} {name}" for n, name in enumerate(names))
        return (*((named,) if self.data.class_names else ()), self._span(self.glyphs.digits))

    def _numbers(self) -> tuple[str, ...]:
        """The predicted and the actual values; for several examples, the least and the greatest."""
        predicted = self._predicted[:, self._output]
        names = DataNames.of(self.trainer, self.notation)
        name = f"{names.output(self._output)} " if self.data.y.shape[1] > 1 else ""
        few = ""
        if len(self._y) == 1:
            mark, actual = self.glyphs.ends[1], f"actual {short(float(self._targets[0]))}"
            said = f"predicted {plain(float(predicted[0]), DECIMALS)}"
        else:
            (least, greatest), low, high = self._ends, *self.glyphs.ends
            ends = [_rough(value) for value in (least, self._middle, greatest)]
            mark, actual = low, f"actual {ends[0]} to {ends[1]} {high} to {ends[2]}"
            few = f"{low} actual ≤ {ends[1]} {high} above"
            if least == greatest:
                mark, actual, few = high, f"actual {ends[0]}", ""
            said = f"predicted {_rough(float(predicted.min()))} to {_rough(float(predicted.max()))}"
        alone = f"{mark} {name}{actual}"
        return (*((f"{alone}, {said}",) if self._is_output else ()), alone, few or alone)


def marks(
    trainer: Trainer, state: State, neuron: Neuron | None, notation: Notation, *, has_swatches: bool = False
) -> list[Marks]:
    """The marks of the training examples, and of the held-out examples if there are any."""
    sets = ((trainer.train, TRAIN), (trainer.test, HELD_OUT))
    return [Marks(trainer, state, data, glyphs, neuron, notation, has_swatches) for data, glyphs in sets if data]


def _rough(value: float) -> str:
    """A number in two digits."""
    return short(float(f"{value:.2g}"))
