"""Recognizing named arrays: which array of an update each is, and its layout."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from ...core.diagnosis.computation import Computation
from ...core.diagnosis.figures import Figures, UserArray, precision_of, user_array_of
from ...core.diagnosis.update_inputs import Figure, UpdateInputs
from ...core.diagnosis.varied_training import place_of_number
from ...core.functions.arrays import Array
from ...core.quantities.quantity import Quantity
from ...core.typed_number import quoted
from .named_arrays import NamedArrays

LAYOUTS = ("auto", "out-in", "in-out")
"""Layouts of W: detected, (n_out, n_in) as in PyTorch, or (n_in, n_out) as in Keras."""
NAME = re.compile(
    r"(?P<d>d|grad|gradient|dl_?d|de_?d|dj_?d|dc_?d|delta)?_?(?P<kind>w|b|z|a|theta|weights?|bias|biases)?_?(?P<layer>\d+)?"
    r"_?(?P<d_after>grad|gradient)?_?(?P<next>next|new|updated|after|plus|\+)?"
)
SINGLE = 1e-7
"""A relative difference that only single precision leaves."""
BESIDE = {
    "minus_dz": r"(?:minus|neg|negative)_?(?:delta|d_?z|grad_?z)_?(\d+)",
    "slope": r"(?:(?:slope|deriv|derivative|[fg]_?prime|sigma_?prime|d?a_?prime)_?a?_?(\d+)|a_?(\d+)_?(?:slope|prime)"
    r"|d?_?a_?(\d+)_d?z_?\3)",
    "change_W": r"(?:(?:change|step)_?(?:w|weights?)_?(\d+)|(?:w|weights?)_?(\d+)_(?:change|step))",
    "change_b": r"(?:(?:change|step)_?(?:b|bias|biases)_?(\d+)|(?:b|bias|biases)_?(\d+)_(?:change|step))",
}
"""Usual names of derived arrays with their layer: −δ, a(1 − a), Δw."""
MODULE = re.compile(r"(?:.*[._])?[a-z]*(\d{1,9})\.(weight|bias)(\.grad)?", re.IGNORECASE)
"""A parameter of a module of PyTorch, as 0.weight, net.2.bias or fc1.weight."""
NEW_FIRST = re.compile(r"(new|next|updated)_?(.+)")
KINDS = {"weight": "w", "weights": "w", "bias": "b", "biases": "b"}
WHOLE = {
    "loss": Figure("loss"),
    "output_losses": Figure("output_loss"),
    **dict.fromkeys(("cost", "l", "j", "e", "error", "total_loss", "batch_loss"), Figure("loss")),
    **dict.fromkeys(("x", "a0", "input", "inputs", "x0"), Figure("x")),
    **dict.fromkeys(("y", "t", "target", "targets", "y_true"), Figure("y")),
}
OUTPUTS = ("y_hat", "yhat", "y_pred", "ypred", "output", "outputs", "prediction", "predictions", "pred", "out")
EXPECTED = (
    "expected names such as W1, b1, z1, a1, y_hat, loss, dW1, db1, dz1, da1, W1_next, or w1[2,1] and loss[1]; "
    "also minus_delta1, slope1 and change_W1"
)


@dataclass(frozen=True)
class RecognizedArrays:
    """The user's arrays, and how they were read."""

    figures: Figures
    names: Mapping[Figure, str]
    """The user's name of each array."""
    layout: str
    """The layout of W in the user's arrays: "out-in" or "in-out"."""
    notes: tuple[str, ...]
    """Decisions, in sentences for the user."""
    activations: tuple[str, ...]
    """Of each layer."""


def recognize_arrays(arrays: NamedArrays, setting: UpdateInputs, layout: str = "auto") -> RecognizedArrays:
    """Recognize arrays by their names and shapes.

    Args:
        arrays: by their names.
        setting: the inputs of the update.
        layout: one of LAYOUTS.

    Raises:
        ValueError: a name is unknown, or an array cannot have the shape that its name asks for.
    """
    named, single = _by_figure(arrays, setting)
    run = Computation(setting)
    with np.errstate(all="ignore"):
        shapes = {figure: run.get(*figure).shape for figure in setting.figures_to_bring()}
    names = {figure: name for figure, (name, _) in named.items()}
    for figure in (*named, *single):
        if figure.name == "slope" and figure.layer == setting.layers and figure not in shapes:
            raise ValueError(f"{quoted(names.get(figure, str(figure)))}: softmax has no slope of one neuron")
        if figure.name == "output_loss" and figure not in shapes:
            raise ValueError("the loss of an output: expected a network with several outputs, and one example")
        if figure not in shapes:
            raise ValueError(f"{quoted(names.get(figure, str(figure)))}: the network has layers 1 to {setting.layers}")
    notes: list[str] = []
    if layout == "auto":
        layout = _found_layout(named, run, shapes, notes)
    figures: dict[Figure, UserArray] = {}
    for figure, (name, array) in named.items():
        theirs = _in_our_shape(figure, name, array, shapes[figure], layout)
        figures[figure] = _of_a_difference(theirs, run.get(figure.name[-1], figure.layer)) if figure.change else theirs
    for figure, entries in single.items():
        figures[figure] = _with_holes(entries, shapes[figure], figure)
    if empty := next((figure for figure, each in figures.items() if not each.given.any()), None):
        raise ValueError(f"{quoted(names[empty])}: expected numbers, got none")
    if not figures:
        raise ValueError("expected arrays by name, such as W1, a1 and dW1, got none")
    activations = tuple(setting.activation(layer) for layer in range(1, setting.layers + 1))
    return RecognizedArrays(figures, names, layout, tuple(notes), activations)


