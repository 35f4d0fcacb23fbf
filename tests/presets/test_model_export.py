"""Weights for other programs: with the names and the scaling of the data, folded, and read again."""

import io
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nn_tui.core.functions.arrays import Array
from nn_tui.core.steps.stop import Stop
from nn_tui.core.training.trainer import Trainer
from nn_tui.presets.build import build
from nn_tui.presets.catalogue import find, folder_of
from nn_tui.presets.errors import PresetError
from nn_tui.presets.export.export_format import StepExport, export_step
from nn_tui.presets.preset_file import check_preset, preset_of_tables
from nn_tui.presets.schema import Preset
from nn_tui.presets.user_arrays.named_arrays import named_arrays
from nn_tui.presets.user_arrays.weights import network_with, with_weights

from ..helpers.command_line import refusal
from ..helpers.experiments import tables
from ..helpers.machines import machines

CLASSES = {
    "network__layers": [6, 8, 3],
    "network__activations": ["tanh", "softmax"],
    "training__loss": "cross-entropy",
    "data__ignore": ["id"],
}
REGRESSION = {
    "network__layers": [5, 4, 1],
    "network__activations": ["tanh", "identity"],
    "training__loss": "mse",
    "data__ignore": ["id", "state"],
    "data__standardize_target": True,
}
WEIGHTS = ("npz", "safetensors", "json", "csv")


def preset_of(folder: Path, **changes: Any) -> Preset:
    machines(folder / "machines.csv", 300)
    data: dict[str, Any] = {
        "inputs": None,
        "targets": None,
        "file": "machines.csv",
        "one_hot": ["material"],
        "missing": "mean",
    }
    data |= {"standardize": True, "test": 0.25}
    changes = {f"data__{key}": value for key, value in data.items()} | {"training__batch_size": "all"} | changes
    return check_preset(preset_of_tables(tables(**changes), "test"), "test")


def step_of(preset: Preset, folder: Path, step: int = 20, fold: bool = False) -> StepExport:
    of = build(preset, folder)
    *_, end = of.trainer.events(of.start, Stop(steps=step))
    return StepExport(preset, folder, of.trainer, end.backward, fold)  # type: ignore[union-attr]


def exported(form: str, step: StepExport) -> bytes:
    return b"".join(export_step(form, step))


def outputs(W: list[Any], b: list[Any], X: Array, last: str) -> Array:
    """What a program of its own makes of the weights: tanh, then softmax or identity."""
    z = np.tanh(X @ np.array(W[0]).T + b[0]) @ np.array(W[1]).T + b[1]
    y_hat: Array = z if last == "identity" else np.exp(z) / np.exp(z).sum(axis=1, keepdims=True)
    return y_hat


def predicted(step: StepExport) -> Array:
    """ŷ of the training, in the units of the data."""
    trainer: Trainer = step.trainer
    y_hat = trainer.forward_on(step.backward.state, trainer.train.X, trainer.train.y).y_hat
    return trainer.train.target_scale.original(y_hat) if trainer.train.target_scale else y_hat


@pytest.mark.parametrize("changes", [CLASSES, REGRESSION], ids=["classes", "regression"])
@pytest.mark.parametrize("fold", [False, True], ids=["plain", "folded"])
def test_npz_predicts_the_same_in_another_program(tmp_path: Path, changes: dict[str, Any], fold: bool) -> None:
    step = step_of(preset_of(tmp_path, **changes), tmp_path, fold=fold)
    raw = step.trainer.train.original(step.trainer.train.X)

    file = np.load(io.BytesIO(exported("npz", step)))
    X = raw if fold else (raw - file["mean"]) / file["deviation"]
    W, b = ([file[f"{n}.{kind}"] for n in (0, 2)] for kind in ("weight", "bias"))
    y_hat = outputs(W, b, X, changes["network__activations"][-1])
    if "target_mean" in file:
        y_hat = y_hat * file["target_deviation"] + file["target_mean"]

    np.testing.assert_allclose(y_hat, predicted(step), rtol=1e-12, atol=1e-12)
    assert fold is not ("mean" in file) and fold is ("folded" in file)


@pytest.mark.parametrize("changes", [CLASSES, REGRESSION], ids=["classes", "regression"])
@pytest.mark.parametrize("fold", [False, True], ids=["plain", "folded"])
def test_pytorch_predicts_the_same(tmp_path: Path, changes: dict[str, Any], fold: bool) -> None:
    torch: Any = pytest.importorskip("torch")
    step = step_of(preset_of(tmp_path, **changes), tmp_path, fold=fold)
    raw = step.trainer.train.original(step.trainer.train.X)
    file = np.load(io.BytesIO(exported("npz", step)))

    n_in, n_hidden, n_out = changes["network__layers"]
    last = torch.nn.Softmax(1) if changes is CLASSES else torch.nn.Identity()
    layers = [torch.nn.Linear(n_in, n_hidden), torch.nn.Tanh(), torch.nn.Linear(n_hidden, n_out), last]
    model = torch.nn.Sequential(*layers).double()
    model.load_state_dict({name: torch.tensor(file[name]) for name in file if name in model.state_dict()})
    X = raw if fold else (raw - file["mean"]) / file["deviation"]
    y_hat = model(torch.tensor(X)).detach().numpy()
    if "target_mean" in file:
        y_hat = y_hat * file["target_deviation"] + file["target_mean"]

    np.testing.assert_allclose(y_hat, predicted(step), rtol=1e-12, atol=1e-12)


