"""Keeping: a training goes to a file when it is asked for, every minute, and at the end."""

from threading import Lock
from time import monotonic

from textual import on, work
from textual.message import Message

from ...core.debugger.dump import BranchDump, TimelineDump, dump
from ...core.metrics.history import History
from ...core.worker.inbox import Delivery
from ...presets.errors import SessionError
from ...presets.sessions.autosave import AutosaveFile, autosaves, forget_crashed, session_path
from ...presets.sessions.curves import Losses
from ...presets.sessions.opened import Opened
from ...presets.sessions.session import Session, write_session
from ..config import Config
from ..text.ago import ago
from ..text.safe import safe
from .session_view import View
from .training import Training

NOT_KEPT = 2
"""The exit status where the system refuses the session."""


class Keeping(Training):
    """Session files."""

    class Kept(Message):
        """A thread has written a session, or could not; it waits for nobody, as the screen may be gone."""

        def __init__(self, text: str, *, is_fault: bool = False) -> None:
            super().__init__()
            self.text = text
            self.is_fault = is_fault

    class KeptUnasked(Message):
        """A thread has kept the training by itself, or could not."""

        def __init__(self, fault: str) -> None:
            super().__init__()
            self.fault = fault

    def __init__(self, opened: Opened, config: Config) -> None:
        """Begin a run of its own."""
        super().__init__(opened, config)
        self._run = AutosaveFile(opened.preset.name, opened.path)
        self._writing = Lock()
        """Two threads may keep the training, one of them at its end."""
        self._is_asked = False
        self._kept_at = monotonic()
        self._fault = ""
        """Why the training could not be kept the last time; empty where it could."""

    def on_mount(self) -> None:
        """Keep the training from now on, and tell of one that was broken off."""
        for each in autosaves():
            if each.has_crashed:
                told = f"{each.name} was broken off {ago(each.seconds)}: p and enter go on with it"
                self.app.notify(safe(told), timeout=15, markup=False)
                break
        forget_crashed()

    def on_unmount(self) -> None:
        """Keep what there is at the end, once the trainer has ended."""
        self._runner.close()
        try:
            self._keep(self._session(dump(self._opened.timeline)))
        except SessionError as error:
            self.app.exit(return_code=self.app.return_code or NOT_KEPT, message=f"nn-tui: {safe(str(error))}")
        self._run.end()

    @property
    def is_ready(self) -> bool:
        """Whether nothing is asked for that a key to quit would forget."""
        return super().is_ready and not self._is_asked

    def action_save(self) -> None:
        """Write the training to a file beside the person's own."""
        self._is_asked = True
        self._runner.save()

    def keep(self, delivery: Delivery) -> None:
        """Write what the trainer left to be saved, and ask for more when it is time.

        A timer of a minute would hold the training in memory for as long after its end.
        """
        if monotonic() - self._kept_at >= self._config.autosave:
            self._kept_at = monotonic()
            self._runner.save()
        if delivery.saved and self._is_asked:
            self._is_asked = False
            self._write(self._session(delivery.saved))
        elif delivery.saved:
            self._write_unasked(self._session(delivery.saved))

    @work(thread=True, group="keeping")
    def _write(self, session: Session) -> None:
        try:
            path = session_path(self._preset.name)
            write_session(path, session)
        except SessionError as error:
            self.post_message(self.Kept(str(error), is_fault=True))
            return
        self.post_message(self.Kept(f"saved as {path}; nn-tui open {path.name} goes on from here"))

    @on(Kept)
    def tell_kept(self, event: Kept) -> None:
        """Say what came of saving."""
        self.app.notify(
            safe(event.text), severity="error" if event.is_fault else "information", timeout=8, markup=False
        )

    @work(thread=True, group="keeping")
    def _write_unasked(self, session: Session) -> None:
        try:
            self._keep(session)
        except SessionError as error:
            self.post_message(self.KeptUnasked(str(error)))
        else:
            self.post_message(self.KeptUnasked(""))

    @on(KeptUnasked)
    def tell_fault(self, event: KeptUnasked) -> None:
        """Say why the training could not be kept, once as long as that stays so."""
        if event.fault and event.fault != self._fault:
            self.app.notify(safe(event.fault), severity="error", timeout=15, markup=False)
        self._fault = event.fault

    def _keep(self, session: Session) -> None:
        """Write the session of this run, from whichever thread; what has not begun is not worth a file."""
        with self._writing:
            if not self._run.is_ended and not session.timeline.is_untouched:
                write_session(self._run.path, session, is_private=True)

    def _session(self, timeline: TimelineDump) -> Session:
        losses = {
            branch.number: _losses(curve, branch)
            for branch in timeline.branches
            if (curve := self._record.curves.get(branch.number))
        }
        view = View(notation=self.notation, example=self.example, placed=self._placed)
        return Session(preset=self._opened.preset, timeline=timeline, losses=losses, view=view.words())


def _losses(curve: History, branch: BranchDump) -> Losses:
    """Those of what is saved of a branch: while it runs, the record may be ahead of that."""
    return Losses(
        curve.train.points.before(branch.told + 1),
        curve.test.points.before(branch.newest + 1),
        curve.sights.before(branch.newest + 1).seen,
    )