def _by_figure(
    arrays: NamedArrays, setting: UpdateInputs
) -> tuple[dict[Figure, tuple[str, npt.NDArray[Any]]], dict[Figure, dict[tuple[int, ...], float]]]:
    named: dict[Figure, tuple[str, npt.NDArray[Any]]] = {}
    single: dict[Figure, dict[tuple[int, ...], float]] = {}
    from_zero = any(re.fullmatch(r"(d?w|weights?|theta)_?0", name.casefold()) for name in arrays)
    plain = _numbered(arrays)
    for name, array in arrays.items():
        if "[" in name:
            figure, index = _entry(name)
            if array.size != 1:
                raise ValueError(f"{quoted(name)}: expected one number, got {array.size}")
            if not np.ma.getmaskarray(array).any():
                single.setdefault(figure, {})[index] = float(array.reshape(-1)[0])
            continue
        for figure, part in _figures_named(plain.get(name, name), array, setting.layers, from_zero):
            if figure in named:
                raise ValueError(f"{quoted(name)} and {quoted(named[figure][0])} are both {figure}")
            named[figure] = name, part
    if both := next((figure for figure in single if figure in named), None):
        raise ValueError(f"{quoted(named[both][0])}: expected all of {both}, or single numbers of it, got both")
    return named, single


def _numbered(arrays: NamedArrays) -> dict[str, str]:
    """Names that count layers, for PyTorch's names, which count activations too: weight2 for 2.weight."""
    forms = {name: form for name in arrays if (form := MODULE.fullmatch(name))}
    places = sorted({int(form[1]) for form in forms.values()})
    return {name: f"{form[2]}{places.index(int(form[1])) + 1}{form[3] or ''}" for name, form in forms.items()}


def _figures_named(
    name: str, array: npt.NDArray[Any], layers: int, from_zero: bool
) -> Iterator[tuple[Figure, npt.NDArray[Any]]]:
    """The array of an update that a name means; two, W and b, if the bias is the first column."""
    text = _in_plain_letters(name)
    if text in WHOLE and not (from_zero and text == "a0"):
        yield WHOLE[text], array
        return
    if new := NEW_FIRST.fullmatch(text):
        text = f"{new[2]}_next"
    for output in OUTPUTS:
        if text in (output, f"d{output}", f"d_{output}"):
            yield Figure("da" if text.startswith("d") else "a", layers), array
            return
    for letters, pattern in BESIDE.items():
        if beside := re.fullmatch(pattern, text):
            yield Figure(letters, int(next(filter(None, beside.groups()))) + from_zero), array
            return
    form = NAME.fullmatch(text)
    if form is None or form["layer"] is None or (form["kind"] is None and form["d"] != "delta"):
        raise ValueError(f"{quoted(name)}: {EXPECTED}")
    layer = int(form["layer"]) + from_zero
    kind = KINDS.get(form["kind"] or "z", form["kind"] or "z")
    letter = {"w": "W", "theta": "theta"}.get(kind, kind)
    gradient, after = bool(form["d"] or form["d_after"]), bool(form["next"])
    if letter == "theta":
        if array.ndim != 2 or not array.size:
            raise ValueError(f"{quoted(name)}: expected a matrix whose first column is the bias")
        for part, values in (("b", array[:, 0]), ("W", array[:, 1:])):
            yield _figure(part, layer, gradient, after), values
        return
    yield _figure(letter, layer, gradient, after), array


def _in_plain_letters(name: str) -> str:
    """A name in lower case, with words for signs."""
    text = name.strip().casefold()
    text = re.sub(r"^[−-]\s*(?=[\wδ∂])", "minus_", text)
    text = re.sub(r"δ_?(?=[wb])", "change_", text).replace("δ", "delta")
    text = re.sub(r"[\s./∂-]+", "_", text).strip("_")
    return re.sub(r"^(dl|de|dj|dc)_d(?=[a-z])", "d", text)


