"""What a training in another process reports. Beside the orders that it takes, nothing else passes between the two.

    training                                                 dashboard
       Hello ──────────────────────────────────────────────▶   at once, to everybody who connects
             ◀────────────────── LookAt, BreakAt, Run | Pause   who sends an order is attached
       ScriptAt ───────────────────────────────────────────▶   while there is no step yet
       ModelDescription ───────────────────────────────────▶   as soon as a step has shown it, and where it changes
       TrainingActivity(running) ──────────────────────────▶
       RecentLosses, StepNumbers | Statistics, Window ──────────▶   at most per_second times a second
       … and then TrainingActivity(paused, why) ───────────▶   of the step that holds
             ◀────────────────────────────────────── LookAt    at a hold it is answered at once
             ◀─────────────────────────────── EditParameter    and so is this: by the StepNumbers, or by Refused
       TrainingActivity(finished | failed, why) ───────────▶

One dashboard at a time: a second one gets Hello, then Refused at its first order, and the end. Where the connection
ends, the training runs on.
"""

from collections.abc import Mapping
from math import prod
from types import MappingProxyType
from typing import Annotated, Any, Literal, TypeAlias, get_args

import numpy as np
from msgspec import Meta, Struct

from ...core.functions.arrays import Array
from ..schema import NetworkTable, TrainingTable

PROTOCOL = 1
"""Increased whenever a message changes its meaning."""

Name: TypeAlias = Annotated[str, Meta(max_length=500)]
Text: TypeAlias = Annotated[str, Meta(max_length=10_000)]
Whole: TypeAlias = Annotated[int, Meta(ge=0)]
Dtype: TypeAlias = Literal["float64", "float32", "int64"]
NAMES: Mapping[np.dtype[Any], Dtype] = MappingProxyType({np.dtype(name): name for name in get_args(Dtype)})
"""Of each type; NumPy takes a hundred times as long to say it."""


class Message(Struct, frozen=True, kw_only=True, tag=True, forbid_unknown_fields=True):
    """One frame on the wire."""


