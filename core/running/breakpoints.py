"""Breakpoints: what a running training rests at."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from ..training.dead_units import dead_units
from ..training.events import BackwardPass
from ..typed_number import number, quoted

FORMS = ("step 100", "loss < 0.1", "loss rises", "|gradient| > 5", "not finite", "dead relu")
"""One example of each kind."""


class Breakpoint(Protocol):
    """A condition; a training rests at the step where it comes true, and goes on from there while it stays so."""

    @property
    def text(self) -> str:
        """How it is written."""

    def hit(self, backward: BackwardPass, before: BackwardPass | None) -> bool:
        """Whether to rest at a step, given the step before it where there is one."""


@dataclass(frozen=True)
class AtStep:
    """A number of updates is done."""

    step: int

    @property
    def text(self) -> str:
        """As "step 100"."""
        return f"step {self.step}"

    def hit(self, backward: BackwardPass, before: BackwardPass | None) -> bool:
        """Whether so many updates are done."""
        return backward.forward.state.step == self.step


@dataclass(frozen=True)
class LossBelow:
    """The loss of a batch falls below a number."""

    bound: float

    @property
    def text(self) -> str:
        """As "loss < 0.1"."""
        return f"loss < {_written(self.bound)}"

    def hit(self, backward: BackwardPass, before: BackwardPass | None) -> bool:
        """Whether the loss is below now, and was not before."""
        return backward.forward.loss < self.bound and (before is None or before.forward.loss >= self.bound)


@dataclass(frozen=True)
class LossRises:
    """The loss is greater than it was a step before; of batches, each has its own."""

    @property
    def text(self) -> str:
        """As "loss rises"."""
        return "loss rises"

    def hit(self, backward: BackwardPass, before: BackwardPass | None) -> bool:
        """Whether it rose."""
        return before is not None and backward.forward.loss > before.forward.loss


@dataclass(frozen=True)
class GradientAbove:
    """The gradient of a parameter grows larger than a number, whatever its sign."""

    bound: float

    @property
    def text(self) -> str:
        """As "|gradient| > 5"."""
        return f"|gradient| > {_written(self.bound)}"

    def hit(self, backward: BackwardPass, before: BackwardPass | None) -> bool:
        """Whether any gradient is larger now, and none was before."""
        return self._holds(backward) and (before is None or not self._holds(before))

    def _holds(self, backward: BackwardPass) -> bool:
        return bool((np.abs(backward.gradient) > self.bound).any())


@dataclass(frozen=True)
class NotFinite:
    """A gradient is infinite or no number, so that the update to come would break the parameters.

    A loss that is not finite has no backward pass: training fails there, which brings it to rest by itself, and the
    reason names the step and the layer. So does an update that breaks a parameter while its gradient is finite.
    """

    @property
    def text(self) -> str:
        """As "not finite"."""
        return "not finite"

    def hit(self, backward: BackwardPass, before: BackwardPass | None) -> bool:
        """Whether any gradient is."""
        return not np.isfinite(backward.gradient).all()


@dataclass(frozen=True)
class DeadRelu:
    """A relu neuron lets nothing through: its z is 0 or less for every example of the batch."""

    @property
    def text(self) -> str:
        """As "dead relu"."""
        return "dead relu"

    def hit(self, backward: BackwardPass, before: BackwardPass | None) -> bool:
        """Whether a neuron is dead that was not so before."""
        was_dead = dead_units(before.network, before.forward) if before else {}
        dead = dead_units(backward.network, backward.forward)
        return any(set(units) - set(was_dead.get(layer, ())) for layer, units in dead.items())


@dataclass(frozen=True)
class Placed:
    """A breakpoint in a person's list."""

    breakpoint: Breakpoint
    enabled: bool = True
    """Whether training rests at it."""


def hits(breakpoints: Iterable[Breakpoint], backward: BackwardPass, before: BackwardPass | None) -> str:
    """Those that a training rests at here, as they are written; empty where it goes on."""
    return ", ".join(each.text for each in breakpoints if each.hit(backward, before))


def parse(text: str) -> Breakpoint:
    """The breakpoint that a person writes.

    Raises:
        ValueError: it is of no known form.
    """
    words = " ".join(text.lower().split())
    for form, kind in KINDS:
        if match := re.fullmatch(form, words):
            return kind(*match.groups())
    raise ValueError(f"expected {', '.join(FORMS[:-1])} or {FORMS[-1]}, got {quoted(text.strip())}")


def _at_step(said: str) -> AtStep:
    step = _number("step", said, "100")
    if step < 0 or step != int(step):
        raise ValueError(f"step: expected a whole number from 0 up, as in step 100, got {quoted(said)}")
    return AtStep(int(step))


def _loss_below(said: str) -> LossBelow:
    return LossBelow(_number("loss", said, "0.1"))


def _gradient_above(said: str) -> GradientAbove:
    bound = _number("|gradient|", said, "5")
    if bound < 0:
        raise ValueError(f"|gradient|: expected a number from 0 up, as in |gradient| > 5, got {quoted(said)}")
    return GradientAbove(bound)


def _number(what: str, said: str, example: str) -> float:
    try:
        return number(said, example)
    except ValueError as error:
        raise ValueError(f"{what}: {error}") from None


KINDS: tuple[tuple[str, Callable[..., Breakpoint]], ...] = (
    (r"step\b ?(.*)", _at_step),
    (r"loss ?< ?(.*)", _loss_below),
    (r"loss rises", LossRises),
    (r"\|gradient\| ?> ?(.*)", _gradient_above),
    (r"not finite", NotFinite),
    (r"dead relu", DeadRelu),
)
"""How each kind is written, and what makes it of the number in it."""


def _written(value: float) -> str:
    """The shortest text that is read as the same number."""
    return repr(value).removesuffix(".0")