def test_the_data_is_named_in_every_format(tmp_path: Path) -> None:
    step = step_of(preset_of(tmp_path, **CLASSES), tmp_path)
    data, test = step.trainer.train, step.trainer.test
    assert test and data.scale and data.rows is not None

    npz = dict(np.load(io.BytesIO(exported("npz", step))))
    content = exported("safetensors", step)
    metadata = json.loads(content[8 : 8 + int.from_bytes(content[:8], "little")])["__metadata__"]
    of_safetensors = {name: json.loads(text) for name, text in metadata.items()}
    of_json = json.loads(exported("json", step))["data"]

    inputs = ["material=brass", "material=nylon", "material=steel", "Temperatur °C", "pressure", "speed"]
    for facts in (npz, of_safetensors, of_json):
        assert list(facts["input_names"]) == inputs and list(facts["class_names"]) == ["fault", "ok", "warn"]
        assert list(facts["mean"]) == data.scale.mean.tolist()
        assert list(facts["deviation"]) == data.scale.deviation.tolist()
        assert not set(facts["test_rows"]) & set(data.rows.tolist())
        assert len(facts["test_rows"]) == len(test) and "target_mean" not in facts


@pytest.mark.parametrize("name", ["3-4-1", "2-3-1", "digits", "iris", "2-2-2-1"])
@pytest.mark.parametrize("form", WEIGHTS)
def test_what_is_exported_is_read_again(tmp_path: Path, name: str, form: str) -> None:
    preset = find(name)
    step = step_of(preset, folder_of(name), 3)
    (tmp_path / "w").write_bytes(exported(form, step))

    of = build(with_weights(preset, tmp_path / "w"), folder_of(name))

    assert of.start.parameters.tobytes() == step.backward.state.parameters.tobytes()


def test_a_network_without_biases_gets_those_that_the_folding_needs(tmp_path: Path) -> None:
    preset = preset_of(tmp_path, **CLASSES, network__bias="none")

    named = np.load(io.BytesIO(exported("npz", step_of(preset, tmp_path, fold=True))))

    assert named["0.bias"].shape == (8,) and "2.bias" not in named


@pytest.mark.parametrize("form", ["npz", "safetensors"])
def test_folded_weights_are_for_data_as_it_is(tmp_path: Path, form: str) -> None:
    preset = preset_of(tmp_path, **CLASSES)
    (tmp_path / "w").write_bytes(exported(form, step_of(preset, tmp_path, fold=True)))

    with pytest.raises(PresetError, match="expected data that is not standardized"):
        with_weights(preset, tmp_path / "w")
    with_weights(preset_of(tmp_path, **CLASSES, data__standardize=False), tmp_path / "w")


def test_a_scale_of_the_target_needs_a_linear_output(tmp_path: Path) -> None:
    changes = REGRESSION | {"network__activations": ["tanh", "tanh"]}

    with pytest.raises(PresetError, match="--fold: expected the activation identity in the last layer, .*, got tanh"):
        exported("npz", step_of(preset_of(tmp_path, **changes), tmp_path, fold=True))


@pytest.mark.parametrize("options", [("--format", "csv"), ("--format", "toml"), ("--format", "json", "--history")])
def test_other_formats_cannot_be_folded(options: tuple[str, ...]) -> None:
    line = "--fold: expected --format npz or safetensors with it, and no --history"

    assert refusal("export", "iris", "--fold", *options) == (2, line)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("step,quantity,value\n1,w1[1,1],x\n", "line 2: expected a step, a name such as w1[1,2] and its number"),
        ("step,quantity,value\n1,w1[1,1]\n", "line 2: expected a step, a name such as w1[1,2] and its number"),
        ("step,quantity,value\n1,q[1],2\n", "line 2: expected a step, a name such as w1[1,2] and its number"),
        ('step,quantity,value\n1,"w1[1,9]",2\n', "'W1': expected all of its numbers, got 1"),
        ('{"layers": [1]}', "'layers': expected an object for each layer, with W and b"),
    ],
)
def test_a_damaged_export_is_one_line(text: str, line: str) -> None:
    with pytest.raises(ValueError) as caught:
        network_with(find("xor").network, named_arrays(text.encode()))

    assert str(caught.value) == line
