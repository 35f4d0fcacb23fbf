"""Private parts of Textual and plotext: each is still there, and is used where this list says and nowhere else.

A new version may drop or change any of them. This is the list of what to look at then.
"""

import ast
import importlib
import inspect
import re
from collections.abc import Iterator
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any, NamedTuple

import pytest

import nn_tui.tui

TUI = Path(nn_tui.tui.__path__[0])
LIBRARIES = ("textual", "rich", "plotext")
ROOMS = ("terminal/", "text/plot.py")
"""Where private parts may be used: the terminal's room, and the chart."""
OF_NAMEDTUPLES = {"_replace", "_asdict", "_fields", "_make"}


class Part(NamedTuple):
    """A private part."""

    owner: str
    """The module, or the class in it."""
    name: str
    used_in: str
    """The file of tui."""
    why: str
    instead: str
    """What to do when it is gone."""

    @property
    def words(self) -> str:
        return f"{self.owner}.{self.name}, which tui/{self.used_in} uses {self.why}"


APP, SCREEN, PUMP = "textual.app.App", "textual.screen.Screen", "textual.message_pump.MessagePump"
COMPOSITOR, NARROW = "textual._compositor", "terminal/narrow_updates.py"
DRIVER = "textual.drivers.linux_driver.LinuxDriver"
CRASH, OURS = "terminal/private_parts.py", "terminal/driver.py"
STYLES = "terminal/late_styles.py"
WIDGET, LATE = "textual.widget.Widget", "terminal/late_view.py"
AHEAD, LISTS, PALETTE = "terminal/type_ahead.py", "terminal/patient_lists.py", "terminal/palette.py"
LOOK = "look how Textual's"
PARTS = [
    Part(APP, "_fatal_error", CRASH, "to end with one line", f"{LOOK} App ends after an exception, and override that"),
    Part(APP, "_exception", CRASH, "to name the defect", f"{LOOK} App remembers the exception that ends it"),
    Part(APP, "_exit_renderables", CRASH, "to print one line at the end", f"{LOOK} App.exit keeps its message"),
    Part(APP, "_print_error_renderables", CRASH, "to print that line alone", f"{LOOK} App prints at its end"),
    Part(APP, "_close_messages_no_wait", CRASH, "to leave after a defect", f"{LOOK} App._fatal_error ends the loop"),
    Part(APP, "_disable_tooltips", CRASH, "to build none", "delete ours: it only saves time"),
    Part(SCREEN, "_get_breakpoint_classes", CRASH, "to fit a first frame", f"{LOOK} Screen adds classes of its size"),
    Part(SCREEN, "_extend_compose", CRASH, "to build no place for notices", f"{LOOK} Screen adds its own widgets"),
    Part(COMPOSITOR, "ChopsUpdate", NARROW, "to send less", f"{LOOK} compositor updates lines"),
    Part(COMPOSITOR, "Compositor", NARROW, "to send less", f"{LOOK} compositor updates lines"),
    Part(f"{COMPOSITOR}.Compositor", "_render_chops", NARROW, "to draw less", "delete ours: it only saves time"),
    Part(COMPOSITOR, "LayoutUpdate", NARROW, "to know what is shown", f"{LOOK} compositor updates the whole screen"),
    Part(SCREEN, "_compositor", "terminal/private_parts.py", "to send less", f"{LOOK} screen keeps its compositor"),
    Part(APP, "_notifications", "terminal/private_parts.py", "to show no toast twice", "keep the shown ones in NNApp"),
    Part(
        PUMP, "_on_message", "terminal/private_parts.py", "to drop messages for what is gone", f"{LOOK} pumps dispatch"
    ),
    Part(
        "textual.dom.DOMNode",
        "_get_component_classes",
        STYLES,
        "to style few classes",
        "delete ours: it only saves time",
    ),
    Part("textual.dom.DOMNode", "_component_styles", STYLES, "to keep such styles", "delete ours: it only saves time"),
    Part("textual.dom.DOMNode", "_attach", STYLES, "to style a class alone", "delete ours: it only saves time"),
    Part(DRIVER, "_file", OURS, "to write where nothing may fail", f"{LOOK} driver writes, and pass it our Output"),
    Part(DRIVER, "_writer_thread", OURS, "to write nothing while suspended", f"{LOOK} driver knows that it is stopped"),
    Part(DRIVER, "_run_input_thread", OURS, "to end with one line there too", f"{LOOK} driver begins its input thread"),
    Part(DRIVER, "_get_terminal_size", OURS, "to follow the size", "use os.get_terminal_size"),
    Part(
        DRIVER, "_in_band_window_resize", OURS, "to know who tells of sizes", "take it for False: sizes come twice then"
    ),
    Part(DRIVER, "_must_signal_resume", OURS, "to stop and go on once", f"{LOOK} driver goes on after SIGCONT"),
    Part(DRIVER, "_sigtstp_application", OURS, "to stop between two callbacks", f"{LOOK} driver handles SIGTSTP"),
    Part(DRIVER, "_sigcont_application", OURS, "to go on after a stop", f"{LOOK} driver handles SIGCONT"),
    Part("textual.driver.Driver", "_loop", OURS, "to call from other threads", "use asyncio.get_running_loop"),
    Part("textual.driver.Driver", "_app", OURS, "to end the app", "keep the app in the constructor"),
    Part("textual.driver.Driver", "_debug", OURS, "for Textual's parser", "pass False"),
    Part("textual._xterm_parser", "XTermParser", OURS, "to read keys", "read them in terminal/input_filter.py"),
    Part("textual._context", "visible_screen_stack", "terminal/memory.py", "to let screens go", "delete the line"),
    Part(
        "textual._ansi_sequences",
        "ANSI_SEQUENCES_KEYS",
        "terminal/key_sequences.py",
        "to know keys",
        "keep a copy there",
    ),
    Part(
        "textual._keyboard_protocol",
        "FUNCTIONAL_KEYS",
        "terminal/key_sequences.py",
        "to know keys",
        "keep a copy there",
    ),
    Part(SCREEN, "_layout_required", LATE, "to wait for the layout", f"{LOOK} Screen knows that it must lay out"),
    Part(WIDGET, "_exchange_repaint_regions", LATE, "to draw once a frame", f"{LOOK} compositor asks what to draw"),
    Part(WIDGET, "_styles_cache", LATE, "to draw all again", f"{LOOK} widget keeps its lines"),
    Part(WIDGET, "_repaint_regions", LATE, "to draw all again", f"{LOOK} widget keeps what to draw"),
    Part(WIDGET, "_get_scrollable_region", LATE, "to lay out once", f"delete ours: {LOOK} views lay out twice then"),
    Part(WIDGET, "_container_size", LATE, "to lay out once", f"{LOOK} widget knows the room for what it scrolls"),
    Part(WIDGET, "_refresh_scrollbars", LATE, "to lay out once", f"{LOOK} widget decides on its scrollbars"),
    Part(WIDGET, "_scroll_update", LATE, "to lay out once", f"{LOOK} widget tells its scrollbars their size"),
    Part(APP, "_start_widget", LATE, "to begin a scrollbar", f"{LOOK} widget begins its scrollbars"),
    Part(WIDGET, "_set_dirty", LATE, "to draw lines again", f"{LOOK} widget keeps what to draw"),
    Part(SCREEN, "_layout_required", AHEAD, "to wait for the layout", f"{LOOK} Screen knows that it must lay out"),
    Part(SCREEN, "_callbacks", AHEAD, "to wait for call_after_refresh", f"{LOOK} Screen keeps such callbacks"),
    Part(PUMP, "_message_queue", AHEAD, "to wait until nothing is under way", f"{LOOK} pumps queue messages"),
    Part(PUMP, "_pending_message", AHEAD, "to wait until nothing is under way", f"{LOOK} pumps peek at messages"),
    Part(PUMP, "_closing", AHEAD, "to wait for no pump that ends", f"{LOOK} pumps end"),
    Part(PUMP, "_closed", AHEAD, "to wait for no pump that has ended", f"{LOOK} pumps end"),
    Part("asyncio.Event", "_waiters", AHEAD, "to see that a pump waits", "look how asyncio's Event knows who waits"),
    Part("textual.widgets.OptionList", "_on_click", LISTS, "to click on what has gone", f"{LOOK} list takes clicks"),
    Part("textual.command.CommandPalette", "_on_click", PALETTE, "to click on nothing", f"{LOOK} palette takes clicks"),
    Part("textual.command.CommandPalette", "_placeholder", PALETTE, "for its hint", "write a hint of our own"),
    Part(
        "textual.widgets._select",
        "SelectCurrent",
        "terminal/dropdown.py",
        "to have our own list in a Select",
        f"{LOOK} Select composes",
    ),
    Part(
        "textual.widgets._select",
        "SelectOverlay",
        "terminal/dropdown.py",
        "to have our own list in a Select",
        f"{LOOK} Select composes",
    ),
    Part(
        "plotext._figure", "_figure_class", "text/plot.py", "for figures beside each other", "use plotext.figure alone"
    ),
    Part(
        "plotext._figure._figure_class", "_limit_size", "text/plot.py", "to draw in any size", "use plotext.limit_size"
    ),
]


