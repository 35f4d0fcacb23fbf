"""The training behind a preview: a few steps at a time, in the screen's own thread, within bounds."""

from collections.abc import Iterator
from dataclasses import astuple
from pathlib import Path
from time import perf_counter

from ...core.metrics.series import Point
from ...core.steps.events import BackwardPass, Event, Failed, Finished
from ...core.training.trainer import Trainer
from ...presets.build import build
from ...presets.schema import Preset
from .numbers import count
from .preset_summary import parameter_count

MOST_PARAMETERS = 50_000
MOST_EXAMPLES = 20_000
MOST_BYTES = 200_000
"""Of a data file. A preset that is larger in any way is not trained before it is opened."""
MOST_WORK = 3_000_000
"""Parameters times examples of a batch: a step takes some milliseconds."""
SECONDS = 0.008
"""Spent on steps at each turn."""
MOST_TURNS = 240
"""After these it pauses: nobody watches for so long."""
GROWTH = 0.12
"""The share of its steps that a training adds at each turn, so that the first ones can be watched."""
FEW, QUICK = 4, 6
"""Examples up to which the first turns make one step each; with more of them they make this many."""
KEPT = 60
"""Predictions that are kept, of the first steps."""


class PreviewTraining:
    """One training; whoever shows it calls `advance` a few times a second."""

    def __init__(self, preset: Preset, folder: Path) -> None:
        """Build the training and make its first forward and backward pass.

        Raises:
            PresetError: its data cannot be used.
        """
        experiment = build(preset, folder)
        self.trainer: Trainer = experiment.trainer
        state = experiment.start
        self.backward: BackwardPass = self.trainer.backward(self.trainer.forward(state))
        """Of the newest step."""
        self.losses: list[Point] = []
        """At the end of each turn."""
        self.accuracy: float | None = None
        """Of the examples to train on; None if it has no meaning."""
        self.predictions: dict[int, list[float]] = {}
        """Of the first example at each of the first steps."""
        self.ending = ""
        """Why it trains no more; empty while it does."""
        self._events: Iterator[Event] = self.trainer.events(state, experiment.stop)
        self._turns = 0
        self._keep(self.backward)
        self._evaluate()

    @property
    def step(self) -> int:
        """Updates done so far."""
        return self.backward.step

    @property
    def activity(self) -> str:
        """What it does, in a word."""
        return self.ending.partition(":")[0] or "training"

    @property
    def is_over(self) -> bool:
        """Whether `advance` does nothing any more."""
        return bool(self.ending)

    def advance(self) -> None:
        """Train for a turn: a few steps at first, more later, and never for long."""
        first = 1 if len(self.trainer.train) <= FEW else QUICK
        goal = self.step + max(first, int(self.step * GROWTH))
        end = perf_counter() + SECONDS
        while self.step < goal and not self.is_over and perf_counter() < end:
            self._step()
        self._evaluate()
        self._turns += 1
        if self._turns >= MOST_TURNS and not self.is_over:
            self.ending = "paused"

    def _step(self) -> None:
        """Go to the next backward pass."""
        for event in self._events:
            match event:
                case BackwardPass():
                    is_new = event.step > self.step
                    self.backward = event
                    if is_new:
                        self._keep(event)
                        return
                case Finished():
                    self.ending = "finished"
                    return
                case Failed(reason=reason):
                    self.ending = f"failed: {reason}"
                    return
                case _:
                    pass  # the backward pass has all that is shown

    def _evaluate(self) -> None:
        """Note the loss and the accuracy of all examples to train on, or of the batch where they are too many."""
        trainer, forward = self.trainer, self.backward.forward
        loss, self.accuracy = forward.loss, trainer.accuracy(forward.y_hat, forward.y)
        if not trainer.is_full_batch and len(trainer.train) * self.backward.state.parameters.size <= MOST_WORK:
            loss, self.accuracy = astuple(trainer.evaluate(self.backward.state, trainer.train))
        self.losses.append((self.step, loss))

    def _keep(self, backward: BackwardPass) -> None:
        if len(self.predictions) < KEPT:
            self.predictions[backward.step] = backward.forward.y_hat[0].tolist()


def why_no_preview(preset: Preset, folder: Path) -> str:
    """Why a preset is not trained in a preview; empty if it is."""
    if (parameters := parameter_count(preset.network)) > MOST_PARAMETERS:
        return f"{count(parameters)} parameters"
    if preset.data.dataset and preset.data.dataset.samples > MOST_EXAMPLES:
        return f"{count(preset.data.dataset.samples)} examples"
    size = preset.training.batch_size
    examples = _examples(preset) if size == "all" else size
    if parameters * examples > MOST_WORK:
        return f"{count(parameters)} parameters and {count(examples)} examples in a batch"
    file = folder / preset.data.file if preset.data.file else None
    if file and file.is_file() and file.stat().st_size > MOST_BYTES:
        return f"a data file of {count(file.stat().st_size // 1000)} KB"
    return ""


def _examples(preset: Preset) -> int:
    """How many examples there are, as far as that is known without a look into a file."""
    return preset.data.dataset.samples if preset.data.dataset else len(preset.data.inputs or ())
