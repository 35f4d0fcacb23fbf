"""Dialogs that show a page to read: the help, the help for a panel, and the comparison of two branches."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from textwrap import wrap
from typing import Any

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.geometry import Size

from ...core.notation.notation import Notation
from ...core.timeline.branch import Comparison
from ...core.worker.verbs import Ability
from ..action import Action, Group, actions_of, key_rows
from ..keymap import bindings
from ..panels.key_line import KeyLine
from ..panels.page_view import ARROWS, PAGES, PageView
from ..panels.panel import PanelSpec
from ..panels.panel_list import PANELS
from ..text.branch_table import DECIMALS, ComparisonTable
from ..text.chart import Curves
from ..text.data_names import DataNames
from ..text.key_help import KeySection, help_page, sentence_for
from ..text.safe import safe, safe_rows
from ..text.spans import Lines, Page, Span
from .base_screen import Dialog

FIRST = (
    ("space", "run the training, pause it"),
    ("s", "step by one update"),
    ("f", "step by one phase: a layer, the loss or the update"),
    ("b", "step back"),
    ("enter", "explain the number under the cursor"),
    ("a", "edit the number under the cursor"),
    (f"{PANELS[0].key} … {PANELS[-1].key}", "go to a panel; arrows move in it"),
    ("p", "choose another preset"),
)
"""The eight keys that matter most."""
READING = (
    "A step is one update. The step that is shown is the number of updates done.",
    "Bright numbers are new in this phase. Dim numbers belong to the previous step. · is not computed yet.",
    "A line is blue for a positive weight, orange and dashed for a negative one.",
    "An edit after stepping back begins a branch.",
    "dW, db, dz and da are the derivatives of the loss.",
)
HIGH = 34
"""Rows of a screen from which on there is room for a chart above a table."""


class ReadingView(PageView, inherit_bindings=False):
    """A page as wide as its room; enter belongs to the dialog."""

    BINDINGS = bindings(each for each in PageView.ACTIONS if each.name != "explain")

    def __init__(self, make: Callable[[Size], Page], *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._make = make

    def make_page(self, size: Size) -> Page:
        """The page in this many columns and rows, beside a possible scrollbar."""
        return self._make(Size(max(size.width - 1, 1), size.height))

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """The height of the page, if the style sheet asks for it."""
        return self.make_page(Size(width, container.height)).height


class PanelHelp(Dialog[None]):
    """A page about a panel."""

    BINDINGS = [Binding("escape,f1,q,enter,space", "dismiss", "Close")]

    def __init__(self, spec: PanelSpec, actions: Sequence[Action[Any]], names: DataNames | None = None) -> None:
        """Explain a panel in the letters of a network, with remarks on its data file.

        Args:
            spec: the description of the panel.
            actions: the dashboard's actions, some of which belong to the panel.
            names: the letters, and the data file.
        """
        super().__init__()
        self._spec = spec
        self._actions = actions
        self._data = names.data.origin if names else ""
        self._text = names.labels.sentence(spec.help) if names else spec.help

    def compose(self) -> ComposeResult:
        """The contents of the panel, and its keys."""
        with Vertical(classes="dialog", id="panel-help") as dialog:
            dialog.border_title = self._spec.title
            dialog.border_subtitle = "? all keys"
            yield ReadingView(self._page, id="panel-help-page")
        yield KeyLine()

    def _page(self, size: Size) -> Page:
        paragraphs = [*self._text.split("\n"), *([f"Data: {safe(self._data)}."] if self._data else [])]
        words = [[Span(line)] for text in paragraphs for line in wrap(text, size.width)]
        keys = help_page([KeySection("What you can do here", list(self._rows()))], min(size.width, 80))
        return Lines([*words, [], *keys.lines])

    def _rows(self) -> Iterator[tuple[str, str]]:
        """A row for each action, with the keys that move last."""
        own = [each for each in actions_of(self._spec.widget).values() if each.help not in (ARROWS, PAGES)]
        also = {each.name: each for each in self._actions}
        sentences = dict.fromkeys(also[name].help for name in self._spec.actions)
        named = [each for sentence in sentences for each in self._actions if each.help == sentence]
        rows: dict[str, list[str]] = {}
        for action in (*own, *named):
            rows.setdefault(self._sentence(action), []).extend(action.shown_keys)
        for sentence, keys in rows.items():
            yield " ".join(keys), sentence
        yield "↑ ↓ ← →", sentence_for(ARROWS, self._place)
        yield "pgup pgdn", sentence_for(PAGES, self._place)

    @property
    def _place(self) -> str:
        return "an explanation" if self._spec.name == "explain" else f"the {self._spec.name}"

    def _sentence(self, action: Action[object]) -> str:
        return sentence_for(action.help, self._place)


class Help(Dialog[None]):
    """The keys of the dashboard, on a page."""

    HORIZONTAL_BREAKPOINTS = [(0, "-one-column"), (118, "-two-columns")]
    BINDINGS = [Binding("escape,question_mark,q,enter,space", "dismiss", "Close")]

    def __init__(
        self, actions: Sequence[Action[Any]], other_keys: Mapping[str, str], lacks: Mapping[Ability, str]
    ) -> None:
        """Show the keys of these actions.

        Args:
            actions: all actions.
            other_keys: the keys that a configuration changed, by action.
            lacks: the abilities that the training lacks, with the reason.
        """
        super().__init__()
        self._actions = actions
        self._other_keys = other_keys
        self._lacks = lacks

    def compose(self) -> ComposeResult:
        """The sections, from the first frame on in the final number of columns."""
        self.set_class(self.app.size.width >= 118, "-two-columns")
        with Vertical(classes="dialog", id="help") as dialog:
            dialog.border_title = "Help"
            dialog.border_subtitle = "↑ ↓ scroll   f1 help for the panel"
            yield ReadingView(self._page, id="help-page")
        yield KeyLine()

    def _page(self, size: Size) -> Page:
        return help_page(tuple(self._sections()), size.width)

    def _sections(self) -> Iterator[KeySection]:
        yield KeySection("The eight keys that matter most", FIRST)
        if self._other_keys:
            other = [(safe(key), action) for action, key in self._other_keys.items()]
            yield KeySection("Your own keys, from the configuration", other)
        if self._lacks:
            yield KeySection("Not with this training", list(self._lacking()))
        for group in Group:
            left_out = {*dict(FIRST), *(keys for keys, _ in self._lacking())}
            keys = key_rows(each for each in self._actions if each.group is group)
            rows = [row for row in keys if row[0] not in left_out]
            yield KeySection(group.value, rows)
        yield KeySection("How to read the screen", [("", sentence) for sentence in READING])

    def _lacking(self) -> Iterator[tuple[str, str]]:
        """The keys of actions that this training lacks, with the reason."""
        for ability, reason in self._lacks.items():
            keys = [each.shown_keys[0] for each in self._actions if each.needs is ability]
            if keys:
                yield " ".join(keys), reason


class Compare(Dialog[None]):
    """The changes of two branches, and their results."""

    BINDINGS = [Binding("escape,q,enter,space", "dismiss", "Close")]

    def __init__(self, comparison: Comparison, notation: Notation, decimals: int | None, curves: Curves) -> None:
        """Show this comparison, and the losses of both branches if there is room."""
        super().__init__()
        self._compared = comparison, notation, decimals or DECIMALS
        self._curves = curves

    def compose(self) -> ComposeResult:
        """The table, with the names of both branches over it."""
        with Vertical(classes="dialog tall") as dialog:
            ours, theirs = ComparisonTable(*self._compared).names
            dialog.border_title = Content(f"Compare {ours} with {theirs}")
            yield ReadingView(self._page, id="comparison")
        yield KeyLine()

    def _page(self, size: Size) -> Page:
        curves = self._curves if self.app.size.height >= HIGH else None
        return ComparisonTable(*self._compared, size.width, curves)


class ScriptOutput(Dialog[None]):
    """All kept lines of output; the newest is the last."""

    BINDINGS = [Binding("escape,i,q,enter,space", "dismiss", "Close")]

    def __init__(self, lines: tuple[str, ...]) -> None:
        super().__init__()
        self._lines = lines

    def compose(self) -> ComposeResult:
        """The lines."""
        with Vertical(classes="dialog tall") as dialog:
            dialog.border_title = "Output of the script"
            yield ReadingView(self._page, id="output-page")
        yield KeyLine()

    def _page(self, size: Size) -> Page:
        """The lines; a long one is continued in the next row."""
        return Lines([[Span(row)] for row in safe_rows(self._lines, size.width)])

    def on_mount(self) -> None:
        """Scroll to the end."""
        self.call_after_refresh(self.query_one(ReadingView).scroll_end, animate=False)
