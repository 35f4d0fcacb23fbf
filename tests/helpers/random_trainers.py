"""Random trainings of small networks, of everything that the kernel knows."""

from dataclasses import replace
from math import inf

import numpy as np

from nn_tui.core.data.dataset import Batches, Dataset
from nn_tui.core.engine import generated
from nn_tui.core.engine.arithmetic import ORDERED
from nn_tui.core.engine.choice import EngineChoice
from nn_tui.core.engine.in_python import PythonEngine
from nn_tui.core.engine.task import ACTIVATION_KINDS, LOSS_KINDS, OPTIMIZER_SETTINGS
from nn_tui.core.functions.activations import activation_of
from nn_tui.core.functions.arrays import Array, frozen
from nn_tui.core.functions.losses import LOSSES
from nn_tui.core.functions.optimizer import Clipping
from nn_tui.core.functions.output_head import REDUCTIONS, OutputHead, pair_fault
from nn_tui.core.functions.penalty import ACTS_ON, FORMS, Penalty
from nn_tui.core.functions.schedules import Constant, Cosine, Exponential, InverseTime, Schedule, Steps, WarmUp
from nn_tui.core.network.network import Bias, Layer, Network
from nn_tui.core.steps.state import State
from nn_tui.core.steps.stop import Watched
from nn_tui.core.training.trainer import Trainer

SCHEDULES: tuple[Schedule, ...] = (
    *(Constant(), Steps(every=2, gamma=0.5), Exponential(gamma=0.9), Cosine(epochs=4)),
    *(InverseTime(k=0.1), WarmUp(updates=5)),
)
HIDDEN = (*ACTIVATION_KINDS[:-1], "leaky-relu(0.2)", "elu(0.5)")


def random_trainer(seed: int, with_test: bool = False, is_tiny: bool = False) -> Trainer:
    """A training of 1 to 4 layers of 1 to 9 neurons, on 1 to 12 examples; a tiny one is for generated Python."""
    rng = np.random.default_rng(seed)
    loss = str(rng.choice(generated.LOSSES if is_tiny else LOSS_KINDS))
    hidden = (*generated.ACTIVATIONS, "leaky-relu(0.2)") if is_tiny else HIDDEN
    heads = [name for name in (*hidden, *(() if is_tiny else ("softmax",))) if pair_fault(loss, name) is None]
    head = str(rng.choice(heads))
    sizes = [int(each) for each in rng.integers(1, 5 if is_tiny else 10, rng.integers(2, 5 if is_tiny else 6))]
    sizes[-1] = max(sizes[-1], 2) if head == "softmax" else sizes[-1]
    names = [*map(str, rng.choice(hidden, len(sizes) - 2)), head]
    layers = (Layer(*each[:2], activation_of(each[2])) for each in zip(sizes, sizes[1:], names, strict=False))
    examples = int(rng.integers(1, 13))
    is_weighted = rng.integers(3) == 0 and not is_tiny
    data = _data(rng, examples, sizes, loss, is_weighted)
    kind = list(OPTIMIZER_SETTINGS)[rng.integers(len(OPTIMIZER_SETTINGS))]
    l1, l2 = rng.choice([0.0, 0.01], 2).tolist()
    penalty = Penalty(
        l1,
        l2,
        form=str(rng.choice(FORMS)),
        biases=bool(rng.integers(2)),
        acts_on=str(rng.choice(ACTS_ON)),
        examples=examples,
    )
    watched = [Watched.TRAIN, *([Watched.TEST] if with_test else [])]
    return Trainer(
        network=Network(tuple(layers), list(Bias)[rng.integers(3)], train_bias=bool(rng.integers(4))),
        output=OutputHead(activation_of(head), LOSSES[loss], str(rng.choice(REDUCTIONS))),
        optimizer=kind(learning_rate=float(rng.choice([0.003, 0.1, 0.5]))),
        batches=Batches(examples, int(rng.integers(1, examples + 1)), bool(rng.integers(2)), seed % 7),
        train=data,
        test=_data(rng, 3, sizes, loss, is_weighted) if with_test else None,
        schedule=SCHEDULES[rng.integers(len(SCHEDULES))],
        penalty=penalty if rng.integers(3) == 0 and not is_tiny else Penalty(),
        clipping=Clipping(*rng.choice([inf, 0.1], 2).tolist()) if rng.integers(3) == 0 and not is_tiny else Clipping(),
        watched=watched[rng.integers(len(watched))] if rng.integers(3) == 0 and not is_tiny else Watched.NOTHING,
        arithmetic=ORDERED,
    )


def dying_trainer(seed: int, is_tiny: bool = False) -> Trainer:
    """A training whose relu neurons die and revive: most layers of relu, large steps, up to 40 examples."""
    rng, trainer = np.random.default_rng(seed), random_trainer(seed, with_test=seed % 2 == 0, is_tiny=is_tiny)
    *hidden, last = trainer.network.layers
    relu = activation_of("relu")
    layers = [replace(each, activation=relu) if rng.integers(4) else each for each in hidden]
    count, train = int(rng.integers(1, 41)), trainer.train
    rows = rng.integers(0, len(train), count)
    X: Array = train.X[rows] + rng.normal(0.0, 0.5, (count, train.X.shape[1]))
    weights = None if train.weights is None else frozen(train.weights[rows])
    return replace(
        trainer,
        network=replace(trainer.network, layers=(*layers, last)),
        optimizer=trainer.optimizer.with_learning_rate(float(rng.choice([0.01, 0.1, 0.5, 3.0]))),
        batches=replace(trainer.batches, examples=count, size=int(rng.integers(1, count + 1))),
        train=Dataset(X=frozen(X), y=frozen(train.y[rows]), weights=weights),
    )


def random_state(trainer: Trainer, seed: int) -> State:
    """A state that its training could begin with."""
    rng = np.random.default_rng(seed)
    parameters = frozen(rng.normal(0.0, 1.0, trainer.network.layout.size))
    slots = trainer.optimizer.slots(parameters[trainer.network.trained])
    return State(0, 0, 0, parameters, tuple(map(frozen, slots)), trainer.network.layout)


def state_of_zeros(trainer: Trainer, seed: int) -> State:
    """A state whose parameters are 0, each with a random sign."""
    state = random_state(trainer, seed)
    return replace(state, parameters=frozen(np.copysign(0.0, state.parameters)))


def by_numpy(trainer: Trainer) -> Trainer:
    """The same training, of which NumPy computes every step."""
    slow = replace(trainer)
    slow.__dict__["engine"] = type(trainer.engine)(None, "asked for")
    return slow


def by_python(trainer: Trainer) -> Trainer:
    """The same training, whose bursts are made by generated Python."""
    tiny = replace(trainer)
    tiny.__dict__["engine"] = EngineChoice(None, "asked for", PythonEngine(tiny, tiny._burst_by_numpy))
    return tiny


def _data(rng: np.random.Generator, examples: int, sizes: list[int], loss: str, is_weighted: bool) -> Dataset:
    y: Array = rng.normal(0.0, 1.0, (examples, sizes[-1]))
    if loss in ("bce", "cross-entropy"):
        y = rng.integers(0, 2, y.shape).astype(float)
    if loss == "hinge":
        y = np.sign(y)
    weights = frozen(rng.choice([0.1, 1.0, 3.0], examples)) if is_weighted else None
    return Dataset(X=frozen(rng.normal(0.0, 1.0, (examples, sizes[0]))), y=frozen(y), weights=weights)
