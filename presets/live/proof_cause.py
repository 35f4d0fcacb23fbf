"""Why numbers of another process differ: the one cause of the catalogue under which all of them are right."""

import numpy as np

from ...core.diagnosis.diagnose import Certainty, diagnose
from ...core.diagnosis.figures import UserArray
from ...core.diagnosis.judgement import FigureState
from ...core.diagnosis.update_inputs import Figure, UpdateInputs
from ...core.functions.arrays import Array
from ...core.quantities.quantity import When
from ...core.steps.events import BackwardPass
from ...core.steps.state import State
from ...core.training.trainer import Trainer
from .kept_steps import KeptStep
from .proof import Proof

RELATIVE = {"float64": 1e-9, "float32": 1e-5}
"""How far a number may be off, as a share of the largest of its array."""
MOST_NUMBERS = 20_000
"""Of networks with more, no cause is looked for."""


class KnownCauses:
    """The cause of each difference, which is looked for once: a difference of many steps has one cause."""

    def __init__(self) -> None:
        self._texts: dict[tuple[object, ...], str] = {}

    def text(self, proof: Proof, kept: KeptStep, before: KeptStep | None) -> str:
        """Why a step's numbers differ, in a sentence; empty if that is not known.

        Args:
            proof: of the step.
            kept: the step.
            before: the previous step, if it was reported.
        """
        if proof.differing is None:
            return ""
        what = proof.differing.quantity
        key = (what.kind, what.layer, what.when)
        if key not in self._texts:
            is_of_update = what.when is When.NEXT and before is not None
            self._texts[key] = (
                cause_text(before.trainer, before.backward, _previous(before), kept.backward.state)
                if is_of_update and before is not None
                else cause_text(kept.trainer, kept.backward, _previous(kept))
            )
        return self._texts[key]


def cause_text(
    trainer: Trainer, theirs: BackwardPass, before: BackwardPass | None = None, after: State | None = None
) -> str:
    """The cause of the numbers of a step, in a sentence; empty if none is known.

    Args:
        trainer: one with the batch and the learning rate of the step.
        theirs: a step of which a number differs.
        before: the previous step, if it was reported.
        after: the state after the step, where that differs and nothing before does.
    """
    if theirs.numbers.size + theirs.gradient.size > MOST_NUMBERS:
        return ""
    previous = (before.dW, before.db) if before is not None else None
    setting = UpdateInputs.of(trainer, theirs.state, previous)
    with np.errstate(all="ignore"):
        # The optimizer is not in doubt where only gradients differ: it makes the update of them.
        found = diagnose(setting, _figures(theirs, after or trainer.update(theirs).state), is_short=True)
    if found.variants and found.certainty is Certainty.SURE:
        cause, layers = found.variants[0].causes[0]
        layer = max(layers, default=1)
        return cause.text(layer, setting.activation(layer))
    if found.ratio is None or found.first_wrong is None:
        return ""
    wrong = {each.figure for each in found.figures if each.state is FigureState.WRONG}
    if all(Figure("dW", number + 1) in wrong for number in range(setting.layers)):
        return "all gradients are scaled, as clipping does"
    return f"all of {found.first_wrong.figure} is scaled by one number"


def _previous(kept: KeptStep) -> BackwardPass | None:
    return kept.before.backward if kept.before else None


def _figures(theirs: BackwardPass, after: State) -> dict[Figure, UserArray]:
    forward, relative = theirs.forward, RELATIVE[str(theirs.state.parameters.dtype)]
    named: dict[str, tuple[Array, ...]] = {"z": forward.z, "a": forward.a, "dz": theirs.dz, "dW": theirs.dW}
    if theirs.state.b and theirs.state.b[0].size:
        named["db"] = theirs.db
    named["da"] = theirs.da[:-1]
    named |= {"W_next": after.W, "b_next": after.b}
    return {
        Figure(name, number + 1): UserArray(np.asarray(each, float), None, relative=relative)
        for name, arrays in named.items()
        for number, each in enumerate(arrays)
        if each.size
    }
