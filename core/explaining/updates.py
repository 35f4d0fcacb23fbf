"""Updates explained: what the optimizer makes of each parameter, and of what it remembers."""

from collections.abc import Iterator
from dataclasses import dataclass
from math import pi

from ..functions.clipping import NO_CLIPPING
from ..functions.formula import (
    Difference,
    Function,
    Letter,
    Name,
    Node,
    Number,
    Power,
    Product,
    Quotient,
    Sum,
    Term,
    terms_of,
)
from ..functions.optimizers import SGD, AdaDelta, AdaGrad, Adam, AdamW, Momentum, Nesterov, RMSProp
from ..functions.schedules import Constant, Cosine, Exponential, Steps
from .activation_forms import HALF, ONE, TWO
from .clipping import clipped
from .explanation import Equation
from .step import Step


@dataclass(frozen=True)
class Move:
    """One parameter and all that an update has to do with it."""

    step: Step
    name: str
    """Of the parameter."""
    place: int
    """In the vector of all parameters."""

    @property
    def old(self) -> Term:
        """The parameter before the update."""
        return self.step.term(self.name, self.step.state.parameters[self.place])

    @property
    def new(self) -> Term:
        """The parameter after the update."""
        return self._after(self.name, float(self.step.after.parameters[self.place]))

    @property
    def gradient(self) -> Term:
        """What it is moved by: its gradient, clipped where that is asked for."""
        if self.step.trainer.clipping != NO_CLIPPING:
            return clipped(self.step, self.name, self.place)
        return self.step.term(f"d{self.name}", self.step.backward.gradient[self.place])

    @property
    def learning_rate(self) -> Term:
        """The length of the step."""
        return letter("η", r"\eta", self.step.trainer.learning_rate(self.step.state))

    def slot(self, name: str) -> Term:
        """What the optimizer remembered of it."""
        return self.step.term(f"{name}-{self.name}", self._slot(name, new=False))

    def new_slot(self, name: str) -> Term:
        """What it remembers after the update."""
        return self._after(f"{name}-{self.name}", self._slot(name, new=True))

    def assign(self, new: Term, form: Node) -> Equation:
        """The equation of a number that the update changes."""
        return Equation(new.symbol, form, new.value, assigns=bool(self.step.prefix))

    def _slot(self, name: str, *, new: bool) -> float:
        state = self.step.after if new else self.step.state
        slot = state.slots[self.step.trainer.optimizer.slot_names.index(name)]
        return float(slot if slot.ndim == 0 else slot[self.place])

    def _after(self, name: str, value: float) -> Term:
        name = self.step.after_prefix + name
        return Term(Name(name), value, name)


def letter(text: str, latex: str, value: float) -> Term:
    """A number of the optimizer."""
    return Term(Letter(text, latex), value)


def update_equations(move: Move) -> tuple[Equation, ...]:
    """An update written out: the parameter's equation first, then what it needs."""
    return (*_rule(move), *_schedule(move))


def needed(equations: tuple[Equation, ...], left: Term) -> tuple[Equation, ...]:
    """The equation of a term, and those of what stands in it."""
    found = [each for each in equations if each.left == left.symbol]
    for equation in found:
        symbols = {term.symbol for term in terms_of(equation.expression)}
        found += [each for each in equations if each.left in symbols and each not in found]
    return tuple(found)


def _rule(move: Move) -> Iterator[Equation]:
    match move.step.trainer.optimizer:
        case SGD():
            yield _descent(move, move.gradient)
        case Momentum(momentum=momentum):
            yield _descent(move, move.new_slot("velocity"))
            yield _velocity(move, momentum)
        case Nesterov(momentum=momentum):
            ahead = Product((_mu(momentum), move.new_slot("velocity")))
            yield _descent(move, Sum((move.gradient, ahead)))
            yield _velocity(move, momentum)
        case AdaGrad(epsilon=epsilon):
            squares = move.new_slot("sum_of_squares")
            yield _descent(move, Quotient(move.gradient, _root_and(squares, epsilon)))
            yield move.assign(squares, Sum((move.slot("sum_of_squares"), Power(move.gradient, TWO))))
        case AdaDelta(rho=rho, epsilon=epsilon):
            yield from _adadelta(move, letter("ρ", r"\rho", rho), epsilon)
        case RMSProp(alpha=alpha, epsilon=epsilon):
            yield _descent(move, Quotient(move.gradient, _root_and(move.new_slot("mean_square"), epsilon)))
            yield _average(move, "mean_square", letter("α", r"\alpha", alpha), Power(move.gradient, TWO))
        case Adam() as adam:
            yield from _adam(move, adam)
        case _:
            return


