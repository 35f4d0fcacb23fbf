"""Exports: what is written for other programs is number for number what the engine has."""

import io
import json
from itertools import islice
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from nn_tui.core.quantities.quantity import Quantity
from nn_tui.core.steps.events import BackwardPass
from nn_tui.core.steps.stop import Stop
from nn_tui.core.steps.values import value_of
from nn_tui.presets.build import at_state, build
from nn_tui.presets.catalogue import builtin_names, find, folder_of
from nn_tui.presets.errors import PresetError
from nn_tui.presets.export import export_format as table
from nn_tui.presets.export.as_csv import csv_lines, named_numbers
from nn_tui.presets.export.as_json import trace, trace_lines, traces_in_lines
from nn_tui.presets.export.as_npz import npz
from nn_tui.presets.export.as_safetensors import safetensors
from nn_tui.presets.export.export_format import (
    ExportFormat,
    HistoryTable,
    StepExport,
    export_history,
    export_step,
    formats,
    tabular_formats,
    tensors,
)
from nn_tui.presets.preset_file import parse_preset
from nn_tui.presets.toml_writer import toml_text

from ..helpers.docs import page
from ..helpers.experiments import experiment, experiment_of
from ..helpers.fuzz import FUZZ
from ..helpers.random_trainers import random_state, random_trainer


def at(name: str, step: int) -> BackwardPass:
    of = experiment_of(name)
    *_, last = (each for each in of.trainer.events(of.start, Stop(steps=step)) if isinstance(each, BackwardPass))
    return last


def parsed(data: bytes) -> dict[str, Any]:
    """What the safetensors format says, read by its description."""
    length = int.from_bytes(data[:8], "little")
    header, content = json.loads(data[8 : 8 + length]), data[8 + length :]
    assert length % 8 == 0 and sum(
        each["data_offsets"][1] - each["data_offsets"][0] for each in header.values()
    ) == len(content)
    dtypes = {"F64": "<f8", "F32": "<f4"}
    return {
        name: np.frombuffer(content[slice(*each["data_offsets"])], dtypes[each["dtype"]]).reshape(each["shape"])
        for name, each in header.items()
    }


@pytest.mark.parametrize("name", builtin_names())
def test_every_preset_reads_again_from_its_text(name: str) -> None:
    assert parse_preset(toml_text(find(name)), name) == find(name)


@given(text=st.text())
@settings(max_examples=FUZZ)
def test_any_text_in_a_preset_reads_again(text: str) -> None:
    preset = replace(find("3-4-1"), name=text, source=text)

    assert parse_preset(toml_text(preset), "test") == preset


@given(st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=2, max_size=2))
@settings(max_examples=FUZZ)
def test_any_number_in_a_preset_reads_again(numbers: list[float]) -> None:
    xor = find("xor")
    preset = replace(xor, data=replace(xor.data, dataset=None, inputs=[numbers], targets=[[0.0]]))

    found = parse_preset(toml_text(preset), "test").data.inputs

    assert found and list(map(float.hex, found[0])) == list(map(float.hex, numbers))


@pytest.mark.parametrize("name", ["3-4-1", "2-3-1", "1-1-1-1", "3-4-1-marks", "mazur-shared-biases", "trask-3-4-1"])
def test_a_preset_with_the_present_weights_opens_to_the_same_numbers(name: str) -> None:
    then = at(name, 4)

    preset = parse_preset(toml_text(at_state(find(name), folder_of(name), then.state)), "test")
    of = build(preset, Path("/nowhere"))
    now = of.trainer.backward(of.trainer.forward(of.start))

    assert now.state.step == 0
    assert now.forward.loss == then.forward.loss
    assert now.forward.numbers.tobytes() == then.forward.numbers.tobytes()
    assert now.gradient.tobytes() == then.gradient.tobytes()


def test_tensors_are_named_as_a_sequential_has_them() -> None:
    state = at("3-4-1", 1).state

    named = tensors(state)

    assert {name: array.shape for name, array in named.items()} == {
        "0.weight": (4, 3),
        "0.bias": (4,),
        "2.weight": (1, 4),
        "2.bias": (1,),
    }
    assert (named["2.weight"] == state.W[1]).all()


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize("bias", ["per-neuron", "shared", "none"])
def test_npz_and_safetensors_hold_the_same_bits(bias: str, dtype: str) -> None:
    named = tensors(experiment(network__bias=bias, training__dtype=dtype).start)

    for found in (dict(np.load(io.BytesIO(npz(named)), allow_pickle=False)), parsed(safetensors(named))):
        assert list(found) == list(named)
        assert all(found[name].dtype == dtype for name in named)
        assert all(found[name].tobytes() == np.ascontiguousarray(named[name]).tobytes() for name in named)
    assert ("0.bias" in named) == (bias != "none")
    assert bias == "none" or named["0.bias"].shape == (3,)


