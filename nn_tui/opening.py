"""Opening and creating runs, and showing one in the dashboard."""

from collections.abc import Sequence
from os import PathLike, fspath
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from msgspec import to_builtins

from .core.functions.optimizers import OPTIMIZERS
from .core.timeline.timeline import Timeline
from .core.typed_number import quoted
from .presets.build import build
from .presets.catalogue import SHAPE, find, folder_of, is_saved, preset_of_shape
from .presets.csv.targets import TargetColumn, targets_of_texts
from .presets.errors import PresetError
from .presets.examples import with_inline_data
from .presets.opened import NOWHERE, Opened
from .presets.preset_file import check_preset, preset_of_tables
from .presets.reopened import opened
from .presets.schema import Preset
from .run import Run

OF_DATA = ("standardize", "standardize_target", "test", "train_rows", "input_names", "target_names", "classes")
"""Settings of `new` that a preset has in [data]."""


def open(target: str | PathLike[str], **settings: Any) -> Run:
    """The training of a preset's name, a TOML file, a session or a shared line.

    Args:
        target: the TARGET.
        settings: other values of the preset's [training], such as learning_rate=0.1; for a session or a shared
            line, changes at its saved step.

    Raises:
        PresetError: there is no such target, or it cannot be used.
    """
    name = fspath(target)
    if is_saved(name):
        from .tui.config import configured

        return Run(opened(name, data_budget=configured({}).config.examples_budget)).change(**settings)
    return _run_of(_changed(find(name), settings), folder_of(name))


def new(
    shape: str | Sequence[int],
    X: npt.ArrayLike,
    y: npt.ArrayLike,
    *,
    activations: str | Sequence[str] | None = None,
    bias: str = "per-neuron",
    weights: Sequence[npt.ArrayLike] | None = None,
    biases: Sequence[npt.ArrayLike] | None = None,
    **settings: Any,
) -> Run:
    """A new training of arrays.

    Several outputs are classes. A single output is a number, or one of two classes with sigmoid and bce if the targets
    are two words, or 0 and 1; `loss` or `activations` override that.

    Args:
        shape: neurons of each layer, the inputs first, as "2-3-1" or (2, 3, 1).
        X: inputs, (examples, n_in).
        y: targets, (examples, n_out) or (examples,); or a class for each example, as words.
        activations: one for all layers, or one for each.
        bias: "per-neuron", "shared" or "none".
        weights: the initial W of each layer, (n_out, n_in); without them they are random, by the seed.
        biases: the initial b of each layer, (n_out,); without them 0.
        settings: what [training] of a preset can have, such as loss="mse", optimizer="adam", learning_rate=0.1; and
            of [data] standardize, standardize_target, test, train_rows, input_names, target_names and classes.

    Raises:
        PresetError: the arrays, the layers and the settings do not go together.
    """
    name = shape if isinstance(shape, str) else "-".join(map(str, shape))
    if not SHAPE.fullmatch(name):
        raise PresetError(f"expected neurons of each layer, such as 2-3-1, got {quoted(name)}")
    base = preset_of_shape(name, settings.get("loss"))
    network: dict[str, Any] = {"bias": bias}
    if activations is not None:
        network["activations"] = activations if isinstance(activations, str) else list(activations)
    if weights is not None:
        network |= {"weights": [np.asarray(W).tolist() for W in weights], "init": None}
    if biases is not None:
        network["biases"] = [np.asarray(b).tolist() for b in biases]
    data = {name: settings.pop(name) for name in OF_DATA if name in settings}
    targets = np.asarray(y)
    if targets.dtype.kind == "U":
        loss = settings.get("loss", base.training.loss)
        found = targets_of_texts(targets.ravel().tolist(), TargetColumn(name, "y", base.network.layers, loss))
        targets, data = found.y, {"classes": list(found.class_names)} | data
    has_two = len(data.get("classes") or ()) == 2 or set(np.unique(targets).tolist()) == {0.0, 1.0}
    if has_two and base.network.layers[-1] == 1 and "loss" not in settings and activations is None:
        base = preset_of_shape(name, "bce")
    data |= {"inputs": np.asarray(X).tolist(), "targets": _columns(targets)}
    return _run_of(_changed(base, settings, network, data), NOWHERE)


def dashboard(run: Run) -> None:
    """Show a run in the dashboard until the user leaves it; the run is then where they left it.

    Raises:
        RuntimeError: there is no terminal to draw on.
    """
    from .tui.commands.dashboard_command import on_screen
    from .tui.commands.step_command import is_terminal
    from .tui.config import configured

    if not is_terminal():
        raise RuntimeError(
            "the dashboard needs a terminal: expected a call from a shell, not from a notebook or a pipe"
        )
    config = configured({}).config
    run._show(lambda training: on_screen(training.preset.name, config, opened=training))


def _run_of(preset: Preset, folder: Path) -> Run:
    from .tui.config import configured

    budget = configured({}).config.examples_budget
    whole = with_inline_data(preset, folder, budget)
    experiment = build(whole, folder, budget=budget)
    return Run(Opened(preset=whole, experiment=experiment, timeline=Timeline(experiment)))


def _changed(
    preset: Preset, settings: dict[str, Any], network: dict[str, Any] | None = None, data: dict[str, Any] | None = None
) -> Preset:
    """The preset with other entries of its tables; another optimizer brings its usual learning rate."""
    tables = to_builtins(preset)
    if settings.get("optimizer") in OPTIMIZERS and "learning_rate" not in settings:
        settings = {**settings, "learning_rate": OPTIMIZERS[settings["optimizer"]].learning_rate}
    tables["training"] |= settings
    tables["network"] |= network or {}
    tables["data"] |= data or {}
    return check_preset(preset_of_tables(tables, preset.name), preset.name)


def _columns(y: npt.ArrayLike) -> list[list[float]]:
    """Targets in rows; a list of numbers has one for each example."""
    targets = np.asarray(y)
    rows: list[list[float]] = (targets[:, np.newaxis] if targets.ndim == 1 else targets).tolist()
    return rows
