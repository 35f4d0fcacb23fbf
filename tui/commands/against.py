"""Options that open a training at a step, beside the user's arrays."""

from pathlib import Path
from typing import TYPE_CHECKING

import click
from msgspec.structs import replace

from ...presets.errors import PresetError
from ..ending import NotFiniteError
from .option_types import FILE_PATH

if TYPE_CHECKING:
    from ...presets.opened import Opened
    from ...presets.user_arrays.compared_arrays import ComparedArrays

AGAINST = click.option(
    "--against",
    type=FILE_PATH,
    metavar="FILE",
    help='Arrays of your own code: .npz, .json, .csv or .safetensors; "-" reads the standard input.',
)


def beside(opened: "Opened", path: Path, step: int | None, layout: str | None) -> "Opened":
    """The training at a step, beside the user's arrays; it begins with their weights where they have others.

    Raises:
        PresetError: the file cannot be read, or its arrays are none of this network.
    """
    from ...presets.user_arrays.named_arrays import name_of, read_named_arrays

    opened, arrays = at(opened, step), read_named_arrays(path)
    timeline = opened.timeline
    before = next(iter(timeline.updates_before(1)), None)
    try:
        from ...presets.user_arrays.compared_arrays import compared

        gradients = before.backward if before else None
        found = compared(arrays, timeline.trainer, timeline.state(), gradients, layout or "auto")
    except ValueError as error:
        raise PresetError(name_of(path), str(error)) from None
    from ..text.user_numbers import user_numbers

    started = opened if found.own_start is None else _from_their_weights(opened, found, path)
    return replace(started, against=user_numbers(found))


def at(opened: "Opened", step: int | None) -> "Opened":
    """The training at a step, trained up to it if necessary.

    Raises:
        NotFiniteError: training fails on the way.
    """
    timeline = opened.timeline
    if step is None or step <= timeline.branch.newest:
        timeline.go_to(timeline.position.step if step is None else step)
        return opened
    from ...core.metrics.history import History
    from ...core.timeline.replay import replay

    history = History()
    try:
        timeline = replay(opened.experiment, timeline.changes, step, history=history)
    except ValueError as error:
        raise NotFiniteError(f"step {step} cannot be shown: {error}") from None
    return replace(opened, timeline=timeline, histories={timeline.branch.number: history})


def _from_their_weights(opened: "Opened", found: "ComparedArrays", path: Path) -> "Opened":
    """The training with the user's weights as its initial weights."""
    from ...presets.build import at_state
    from ...presets.opened import NOWHERE, opened_preset
    from ...presets.user_arrays.named_arrays import name_of

    start = found.own_start
    assert start is not None
    if found.step or opened.timeline.changes:
        raise PresetError(
            name_of(path), f"expected the weights of step {found.step}; nn-tui verify compares other weights as well"
        )
    state = opened.experiment.trainer.start(start.W, start.b)
    return opened_preset(at_state(opened.preset, NOWHERE, state), NOWHERE)
