"""Optimizers: how a gradient moves a parameter; rules and defaults are PyTorch's."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import ClassVar, Protocol, Self, TypeAlias

import numpy as np

from .arrays import Array

Slots: TypeAlias = tuple[Array, ...]
"""What an optimizer remembers of one parameter array."""
Moved: TypeAlias = tuple[Array, Slots]
"""A parameter and its slots after an update."""


class Optimizer(Protocol):
    """A rule for an update; it remembers nothing itself, its memory is in the State's slots."""

    slot_names: ClassVar[tuple[str, ...]]
    """A word for each of a parameter's slots."""

    @property
    def learning_rate(self) -> float:
        """The length of a step, before any schedule."""

    def slots(self, parameter: Array) -> Slots:
        """The slots that a parameter array begins with."""

    def update(self, parameter: Array, gradient: Array, slots: Slots, learning_rate: float) -> Moved:
        """The parameter and its slots after one update; the learning rate is the schedule's."""

    def with_learning_rate(self, learning_rate: float) -> Self:
        """The same rule with another learning rate."""


@dataclass(frozen=True)
class Rule:
    """What all rules share: a learning rate, and slots that begin at 0."""

    slot_names: ClassVar[tuple[str, ...]] = ()

    learning_rate: float

    def slots(self, parameter: Array) -> Slots:
        """Zeros as large as the parameter, for each slot."""
        return tuple(np.zeros_like(parameter) for _ in self.slot_names)

    def with_learning_rate(self, learning_rate: float) -> Self:
        """The same rule with another learning rate."""
        return replace(self, learning_rate=learning_rate)


@dataclass(frozen=True)
class SGD(Rule):
    """Plain gradient descent. Source: Cauchy, 1847; Robbins and Monro, 1951."""

    def update(self, parameter: Array, gradient: Array, slots: Slots, learning_rate: float) -> Moved:
        """W ← W − learning_rate ∂L/∂W."""
        return parameter - learning_rate * gradient, slots


@dataclass(frozen=True)
class Momentum(Rule):
    """Gradient descent with a velocity. Source: Polyak, 1964."""

    slot_names: ClassVar[tuple[str, ...]] = ("velocity",)

    momentum: float = 0.9

    def update(self, parameter: Array, gradient: Array, slots: Slots, learning_rate: float) -> Moved:
        """V ← momentum v + ∂L/∂W; W ← W − learning_rate v."""
        (velocity,) = slots
        velocity = self.momentum * velocity + gradient
        return parameter - learning_rate * velocity, (velocity,)


@dataclass(frozen=True)
class Nesterov(Rule):
    """Momentum that looks ahead. Source: Nesterov, 1983; the form of Sutskever et al., 2013."""

    slot_names: ClassVar[tuple[str, ...]] = ("velocity",)

    momentum: float = 0.9

    def update(self, parameter: Array, gradient: Array, slots: Slots, learning_rate: float) -> Moved:
        """V ← momentum v + ∂L/∂W; W ← W − learning_rate (∂L/∂W + momentum v)."""
        (velocity,) = slots
        velocity = self.momentum * velocity + gradient
        return parameter - learning_rate * (gradient + self.momentum * velocity), (velocity,)


@dataclass(frozen=True)
class AdaGrad(Rule):
    """A step for each parameter, by all its gradients so far. Source: Duchi, Hazan and Singer, 2011."""

    slot_names: ClassVar[tuple[str, ...]] = ("sum_of_squares",)

    learning_rate: float = 0.01
    epsilon: float = 1e-10

    def update(self, parameter: Array, gradient: Array, slots: Slots, learning_rate: float) -> Moved:
        """S ← s + g²; W ← W − learning_rate g / (√s + epsilon)."""
        (squares,) = slots
        squares = squares + gradient * gradient
        return parameter - learning_rate * gradient / (np.sqrt(squares) + self.epsilon), (squares,)