def _descent(move: Move, direction: Node) -> Equation:
    """W ← w − η direction."""
    return move.assign(move.new, Difference(move.old, Product((move.learning_rate, direction))))


def _velocity(move: Move, momentum: float) -> Equation:
    return move.assign(move.new_slot("velocity"), Sum((Product((_mu(momentum), move.slot("velocity"))), move.gradient)))


def _mu(momentum: float) -> Term:
    return letter("μ", r"\mu", momentum)


def _epsilon(epsilon: float) -> Term:
    return letter("ε", r"\epsilon", epsilon)


def _root_and(node: Node, epsilon: float) -> Node:
    return Sum((Function("sqrt", (node,)), _epsilon(epsilon)))


def _average(move: Move, slot: str, share: Term, of: Node) -> Equation:
    """The slot's running average: share · slot + (1 − share) · of."""
    return move.assign(
        move.new_slot(slot), Sum((Product((share, move.slot(slot))), Product((Difference(ONE, share), of))))
    )


def _adadelta(move: Move, rho: Term, epsilon: float) -> Iterator[Equation]:
    def root(slot: Term) -> Node:
        return Function("sqrt", (Sum((slot, _epsilon(epsilon))),))

    top = Product((move.gradient, root(move.slot("mean_square_change"))))
    form = Quotient(top, root(move.new_slot("mean_square")))
    change = letter("δ", r"\delta", form.value)
    yield _descent(move, change)
    yield Equation(change.symbol, form, form.value)
    yield _average(move, "mean_square", rho, Power(move.gradient, TWO))
    yield _average(move, "mean_square_change", rho, Power(change, TWO))


def _adam(move: Move, adam: Adam) -> Iterator[Equation]:
    """Adam; where the parameter decays apart from it, that first."""
    t = letter("t", "t", move.new_slot("t").value)
    beta_1, beta_2 = letter("β₁", r"\beta_1", adam.beta_1), letter("β₂", r"\beta_2", adam.beta_2)
    m_form, v_form = _unbiased(move.new_slot("m"), beta_1, t), _unbiased(move.new_slot("v"), beta_2, t)
    m, v = letter("m̂", r"\hat m", m_form.value), letter("v̂", r"\hat v", v_form.value)
    part = Product((move.learning_rate, Quotient(m, _root_and(v, adam.epsilon))))
    old: Node = move.old
    if isinstance(adam, AdamW):
        decay = letter("λ", r"\lambda", adam.weight_decay)
        old = Product((move.old, Difference(ONE, Product((move.learning_rate, decay)))))
    yield move.assign(move.new, Difference(old, part))
    yield Equation(m.symbol, m_form, m.value)
    yield Equation(v.symbol, v_form, v.value)
    yield _average(move, "m", beta_1, move.gradient)
    yield _average(move, "v", beta_2, Power(move.gradient, TWO))
    yield move.assign(move.new_slot("t"), Sum((move.slot("t"), ONE)))


def _unbiased(slot: Term, share: Term, t: Term) -> Node:
    return Quotient(slot, Difference(ONE, Power(share, t)))


def _schedule(move: Move) -> Iterator[Equation]:
    """The learning rate of the epoch, where it has a schedule."""
    trainer, epoch = move.step.trainer, move.step.state.epoch
    if isinstance(trainer.schedule, Constant):
        return
    factor: Node
    match trainer.schedule:
        case Steps(every=every, gamma=gamma):
            factor = Power(letter("γ", r"\gamma", gamma), Number(float(epoch // every)))
        case Exponential(gamma=gamma):
            factor = Power(letter("γ", r"\gamma", gamma), Number(float(epoch)))
        case Cosine(epochs=epochs, least=least):
            part = Quotient(Number(float(min(epoch, epochs))), Number(float(epochs)))
            wave = Sum((ONE, Function("cos", (Product((letter("π", r"\pi", pi), part)),))))
            rest = Product((Difference(ONE, Number(least)), HALF, wave))
            factor = Sum((Number(least), rest)) if least else rest
        case other:
            factor = Number(other.factor(epoch))
    first = letter("η₀", r"\eta_0", trainer.optimizer.learning_rate)
    yield Equation(move.learning_rate.symbol, Product((first, factor)), move.learning_rate.value)
