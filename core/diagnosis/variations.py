"""Building blocks of causes: how an operation of an update can vary.

Each returns an array of the shape of the original.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

import numpy as np

from ..functions.activations import activation_of
from ..functions.arrays import Array
from ..functions.optimizer import Moved, Slots
from ..functions.optimizers import AdaGrad, Adam
from .cause import Vary
from .computation import Computation, Move, a_prev, gradient_of, moved_parameter, penalty, penalty_dW
from .update_inputs import UpdateInputs

Factor: TypeAlias = Callable[[UpdateInputs], float]
Base: TypeAlias = Callable[[], Array]


def times(factor: float | Factor) -> Vary:
    """The result, times a factor."""
    return lambda run, layer, base: base() * _factor(factor, run.setting)


def times_data(factor: float | Factor) -> Vary:
    """dW times a factor, but for what the penalty adds."""

    def vary(run: Computation, layer: int, base: Base) -> Array:
        price = penalty_dW(run, layer)
        return (base() - price) * _factor(factor, run.setting) + price

    return vary


def times_data_loss(factor: float | Factor) -> Vary:
    """The loss times a factor, but for the penalty."""

    def vary(run: Computation, layer: int, base: Base) -> Array:
        price = penalty(run)
        return (base() - price) * _factor(factor, run.setting) + price

    return vary


def _factor(factor: float | Factor, setting: UpdateInputs) -> float:
    return factor(setting) if callable(factor) else factor


def count_of_examples(setting: UpdateInputs) -> float:
    """m."""
    return float(setting.batch)


def per_example(setting: UpdateInputs) -> float:
    """1/m."""
    return 1.0 / setting.batch


def outputs(setting: UpdateInputs) -> float:
    """n."""
    return float(setting.outputs)


def per_output(setting: UpdateInputs) -> float:
    """1/n."""
    return 1.0 / setting.outputs


def slope_of(of: Callable[[Array, Array], Array]) -> Vary:
    """Another derivative, of z and a."""
    return lambda run, layer, base: of(run.get("z", layer), run.get("a", layer))


def slope_at_a(run: Computation, layer: int, base: Base) -> Array:
    """f′ taken at a in place of z."""
    f, at = activation_of(run.setting.activation(layer)), run.get("a", layer)
    return f.derivative(at, f(at))


def error(run: Computation, layer: int, base: Base) -> Array:
    """dz = (ŷ − y), as for cross-entropy."""
    return (run.get("a", layer) - run.get("y")) * _weight(run)


def error_with_slope(run: Computation, layer: int, base: Base) -> Array:
    """dz = (ŷ − y) a (1 − a)."""
    a = run.get("a", layer)
    return (a - run.get("y")) * a * (1.0 - a) * _weight(run)


def squared_error_da(run: Computation, layer: int, base: Base) -> Array:
    """da = ŷ − y, as for the squared error."""
    return (run.get("a", layer) - run.get("y")) * _weight(run)


def da_of_z(run: Computation, layer: int, base: Base) -> Array:
    """da of the loss, of z in place of a."""
    return run.setting.trainer.output.da(run.get("z", layer), run.get("y"))


def da_of_every_pair(run: Computation, layer: int, base: Base) -> Array:
    """da of the loss, (batch, 1), each ŷ beside the mean of all y: the mean over all pairs."""
    if layer < run.setting.layers:
        return base()
    y = run.get("y")
    return run.setting.trainer.output.da(run.get("a", layer), np.full_like(y, y.mean()))


def loss_of_every_pair(run: Computation, layer: int, base: Base) -> Array:
    """The mean of the losses of every ŷ beside every y."""
    output, y_hat, y = run.setting.trainer.output, run.get("a", run.setting.layers), run.get("y")
    pairs = [output.reduce(output.loss.value(y_hat, np.full_like(y, each)), y) for each in y[:, 0]]
    return np.asarray(np.mean(pairs) + penalty(run))


def _weight(run: Computation) -> float:
    return 1.0 / run.setting.trainer.output.divisor(run.setting.batch, run.setting.outputs)


def activated_by(name: str) -> Vary:
    """a by another activation."""
    return lambda run, layer, base: activation_of(name)(np.ascontiguousarray(run.get("z", layer)))


def sloped_by(name: str) -> Vary:
    """Another activation's derivative."""
    return slope_of(lambda z, a: activation_of(name).derivative(z, a))