@dataclass(frozen=True)
class AdaDelta(Rule):
    """AdaGrad over a window, in the units of the parameter. Source: Zeiler, 2012."""

    slot_names: ClassVar[tuple[str, ...]] = ("mean_square", "mean_square_change")

    learning_rate: float = 1.0
    rho: float = 0.9
    epsilon: float = 1e-6

    def update(self, parameter: Array, gradient: Array, slots: Slots, learning_rate: float) -> Moved:
        """S ← ρ s + (1 − ρ) g²; δ = g √(d + ε) / √(s + ε); d ← ρ d + (1 − ρ) δ²; W ← W − learning_rate δ."""
        square, square_change = slots
        square = self.rho * square + (1.0 - self.rho) * gradient * gradient
        change = gradient * np.sqrt(square_change + self.epsilon) / np.sqrt(square + self.epsilon)
        square_change = self.rho * square_change + (1.0 - self.rho) * change * change
        return parameter - learning_rate * change, (square, square_change)


@dataclass(frozen=True)
class RMSProp(Rule):
    """A step by the recent size of the gradient. Source: Tieleman and Hinton, 2012, lecture 6.5."""

    slot_names: ClassVar[tuple[str, ...]] = ("mean_square",)

    learning_rate: float = 0.01
    alpha: float = 0.99
    epsilon: float = 1e-8

    def update(self, parameter: Array, gradient: Array, slots: Slots, learning_rate: float) -> Moved:
        """S ← α s + (1 − α) g²; W ← W − learning_rate g / (√s + epsilon)."""
        (square,) = slots
        square = self.alpha * square + (1.0 - self.alpha) * gradient * gradient
        return parameter - learning_rate * gradient / (np.sqrt(square) + self.epsilon), (square,)


@dataclass(frozen=True)
class Adam(Rule):
    """Momentum and RMSProp, both freed of the bias of their beginning. Source: Kingma and Ba, 2014, algorithm 1."""

    slot_names: ClassVar[tuple[str, ...]] = ("m", "v", "t")

    learning_rate: float = 0.001
    beta_1: float = 0.9
    beta_2: float = 0.999
    epsilon: float = 1e-8

    def slots(self, parameter: Array) -> Slots:
        """M, v, and t, the number of updates done."""
        return np.zeros_like(parameter), np.zeros_like(parameter), np.zeros((), parameter.dtype)

    def update(self, parameter: Array, gradient: Array, slots: Slots, learning_rate: float) -> Moved:
        """M ← β₁ m + (1 − β₁) g; v ← β₂ v + (1 − β₂) g²; W ← W − learning_rate m̂ / (√v̂ + epsilon)."""
        m, v, t = slots
        t = np.add(t, 1.0)
        m = self.beta_1 * m + (1.0 - self.beta_1) * gradient
        v = self.beta_2 * v + (1.0 - self.beta_2) * gradient * gradient
        m_hat = m / (1.0 - self.beta_1 ** float(t))
        v_hat = v / (1.0 - self.beta_2 ** float(t))
        return parameter - learning_rate * m_hat / (np.sqrt(v_hat) + self.epsilon), (m, v, np.asarray(t))


@dataclass(frozen=True)
class AdamW(Adam):
    """Adam with decay of the parameters, biases too, apart from the gradient. Source: Loshchilov and Hutter, 2017."""

    weight_decay: float = 0.01

    def update(self, parameter: Array, gradient: Array, slots: Slots, learning_rate: float) -> Moved:
        """W ← (1 − learning_rate weight_decay) W, then Adam."""
        return super().update(parameter * (1.0 - learning_rate * self.weight_decay), gradient, slots, learning_rate)


OPTIMIZERS: dict[str, Callable[..., Optimizer]] = {
    "sgd": SGD,
    "momentum": Momentum,
    "nesterov": Nesterov,
    "adagrad": AdaGrad,
    "adadelta": AdaDelta,
    "rmsprop": RMSProp,
    "adam": Adam,
    "adamw": AdamW,
}


USUAL_LEARNING_RATES = {
    "sgd": 0.01,
    "momentum": 0.01,
    "nesterov": 0.01,
    "adagrad": 0.01,
    "adadelta": 1.0,
    "rmsprop": 0.01,
    "adam": 0.001,
    "adamw": 0.001,
}
"""The learning rate that an optimizer has where nobody names one: PyTorch's, and Keras' for the first three."""


def name_of(optimizer: Optimizer) -> str:
    """The name by which an optimizer is asked for."""
    return next(name for name, rule in OPTIMIZERS.items() if type(optimizer) is rule)
