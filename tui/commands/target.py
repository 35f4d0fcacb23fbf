"""The training that TARGET names, at a step."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ..config import Config, configured
from ..ending import NotFiniteError
from .option_types import WholeNumber
from .output import say_data, say_notes

if TYPE_CHECKING:
    from ...core.steps.events import BackwardPass, Updated
    from ...core.steps.state import State
    from ...core.training.trainer import Trainer
    from ...presets.opened import Opened

CHANGES = ("learning_rate", "optimizer", "loss", "activation", "batch_size")
"""Options that can change a saved training; the others decide how a training begins."""
FARTHEST = 10_000_000
"""The last step that a command runs to."""
STEP = click.option(
    "--step",
    type=WholeNumber(0, FARTHEST),
    help="Number of updates to run first; the default is 0, or the saved step of a session.",
)


def training_of(
    target: str,
    changes: dict[str, Any],
    step: int | None = None,
    *,
    config: Config | None = None,
    is_whole: bool = False,
) -> "Opened":
    """The training of a preset at its start, or of a session or a shared line at its saved step or another step.

    Args:
        target: the TARGET.
        changes: the options that change a preset, or a saved training at that step.
        step: the step to open at, if it has been reached.
        config: the configuration, where options of the command are part of it.
        is_whole: whether the preset shall have the examples of its file in it.

    Raises:
        PresetError: there is no such target, or it cannot be used.
    """
    from ...core.timeline.timeline import Timeline
    from ...presets.build import build
    from ...presets.catalogue import folder_of, is_saved
    from ...presets.examples import with_inline_data
    from ...presets.opened import Opened
    from .overridden_preset import preset_with

    config = config or configured({}).config
    if is_saved(target):
        return _saved_training(target, changes, step, config)

    preset, folder = preset_with(target, budget=config.examples_budget, **changes), folder_of(target)
    preset = with_inline_data(preset, folder, config.examples_budget) if is_whole else preset
    experiment = build(preset, folder, budget=config.examples_budget)
    say_notes()
    return Opened(preset=preset, experiment=experiment, timeline=Timeline(experiment, config.budget))


def at_step(opened: "Opened", step: int | None, verb: str) -> "tuple[Trainer, BackwardPass, Updated | None]":
    """A training at a step, or where it was left, with the update that led there.

    Raises:
        NotFinite: training fails on the way.
    """
    timeline = opened.timeline
    say_data(opened.experiment.trainer.train)
    if step is not None:
        timeline.go_to(min(step, timeline.branch.newest))
    before = next(iter(timeline.updates_before(1)), None)
    last = timeline.position.step if step is None else step
    backward, update = run_to(timeline.trainer, timeline.state(), last, verb)
    return timeline.trainer, backward, update or before


def run_to(trainer: "Trainer", state: "State", step: int, verb: str) -> "tuple[BackwardPass, Updated | None]":
    """A state trained up to a step, with the update that led to it.

    Raises:
        NotFinite: training fails on the way.
    """
    from ...core.steps.events import Failed, Finished, Updated
    from ...core.steps.stop import Stop
    from ...core.training.in_bursts import state_before_end

    before = None
    if step - state.step > 1:
        state = state_before_end(trainer, state, Stop(steps=step - 1))
    for event in trainer.events(state, Stop(steps=step)):
        match event:
            case Updated():
                before = event
            case Failed(reason=reason):
                raise NotFiniteError(f"step {step} cannot be {verb}: {reason}")
            case Finished(backward=backward):
                return backward, before
    raise AssertionError("a training ends with Finished or Failed")


def _saved_training(target: str, changes: dict[str, Any], step: int | None, config: Config) -> "Opened":
    from ...core.training.changes import Change
    from ...presets.reopened import opened
    from .overridden_preset import usual_learning_rate

    said = {name: value for name, value in changes.items() if value is not None}
    data = said.pop("data", None)
    for name in said:
        if name not in CHANGES:
            option = "target" if name == "target_columns" else name.replace("_", "-")
            raise click.UsageError(
                f"--{option}: a session keeps its initial weights, its examples and its stop; expected a preset"
            )
    found = opened(target, config.budget, config.examples_budget, data and Path(data))
    timeline = found.timeline
    if step is not None:
        timeline.go_to(min(step, timeline.branch.newest))
    if "optimizer" in said and "learning_rate" not in said:
        said |= usual_learning_rate(timeline.trainer.optimizer.name, said["optimizer"])
    for name, value in said.items():
        try:
            timeline.change(Change(name, value))
        except ValueError as error:
            raise click.UsageError(f"--{name.replace('_', '-')}: {error}") from None
    say_notes()
    return found