def found(owner: str) -> Any:
    """A module, or a class in one."""
    module, _, name = owner.rpartition(".")
    try:
        return importlib.import_module(owner)
    except ImportError:
        return getattr(importlib.import_module(module), name)


def has(owner: Any, name: str) -> bool:
    """Whether a module or class has a part, be it that only its instances do."""
    if hasattr(owner, name) or not isinstance(owner, type):
        return hasattr(owner, name)
    classes = [each for each in owner.__mro__ if each.__module__ not in ("builtins", "typing", "abc")]
    return any(re.search(rf"self\.{name}\b[^=\n]*=", source_of(each)) for each in classes)


@pytest.mark.parametrize("part", PARTS, ids=lambda part: f"{part.name}-{part.used_in}")
def test_each_private_part_is_still_there(part: Part) -> None:
    library = part.owner.partition(".")[0]
    release = version(library) if library in LIBRARIES else "of this Python"

    assert has(found(part.owner), part.name), f"{library} {release} has no {part.words}, any more: {part.instead}"


def defined(tree: ast.AST) -> set[str]:
    """The private names that some source defines: functions, variables, attributes."""
    nodes = list(ast.walk(tree))
    names = {each.name for each in nodes if isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef)}
    names |= {each.id for each in nodes if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Store)}
    names |= {each.attr for each in nodes if isinstance(each, ast.Attribute) and isinstance(each.ctx, ast.Store)}
    return {name for name in names if re.match("_[a-z]", name)}


