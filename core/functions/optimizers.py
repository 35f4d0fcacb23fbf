"""The optimizers with their equations; rules and defaults are PyTorch's. A new one needs a class in the table.

Parameter, gradient and slots of an update have the same shape.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

from ..quantities.formula import (
    ONE,
    TWO,
    Difference,
    Equation,
    Function,
    Node,
    Power,
    Product,
    Quotient,
    Sum,
    Term,
    letter,
)
from . import lazy_numpy as np
from .arrays import Array
from .optimizer import Move, Moved, Optimizer, Slots, epsilon_of, root_and
from .ranges import NotNegative, Positive, Share, ShareOrAll

PowerOf: TypeAlias = Callable[[float, float], float]
"""A number to the power of another."""


class SGD(Optimizer):
    """Plain gradient descent. Source: Cauchy, 1847; Robbins and Monro, 1951."""

    name = "sgd"
    description = "plain gradient descent"
    other_names = ("gradientdescent",)

    def update(self, parameter: Array, gradient: Array, slots: Slots, learning_rate: float) -> Moved:
        """W ← W − learning_rate ∂L/∂W."""
        return parameter - learning_rate * gradient, slots

    def equations(self, move: Move) -> Iterator[Equation]:
        """w ← w − η g."""
        yield move.descend(move.gradient)


@dataclass(frozen=True)
class Momentum(Optimizer):
    """Gradient descent with a velocity. Source: Polyak, 1964."""

    name = "momentum"
    description = "gradient descent with a velocity"
    slot_names = ("velocity",)
    slot_letters = {"velocity": "v"}

    momentum: ShareOrAll = 0.9
    """The share of the velocity that remains; at 1 it is the sum of all gradients."""

    def update(self, parameter: Array, gradient: Array, slots: Slots, learning_rate: float) -> Moved:
        """v ← momentum v + ∂L/∂W; W ← W − learning_rate v."""
        (velocity,) = slots
        velocity = self.momentum * velocity + gradient
        return parameter - learning_rate * velocity, (velocity,)

    def equations(self, move: Move) -> Iterator[Equation]:
        """w ← w − η v; v ← μ v + g."""
        yield move.descend(move.new_slots["velocity"])
        yield _velocity(move, self.momentum)


@dataclass(frozen=True)
class Nesterov(Momentum):
    """Momentum that looks ahead. Source: Nesterov, 1983; the form of Sutskever et al., 2013."""

    name = "nesterov"
    description = "momentum that looks ahead"
    other_names = ("nag",)

    def update(self, parameter: Array, gradient: Array, slots: Slots, learning_rate: float) -> Moved:
        """v ← momentum v + ∂L/∂W; W ← W − learning_rate (∂L/∂W + momentum v)."""
        (velocity,) = slots
        velocity = self.momentum * velocity + gradient
        return parameter - learning_rate * (gradient + self.momentum * velocity), (velocity,)

    def equations(self, move: Move) -> Iterator[Equation]:
        """w ← w − η (g + μ v); v ← μ v + g."""
        ahead = Product((_mu(self.momentum), move.new_slots["velocity"]))
        yield move.descend(Sum((move.gradient, ahead)))
        yield _velocity(move, self.momentum)


def _velocity(move: Move, momentum: float) -> Equation:
    """v ← μ v + g."""
    ahead = Product((_mu(momentum), move.slots["velocity"]))
    return move.assign(move.new_slots["velocity"], Sum((ahead, move.gradient)))


def _mu(momentum: float) -> Term:
    return letter("μ", r"\mu", momentum)


@dataclass(frozen=True)
class AdaGrad(Optimizer):
    """A step for each parameter, scaled by all its gradients so far. Source: Duchi, Hazan and Singer, 2011."""

    name = "adagrad"
    description = "divides each step by the root of the sum of all squared gradients"
    slot_names = ("sum_of_squares",)
    slot_letters = {"sum_of_squares": "s"}

    epsilon: Positive = 1e-10

    def update(self, parameter: Array, gradient: Array, slots: Slots, learning_rate: float) -> Moved:
        """s ← s + g²; W ← W − learning_rate g / (√s + epsilon)."""
        (squares,) = slots
        squares = squares + gradient * gradient
        return parameter - learning_rate * gradient / (np.sqrt(squares) + self.epsilon), (squares,)

    def equations(self, move: Move) -> Iterator[Equation]:
        """w ← w − η g / (√s + ε); s ← s + g²."""
        squares = move.new_slots["sum_of_squares"]
        yield move.descend(Quotient(move.gradient, root_and(squares, self.epsilon)))
        yield move.assign(squares, Sum((move.slots["sum_of_squares"], Power(move.gradient, TWO))))


@dataclass(frozen=True)
class AdaDelta(Optimizer):
    """AdaGrad over a window, in the units of the parameter. Source: Zeiler, 2012."""

    name = "adadelta"
    description = "adagrad over a moving window, with steps in the units of the parameter"
    slot_names = ("mean_square", "mean_square_change")
    slot_letters = {"mean_square": "s", "mean_square_change": "d"}

    learning_rate: Positive = 1.0
    rho: Share = 0.9
    epsilon: Positive = 1e-6

    def update(self, parameter: Array, gradient: Array, slots: Slots, learning_rate: float) -> Moved:
        """s ← ρ s + (1 − ρ) g²; δ = g √(d + ε) / √(s + ε); d ← ρ d + (1 − ρ) δ²; W ← W − learning_rate δ."""
        square, square_change = slots
        square = self.rho * square + (1.0 - self.rho) * gradient * gradient
        change = gradient * np.sqrt(square_change + self.epsilon) / np.sqrt(square + self.epsilon)
        square_change = self.rho * square_change + (1.0 - self.rho) * change * change
        return parameter - learning_rate * change, (square, square_change)

    def equations(self, move: Move) -> Iterator[Equation]:
        """w ← w − η δ; δ = g √(d + ε) / √(s + ε); s ← ρ s + (1 − ρ) g²; d ← ρ d + (1 − ρ) δ²."""
        rho = letter("ρ", r"\rho", self.rho)
        top = Product((move.gradient, self._root(move.slots["mean_square_change"])))
        form = Quotient(top, self._root(move.new_slots["mean_square"]))
        change = letter("δ", r"\delta", form.value)
        yield move.descend(change)
        yield Equation(change.symbol, form, form.value)
        yield move.average("mean_square", rho, Power(move.gradient, TWO))
        yield move.average("mean_square_change", rho, Power(change, TWO))

    def _root(self, slot: Term) -> Node:
        return Function("sqrt", (Sum((slot, epsilon_of(self.epsilon))),))


@dataclass(frozen=True)
class RMSProp(Optimizer):
    """A step scaled by the recent size of the gradient. Source: Tieleman and Hinton, 2012, lecture 6.5."""

    name = "rmsprop"
    description = "divides each step by the root mean square of recent gradients"
    slot_names = ("mean_square",)
    slot_letters = {"mean_square": "s"}

    alpha: Share = 0.99
    epsilon: Positive = 1e-8

    def update(self, parameter: Array, gradient: Array, slots: Slots, learning_rate: float) -> Moved:
        """s ← α s + (1 − α) g²; W ← W − learning_rate g / (√s + epsilon)."""
        (square,) = slots
        square = self.alpha * square + (1.0 - self.alpha) * gradient * gradient
        return parameter - learning_rate * gradient / (np.sqrt(square) + self.epsilon), (square,)

    def equations(self, move: Move) -> Iterator[Equation]:
        """w ← w − η g / (√s + ε); s ← α s + (1 − α) g²."""
        yield move.descend(Quotient(move.gradient, root_and(move.new_slots["mean_square"], self.epsilon)))
        yield move.average("mean_square", letter("α", r"\alpha", self.alpha), Power(move.gradient, TWO))


@dataclass(frozen=True)
class Adam(Optimizer):
    """Momentum and RMSProp, both with bias correction. Source: Kingma and Ba, 2014, algorithm 1."""

    name = "adam"
    description = "momentum and rmsprop, with bias correction"
    slot_names = ("m", "v", "t")
    scalar_slots = ("t",)

    learning_rate: Positive = 0.001
    beta_1: Share = 0.9
    beta_2: Share = 0.999
    epsilon: Positive = 1e-8
    bias_correction: bool = True
    """Whether m and v are divided by 1 − βᵗ, as in the paper; some programs, such as the first BERT's, omit this."""

    def update(self, parameter: Array, gradient: Array, slots: Slots, learning_rate: float) -> Moved:
        """t ← t + 1; m ← β₁ m + (1 − β₁) g; v ← β₂ v + (1 − β₂) g²; W ← W − learning_rate m̂ / (√v̂ + epsilon)."""
        return self.update_by(pow, parameter, gradient, slots, learning_rate)

    def update_by(self, power: PowerOf, parameter: Array, gradient: Array, slots: Slots, learning_rate: float) -> Moved:
        """The same update, with powers of β₁ and β₂ by this function."""
        m, v, t = slots
        t = np.add(t, 1.0)
        m = self.beta_1 * m + (1.0 - self.beta_1) * gradient
        v = self.beta_2 * v + (1.0 - self.beta_2) * gradient * gradient
        m_hat, v_hat = m, v
        if self.bias_correction:
            m_hat = m / (1.0 - power(self.beta_1, float(t)))
            v_hat = v / (1.0 - power(self.beta_2, float(t)))
        return parameter - learning_rate * m_hat / (np.sqrt(v_hat) + self.epsilon), (m, v, np.asarray(t))

    def equations(self, move: Move) -> Iterator[Equation]:
        """w ← w − η m̂ / (√v̂ + ε), then m̂, v̂, m, v and t."""
        t = letter("t", "t", move.new_slots["t"].value)
        beta_1, beta_2 = letter("β₁", r"\beta_1", self.beta_1), letter("β₂", r"\beta_2", self.beta_2)
        m, v = move.new_slots["m"], move.new_slots["v"]
        unbiased = []
        if self.bias_correction:
            m_form, v_form = _unbiased(m, beta_1, t), _unbiased(v, beta_2, t)
            m, v = letter("m̂", r"\hat m", m_form.value), letter("v̂", r"\hat v", v_form.value)
            unbiased = [Equation(m.symbol, m_form, m.value), Equation(v.symbol, v_form, v.value)]
        part = Product((move.learning_rate, Quotient(m, root_and(v, self.epsilon))))
        yield move.assign(move.new, Difference(self._decayed(move), part))
        yield from unbiased
        yield move.average("m", beta_1, move.gradient)
        yield move.average("v", beta_2, Power(move.gradient, TWO))
        yield move.assign(move.new_slots["t"], Sum((move.slots["t"], ONE)))

    def _decayed(self, move: Move) -> Node:
        """The parameter at the beginning of the step."""
        return move.old


