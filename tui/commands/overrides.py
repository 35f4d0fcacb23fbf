"""The options that change a preset for one call."""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

import click

from .option_types import AT_LEAST_0, BATCH_SIZE, LEARNING_RATE, SHARE, ActivationName, Described, FunctionName, OneOf

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


OPTIONS = (
    click.option("--learning-rate", type=LEARNING_RATE, help="Learning rate."),
    click.option("--optimizer", type=FunctionName(_optimizers), help="Optimizer."),
    click.option("--loss", type=FunctionName(_losses), help="Loss function."),
    click.option(
        "--activation",
        type=ActivationName(_activations),
        help="Activation of the hidden layers, such as tanh or leaky-relu(0.2).",
    ),
    click.option("--batch-size", type=BATCH_SIZE, help="Number of examples per update."),
    click.option("--seed", type=AT_LEAST_0, help="Random seed."),
    click.option(
        "--weights",
        type=click.Path(),
        help="Begin with the weights and biases in this file: .npz, .safetensors or .json.",
    ),
    click.option(
        "--layout",
        type=OneOf(("out-in", "in-out")),
        help="How W is laid out in that file: (out, in) as in PyTorch, or (in, out) as in Keras.",
    ),
    click.option("--data", type=click.Path(), help="Train on this CSV file; - reads the standard input."),
    click.option(
        "--header/--no-header",
        default=None,
        help="Whether the first row of the CSV file has the column names; detected by default.",
    ),
    click.option(
        "--target",
        "target_columns",
        multiple=True,
        callback=lambda context, option, value: list(value) or None,
        help="Column to predict, by name or position; the default is the last. Repeat it for several outputs.",
    ),
    click.option(
        "--standardize", is_flag=True, default=None, help="Scale each feature to mean 0 and standard deviation 1."
    ),
    click.option("--test", type=SHARE, help="Fraction of the examples to hold out for testing, such as 0.25."),
)


def overriding(command: Command) -> Command:
    """Give a command the options that change a preset."""
    for option in reversed(OPTIONS):
        command = option(command)
    return command
