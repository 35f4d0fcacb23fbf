"""A run: a training in Python, with the verbs and the numbers of the dashboard."""

from collections.abc import Callable, Mapping
from os import PathLike
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from msgspec.structs import replace

from .core.debugger.debugger import Debugger
from .core.debugger.facts import Fact, Rejected
from .core.debugger.recorder import Recorder
from .core.debugger.stage import WHOLE_BACKWARD, StepUnit, up_to
from .core.explaining.explain import explain
from .core.functions.arrays import Array
from .core.gradient_check import check_gradients
from .core.metrics.history import History
from .core.notation.notation import Notation
from .core.quantities.quantity import Quantity
from .core.steps.events import BackwardPass, Failed
from .core.steps.state import State
from .core.timeline.dump import dump, load
from .core.training.changes import Change
from .core.training.in_bursts import BurstLength
from .presets.atomic_write import atomic_write, file_at
from .presets.errors import PresetError
from .presets.export.export_format import StepExport, export_step, formats
from .presets.opened import NOWHERE, Opened
from .presets.prediction import Reading, predict_raw, raw_inputs
from .presets.sessions.session import Session, write_session
from .presets.user_arrays.compared_arrays import compared
from .reports import DiagnosisText, ExplanationText, GradientReport, RunDifference

UNITS = (StepUnit.UPDATE.value, StepUnit.EPOCH.value)


class TrainingError(ArithmeticError):
    """Training cannot continue, because a number is not finite or nothing can be learned."""


class Gradients(NamedTuple):
    """∂L/∂ of every number of a step; each is a tuple with one array a layer."""

    W: tuple[Array, ...]
    """(n_out, n_in)."""
    b: tuple[Array, ...]
    """(n_out,)."""
    z: tuple[Array, ...]
    """(batch, n_out)."""
    a: tuple[Array, ...]
    """(batch, n_out)."""


