"""The options that change a preset for one call."""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

import click

from .option_types import AT_LEAST_0, BATCH_SIZE, LEARNING_RATE, SHARE, Described, FunctionName, OneOf

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
    click.option("--activation", type=FunctionName(_activations), help="Activation of the hidden layers."),
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
<<<<<<< HEAD
=======


def preset_with(
    target: str,
    activation: str | None = None,
    weights: str | None = None,
    layout: str | None = None,
    data: str | None = None,
    header: bool | None = None,
    target_columns: list[str] | None = None,
    standardize: bool | None = None,
    test: float | None = None,
    **training: Any,
) -> Preset:
    """The preset that TARGET names, changed by the options.

    Raises:
        PresetError: there is no such preset, or it cannot be used.
    """
    preset = _named(target, training.get("loss"), has_data=data is not None)
    given = {name: value for name, value in training.items() if value is not None}
    if "optimizer" in given and "learning_rate" not in given:
        own = preset.training.optimizer
        given |= usual_learning_rate(own if isinstance(own, str) else tag_of(own), given["optimizer"])
    changed = replace(
        preset, training=replace(preset.training, **given), data=_data(preset, data, header, target_columns)
    )
    if standardize:
        changed = replace(changed, data=replace(changed.data, standardize=True))
    if test is not None:
        changed = replace(changed, data=replace(changed.data, test=test, train_rows=None))
    if activation is not None:
        changed = replace(changed, network=replace(changed.network, activations=_hidden(changed, activation)))
    if "seed" in given and changed.network.init:
        init = replace(changed.network.init, seed=given["seed"])
        changed = replace(changed, network=replace(changed.network, init=init))
    if weights is not None:
        from ...presets.brought.weights import with_weights

        changed = with_weights(changed, Path(weights), layout)
    elif layout is not None:
        raise click.UsageError("--layout: expected --weights with it")
    return check_preset(changed, preset.name)


def _named(target: str, loss: str | None, *, has_data: bool) -> Preset:
    """The preset that a TARGET names; with data, numbers of neurons are a shape, even where a preset has that name."""
    if has_data and SHAPE.fullmatch(target):
        if target in (*builtin_names(), *user_names()):
            what = f"{target} is a shape here, because of --data, and not the preset of that name"
            click.echo(f"nn-tui: {what}; nn-tui export {target} --format toml writes that one to a file", err=True)
        return preset_of_shape(target, loss)
    preset = find(target)
    if preset.data == DataTable():
        raise click.UsageError(f"--data: expected the examples for a network of shape {target}")
    return preset


def usual_learning_rate(own: str, optimizer: str) -> dict[str, float]:
    """The learning rate that another optimizer usually has, said in a line; the one there is is meant for its own.

    Args:
        own: the name of the optimizer there is.
        optimizer: that of the one that was asked for.
    """
    if optimizer == own:
        return {}
    rate = OPTIMIZERS[optimizer].learning_rate
    click.echo(f"nn-tui: learning rate {rate:g}, as is usual for {optimizer}; --learning-rate sets another", err=True)
    return {"learning_rate": rate}


def _data(preset: Preset, file: str | None, header: bool | None, target: list[str] | None) -> DataTable:
    """The preset's data, or the file that was named instead."""
    if file is not None:
        name = file if file == STDIN else str(Path(file).absolute())
        return DataTable(file=name, header=header, target=[*target] if target else None)
    for option, value in (("--target", target), ("--header", header)):
        if value is not None:
            raise click.UsageError(f"{option}: expected --data with it")
    return preset.data


def _hidden(preset: Preset, activation: str) -> list[str]:
    """The activation for every hidden layer, and the output's own."""
    own = preset.network.activations
    return [activation] * (len(preset.network.layers) - 2) + [own if isinstance(own, str) else own[-1]]
>>>>>>> 4b7e1b2 (Begin with the weights of another program: --weights reads PyTorch's, Keras' and scikit-learn's)
