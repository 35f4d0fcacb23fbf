"""Sentences about a training in another process: its agreement with nn-tui, and numbers that are not finite."""

from contextlib import suppress
from io import StringIO
from math import ceil, floor, log10
from pathlib import PurePath
from tokenize import COMMENT, TokenError, generate_tokens

from ...core.debugger.facts import Agreement
from ...core.network.names import Names
from ...core.notation.notation import Notation
from .messages import FirstNotFinite
from .proof import Differing, Proof

MOST_CODE = 60
"""Characters of a line of a script that are quoted."""


def agreement_text(proof: Proof, names: Names, ranks: int = 1, notation: Notation = Notation.SUPERSCRIPT) -> str:
    """Whether both compute the same, or the first number that differs, and its cause if it is known."""
    if proof.differing:
        theirs, ours = _apart(proof.differing.theirs, proof.differing.ours)
        why = f": {proof.cause}" if proof.cause else ""
        said = f"{_first(proof.differing, names, notation)}, torch {theirs}, nn-tui {ours}{why}"
    elif proof.left_out and ranks == 1:
        return proof.left_out
    else:
        said = f"torch and nn-tui agree {_how_far(proof.error)}"
    return f"{said}; gradient averaged over {ranks} ranks, examples of rank 0" if ranks > 1 else said


def agreement_of(proof: Proof, names: Names, ranks: int = 1) -> Agreement:
    """The same, with what a line of less room says."""
    text = agreement_text(proof, names, ranks)
    if proof.differing is None:
        return Agreement(text, agrees=True)
    first = _first(proof.differing, names, Notation.SUPERSCRIPT)
    causes = (f"{first}: {proof.cause}",) if proof.cause else ()
    return Agreement(text, agrees=False, briefer=(*causes, first))


def _first(differing: Differing, names: Names, notation: Notation) -> str:
    return f"first difference: {names.labels(notation).text(differing.quantity)}"


def _apart(theirs: float, ours: float) -> tuple[str, str]:
    """Two numbers with as few digits as show that they differ, but at least four."""
    for digits in range(4, 17):
        both = tuple(f"{each:.{digits}g}".replace("-", "−") for each in (theirs, ours))
        if both[0] != both[1]:
            break
    return both[0], both[1]


def not_finite_text(found: FirstNotFinite) -> str:
    """The first operation with a result that is not finite, its place, and its inputs."""
    if not found.operation:
        why = found.line or "its first operation is not known"
        return f"step {found.step}: the loss, or a gradient, is not finite; {why}"
    where = f", {PurePath(found.place).name}" if found.place else ""
    line = f": {code_of(found.line)}" if found.line else ""
    module = f" in {found.module}" if found.module else ""
    inputs = f"; inputs {', '.join(found.inputs)}" if found.inputs else ""
    when = "backward pass" if found.is_backward else "forward pass"
    return f"step {found.step}: {found.operation}{module} is not finite ({when}){where}{line}{inputs}"


def not_finite_words(found: FirstNotFinite) -> str:
    """The operation and its line, in the room of a header."""
    if not found.operation:
        return "first not finite: the loss"
    place = f", {PurePath(found.place).name}" if found.place else ""
    return f"first not finite: {found.operation}{place}{' (backward pass)' if found.is_backward else ''}"


def jump_text(before: int, now: int) -> str:
    """That one steps over others that were not kept; empty if none is between."""
    least, most = sorted((before, now))
    if most - least < 2:
        return ""
    between = f"step {least + 1} was" if most - least == 2 else f"steps {least + 1} to {most - 1} were"
    return f"step {now}; {between} not kept"


def code_of(line: str) -> str:
    """What a line of a script computes: without its comment, and not longer than can be read at once."""
    code = line.strip()
    with suppress(TokenError, SyntaxError):  # a line may be the first of several
        for each in generate_tokens(StringIO(code).readline):
            if each.type == COMMENT:
                code = code[: each.start[1]].rstrip()
                break
    return code if len(code) <= MOST_CODE else code[: MOST_CODE - 1] + "…"


def _how_far(error: float) -> str:
    """A difference, rounded up to one digit of a power of ten."""
    if error == 0.0:
        return "to the last bit"
    power = floor(log10(error))
    digit = ceil(error / 10.0**power - 1e-9)
    return f"to {'1' if digit == 10 else digit}e−{-power - (digit == 10)}" if power < 0 else f"to {error:.1g}"
