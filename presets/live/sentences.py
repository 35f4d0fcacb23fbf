"""What a person reads of a training in another process: its agreement with nn-tui, and what is not finite."""

from math import ceil, floor, log10

from ...core.notation.notation import Names, Notation
from .messages import FirstNotFinite
from .proof import Proof


def agreement_text(proof: Proof, names: Names, ranks: int = 1, notation: Notation = Notation.SUPERSCRIPT) -> str:
    """Whether both compute the same, or the first number that differs, and its cause where it is known."""
    if proof.differing:
        quantity, theirs, ours = proof.differing
        name = names.labels(notation).text(quantity)
        why = f" ({proof.cause})" if proof.cause else ""
        said = f"first difference: {name}{why}, torch {_exact(theirs)}, nn-tui {_exact(ours)}"
    elif proof.left_out and ranks == 1:
        return proof.left_out
    else:
        said = f"torch and nn-tui agree {_how_far(proof.error)}"
    return f"{said}; gradient averaged over {ranks} ranks, examples of rank 0" if ranks > 1 else said


def not_finite_text(found: FirstNotFinite) -> str:
    """Which operation first gave a number that is not finite, where, and of what."""
    if not found.operation:
        return f"step {found.step}: the loss is not finite; {found.line or 'its first operation is not known'}"
    where = f", {found.place}" if found.place else ""
    line = f": {found.line.strip()}" if found.line else ""
    module = f" in {found.module}" if found.module else ""
    inputs = f"; inputs {', '.join(found.inputs)}" if found.inputs else ""
    when = "backward pass" if found.is_backward else "forward pass"
    return f"step {found.step}: {found.operation}{module} is not finite ({when}){where}{line}{inputs}"


def _how_far(error: float) -> str:
    """A difference, rounded up to one digit of a power of ten."""
    if error == 0.0:
        return "to the last bit"
    power = floor(log10(error))
    digit = ceil(error / 10.0**power - 1e-9)
    return f"to {'1' if digit == 10 else digit}e−{-power - (digit == 10)}" if power < 0 else f"to {error:.1g}"


def _exact(value: float) -> str:
    return f"{value:.17g}".replace("-", "−")
