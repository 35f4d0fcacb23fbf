"""The training behind a preview: a few steps at a time, in the screen's own thread, with limits; or a saved one."""

from collections.abc import Iterator
from pathlib import Path
from time import perf_counter
from typing import Self

from ...core.metrics.history import History
from ...core.metrics.series import Point
from ...core.steps.events import BackwardPass, Event, Failed, Finished
from ...core.steps.stop import Stop
from ...core.training.trainer import Trainer
from ...core.training.training import Training
from ...presets.build import build
from ...presets.paths import check_named_file
from ...presets.reopened import opened
from ...presets.schema import Preset
from .numbers import count
from .preset_summary import parameter_count

MOST_PARAMETERS = 50_000
MOST_EXAMPLES = 20_000
MOST_BYTES = 200_000
"""The most bytes of a data file. A preset above any of these limits is not trained in the preview."""
MOST_SAVED = 1_000_000
"""The most bytes of a session that is read for a preview."""
MOST_WORK = 3_000_000
"""The most parameters times examples of a batch, for which a step takes some milliseconds."""
SECONDS = 0.008
"""The seconds for steps in each turn."""
MOST_TURNS = 240
"""The turns after which it pauses, because nobody watches for longer."""
GROWTH = 0.12
"""The growth of the steps per turn, as a share of the steps done, so that the first steps are visible."""
FEW, QUICK = 4, 6
"""With up to FEW examples the first turns make one step each, with more examples QUICK steps."""
KEPT = 60
"""The most predictions that are kept, from the first steps."""


class PreviewTraining:
    """A training; its owner calls `advance` a few times a second until it is over."""

    def __init__(self, training: Training, stop: Stop) -> None:
        """Make the first forward and backward pass of a training."""
        self.trainer: Trainer = training.trainer
        self.backward: BackwardPass = self.trainer.backward(self.trainer.forward(training.state))
        """The backward pass of the newest step."""
        self.losses: list[Point] = []
        """The loss at the end of each turn; of a saved training, of each step that was kept."""
        self.accuracy: float | None = None
        """The accuracy on the training examples; None if there are no classes."""
        self.predictions: dict[int, list[float]] = {}
        """The predictions for the first example at the first steps."""
        self.ending = ""
        """The reason why it ended; empty while it trains."""
        self.edited_at: int | None = None
        """The step of the first edit, from which on printed numbers no longer belong to it; None without edits."""
        self._events: Iterator[Event] = self.trainer.events(training.state, stop)
        self._turns = 0
        self._keep(self.backward)
        self._evaluate()

    @classmethod
    def of_preset(cls, preset: Preset, folder: Path) -> Self:
        """The training of a preset at its start.

        Raises:
            PresetError: its data cannot be used.
        """
        experiment = build(preset, folder)
        return cls(Training(experiment.trainer, experiment.start), experiment.stop)

    @classmethod
    def of_session(cls, path: Path) -> Self:
        """A saved training at its step, which does not advance, with the losses before that step.

        Raises:
            SessionError: the session cannot be used.
        """
        saved = opened(str(path))
        timeline = saved.timeline
        training = cls(Training(timeline.trainer, timeline.state()), saved.experiment.stop)
        history = saved.histories.get(timeline.branch.number, History())
        before = [each for each in history.batch_loss if each[0] < training.step]
        training.losses = [*before, (training.step, training.backward.forward.loss)]
        if len(training.trainer.train) == 1:
            for step in range(min(training.step, KEPT)):
                training._keep(timeline.backward_at(step))
        training.ending = "saved"
        edits = timeline.changes[: timeline.position.segment]
        training.edited_at = min((step for step, _ in edits), default=None)
        return training

    @property
    def step(self) -> int:
        """Updates done so far."""
        return self.backward.step

    @property
    def activity(self) -> str:
        """The activity, in a word."""
        return self.ending.partition(":")[0] or "training"

    @property
    def is_over(self) -> bool:
        """Whether the training has ended."""
        return bool(self.ending)

    def advance(self) -> None:
        """Train for a turn: a few steps at first, more later, always within the time limit."""
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
                    pass  # the backward pass contains everything that is shown

    def _evaluate(self) -> None:
        """Record the loss and the accuracy of all training examples, or of the batch if they are too many."""
        trainer, forward = self.trainer, self.backward.forward
        loss, self.accuracy = forward.loss, trainer.accuracy(forward.y_hat, forward.y)
        if not trainer.is_full_batch and len(trainer.train) * self.backward.state.parameters.size <= MOST_WORK:
            loss, self.accuracy = trainer.evaluate(self.backward.state, trainer.train)
        self.losses.append((self.step, loss))

    def _keep(self, backward: BackwardPass) -> None:
        if len(self.predictions) < KEPT:
            self.predictions[backward.step] = backward.forward.y_hat[0].tolist()


def why_no_preview(preset: Preset, folder: Path, session: Path | None = None) -> str:
    """The reason why a preset is not trained, or a session not read, in a preview; empty if it is."""
    if session:
        check_named_file(session)
    if session and (saved := session.stat().st_size) > MOST_SAVED:
        return f"a session of {count(saved // 1000)} KB"
    if (parameters := parameter_count(preset.network)) > MOST_PARAMETERS:
        return f"{count(parameters)} parameters"
    if preset.data.dataset and preset.data.dataset.samples > MOST_EXAMPLES:
        return f"{count(preset.data.dataset.samples)} examples"
    size = preset.training.batch_size
    examples = _examples(preset) if size == "all" else size
    if parameters * examples > MOST_WORK:
        return f"{count(parameters)} parameters and {count(examples)} examples in a batch"
    file = folder / preset.data.file if preset.data.file else None
    if file and file.exists():
        check_named_file(file)
    if file and file.is_file() and file.stat().st_size > MOST_BYTES:
        return f"a data file of {count(file.stat().st_size // 1000)} KB"
    return ""


def _examples(preset: Preset) -> int:
    """The number of examples, if it is known without reading a file."""
    return preset.data.dataset.samples if preset.data.dataset else len(preset.data.inputs or ())
