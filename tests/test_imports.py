"""Imports go one way, tui to presets to core, and core knows no more than NumPy and the standard library."""

import ast
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import nn_tui

PACKAGE = Path(next(path for path in nn_tui.__path__ if (Path(path) / "core").is_dir()))
FORBIDDEN = {"core": {"presets", "tui"}, "presets": {"tui"}}
ARCHITECTURE = Path(__file__).parents[1] / "docs" / "ARCHITECTURE.md"


def modules(part: str) -> list[Path]:
    found = sorted((PACKAGE / part).rglob("*.py"))
    assert found
    return found


def imported(path: Path) -> Iterator[str]:
    """The absolute name of everything that a module imports."""
    package = ["nn_tui", *path.relative_to(PACKAGE).parts[:-1]]
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) + 1 - node.level] if node.level else []
            yield ".".join([*base, *([node.module] if node.module else [])])


@pytest.mark.parametrize("part", FORBIDDEN)
def test_imports_go_one_way(part: str) -> None:
    for path in modules(part):
        for name in imported(path):
            assert not any(name.startswith(f"nn_tui.{upper}") for upper in FORBIDDEN[part]), f"{path.name}: {name}"


def test_core_imports_numpy_and_the_standard_library_only() -> None:
    for path in modules("core"):
        for name in imported(path):
            top = name.split(".")[0]
            assert top in sys.stdlib_module_names or top == "numpy" or name.startswith("nn_tui.core"), f"{path}: {name}"


