"""Reading named arrays from a file: .npz, .safetensors, .json or .csv."""

import io
import json
import struct
import sys
import tokenize
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from ...core.typed_number import quoted
from ..errors import PresetError
from ..paths import read_fault
from .text_arrays import csv_arrays, json_arrays, numbers_in

MOST_BYTES = 64 * 2**20
"""Most bytes of a file, and of its content unpacked."""
FOLDED = "folded"
"""Says of weights that they are for data that is not standardized."""
FACTS = (
    "input_names",
    "target_names",
    "class_names",
    "mean",
    "deviation",
    "target_mean",
    "target_deviation",
    "fill",
    "test_rows",
    FOLDED,
)
"""The names under which a file has them; what there is nothing to say of is left out."""
STDIN = "-"
BFLOAT16 = "BF16"
"""The upper half of the bits of F32; NumPy has no such type."""
SAFETENSORS_TYPES = {
    "F64": "<f8",
    "F32": "<f4",
    "F16": "<f2",
    BFLOAT16: "<u2",
    "I64": "<i8",
    "I32": "<i4",
    "I16": "<i2",
    "I8": "i1",
    "U8": "u1",
    "BOOL": "?",
}
DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    tokenize.TokenError,
    SyntaxError,
    RuntimeError,
    KeyError,
    EOFError,
    OSError,
    MemoryError,
    ValueError,
)
"""Errors that NumPy and zipfile raise for a damaged .npz, or for a pickle in it."""
NamedArrays = Mapping[str, npt.NDArray[Any]]


def read_named_arrays(path: Path) -> dict[str, npt.NDArray[Any]]:
    """The arrays of a file, or of the standard input for "-"; the kind is detected from the bytes.

    Raises:
        PresetError: it cannot be read, or contains something other than named numbers.
    """
    name = name_of(path)
    try:
        data = sys.stdin.buffer.read(MOST_BYTES + 1) if str(path) == STDIN else _bytes_of(path)
    except (OSError, ValueError) as error:
        raise PresetError(name, read_fault(error)) from None
    if len(data) > MOST_BYTES:
        raise PresetError(name, f"expected at most {MOST_BYTES // 2**20} MiB")
    try:
        arrays = named_arrays(data)
    except ValueError as error:
        raise PresetError(name, str(error)) from None
    if not arrays:
        raise PresetError(name, "expected arrays by name, such as W1, a1 and dW1, got none")
    return arrays


def name_of(path: Path) -> str:
    """The name of a file in messages."""
    return "standard input" if str(path) == STDIN else str(path)


def named_arrays(data: bytes) -> dict[str, npt.NDArray[Any]]:
    """The arrays in the bytes of a file; missing numbers, such as null in JSON, are masked.

    Raises:
        ValueError: it contains something other than named numbers.
    """
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06")):  # the second for an empty archive
        return _npz(data)
    if len(data) > 9 and data[8:9] == b"{" and int.from_bytes(data[:8], "little") < len(data):
        return _safetensors(data)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ValueError(f"byte {error.start}: expected UTF-8 text, or a .npz or .safetensors file") from None
    return json_arrays(text) if text.lstrip().startswith("{") else csv_arrays(text)


def _bytes_of(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(MOST_BYTES + 1)


def _npz(data: bytes) -> dict[str, npt.NDArray[Any]]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            size = sum(each.file_size for each in packed.infolist())
        file = np.load(io.BytesIO(data), allow_pickle=False)
    except DAMAGE:
        raise ValueError("a damaged .npz file: save it again with numpy.savez") from None
    if size > MOST_BYTES:
        raise ValueError(f"expected at most {MOST_BYTES // 2**20} MiB of numbers")
    with file:
        names = [name for name in file.files if name not in FACTS or name == FOLDED]
        return {name: numbers_in(_member(file, name), name) for name in names}


def _member(file: Any, name: str) -> npt.NDArray[Any]:
    """An array of a .npz file."""
    try:
        return np.asanyarray(file[name])
    except DAMAGE:
        raise ValueError(f"{quoted(name)}: damaged, or no array of numbers; save it again with numpy.savez") from None


def _safetensors(data: bytes) -> dict[str, npt.NDArray[Any]]:
    length = int.from_bytes(data[:8], "little")
    try:
        header = json.loads(data[8 : 8 + length])
    except (ValueError, RecursionError):
        header = None
    if not isinstance(header, dict):
        raise ValueError("a damaged .safetensors file: its header cannot be read")
    notes = header.pop("__metadata__", None)
    arrays = {FOLDED: np.ones(())} if isinstance(notes, dict) and FOLDED in notes else {}
    return arrays | {name: _tensor(data[8 + length :], each, name) for name, each in header.items()}


def _tensor(data: bytes, said: Any, name: str) -> npt.NDArray[Any]:
    """An array of a safetensors file, read by its entry in the header."""
    kind = said.get("dtype") if isinstance(said, dict) else None
    if isinstance(kind, str) and kind not in SAFETENSORS_TYPES:
        raise ValueError(
            f"{quoted(name)}: expected one of the types {', '.join(SAFETENSORS_TYPES)}, got {quoted(kind)}"
        )
    try:
        begin, end = said["data_offsets"]
        numbers = np.frombuffer(data[begin:end], SAFETENSORS_TYPES[str(kind)])
        if kind == BFLOAT16:
            numbers = (numbers.astype(np.uint32) << 16).view(np.float32)
        return numbers_in(numbers.reshape(said["shape"]), name)
    except (KeyError, TypeError, ValueError, OverflowError):
        raise ValueError(f"{quoted(name)}: expected dtype, shape and data_offsets that fit the file") from None
