"""Breakpoints of a training in another process: what a person writes, as conditions that it can watch itself."""

import re
from dataclasses import dataclass

from ...core.debugger.breakpoints import AtStep, Breakpoint, Facts, LossBelow, NotFinite, Seen
from ...core.typed_number import number, quoted
from .orders import HoldCondition

FORMS = (
    "loss < 0.1",
    "step 100",
    "not finite",
    "norm 0.weight > 5",
    "gradient norm 0.weight > 5",
    "value 0.weight[0,1] > 0.5",
)
"""One example of each kind; names and indices are PyTorch's, from 0."""
FORM = re.compile(
    r"(?P<of>norm|gradient norm|value) (?P<tensor>[^\s\[\]<>]+( output)?)(?:\[(?P<index>[\d, ]+)\])?"
    r" ?(?P<relation>[<>]) ?(?P<bound>.+)"
)


def condition_of(text: str) -> HoldCondition:
    """The condition that a person writes.

    Raises:
        ValueError: it is of no known form.
    """
    words = " ".join(text.split())
    if words.lower() == "not finite":
        return HoldCondition(of="not finite")
    if match := re.fullmatch(r"(loss) ?([<>]) ?(.+)", words):
        return HoldCondition(of="loss", relation="<" if match[2] == "<" else ">", bound=number(match[3], "0.1"))
    if match := re.fullmatch(r"step ?(.+)", words):
        return _at_step(int(number(match[1], "100")))
    match = FORM.fullmatch(words)
    if match is None or (match["of"] == "value") is (match["index"] is None):
        raise ValueError(f"expected {', '.join(FORMS[:-1])} or {FORMS[-1]}, got {quoted(text.strip())}")
    return HoldCondition(
        of=match["of"],  # type: ignore[arg-type]  # the pattern has no other
        tensor=match["tensor"],
        index=tuple(int(each) for each in (match["index"] or "").split(",") if each.strip()),
        relation="<" if match["relation"] == "<" else ">",
        bound=number(match["bound"], "0.5"),
    )


@dataclass(frozen=True)
class ForeignBreakpoint:
    """A condition in a person's list of breakpoints; only the other process knows when it is true."""

    condition: HoldCondition

    @property
    def text(self) -> str:
        """How it is written."""
        return condition_text(self.condition)

    def facts(self, seen: Seen) -> Facts | None:
        """Not known here."""
        return None


def foreign_breakpoint_of(text: str) -> ForeignBreakpoint:
    """The breakpoint that a person writes for a training in another process.

    Raises:
        ValueError: it is of no known form.
    """
    return ForeignBreakpoint(condition_of(text))


def condition_text(condition: HoldCondition) -> str:
    """How a condition is written."""
    if condition.of == "not finite":
        return "not finite"
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
        case NotFinite():
            return HoldCondition(of="not finite")
    known = "step 100, loss < 0.1 and not finite"
    raise ValueError(f"a PyTorch training does not pause at {quoted(breakpoint.text)}: expected {known}")


def _at_step(step: int) -> HoldCondition:
    return HoldCondition(of="step", relation=">", bound=float(step))
