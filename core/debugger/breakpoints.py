"""Breakpoints: the conditions at which a run pauses."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple, Protocol, TypeAlias

import numpy as np
import numpy.typing as npt

from ..functions.arrays import Array
from ..steps.events import BackwardPass
from ..training.dead_units import dead_in_training, dead_units
from ..training.trainer import Trainer
from ..typed_number import number, quoted

FORMS = (
    "step 100",
    "loss < 0.1",
    "loss rises",
    "held-out loss < 0.1",
    "held-out loss rises",
    "|gradient| > 5",
    "not finite",
    "dead relu",
)
"""One example of each kind."""


Facts: TypeAlias = frozenset[tuple[int, ...]]
"""What makes a breakpoint true: neurons, a step, or only the fact."""
Flags: TypeAlias = npt.NDArray[np.bool_]
"""Whether a condition is true, for each of several steps."""
FALSE: Facts = frozenset()
TRUE: Facts = frozenset({()})


class Seen(NamedTuple):
    """The numbers that a breakpoint checks."""

    backward: BackwardPass
    """Of the step."""
    before: BackwardPass | None = None
    """Loss of the previous step, if there is one."""
    trainer: Trainer | None = None
    test_loss: float | None = None
    """Loss of the held-out examples, if the step begins an epoch and a breakpoint needs it."""
    test_loss_before: float | None = None
    """The same one epoch earlier, if it is known."""


class Breakpoint(Protocol):
    """A condition at which a training pauses."""

    @property
    def text(self) -> str:
        """How it is written."""

    def facts(self, seen: Seen) -> Facts | None:
        """What makes it true at a step; empty if it is false, None if that is not known."""


@dataclass(frozen=True)
class AtStep:
    """Training reaches a step."""

    step: int

    @property
    def text(self) -> str:
        """As "step 100"."""
        return f"step {self.step}"

    def facts(self, seen: Seen) -> Facts:
        """Whether training is at that step."""
        return TRUE if seen.backward.step == self.step else FALSE

    def is_true_in(self, step: int, losses: Array, gradients: Array) -> Flags:
        """Whether each of several steps is that step."""
        return np.equal(step + np.arange(len(losses)), self.step)


@dataclass(frozen=True)
class LossBelow:
    """The loss of a batch falls below a number."""

    bound: float

    @property
    def text(self) -> str:
        """As "loss < 0.1"."""
        return f"loss < {_written(self.bound)}"

    def facts(self, seen: Seen) -> Facts:
        """Whether the loss is below."""
        return TRUE if seen.backward.forward.loss < self.bound else FALSE

    def is_true_in(self, step: int, losses: Array, gradients: Array) -> Flags:
        """Whether the loss of each is below."""
        return losses < self.bound


@dataclass(frozen=True)
class LossRises:
    """The loss is greater than at the previous step; batches have different examples."""

    @property
    def text(self) -> str:
        """As "loss rises"."""
        return "loss rises"

    def facts(self, seen: Seen) -> Facts:
        """The step, if the loss rose: each rise counts as new."""
        backward, before = seen.backward, seen.before
        return frozenset({(backward.step,)}) if before and backward.forward.loss > before.forward.loss else FALSE

    def is_true_in(self, step: int, losses: Array, gradients: Array) -> Flags:
        """Whether each loss is greater than the previous one."""
        return np.diff(losses, prepend=losses[:1]) > 0.0


@dataclass(frozen=True)
class HeldOutLossBelow:
    """The loss of the held-out examples falls below a number at the end of an epoch."""

    bound: float

    @property
    def text(self) -> str:
        """As "held-out loss < 0.1"."""
        return f"held-out loss < {_written(self.bound)}"

    def facts(self, seen: Seen) -> Facts | None:
        """Whether that loss is below, where it is known."""
        return None if seen.test_loss is None else TRUE if seen.test_loss < self.bound else FALSE


@dataclass(frozen=True)
class HeldOutLossRises:
    """The loss of the held-out examples is greater at the end of an epoch than an epoch before."""

    @property
    def text(self) -> str:
        """As "held-out loss rises"."""
        return "held-out loss rises"

    def facts(self, seen: Seen) -> Facts | None:
        """The step, if that loss rose and both are known: each rise counts as new."""
        if seen.test_loss is None or seen.test_loss_before is None:
            return None
        return frozenset({(seen.backward.step,)}) if seen.test_loss > seen.test_loss_before else FALSE


OF_TESTS = (HeldOutLossBelow, HeldOutLossRises)
"""Breakpoints for which the held-out examples are evaluated."""


@dataclass(frozen=True)
class GradientAbove:
    """The absolute gradient of a parameter is larger than a number."""

    bound: float

    @property
    def text(self) -> str:
        """As "|gradient| > 5"."""
        return f"|gradient| > {_written(self.bound)}"

    def facts(self, seen: Seen) -> Facts:
        """Whether any gradient is larger."""
        return TRUE if (np.abs(seen.backward.gradient) > self.bound).any() else FALSE

    def is_true_in(self, step: int, losses: Array, gradients: Array) -> Flags:
        """Whether the largest gradient of each is larger."""
        return gradients > self.bound


@dataclass(frozen=True)
class NotFinite:
    """A gradient is infinite or NaN, so the next update would break the parameters.

    A loss that is not finite has no backward pass: training fails there, which pauses it by itself, and the
    reason names the step and the layer. So does an update that breaks a parameter while its gradient is finite.
    """

    @property
    def text(self) -> str:
        """As "not finite"."""
        return "not finite"

    def facts(self, seen: Seen) -> Facts:
        """Whether any gradient is."""
        return FALSE if np.isfinite(seen.backward.gradient).all() else TRUE

    def is_true_in(self, step: int, losses: Array, gradients: Array) -> Flags:
        """Whether a gradient of each is."""
        return ~np.isfinite(gradients)


@dataclass(frozen=True)
class DeadRelu:
    """A relu neuron is dead: its z is 0 or less for every example to train on; without a trainer, of the batch."""

    @property
    def text(self) -> str:
        """As "dead relu"."""
        return "dead relu"

    def facts(self, seen: Seen) -> Facts:
        """The layer and the number of each dead neuron, from 0."""
        backward = seen.backward
        dead = dead_units(backward.network, backward.forward)
        if dead and seen.trainer:
            dead = dead_in_training(seen.trainer, backward.forward)
        return frozenset((layer, unit) for layer, units in dead.items() for unit in units)


OF_NUMBERS = (AtStep, LossBelow, LossRises, GradientAbove, NotFinite)
"""Breakpoints that need only the loss and the largest gradient of each step."""


def has_passed(breakpoint: Breakpoint, step: int) -> bool:
    """Whether a run from a step can no longer reach a breakpoint."""
    return isinstance(breakpoint, AtStep) and breakpoint.step < step


@dataclass(frozen=True)
class Placed:
    """A breakpoint in the user's list."""

    breakpoint: Breakpoint
    enabled: bool = True
    """Whether training pauses at it."""