def example_only(which: int) -> dict[str, Vary]:
    """dW and db of one example, with the weight that it has in the batch."""

    def of_W(run: Computation, layer: int, base: Base) -> Array:
        dz = run.get("dz", layer)[which]
        return np.outer(dz, a_prev(run, layer)[which]) + penalty_dW(run, layer)

    def of_b(run: Computation, layer: int, base: Base) -> Array:
        dz = run.get("dz", layer)[which : which + 1 or None]
        shares = run.setting.trainer.network.bias.shares(np.ascontiguousarray(dz))
        return np.asarray(shares.sum(axis=0))

    return {"dW": of_W, "db": of_b}


def dW_from(source: Callable[[Computation, int], Array], delta: str = "dz") -> Vary:
    """dW of other numbers than a_prev, or of another delta than dz."""
    return lambda run, layer, base: run.get(delta, layer).T.dot(source(run, layer)) + penalty_dW(run, layer)


def da_by(weights: Callable[[Computation, int], Array], delta: str = "dz") -> Vary:
    """da of a hidden layer, passed back by other weights or from another delta."""
    return lambda run, layer, base: run.get(delta, layer + 1).dot(weights(run, layer + 1))


def stepped(change: Callable[[Computation, int, str, Array], Array]) -> dict[str, Vary]:
    """W and b after an update that goes another way, of a layer, its letter and its gradient."""

    def of(letter: str) -> Vary:
        def vary(run: Computation, layer: int, base: Base) -> Array:
            if letter == "b" and not run.setting.trainer.network.train_bias:
                return base()
            return change(run, layer, letter, gradient_of(run, layer, letter))

        return vary

    return {"W_next": of("W"), "b_next": of("b")}


def step_times(factor: float | Factor) -> dict[str, Vary]:
    """The step of the update, times a factor."""

    def change(run: Computation, layer: int, letter: str, gradient: Array) -> Array:
        old = run.get(letter, layer)
        return old + (moved_parameter(run, layer, letter)[0] - old) * _factor(factor, run.setting)

    return stepped(change)


Rule: TypeAlias = "Callable[[Any, Array, Array, Slots, float], Moved]"
"""A parameter after an update: of the optimizer, the parameter, its gradient, its slots and the learning rate."""


def move_by(rule: Rule) -> Move:
    """An update by another rule, with the optimizer's memory."""

    def move(run: Computation, layer: int, letter: str) -> Moved:
        setting, gradient = run.setting, gradient_of(run, layer, letter)
        slots = setting.slots_of(layer, letter)
        return rule(setting.trainer.optimizer, run.get(letter, layer), gradient, slots, setting.learning_rate)

    return move


def moves(move: Move) -> dict[str, Vary]:
    """W and b after an update that goes another way."""
    return stepped(lambda run, layer, letter, gradient: move(run, layer, letter)[0])


def velocity(rule: Any, w: Array, g: Array, slots: Slots, rate: float, share: float) -> Moved:
    """Momentum's update, with a share of the gradient in the velocity."""
    v = rule.momentum * slots[0] + share * g
    return w - rate * v, (v,)


def adam(
    rule: Any,
    w: Array,
    g: Array,
    slots: Slots,
    rate: float,
    root: Callable[[Array], Array] | None = None,
    corrected: bool | None = None,
    later: int = 0,
) -> Moved:
    """Adam's or AdamW's update, with another root of v, with or without bias correction, or with a later t."""
    m, v, t = slots
    m = m_hat = rule.beta_1 * m + (1.0 - rule.beta_1) * g
    v = v_hat = rule.beta_2 * v + (1.0 - rule.beta_2) * g * g
    if rule.bias_correction if corrected is None else corrected:
        m_hat = m / (1.0 - rule.beta_1 ** (float(t) + 1 + later))
        v_hat = v / (1.0 - rule.beta_2 ** (float(t) + 1 + later))
    decay: float = getattr(rule, "weight_decay", 0.0)
    below = root(v_hat) if root else np.sqrt(v_hat) + rule.epsilon
    return w * (1.0 - rate * decay) - rate * m_hat / below, (m, v, np.asarray(t + 1.0))


def scaled(rule: Any, w: Array, g: Array, slots: Slots, rate: float, root: Callable[[Array], Array]) -> Moved:
    """The update of a rule that divides by the root of squares, with another root."""
    match rule:
        case Adam():
            return adam(rule, w, g, slots, rate, root)
        case AdaGrad():
            squares = slots[0] + g * g
        case _:
            squares = rule.alpha * slots[0] + (1.0 - rule.alpha) * g * g
    return w - rate * g / root(squares), (squares,)
