"""`dataclass` as in the standard library, but each of its methods is compiled when it is first used.

To compile the methods of a frozen class takes half a millisecond, and the program has some two hundred of them, whose
`__eq__`, `__hash__` and `__repr__` are hardly ever called.
"""

import dataclasses
from collections.abc import Callable
from dataclasses import MISSING, Field, FrozenInstanceError, fields
from typing import TYPE_CHECKING, Any, NoReturn

if TYPE_CHECKING:
    from dataclasses import dataclass as dataclass
else:

    def dataclass(cls=None, /, *, frozen=False, eq=True, slots=False, kw_only=False):
        """Make a dataclass of a class, with these options of the standard library's."""

        def made(cls):
            plain = dataclasses.dataclass(cls, init=False, repr=False, eq=False, slots=slots, kw_only=kw_only)
            return _with_methods(plain, frozen, eq, slots)

        return made if cls is None else made(cls)


class _Later:
    """A method that is compiled when it is first looked up."""

    def __init__(self, cls: type, name: str, source: Callable[[Any], str]) -> None:
        self._cls, self._name, self._source = cls, name, source

    def __get__(self, instance: object, owner: type) -> object:
        names: dict[str, Any] = {}
        exec(self._source(self._cls), {"put": object.__setattr__, "MISSING": MISSING, "cls": self._cls}, names)
        method = names[self._name]
        method.__qualname__ = f"{self._cls.__qualname__}.{self._name}"
        method.__module__ = self._cls.__module__
        setattr(self._cls, self._name, method)
        return method.__get__(instance, owner)


def _with_methods(cls: Any, frozen: bool, eq: bool, slots: bool) -> Any:
    """The class with the methods that it does not define itself."""
    own = cls.__dict__
    has_hash = own.get("__hash__") is not None
    if "__init__" not in own:
        cls.__init__ = _Later(cls, "__init__", _frozen_init if frozen else _init)
    if "__repr__" not in own:
        cls.__repr__ = _repr
    if eq and "__eq__" not in own:
        cls.__eq__ = _Later(cls, "__eq__", _eq)
    if eq and not has_hash:
        cls.__hash__ = _Later(cls, "__hash__", _hash) if frozen else None
    if frozen:
        cls.__setattr__, cls.__delattr__ = _refuse_to_set, _refuse_to_delete
        if slots and "__getstate__" not in own:
            cls.__getstate__, cls.__setstate__ = _state, _set_state
    return cls


def _init(cls: Any) -> str:
    return _init_by(cls, lambda name, value: f"self.{name} = {value}")


def _frozen_init(cls: Any) -> str:
    return _init_by(cls, lambda name, value: f"put(self, {name!r}, {value})")


def _init_by(cls: Any, put: Callable[[str, str], str]) -> str:
    """The source of `__init__`, with a way to write that an attribute is set."""
    found = fields(cls)
    usual = [_parameter(each) for each in found if each.init and not each.kw_only]
    by_name = [_parameter(each) for each in found if each.init and each.kw_only]
    parameters = ["self", *usual, *(["*", *by_name] if by_name else [])]
    lines = [put(each.name, _value(each)) for each in found if each.init or _has_default(each)]
    lines += ["self.__post_init__()"] if hasattr(cls, "__post_init__") else []
    return f"def __init__({', '.join(parameters)}):\n " + "\n ".join(lines or ["pass"])


def _has_default(field: "Field[Any]") -> bool:
    return field.default is not MISSING or field.default_factory is not MISSING


def _parameter(field: "Field[Any]") -> str:
    if not _has_default(field):
        return field.name
    return f"{field.name}=" + ("MISSING" if field.default is MISSING else _default(field))


def _value(field: "Field[Any]") -> str:
    if not field.init:
        return _default(field)
    is_made_anew = field.default_factory is not MISSING
    return f"{_default(field)} if {field.name} is MISSING else {field.name}" if is_made_anew else field.name


def _default(field: "Field[Any]") -> str:
    kind = "default_factory()" if field.default is MISSING else "default"
    return f"cls.__dataclass_fields__[{field.name!r}].{kind}"


def _compared(cls: Any, owner: str) -> str:
    names = (each.name for each in fields(cls) if each.compare)
    return "(" + "".join(f"{owner}.{name}, " for name in names) + ")"


def _eq(cls: Any) -> str:
    both = f"{_compared(cls, 'self')} == {_compared(cls, 'other')}"
    return f"def __eq__(self, other):\n return {both} if other.__class__ is self.__class__ else NotImplemented"


def _hash(cls: Any) -> str:
    return f"def __hash__(self):\n return hash({_compared(cls, 'self')})"


def _repr(self: Any) -> str:
    values = (f"{each.name}={getattr(self, each.name)!r}" for each in fields(self) if each.repr)
    return f"{type(self).__qualname__}({', '.join(values)})"


def _refuse_to_set(self: object, name: str, value: object) -> NoReturn:
    raise FrozenInstanceError(f"cannot assign to field {name!r}")


def _refuse_to_delete(self: object, name: str) -> NoReturn:
    raise FrozenInstanceError(f"cannot delete field {name!r}")


def _state(self: Any) -> list[Any]:
    return [getattr(self, each.name) for each in fields(self)]


def _set_state(self: Any, state: list[Any]) -> None:
    for each, value in zip(fields(self), state, strict=True):
        object.__setattr__(self, each.name, value)
