"""The house: one place for each thing, one name for each place."""

import importlib
import inspect
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest

import nn_tui

PACKAGE = Path(next(path for path in nn_tui.__path__ if (Path(path) / "core").is_dir()))
PARTS = ("core", "presets", "tui")
MOST_METHODS = 30


@cache
def files(part: str) -> tuple[Path, ...]:
    return tuple(sorted((PACKAGE / part).rglob("*.py")))


def named(path: Path) -> str:
    return path.relative_to(PACKAGE).as_posix()


@cache
def definitions() -> tuple[tuple[Path, str, object], ...]:
    """The public classes and functions of all modules: where each is defined, its name, and what it is."""
    return tuple(_definitions())


def _definitions() -> Iterator[tuple[Path, str, object]]:
    for path in (path for part in PARTS for path in files(part) if path.name != "__init__.py"):
        module = importlib.import_module(".".join(["nn_tui", *path.relative_to(PACKAGE).with_suffix("").parts]))
        for name, found in vars(module).items():
            is_own = getattr(found, "__module__", "") == module.__name__ and getattr(found, "__name__", "") == name
            if (inspect.isclass(found) or inspect.isfunction(found)) and is_own and not name.startswith("_"):
                yield path, name, found


def is_ours(cls: type) -> bool:
    return cls.__module__.startswith("nn_tui.")


def methods(cls: type) -> set[str]:
    """The methods and properties, but Python's own ones, that a class has from itself and from those of our own that it is based on."""
    return {
        name
        for base in cls.__mro__
        if is_ours(base)
        for name, found in vars(base).items()
        if not name.startswith("__")
        and (inspect.isfunction(found) or isinstance(found, property | classmethod | staticmethod))
    }


def test_no_class_has_so_many_methods_that_nobody_knows_them() -> None:
    classes = [found for _, _, found in definitions() if inspect.isclass(found)]
    large = {
        f"{cls.__module__}.{cls.__name__}": len(methods(cls)) for cls in classes if len(methods(cls)) > MOST_METHODS
    }
    assert not large, (
        f"these classes have more than {MOST_METHODS} methods, with those of their bases in the project: {large}; "
        "give parts to objects that the class has"
    )


@pytest.mark.parametrize("part", PARTS)
def test_nothing_waits_for_a_subclass_to_be_written(part: str) -> None:
    waiting = [named(path) for path in files(part) if "raise NotImplementedError" in path.read_text(encoding="utf-8")]
    assert not waiting, f"these files raise NotImplementedError; use a Protocol, or an abstract method: {waiting}"


@pytest.mark.parametrize("part", PARTS)
def test_a_files_name_shows_it_from_all_others(part: str) -> None:
    count = Counter(path.name for path in files(part) if path.name != "__init__.py")
    twice = [named(path) for path in files(part) if count[path.name] > 1]
    assert not twice, f"two files of {part} have the same name; name each by what it holds: {twice}"


def test_a_public_name_is_that_of_one_thing() -> None:
    places: dict[str, list[str]] = {}
    for path, name, _ in definitions():
        places.setdefault(name, []).append(named(path))
    twice = {name: where for name, where in places.items() if len(where) > 1}
    assert not twice, f"these names stand for two things; name each by what it is: {twice}"


MOST_LINES = 300
LONGER = {
    "tui/dashboard/actions.py": "a table, a row for each key",
    "core/debugger/debugger.py": "one class: each verb, and the steps that it makes",
    "presets/live/attached.py": "one class: the verbs of a debugger as orders, and reports as its facts",
    "presets/pytorch/watcher.py": "one class: what is read of a step at each of its hooks",
}
"""Files that may be longer, each with the reason."""


def test_a_file_is_short_enough_to_be_read_at_once() -> None:
    lines = {
        path.relative_to(PACKAGE).as_posix(): len(path.read_text(encoding="utf-8").splitlines())
        for room in ("core", "presets", "tui")
        for path in (PACKAGE / room).rglob("*.py")
    }
    assert len(lines) > 300, "the files are not found"
    long = {name: count for name, count in lines.items() if count > MOST_LINES and name not in LONGER}
    assert not long, (
        f"{long} are over {MOST_LINES} lines: give each idea its file, or shorten; a table goes into LONGER"
    )


CACHES = {"Segment", "Branch", "Labels", "Names"}
"""Classes of core that grow, or keep what they have worked out."""


def dataclasses_of_core() -> dict[str, Any]:
    return {name: cls for path, name, cls in definitions() if "core" in path.parts and is_dataclass(cls)}


def test_values_of_core_are_frozen() -> None:
    open_ones = {name for name, cls in dataclasses_of_core().items() if not cls.__dataclass_params__.frozen}
    assert open_ones == CACHES, f"these dataclasses can be changed in place: {open_ones ^ CACHES}; write frozen=True"


def test_values_of_the_screen_are_structs() -> None:
    odd = [name for path, name, cls in definitions() if "tui" in path.parts and "__dataclass_params__" in vars(cls)]
    assert not odd, f"{odd} are dataclasses, which the start waits for: write class Name(Struct, frozen=True)"


def test_values_with_arrays_are_equal_to_themselves_alone() -> None:
    compared = {name: cls for name, cls in dataclasses_of_core().items() if cls.__dataclass_params__.eq}
    types = {name: " ".join(str(each.type) for each in fields(cls)) for name, cls in compared.items()}
    odd = [name for name, text in types.items() if re.search("Array|Series|Metrics", text)]
    assert not odd, f"== of these dataclasses would compare arrays, which has no one answer: {odd}; write eq=False"


def test_the_dashboard_is_one_class() -> None:
    from nn_tui.tui.dashboard.dashboard import Dashboard
    from nn_tui.tui.dialogs.base_screen import BaseScreen

    ours = [cls for cls in Dashboard.__mro__ if is_ours(cls) and not cls.__module__.startswith("nn_tui.tui.terminal")]
    assert ours == [Dashboard, BaseScreen], "give parts of the dashboard to objects that it has, not to bases"
    source = (PACKAGE / "tui" / "dashboard" / "dashboard.py").read_text(encoding="utf-8")
    assert len(source.splitlines()) < 300, "the dashboard collects facts and turns keys into verbs, nothing else"
