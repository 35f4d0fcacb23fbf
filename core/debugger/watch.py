"""The watch: breakpoints, and what has already made each of them true."""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from ..functions.arrays import Array
from ..steps.events import BackwardPass
from ..training.dead_units import dead_units_text
from ..training.trainer import Trainer
from .breakpoints import (
    FALSE,
    OF_NUMBERS,
    OF_TESTS,
    TRUE,
    Breakpoint,
    DeadRelu,
    Facts,
    HeldOutLossBelow,
    LossRises,
    Seen,
)


class HeldOutLoss(NamedTuple):
    """The loss of the held-out examples at the end of an epoch."""

    step: int
    epoch: int
    """The epoch that begins at that step."""
    loss: float


class DeadNeurons(NamedTuple):
    """The dead neurons from a step on."""

    step: int
    facts: Facts


class Findings(NamedTuple):
    """What a burst finds of consecutive steps."""

    step: int
    """The first of them."""
    losses: Array
    """Of each step, (steps,)."""
    gradients: Array
    """The size of the largest of each step, (steps,)."""
    tests: Sequence[HeldOutLoss] = ()
    """At the steps that begin an epoch."""
    dead: Sequence[DeadNeurons] = ()
    """At the second step, and at each at which they have changed."""


class Watch:
    """Breakpoints, and what has already made each of them true; training pauses only when something new does."""

    def __init__(self, breakpoints: Iterable[Breakpoint] = ()) -> None:
        """Begin with these breakpoints; one that is already true counts as new."""
        self._known: dict[Breakpoint, Facts] = dict.fromkeys(breakpoints, FALSE)
        self._test: tuple[int, float] | None = None
        """The epoch that began at the last evaluation, and its loss."""

    def __bool__(self) -> bool:
        return bool(self._known)

    def place(self, breakpoints: Iterable[Breakpoint]) -> None:
        """Watch these from now on."""
        self._known = {each: self._known.get(each, FALSE) for each in breakpoints}

    def hits(self, backward: BackwardPass, before: BackwardPass | None, trainer: Trainer | None = None) -> str:
        """The breakpoints that pause training at a step, with the names of dead neurons; empty if there are none."""
        reports = []
        seen = self._seen(backward, before, trainer)
        if seen.test_loss is not None:
            self._test = backward.state.epoch, seen.test_loss
        for each, known in self._known.items():
            facts = each.facts(seen)
            if facts is not None:
                reports += [_report(each, new, backward)] if (new := facts - known) else []
                self._known[each] = facts
        return ", ".join(reports)

    def can_skip(self) -> bool:
        """Whether each breakpoint is found in what bursts know of their steps."""
        return all(isinstance(each, (*OF_NUMBERS, *OF_TESTS, DeadRelu)) for each in self._known)

    @property
    def asks_for_tests(self) -> bool:
        """Whether a breakpoint needs the loss of the held-out examples."""
        return any(isinstance(each, OF_TESTS) for each in self._known)

    @property
    def asks_for_dead_neurons(self) -> bool:
        """Whether a breakpoint needs the dead neurons of each step."""
        return any(isinstance(each, DeadRelu) for each in self._known)

    def first_hit(self, findings: Findings) -> int | None:
        """The index of the first step to pause at, in a row of consecutive steps, of which the first was checked."""
        found = []
        for each, known in self._known.items():
            if isinstance(each, OF_NUMBERS):
                is_true = each.is_true_in(*findings[:3])
                is_true[0] = bool(known)
                is_new = is_true[1:] if isinstance(each, LossRises) else is_true[1:] & ~is_true[:-1]
                found += [int(is_new.argmax()) + 1] if is_new.any() else []
            for step, facts in self._at_some_steps(each, findings):
                if facts - known:
                    found.append(step - findings.step)
                    break
                known = facts
        return min(found, default=None)

    def skip(self, findings: Findings) -> None:
        """Note what was true at the last of some steps, none of which was a hit."""
        for each in self._known:
            if isinstance(each, OF_NUMBERS):
                last = each.is_true_in(*findings[:3])[-1]
                rise = frozenset({(findings.step + len(findings.losses) - 1,)})
                self._known[each] = FALSE if not last else rise if isinstance(each, LossRises) else TRUE
            for _, facts in self._at_some_steps(each, findings):
                self._known[each] = facts
        if findings.tests and self.asks_for_tests:
            self._test = findings.tests[-1].epoch, findings.tests[-1].loss

    def _at_some_steps(self, breakpoint: Breakpoint, findings: Findings) -> Iterator[tuple[int, Facts]]:
        """Steps and what makes a breakpoint true from there on, if that is more than a loss or a gradient."""
        if isinstance(breakpoint, DeadRelu):
            yield from findings.dead
        before = self._test
        for test in findings.tests if isinstance(breakpoint, OF_TESTS) else ():
            if isinstance(breakpoint, HeldOutLossBelow):
                yield test.step, TRUE if test.loss < breakpoint.bound else FALSE
            elif before and before[0] == test.epoch - 1:
                yield test.step, frozenset({(test.step,)}) if test.loss > before[1] else FALSE
            before = test.epoch, test.loss

    def forget(self, backward: BackwardPass, before: BackwardPass | None, trainer: Trainer | None = None) -> None:
        """Let a condition that is no longer true count as new when it is true again, also after steps back."""
        seen = self._seen(backward, before, trainer)
        for each, known in self._known.items():
            facts = each.facts(seen) if known else FALSE
            self._known[each] = known if facts is None else known & facts

    def _seen(self, backward: BackwardPass, before: BackwardPass | None, trainer: Trainer | None) -> Seen:
        """A step, with the test loss where a breakpoint asks for it and an epoch has just ended."""
        epoch = backward.state.epoch
        if not (self.asks_for_tests and trainer and trainer.test) or backward.state.position:
            return Seen(backward, before, trainer)
        loss = trainer.evaluate(backward.state, trainer.test).loss
        known = self._test[1] if self._test and self._test[0] == epoch - 1 else None
        return Seen(backward, before, trainer, loss, known)


def _report(breakpoint: Breakpoint, new: Facts, backward: BackwardPass) -> str:
    if not isinstance(breakpoint, DeadRelu):
        return breakpoint.text
    dead: dict[int, tuple[int, ...]] = {}
    for layer, unit in sorted(new):
        dead[layer] = (*dead.get(layer, ()), unit)
    return f"{breakpoint.text}: {dead_units_text(backward.network, dead)}"
