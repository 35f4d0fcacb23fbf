"""Quantities and changes by the names that people type."""

from nn_tui.core.quantities.quantity import Quantity, leaf_or_name
from nn_tui.core.training.change_rules import Value
from nn_tui.core.training.changes import Change, typed_change
from nn_tui.tui.text.spans import Span


def quantity(name: str) -> Quantity:
    return Quantity.parse(name)


def change_of(what: str, value: Value) -> Change:
    return Change(leaf_or_name(what), value)


def typed(what: str, value: str) -> Change:
    return typed_change(leaf_or_name(what), value)


def shown_by(span: Span) -> Quantity:
    assert span.quantity
    return span.quantity
