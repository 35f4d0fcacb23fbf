"""The exporter: it writes the shown step to files and to the clipboard.

Formats and dialogs are imported when they are needed, so that a dashboard is painted earlier.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypeAlias

from msgspec.structs import replace as with_values

from ...core.debugger.facts import Fact, TimelineDump
from ...core.metrics.series import Series
from ...core.quantities.quantity import Quantity
from ...core.worker.verbs import Ability
from ...presets.atomic_write import atomic_write, write_unique_file
from ...presets.errors import PresetError
from ...presets.schema import Preset
from ...presets.sessions.autosave import copied_path
from ..text.chart import Curves
from ..text.safe import safe
from ..view import curves_of
from .desk import Desk
from .panel_switch import PanelSwitch

if TYPE_CHECKING:
    from ..dialogs.export_dialog import Item

MOST_COPIED = 100_000
"""The most bytes for the clipboard, because many terminals ignore longer texts."""
FROM_ELSEWHERE = r"(?s)@font-face\s*\{.*?\}|<!--.*?-->"
"""The pattern of fonts and comments in a picture that refer to other places; any monospaced font will do."""
STYLE_ENDS = "</style>"
Data: TypeAlias = bytes | Iterable[bytes]
Make = Callable[[], Data]


class Exporter:
    """Files and the clipboard."""

    def __init__(self, dashboard: Desk, panels: PanelSwitch, preset: Preset, decimals: int) -> None:
        """Export nothing yet; explanations have this many decimals."""
        self._dashboard = dashboard
        self._panels = panels
        self._preset = preset
        self._decimals = decimals
        self._shared: Item | None = None
        """The item that waits for the timeline."""

    def ask(self) -> None:
        """Ask for an item to export."""
        if self._dashboard.view.snapshot:
            from ..dialogs.export_dialog import Export

            self._dashboard.app.clear_notifications()  # they would cover the dialog, and be in the picture
            self._dashboard.app.push_screen(Export(self._pointed, is_standardized=self._is_standardized), self._take)

    def copy(self) -> None:
        """Copy the number under the cursor, or the explanation if its panel has the focus."""
        view, pointed = self._dashboard.view, self._pointed
        if pointed is None:
            self._dashboard.say("choose a number to copy", severity="warning")
        elif view.snapshot and view.trainer:
            from ..exports import number_file

            number = partial(number_file, view.trainer, view.snapshot, pointed)
            make = self._explanation("text") if self._is_explaining else number
            self._begin(partial(self._make, make, _write_copied, copies=True))

    def take(self, fact: Fact) -> None:
        """Write the shared line that was asked for, now that the trainer has sent the timeline."""
        if isinstance(fact, TimelineDump) and self._shared:
            from ..exports import line_file

            self._export(
                self._shared,
                fact.position.step,
                partial(line_file, self._preset, fact, is_short=self._shared.id == "line-short"),
            )
            self._shared = None

    def _take(self, item: "Item | None") -> None:
        """Export the chosen item."""
        snapshot = self._dashboard.view.snapshot
        if item is None or snapshot is None:
            return
        kind, _, form = item.id.partition("-")
        match kind:
            case "line" if reason := self._dashboard.verbs.lacks.get(Ability.SAVE):
                self._dashboard.say(reason, severity="warning", timeout=8)
            case "line":
                self._shared = item
                self._dashboard.verbs.save()
            case "screen":
                self._dashboard.screen.call_after_refresh(self._take_picture, item, snapshot.step)
            case _:
                makes: dict[str, Callable[[str], Make]] = {
                    "step": self._step,
                    "folded": partial(self._step, fold=True),
                    "history": self._history,
                    "explanation": self._explanation,
                    "worksheet": partial(self._worksheet, answers=False),
                    "answers": partial(self._worksheet, answers=True),
                }
                self._export(item, snapshot.step, makes[kind](form))

    def _take_picture(self, item: "Item", step: int) -> None:
        """Export the screen after the dialog is closed."""
        svg = self._dashboard.app.export_screenshot(title=safe(f"nn-tui {self._preset.name}"), simplify=True)
        self._export(item, step, lambda: self_contained(svg).encode())

    @property
    def _is_explaining(self) -> bool:
        focused = self._panels.focused
        return bool(self._dashboard.view.quantity) and focused is not None and focused.id == "explain"

    @property
    def _pointed(self) -> Quantity | None:
        """The number in the focused Explain panel, otherwise the number under the cursor."""
        view = self._dashboard.view
        return view.quantity if self._is_explaining else view.cursor

    @property
    def _is_standardized(self) -> bool:
        trainer = self._dashboard.view.trainer
        return bool(trainer and (trainer.train.scale or trainer.train.target_scale))

    def _step(self, form: str, *, fold: bool = False) -> Make:
        view = self._dashboard.view
        assert view.trainer and view.snapshot
        from ..exports import snapshot_file

        return partial(snapshot_file, form, self._preset, view.trainer, view.snapshot, fold=fold)

    def _history(self, form: str) -> Make:
        trainer = self._dashboard.view.trainer
        assert trainer
        layers, has_test = len(trainer.network.layers), trainer.test is not None
        curves = _held(curves_of(self._dashboard.recorder, self._dashboard.view))
        from ...presets.export.export_format import export_history
        from ..exports import seen_history

        return lambda: export_history(form, seen_history(curves, layers, has_test=has_test))

    def _worksheet(self, form: str, *, answers: bool) -> Make:
        view, title = self._dashboard.view, safe(self._preset.title or self._preset.name)
        assert view.trainer and view.snapshot
        of = title, view.trainer, view.snapshot, view.notation, self._decimals
        from ..exports import worksheet_file

        return partial(worksheet_file, form, *of, answers=answers)

    def _explanation(self, form: str) -> Make:
        view = self._dashboard.view
        quantity = self._pointed
        assert view.trainer and view.snapshot and quantity  # otherwise nothing can be chosen
        of = view.trainer, view.snapshot, quantity
        from ..exports import explanation_file

        return partial(explanation_file, form, *of, view.notation, self._decimals)

    def _export(self, item: "Item", step: int, make: Make) -> None:
        """Create an export in a thread, and write it to a new file."""
        write = partial(write_unique_file, self._preset.name, f"step-{step}{item.part}", item.ending)
        self._begin(partial(self._make, make, write, copies=item.is_text))

    def _begin(self, work: Callable[[], None]) -> None:
        self._dashboard.screen.run_worker(work, thread=True, group="exports")

    def _tell(self, text: str, copied: str, *, is_fault: bool = False) -> None:
        """Copy a text, and report the result."""
        if copied:
            self._dashboard.app.copy_to_clipboard(copied)
        severity: Literal["error", "information"] = "error" if is_fault else "information"
        self._dashboard.say(f"{text}{'; copied' if copied else ''}", severity=severity, timeout=8)

    def _make(self, make: Make, write: Callable[[Data], Path], *, copies: bool) -> None:
        """Create and write an export; this runs in a thread of its own."""
        copied, is_fault = "", False
        try:
            made = make()
            data = iter([made] if isinstance(made, bytes) else made)
            first = _first(data)
            copied = _for_clipboard(first) if copies else ""
            told = f"written to {write(chain([first], data))}"
        except (PresetError, ValueError, IndexError) as error:
            told, is_fault = str(error), True
        except MemoryError:
            told, copied, is_fault = "too large for the memory of this computer", "", True
        self._dashboard.later(partial(self._tell, told, copied, is_fault=is_fault))


def _held(curves: Curves) -> Curves:
    """A copy of the curves that does not change."""
    return with_values(curves, train=Series(curves.train), test=Series(curves.test), seen=curves.seen.each(Series))


def _first(data: Iterator[bytes]) -> bytes:
    """The first pieces, enough to know whether all fit on the clipboard."""
    first = b""
    for piece in data:
        first += piece
        if len(first) > MOST_COPIED:
            break
    return first


def _write_copied(data: Data) -> Path:
    path = copied_path()
    atomic_write(path, data, is_private=True)
    return path


def _for_clipboard(data: bytes) -> str:
    """A text without its final line end; empty if it is too long for a terminal."""
    return data.decode().rstrip("\n") if len(data) <= MOST_COPIED else ""


def self_contained(svg: str) -> str:
    """The picture without references to other places."""
    # The text of the screen follows the style, and may itself look like a style.
    head, end, screen = svg.partition(STYLE_ENDS)
    return re.sub(FROM_ELSEWHERE, "", head) + end + screen
