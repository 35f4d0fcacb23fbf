"""Small experiments, which several tests need."""

from pathlib import Path
from typing import Any

from nn_tui.core.training.training import Experiment
from nn_tui.presets.build import build
from nn_tui.presets.catalogue import find, folder_of
from nn_tui.presets.preset_file import check_preset, preset_of_tables


def tables(**changes: Any) -> dict[str, Any]:
    """A preset's tables: 2-3-1 on four examples in shuffled batches of two.

    A change names its table and key, as training__seed.
    """
    preset: dict[str, Any] = {
        "name": "test",
        "network": {"layers": [2, 3, 1], "activations": "sigmoid", "init": {"scheme": "xavier", "seed": 1}},
        "training": {"loss": "bce", "learning_rate": 0.5, "batch_size": 2, "shuffle": True, "seed": 7},
        "data": {"inputs": [[0, 0], [0, 1], [1, 0], [1, 1]], "targets": [[0], [1], [1], [0]]},
    }
    for name, value in changes.items():
        table, _, key = name.partition("__")
        preset[table][key] = value
    return preset


def experiment(**changes: Any) -> Experiment:
    """The experiment of such tables."""
    return build(check_preset(preset_of_tables(tables(**changes), "test"), "test"), Path())


def experiment_of(name: str) -> Experiment:
    """A shipped preset's experiment."""
    return build(find(name), folder_of(name))
