"""The options that change a preset for one call."""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

import click

from .option_types import (
    AT_LEAST_0,
    AT_LEAST_1,
    BATCH_SIZE,
    FILE_NAME,
    LEARNING_RATE,
    SHARE,
    Described,
    Encoding,
    FunctionName,
    NameWithNumber,
    NumberList,
    OneOf,
    SettingsType,
)

Command = TypeVar("Command", bound=Callable[..., Any])


def _activations() -> Mapping[str, Described]:
    from ...core.functions.activations import ACTIVATIONS

    return ACTIVATIONS


def _losses() -> Mapping[str, Described]:
    from ...core.functions.losses import LOSSES

    return LOSSES


def _optimizers() -> Mapping[str, Described]:
    from ...core.functions.optimizers import OPTIMIZERS

    return OPTIMIZERS


def _columns(context: click.Context, option: click.Parameter, value: tuple[str, ...]) -> list[str] | None:
    return list(value) or None


BY_NAME = {
    "learning_rate": click.option("--learning-rate", type=LEARNING_RATE, help="Learning rate."),
    "optimizer": click.option("--optimizer", type=FunctionName(_optimizers), help="Optimizer."),
    "loss": click.option("--loss", type=NameWithNumber(_losses), help="Loss function."),
    "activation": click.option(
        "--activation",
        type=NameWithNumber(_activations),
        help="Activation of the hidden layers, such as tanh or leaky-relu(0.2).",
    ),
    "reduction": click.option(
        "--reduction",
        type=OneOf(("mean", "sum", "mean-over-outputs")),
        help="The loss of a batch: the mean or the sum over its examples, or the mean over examples and outputs.",
    ),
    "schedule": click.option(
        "--schedule",
        type=SettingsType(has_name=True),
        help="Schedule of the learning rate with its settings, such as cosine,epochs=50.",
    ),
    "penalty": click.option(
        "--penalty",
        type=SettingsType(has_name=False),
        help="Penalty for large weights, such as l2=0.01 or l1=0.001,biases=true.",
    ),
    "class_weights": click.option(
        "--class-weights",
        type=NumberList(),
        help="Weight of each class in the loss, such as 1,5.",
    ),
    "patience": click.option(
        "--patience",
        type=AT_LEAST_1,
        help="Stop if the loss has not fallen for this many epochs; with held-out examples, their loss.",
    ),
    "batch_size": click.option("--batch-size", type=BATCH_SIZE, help="Number of examples per update."),
    "seed": click.option("--seed", type=AT_LEAST_0, help="Random seed."),
    "weights": click.option(
        "--weights",
        type=FILE_NAME,
        help="Start with the weights and biases in this file: .npz, .safetensors or .json.",
    ),
    "layout": click.option(
        "--layout",
        type=OneOf(("out-in", "in-out")),
        help="How W is laid out in that file: (out, in) as in PyTorch, or (in, out) as in Keras.",
    ),
    "data": click.option("--data", type=FILE_NAME, help="Train on this CSV or .npz file; - reads the standard input."),
    "header": click.option(
        "--header/--no-header",
        default=None,
        help="Whether the first row of the CSV file has the column names; detected by default.",
    ),
    "target_columns": click.option(
        "--target",
        "target_columns",
        multiple=True,
        callback=_columns,
        help="Column to predict, by name or position; the default is the last. Repeat it for several outputs.",
    ),
    "features": click.option(
        "--features",
        multiple=True,
        callback=_columns,
        help="Columns to predict from, such as x1,x2; the default is all other columns.",
    ),
    "ignore": click.option("--ignore", multiple=True, callback=_columns, help="Columns to leave out, such as id,date."),
    "one_hot": click.option(
        "--one-hot",
        multiple=True,
        callback=_columns,
        help="Columns of text: one input, 0 or 1, for each value in the column.",
    ),
    "missing": click.option(
        "--missing",
        type=OneOf(("drop", "mean")),
        help="What to do with a missing value: drop its row, or fill in the mean of the training examples.",
    ),
    "encoding": click.option(
        "--encoding", type=Encoding(), help="Encoding of the CSV file, such as latin-1; detected by default."
    ),
    "standardize": click.option(
        "--standardize", is_flag=True, default=None, help="Scale each feature to mean 0 and standard deviation 1."
    ),
    "standardize_target": click.option(
        "--standardize-target", is_flag=True, default=None, help="Scale the target of a regression in the same way."
    ),
    "test": click.option("--test", type=SHARE, help="Fraction of the examples to hold out, such as 0.25."),
    "shuffle": click.option(
        "--shuffle/--no-shuffle", default=None, help="Change the order of the examples in each epoch."
    ),
}
"""By the names of what they change."""
OPTIONS = tuple(BY_NAME.values())


def overriding(command: Command) -> Command:
    """Give a command the options that change a preset."""
    for option in reversed(OPTIONS):
        command = option(command)
    return command


def overriding_only(*names: str) -> Callable[[Command], Command]:
    """Give a command some of them."""

    def give(command: Command) -> Command:
        for name in reversed(names):
            command = BY_NAME[name](command)
        return command

    return give
