"""Breakpoints: the conditions at which a run pauses."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Protocol, TypeAlias

import numpy as np

from ..training.dead_units import dead_in_training, dead_units, dead_units_text
from ..training.events import BackwardPass
from ..training.trainer import Trainer
from ..typed_number import number, quoted

FORMS = ("step 100", "loss < 0.1", "loss rises", "|gradient| > 5", "not finite", "dead relu")
"""One example of each kind."""


Facts: TypeAlias = frozenset[tuple[int, ...]]
"""What makes a breakpoint true: neurons, a step, or just that it is."""
FALSE: Facts = frozenset()
TRUE: Facts = frozenset({()})


class Breakpoint(Protocol):
    """A condition at which a training pauses."""

    @property
    def text(self) -> str:
        """How it is written."""

    def facts(self, backward: BackwardPass, before: BackwardPass | None, trainer: Trainer | None = None) -> Facts:
        """What makes it true at a step, given the step before it where there is one; nothing where it is false."""


@dataclass(frozen=True)
class AtStep:
    """A number of updates is done."""

    step: int

    @property
    def text(self) -> str:
        """As "step 100"."""
        return f"step {self.step}"

    def facts(self, backward: BackwardPass, before: BackwardPass | None, trainer: Trainer | None = None) -> Facts:
        """Whether so many updates are done."""
        return TRUE if backward.step == self.step else FALSE


@dataclass(frozen=True)
class LossBelow:
    """The loss of a batch falls below a number."""

    bound: float

    @property
    def text(self) -> str:
        """As "loss < 0.1"."""
        return f"loss < {_written(self.bound)}"

    def facts(self, backward: BackwardPass, before: BackwardPass | None, trainer: Trainer | None = None) -> Facts:
        """Whether the loss is below."""
        return TRUE if backward.forward.loss < self.bound else FALSE


@dataclass(frozen=True)
class LossRises:
    """The loss is greater than it was a step before; of batches, each has its own."""

    @property
    def text(self) -> str:
        """As "loss rises"."""
        return "loss rises"

    def facts(self, backward: BackwardPass, before: BackwardPass | None, trainer: Trainer | None = None) -> Facts:
        """The step, where it rose: each rise is a new one."""
        return frozenset({(backward.step,)}) if before and backward.forward.loss > before.forward.loss else FALSE


@dataclass(frozen=True)
class GradientAbove:
    """The gradient of a parameter grows larger than a number, whatever its sign."""

    bound: float

    @property
    def text(self) -> str:
        """As "|gradient| > 5"."""
        return f"|gradient| > {_written(self.bound)}"

    def facts(self, backward: BackwardPass, before: BackwardPass | None, trainer: Trainer | None = None) -> Facts:
        """Whether any gradient is larger."""
        return TRUE if (np.abs(backward.gradient) > self.bound).any() else FALSE


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

    def facts(self, backward: BackwardPass, before: BackwardPass | None, trainer: Trainer | None = None) -> Facts:
        """Whether any gradient is."""
        return FALSE if np.isfinite(backward.gradient).all() else TRUE


@dataclass(frozen=True)
class DeadRelu:
    """A relu neuron is dead: its z is 0 or less for every example to train on; without a trainer, of the batch."""

    @property
    def text(self) -> str:
        """As "dead relu"."""
        return "dead relu"

    def facts(self, backward: BackwardPass, before: BackwardPass | None, trainer: Trainer | None = None) -> Facts:
        """The layer and the number of each dead neuron, from 0."""
        dead = dead_units(backward.network, backward.forward)
        if dead and trainer:
            dead = dead_in_training(trainer, backward.forward)
        return frozenset((layer, unit) for layer, units in dead.items() for unit in units)


def has_passed(breakpoint: Breakpoint, step: int) -> bool:
    """Whether a run from a step never comes to a breakpoint; stepping back leads before it again."""
    return isinstance(breakpoint, AtStep) and breakpoint.step < step


@dataclass(frozen=True)
class Placed:
    """A breakpoint in a person's list."""

    breakpoint: Breakpoint
    enabled: bool = True
    """Whether training pauses at it."""


class Watch:
    """Breakpoints, and what made each of them true already: a training pauses only at what is new."""

    def __init__(self, breakpoints: Iterable[Breakpoint] = ()) -> None:
        """Begin with these; one that is true already is new."""
        self._known: dict[Breakpoint, Facts] = dict.fromkeys(breakpoints, FALSE)

    def __bool__(self) -> bool:
        return bool(self._known)

    def place(self, breakpoints: Iterable[Breakpoint]) -> None:
        """Watch these from now on."""
        self._known = {each: self._known.get(each, FALSE) for each in breakpoints}

    def hits(self, backward: BackwardPass, before: BackwardPass | None, trainer: Trainer | None = None) -> str:
        """The breakpoints at which to pause at a step, and of dead neurons which; empty where there are none."""
        reports = []
        for each, known in self._known.items():
            facts = each.facts(backward, before, trainer)
            if new := facts - known:
                reports.append(_report(each, new, backward))
            self._known[each] = facts
        return ", ".join(reports)

    def forget(self, backward: BackwardPass, before: BackwardPass | None, trainer: Trainer | None = None) -> None:
        """Let what is no longer true count as new when it comes true again, wherever a person has gone."""
        self._known = {
            each: known and known & each.facts(backward, before, trainer) for each, known in self._known.items()
        }


def _report(breakpoint: Breakpoint, new: Facts, backward: BackwardPass) -> str:
    if not isinstance(breakpoint, DeadRelu):
        return breakpoint.text
    dead: dict[int, tuple[int, ...]] = {}
    for layer, unit in sorted(new):
        dead[layer] = (*dead.get(layer, ()), unit)
    return f"{breakpoint.text}: {dead_units_text(backward.network, dead)}"


def breakpoint_of(text: str) -> Breakpoint:
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