def test_every_line_of_a_table_is_a_quantity_with_its_value() -> None:
    backward = at("2-2-2", 3)

    found = list(named_numbers(backward))

    assert len(dict(found)) == len(found)
    for name, value in found:
        assert value_of(Quantity.parse(name), backward) == value and str(Quantity.parse(name)) == name


def test_a_table_is_csv_at_full_precision() -> None:
    backward = at("3-4-1", 2)

    first, *lines = csv_lines(backward)

    assert first == "step,quantity,value"
    assert lines[0] == f"2,loss,{backward.forward.loss!r}"
    assert f'2,"dw1[4,3]",{float(backward.dW[0][3, 2])!r}' in lines


@pytest.mark.parametrize("name", ["3-4-1", "2-2-2", "xor"])
def test_json_that_can_be_read_says_the_same_as_that_in_a_line(name: str) -> None:
    backward = at(name, 3)

    lines = list(trace_lines(backward))

    assert json.loads("\n".join(lines)) == json.loads(traces_in_lines([backward]))
    assert lines[:2] == ["{", '  "step": 3,'] and len(lines) > 8 * len(backward.state.W)


FILES = sorted(path.stem for path in Path(str(table.__file__)).parent.glob("as_*.py"))


def test_each_file_of_a_format_has_one() -> None:
    names = [f"as_{name}" for name in formats()]

    assert sorted(names) == FILES, "each file presets/export/as_NAME.py has FORMAT, an ExportFormat whose name is NAME"


@pytest.mark.parametrize("each", formats().values(), ids=formats())
def test_a_format_says_what_it_is(each: ExportFormat) -> None:
    path = f"presets/export/as_{each.name}.py"
    assert each.help.strip(), (
        f"{path}: FORMAT.help is empty: say what the format holds, for --help and docs/commands.md"
    )
    assert each.title.strip(), f"{path}: FORMAT.title is empty: say what the dialog calls the format"
    assert each.ending.startswith("."), f"{path}: FORMAT.ending: expected one such as .csv, got {each.ending!r}"


@pytest.mark.parametrize("each", formats().values(), ids=formats())
def test_a_format_has_its_row_in_the_docs(each: ExportFormat) -> None:
    row = f"| `{each.name}` | {each.help} |"
    missing = f"docs/commands.md has no row for the export format {each.name}: add {row!r} to its table"

    assert row in page("commands").splitlines(), missing


@pytest.mark.parametrize("name", formats())
def test_every_format_writes_a_step(name: str) -> None:
    of, backward = experiment_of("3-4-1"), at("3-4-1", 2)

    data = b"".join(export_step(name, StepExport(find("3-4-1"), folder_of("3-4-1"), of.trainer, backward)))

    assert data and (not formats()[name].is_text or data.decode())


@pytest.mark.parametrize("name", tabular_formats())
def test_every_format_with_tables_writes_a_history(name: str) -> None:
    data = b"".join(export_history(name, HistoryTable(["step", "batch_loss"], [[0, 0.5], [1, None]])))

    assert b"batch_loss" in data and b"0.5" in data


@pytest.mark.parametrize("name", ["", "CSV", "cvs", "exe", "\x1b[31m"])
def test_an_unknown_format_is_refused(name: str) -> None:
    of, backward = experiment_of("3-4-1"), at("3-4-1", 0)

    with pytest.raises(PresetError, match=f"^format: expected one of {', '.join(map(repr, formats()))}, got "):
        export_step(name, StepExport(find("3-4-1"), folder_of("3-4-1"), of.trainer, backward))


def test_a_history_is_refused_in_a_format_without_tables() -> None:
    with pytest.raises(PresetError, match="^format: expected one of 'csv', 'json'.*, got 'npz'"):
        export_history("npz", HistoryTable(["step"], []))


@settings(max_examples=FUZZ // 8)
@given(st.integers(0, 1_000))
def test_steps_that_are_traced_together_have_the_numbers_of_each(seed: int) -> None:
    trainer = random_trainer(seed)
    events = islice(trainer.events(random_state(trainer, seed)), 30)
    steps = [each for each in events if isinstance(each, BackwardPass)]

    lines = traces_in_lines(steps)

    alone = (msgspec.json.encode(trace(each, each.da[-1]), enc_hook=np.ndarray.tolist) for each in steps)
    assert lines == b"\n".join(alone)
