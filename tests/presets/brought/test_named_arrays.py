"""Arrays by name out of files of all kinds, and one sentence for what is none."""

import io
import json
import zipfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from nn_tui.presets.brought.named_arrays import named_arrays, read_named_arrays
from nn_tui.presets.errors import PresetError
from nn_tui.presets.export.as_safetensors import safetensors

W = np.array([[0.1, -0.2, 0.3], [0.4, 0.5, 1 / 3]])


def packed(**arrays: object) -> bytes:
    file = io.BytesIO()
    np.savez(file, **arrays)  # type: ignore[arg-type]
    return file.getvalue()


@pytest.mark.parametrize(
    "data",
    [
        packed(W1=W, loss=0.25),
        safetensors({"W1": W, "loss": np.array([0.25])}),
        json.dumps({"W1": W.tolist(), "loss": 0.25}).encode(),
        json.dumps({"W": [W.tolist(), [[1.0, 2.0]]], "loss": 0.25}).encode(),
        b"W1,0.1,-0.2,0.3\nW1,0.4,0.5,0.3333333333333333\nloss,0.25\n",
        b"name;numbers\nW1;0.1;-0.2;0.3\nW1;0.4;0.5;0.3333333333333333\nloss;0.25;;\n",
    ],
)
def test_every_kind_of_file_gives_the_same_arrays(data: bytes) -> None:
    found = named_arrays(data)

    assert np.array_equal(found["W1"], W)
    assert float(found["loss"].ravel()[0]) == 0.25


def test_a_missing_number_is_a_hole() -> None:
    assert np.ma.getmaskarray(named_arrays(b'{"a1": [1, null]}')["a1"]).tolist() == [False, True]
    assert np.ma.getmaskarray(named_arrays(b"a1,1,,nan\n")["a1"]).tolist() == [False, True, False]
    assert named_arrays(b"w1[2,1],0.25\n") == {"w1[2,1]": np.array([0.25])}


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b'{"W1": "big"}', "'W1': expected numbers, got str"),
        (b'{"W1": [[1], [2, 3]]', "expected JSON"),
        (b"W1,0.1\nW1,x\n", "line 2: expected a name and its numbers, got 'W1,x'"),
        (b"W1\n", "line 1: expected a number behind 'W1'"),
        (b"a" * 200_000 + b",1\n", "expected CSV: field larger than"),
        (b'{"W1": 1%s}' % (b"0" * 400), "'W1': expected numbers up to 1.798e"),
        (b'{"W1": %s1%s}' % (b"[" * 500, b"]" * 500), "expected JSON|in rows of one length"),
        (b'{"W1": [{}]}', "'W1': expected numbers in rows of one length"),
        (b"PK\x03\x04broken", r"expected NumPy's \.npz"),
        (packed(W1=np.array(["a"])), "'W1': expected numbers in rows and columns"),
    ],
)
def test_what_is_no_array_is_refused_in_one_sentence(data: bytes, sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        named_arrays(data)


def test_a_member_that_is_no_array_is_refused() -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as packing:
        packing.writestr("W1.txt", "none")

    with pytest.raises(ValueError, match="'W1.txt': expected numbers in rows and columns"):
        named_arrays(file.getvalue())


def test_a_pickle_is_never_opened(tmp_path: Path) -> None:
    path = tmp_path / "p.npz"
    np.savez(path, W1=np.array([object()]))

    with pytest.raises(PresetError, match=r"p\.npz: .*allow_pickle"):
        read_named_arrays(path)


@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_any_bytes_are_arrays_or_one_sentence(data: bytes) -> None:
    try:
        named_arrays(data)
    except ValueError as error:
        assert str(error)


@example(240, b"\x01")  # says that it is encrypted
@given(st.integers(0, 400), st.binary(min_size=1, max_size=3))
def test_a_damaged_file_is_arrays_or_one_sentence(place: int, damage: bytes) -> None:
    for whole in (packed(W1=W), safetensors({"W1": W})):
        data = whole[:place] + damage + whole[place + len(damage) :]
        try:
            named_arrays(data)
        except ValueError as error:
            assert str(error)
