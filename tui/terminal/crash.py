"""The message of a crash: a defect that ends the program is told in one line; the log has the rest."""

from typing import Any

from textual.app import App
from textual.worker import WorkerFailed

from .log import defect


class CrashMessage(App[None]):
    """An app that ends with one line where Textual would print a page."""

    is_ending = False
    """Whether the end is under way: screens are no longer built, and handle nothing more."""

    def exit(self, *given: Any, **named: Any) -> None:
        """End; what is not yet built will not be."""
        self.is_ending = True
        super().exit(*given, **named)

    def _fatal_error(self) -> None:
        """End with one line, where Textual would print a page of traceback with its variables."""
        self.is_ending = True
        if error := self._exception:
            told = defect(error.error if isinstance(error, WorkerFailed) else error)
            self._exit_renderables.append(f"nn-tui: {told}")
        self._close_messages_no_wait()

    def _print_error_renderables(self) -> None:
        """Print the message, where Textual would add a hint for its own developers."""
        for line in dict.fromkeys(self._exit_renderables):
            self.error_console.print(line, soft_wrap=True)
        self._exit_renderables.clear()