FILES = [path.relative_to(TUI).as_posix() for path in sorted(TUI.rglob("*.py"))]


@cache
def tree_of(file: str) -> ast.Module:
    return ast.parse((TUI / file).read_text("utf-8"))


@cache
def ours_alone() -> set[str]:
    """The private names that tui defines itself, and no library."""
    return (
        set[str]().union(*(defined(tree_of(file)) for file in FILES)) - {part.name for part in PARTS} | OF_NAMEDTUPLES
    )


def uses(file: str) -> Iterator[str]:
    """The private names of others that a file of tui uses."""
    for node in ast.walk(tree_of(file)):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.partition(".")[0] in LIBRARIES:
            yield from (each.name for each in node.names if "._" in node.module or each.name.startswith("_"))
        elif isinstance(node, ast.Attribute) and re.match("_[a-z]", node.attr) and node.attr not in ours_alone():
            if node.attr not in defined(tree_of(file)) or "super()" in ast.unparse(node.value):
                yield node.attr


def overrides(file: str) -> Iterator[str]:
    """The private names of the libraries' classes that the classes of a file define again, be it by chance."""
    module = importlib.import_module(".".join((nn_tui.tui.__name__, *Path(file).with_suffix("").parts)))
    classes = [each for each in tree_of(file).body if isinstance(each, ast.ClassDef)]
    for each in classes:
        bases = [base for base in vars(module)[each.name].__mro__ if base.__module__.partition(".")[0] in LIBRARIES]
        yield from (name for name in defined(each) if any(has(base, name) for base in bases))


@cache
def source_of(owner: type) -> str:
    return inspect.getsource(owner)


@pytest.mark.parametrize("file", FILES)
def test_private_parts_are_used_where_the_list_says_and_nowhere_else(file: str) -> None:
    listed = {part.name for part in PARTS if part.used_in == file}
    used = {*uses(file), *overrides(file)}

    for name in sorted(used - listed):
        raise AssertionError(
            f"tui/{file} uses {name}, a private part of {', '.join(LIBRARIES[:-1])} or {LIBRARIES[-1]}: put it behind a"
            " function in tui/terminal and list it in this test; or, if it is our own, take another name"
        )
    assert not listed - used, f"tui/{file} no longer uses {', '.join(listed - used)}: delete the rows of this test"
    assert not listed or file.startswith(ROOMS), f"tui/{file} uses {', '.join(listed)}: move that to tui/terminal"
