"""What a preset file may say of functions, made from the functions' own tables: their names, and their settings."""

from dataclasses import MISSING, Field, fields
from functools import reduce
from math import inf
from operator import or_
from typing import TYPE_CHECKING, Annotated, Any, Literal, TypeAlias, get_args

from msgspec import NODEFAULT, Meta, Struct, defstruct
from msgspec.structs import asdict

from ..core.functions.activations import ACTIVATIONS
from ..core.functions.initializers import INITIALIZERS
from ..core.functions.losses import LOSSES
from ..core.functions.optimizer import Optimizer
from ..core.functions.optimizers import OPTIMIZERS
from ..core.functions.ranges import Range, ranges_of
from ..core.functions.schedules import SCHEDULES, Schedule

ELSEWHERE = ("learning_rate",)
"""Settings that a file has outside of a function's own table."""


class Named(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="name"):
    """An optimizer or a schedule that says more than its name."""


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
        (each.name, Annotated[get_args(each.type)[0], limits(ranges_of(rule)[each.name])], _default(each))
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

if TYPE_CHECKING:
    ActivationName: TypeAlias = str
    LossName: TypeAlias = str
    OptimizerName: TypeAlias = str
    SchemeName: TypeAlias = str
    OptimizerTable: TypeAlias = Named
    ScheduleTable: TypeAlias = Named
else:
    ActivationName = Literal[tuple(ACTIVATIONS)]
    LossName = Literal[tuple(LOSSES)]
    OptimizerName = Literal[tuple(OPTIMIZERS)]
    SchemeName = Literal[tuple(INITIALIZERS)]
    OptimizerTable = reduce(or_, OPTIMIZER_TABLES.values())
    ScheduleTable = reduce(or_, SCHEDULE_TABLES.values())