class Run:
    """A training at a step. Every verb returns the run itself, so calls can be chained.

    Arrays are read-only; layers count from 0 in arrays, and from 1 in names such as "dw1[4,3]", as in the dashboard.
    """

    def __init__(self, training: Opened) -> None:
        """Wrap an opened training; use `open` or `new` to get a run."""
        self._training = training
        self._recorder = Recorder(training.histories)
        self._debugger = Debugger(training.experiment, timeline=training.timeline)
        self._length = BurstLength()
        self._take(self._debugger.look(WHOLE_BACKWARD))

    # Moving.

    def step(self, count: int = 1, unit: str = "update") -> "Run":
        """Train by this many updates or epochs; from the preset's stop on, beyond it.

        Raises:
            TrainingError: training cannot continue; the run is at the last complete step.
            ValueError: the count is below 0, or there is no such unit.
        """
        _check_unit(unit)
        if count < 0:
            raise ValueError(f"expected a count from 0 up, got {count}; use back to step back")
        if unit == StepUnit.UPDATE.value:
            return self._run_to(self.state.step + count)
        for _ in range(count):
            self._take(self._debugger.step(StepUnit.EPOCH))
        return self

    def back(self, count: int = 1, unit: str = "update") -> "Run":
        """Step back by this many updates or epochs, at most to the start. Undoing an edit counts as one step.

        Raises:
            ValueError: there is no such unit.
        """
        _check_unit(unit)
        for _ in range(count):
            self._take(self._debugger.back(StepUnit(unit)))
        return self

    def go_to(self, step: int) -> "Run":
        """Go to a step, back or forward.

        Raises:
            TrainingError: training fails on the way.
            ValueError: the step is below 0.
        """
        newest = self._debugger.timeline.branch.newest
        self._take(self._debugger.go_to(min(step, newest)))
        return self._run_to(step)

    def change(self, **settings: str | float) -> "Run":
        """Continue from here with other settings, such as learning_rate=0.1 or optimizer="adam".

        Raises:
            ValueError: there is no such setting, or it cannot have that value.
        """
        self._take(self._debugger.change(*(Change(name, value) for name, value in settings.items())))
        return self

    def branch(self, **settings: str | float) -> "Run":
        """A second run with the same past and other settings from here on; this run is unchanged."""
        timeline = load(self._training.experiment, dump(self._debugger.timeline))
        return Run(replace(self._training, timeline=timeline, histories=self._histories())).change(**settings)

    # The numbers of this step.

    @property
    def state(self) -> State:
        """The step, the epoch, the parameters, and the optimizer's slots."""
        return self.backward.state

    @property
    def backward(self) -> BackwardPass:
        """The forward pass and every gradient of this step's batch."""
        if self._debugger.snapshot is None:
            raise TrainingError("training failed before its first step: there are no numbers")
        return self._debugger.snapshot.present(self._debugger.timeline.trainer)

    @property
    def loss(self) -> float:
        """The loss of this step's batch before its update, the penalty included."""
        return self.backward.forward.loss

    @property
    def W(self) -> tuple[Array, ...]:
        """The weights of each layer, (n_out, n_in)."""
        return self.state.W

    @property
    def b(self) -> tuple[Array, ...]:
        """The biases of each layer, (n_out,); (1,) where shared, (0,) where there are none."""
        return self.state.b

    @property
    def z(self) -> tuple[Array, ...]:
        """z of each layer for this step's batch, (batch, n_out)."""
        return self.backward.forward.z

    @property
    def a(self) -> tuple[Array, ...]:
        """a of each layer for this step's batch, (batch, n_out); the last is ŷ."""
        return self.backward.forward.a

    @property
    def gradients(self) -> Gradients:
        """∂L/∂W, ∂L/∂b, ∂L/∂z and ∂L/∂a of each layer."""
        backward = self.backward
        return Gradients(backward.dW, backward.db, backward.dz, backward.da)

    @property
    def predictions(self) -> Array:
        """ŷ of every training example, (examples, n_out)."""
        return self.predict(self._debugger.timeline.trainer.train.X)

    @property
    def history(self) -> History:
        """The losses, accuracies and norms of gradients of this branch by step."""
        return self._recorder.history

    def predict(self, X: npt.ArrayLike | str | PathLike[str], *, raw: bool = False) -> Array:
        """ŷ of inputs, (examples, n_in) to (examples, n_out).

        Args:
            X: inputs as the network takes them; or a CSV file, whose columns are found by their names.
            raw: whether the inputs are as they were before the training standardized them, and ŷ shall be in the units
                of the targets in the data. Those of a file always are; a row of it with missing values becomes NaN.

        Raises:
            ValueError: there are not as many inputs in a row as the network has.
            PresetError: the file cannot be read, or does not have the inputs.
        """
        trainer, state = self._debugger.timeline.trainer, self.state
        if isinstance(X, str | PathLike):
            return predict_raw(trainer, state, raw_inputs(Path(X), trainer.train, Reading(self._missing)))
        inputs = np.array(X, state.parameters.dtype, ndmin=2)
        n_in, n_out = trainer.network.layers[0].n_in, trainer.network.layers[-1].n_out
        if inputs.ndim != 2 or inputs.shape[1] != n_in:
            raise ValueError(f"expected inputs of shape (examples, {n_in}), got {inputs.shape}")
        if raw:
            return predict_raw(trainer, state, inputs)
        return trainer.forward_on(state, inputs, np.zeros((len(inputs), n_out), inputs.dtype)).y_hat

    @property
    def _missing(self) -> str | None:
        return self._training.preset.data.missing

    def __getitem__(self, quantity: str | Quantity) -> float:
        """Any number of this step by its name, such as "dw1[4,3]", "a2[1]@3" or "loss".

        Raises:
            ValueError: no number has such a name.
            IndexError: the network has no such layer, neuron or example.
        """
        return self.explain(quantity).value

    def __setitem__(self, quantity: str | Quantity, value: float) -> None:
        """Edit a parameter, an input or a target of this step; `back` undoes it."""
        self._take(self._debugger.change(Change(_quantity(quantity), float(value))))

    # Questions about the numbers.

    def explain(self, quantity: str | Quantity, decimals: int = 6) -> ExplanationText:
        """Where a number comes from: print it, or let a notebook show its equations.

        Raises:
            ValueError: no number has such a name.
            IndexError: the network has no such layer, neuron or example.
        """
        before = next(iter(self._debugger.timeline.updates_before(1)), None)
        found = explain(self._debugger.timeline.trainer, self.backward, _quantity(quantity), before)
        return ExplanationText(found, Notation(self._training.preset.notation), decimals)

    def check(self) -> GradientReport:
        """Compare every gradient of this step with the slope of the loss, by central differences."""
        return GradientReport(tuple(check_gradients(self._debugger.timeline.trainer, self.backward)))

    def compare(self, other: "Run") -> RunDifference:
        """The difference to another run of the same network, at the last step that both have reached.

        Raises:
            ValueError: the networks have different shapes.
        """
        ours, theirs = self._debugger.timeline, other._debugger.timeline
        step = min(ours.branch.newest, theirs.branch.newest)
        return RunDifference.between(ours.backward_at(step), theirs.backward_at(step))

    def compare_to(self, arrays: Mapping[str, npt.ArrayLike], layout: str = "auto") -> DiagnosisText:
        """Find the first wrong number in arrays of your own code at this step, and its cause.

        Args:
            arrays: arrays by their usual names: W1, b1, z1, a1, y_hat, loss, da1, dz1, dW1, db1, W1_next, b1_next.
            layout: of W: "out-in" as in PyTorch, "in-out" as in Keras, or "auto".

        Raises:
            ValueError: a name is unknown, or an array cannot have the shape that its name asks for.
        """
        before = next(iter(self._debugger.timeline.updates_before(1)), None)
        named = {name: np.asarray(array) for name, array in arrays.items()}
        trainer = self._debugger.timeline.trainer
        return DiagnosisText(compared(named, trainer, self.state, before.backward if before else None, layout))

    def save(self, path: str | PathLike[str]) -> None:
        """Write a session that `open` and the dashboard open again.

        Raises:
            PresetError: it cannot be written, or is too large.
        """
        timeline = dump(self._debugger.timeline)
        write_session(
            file_at(path), Session(preset=self._training.preset, timeline=timeline, histories=self._histories())
        )

    def export(self, path: str | PathLike[str], form: str | None = None, *, fold: bool = False) -> None:
        """Write this step for another program.

        Args:
            path: the file.
            form: "csv", "json", "toml", "npz", "safetensors", "numpy" or "pytorch"; None for that of the file's ending.
            fold: whether the weights of npz and safetensors include the standardization.

        Raises:
            PresetError: there is no such format, or the file cannot be written.
        """
        timeline = self._debugger.timeline
        name = form or Path(path).suffix.removeprefix(".")
        if fold and not (name in formats() and formats()[name].can_fold):
            raise PresetError(name, "expected npz or safetensors with fold")
        start = timeline.branch.segments[timeline.position.segment].start
        preset, trainer = self._training.preset, timeline.trainer
        data = export_step(name, StepExport(preset, NOWHERE, trainer, self.backward, fold, start))
        atomic_write(file_at(path), data)

    def __repr__(self) -> str:
        place = f"step {self.state.step}" if self._debugger.snapshot else "failed at the start"
        loss = f", loss {self.loss:.6g}" if self._debugger.snapshot else ""
        return f"<Run {self._training.preset.name}: {place}{loss}>"

    def _show(self, show: Callable[[Opened], object]) -> None:
        """Let a function move the training, and continue from there."""
        show(replace(self._training, histories=self._histories()))
        self._take(self._debugger.look(WHOLE_BACKWARD))

    def _histories(self) -> dict[int, History]:
        """Copies: histories grow."""
        return {number: each.before(each.batch_loss.last_step + 1) for number, each in self._recorder.histories.items()}

    def _run_to(self, step: int) -> "Run":
        while self.state.step < step:
            self._debugger.pass_stop()
            self._take(self._debugger.run(up_to(step), length=self._length))
        return self

    def _take(self, facts: tuple[Fact, ...]) -> None:
        """Record the facts of a verb, and raise an error if it failed."""
        self._recorder.fold(facts, 0.0)
        for fact in facts:
            match fact:
                case Rejected(reason=reason):
                    raise ValueError(reason)
                case Failed(reason=reason):
                    raise TrainingError(reason)


def _quantity(name: str | Quantity) -> Quantity:
    return name if isinstance(name, Quantity) else Quantity.parse(name)


def _check_unit(unit: str) -> None:
    if unit not in UNITS:
        raise ValueError(f"expected {' or '.join(UNITS)}, got {unit!r}")
