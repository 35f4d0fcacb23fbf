"""Breakpoints of a training in another process: texts, and conditions that the process can watch."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from ...core.debugger.breakpoints import (
    AtStep,
    Breakpoint,
    DeadRelu,
    Facts,
    GradientAbove,
    LossBelow,
    LossRises,
    NotFinite,
    Seen,
)
from ...core.typed_number import number, quoted
from .messages import Module
from .orders import HoldCondition

FORMS = (
    "loss < 0.1",
    "loss rises",
    "step 100",
    "not finite",
    "|gradient| > 5",
    "gradient norm > 5",
    "norm 0.weight > 5",
    "gradient norm 0.weight > 5",
    "value 0.weight[0,1] > 0.5",
)
"""One example of each kind; names and indices are PyTorch's, from 0."""
OF_NETWORKS = (*FORMS, "dead relu")
"""Those of a network that nn-tui recognizes."""
PLAIN = ("not finite", "loss rises", "dead relu")
FORM = re.compile(
    r"(?P<of>norm|gradient norm|value) (?P<tensor>[^\s\[\]<>]+( output)?)(?:\[(?P<index>[\d, ]+)\])?"
    r" ?(?P<relation>[<>]) ?(?P<bound>.+)"
)


def check_tensor(condition: HoldCondition, modules: Sequence[Module]) -> None:
    """See that a training has the tensor of a condition, which would else never be true.

    Args:
        condition: what is compared.
        modules: those of the model; without any, nothing is known.

    Raises:
        ValueError: it has none.
    """
    shapes = {name: shape for each in modules for name, shape in each.parameters}
    name = condition.tensor.removesuffix(" gradient")
    if not name or not modules or any(name == f"{each.path} output" for each in modules):
        return
    if name not in shapes:
        raise ValueError(f"no tensor is named {quoted(name)}: expected one such as {next(iter(shapes), '0 output')}")
    sides = shapes[name]
    if condition.of == "value" and (
        len(condition.index) != len(sides) or any(at >= side for at, side in zip(condition.index, sides, strict=False))
    ):
        raise ValueError(f"{name} is {'×'.join(map(str, sides)) or 1}, so it has no number {list(condition.index)}")


def check_step(condition: HoldCondition, newest: int) -> None:
    """See that the step of a condition is still to come.

    Raises:
        ValueError: it has passed.
    """
    if condition.of == "step" and condition.bound <= newest:
        later = f"expected a step after {newest}, as a PyTorch training cannot step back"
        raise ValueError(f"step {condition.bound:g} has passed: {later}")


def condition_of(text: str) -> HoldCondition:
    """The condition in a text of the user.

    Raises:
        ValueError: it is of no known form.
    """
    words = " ".join(text.split())
    if words.lower() in PLAIN:
        return HoldCondition(of=words.lower())  # type: ignore[arg-type]  # one of them
    if match := re.fullmatch(r"(loss|\|gradient\||gradient norm) ?([<>]) ?(.+)", words):
        relation: Literal["<", ">"] = "<" if match[2] == "<" else ">"
        return HoldCondition(of=match[1], relation=relation, bound=number(match[3], "0.1"))  # type: ignore[arg-type]
    if match := re.fullmatch(r"step ?(.+)", words):
        return _at_step(int(number(match[1], "100")))
    match = FORM.fullmatch(words)
    if match is None or (match["of"] == "value") is (match["index"] is None):
        raise ValueError(f"expected {', '.join(OF_NETWORKS[:-1])} or {OF_NETWORKS[-1]}, got {quoted(text.strip())}")
    return HoldCondition(
        of=match["of"],  # type: ignore[arg-type]  # the pattern has no other
        tensor=match["tensor"],
        index=tuple(int(each) for each in (match["index"] or "").split(",") if each.strip()),
        relation="<" if match["relation"] == "<" else ">",
        bound=number(match["bound"], "0.5"),
    )


@dataclass(frozen=True)
class ForeignBreakpoint:
    """A condition in the user's list of breakpoints; only the other process knows when it is true."""

    condition: HoldCondition

    @property
    def text(self) -> str:
        """How it is written."""
        return condition_text(self.condition)

    def facts(self, seen: Seen) -> Facts | None:
        """Not known here."""
        return None


def foreign_breakpoint_after(newest: int, text: str) -> ForeignBreakpoint:
    """The breakpoint in a text of the user, for a training in another process.

    Args:
        newest: the newest step of the training.
        text: what the user writes.

    Raises:
        ValueError: it is of no known form, or of a step that has passed.
    """
    condition = condition_of(text)
    check_step(condition, newest)
    return ForeignBreakpoint(condition)


def condition_text(condition: HoldCondition) -> str:
    """How a condition is written."""
    if condition.of in PLAIN:
        return condition.of
    if condition.of == "step":
        return f"step {condition.bound:g}"
    index = f"[{','.join(map(str, condition.index))}]" if condition.index else ""
    tensor = f" {condition.tensor}{index}" if condition.tensor else ""
    return f"{condition.of}{tensor} {condition.relation} {condition.bound:g}"


def translated(breakpoint: Breakpoint) -> HoldCondition:
    """A breakpoint of the dashboard as a condition.

    Raises:
        ValueError: the other process cannot watch it.
    """
    match breakpoint:
        case ForeignBreakpoint(condition=condition):
            return condition
        case AtStep(step=step):
            return _at_step(step)
        case LossBelow(bound=bound):
            return HoldCondition(of="loss", relation="<", bound=bound)
        case GradientAbove(bound=bound):
            return HoldCondition(of="|gradient|", bound=bound)
        case LossRises():
            return HoldCondition(of="loss rises")
        case DeadRelu():
            return HoldCondition(of="dead relu")
        case NotFinite():
            return HoldCondition(of="not finite")
    known = "another one, as a script does not say what it holds out"
    raise ValueError(f"a PyTorch training does not pause at {quoted(breakpoint.text)}: expected {known}")


def _at_step(step: int) -> HoldCondition:
    return HoldCondition(of="step", relation=">", bound=float(step))
