"""Random networks with an update of each, and the figures that a cause leads to in it."""

from collections.abc import Iterator

import numpy as np

from nn_tui.core.data.dataset import Batches, Dataset
from nn_tui.core.diagnosis.cause import Cause, Variant
from nn_tui.core.diagnosis.computation import Computation, Rounding
from nn_tui.core.diagnosis.diagnose import CAUSES
from nn_tui.core.diagnosis.figures import UserArray, user_array_of
from nn_tui.core.diagnosis.update_inputs import Figure, UpdateInputs
from nn_tui.core.functions.activations import ACTIVATIONS
from nn_tui.core.functions.losses import LOSSES
from nn_tui.core.functions.optimizers import SGD, Adam, Momentum
from nn_tui.core.functions.output_head import OutputHead
from nn_tui.core.functions.penalty import Penalty
from nn_tui.core.network.network import Layer, Network
from nn_tui.core.training.trainer import Trainer

HIDDEN = ("sigmoid", "tanh", "relu", "leaky-relu", "identity")
HEADS = (
    ("sigmoid", "bce"),
    ("softmax", "cross-entropy"),
    ("identity", "mse"),
    ("identity", "half-sse"),
    ("sigmoid", "half-sse"),
    ("tanh", "sse"),
    ("sigmoid", "mse"),
)
PARAMETERS = ("x", "y", "W", "b")
"""Names of what an update begins with."""


def random_setting(seed: int, batch: int | None = None) -> UpdateInputs:
    """An update of a network of 1 to 4 layers of 1 to 5 neurons, with 1 to 6 examples."""
    rng = np.random.default_rng(seed)
    head, loss = HEADS[rng.integers(len(HEADS))]
    sizes = [int(each) for each in rng.integers(1, 6, rng.integers(2, 6))]
    if head == "softmax":
        sizes[-1] = max(sizes[-1], 2)
    names = [*(str(each) for each in rng.choice(HIDDEN, len(sizes) - 2)), head]
    network = Network(
        tuple(
            Layer(n_in, n_out, ACTIVATIONS[name])
            for n_in, n_out, name in zip(sizes[:-1], sizes[1:], names, strict=True)
        )
    )
    examples = batch or int(rng.integers(1, 7))
    X = rng.normal(0.0, 1.0, (examples, sizes[0]))
    y = rng.uniform(0.0, 1.0, (examples, sizes[-1]))
    if loss == "bce":
        y = np.round(y)
    if loss == "cross-entropy":
        y = np.eye(sizes[-1])[rng.integers(sizes[-1], size=examples)]
    rate = float(rng.choice([0.05, 0.1, 0.3]))
    optimizer = (SGD(rate), SGD(rate), Momentum(rate), Adam(rate))[rng.integers(4)]
    trainer = Trainer(
        network=network,
        output=OutputHead(ACTIVATIONS[head], LOSSES[loss], str(rng.choice(["mean", "sum"], p=[0.8, 0.2]))),
        optimizer=optimizer,
        batches=Batches(examples, examples, False, 0),
        train=Dataset(X=X, y=y),
        penalty=Penalty(l2=0.1) if rng.random() < 0.3 else Penalty(),
    )
    W = tuple(rng.normal(0.0, 1.0, (layer.n_out, layer.n_in)) for layer in network.layers)
    b = tuple(rng.normal(0.0, 0.5, layer.n_out) for layer in network.layers)
    return UpdateInputs.of(trainer, trainer.start(W, b))


def all_figures(setting: UpdateInputs) -> list[Figure]:
    """All arrays but those that an update begins with."""
    return [each for each in setting.figures() if each.name not in PARAMETERS]


def figures_of(
    setting: UpdateInputs,
    variant: Variant | None,
    names: list[Figure],
    decimals: int | None = None,
    rounding: Rounding | None = None,
) -> dict[Figure, UserArray]:
    """These arrays as somebody with that cause in their code would bring them."""
    run = Computation(setting, variant, rounding=rounding)
    with np.errstate(all="ignore"):
        arrays = {figure: run.get(*figure) for figure in names}
    if decimals is not None:
        return {
            figure: UserArray(np.round(array, decimals), np.full(array.shape, 0.5 * 10.0**-decimals), decimals)
            for figure, array in arrays.items()
        }
    return {figure: user_array_of(array, array.shape) for figure, array in arrays.items()}


def variants_of(setting: UpdateInputs) -> Iterator[tuple[Cause, Variant]]:
    """Every cause in each of its sets of layers."""
    for cause in CAUSES:
        for variant in cause.variants(setting):
            yield cause, variant


def same_figures(one: dict[Figure, UserArray], other: dict[Figure, UserArray]) -> bool:
    """Whether two sets of figures are the same numbers, or printed the same."""
    for figure, each in one.items():
        values = other[figure].values
        if not (np.abs(each.values - values) <= each.allowed(values)).all():
            return False
    return True
