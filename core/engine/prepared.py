"""NumPy's calls for arrays that always lie in the same memory, prepared once: the usual functions and Adam, quicker.

A call with prepared arguments makes no new array, and NumPy is twice as quick with an array of one number as with a
number. The operations are those of the functions, in the same order, so the bits are the same.
"""

from collections.abc import Iterator
from functools import partial

import numpy as np

from ..functions.activation import Activation
from ..functions.arrays import Array
from ..functions.elementary_numbers import power
from ..functions.optimizer import Moved, Optimizer, Slots
from ..functions.optimizers import Adam
from ..functions.output_head import OutputHead
from .elementary import tanh_into
from .ordered_functions import activate, kind_of, loss_kind, pass_back
from .ordered_sums import Call, sum_across
from .task import Task

ZERO, ONE = np.array(0.0), np.array(1.0)


def activation_calls(activation: Activation, z: Array, a: Array) -> Iterator[Call]:
    """Write a = f(z); both are (batch, n_out)."""
    if kind_of(activation)[0] == "relu":
        yield partial(np.maximum, z, ZERO, out=a)
        yield partial(np.add, a, ZERO, a)  # of the two zeros, the positive one
    elif kind_of(activation)[0] == "tanh":
        yield partial(tanh_into, z, a)
    else:
        yield partial(activate, activation, z, a)


def pass_back_calls(activation: Activation, da: Array, z: Array, a: Array, dz: Array) -> Iterator[Call]:
    """Write ∂L/∂z of ∂L/∂a; all are (batch, n_out), and none lies where another does."""
    match kind_of(activation)[0]:
        case "relu":
            yield partial(np.sign, a, dz)
        case "tanh":
            yield partial(np.multiply, a, a, dz)
            yield partial(np.subtract, ONE, dz, dz)
        case "sigmoid":
            yield partial(np.subtract, ONE, a, dz)
            yield partial(np.multiply, a, dz, dz)
        case _:
            yield partial(pass_back, activation, da, z, a, dz)
            return
    yield partial(np.multiply, da, dz, dz)


def output_calls(output: OutputHead, a: Array, y: Array, dz: Array) -> Iterator[Call]:
    """Write ∂L/∂z = (a − y) / examples of the output layer; all are (batch, n_out)."""
    yield partial(np.subtract, a, y, dz)
    yield partial(np.multiply, dz, np.array(output.weight(y)), dz)


def begins_with_difference(task: Task) -> bool:
    """Whether ∂L/∂z of the output layer is a − y, times one factor for all examples."""
    if task.weights_of(task.train) is not None:
        return False
    match loss_kind(task.output.loss), kind_of(task.output.activation)[0]:
        case "bce", "sigmoid":
            return True
        case "cross-entropy", "softmax":  # times the sum of the targets
            return bool((sum_across(task.train.y) == 1.0).all())
    return False


class PreparedAdam:
    """The update of `Adam`, of numbers of 64 bits; one thread may use it."""

    def __init__(self, rule: Adam, size: int) -> None:
        """Make room for this many parameters."""
        self._rule = rule
        self._beta_1, self._rest_1 = np.array(rule.beta_1), np.array(1.0 - rule.beta_1)
        self._beta_2, self._rest_2 = np.array(rule.beta_2), np.array(1.0 - rule.beta_2)
        self._epsilon = np.array(rule.epsilon)
        self._share, self._root = np.empty(size), np.empty(size)

    def __call__(self, parameter: Array, gradient: Array, slots: Slots, rate: float) -> Moved:
        """The parameters and the slots after an update."""
        rule, share, root = self._rule, self._share, self._root
        m, v, t = slots
        count = float(t) + 1.0
        m = self._beta_1 * m
        m += np.multiply(self._rest_1, gradient, share)
        v = self._beta_2 * v
        np.multiply(self._rest_2, gradient, share)
        share *= gradient
        v += share
        m_hat, v_hat = m, v
        if rule.bias_correction:
            m_hat = np.divide(m, 1.0 - power(rule.beta_1, count), share)
            v_hat = np.divide(v, 1.0 - power(rule.beta_2, count), root)
        np.multiply(rate, m_hat, share)
        np.sqrt(v_hat, root)
        root += self._epsilon
        share /= root
        return parameter - share, (m, v, np.array(count))


def prepared_rule(rule: Optimizer, size: int) -> PreparedAdam | None:
    """The prepared update of this many parameters; None for a rule that has none."""
    return PreparedAdam(rule, size) if type(rule) is Adam else None
