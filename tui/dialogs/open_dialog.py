"""The dialog that opens a file by its name, with completion."""

import os
from pathlib import Path

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Input, Static

from ...core.timeline.timeline import BUDGET
from ...presets.catalogue import find, folder_of, is_saved
from ...presets.data_budget import USUAL_BUDGET, DataBudget
from ...presets.errors import PresetError
from ...presets.opened import Opened, opened_preset
from ...presets.preset_file import check_preset
from ...presets.reopened import opened
from ..panels.key_line import KeyLine
from ..text.safe import safe
from .base_screen import Dialog

MOST_SHOWN = 6
"""The most paths that are listed under the field."""
MOST_LISTED = 2000
"""The most entries of a folder that are read."""


class OpenFile(Dialog[Opened | None]):
    """A field for a path; the result is the training in that file."""

    BINDINGS = [
        Binding("tab", "complete", "Complete", priority=True),
        Binding("ctrl+s", "submit", "Open", key_display="enter"),
        Binding("escape", "leave", "Cancel"),
    ]

    def __init__(self, budget: int = BUDGET, data_budget: DataBudget = USUAL_BUDGET) -> None:
        """Open a file with this many bytes for past states."""
        super().__init__()
        self._budget, self._data_budget = budget, data_budget

    def compose(self) -> ComposeResult:
        """The field, the error message, and the paths that match."""
        with Vertical(classes="form") as form:
            form.border_title = "Open a file"
            with Horizontal(classes="form-row"):
                yield Static("path", classes="form-label")
                yield Input(placeholder="my-net.toml", select_on_focus=False, compact=True, id="open-path")
            yield Static(id="open-told", classes="form-fault")
            yield Static(id="open-paths", classes="form-hint")
            yield Static("A preset (.toml), a session, or a share line (nn2:…).", classes="form-hint")
        yield KeyLine()

    def on_mount(self) -> None:
        """Focus the field before the first key."""
        self.set_focus(self.query_one(Input))
        self.show_paths()

    @on(Input.Changed)
    def show_paths(self) -> None:
        """Hide the last error, and list the paths that begin with the text."""
        self.query_one("#open-told", Static).update()
        found = paths_from(self.query_one(Input).value)
        more = [f"… {len(found) - MOST_SHOWN} more"] if len(found) > MOST_SHOWN else []
        lines = [*map(safe, found[:MOST_SHOWN]), *more]
        self.query_one("#open-paths", Static).update(Content("\n".join(lines)))

    def action_complete(self) -> None:
        """Complete the common beginning of all paths that match."""
        line = self.query_one(Input)
        common = os.path.commonprefix(paths_from(line.value))
        if len(common) > len(line.value):
            line.value = common
            line.action_end()

    async def action_submit(self) -> None:
        """Open the typed path."""
        await self.query_one(Input).action_submit()

    @on(Input.Submitted)
    def open_path(self, event: Input.Submitted) -> None:
        """Close with the training that was typed, or show why it cannot be opened."""
        target = event.value.strip()
        if not target:
            return
        try:
            found = _opened(os.path.expanduser(target), self._budget, self._data_budget)
        except PresetError as error:
            self.query_one("#open-told", Static).update(Content(safe(str(error))))
            return
        self.dismiss(found)

    def action_leave(self) -> None:
        """Close without a file."""
        self.dismiss(None)


def paths_from(typed: str) -> list[str]:
    """The paths that begin with a text, presets and sessions first; folders end in a slash."""
    head, _, start = typed.rpartition("/")
    folder = Path(f"{head}/" if "/" in typed else ".").expanduser()
    try:
        with os.scandir(folder) as entries:
            near = [entry for _, entry in zip(range(MOST_LISTED), entries, strict=False)]
        names = sorted(
            (not _is_ours(entry.name), f"{entry.name}{'/' * entry.is_dir()}")
            for entry in near
            if entry.name.startswith(start) and (start or not entry.name.startswith("."))
        )
    except OSError:
        return []
    before = f"{head}/" if "/" in typed else ""
    return [f"{before}{name}" for _, name in names]


def _is_ours(name: str) -> bool:
    return name.endswith((".toml", ".nn-session"))


def _opened(target: str, budget: int, data_budget: DataBudget) -> Opened:
    """The training of a target.

    Raises:
        PresetError: the target does not exist, or cannot be used.
    """
    if is_saved(target):
        return opened(target, budget, data_budget)
    return opened_preset(check_preset(find(target), target), folder_of(target), budget, data_budget)
