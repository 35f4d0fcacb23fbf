"""Scripts of NumPy and PyTorch: each runs, and its last line agrees with the training that it is of."""

import importlib.util
import runpy
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nn_tui.core.steps.stop import Stop
from nn_tui.presets.build import build
from nn_tui.presets.catalogue import builtin_names, find, folder_of
from nn_tui.presets.errors import PresetError
from nn_tui.presets.export.export_format import StepExport, export_step
from nn_tui.presets.preset_file import check_preset, preset_of_tables
from nn_tui.presets.schema import Preset

from ..helpers.command_line import invoke
from ..helpers.experiments import tables

HAS_TORCH = importlib.util.find_spec("torch") is not None
FORMS = ["numpy", *(["pytorch"] if HAS_TORCH else [])]
STEPS = 7
RNG = np.random.default_rng(5)
X, NUMBERS = RNG.normal(size=(6, 2)).tolist(), RNG.normal(size=(6, 3)).tolist()
CLASSES = np.eye(3)[[0, 1, 2, 2, 1, 0]].tolist()
SIGNS = [[1.0, -1.0, 1.0]] * 3 + [[-1.0, 1.0, 1.0]] * 3
HIDDEN = "identity sigmoid tanh relu leaky-relu leaky-relu(0.3) elu elu(0.4) selu silu gelu gelu-tanh softplus".split()
LOSSES: dict[str, tuple[str, list[list[float]]]] = {
    "sse": ("tanh", NUMBERS),
    "half-sse": ("identity", NUMBERS),
    "mse": ("sigmoid", NUMBERS),
    "mae": ("identity", NUMBERS),
    "huber": ("identity", NUMBERS),
    "hinge": ("tanh", SIGNS),
    "bce": ("sigmoid", CLASSES),
    "cross-entropy": ("softmax", CLASSES),
}
OPTIMIZERS: list[Any] = [
    "sgd",
    {"name": "momentum", "momentum": 0.8},
    "nesterov",
    "adagrad",
    "adadelta",
    {"name": "rmsprop", "alpha": 0.9},
    {"name": "adam", "beta_1": 0.8},
    {"name": "adamw", "weight_decay": 0.1},
]
OTHERS: dict[str, dict[str, Any]] = {
    "shared biases": {"network__bias": "shared"},
    "no biases": {"network__bias": "none"},
    "fixed biases": {"network__train_bias": False, "training__optimizer": "adam"},
    "a sum": {"training__reduction": "sum"},
    "a mean over outputs": {"training__reduction": "mean-over-outputs"},
    "bce of softmax": {"training__loss": "bce", "network__activations": ["tanh", "softmax"]},
    "penalties": {"training__penalty": {"l1": 0.01, "l2": 0.1}},
    "another form of the penalty": {"training__penalty": {"l1": 0.01, "l2": 0.1, "form": "lambda/2m"}},
    "a penalty of biases too": {"training__penalty": {"l1": 0.01, "l2": 0.1, "biases": True}},
    "decay of the gradient": {
        "training__penalty": {"l1": 0.01, "l2": 0.1, "acts_on": "gradient"},
        "training__clip": {"value": 0.01},
    },
    "decay of the weights": {"training__penalty": {"l2": 0.1, "acts_on": "weights"}, "training__optimizer": "adam"},
    "decay of the biases too": {
        "training__penalty": {"l2": 0.1, "acts_on": "weights", "biases": True},
        "training__schedule": {"name": "inverse-time", "k": 0.3},
    },
    "examples of a class count more": {"training__class_weights": [1.0, 5.0, 0.5]},
    "examples count more, in batches": {
        "training__class_weights": [1.0, 5.0, 0.5],
        "training__batch_size": 4,
        "training__shuffle": True,
        "data__weights": [1.0, 2.0, 0.5, 3.0, 0.25, 1.5],
    },
    "examples count more, a mean over outputs": {
        "data__weights": [1.0, 2.0, 0.5, 3.0, 0.25, 1.5],
        "training__reduction": "mean-over-outputs",
        "training__loss": "half-sse",
    },
    "examples count more, a sum": {"data__weights": [1.0, 2.0, 0.5, 3.0, 0.0, 1.5], "training__reduction": "sum"},
    "bce that counts positive targets more": {
        "training__loss": "bce(3)",
        "network__activations": ["tanh", "sigmoid"],
        "training__class_weights": [1.0, 5.0, 0.5],
    },
    "such a bce of softmax": {"training__loss": "bce(0.5)", "network__activations": ["tanh", "softmax"]},
    "a bound of the norm": {"training__clip": {"norm": 0.05}},
    "a bound of each gradient": {"training__clip": {"value": 0.01}},
    "batches": {"training__batch_size": 4},
    "shuffled batches": {"training__batch_size": 4, "training__shuffle": True},
    "a rate for each epoch": {"training__batch_size": 4, "training__schedule": {"name": "exponential", "gamma": 0.5}},
    "a rate for all batches": {"training__schedule": {"name": "cosine", "epochs": 5}},
    "a rate for each update": {
        "training__batch_size": 4,
        "training__schedule": {"name": "inverse-time", "k": 0.3},
    },
    "float32": {"training__dtype": "float32"},
    "one layer": {"network__layers": [2, 3], "network__activations": "softmax"},
    "standardized inputs": {"data__standardize": True},
}