class Block(Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    """An array, by rows, little-endian."""

    dtype: Dtype
    shape: Annotated[tuple[Whole, ...], Meta(max_length=8)]
    data: bytes

    def __post_init__(self) -> None:
        count, size = prod(self.shape), 4 if self.dtype == "float32" else 8
        if count * size != len(self.data):
            raise ValueError(f"expected {count} numbers of {size} bytes, got {len(self.data)} bytes")

    @classmethod
    def of(cls, array: Array) -> "Block":
        """A copy of an array."""
        little = array.astype(array.dtype.newbyteorder("<"), copy=False)
        return cls(NAMES[array.dtype], array.shape, little.tobytes())

    def array(self) -> Array:
        """The array, read-only."""
        return np.frombuffer(self.data, np.dtype(self.dtype).newbyteorder("<")).reshape(self.shape)


# Reports of the training.


class Hello(Message, frozen=True):
    """The first report: the process that trains."""

    protocol: int
    pid: int
    script: Name
    torch: Name
    rank: Whole = 0
    ranks: Annotated[int, Meta(ge=1)] = 1
    """Processes that train together; gradients are averaged over them."""


class Module(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A row of the tree of modules."""

    path: Name
    """The name in named_modules; the model itself is ""."""
    kind: Name
    """The class, as Linear."""
    detail: Name = ""
    """Its settings, as PyTorch writes them."""
    parameters: tuple[tuple[Name, tuple[Whole, ...]], ...] = ()
    """Its own parameters, with their shapes."""
    complex: tuple[Name, ...] = ()
    """The parameters of these whose numbers are complex."""


class Recognized(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A model that nn-tui can compute."""

    network: NetworkTable
    training: TrainingTable
    layers: tuple[Name, ...]
    """The path of the Linear of each layer."""
    no_update: Text = ""
    """Why nn-tui cannot compute the update; empty if it can."""


class ModelDescription(Message, frozen=True):
    """The model and its training; sent again if it changes."""

    modules: Annotated[tuple[Module, ...], Meta(max_length=20_000)]
    recognized: Recognized | None = None
    reason: Text = ""
    """Why the model is not recognized."""
    loss: Name = ""
    """The script's name of the loss function."""
    optimizer: Name = ""


class StepNumbers(Message, frozen=True):
    """Every number of a step of a recognized network, after the backward pass and before the update."""

    step: Whole
    """Updates done before it, counted from the start of watching."""
    loss: float
    learning_rate: float
    X: Block
    y: Block
    """As many columns as the network has outputs; classes are one-hot."""
    z: tuple[Block, ...]
    a: tuple[Block, ...]
    """Of a loss of logits the last is their sigmoid or softmax, computed by PyTorch beside the script."""
    dz: tuple[Block, ...]
    da: tuple[Block, ...]
    """Of each layer but the last, whose follows from the loss."""
    W: tuple[Block, ...]
    b: tuple[Block, ...]
    """Of each layer; (0,) where there are no biases."""
    dW: tuple[Block, ...]
    """The gradient that the update uses, including the script's changes after the backward pass."""
    db: tuple[Block, ...]
    slots: tuple[Block, ...] = ()
    """What the optimizer remembers before the update, in the order of its slot names here, without those of one number;
    each one vector, all W, then all b."""
    updates: Whole = 0
    """Updates that the optimizer itself counts, where it corrects its averages by them: t before the update."""
    weights: Block | None = None
    """The weight of each example, (batch,), if the loss is a weighted sum."""
    is_edited: bool = False
    """A parameter was edited after the passes, which used the previous value."""


class ModuleStatistics(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Statistics of a parameter or an output."""

    name: Name
    """Of a parameter as named_parameters has it, of an output the module's path and " output"."""
    shape: tuple[Whole, ...]
    norm: float | None = None
    """Of the values."""
    gradient_norm: float | None = None
    change: float | None = None
    """‖ΔW‖ / ‖W‖ of the last update."""
    zeros: float | None = None
    """The share of zeros, from 0 to 1."""
    not_finite: Whole = 0
    """How many values are nan or inf."""


class Statistics(Message, frozen=True):
    """Statistics of some tensors at a step; other tensors keep their last statistics."""

    step: Whole
    rows: Annotated[tuple[ModuleStatistics, ...], Meta(max_length=20_000)]
    learning_rate: float | None = None
    """The learning rate of all groups; None if they differ, and while training runs."""


class Window(Message, frozen=True):
    """The requested part of a tensor, and the histogram of the whole tensor."""

    step: Whole
    name: Name
    """As in the order."""
    shape: tuple[Whole, ...]
    index: tuple[Whole, ...]
    """Of the leading axes, where there are more than two."""
    top: Whole
    left: Whole
    values: Block
    """By rows and columns; of a vector one row, of a single number one of one."""
    counts: tuple[Whole, ...]
    """The histogram between least and greatest, of the finite ones of at most 16,384 numbers that are evenly chosen."""
    least: float
    greatest: float


class RecentLosses(Message, frozen=True):
    """The losses of steps that were not captured; at most a few hundred in a report."""

    steps: Annotated[tuple[Whole, ...], Meta(max_length=2000)]
    losses: Annotated[tuple[float, ...], Meta(max_length=2000)]
    updates_per_second: float | None = None
    learning_rate: float | None = None
    """The learning rate of all groups; None if they differ."""


class TrainingActivity(Message, frozen=True):
    """The activity of the training."""

    now: Literal["running", "paused", "finished", "failed"]
    step: Whole = 0
    why: Text = ""


class Refused(Message, frozen=True):
    """An order was refused."""

    reason: Text


class Said(Message, frozen=True):
    """A message for the user, such as a warning of a group's timeout."""

    text: Text


class ScriptAt(Message, frozen=True):
    """The line that the script is at, while no step has been reported."""

    place: Name
    """File and line."""
    is_compiling: bool = False
    """Whether torch.compile compiles a model that is called there."""


class FirstNotFinite(Message, frozen=True):
    """The first operation of a step whose result is not finite, before the update."""

    step: Whole
    operation: Name
    """As aten.sqrt."""
    module: Name = ""
    place: Name = ""
    """File and line of the script."""
    line: Name = ""
    """The line itself."""
    inputs: tuple[Text, ...] = ()
    """For each input: shape, least, greatest and the count of numbers that are not finite."""
    is_backward: bool = False


Report: TypeAlias = (
    Hello
    | ModelDescription
    | StepNumbers
    | Statistics
    | Window
    | RecentLosses
    | TrainingActivity
    | Refused
    | Said
    | ScriptAt
    | FirstNotFinite
)
