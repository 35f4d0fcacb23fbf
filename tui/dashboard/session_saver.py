"""The session saver: it saves a training every minute, at the end, and when the user asks for it."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from functools import partial
from threading import Lock
from time import monotonic
from typing import TYPE_CHECKING, Self

from msgspec import Struct

from ...core.debugger.facts import Fact
from ...core.notation.notation import Notation
from ...core.timeline.dump import TimelineDump, dump
from ...core.worker.verbs import Ability
from ...presets.errors import SessionError
from ...presets.opened import Opened
from ...presets.sessions.autosave import AutosaveFile, autosaves, forget_crashed, session_path
from ..text.numbers import ago
from ..text.safe import safe
from .desk import Desk
from .editor import Editor

if TYPE_CHECKING:
    from ...core.debugger.breakpoints import Placed
    from ...presets.sessions.session import Session

MOST = 50
"""The most breakpoints that are saved, because a session has room for few words."""
MOST_DIGITS = 9
"""The most digits of an example's number."""
ON, OFF = "on", "off"


class SessionView(Struct, frozen=True, kw_only=True):
    """The user's choices for one training."""

    notation: Notation | None = None
    example: int = 0
    placed: "tuple[Placed, ...]" = ()
    """The breakpoints."""

    @classmethod
    def of(cls, words: Mapping[str, str]) -> Self:
        """The view in some words of a session; defaults replace invalid ones."""
        example = words.get("example", "")
        return cls(
            notation=next((each for each in Notation if each.value == words.get("notation")), None),
            example=int(example) if example.isdecimal() and len(example) <= MOST_DIGITS else 0,
            placed=tuple(_placed(words)),
        )

    def words(self) -> dict[str, str]:
        """The words that a session keeps."""
        notation = {"notation": self.notation.value} if self.notation else {}
        placed = {
            _name(number): f"{ON if each.enabled else OFF} {each.breakpoint.text}"
            for number, each in enumerate(self.placed[:MOST])
        }
        return {**notation, "example": str(self.example), **placed}


def _placed(words: Mapping[str, str]) -> "Iterator[Placed]":
    if not (texts := [*filter(None, map(words.get, map(_name, range(MOST))))]):
        return
    from ...core.debugger.breakpoints import Placed, breakpoint_of

    for switch, _, text in (each.partition(" ") for each in texts):
        with suppress(ValueError):
            yield Placed(breakpoint_of(text), enabled=switch == ON)


def _name(number: int) -> str:
    return f"breakpoint {number + 1}"


RESUME = "Saved. Resume with: nn-tui open"
NOT_KEPT = 2
"""The exit status if the system refuses the session file."""


class SessionSaver:
    """The session files of one training."""

    def __init__(self, dashboard: Desk, editor: Editor, opened: Opened, every: float) -> None:
        """Begin a new file, written again after this many seconds."""
        self._dashboard = dashboard
        self._editor = editor
        self.opened = opened
        self._every = every
        self._file = AutosaveFile(opened.preset.name, opened.path)
        self._writing = Lock()
        """Two threads may save the training, one of them at its end."""
        self.is_asked = False
        """Whether the user waits for a file."""
        self._is_quit = False
        """Whether the user has quit by the key for it."""
        self._kept_at = monotonic()
        self._is_saving = False
        """Whether the trainer has been asked for its timeline, and that is not yet written."""
        self._fault = ""
        """The reason why the last save failed; empty if it did not."""

    def begin(self) -> None:
        """Offer to resume a session that crashed."""
        for each in autosaves():
            if each.has_crashed:
                self._dashboard.say(
                    f"{each.name} crashed {ago(each.seconds)}: press p and enter to resume it", timeout=15
                )
                break

    def quit(self) -> None:
        """End the app, whose result says how to resume the training if that was saved."""
        self._is_quit = True
        self._dashboard.app.exit()

    def end(self) -> None:
        """Save the session after the trainer has ended; by then a crash has been reported."""
        forget_crashed()
        app, dashboard = self._dashboard.app, self._dashboard
        dashboard.recorder.fold(dashboard.inbox.take(), monotonic())
        try:
            is_kept = self._keep(self._session(dump(self.opened.timeline)))
            if is_kept and self._is_quit:
                app.exit(RESUME)
        except SessionError as error:
            app.exit(return_code=app.return_code or NOT_KEPT, message=f"nn-tui: {safe(str(error))}")
        self._file.end()

    def ask(self) -> None:
        """Save the training to a file of the user's."""
        self.is_asked = True
        self._dashboard.verbs.save()

    def ask_in_time(self) -> None:
        """Ask the trainer for its timeline when it is time to save.

        A timer of a minute would keep the training in memory for up to a minute after its end.
        """
        is_time = not self._is_saving and monotonic() - self._kept_at >= self._every
        if is_time and Ability.SAVE not in self._dashboard.verbs.lacks:
            self._is_saving = True
            self._dashboard.verbs.save()

    def take(self, fact: Fact) -> None:
        """Write the session."""
        if isinstance(fact, TimelineDump):
            write = self._write if self.is_asked else self._write_unasked
            self.is_asked = False
            session = self._session(fact)
            self._dashboard.screen.run_worker(partial(self._save, write, session), thread=True, group="sessions")

    # The following runs in a thread of its own, which does not wait, because the screen may be closed.

    def _save(self, write: Callable[["Session"], None], session: "Session") -> None:
        try:
            write(session)
        finally:
            self._dashboard.later(self._end_saving)

    def _write(self, session: "Session") -> None:
        from ...presets.sessions.session import write_session

        try:
            path = session_path(self.opened.preset.name)
            write_session(path, session)
        except SessionError as error:
            self._dashboard.later(partial(self._dashboard.say, str(error), severity="error", timeout=8))
            return
        told = f"saved as {path}; nn-tui open {path.name} resumes it"
        self._dashboard.later(partial(self._dashboard.say, told, timeout=8))

    def _write_unasked(self, session: "Session") -> None:
        try:
            self._keep(session)
        except SessionError as error:
            self._dashboard.later(partial(self._tell_fault, str(error)))
        else:
            self._dashboard.later(partial(self._tell_fault, ""))

    def _keep(self, session: "Session") -> bool:
        """Write the session in any thread, unless nothing has been trained yet; whether it was written."""
        with self._writing:
            is_ours = Ability.SAVE not in self._dashboard.verbs.lacks
            is_kept = is_ours and not self._file.is_ended and not session.timeline.is_untouched
            if is_kept:
                from ...presets.sessions.session import write_session

                write_session(self._file.path, session, is_private=True)
            return is_kept

    # The following runs in the screen's thread.

    def _end_saving(self) -> None:
        self._is_saving, self._kept_at = False, monotonic()

    def _tell_fault(self, fault: str) -> None:
        """Show why the training could not be saved, once for the same reason."""
        if fault and fault != self._fault:
            self._dashboard.say(fault, severity="error", timeout=15)
        self._fault = fault

    def _session(self, timeline: TimelineDump) -> "Session":
        from ...presets.sessions.session import Session

        recorder, view = self._dashboard.recorder, self._dashboard.view
        histories = {  # while training runs, they may be newer than the timeline
            branch.number: history.before(branch.newest + 1)
            for branch in timeline.branches
            if (history := recorder.histories.get(branch.number))
        }
        chosen = SessionView(notation=view.notation, example=view.example, placed=self._editor.placed)
        return Session(preset=self.opened.preset, timeline=timeline, histories=histories, view=chosen.words())