def preset_of(**changes: Any) -> Preset:
    given: dict[str, Any] = {
        "network__layers": [2, 4, 3],
        "network__activations": ["tanh", "softmax"],
        "training__loss": "cross-entropy",
        "training__learning_rate": 0.1,
        "training__batch_size": "all",
        "training__shuffle": False,
        "data__inputs": X,
        "data__targets": CLASSES,
    }
    return check_preset(preset_of_tables(tables(**given | changes), "test"), "test")


def step_of(preset: Preset, folder: Path = Path(), begin: int = 0, steps: int = STEPS) -> StepExport:
    of = build(preset, folder)
    states = [each for each in of.trainer.events(of.start, Stop(steps=steps)) if hasattr(each, "backward")]
    start = of.start if not begin else next(each.state for each in states if each.step == begin)  # type: ignore[union-attr]
    return StepExport(preset, folder, of.trainer, states[-1].backward, start=start)


def written(form: str, step: StepExport, folder: Path) -> Path:
    (folder / "script.py").write_bytes(b"".join(export_step(form, step)))
    return folder / "script.py"


def run(form: str, step: StepExport, folder: Path) -> dict[str, Any]:
    """Everything that a script has made, where its last line agrees."""
    try:
        return runpy.run_path(str(written(form, step, folder)))
    finally:
        if HAS_TORCH:
            import torch  # type: ignore[import-not-found, unused-ignore]

            torch.set_default_dtype(torch.float32)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("hidden", HIDDEN)
def test_a_script_has_every_activation(tmp_path: Path, form: str, hidden: str) -> None:
    run(form, step_of(preset_of(network__activations=[hidden, "softmax"])), tmp_path)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("loss", LOSSES)
def test_a_script_has_every_loss(tmp_path: Path, form: str, loss: str) -> None:
    output, targets = LOSSES[loss]
    changes = {"network__activations": ["tanh", output], "training__loss": loss, "data__targets": targets}

    run(form, step_of(preset_of(**changes)), tmp_path)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("optimizer", OPTIMIZERS, ids=lambda each: each if isinstance(each, str) else each["name"])
def test_a_script_has_every_optimizer(tmp_path: Path, form: str, optimizer: Any) -> None:
    run(form, step_of(preset_of(training__optimizer=optimizer)), tmp_path)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("what", OTHERS)
def test_a_script_has_every_setting(tmp_path: Path, form: str, what: str) -> None:
    run(form, step_of(preset_of(**OTHERS[what])), tmp_path)


