"""A copy: a training in nn-tui that begins with the state, the batch and the optimizer of another program."""

import msgspec

from ...core.steps.state import State
from ...core.timeline.dump import remembering
from ...core.timeline.timeline import Timeline
from ...core.training.trainer import Trainer
from ..build import as_trained, at_state, build
from ..opened import NOWHERE, Opened
from ..schema import Preset


def copy_of(preset: Preset, trainer: Trainer, state: State) -> Opened:
    """A training that continues from a state of another training, at step 0.

    Args:
        preset: that of the other training.
        trainer: its batch, learning rate and optimizer.
        state: its parameters, and its optimizer's slots.
    """
    named = msgspec.structs.replace(
        preset, name=f"{preset.name}-copy", title=f"copy from step {state.step} of {preset.title}"
    )
    whole = at_state(as_trained(named, NOWHERE, trainer), NOWHERE, state)
    experiment = remembering(build(whole, NOWHERE), state.slots)
    return Opened(preset=whole, experiment=experiment, timeline=Timeline(experiment))
