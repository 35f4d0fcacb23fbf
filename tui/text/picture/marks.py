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
    """An example that the network takes for the other class."""
    letters: str
    """The same where there are several outputs: the greatest target, as the letters count."""


TRAIN = Glyphs("○●", "1234567890", "×", "abcdefghij")
HELD_OUT = Glyphs("◇◆", "₁₂₃₄₅₆₇₈₉₀", "*", "ABCDEFGHIJ")


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
        y, glyphs = self.data.y[:POINTS], self.glyphs
        if y.shape[1] > 1:
            told = zip(y.argmax(axis=1).tolist(), self.wrong, strict=True)
            return ((glyphs.letters if is_wrong else glyphs.digits)[winner % 10] for winner, is_wrong in told)
        middle = (self.trainer.train.y.min() + self.trainer.train.y.max()) / 2
        each = zip((y[:, 0] > middle).tolist(), self.wrong, strict=True)
        return (glyphs.wrong if is_wrong else glyphs.ends[int(is_greater)] for is_greater, is_wrong in each)

    def texts(self) -> tuple[str, ...]:
        """What the marks mean, from the most words to the fewest."""
        heads = ("held out ", "test ") if self.data is self.trainer.test else ("",)
        tally, meanings = self._tally(), (*self._named(), self._meaning())
        told = [f"{head}{text}  {tally}".rstrip() for text in meanings for head in heads]
        short = f"{self._wrong()} {self.wrong.count(True)} of {count(len(self.wrong))}" if self.is_judged else ""
        return (*told, f"{heads[-1]}{tally}".rstrip(), short)

    def _wrong(self) -> str:
        """The marks of wrong ones."""
        return self._span(self.glyphs.letters) if self.data.y.shape[1] > 1 else self.glyphs.wrong

    def _span(self, glyphs: str) -> str:
        """From the glyph of the first class to that of the last."""
        return f"{glyphs[0]}–{glyphs[min(self.data.y.shape[1], len(glyphs)) - 1]}"

    def _tally(self) -> str:
        shown, total = len(self.wrong), len(self.data.X)
        if self.is_judged:
            return f"{self._wrong()} {self.wrong.count(True)} of {first_of(shown, total)} wrong"
        return first_of(shown, total) if shown < total else ""

    def _named(self) -> tuple[str, ...]:
        """The classes by name, where they have one."""
        if self.data.y.shape[1] == 1 or not self.data.class_names:
            return ()
        return (" ".join(f"{self.glyphs.digits[n % 10]} {name}" for n, name in enumerate(names_of(self.data))),)

    def _meaning(self) -> str:
        if self.data.y.shape[1] > 1:
            return self._span(self.glyphs.digits)
        least, greatest = ("0", "1") if are_classes(self.trainer.train) else ("low", "high")
        return f"{self.glyphs.ends[0]} {least} {self.glyphs.ends[1]} {greatest}"


def marks(trainer: Trainer, state: State, *, is_decision: bool) -> list[Marks]:
    """The marks of the examples to train on, and of those held out where there are some."""
    is_judged = is_decision and are_classes(trainer.train)
    sets = ((trainer.train, TRAIN), (trainer.test, HELD_OUT))
    return [Marks(trainer, state, data, glyphs, is_judged) for data, glyphs in sets if data]
