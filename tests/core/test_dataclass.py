"""Our dataclasses are those of the standard library; only their methods are compiled later."""

import dataclasses
import inspect
import pickle
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import KW_ONLY, FrozenInstanceError, field
from typing import Any

import pytest

from nn_tui.core import dataclass as ours

OPTIONS = [
    {},
    {"frozen": True},
    {"frozen": True, "slots": True},
    {"frozen": True, "eq": False},
    {"eq": False, "slots": True},
    {"frozen": True, "kw_only": True},
]


def made(dataclass: Callable[..., Any], options: dict[str, bool]) -> Any:
    @dataclass(**options)
    class Point:
        x: int
        y: int = 2
        tags: list[str] = field(default_factory=list, compare=False)
        hidden: str = field(default="h", repr=False)
        length: int = field(init=False, default=0, repr=False, compare=False)
        _: KW_ONLY
        z: int = 3

        def __post_init__(self) -> None:
            if self.x < 0:
                raise ValueError("x")

    return Point


def both(options: dict[str, bool]) -> tuple[Any, Any]:
    return made(dataclasses.dataclass, options), made(ours.dataclass, options)


@pytest.mark.parametrize("options", OPTIONS)
def test_a_value_reads_and_compares_as_one_of_the_standard_librarys_does(options: dict[str, bool]) -> None:
    def observed(cls: Any) -> list[Any]:
        one, same, other = cls(x=1, z=5), cls(x=1, tags=["a"], z=5), cls(x=2)
        changed = dataclasses.replace(one, y=7)
        first = [repr(one), repr(changed), one == same, one == other, one != same, one == 1]
        hashed = cls.__hash__ is not None
        return [*first, hashed, hashed and hash(one) == hash(same), dataclasses.asdict(one), cls.__match_args__]

    theirs, mine = both(options)
    assert observed(mine) == observed(theirs)


@pytest.mark.parametrize("options", OPTIONS)
def test_the_parameters_and_their_errors_are_the_same(options: dict[str, bool]) -> None:
    theirs, mine = both(options)

    def names(cls: Any) -> list[tuple[str, Any]]:
        return [(each.name, each.kind) for each in inspect.signature(cls).parameters.values()]

    def error(cls: Any, *given: int, **named: int) -> str:
        with pytest.raises((TypeError, ValueError)) as raised:
            cls(*given, **named)
        return str(raised.value).replace(cls.__init__.__qualname__, "init")

    assert names(mine) == names(theirs)
    for named in ({}, {"x": -1}, {"x": 1, "unknown": 2}):
        assert error(mine, **named) == error(theirs, **named)
    assert mine(x=1).tags is not mine(x=1).tags


@pytest.mark.parametrize("slots", [False, True])
def test_a_frozen_value_refuses_changes(slots: bool) -> None:
    _, mine = both({"frozen": True, "slots": slots})
    point = mine(x=1)

    with pytest.raises(FrozenInstanceError, match="cannot assign to field 'x'"):
        point.x = 2
    with pytest.raises(FrozenInstanceError, match="cannot delete field 'x'"):
        del point.x
    assert point.x == 1


@ours.dataclass(frozen=True)
class Base(ABC):
    """A value that others are based on."""

    rate: float

    @abstractmethod
    def name(self) -> str: ...


@ours.dataclass(frozen=True, slots=True)
class Derived(Base):
    """One of them, with a method of its own that a dataclass writes otherwise."""

    factor: float = 0.5

    def name(self) -> str:
        return "derived"

    def __repr__(self) -> str:
        return f"<{self.name()} {self.rate} {self.factor}>"


def test_a_class_based_on_another_has_its_fields_first_and_keeps_its_own_methods() -> None:
    assert str([Derived(0.1), Derived(0.1, factor=2.0)]) == "[<derived 0.1 0.5>, <derived 0.1 2.0>]"
    assert Derived(0.1) == Derived(0.1) != Derived(0.2)
    with pytest.raises(TypeError, match="abstract"):
        Base(0.1)  # type: ignore[abstract]


def test_a_frozen_value_of_slots_is_pickled() -> None:
    assert pickle.loads(pickle.dumps(Derived(0.1, 3.0))) == Derived(0.1, 3.0)


def test_no_method_is_compiled_before_it_is_used() -> None:
    _, mine = both({"frozen": True})
    compiled = {"__init__", "__eq__", "__hash__"}

    assert not any(inspect.isfunction(vars(mine)[name]) for name in compiled)
    mine(x=1)

    assert {name for name in compiled if inspect.isfunction(vars(mine)[name])} == {"__init__"}
