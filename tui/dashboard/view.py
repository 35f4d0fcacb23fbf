"""The view: everything that the panels show, at one moment."""

from collections.abc import Mapping
from dataclasses import dataclass

from ...core.checking.gradient_check import Check
from ...core.debugger.snapshot import Snapshot
from ...core.explaining.explanation import Connection
from ...core.quantities.notation import Notation
from ...core.quantities.quantity import Quantity
from ...core.training.trainer import Trainer
from ..text.chart import Curves
from ..text.status_lines import Status


@dataclass(frozen=True, eq=False, kw_only=True)
class View:
    """What the dashboard knows and a person has chosen; a panel draws anew only where its share of it is another."""

    trainer: Trainer | None = None
    snapshot: Snapshot | None = None
    example: int = 0
    """Of the batch, from 0."""
    notation: Notation = Notation.SUPERSCRIPT
    decimals: int | None = None
    """Of every number; None for as many as each panel shows by itself."""
    cursor: Quantity | None = None
    """The number under the cursor."""
    quantity: Quantity | None = None
    """What is explained; None where nothing is."""
    factor: int | None = None
    """How many factors of it are shown; None for the whole explanation."""
    lit: frozenset[Connection] = frozenset()
    """The connections that the explanation goes along."""
    running: bool = False
    curves: Curves = Curves()
    checks: Mapping[Quantity, Check] | None = None
    """The verdicts of a gradient check so far; None where there is none."""
    status: Status | None = None
