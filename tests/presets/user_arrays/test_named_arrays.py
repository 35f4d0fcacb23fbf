"""Arrays by name out of files of all kinds, and one sentence for what is none."""

import io
import json
import zipfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from nn_tui.presets.errors import PresetError
from nn_tui.presets.export.as_safetensors import safetensors
from nn_tui.presets.user_arrays.named_arrays import named_arrays, read_named_arrays

from ...helpers.plain_line import assert_plain

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
        (b'{"W1": "big"}', "'W1': expected numbers, got text"),
        (b'{"W1": null}', "'W1': expected numbers, got null"),
        (b'{"W1": [[1], [2, 3]]', "line 1, column 21: not JSON: Expecting ',' delimiter"),
        (b"\x80W1", "byte 0: expected UTF-8 text, or a .npz or .safetensors file"),
        (
            safetensors({"W1": W}).replace(b'"F64"', b'"F8X"'),
            "'W1': expected one of the types F64, F32, .*, BOOL, got 'F8X'",
        ),
        (
            safetensors({"W1": W}).replace(b"[2, 3]", b"[2, 4]"),
            "'W1': expected dtype, shape and data_offsets that fit the file",
        ),
        (
            safetensors({"W1": W}).replace(b"[0, 48]", b'[0,"8"]'),
            "'W1': expected dtype, shape and data_offsets that fit the file",
        ),
        (safetensors({"W1": W}).replace(b'{"W1"', b'{"W1x'), "a damaged .safetensors file: its header cannot be read"),
        (b"W1,0.1\nW1,x\n", "line 2: expected a name and its numbers, got 'W1,x'"),
        (b"W1\n", "line 1: expected a number behind 'W1', as in loss,0.65"),
        (b"name;value\nloss;0,65\n", "line 1: expected commas between a name and its numbers, and points for decimals"),
        (b"loss,1\ndb1;0,5\n", "line 2: expected commas .*, as in loss,0.65, got 'db1;0,5'"),
        (b"a" * 200_000 + b",1\n", "line 1: expected CSV, with values of at most 131,072 characters"),
        (b'{"W1": 1%s}' % (b"0" * 5000), "expected numbers up to 1.798e"),
        (b'{"W1": 1%s}' % (b"0" * 400), "'W1': expected numbers up to 1.798e"),
        (b'{"W1": %s1%s}' % (b"[" * 500, b"]" * 500), "in rows of one length|lists in lists in lists"),
        (b'{"W1": [{}]}', "'W1': expected numbers in rows of one length"),
        (b"PK\x03\x04broken", r"a damaged \.npz file: save it again with numpy\.savez"),
        (packed(W1=np.array(["a"])), "'W1': expected numbers in rows and columns"),
    ],
)
def test_what_is_no_array_is_refused_in_one_sentence(data: bytes, sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        named_arrays(data)


@pytest.mark.parametrize(
    ("kind", "data", "numbers"),
    [
        ("BF16", b"\x80\x3f\xc0\xbf", [1.0, -1.5]),
        ("U8", b"\x07\xff", [7.0, 255.0]),
        ("BOOL", b"\x01\x00", [1.0, 0.0]),
        ("I16", b"\x01\x00\xff\xff", [1.0, -1.0]),
    ],
)
def test_the_smaller_types_of_safetensors_are_numbers(kind: str, data: bytes, numbers: list[float]) -> None:
    said = json.dumps({"b1": {"dtype": kind, "shape": [2], "data_offsets": [0, len(data)]}}).encode()

    assert named_arrays(len(said).to_bytes(8, "little") + said + data)["b1"].tolist() == numbers


def test_a_member_that_is_no_array_is_refused() -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as packing:
        packing.writestr("W1.txt", "none")

    with pytest.raises(ValueError, match="'W1.txt': expected numbers in rows and columns"):
        named_arrays(file.getvalue())


def test_an_npz_without_an_array_has_none(tmp_path: Path) -> None:
    np.savez(tmp_path / "none.npz")

    with pytest.raises(PresetError, match=r"none\.npz: expected arrays by name, such as W1, a1 and dW1, got none"):
        read_named_arrays(tmp_path / "none.npz")


def test_a_pickle_is_never_opened(tmp_path: Path) -> None:
    path = tmp_path / "p.npz"
    np.savez(path, W1=np.array([object()]))

    with pytest.raises(
        PresetError, match=r"p\.npz: 'W1': damaged, or no array of numbers; save it again with numpy\.savez"
    ):
        read_named_arrays(path)


@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_any_bytes_are_arrays_or_one_sentence(data: bytes) -> None:
    try:
        named_arrays(data)
    except ValueError as error:
        assert_plain(error)


@example(240, b"\x01")  # says that it is encrypted
@given(st.integers(0, 400), st.binary(min_size=1, max_size=3))
def test_a_damaged_file_is_arrays_or_one_sentence(place: int, damage: bytes) -> None:
    for whole in (packed(W1=W), safetensors({"W1": W})):
        data = whole[:place] + damage + whole[place + len(damage) :]
        try:
            named_arrays(data)
        except ValueError as error:
            assert_plain(error)
