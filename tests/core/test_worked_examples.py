"""Every published figure that its own source computes rightly comes out."""

import json
from itertools import groupby
from pathlib import Path
from typing import Any

import pytest

from nn_tui.core.quantities.quantity import Quantity
from nn_tui.core.steps.events import BackwardPass
from nn_tui.core.steps.stop import Stop
from nn_tui.core.steps.values import value_of
from nn_tui.presets.build import build
from nn_tui.presets.preset_file import check_preset, preset_of_tables

EXAMPLES = json.loads((Path(__file__).parents[1] / "data" / "worked-examples.json").read_text())


def as_preset(example: dict[str, Any]) -> dict[str, Any]:
    network = ("layers", "activations", "bias", "train_bias", "weights", "biases")
    training = ("loss", "reduction", "learning_rate", "update")
    return {
        "name": example["id"],
        "network": {key: example[key] for key in network},
        "training": {key: example[key] for key in training},
        "data": {"inputs": example["inputs"], "targets": example["targets"]},
    }


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: str(example["id"]))
def test_published_figures_come_out(example: dict[str, Any]) -> None:
    experiment = build(check_preset(preset_of_tables(as_preset(example), example["id"]), example["id"]), Path())
    figures = sorted(example["published"], key=lambda figure: int(figure["step"]))
    by_step = {step: list(group) for step, group in groupby(figures, key=lambda figure: figure["step"])}

    wrong = []
    for event in experiment.trainer.events(experiment.start, Stop(steps=max(by_step))):
        if isinstance(event, BackwardPass):
            for figure in by_step.pop(event.step, ()):
                computed = value_of(Quantity.parse(figure["quantity"]), event)
                # The tolerance is what the source's rounding allows; the last bits are ours.
                if abs(computed - figure["value"]) > figure["tolerance"] + 1e-12:
                    wrong.append((figure, computed))

    assert not wrong
    assert not by_step
