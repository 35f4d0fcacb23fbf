"""The README, and the rows that it has for functions."""

from collections.abc import Iterator
from dataclasses import MISSING, fields
from pathlib import Path

from nn_tui.core.functions.activation import Activation
from nn_tui.core.functions.loss import Loss
from nn_tui.core.functions.optimizer import Optimizer
from nn_tui.core.functions.schedules import Schedule

README = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")


def row_of(function: Activation | Loss | type[Optimizer] | type[Schedule]) -> str:
    """The row of a function in the README's list of its kind."""
    cells = [f"`{function.name}`", function.description.replace("|", r"\|")]
    if isinstance(function, type):
        cells.append(", ".join(_settings(function)))
        if issubclass(function, Optimizer):
            cells += [f"{function.learning_rate:g}", " ".join(f"`{name}`" for name in function.slot_names)]
    return f"| {' | '.join(cells)} |".replace("|  |", "| |")


def _settings(rule: type[Optimizer] | type[Schedule]) -> Iterator[str]:
    """The keys of its table in a preset, with what they are without being named."""
    for field in fields(rule):
        if field.name != "learning_rate":
            yield f"`{field.name}`" if field.default is MISSING else f"`{field.name} = {field.default:g}`"


def check_row(kind: str, function: Activation | Loss | type[Optimizer] | type[Schedule]) -> None:
    """Fail with a sentence where a function has no description, or the README no row of it."""
    assert function.description.strip(), f"the {kind} {function.name} has no description: say in one line what it is"
    row = row_of(function)
    assert row in README.splitlines(), f"README.md has no row for the {kind} {function.name}: add {row!r} to its list"
