"""Key names: each key has one word, on the screen and in the pages."""

import re
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages

import pytest
from textual.binding import Binding
from textual.dom import DOMNode

import nn_tui.tui
from nn_tui.tui.app import NNApp
from nn_tui.tui.dashboard.all_actions import ALL_ACTIONS

from ..helpers.docs import CHECKOUT

OTHERS = re.compile(r"[⏎↵⎋]|\bF[1-9]\b|\b(?:[Ee]scape|Esc|ESC|[Rr]eturn key)\b")
"""Other names of the keys that are called enter, esc, f1 and f2."""
IN_FILES = re.compile(r'solution = "[^"]*"|\*\*solution\*\*.*')
"""Keys in a lesson file, which has Textual's names."""
PAGES = [
    CHECKOUT / "README.md",
    CHECKOUT / "CHANGELOG.md",
    *CHECKOUT.glob("docs/*.md"),
    *CHECKOUT.glob("presets/tours/*.toml"),
]
SNAPSHOTS = [*Path(__file__).with_name("snapshots").iterdir()]


@pytest.mark.parametrize("file", [*PAGES, *SNAPSHOTS], ids=lambda file: file.name)
def test_pages_and_screens_have_no_other_name_of_a_key(file: Path) -> None:
    text = IN_FILES.sub("", file.read_text(encoding="utf-8"))

    assert OTHERS.findall(text.replace("recall and F1", "")) == [], f"{file.name}: write enter, esc, f1 or f2"


def test_every_action_is_shown_with_the_same_names() -> None:
    assert not [each.name for each in ALL_ACTIONS for key in each.shown_keys if OTHERS.search(key)]


def test_every_key_line_and_the_palette_have_the_same_names() -> None:
    for module in walk_packages(nn_tui.tui.__path__, "nn_tui.tui."):
        import_module(module.name)
    app = NNApp()

    shown = {
        app.get_key_display(binding): binding.key
        for kind in subclasses(DOMNode)
        if kind.__module__.startswith("nn_tui.")
        for binding in Binding.make_bindings(vars(kind).get("BINDINGS", ()))
    }
    assert {"enter", "esc", "f1", "f2"} <= set(shown)
    assert not [name for name in shown if OTHERS.search(name)]


def subclasses(kind: type) -> set[type]:
    """A class's subclasses of any depth."""
    own: list[type] = type.__subclasses__(kind)
    return {*own, *(each for one in own for each in subclasses(one))}
