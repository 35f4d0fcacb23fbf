"""The preset that TARGET names, changed by the options of one call."""

from pathlib import Path
from typing import Any

import click
from msgspec import to_builtins
from msgspec.structs import replace

from ...core.functions.optimizers import OPTIMIZERS
from ...presets.catalogue import SHAPE, builtin_names, find, preset_of_shape, user_names
from ...presets.csv.encoding import STDIN
from ...presets.data_budget import USUAL_BUDGET, DataBudget
from ...presets.examples import has_two_classes, with_inline_data
from ...presets.preset_file import check_preset, preset_of_tables
from ...presets.rule_tables import tag_of
from ...presets.schema import DataTable, Preset
from .output import say_later

TABLES = ("schedule", "penalty", "class_weights", "patience")
"""Options that are tables or lists of a preset's training."""
READING = {
    "header": "header",
    "target_columns": "target",
    "features": "features",
    "ignore": "ignore",
    "one_hot": "one_hot",
    "missing": "missing",
    "encoding": "encoding",
}
"""Options that say how a file is read, and the keys of a preset that they are."""


def preset_with(
    target: str,
    activation: str | None = None,
    weights: str | None = None,
    layout: str | None = None,
    data: str | None = None,
    standardize: bool | None = None,
    standardize_target: bool | None = None,
    test: float | None = None,
    budget: DataBudget = USUAL_BUDGET,
    **training: Any,
) -> Preset:
    """The preset that TARGET names, changed by the options.

    Raises:
        PresetError: there is no such preset, or it cannot be used.
    """
    preset = _named(target, training.get("loss"), has_data=data is not None)
    reading = {key: training.pop(name, None) for name, key in READING.items()}
    tables = {name: value for name in TABLES if (value := training.pop(name, None)) is not None}
    given = {name: value for name, value in training.items() if value is not None}
    if "optimizer" in given and "learning_rate" not in given:
        own = preset.training.optimizer
        given |= usual_learning_rate(own if isinstance(own, str) else tag_of(own), given["optimizer"])
    changed = replace(preset, training=replace(preset.training, **given), data=_data(preset, data, reading))
    if data is not None and SHAPE.fullmatch(target) and "loss" not in given and not standardize_target:
        changed = _with_loss_of_two_classes(changed, budget)
    if tables:
        changed = _with_tables(changed, tables)
    if standardize:
        changed = replace(changed, data=replace(changed.data, standardize=True))
    if standardize_target:
        changed = replace(changed, data=replace(changed.data, standardize_target=True))
    if test is not None:
        changed = replace(changed, data=replace(changed.data, test=test, train_rows=None))
    if activation is not None:
        changed = replace(changed, network=replace(changed.network, activations=_hidden(changed, activation)))
    if "seed" in given and changed.network.init:
        init = replace(changed.network.init, seed=given["seed"])
        changed = replace(changed, network=replace(changed.network, init=init))
    if weights is not None:
        from ...presets.user_arrays.weights import with_weights

        changed = with_weights(changed, Path(weights), layout)
    elif layout is not None:
        raise click.UsageError("--layout: expected --weights with it")
    return check_preset(changed, preset.name)


def _with_tables(preset: Preset, changes: dict[str, Any]) -> Preset:
    """The preset with other tables of its training; patience is added to its stop."""
    tables = to_builtins(replace(preset, data=DataTable(inputs=[[0.0]], targets=[[0.0]])))
    if (patience := changes.pop("patience", None)) is not None:
        changes["stop"] = {**tables["training"]["stop"], "patience": patience}
    tables["training"] |= changes
    return replace(preset, training=preset_of_tables(tables, preset.name).training)


def _named(target: str, loss: str | None, *, has_data: bool) -> Preset:
    """The preset that TARGET names; with data, a shape is a shape, even if a preset has that name."""
    if has_data and SHAPE.fullmatch(target):
        if target in (*builtin_names(), *user_names()):
            what = f"with --data, {target} is the shape of a new network, not the preset {target}"
            say_later(f"{what}; nn-tui export {target} --format toml writes the preset to a file")
        return preset_of_shape(target, loss)
    preset = find(target)
    if preset.data == DataTable():
        raise click.UsageError(f"--data: expected the examples for a network of shape {target}")
    return preset


def _with_loss_of_two_classes(preset: Preset, budget: DataBudget) -> Preset:
    """A shape with one output, changed to sigmoid and bce if its target has two classes; a line says so."""
    if preset.network.layers[-1] > 1:
        return preset
    if preset.data.file == STDIN:  # which can be read only once
        preset = with_inline_data(preset, Path(), budget)
    if not has_two_classes(preset, Path(), budget):
        return preset
    say_later("the target has two classes, so the loss is bce and the output sigmoid; --loss chooses another loss")
    usual = preset_of_shape(preset.name, "bce")
    return replace(preset, network=usual.network, training=replace(preset.training, loss="bce"))


def usual_learning_rate(own: str, optimizer: str) -> dict[str, float]:
    """The usual learning rate of another optimizer; a line says so.

    Args:
        own: the name of the current optimizer.
        optimizer: the name of the new optimizer.
    """
    if optimizer == own:
        return {}
    rate = OPTIMIZERS[optimizer].learning_rate
    say_later(f"learning rate {rate:g}, as is usual for {optimizer}; --learning-rate sets another")
    return {"learning_rate": rate}


def _data(preset: Preset, file: str | None, reading: dict[str, Any]) -> DataTable:
    """The preset's data, or the file that was named instead."""
    if file is not None:
        name = file if file == STDIN else str(Path(file).absolute())
        return DataTable(file=name, **reading)
    for key, value in reading.items():
        if value is not None:
            raise click.UsageError(f"--{key.replace('_', '-')}: expected --data with it")
    return preset.data


def _hidden(preset: Preset, activation: str) -> list[str]:
    """The activation for every hidden layer, and the output's own."""
    own = preset.network.activations
    return [activation] * (len(preset.network.layers) - 2) + [own if isinstance(own, str) else own[-1]]
