"""The orders of a dashboard to the process that trains."""

from typing import Annotated, Literal, TypeAlias

from msgspec import Meta, Struct

from .messages import Message, Name, Whole


class Run(Message, frozen=True):
    """Run until a pause or a breakpoint."""

    updates_per_second: Annotated[float, Meta(gt=0)] | None = None
    """Run at most at this pace."""


class Pause(Message, frozen=True):
    """Pause before the next update."""


class StepUpdates(Message, frozen=True):
    """Make one or more updates, and pause before the next."""

    updates: Annotated[int, Meta(ge=1, le=1_000_000)] = 1


class EditParameter(Message, frozen=True):
    """Change one number of a parameter, while training is paused."""

    parameter: Name
    index: Annotated[tuple[Whole, ...], Meta(max_length=8)]
    value: float


class SetLearningRate(Message, frozen=True):
    """Change the learning rate of all groups."""

    value: Annotated[float, Meta(ge=0)]


class HoldCondition(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A breakpoint: what is compared, and with what."""

    of: Literal["loss", "loss rises", "step", "norm", "gradient norm", "|gradient|", "value", "not finite", "dead relu"]
    tensor: Name = ""
    """Of norms and values: a parameter, or a module's path and " output"; a gradient norm without one is of all."""
    index: Annotated[tuple[Whole, ...], Meta(max_length=8)] = ()
    relation: Literal["<", ">"] = ">"
    bound: float = 0.0


class BreakAt(Message, frozen=True):
    """Pause when one of these is true; they replace the previous ones."""

    conditions: Annotated[tuple[HoldCondition, ...], Meta(max_length=100)]


class WindowAt(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A part of a tensor that the screen shows."""

    tensor: Name
    """A parameter, or it and " gradient", or a module's path and " output"."""
    index: Annotated[tuple[Whole, ...], Meta(max_length=8)] = ()
    """Of the leading axes, where there are more than two; zeros where it is shorter."""
    top: Whole = 0
    left: Whole = 0
    rows: Annotated[int, Meta(ge=0, le=500)] = 0
    columns: Annotated[int, Meta(ge=0, le=500)] = 0


class LookAt(Message, frozen=True):
    """The content of the screen; only this is reported."""

    every_number: bool = False
    """Moments of a recognized network."""
    statistics: bool = False
    windows: Annotated[tuple[WindowAt, ...], Meta(max_length=8)] = ()
    per_second: Annotated[float, Meta(gt=0, le=60)] = 10.0
    """Reports while training runs."""


class Leave(Message, frozen=True):
    """The dashboard detaches; training continues without pauses."""


Order: TypeAlias = Run | Pause | StepUpdates | EditParameter | SetLearningRate | BreakAt | LookAt | Leave
