"""The pages of the documentation, and the rows that they have for functions."""

import re
from collections.abc import Iterator
from dataclasses import MISSING, fields
from pathlib import Path

from nn_tui.core.functions.activation import Activation
from nn_tui.core.functions.loss import Loss
from nn_tui.core.functions.optimizer import Optimizer
from nn_tui.core.functions.schedules import Schedule

CHECKOUT = Path(__file__).parents[2]


def page(name: str) -> str:
    """A page of the documentation, such as "keys", or README."""
    path = CHECKOUT / "README.md" if name == "README" else CHECKOUT / "docs" / f"{name}.md"
    return path.read_text(encoding="utf-8")


def section(text: str, heading: str) -> str:
    """The part of a page below a heading, up to the next heading of its level or above."""
    level = len(heading.partition(" ")[0])
    below = text.partition(f"\n{heading}\n")[2]
    assert below, f"the page has no heading {heading!r}"
    return re.split(rf"\n#{{1,{level}}} ", below)[0]


def rows(text: str) -> list[str]:
    """The rows of the tables in a text that begin with code."""
    return [line for line in text.splitlines() if line.startswith("| `")]


def row_of(function: Activation | Loss | type[Optimizer] | type[Schedule]) -> str:
    """The row of a function in the table of its kind."""
    cells = [f"`{function.name}`", function.description.replace("|", r"\|")]
    if isinstance(function, type):
        cells.append(", ".join(_settings(function)))
        if issubclass(function, Optimizer):
            cells += [f"{function.learning_rate:g}", " ".join(f"`{name}`" for name in function.slot_names)]
    return f"| {' | '.join(cells)} |".replace("|  |", "| |")


def _settings(rule: type[Optimizer] | type[Schedule]) -> Iterator[str]:
    """The keys of its table in a preset, with their defaults."""
    for field in fields(rule):
        if field.name != "learning_rate":
            shown = (
                "true" if field.default is True else field.default if field.default is MISSING else f"{field.default:g}"
            )
            yield f"`{field.name}`" if field.default is MISSING else f"`{field.name} = {shown}`"


def check_row(kind: str, function: Activation | Loss | type[Optimizer] | type[Schedule]) -> None:
    """Fail with a sentence if a function has no description, or docs/file-format.md no row of it."""
    assert function.description.strip(), f"the {kind} {function.name} has no description: say in one line what it is"
    row = row_of(function)
    missing = f"docs/file-format.md has no row for the {kind} {function.name}: add {row!r} to its table"
    assert row in page("file-format").splitlines(), missing
