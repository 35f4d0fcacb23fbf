"""The marks of examples on the inputs' plane: the target of each, or that the network tells it wrongly."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from ....core.training.dataset import Dataset
from ....core.training.state import State
from ....core.training.trainer import Trainer
from ..numbers import count, first_of
from .classes import are_classes, classes_of, names_of

POINTS = 1_000
"""The most examples of a set that are marked."""


class Glyphs(NamedTuple):
    """The glyphs of one set."""

    ends: str
    """The lesser target, the greater."""
    digits: str
    """Where there are several outputs, the number of the greatest target."""
    wrong: str
    """An example that the network takes for something else."""


TRAIN = Glyphs("○●", "1234567890", "×")
HELD_OUT = Glyphs("◇◆", "₁₂₃₄₅₆₇₈₉₀", "*")


@dataclass(frozen=True, eq=False)
class Marks:
    """The marks of one set, by what the network says at a state."""

    trainer: Trainer
    state: State
    data: Dataset
    glyphs: Glyphs
    is_judged: bool
    """Whether wrong ones are marked as such."""

    @cached_property
    def wrong(self) -> list[bool]:
        """Of each marked example, whether the network's own prediction of it is another class."""
        X, y = self.data.X[:POINTS], self.data.y[:POINTS]
        if not self.is_judged:
            return [False] * len(y)
        predicted = classes_of(self.trainer.forward_on(self.state, X, y).y_hat)
        return [one != other for one, other in zip(predicted, classes_of(y), strict=True)]

    @property
    def each(self) -> Iterator[str]:
        """The mark of each example."""
        marks = zip(self._targets(), self.wrong, strict=True)
        return (self.glyphs.wrong if is_wrong else target for target, is_wrong in marks)

    def texts(self) -> tuple[str, ...]:
        """What the marks mean, from the most words to the fewest."""
        head, tally = "held out " * (self.data is self.trainer.test), self._tally()
        short = f"{self.glyphs.wrong} {self.wrong.count(True)} of {count(len(self.wrong))}" if self.is_judged else ""
        told = [f"{head}{text}  {tally}".rstrip() for text in (*self._named(), self._meaning())]
        return (*told, f"{head}{tally}", short)

    def _targets(self) -> list[str]:
        y = self.data.y[:POINTS]
        if y.shape[1] > 1:
            return [self.glyphs.digits[winner % 10] for winner in y.argmax(axis=1).tolist()]
        middle = (self.trainer.train.y.min() + self.trainer.train.y.max()) / 2
        return [self.glyphs.ends[int(is_greater)] for is_greater in (y[:, 0] > middle).tolist()]

    def _tally(self) -> str:
        shown, total = len(self.wrong), len(self.data.X)
        if self.is_judged:
            return f"{self.glyphs.wrong} {self.wrong.count(True)} of {first_of(shown, total)} wrong"
        return first_of(shown, total) if shown < total else ""

    def _named(self) -> tuple[str, ...]:
        """The classes by name, where they have one."""
        if self.data.y.shape[1] == 1 or not self.data.class_names:
            return ()
        return (" ".join(f"{self.glyphs.digits[n % 10]} {name}" for n, name in enumerate(names_of(self.data))),)

    def _meaning(self) -> str:
        if self.data.y.shape[1] > 1:
            return f"{self.glyphs.digits[0]}…{self.glyphs.digits[(self.data.y.shape[1] - 1) % 10]}"
        least, greatest = ("0", "1") if are_classes(self.trainer.train) else ("low", "high")
        return f"{self.glyphs.ends[0]} {least} {self.glyphs.ends[1]} {greatest}"


def marks(trainer: Trainer, state: State, *, is_decision: bool) -> list[Marks]:
    """The marks of the examples to train on, and of those held out where there are some."""
    is_judged = is_decision and are_classes(trainer.train)
    sets = ((trainer.train, TRAIN), (trainer.test, HELD_OUT))
    return [Marks(trainer, state, data, glyphs, is_judged) for data, glyphs in sets if data]
