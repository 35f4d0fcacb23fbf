"""The tables of optimizers and schedules, made from their classes."""

from dataclasses import MISSING, Field, fields
from math import inf
from typing import Annotated, Any, get_args

from msgspec import NODEFAULT, Meta, Struct, defstruct
from msgspec.structs import asdict

from ..core.functions.optimizer import Optimizer
from ..core.functions.optimizers import OPTIMIZERS
from ..core.functions.ranges import Range, ranges_of
from ..core.functions.schedules import SCHEDULES, Schedule
from ..core.notation.notation_names import NotationName as NotationName

ELSEWHERE = ("learning_rate",)
"""Settings that a file has outside of a function's own table."""


class Named(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="name"):
    """An optimizer or a schedule with settings besides its name."""


def tag_of(table: Named) -> str:
    """The name by which a file calls it."""
    return str(table.__struct_config__.tag)


def limits(allowed: Range) -> Meta:
    """A range as the library has it, which knows no finite numbers."""
    ends: dict[str, Any] = {"ge" if allowed.has_least else "gt": allowed.least}
    if allowed.most < inf:
        ends["le" if allowed.has_most else "lt"] = allowed.most
    return Meta(**ends)


def table_of(rule: type[Optimizer] | type[Schedule]) -> type[Named]:
    """The table of an optimizer or a schedule, with a key for each field."""
    keys = [
        (each.name, _type_of(each, ranges_of(rule)), _default(each))
        for each in fields(rule)
        if each.name not in ELSEWHERE
    ]
    made: type[Named] = defstruct(  # type: ignore[assignment]  # a base says so
        f"{rule.__name__}Table",
        keys,
        bases=(Named,),
        module=__name__,
        tag=rule.name,
        frozen=True,
        kw_only=True,
        forbid_unknown_fields=True,
    )
    return made


def _type_of(field: "Field[Any]", ranges: dict[str, Range]) -> Any:
    return Annotated[get_args(field.type)[0], limits(ranges[field.name])] if field.name in ranges else field.type


def _default(of: "Field[Any]") -> Any:
    return NODEFAULT if of.default is MISSING else of.default


def optimizer_of(table: "str | Named", learning_rate: float) -> Optimizer:
    """The optimizer of this name, or of this table.

    Raises:
        ValueError: the learning rate is no number above 0, or a setting is out of its range.
    """
    if isinstance(table, str):
        return OPTIMIZERS[table](learning_rate=learning_rate)
    return OPTIMIZERS[tag_of(table)](learning_rate=learning_rate, **asdict(table))


def schedule_of(table: Named) -> Schedule:
    """The schedule of a table.

    Raises:
        ValueError: a setting is out of its range.
    """
    return SCHEDULES[tag_of(table)](**asdict(table))


OPTIMIZER_TABLES = {name: table_of(rule) for name, rule in OPTIMIZERS.items()}


SCHEDULE_TABLES = {name: table_of(rule) for name, rule in SCHEDULES.items()}
