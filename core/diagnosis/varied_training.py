"""A whole training under a variant of the computation, update after update."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from ..functions.schedules import Constant
from ..quantities.quantity import CHANGE, Kind, Quantity, When
from .cause import Variant
from .computation import Computation
from .update_inputs import Figure, UpdateInputs

FIGURES_OF = {
    Kind.X: "x",
    Kind.Y: "y",
    Kind.Z: "z",
    Kind.A: "a",
    Kind.W: "W",
    Kind.B: "b",
    Kind.DW: "dW",
    Kind.DB: "db",
    Kind.DZ: "dz",
    Kind.DA: "da",
    Kind.SLOPE: "slope",
    Kind.MINUS_DZ: "minus_dz",
    Kind.OUTPUT_LOSS: "output_loss",
    Kind.LOSS: "loss",
}
"""The array that has a number of a kind."""


def place_of_number(quantity: Quantity) -> tuple[Figure, tuple[int, ...]]:
    """The array of an update that has a number, and where in it.

    Raises:
        ValueError: no array of an update has it.
    """
    letter = _array_name(quantity)
    of_one_example = quantity.example is not None and quantity.kind in (Kind.LOSS, Kind.DW, Kind.DB)
    if letter is None or quantity.when is When.LAST or of_one_example or quantity.layer < 0:
        raise ValueError(f"{quantity}: expected x, y, z, a, w, b, loss, dw, db, dz or da of this step")
    after = "_next" if quantity.when is When.NEXT else ""
    layer = 0 if letter in ("x", "y", "output_loss", "loss") else quantity.layer + 1
    figure = Figure(letter + after, layer)
    if letter == "loss":
        return figure, ()
    return figure, quantity.index if letter[-1] in "Wb" else (quantity.row, quantity.to)


def _array_name(quantity: Quantity) -> str | None:
    """The name of the array that has a number; None if none has it."""
    if quantity.slot == CHANGE and quantity.when is When.NOW:
        return "change_b" if quantity.from_ is None else "change_W"
    return FIGURES_OF.get(quantity.kind)


def number_at(figure: Figure, index: tuple[int, ...]) -> Quantity:
    """The number at a place of an array of an update."""
    layer, when = max(figure.layer - 1, 0), When.NEXT if figure.next else When.NOW
    if figure.change:
        return Quantity.in_array(Kind.W if figure.name[-1] == "W" else Kind.B, layer, index).remembered_as(CHANGE)
    kind = next(kind for kind, name in FIGURES_OF.items() if name == figure.name.removesuffix("_next"))
    match kind:
        case Kind.LOSS:
            return Quantity(kind)
        case Kind.W | Kind.DW | Kind.B | Kind.DB:
            return Quantity.in_array(kind, layer, index).at(when)
        case _:
            return Quantity(kind, layer, index[1], example=index[0])


def name_at(figure: Figure, index: tuple[int, ...], examples: int) -> str:
    """The name of the number at a place of an array, as the user types it; a batch of one does not name its example."""
    quantity = number_at(figure, index)
    return str(quantity if examples > 1 else replace(quantity, example=None))


class VariedTraining:
    """The updates of a training with a full batch and a constant learning rate, each computed when it is needed."""

    def __init__(self, setting: UpdateInputs, variant: Variant | None = None) -> None:
        """Begin before the first update."""
        self._variant = variant
        self._runs = [Computation(setting, variant)]

    def number(self, quantity: Quantity, step: int) -> float:
        """A number of a step.

        Raises:
            ValueError: no array of an update has it.
            IndexError: the network has no such number.
        """
        with np.errstate(all="ignore"):
            while len(self._runs) <= step:
                self._runs.append(Computation(next_setting(self._runs[-1]), self._variant))
            if quantity.kind is Kind.OUTPUT_LOSS:
                return self._loss_of_output(quantity, self._runs[step])
            if quantity.kind is Kind.LOSS and quantity.example is not None:
                return self._loss_of(quantity.row, self._runs[step].setting)
            figure, index = place_of_number(quantity)
            return float(self._runs[step].get(*figure)[index])

    def _loss_of_output(self, quantity: Quantity, run: Computation) -> float:
        """The share of one output in the loss of its example, which may be varied as a whole.

        Raises:
            ValueError: a penalty is part of that loss.
        """
        shares = run.setting.trainer.output.losses_of_outputs(
            run.get("z", run.setting.layers), run.get("a", run.setting.layers), run.get("y")
        )[quantity.row]
        return float(shares[quantity.to] / shares.sum() * self._loss_of(quantity.row, run.setting))

    def _loss_of(self, row: int, setting: UpdateInputs) -> float:
        """The loss of one example: that of a batch of this one alone.

        Raises:
            ValueError: a penalty is part of it.
        """
        if setting.trainer.penalty:
            raise ValueError("the loss of an example has no penalty")
        alone = replace(setting, x=setting.x[row : row + 1], y=setting.y[row : row + 1])
        return float(Computation(alone, self._variant).get("loss"))


def can_be_varied(setting: UpdateInputs) -> bool:
    """Whether every update of a training is computed from the same examples with the same learning rate."""
    trainer = setting.trainer
    return trainer.is_full_batch and trainer.schedule == Constant()


def next_setting(run: Computation) -> UpdateInputs:
    """The inputs of the next update, if every update uses the same examples."""
    setting, layers = run.setting, range(1, run.setting.layers + 1)
    return replace(
        setting,
        W=tuple(run.get("W_next", layer) for layer in layers),
        b=tuple(run.get("b_next", layer) for layer in layers),
        slots=(*(run.slots_next(layer, "W") for layer in layers), *(run.slots_next(layer, "b") for layer in layers)),
        before=(tuple(run.get("dW", layer) for layer in layers), tuple(run.get("db", layer) for layer in layers)),
    )
