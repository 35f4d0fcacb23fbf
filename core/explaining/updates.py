"""Updates explained: the clipping of a gradient, and the optimizer's equations for each parameter."""

from collections.abc import Iterator
from dataclasses import dataclass
from math import inf

import numpy as np

from ..functions.optimizer import NO_CLIPPING, Move
from ..notation.script import LATEX
from ..quantities.formula import (
    ONE,
    TWO,
    Difference,
    Equation,
    Function,
    Negative,
    Node,
    Number,
    Power,
    Product,
    Quotient,
    Sum,
    Term,
    letter,
    terms_of,
    total,
)
from ..quantities.quantity import Kind, Quantity, When
from ..quantities.symbols import Letter
from .explanation import Explanation
from .forward import explained
from .step import Step


@dataclass(frozen=True, eq=False)
class ParameterUpdate:
    """A parameter, and all quantities of its update."""

    step: Step
    parameter: Quantity
    place: int
    """The index in the vector of all parameters."""

    @property
    def old(self) -> Term:
        """The parameter before the update."""
        return self.step.term(self.parameter.at(self.step.when), self.step.state.parameters[self.place])

    @property
    def new(self) -> Term:
        """The parameter after the update."""
        return self._after(self.parameter, float(self.step.after.parameters[self.place]))

    @property
    def _is_decayed(self) -> bool:
        penalty = self.step.trainer.penalty
        return penalty.is_in_update and (penalty.biases or self.parameter.kind is Kind.W)

    @property
    def decay(self) -> Equation | None:
        """The effect of the penalty on the gradient or on the parameter, before the optimizer."""
        penalty, old, gradient = self.step.trainer.penalty, self.old, self.clipped_gradient
        if not self._is_decayed:
            return None
        if penalty.acts_on == "gradient":
            form: Node = Sum((gradient, penalty.slope(old)))
            return Equation(Letter("g", "g"), form, form.value)
        form = Difference(old, Product((self.learning_rate, penalty.slope(old))))
        return Equation(Letter("w′", "w'"), form, form.value)

    @property
    def clipped_gradient(self) -> Term:
        """Its gradient, clipped if clipping is on."""
        if self.step.trainer.clipping != NO_CLIPPING:
            return clipped(self.step, self.parameter, self.place)
        return self.step.term(self.parameter.gradient.at(self.step.when), self.step.backward.gradient[self.place])

    @property
    def learning_rate(self) -> Term:
        """The learning rate of the update."""
        return letter("η", r"\eta", self.step.trainer.learning_rate(self.step.state))

    def slot(self, name: str) -> Term:
        """A slot before the update."""
        return self.step.term(self.parameter.remembered_as(name).at(self.step.when), self._slot(name, new=False))

    def new_slot(self, name: str) -> Term:
        """A slot after the update."""
        return self._after(self.parameter.remembered_as(name), self._slot(name, new=True))

    @property
    def terms(self) -> Move:
        """All of it as terms for the optimizer's equations."""
        names = self.step.trainer.optimizer.slot_names
        old, gradient = self.old, self.clipped_gradient
        if decay := self.decay:
            term = Term(decay.left, decay.value)
            old, gradient = (old, term) if self.step.trainer.penalty.acts_on == "gradient" else (term, gradient)
        return Move(
            old=old,
            new=self.new,
            gradient=gradient,
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
    """The equations of an update: the parameter's first, then those that it needs."""
    decay = (update.decay,) if update.decay else ()
    return (*update.step.trainer.optimizer.equations(update.terms), *decay, *_schedule(update))


def needed(equations: tuple[Equation, ...], left: Term) -> tuple[Equation, ...]:
    """The equation of a term, and those of the terms in it."""
    chosen = [each for each in equations if each.left == left.symbol]
    for equation in chosen:
        symbols = {term.symbol for term in terms_of(equation.expression)}
        chosen += [each for each in equations if each.left in symbols and each not in chosen]
    return tuple(chosen)


def _schedule(update: ParameterUpdate) -> Iterator[Equation]:
    """The learning rate of the epoch or the update, if it has a schedule."""
    trainer, state = update.step.trainer, update.step.state
    factor = trainer.schedule.formula(trainer.schedule.time(state.step, state.epoch))
    if factor == ONE:
        return
    first = letter("η₀", r"\eta_0", trainer.optimizer.learning_rate)
    yield Equation(update.learning_rate.symbol, Product((first, factor)), update.learning_rate.value)


def clipped(step: Step, parameter: Quantity, place: int) -> Term:
    """The gradient of a parameter within the bounds, by its index in the vector of all."""
    gradient = step.trainer.clipping(step.backward.gradient[step.network.trained])
    kind = Kind.CLIPPED_DB if parameter.from_ is None else Kind.CLIPPED_DW
    return step.term(step.quantity(kind, parameter.layer, parameter.to, parameter.from_), gradient[place])


def explain_clipped(step: Step, parameter: Quantity, place: int) -> Explanation:
    """A gradient within the bounds for each element, and then within that for all together."""
    clipping, gradient = step.trainer.clipping, _gradient(step, parameter, place)
    form, note = _within(step, gradient), ""
    others: tuple[Equation, ...] = ()
    if clipping.norm < inf:
        norm = _norm(step)
        note = f"norm of all gradients {norm.value:.6g}, limit {clipping.norm:g}"
        if norm.value > clipping.norm:
            form = Product((form, Quotient(Number(clipping.norm), Term(norm.left, norm.value))))
            others = (norm,)
    return explained(step, clipped(step, parameter, place), form, others=others, note=note)


def _gradient(step: Step, parameter: Quantity, place: int) -> Term:
    return step.term(parameter.gradient.at(step.when), step.backward.gradient[place])


def _within(step: Step, gradient: Term) -> Node:
    """The gradient, or the bound that it exceeds."""
    bound = Number(step.trainer.clipping.value)
    if bound.value == inf:
        return gradient
    return Function("max", (Negative(bound), Function("min", (bound, gradient))))


def _norm(step: Step) -> Equation:
    """The norm of all gradients together, after the bounds for each element."""
    squares = [
        Power(_within(step, _gradient(step, parameter, place)), TWO)
        for place, parameter in enumerate(parameters(step))
        if place < step.backward.gradient[step.network.trained].size
    ]
    bound = step.trainer.clipping.value
    gradient = np.clip(step.backward.gradient[step.network.trained], -bound, bound)
    letters = step.network.letters
    of = f"{letters.derivative}{letters.loss}"
    d, loss = LATEX.letter(letters.derivative).strip(), LATEX.letter(letters.loss)
    name = Letter(f"‖{of}‖", rf"\lVert {d} {loss} \rVert")
    return Equation(name, Function("sqrt", (total(squares),)), float(np.sqrt(gradient.dot(gradient))))


def parameters(step: Step) -> list[Quantity]:
    """All parameters, in the order of their vector."""
    layers, quantity = range(len(step.network.layers)), step.quantity
    W = [quantity(Kind.W, n, i, j) for n in layers for i in range(step.outputs(n)) for j in range(step.inputs(n))]
    return W + [quantity(Kind.B, n, i) for n in layers for i in range(step.state.b[n].size)]
