"""The sentences of a diagnosis."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from ...core.diagnosis.cause import Cause, CauseKind, Variant
from ...core.diagnosis.diagnose import Certainty, Diagnosis
from ...core.diagnosis.judgement import FigureState, Judged
from ...core.diagnosis.mistyped_input import MistypedInput
from ...core.diagnosis.update_inputs import Figure
from ...core.diagnosis.varied_training import name_at, number_at
from ...core.notation.labels import Labels
from ...presets.user_arrays.array_names import RecognizedArrays
from .numbers import counted

SLOPES = {"sigmoid": "a * (1 - a)", "tanh": "(1 - a**2)", "relu": "(z > 0)", "leaky-relu": "np.where(z > 0, 1, 0.01)"}
"""The derivatives of activations, as NumPy code."""
OF_EXAMPLES = ("z", "a", "dz", "da", "x", "y", "slope", "minus_dz", "output_loss")
"""Arrays with a row for each example."""
MOST_TIED = 8
"""The most causes of a tie that are listed."""


def diagnosis_lines(diagnosis: Diagnosis, arrays: RecognizedArrays, labels: Labels | None = None) -> Iterator[str]:
    """The whole diagnosis, a sentence or two on a line; with labels, the first wrong number is named by these too."""
    yield from arrays.notes
    agreeing = diagnosis.count(FigureState.AGREES)
    everything = counted(len(diagnosis.figures), "array")
    if diagnosis.first_wrong is None and not diagnosis.rounding:
        yield f"{everything}: all agree." if len(diagnosis.figures) > 1 else f"{everything}: it agrees."
        return
    if diagnosis.rounding:
        yield f"{everything}: {agreeing} agree as they are, and all agree if results are {diagnosis.rounding}."
        return
    first = diagnosis.first_wrong
    assert first is not None
    name = array_name(first.figure, arrays)
    yield f"{everything}: {agreeing} agree. The first wrong one is {name}{where_wrong(first)}."
    yield _beside(first, arrays, labels)
    if carried := [array_name(each.figure, arrays) for each in diagnosis.figures if each.state is FigureState.CARRIED]:
        verb = "differs" if len(carried) == 1 else "differ"
        yield f"{', '.join(carried)} {verb} only because your earlier numbers are rounded."
    if follows := [array_name(each.figure, arrays) for each in diagnosis.figures if each.state is FigureState.FOLLOWS]:
        verb = "follows" if len(follows) == 1 else "follow"
        yield f"{', '.join(follows)} {verb} from it: computed from your own earlier numbers, {_they(follows)}."
    wrong = [each for each in diagnosis.figures if each.state is FigureState.WRONG]
    if also := [array_name(each.figure, arrays) for each in wrong if each is not first]:
        verb = "is" if len(also) == 1 else "are"
        yield f"{', '.join(also)} {verb} wrong too."
    yield from cause_lines(diagnosis, arrays)


def is_right(diagnosis: Diagnosis) -> bool:
    """Whether nothing is wrong: everything agrees, or a convention explains it, with enough evidence."""
    if diagnosis.agrees:
        return True
    conventions = all(_kind(each) == CauseKind.CONVENTION.value for each in diagnosis.variants)
    return diagnosis.is_explained and not diagnosis.mistyped and conventions


def _they(names: Sequence[str]) -> str:
    return "it agrees" if len(names) == 1 else "they agree"


def array_name(figure: Figure, arrays: RecognizedArrays) -> str:
    """The user's name of an array; our name if the user has no such array."""
    return arrays.names.get(figure, str(figure))


def where_wrong(first: Judged) -> str:
    """The numbers of an array that are wrong."""
    wrong = int(first.wrong.sum())
    known = int(first.theirs.given.sum())
    if first.wrong.size == 1:
        return ""
    return ", every number" if wrong == known else f", {wrong} of its {known} numbers"


def largest_fault(first: Judged) -> tuple[int, ...]:
    """The position of the number that differs most."""
    distance = np.where(first.wrong, np.abs(first.theirs.values - first.from_theirs), -1.0)
    distance = np.where(first.wrong & np.isnan(distance), np.inf, distance)
    return tuple(int(each) for each in np.unravel_index(int(np.argmax(distance)), distance.shape))


def _beside(first: Judged, arrays: RecognizedArrays, labels: Labels | None) -> str:
    place = largest_fault(first)
    theirs, right = float(first.theirs.values[place]), float(first.from_theirs[place])
    also = _own_entry(first.figure, place, arrays)
    if labels:
        also = [labels.text(replace(number_at(first.figure, place), example=None)), *also]
    at = _entry(first.figure, place, arrays) + (f" ({'; '.join(also)})" if also else "")
    if first.figure.name in ("x", "y", "W", "b"):
        return f"At {at}: yours {theirs:.6g}, the preset's {right:.6g}."
    return f"At {at}: yours {theirs:.6g}, and from your own earlier numbers it is {right:.6g}."


def _entry(figure: Figure, index: tuple[int, ...], arrays: RecognizedArrays) -> str:
    """The name of a number of an array, as the user types it in the dashboard."""
    examples = [len(each.values) for name, each in arrays.figures.items() if name.name in OF_EXAMPLES]
    return name_at(figure, index, max(examples, default=0))


def _own_entry(figure: Figure, index: tuple[int, ...], arrays: RecognizedArrays) -> list[str]:
    """The same number by the name and the order of the user's array, from 1; empty if ours says the same."""
    name = arrays.names.get(figure, "")
    # An array may contain several of ours, as Theta1 contains W1 and b1.
    if figure.name in OF_EXAMPLES or not index or list(arrays.names.values()).count(name) != 1:
        return []
    places = index[::-1] if arrays.layout == "in-out" else index
    own = f"{name}[{','.join(str(each + 1) for each in places)}]"
    return [f"your {own}"] if own.lower() != _entry(figure, index, arrays).lower() else []


