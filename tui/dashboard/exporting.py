"""Exporting: what is shown goes to files and to the clipboard."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace as with_values
from functools import partial
from itertools import chain
from pathlib import Path
from typing import TypeAlias

from textual import on, work
from textual.message import Message

from ...core.metrics.series import Series
from ...core.quantities.quantity import Quantity
from ...core.worker.inbox import Delivery
from ...presets.atomic_write import atomic_write
from ...presets.errors import PresetError
from ...presets.export.formats import export_history
from ...presets.sessions.autosave import copied_path
from ...presets.sessions.opened import Opened
from ...presets.unique_file import write_unique_file
from ..config import Config
from ..dialogs.export_dialog import Export, Item
from ..exports import explanation_file, line_file, number_file, snapshot_file
from ..text.chart import Curves
from ..text.history_table import seen
from ..text.safe import safe
from ..text.svg import self_contained
from .training import Training

MOST_COPIED = 100_000
"""Bytes for the clipboard: many terminals pass over more."""
Data: TypeAlias = bytes | Iterable[bytes]
Make = Callable[[], Data]


class Exporting(Training):
    """Files and the clipboard."""

    class Exported(Message):
        """A thread has made something and written it, or could not."""

        def __init__(self, told: str, copied: str = "", *, is_fault: bool = False) -> None:
            super().__init__()
            self.told = told
            self.copied = copied
            """What the clipboard shall hold; nothing where that is empty."""
            self.is_fault = is_fault

    def __init__(self, opened: Opened, config: Config) -> None:
        """Begin with nothing to share."""
        super().__init__(opened, config)
        self._shared: Item | None = None
        """What waits for the timeline."""

    def action_export(self) -> None:
        """Ask what to take away."""
        if self.snapshot:
            self.app.clear_notifications()  # they would lie over the dialog, and in the picture
            self.app.push_screen(Export(self._pointed), self._take)

    def action_copy(self) -> None:
        """Copy the number under the cursor, or the explanation where that is looked at."""
        if not self._pointed:
            self.app.notify("choose a number to copy", severity="warning", markup=False)
        elif self.snapshot and self.trainer:
            asked = self.trainer, self.snapshot, self._pointed
            self._copy(self._explanation("text") if self._is_explaining else partial(number_file, *asked))

    def share(self, delivery: Delivery) -> None:
        """Make the line that was asked for, now that the trainer has told the way to its place."""
        if delivery.saved and self._shared:
            step = delivery.saved.position.step
            self._export(self._shared, step, partial(line_file, self._preset, delivery.saved))
            self._shared = None

    @on(Exported)
    def tell_exported(self, event: Exported) -> None:
        """Copy it, and say what came of it."""
        if event.copied:
            self.app.copy_to_clipboard(event.copied)
        told = f"{event.told}{'; copied' if event.copied else ''}"
        self.app.notify(safe(told), severity="error" if event.is_fault else "information", timeout=8, markup=False)

    def _take(self, item: Item | None) -> None:
        """Make what was chosen."""
        if item is None or self.snapshot is None:
            return
        kind, _, form = item.id.partition("-")
        match kind:
            case "line":
                self._shared = item
                self._runner.save()
            case "screen":
                self.call_after_refresh(self._take_picture, item, self.snapshot.step)
            case _:
                makes = {"step": self._step, "history": self._history, "explanation": self._explanation}
                self._export(item, self.snapshot.step, makes[kind](form))

    def _take_picture(self, item: Item, step: int) -> None:
        """The screen as it is after the dialog has gone."""
        svg = self.app.export_screenshot(title=safe(f"nn-tui {self._preset.name}"), simplify=True)
        self._export(item, step, lambda: self_contained(svg).encode())

    @property
    def _is_explaining(self) -> bool:
        return bool(self.quantity) and self.focused is not None and self.focused.id == "explain"

    @property
    def _pointed(self) -> Quantity | None:
        """What is explained where one looks at that, or else the number under the cursor."""
        return self.quantity if self._is_explaining else self._cursor

    def _step(self, form: str) -> Make:
        assert self.trainer and self.snapshot
        return partial(snapshot_file, form, self._preset, self.trainer, self.snapshot)

    def _history(self, form: str) -> Make:
        assert self.trainer
        layers, has_test = len(self.trainer.network.layers), self.trainer.test is not None
        curves = _held(self.all_curves())
        return lambda: export_history(form, seen(curves, layers, has_test=has_test))

    def _explanation(self, form: str) -> Make:
        assert self.trainer and self.snapshot
        assert self._pointed  # else nothing can be chosen
        return partial(
            explanation_file,
            form,
            self.trainer,
            self.snapshot,
            self._pointed,
            self.notation,
            self._config.decimals_of_text,
        )

    # What follows runs in a thread of its own.

    @work(thread=True, group="exporting")
    def _export(self, item: Item, step: int, make: Make) -> None:
        """Make something, and write it to a new file."""
        write = partial(write_unique_file, self._preset.name, f"step-{step}{item.part}", item.ending)
        self._make(make, write, copies=item.is_text)

    @work(thread=True, group="exporting")
    def _copy(self, make: Make) -> None:
        """Make something, and write it in the place of what was copied before."""
        self._make(make, _write_copied, copies=True)

    def _make(self, make: Make, write: Callable[[Data], Path], *, copies: bool) -> None:
        copied = ""
        try:
            made = make()
            data = iter([made] if isinstance(made, bytes) else made)
            first = _first(data)
            copied = _for_clipboard(first) if copies else ""
            self.post_message(self.Exported(f"written to {write(chain([first], data))}", copied))
        except (PresetError, ValueError, IndexError) as error:
            self.post_message(self.Exported(str(error), copied, is_fault=True))
        except MemoryError:
            self.post_message(self.Exported("expected less than this computer's memory holds", is_fault=True))


def _held(curves: Curves) -> Curves:
    """The same as it is now, whatever comes."""
    return with_values(curves, train=Series(curves.train), test=Series(curves.test), seen=curves.seen.each(Series))


def _first(data: Iterator[bytes]) -> bytes:
    """The first pieces, as many as show whether all have room on the clipboard."""
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
    """A text, without the end of its last line; nothing where it is too long for a terminal."""
    return data.decode().rstrip("\n") if len(data) <= MOST_COPIED else ""