def _figure(letter: str, layer: int, gradient: bool, after: bool) -> Figure:
    return Figure(f"d{letter}" if gradient else f"{letter}_next" if after and letter in "Wb" else letter, layer)


def _entry(name: str) -> tuple[Figure, tuple[int, ...]]:
    """The array and index of a quantity's name, such as w1[2,1]."""
    try:
        return place_of_number(Quantity.parse(name.strip()))
    except ValueError:
        raise ValueError(f"{quoted(name)}: {EXPECTED}") from None


def _with_holes(entries: Mapping[tuple[int, ...], float], shape: tuple[int, ...], figure: Figure) -> UserArray:
    values, missing = np.full(shape, np.nan), np.ones(shape, bool)
    for index, value in entries.items():
        if len(index) != len(shape) or any(not 0 <= n < size for n, size in zip(index, shape, strict=True)):
            place = ", ".join(str(n + 1) for n in index)
            raise ValueError(f"{figure}: expected {_shape_words(shape)} numbers, got one at {place}")
        values[index], missing[index] = value, False
    half, decimals = precision_of(values[np.isfinite(values)], values)
    return UserArray(values, half, decimals, missing=missing)


def _found_layout(
    named: Mapping[Figure, tuple[str, npt.NDArray[Any]]],
    run: Computation,
    shapes: Mapping[Figure, tuple[int, ...]],
    notes: list[str],
) -> str:
    """How W is laid out: shapes decide, else the values."""
    matrices = [(figure, array) for figure, (_, array) in named.items() if "W" in figure.name and array.ndim == 2]
    fits = {
        "out-in": sum(array.shape == shapes[figure] for figure, array in matrices),
        "in-out": sum(array.shape == shapes[figure][::-1] for figure, array in matrices),
    }
    if not matrices or fits["out-in"] != fits["in-out"]:
        layout = "in-out" if fits["in-out"] > fits["out-in"] else "out-in"
        if layout == "in-out":
            notes.append("W is laid out as (in, out), as its shape shows; it is transposed.")
        return layout
    square = [(figure, array) for figure, array in matrices if array.shape == shapes[figure] and array.shape[0] > 1]
    near = {"out-in": 0, "in-out": 0}
    for figure, array in square:
        right = run.get(*figure)
        near["out-in"] += int(_is_near(array, right).sum())
        near["in-out"] += int(_is_near(array.T, right).sum())
    if near["in-out"] > near["out-in"]:
        notes.append(
            "W is square, and its values agree when it is read as (in, out); --layout out-in reads it as (out, in)."
        )
        return "in-out"
    if square and near["in-out"] == near["out-in"]:
        notes.append("W is square, and is read as (out, in); --layout in-out reads it as (in, out).")
    return "out-in"


def _is_near(array: npt.NDArray[Any], right: Array) -> npt.NDArray[np.bool_]:
    return np.asarray(np.abs(np.ma.filled(array, np.nan) - right) <= 1e-3 * np.abs(right).max(initial=1e-300))


def _in_our_shape(figure: Figure, name: str, array: npt.NDArray[Any], shape: tuple[int, ...], layout: str) -> UserArray:
    """An array in nn-tui's shape, from any of the usual shapes."""
    if "W" in figure.name and array.ndim == 2 and layout == "in-out" and array.shape == shape[::-1]:
        array = array.T
    elif array.shape != shape and array.ndim == 2 and array.shape == shape[::-1]:
        array = array.T  # examples are columns
    elif len(shape) == 2 and array.ndim <= 1 and 1 in shape and array.size == int(np.prod(shape)):
        array = array.reshape(shape)
    elif len(shape) <= 1 and array.size == int(np.prod(shape)) and sum(size > 1 for size in array.shape) <= 1:
        array = array.reshape(shape)
    elif figure.name == "db" and array.size == 1:
        array = array.reshape(1).repeat(shape[0])  # a sum over all axes; NumPy adds it to every bias
    if array.shape != shape:
        raise ValueError(f"{quoted(name)}: expected {_shape_words(shape)}, got {_shape_words(array.shape)}")
    return user_array_of(array, shape)


def _of_a_difference(change: UserArray, old: Array) -> UserArray:
    """A change, with the precision that a difference of two parameters has."""
    bits = float(np.finfo(np.float32 if change.relative > SINGLE else np.float64).eps)
    size, largest = (float(np.abs(each).max(initial=0.0)) for each in (change.values, old))
    return replace(change, relative=max(change.relative, 4.0 * bits * largest / size)) if size > 0.0 else change


def _shape_words(shape: Iterable[int]) -> str:
    return " × ".join(str(each) for each in shape) or "one number"