def imported_files(path: Path, files: dict[str, Path]) -> Iterator[Path]:
    """The files that a module imports anywhere in it: in a function, or for its types alone, too."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom):
            base = path.parents[node.level - 1].relative_to(PACKAGE).parts if node.level else ()
            module = ".".join([*base, *((node.module or "").removeprefix("nn_tui.").split("."))]).strip(".")
            yield from (files.get(f"{module}.{alias.name}", files.get(module, path)) for alias in node.names)


def files_by_name(part: str) -> dict[str, Path]:
    return {".".join(path.relative_to(PACKAGE).with_suffix("").parts): path for path in modules(part)}


def rooms_of_core() -> list[str]:
    """The folders and files of core, each above all that it imports from, as docs/ARCHITECTURE.md has them."""
    drawing = ARCHITECTURE.read_text(encoding="utf-8").split("Within `core`")[1].split("\n\n")[1]
    return re.findall(r"\w+", drawing)


def import_against_the_order(path: Path, other: Path, rooms: list[str]) -> str:
    """What is wrong with a file of core that imports from another, in a sentence; empty where nothing is."""
    here, there = (each.relative_to(PACKAGE / "core").with_suffix("").parts[0] for each in (path, other))
    if unknown := sorted({here, there} - {*rooms, "__init__"}):
        return f"docs/ARCHITECTURE.md does not draw core/{unknown[0]}: write it before all that it imports from. "
    if "__init__" in (here, there) or rooms.index(here) <= rooms.index(there):
        return ""
    where = path.relative_to(PACKAGE).as_posix()
    return f"{where} imports from core/{there}, which is above core/{here}: move what both need below them. "


def test_each_room_of_core_imports_from_those_below_it_alone() -> None:
    files, rooms = files_by_name("core"), rooms_of_core()
    pairs = {(path, other) for path in files.values() for other in imported_files(path, files)}
    assert len(pairs) > len(files), "the imports are read wrongly"

    assert "".join(import_against_the_order(*pair, rooms) for pair in pairs) == ""


def test_an_import_against_the_order_of_the_rooms_is_said_in_a_sentence() -> None:
    rooms = ["training", "engine"]

    against = import_against_the_order(PACKAGE / "core/engine/burst.py", PACKAGE / "core/training/trainer.py", rooms)
    new = import_against_the_order(PACKAGE / "core/cellar/wine.py", PACKAGE / "core/engine/burst.py", rooms)

    assert against.startswith("core/engine/burst.py imports from core/training, which is above core/engine: move")
    assert new.startswith("docs/ARCHITECTURE.md does not draw core/cellar: write it before")


def circles(needs: dict[str, set[str]]) -> dict[str, list[str]]:
    """What is left once all goes that needs nothing which is left: what needs itself in the end, and what needs that."""
    left = dict(needs)
    while free := [each for each, others in left.items() if not (others - {each}) & left.keys()]:
        for each in free:
            del left[each]
    return {each: sorted(others & left.keys()) for each, others in left.items()}


def needs_in(part: str, parts: int) -> dict[str, set[str]]:
    """By each file of a package, those that it imports; or by each folder, where only so many parts of a path count."""
    files, needs = files_by_name(part), dict[str, set[str]]()
    for path in files.values():
        here, *others = (
            "/".join(each.relative_to(PACKAGE).parts[:parts]) for each in (path, *imported_files(path, files))
        )
        needs.setdefault(here, set()).update(others)
    assert sum(map(len, needs.values())) > len(needs), "the imports are read wrongly"
    return needs


OF_A_SCREEN = {
    "tui/dashboard/actions.py": "tui/dashboard/dashboard.py",
    "tui/live/module_keys.py": "tui/live/module_screen.py",
    "tui/live/module_orders.py": "tui/live/module_screen.py",
}
"""What the keys of a screen do; it names the screen for its types alone."""


@pytest.mark.parametrize("part", ["core", "presets", "tui"])
def test_no_two_files_import_each_other(part: str) -> None:
    needs = needs_in(part, 9)
    for path, screen in OF_A_SCREEN.items():
        needs.get(path, set()).discard(screen)
    found = circles(needs)
    assert not found, f"these files import each other, or one that does: {found}; move what both need to a third"


@pytest.mark.parametrize("part", ["core", "presets", "tui"])
def test_no_two_folders_import_each_other(part: str) -> None:
    found = circles(needs_in(part, 2))
    assert not found, f"these folders import each other, or one that does: {found}; move what both need to a third"


def test_a_circle_is_found() -> None:
    assert circles({"a": {"b"}, "b": {"c"}, "c": {"b"}, "d": set()}) == {"a": ["b"], "b": ["c"], "c": ["b"]}


def loaded_by(*lines: str) -> set[str]:
    """The top-level modules in a fresh interpreter after these lines."""
    code = "\n".join(["import sys", *lines, "print('\\nLOADED', *{name.split('.')[0] for name in sys.modules})"])
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    return set(out.split("\nLOADED ")[1].split())


def test_importing_all_of_core_loads_numpy_and_the_standard_library_only() -> None:
    parts = [path.relative_to(PACKAGE).with_suffix("").parts for path in modules("core")]
    names = [".".join(("nn_tui", *part)) for part in parts if part[-1] != "__init__"]
    plain = loaded_by("import numpy.random")

    loaded = loaded_by(*(f"import {name}" for name in names))

    strangers = loaded - plain - set(sys.stdlib_module_names) - {"nn_tui"}
    assert not strangers
    assert "numpy" in loaded


@pytest.mark.parametrize(
    "arguments", ["--help", "--version", "presets", "train --help", "train 3-4-1 --steps 2 --trace"]
)
def test_the_command_line_never_imports_textual(arguments: str) -> None:
    call = f"sys.argv = ['nn-tui', *{arguments.split()!r}]"

    loaded = loaded_by(call, "from nn_tui.tui.main import main", "try:\n    main()\nexcept SystemExit:\n    pass")

    assert "click" in loaded
    assert "textual" not in loaded


def test_the_text_mode_never_imports_textual() -> None:
    assert "textual" not in loaded_by("import nn_tui.tui.text_mode")


def test_watching_a_training_imports_no_screen_and_no_pytorch_by_itself() -> None:
    loaded = loaded_by("from nn_tui import breakpoint, watch", "import nn_tui.presets.pytorch.script_runner")

    assert "msgspec" in loaded
    assert not loaded & {"textual", "rich", "plotext", "click", "torch"}


@pytest.mark.parametrize("arguments", ["--help", "--version", "presets"])
def test_what_needs_no_numbers_waits_for_no_numpy(arguments: str) -> None:
    call = f"sys.argv = ['nn-tui', *{arguments.split()!r}]"

    loaded = loaded_by(call, "from nn_tui.tui.main import main", "try:\n    main()\nexcept SystemExit:\n    pass")

    assert "click" in loaded
    assert "numpy" not in loaded


def test_the_first_paint_waits_for_nothing_that_only_a_training_needs() -> None:
    """Of a preset that comes with nn-tui, and of the picker."""
    paints = "from nn_tui.tui.app import NNApp; from nn_tui.tui.terminal import driver, memory"
    commands = "from nn_tui.tui.command_line import command_named; command_named('dashboard')"
    code = f"import sys\nimport nn_tui.tui.main\n{commands}\n{paints}\nNNApp('xor')\nprint(*sys.modules, sep='\\n')"

    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()

    assert {"textual", "nn_tui.presets.user", "nn_tui.tui.commands.dashboard_command"} <= {*loaded}
    late = ("numpy", "secrets", "gzip", "importlib.resources", "nn_tui.core.functions", "nn_tui.presets.schema")
    others = [f"nn_tui.tui.commands.{name}_command" for name in ("train", "export", "presets")]
    assert [name for name in loaded if name.startswith((*late, *others))] == []


PICKER = """
import asyncio
from nn_tui.tui.app import NNApp