class UnknownFormError(ValueError):
    """The text is no known form of a breakpoint."""


def breakpoint_of(text: str) -> Breakpoint:
    """The breakpoint that the user writes.

    Raises:
        UnknownFormError: it is of no known form.
        ValueError: the number in it is wrong.
    """
    words = " ".join(text.lower().split())
    for form, kind in KINDS:
        if match := re.fullmatch(form, words):
            return kind(*match.groups())
    raise UnknownFormError(f"expected {', '.join(FORMS[:-1])} or {FORMS[-1]}, got {quoted(text.strip())}")


def _at_step(said: str) -> AtStep:
    step = _number("step", said, "100")
    if step < 0 or step != int(step):
        raise ValueError(f"step: expected a whole number from 0 up, as in step 100, got {quoted(said)}")
    return AtStep(int(step))


def _loss_below(said: str) -> LossBelow:
    return LossBelow(_number("loss", said, "0.1"))


def _held_out_loss_below(said: str) -> HeldOutLossBelow:
    return HeldOutLossBelow(_number("held-out loss", said, "0.1"))


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


HELD_OUT = "(?:held[- ]?out|test)"
"""Names of the held-out loss; "test" is the older name, which saved files contain."""
KINDS: tuple[tuple[str, Callable[..., Breakpoint]], ...] = (
    (r"step\b ?(.*)", _at_step),
    (r"loss ?< ?(.*)", _loss_below),
    (r"loss rises", LossRises),
    (rf"{HELD_OUT} loss ?< ?(.*)", _held_out_loss_below),
    (rf"{HELD_OUT} loss rises", HeldOutLossRises),
    (r"\|gradient\| ?> ?(.*)", _gradient_above),
    (r"not finite", NotFinite),
    (r"dead relu", DeadRelu),
)
"""The text of each kind, and the function that makes it from the number."""


def _written(value: float) -> str:
    """The shortest text that is read as the same number."""
    return repr(value).removesuffix(".0")
