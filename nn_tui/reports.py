"""Reports of a run: an explanation, a gradient check and the difference of two runs, as readable text."""

from dataclasses import dataclass

import numpy as np

from .core.explaining.explanation import Explanation
from .core.functions.arrays import Array
from .core.gradient_check import Check, Verdict
from .core.network.layout import parameter_at
from .core.notation.notation import Notation
from .core.quantities.quantity import Quantity
from .core.steps.events import BackwardPass
from .presets.user_arrays.compared_arrays import ComparedArrays


@dataclass(frozen=True, eq=False)
class ExplanationText:
    """An explanation that prints as text and shows as equations in a notebook."""

    explanation: Explanation
    notation: Notation
    decimals: int = 6

    @property
    def value(self) -> float:
        """The value that is explained."""
        return float(self.explanation.value)

    def __str__(self) -> str:
        from .tui.text.explanation import explanation_text

        return explanation_text(self.explanation, self.notation, self.decimals)

    __repr__ = __str__

    def _repr_markdown_(self) -> str:
        from .tui.text.explanation import explanation_markdown

        return explanation_markdown(self.explanation, self.notation, self.decimals)

    def _repr_latex_(self) -> str:
        from .tui.text.explanation import explanation_latex

        return explanation_latex(self.explanation, self.notation, self.decimals)


@dataclass(frozen=True, eq=False)
class DiagnosisText:
    """The first wrong number in the user's arrays, and its cause; it prints as sentences."""

    comparison: ComparedArrays

    @property
    def agrees(self) -> bool:
        """Whether nothing is wrong: all agrees, or a convention explains it."""
        from .tui.text.diagnosis_text import is_right

        return is_right(self.comparison.diagnosis)

    @property
    def first_wrong(self) -> str | None:
        """The name of the first array that is wrong, such as "dz1"."""
        first = self.comparison.diagnosis.first_wrong
        return str(first.figure) if first else None

    def __str__(self) -> str:
        from .tui.text.diagnosis_text import diagnosis_lines

        return "\n".join(diagnosis_lines(self.comparison.diagnosis, self.comparison.arrays))

    __repr__ = __str__


@dataclass(frozen=True)
class GradientReport:
    """Every gradient beside the slope of the loss."""

    checks: tuple[Check, ...]

    @property
    def agrees(self) -> bool:
        """Whether no gradient is wrong; a gradient at a kink has no slope to compare with."""
        return all(check.verdict is not Verdict.WRONG for check in self.checks)

    def __str__(self) -> str:
        agreeing = sum(check.verdict is Verdict.AGREES for check in self.checks)
        lines = [f"{agreeing} of {len(self.checks)} gradients agree with the slope of the loss"]
        lines += [
            f"{check.quantity}: {check.verdict.value}, gradient {check.gradient:.6g}, slope {check.slope:.6g}"
            for check in self.checks
            if check.verdict is not Verdict.AGREES
        ]
        return "\n".join(lines)

    __repr__ = __str__


@dataclass(frozen=True, eq=False)
class RunDifference:
    """Two runs at the same step; a pair has this run's number first."""

    step: int
    loss: tuple[float, float]
    largest: Quantity
    """The parameter that differs most."""
    values: tuple[float, float]
    """Its values."""
    parameters: Array
    """Each parameter of this run less that of the other, all weights first, then all biases: (parameters,)."""

    @classmethod
    def between(cls, ours: BackwardPass, theirs: BackwardPass) -> "RunDifference":
        """The difference of two steps.

        Raises:
            ValueError: the networks have different shapes.
        """
        layout = ours.state.layout
        if layout.places != theirs.state.layout.places:
            raise ValueError("expected two runs of networks with the same layers and kinds of bias")
        a, b = ours.state.parameters, theirs.state.parameters
        place = int(np.argmax(np.abs(a - b)))
        return cls(
            step=ours.step,
            loss=(ours.forward.loss, theirs.forward.loss),
            largest=parameter_at(layout, place),
            values=(float(a[place]), float(b[place])),
            parameters=a - b,
        )

    def __str__(self) -> str:
        loss, values = (" and ".join(f"{each:.6g}" for each in pair) for pair in (self.loss, self.values))
        if not self.parameters.any():
            return f"step {self.step}: the same parameters; loss {loss}"
        return f"step {self.step}: loss {loss}; the largest difference is in {self.largest}, {values}"

    __repr__ = __str__
