"""Conventions: other ways to compute or to print the same, under which nothing is wrong."""

from __future__ import annotations

from math import log

import numpy as np

from ..functions.arrays import Array
from ..functions.optimizers import AdaGrad, Adam, AdamW, Momentum, RMSProp
from .cause import Applies, Cause, CauseKind, Scope, Vary, always
from .computation import Computation, penalty, penalty_dW
from .conditions import (
    SQUARED,
    both,
    corrects_bias,
    has_bias,
    has_loss,
    has_optimizer,
    has_penalty,
    is_mean,
    is_sum,
    several_examples,
    several_outputs,
)
from .variations import (
    Base,
    Factor,
    Rule,
    adam,
    count_of_examples,
    move_by,
    moves,
    outputs,
    per_example,
    per_output,
    scaled,
    step_times,
    times,
    times_data,
    times_data_loss,
    velocity,
)


def convention(name: str, sentence: str, at: dict[str, Vary], applies: Applies = always, source: str = "") -> Cause:
    """Another way to compute the same, in all layers."""
    return Cause(
        name=name,
        sentence=sentence,
        at=at,
        kind=CauseKind.CONVENTION,
        scope=Scope.WHOLE,
        applies=applies,
        source=source,
    )


def by_rule(name: str, sentence: str, rule: Rule, applies: Applies) -> Cause:
    """Another way in which an optimizer moves a parameter."""
    return Cause(
        name=name,
        sentence=sentence,
        at=moves(move_by(rule)),
        rule=move_by(rule),
        kind=CauseKind.CONVENTION,
        scope=Scope.WHOLE,
        applies=applies,
    )


def of_loss(words: str, factor: float | Factor, applies: Applies = always, source: str = "") -> Cause:
    """Another factor of the loss, gradients included."""
    at = {"loss": times_data_loss(factor), "da": _of_the_output(times(factor))}
    return convention(f"the loss {words}", f"the loss {words}", at, applies, source)


def printed(words: str, vary: Vary, applies: Applies = always, source: str = "") -> Cause:
    """Another figure for the loss alone."""
    sentence = f"only the printed loss differs: it {words}"
    return convention(f"the printed loss {words}", sentence, {"loss": vary}, applies, source)


def _of_the_output(vary: Vary) -> Vary:
    return lambda run, layer, base: vary(run, layer, base) if layer == run.setting.layers else base()


def _log_loss(with_other_class: bool) -> Vary:
    """The cross-entropy with or without (1 − y) ln(1 − ŷ)."""

    def vary(run: Computation, layer: int, base: Base) -> Array:
        y_hat, y = run.get("a", run.setting.layers), run.get("y")
        each = y * np.log(y_hat) + ((1.0 - y) * np.log(1.0 - y_hat) if with_other_class else 0.0)
        return np.asarray(run.setting.trainer.output.reduce(-each.sum(axis=1), y) + penalty(run))

    return vary


def _penalty_of_biases(run: Computation) -> float:
    price = run.setting.trainer.penalty
    return sum(price.value(run.get("b", layer)) for layer in range(1, run.setting.layers + 1))


def _times_penalty(factor: Factor) -> dict[str, Vary]:
    """The penalty times a factor, in the loss and in the gradients."""
    return {
        "loss": lambda run, layer, base: base() + penalty(run) * (factor(run.setting) - 1.0),
        "dW": lambda run, layer, base: base() + penalty_dW(run, layer) * (factor(run.setting) - 1.0),
    }


SCALING = (Adam, AdamW, RMSProp, AdaGrad)
"""Optimizers that divide by the root of squares."""

