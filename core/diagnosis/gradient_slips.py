"""Slips in dW and db, and in the update."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..functions.arrays import Array
from ..functions.optimizer import Moved, Slots
from ..functions.optimizers import SGD, Momentum
from .cause import Applies, Cause, Scope, Vary, always
from .computation import Computation, a_prev, moved_parameter, penalty_dW
from .conditions import (
    bends,
    both,
    corrects_bias,
    feeds_from_the_input,
    has_optimizer,
    has_penalty,
    is_mean,
    not_first,
    several_biases,
    several_examples,
    square,
    trains_bias,
)
from .forward_slips import slip
from .variations import (
    Rule,
    adam,
    count_of_examples,
    dW_from,
    example_only,
    move_by,
    moves,
    per_example,
    step_times,
    stepped,
    times,
    times_data,
)

DW, DB, W = "dW = dz.T @ a_prev", "db = dz.sum(axis=0)", "W = W - learning_rate * dW"
"""The right lines."""
LOOP = "dW += …, in the loop over the examples"


def of_both(
    name: str, words: str, at: dict[str, Vary], applies: Applies = always, right: str = DW, source: str = ""
) -> Cause:
    """A slip in dW and in db."""
    return slip(name, f"dW{{layer}} and db{{layer}} {words}", at, applies, right, source)


def of_W(name: str, words: str, vary: Vary, applies: Applies = always, right: str = DW, source: str = "") -> Cause:
    """A slip in dW."""
    return slip(name, f"dW{{layer}} {words}", {"dW": vary}, applies, right, source)


def of_b(name: str, words: str, vary: Vary, applies: Applies = always, right: str = DB, source: str = "") -> Cause:
    """A slip in db, where biases are trained."""
    return slip(name, f"{words}", {"db": vary}, both(trains_bias, applies), right, source)


def of_rule(name: str, sentence: str, rule: Rule, applies: Applies) -> Cause:
    """A slip in how the optimizer moves a parameter."""
    move = move_by(rule)
    return Cause(name=name, sentence=sentence, at=moves(move), rule=move, applies=applies, right=W, scope=Scope.WHOLE)


def of_update(name: str, sentence: str, at: dict[str, Vary], applies: Applies = always) -> Cause:
    """A slip in the whole update."""
    return slip(name, sentence, at, applies, W, scope=Scope.WHOLE)


def _before(which: int) -> Vary:
    def vary(run: Computation, layer: int, base: object) -> Array:
        assert run.setting.before is not None and callable(base)
        result: Array = base() + run.setting.before[which][layer - 1]
        return result

    return vary


def _db_from_da(run: Computation, layer: int, base: object) -> Array:
    shares = run.setting.trainer.network.bias.shares(np.ascontiguousarray(run.get("da", layer)))
    return np.asarray(shares.sum(axis=0))


def _look_ahead(rule: Any, w: Array, g: Array, slots: Slots, rate: float) -> Moved:
    v = rule.momentum * slots[0] + g
    return w - rate * (g + rule.momentum * v), (v,)


GRADIENT_SLIPS = (
    of_both(
        "1/m left out",
        "are not divided by the number of examples",
        {"dW": times_data(count_of_examples), "db": times(count_of_examples)},
        is_mean,
        f"{DW}  # dz has 1/m in it",
        "hunkim/DeepLearningZeroToAll#173",
    ),
    of_both(
        "1/m twice",
        "are divided by the number of examples once too often",
        {"dW": times_data(per_example), "db": times(per_example)},
        several_examples,
        f"{DW}  # dz has 1/m in it",
        "d2l-ai/d2l-en#1000",
    ),
    of_W(
        "1/m left out of dW",
        "is not divided by the number of examples",
        times_data(count_of_examples),
        is_mean,
        f"{DW}  # dz has 1/m in it",
    ),
    of_b(
        "1/m left out of db",
        "db{layer} is not divided by the number of examples",
        times(count_of_examples),
        is_mean,
        f"{DB}  # dz has 1/m in it",
        "kvfrans/notes#5",
    ),
    of_W(
        "1/m twice in dW",
        "is divided by the number of examples once too often",
        times_data(per_example),
        several_examples,
        f"{DW}  # dz has 1/m in it",
    ),
    of_b(
        "1/m twice in db",
        "db{layer} is divided by the number of examples once too often",
        times(per_example),
        several_examples,
        f"{DB}  # dz has 1/m in it",
    ),
    of_both(
        "last example only",
        "are those of the last example; add up all of them",
        example_only(-1),
        several_examples,
        LOOP,
    ),
    of_both(
        "first example only",
        "are those of the first example; add up all of them",
        example_only(0),
        several_examples,
        LOOP,
    ),
    of_W(
        "last example only in dW",
        "is that of the last example; add up all of them",
        example_only(-1)["dW"],
        several_examples,
        LOOP,
    ),
    of_b(
        "last example only in db",
        "db{layer} is that of the last example; add up all of them",
        example_only(-1)["db"],
        several_examples,
        LOOP,
    ),
    of_b(
        "first example only in db",
        "db{layer} is that of the first example; add up all of them",
        example_only(0)["db"],
        several_examples,
        LOOP,
        "deeplearning4j#366",
    ),
    slip(
        "gradients not cleared",
        "dW{layer} and db{layer} are the sum of this step's gradients and the last step's",
        {"dW": _before(0), "db": _before(1)},
        lambda setting, layer: setting.before is not None,
        "set dW and db to 0 before each step",
        "karpathy/micrograd#102",
        Scope.WHOLE,
    ),
    of_both("gradients turned round", "have the opposite sign", {"dW": times(-1.0), "db": times(-1.0)}),
    of_W("dW turned round", "has the opposite sign", times(-1.0)),
    of_b("db turned round", "db{layer} has the opposite sign", times(-1.0)),
    of_W(
        "dW from z",
        "is computed from the z of the layer before in place of its a",
        dW_from(lambda run, layer: run.get("z", layer - 1)),
        not_first,
    ),
    of_W(
        "dW from its own a",
        "is computed from a{layer}, the layer's own output, in place of its input",
        dW_from(lambda run, layer: run.get("a", layer)),
        square,
    ),
    of_W(
        "dW from x",
        "is computed from the network's input in place of the layer's",
        dW_from(lambda run, layer: run.get("x")),
        feeds_from_the_input,
    ),
    of_W("dW from da", "is computed from da{layer} in place of dz{layer}", dW_from(a_prev, "da"), bends),
    of_W("dW transposed", "is transposed", lambda run, layer, base: base().T, square),
    of_b(
        "db over the neurons",
        "every entry of db{layer} is the sum over all neurons: the axis of the sum is missing",
        lambda run, layer, base: np.full_like(base(), base().sum()),
        several_biases,
        DB,
        "rasbt/stat453-deep-learning-ss21#5",
    ),
    of_b("db from da", "db{layer} is computed from da{layer} in place of dz{layer}", _db_from_da, bends),
    of_b("db not computed", "db{layer} is 0", times(0.0)),
    of_W(
        "penalty left out of dW",
        "leaves the penalty out",
        lambda run, layer, base: base() - penalty_dW(run, layer),
        has_penalty,
        f"{DW} + λ * W",
    ),
)

UPDATE_SLIPS = (
    slip("added", "the update of layer {layer} adds where it should subtract", step_times(-1.0), right=W),
    of_update(
        "no learning rate",
        "the learning rate is missing in the update",
        step_times(lambda setting: 1.0 / setting.learning_rate),
    ),
    of_update(
        "learning rate squared",
        "the learning rate is multiplied twice",
        step_times(lambda setting: setting.learning_rate),
    ),
    of_update(
        "update divided by m",
        "the update divides by the number of examples once too often",
        step_times(per_example),
        several_examples,
    ),
    slip("updated twice", "layer {layer} is updated twice", step_times(2.0), right=W),
    slip(
        "not updated",
        "W{layer} and b{layer} are not updated",
        stepped(lambda run, layer, letter, gradient: run.get(letter, layer)),
        right=W,
    ),
    slip(
        "biases not updated",
        "b{layer} is not updated",
        {"b_next": lambda run, layer, base: run.get("b", layer)},
        trains_bias,
        "b = b - learning_rate * db",
    ),
    slip(
        "weights not updated",
        "W{layer} is not updated",
        {"W_next": lambda run, layer, base: run.get("W", layer)},
        right=W,
    ),
    slip(
        "step in place of the parameter",
        "W{layer} and b{layer} are replaced by their change",
        stepped(lambda run, layer, letter, gradient: moved_parameter(run, layer, letter)[0] - run.get(letter, layer)),
        right=W,
    ),
    of_rule(
        "plain step",
        "the update is plain gradient descent: the optimizer is not used",
        lambda rule, w, g, slots, rate: (w - rate * g, slots),
        lambda setting, layer: not isinstance(setting.trainer.optimizer, SGD),
    ),
    of_rule(
        "Nesterov's step",
        "the update looks ahead, as Nesterov's does",
        _look_ahead,
        has_optimizer(Momentum),
    ),
    of_rule(
        "t one too high",
        "t begins one too high in Adam's bias correction",
        lambda rule, w, g, slots, rate: adam(rule, w, g, slots, rate, later=1),
        corrects_bias,
    ),
)
