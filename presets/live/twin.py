"""The twin: a training of nn-tui's own that begins with the state, the batch and the optimizer of another program."""

from collections.abc import Callable
from dataclasses import replace

import msgspec
import numpy as np

from ...core.debugger.stage import WHOLE_BACKWARD
from ...core.steps.state import State
from ...core.timeline.timeline import Timeline
from ...core.training.trainer import Trainer
from ...core.worker.inbox import Inbox
from ...core.worker.verbs import Ability, Verbs
from ...core.worker.worker import Worker
from ..build import as_trained, at_state, build
from ..opened import NOWHERE, Opened
from ..schema import Preset

NOT_SAVED = "this twin begins with the optimizer's memory of the PyTorch training, which a session file does not hold"


def twin_of(preset: Preset, trainer: Trainer, state: State) -> Opened:
    """A training that continues from a state of another one, at step 0.

    Args:
        preset: that of the other training.
        trainer: its batch, learning rate and optimizer.
        state: its parameters, and what its optimizer remembers.
    """
    named = msgspec.structs.replace(
        preset, name=f"{preset.name}-twin", title=f"twin of step {state.step} of {preset.title}"
    )
    whole = at_state(as_trained(named, NOWHERE, trainer), NOWHERE, state)
    experiment = build(whole, NOWHERE)
    start = replace(experiment.start, slots=state.slots)
    experiment = replace(experiment, start=start)
    remembers = any(np.any(slot) for slot in state.slots)
    start_it = _unsaved if remembers else None
    return Opened(preset=whole, experiment=experiment, timeline=Timeline(experiment), start=start_it)


def _unsaved(opened: Opened, on_pause: Callable[[], None]) -> tuple[Verbs, Inbox]:
    """The training in a thread, which cannot be saved."""
    worker = Worker(opened.experiment, on_pause, timeline=opened.timeline, first=WHOLE_BACKWARD)
    worker.lacks = {Ability.SAVE: NOT_SAVED}
    return worker, worker.inbox
