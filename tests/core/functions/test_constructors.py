"""What is no function or network is refused in one sentence, where it is made."""

from collections.abc import Callable
from dataclasses import fields
from math import inf, nan

import pytest

from nn_tui.core.functions.activations import ACTIVATIONS
from nn_tui.core.functions.losses import LOSSES
from nn_tui.core.functions.optimizer import Clipping
from nn_tui.core.functions.optimizers import OPTIMIZERS, SGD, AdaDelta, AdaGrad, Adam, AdamW, Momentum
from nn_tui.core.functions.output_head import OutputHead
from nn_tui.core.functions.penalty import Penalty
from nn_tui.core.functions.ranges import check_ranges, ranges_of
from nn_tui.core.functions.schedules import Cosine, Exponential, Steps
from nn_tui.core.network.network import Layer, Network

RELU = ACTIVATIONS["relu"]


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (lambda: SGD(-1.0), "SGD: learning_rate must be a finite number above 0, got -1.0"),
        (lambda: SGD(0.0), "SGD: learning_rate must be a finite number above 0, got 0.0"),
        (lambda: SGD(nan), "SGD: learning_rate must be a finite number above 0, got nan"),
        (lambda: SGD(inf), "SGD: learning_rate must be a finite number above 0, got inf"),
        (lambda: SGD(0.1).with_learning_rate(-2), "SGD: learning_rate must be a finite number above 0, got -2"),
        (lambda: Momentum(momentum=1.1), "Momentum: momentum must be a number from 0 to 1, got 1.1"),
        (lambda: Adam(beta_1=2), "Adam: beta_1 must be a number from 0 up and below 1, got 2"),
        (lambda: Adam(beta_2=-0.1), "Adam: beta_2 must be a number from 0 up and below 1, got -0.1"),
        (lambda: AdaGrad(epsilon=0.0), "AdaGrad: epsilon must be a finite number above 0, got 0.0"),
        (lambda: AdaDelta(rho=1.5), "AdaDelta: rho must be a number from 0 up and below 1, got 1.5"),
        (lambda: AdamW(weight_decay=-1.0), "AdamW: weight_decay must be a finite number from 0 up, got -1.0"),
        (lambda: Steps(every=0), "Steps: every must be a whole number from 1 up, got 0"),
        (lambda: Exponential(gamma=0.0), "Exponential: gamma must be a finite number above 0, got 0.0"),
        (lambda: Cosine(epochs=0), "Cosine: epochs must be a whole number from 1 up, got 0"),
        (lambda: Cosine(epochs=1, least=1.0), "Cosine: least must be a number from 0 up and below 1, got 1.0"),
        (lambda: Penalty(l1=-0.1), "Penalty: l1 must be a finite number from 0 up, got -0.1"),
        (
            lambda: Penalty(form="2λ"),
            "Penalty: form must be 'lambda/2' or 'lambda' or 'lambda/m' or 'lambda/2m', got '2λ'",
        ),
        (lambda: Penalty(acts_on="W"), "Penalty: acts_on must be 'loss' or 'gradient' or 'weights', got 'W'"),
        (lambda: Penalty(l2=inf), "Penalty: l2 must be a finite number from 0 up, got inf"),
        (lambda: Clipping(norm=0.0), "Clipping: norm must be a number above 0, got 0.0"),
        (lambda: Clipping(value=nan), "Clipping: value must be a number above 0, got nan"),
        (lambda: Layer(-1, 2, RELU), "Layer: n_in must be a whole number from 1 up, got -1"),
        (lambda: Layer(2.5, 1, RELU), "Layer: n_in must be a whole number from 1 up, got 2.5"),  # type: ignore[arg-type]
        (lambda: Layer(2, 0, RELU), "Layer: n_out must be a whole number from 1 up, got 0"),
        (lambda: Network(()), "Network: layers must be at least one, got none"),
        (
            lambda: Network((Layer(2, 3, RELU), Layer(4, 1, RELU))),
            "Network: layer 2 must take the 3 numbers of layer 1, got 4",
        ),
        (
            lambda: OutputHead(RELU, LOSSES["mse"], "total"),
            "OutputHead: reduction must be 'mean' or 'sum' or 'mean-over-outputs', got 'total'",
        ),
    ],
)
def test_nonsense_is_refused_in_a_sentence(make: Callable[[], object], sentence: str) -> None:
    with pytest.raises(ValueError) as caught:
        make()

    assert str(caught.value) == sentence


@pytest.mark.parametrize("rule", OPTIMIZERS.values(), ids=list(OPTIMIZERS))
def test_every_setting_of_an_optimizer_has_a_range(rule: type) -> None:
    settings = {field.name for field in fields(rule) if field.type is not bool}

    assert settings == set(ranges_of(rule)), f"{rule.__name__}: say by its type what each setting may be, as Share"


def test_the_ends_of_ranges_are_taken_where_they_belong_to_them() -> None:
    for settings in (Momentum(momentum=0.0), AdamW(weight_decay=0.0), Penalty(), Clipping(), Steps(every=1)):
        check_ranges(settings)
