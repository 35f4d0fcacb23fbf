"""Updates explained: what the optimizer makes of each parameter, and of what it remembers."""

from collections.abc import Iterator
from dataclasses import dataclass

from ..functions.clipping import NO_CLIPPING
from ..functions.formula import ONE, Equation, Product, Term, letter, terms_of
from ..functions.optimizer import Move
from ..quantities.quantity import Quantity, When
from .clipped_gradients import clipped
from .step import Step


@dataclass(frozen=True)
class ParameterUpdate:
    """One parameter and all that an update has to do with it."""

    step: Step
    parameter: Quantity
    place: int
    """In the vector of all parameters."""

    @property
    def old(self) -> Term:
        """The parameter before the update."""
        return self.step.term(self.parameter.at(self.step.when), self.step.state.parameters[self.place])

    @property
    def new(self) -> Term:
        """The parameter after the update."""
        return self._after(self.parameter, float(self.step.after.parameters[self.place]))

    @property
    def gradient(self) -> Term:
        """What it is moved by: its gradient, clipped where that is asked for."""
        if self.step.trainer.clipping != NO_CLIPPING:
            return clipped(self.step, self.parameter, self.place)
        return self.step.term(self.parameter.gradient.at(self.step.when), self.step.backward.gradient[self.place])

    @property
    def learning_rate(self) -> Term:
        """The length of the step."""
        return letter("η", r"\eta", self.step.trainer.learning_rate(self.step.state))

    def slot(self, name: str) -> Term:
        """What the optimizer remembered of it."""
        return self.step.term(self.parameter.remembered_as(name).at(self.step.when), self._slot(name, new=False))

    def new_slot(self, name: str) -> Term:
        """What it remembers after the update."""
        return self._after(self.parameter.remembered_as(name), self._slot(name, new=True))

    @property
    def terms(self) -> Move:
        """All of it, for the optimizer to make equations of."""
        names = self.step.trainer.optimizer.slot_names
        return Move(
            old=self.old,
            new=self.new,
            gradient=self.gradient,
            learning_rate=self.learning_rate,
            slots={name: self.slot(name) for name in names},
            new_slots={name: self.new_slot(name) for name in names},
            assigns=self.step.when is When.LAST,
        )

    def _slot(self, name: str, *, new: bool) -> float:
        state = self.step.after if new else self.step.state
        slot = state.slots[self.step.trainer.optimizer.slot_names.index(name)]
        return float(slot if slot.ndim == 0 else slot[self.place])

    def _after(self, moved: Quantity, value: float) -> Term:
        after = moved.at(self.step.when_after)
        return Term(after, value, after)


def update_equations(update: ParameterUpdate) -> tuple[Equation, ...]:
    """An update written out: the parameter's equation first, then what it needs."""
    return (*update.step.trainer.optimizer.equations(update.terms), *_schedule(update))


def needed(equations: tuple[Equation, ...], left: Term) -> tuple[Equation, ...]:
    """The equation of a term, and those of what stands in it."""
    chosen = [each for each in equations if each.left == left.symbol]
    for equation in chosen:
        symbols = {term.symbol for term in terms_of(equation.expression)}
        chosen += [each for each in equations if each.left in symbols and each not in chosen]
    return tuple(chosen)


def _schedule(update: ParameterUpdate) -> Iterator[Equation]:
    """The learning rate of the epoch, where it has a schedule."""
    trainer = update.step.trainer
    factor = trainer.schedule.formula(update.step.state.epoch)
    if factor == ONE:
        return
    first = letter("η₀", r"\eta_0", trainer.optimizer.learning_rate)
    yield Equation(update.learning_rate.symbol, Product((first, factor)), update.learning_rate.value)