CONVENTIONS = (
    of_loss("has a factor ½", 0.5, source="Open-Deep-ML/DML-OpenProblem#54"),
    of_loss("has no factor ½", 2.0),
    of_loss("is the mean over the outputs", per_output, several_outputs),
    of_loss("is the sum over the outputs", outputs, several_outputs),
    of_loss("is the sum over the examples", count_of_examples, is_mean),
    of_loss("is the mean over the examples", per_example, is_sum),
    convention(
        "1/m at the weights",
        "1/m is applied to dW and db, and not to dz",
        {"da": _of_the_output(times(count_of_examples)), "dW": times_data(per_example), "db": times(per_example)},
        is_mean,
        "udacity/deep-learning-v2-pytorch#24",
    ),
    convention(
        "y − ŷ, added",
        "the error is y − ŷ, and the update adds it",
        {"da": _of_the_output(times(-1.0)), **step_times(-1.0)},
    ),
    by_rule(
        "velocity as a moving average",
        "momentum is a moving average, v = βv + (1 − β)g",
        lambda rule, w, g, slots, rate: velocity(rule, w, g, slots, rate, 1.0 - rule.momentum),
        has_optimizer(Momentum),
    ),
    by_rule(
        "ε inside the root",
        "ε is added inside the root",
        lambda rule, w, g, slots, rate: scaled(rule, w, g, slots, rate, lambda s: np.sqrt(s + rule.epsilon)),
        has_optimizer(*SCALING),
    ),
    by_rule(
        "no ε",
        "ε is 0",
        lambda rule, w, g, slots, rate: scaled(rule, w, g, slots, rate, np.sqrt),
        has_optimizer(*SCALING),
    ),
    by_rule(
        "no bias correction",
        "m and v are used without their bias correction",
        lambda rule, w, g, slots, rate: adam(rule, w, g, slots, rate, corrected=False),
        corrects_bias,
    ),
    by_rule(
        "bias correction",
        "m and v are used with their bias correction",
        lambda rule, w, g, slots, rate: adam(rule, w, g, slots, rate, corrected=True),
        both(has_optimizer(Adam, AdamW), lambda setting, layer: not corrects_bias(setting, layer)),
    ),
    convention(
        "λ/m",
        "the penalty is divided by the number of examples",
        _times_penalty(per_example),
        both(has_penalty, several_examples),
        "scikit-learn#10477",
    ),
    convention("2λ", "the penalty has no factor ½", _times_penalty(lambda setting: 2.0), has_penalty),
    convention("λ/2", "the penalty has a factor ½ more", _times_penalty(lambda setting: 0.5), has_penalty),
    convention(
        "biases penalised",
        "biases are penalised too",
        {
            "loss": lambda run, layer, base: base() + _penalty_of_biases(run),
            "db": lambda run, layer, base: base() + run.setting.trainer.penalty.gradient(run.get("b", layer)),
        },
        both(has_penalty, has_bias, lambda setting, layer: not setting.trainer.penalty.biases),
        "scikit-learn#6780",
    ),
    convention(
        "decay apart from the gradient",
        "the penalty is taken off the weights apart from the gradient",
        {
            "dW": lambda run, layer, base: base() - penalty_dW(run, layer),
            "W_next": lambda run, layer, base: base() - run.setting.learning_rate * penalty_dW(run, layer),
        },
        has_penalty,
    ),
    printed("leaves the penalty out", lambda run, layer, base: base() - penalty(run), has_penalty),
    printed("has a factor ½", times_data_loss(0.5), source="scikit-learn#8349"),
    printed("has no factor ½", times_data_loss(2.0)),
    printed("is the mean over the outputs", times_data_loss(per_output), several_outputs),
    printed("is the sum over the outputs", times_data_loss(outputs), several_outputs),
    printed("is the sum over the examples", times_data_loss(count_of_examples), is_mean),
    printed("is the mean over the examples", times_data_loss(per_example), is_sum),
    printed("has the opposite sign", times_data_loss(-1.0)),
    printed("has a logarithm of base 2", times_data_loss(1.0 / log(2.0)), has_loss("bce", "cross-entropy")),
    printed("has a logarithm of base 10", times_data_loss(1.0 / log(10.0)), has_loss("bce", "cross-entropy")),
    printed("is a square root", lambda run, layer, base: np.sqrt(base()), SQUARED),
    printed("lacks the term (1 − y) ln(1 − ŷ)", _log_loss(with_other_class=False), has_loss("bce")),
    printed("has (1 − y) ln(1 − ŷ) added", _log_loss(with_other_class=True), has_loss("cross-entropy")),
)
