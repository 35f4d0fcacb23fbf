"""Messages for the user about the facts of a training."""

from ...core.debugger.facts import Comparison, Fact, Failed, Note, Nudge, Rejected
from ..text.editable import nudge_text
from .desk import Desk


class Answers:
    """Shows rejected changes, the result of a nudge, and comparisons."""

    def __init__(self, dashboard: Desk) -> None:
        """Begin without a request."""
        self._dashboard = dashboard
        self.is_comparing = False
        """Whether the user waits for a comparison."""

    def compare(self) -> None:
        """Ask for a comparison of this branch and the other one."""
        self.is_comparing = True
        self._dashboard.verbs.compare()

    def take(self, fact: Fact) -> None:
        """Show the message of a fact."""
        dashboard, view = self._dashboard, self._dashboard.view
        if isinstance(fact, Comparison | Rejected | Failed):
            self.is_comparing = False
        match fact:
            case Comparison() if view.trainer:
                from ..dialogs.reading_dialogs import Compare

                dashboard.app.push_screen(Compare(fact, view.notation, view.decimals, view.curves))
            case Failed(reason=reason) if view.snapshot:  # otherwise the network and the header show it
                dashboard.say(reason, severity="error", timeout=10)
            case Rejected(reason=reason):
                dashboard.say(reason, severity="warning", timeout=10)
            case Nudge() if view.trainer:
                labels = view.trainer.network.names.labels(view.notation)
                dashboard.say(nudge_text(fact, labels), timeout=8)
            case Note(text=text):
                dashboard.say(text, timeout=6)
            case _:
                pass  # the recorder stores it
