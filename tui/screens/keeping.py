"""Keeping: a training goes to a file when it is asked for, every minute, and at the end."""

from textual import on, work
from textual.message import Message

from ...core.running.mailbox import Delivery
from ...core.running.saved import Saved, saved
from ...presets.sessions.errors import SessionError
from ...presets.sessions.last import last_path, named_path
from ...presets.sessions.session import Session, write
from ...presets.sessions.tables import Losses
from ..text.safe import safe
from .training import Training

EVERY = 60.0
"""Seconds between two times that a training is kept without being asked."""


class Keeping(Training):
    """Session files."""

    class Kept(Message):
        """A thread has written a session, or could not; it waits for nobody, as the screen may be gone."""

        def __init__(self, text: str, *, is_fault: bool = False) -> None:
            super().__init__()
            self.text = text
            self.is_fault = is_fault

    def on_mount(self) -> None:
        """Keep the training from now on."""
        self._is_asked = False
        self.set_interval(EVERY, self._runner.save)

    def on_unmount(self) -> None:
        """Keep what there is at the end, once the trainer has ended."""
        self._runner.close()
        try:
            write(last_path(), self._session(saved(self._opened.timeline)))
        except SessionError as error:
            self.app.exit(return_code=self.app.return_code or 0, message=f"nn-tui: {safe(str(error))}")

    def action_save(self) -> None:
        """Write the training to a file beside the person's own."""
        self._is_asked = True
        self._runner.save()

    def keep(self, delivery: Delivery) -> None:
        """Write what the trainer left to be saved."""
        if delivery.saved:
            self._write(self._session(delivery.saved), is_asked=self._is_asked)
            self._is_asked = False

    @work(thread=True, group="keeping")
    def _write(self, session: Session, *, is_asked: bool) -> None:
        try:
            path = named_path(self._preset.name) if is_asked else last_path()
            write(path, session)
        except SessionError as error:
            self.post_message(self.Kept(str(error), is_fault=True))
            return
        if is_asked:
            self.post_message(self.Kept(f"saved as {path}; nn-tui open {path.name} goes on from here"))

    @on(Kept)
    def tell_kept(self, event: Kept) -> None:
        """Say what came of saving."""
        self.app.notify(
            safe(event.text), severity="error" if event.is_fault else "information", timeout=8, markup=False
        )

    def _session(self, timeline: Saved) -> Session:
        losses = {
            number: Losses(list(curve.train.points), list(curve.test.points))
            for number, curve in self._record.curves.items()
        }
        view = {"notation": self.notation.value}
        return Session(preset=self._opened.preset, timeline=timeline, losses=losses, view=view)