def cause_lines(diagnosis: Diagnosis, arrays: RecognizedArrays) -> Iterator[str]:
    """The cause of the error, or the causes that are possible."""
    said = [variant_sentence(each, arrays) for each in diagnosis.variants]
    said += [mistyped_input_sentence(each, arrays) for each in diagnosis.mistyped]
    wrong = diagnosis.count(FigureState.WRONG) + diagnosis.count(FigureState.FOLLOWS)
    everything = f"all {wrong} arrays that differ" if wrong > 1 else "the difference"
    if not said:
        first = diagnosis.first_wrong
        yield f"No known cause explains {everything}."
        if diagnosis.ratio is not None:
            yield f"Every wrong number in it is {diagnosis.ratio:.4g} times the right one."
        else:
            yield "Look at the line that computes it."
        if first and first.figure == Figure("z", 1) and not any(each.name == "W" for each in arrays.figures):
            yield "If your weights are not those of the preset, add W1 and b1."
        return
    if diagnosis.certainty is Certainty.THIN:
        yield f"Too few digits for a verdict. It would agree if {_or(said)}."
    elif diagnosis.certainty is Certainty.ASKED:
        yield f"Only one number is wrong. You get it if {_or(said)}. Is that so?"
    elif len(said) == 1:
        yield f"Cause: {said[0]}. This explains {everything}."
        if right := _right_line(diagnosis.variants, arrays.activations):
            yield f"The right line: {right}"
    else:
        yield f"Cause: one of these; each explains {everything}."
        yield from (f"  {each}" for each in said[:MOST_TIED])
        if len(said) > MOST_TIED:
            yield f"  and {len(said) - MOST_TIED} more"
    if rate := diagnosis.same_rate:
        yield f"The same update has a learning rate of {rate.value:.10g} in place of {rate.was:.10g}."
    if diagnosis.deciding:
        yield f"To find out which, add {diagnosis.deciding}."


def _or(said: Sequence[str]) -> str:
    shown = list(said[:MOST_TIED])
    return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])}, or {shown[-1]}"


def variant_sentence(variant: Variant, arrays: RecognizedArrays) -> str:
    """The sentences of a variant's causes, with the layers in which they act."""
    return ", and ".join(_cause_sentence(*each, arrays) for each in variant.causes)


def _cause_sentence(cause: Cause, layers: frozenset[int], arrays: RecognizedArrays) -> str:
    names = {*cause.at, *(["dz"] if "slope" in cause.at else [])}
    seen = layers & {figure.layer for figure in arrays.figures if figure.name in names}
    *others, first = sorted(seen or layers)[::-1]
    sentence = cause.text(first, arrays.activations[first - 1])
    if "{layer}" not in cause.sentence or not others:
        return sentence
    more = " and ".join(str(each) for each in reversed(others))
    return f"{sentence} (and so in layer {more})"


def mistyped_input_sentence(mistyped: MistypedInput, arrays: RecognizedArrays) -> str:
    """The input that differs."""
    if mistyped.figure.name == "learning_rate":
        return f"the learning rate is {mistyped.value:.10g}, not {mistyped.was:.10g}"
    name = _entry(mistyped.figure, mistyped.index, arrays)
    return f"{name} is {mistyped.value:.10g} in your numbers, and {mistyped.was:.10g} here: a mistyped input"


def _right_line(variants: Sequence[Variant], activations: Sequence[str]) -> str:
    lines = [
        cause.right.format(slope=SLOPES.get(activations[min(layers) - 1], "f_prime(z)"))
        for variant in variants
        for cause, layers in variant.causes
        if cause.right
    ]
    return "; ".join(lines)


def diagnosis_data(diagnosis: Diagnosis, arrays: RecognizedArrays) -> dict[str, Any]:
    """The diagnosis as plain values, for JSON."""
    first = diagnosis.first_wrong
    return {
        "layout": arrays.layout,
        "notes": list(arrays.notes),
        "agrees": diagnosis.agrees,
        "arrays": [
            {
                "name": arrays.names.get(each.figure, str(each.figure)),
                "figure": str(each.figure),
                "state": each.state.value,
            }
            for each in diagnosis.figures
        ],
        "first_wrong": str(first.figure) if first else None,
        "rounding": diagnosis.rounding or None,
        "causes": [
            {
                "sentence": variant_sentence(each, arrays),
                "names": [cause.name for cause, _ in each.causes],
                "kind": _kind(each),
            }
            for each in diagnosis.variants
        ],
        "mistyped": [
            {
                "name": each.figure.name if not each.figure.layer else str(each.figure),
                "index": [place + 1 for place in each.index],
                "is": each.value,
                "preset": each.was,
            }
            for each in diagnosis.mistyped
        ],
        "same_learning_rate": diagnosis.same_rate.value if diagnosis.same_rate else None,
        "certainty": diagnosis.certainty.value if diagnosis.variants or diagnosis.mistyped else None,
        "bits": diagnosis.bits,
        "deciding": str(diagnosis.deciding) if diagnosis.deciding else None,
        "ratio": diagnosis.ratio,
    }


def _kind(variant: Variant) -> str:
    conventions = all(cause.kind is CauseKind.CONVENTION for cause, _ in variant.causes)
    return CauseKind.CONVENTION.value if conventions else CauseKind.SLIP.value