def _unbiased(slot: Term, share: Term, t: Term) -> Node:
    """slot / (1 − shareᵗ)."""
    return Quotient(slot, Difference(ONE, Power(share, t)))


@dataclass(frozen=True)
class AdamW(Adam):
    """Adam with decay of the parameters and biases, separate from the gradient. Source: Loshchilov and Hutter, 2017."""

    name = "adamw"
    description = "adam with decoupled weight decay, of biases too"

    weight_decay: NotNegative = 0.01

    def update_by(self, power: PowerOf, parameter: Array, gradient: Array, slots: Slots, learning_rate: float) -> Moved:
        """W ← (1 − learning_rate weight_decay) W, then Adam."""
        decayed = parameter * (1.0 - learning_rate * self.weight_decay)
        return super().update_by(power, decayed, gradient, slots, learning_rate)

    def _decayed(self, move: Move) -> Node:
        """w (1 − η λ)."""
        decay = letter("λ", r"\lambda", self.weight_decay)
        return Product((move.old, Difference(ONE, Product((move.learning_rate, decay)))))


OPTIMIZERS: dict[str, type[Optimizer]] = {
    rule.name: rule for rule in (SGD, Momentum, Nesterov, AdaGrad, AdaDelta, RMSProp, Adam, AdamW)
}
"""All optimizers by name, the single list for files, options, dialogs and explanations."""

SLOT_LETTERS = {slot: letter for rule in OPTIMIZERS.values() for slot, letter in rule.slot_letters.items()}
"""The letters of slots in formulas, if these are not their names."""
MOST_SLOTS = max(len(rule.slot_names) - len(rule.scalar_slots) for rule in OPTIMIZERS.values())
"""The most numbers that an optimizer stores for each parameter."""