@pytest.mark.parametrize("name", builtin_names())
def test_the_script_of_a_preset_runs(tmp_path: Path, name: str) -> None:
    step = step_of(find(name), folder_of(name), steps=4)
    if name == "digits":
        with pytest.raises(
            PresetError, match="--format numpy: expected at most 20,000 numbers of data and weights, got"
        ):
            run("numpy", step, tmp_path)
    else:
        run("numpy", step, tmp_path)


@pytest.mark.parametrize("optimizer", OPTIMIZERS, ids=lambda each: each if isinstance(each, str) else each["name"])
def test_a_script_begins_with_what_the_optimizer_remembers(tmp_path: Path, optimizer: Any) -> None:
    step = step_of(preset_of(training__optimizer=optimizer, training__batch_size=4), begin=3)

    run("numpy", step, tmp_path)

    if optimizer != "sgd":
        with pytest.raises(PresetError, match="--format pytorch: expected an optimizer that begins at 0"):
            b"".join(export_step("pytorch", step))


@pytest.mark.parametrize("form", FORMS)
def test_the_last_line_fails_where_a_number_is_another(tmp_path: Path, form: str) -> None:
    path = written(form, step_of(preset_of()), tmp_path)
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("range(7)", "range(6)"), encoding="utf-8")

    with pytest.raises(AssertionError):
        runpy.run_path(str(path))


def test_an_update_in_sequence_is_that_of_sgd(tmp_path: Path) -> None:
    run("numpy", step_of(preset_of(training__update="sequential")), tmp_path)

    for form, changes in (("numpy", {"training__optimizer": "adam"}), ("pytorch", {})):
        with pytest.raises(PresetError, match=f'--format {form}: expected update = "simultaneous"'):
            b"".join(export_step(form, step_of(preset_of(training__update="sequential", **changes))))


def test_a_name_from_outside_stays_a_comment(tmp_path: Path) -> None:
    name = "x\nraise SystemExit('ran')\r\x0craise SystemExit\u2028raise SystemExit"
    preset = preset_of()
    step = step_of(preset)._replace(preset=preset_of_tables(tables() | {"name": name}, "test"))

    text = written("numpy", step, tmp_path).read_text(encoding="utf-8")

    assert text.splitlines()[0].startswith("# x\\u000araise") and text.splitlines()[1] == "import numpy as np"
    run("numpy", step, tmp_path)


def test_a_session_is_written_from_its_last_change(tmp_path: Path) -> None:
    import nn_tui

    nn_tui.open("3-4-1").step(3).change(optimizer="momentum", learning_rate=0.2).step(4).save(tmp_path / "x.nn-session")

    text = invoke("export", str(tmp_path / "x.nn-session"), "--format", "numpy")

    assert text.startswith("# 3-4-1 in NumPy: steps 3 to 7, ") and "for update in range(4):" in text
    (tmp_path / "x.py").write_text(text, encoding="utf-8")
    runpy.run_path(str(tmp_path / "x.py"))


@pytest.mark.parametrize("name", ["adam", "adamw"])
def test_adam_without_its_correction_is_a_numpy_script_and_none_of_pytorch(tmp_path: Path, name: str) -> None:
    step = step_of(preset_of(training__optimizer={"name": name, "bias_correction": False}))

    run("numpy", step, tmp_path)
    if HAS_TORCH:
        with pytest.raises(PresetError, match=f"there is no code for the optimizer {name} with bias_correction"):
            written("pytorch", step, tmp_path)


def test_what_a_script_cannot_have_is_refused_in_one_line(tmp_path: Path) -> None:
    step = step_of(preset_of(training__penalty={"l2": 0.1, "acts_on": "gradient"}, training__update="sequential"))

    with pytest.raises(PresetError, match='^--format numpy: expected update = "simultaneous" with this penalty$'):
        written("numpy", step, tmp_path)