async def show():
    app = NNApp()
    display = app._display

    def display_and_report(screen, renderable):
        display(screen, renderable)
        if renderable and screen.query("#picker-list"):
            rows = [strip.text for strip in screen._compositor.render_strips()]
            assert any("Exclusive or" in row for row in rows), rows
            report()
            app._display = display
            app.exit()

    app._display = display_and_report
    async with app.run_test(size=(120, 36)) as pilot:
        while app.is_running:
            await pilot.pause()

asyncio.run(show())
"""
DASHBOARD = """
import asyncio
from nn_tui.tui.app import NNApp

async def show():
    app = NNApp("xor")
    async with app.run_test(size=(120, 36)) as pilot:
        while not app.screen.query("#network") or not app.screen.query_one("#network").region:
            await pilot.pause()
        assert app.screen.query_one("#network").page.width
        report()  # here, because to leave saves the session

asyncio.run(show())
"""
LATE = {
    PICKER: (
        *("numpy", "tomllib", "zipfile", "nn_tui.tui.view", "nn_tui.tui.dashboard", "nn_tui.presets.preset_file"),
        *(f"nn_tui.core.{room}" for room in rooms_of_core() if room not in ("suggestions", "typed_number", "notation")),
        *("nn_tui.presets.schema", "nn_tui.presets.lessons.lesson_file", "nn_tui.presets.sessions.session"),
    ),
    DASHBOARD: (
        *(
            "csv",
            "json",
            "zipfile",
            "importlib.resources",
            "nn_tui.core.gradient_check",
            "nn_tui.tui.panels.lower_pages",
        ),
        *(f"nn_tui.core.debugger.{name}" for name in ("breakpoints", "watch", "bursts")),
        *("nn_tui.presets.lessons", "nn_tui.presets.csv.table", "nn_tui.presets.npz_data", "nn_tui.presets.reopened"),
        *(f"nn_tui.presets.sessions.{name}" for name in ("session", "share_link", "timeline_tables")),
        *(f"nn_tui.tui.dialogs.{name}" for name in ("picker", "edit_dialogs", "reading_dialogs", "prompt")),
        *(f"nn_tui.tui.text.{name}" for name in ("parameter_table", "gradient_table", "steps_table", "branch_table")),
        *(f"nn_tui.tui.text.{name}" for name in ("presentation", "playing", "card_page", "explanation", "hover_text")),
    ),
}
"""What nobody waits for who sees the list of presets, or the dashboard of a preset that comes with nn-tui."""


@pytest.mark.parametrize("screen", LATE, ids=["the list of presets", "the dashboard"])
def test_a_screen_waits_for_nothing_that_it_does_not_show(screen: str, tmp_path: Path) -> None:
    code = f"import sys\n\ndef report():\n    print('\\nLOADED', *sys.modules, file=sys.__stdout__)\n{screen}"
    state = os.environ | {"NN_TUI_STATE": str(tmp_path)}

    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=state).stdout

    loaded = out.split("\nLOADED ")[1].split()
    assert "nn_tui.tui.panels.page_view" in loaded
    assert [name for name in loaded if name in LATE[screen]] == []


TESTS = Path(__file__).parent


def test_no_test_imports_from_another_test() -> None:
    tests = {path.stem for path in TESTS.rglob("test_*.py")}
    for path in TESTS.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.level:
                others = tests & {*(node.module or "").split("."), *(alias.name for alias in node.names)}
                assert not others, f"{path.name} imports from {', '.join(others)}: move what both need to tests/helpers"
