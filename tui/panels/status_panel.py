"""The status panel: the header over all others, and the line of results under the tabs of a small screen."""

from textual.geometry import Size
from textual.reactive import var

from ..text.spans import Lines, Page
from .panel import PagePanel


class StatusPanel(PagePanel, can_focus=False):
    """What is trained, how it does, and where the training stands."""

    is_whole: var[bool] = var(True)
    """Whether the results have no line of their own."""

    def shows(self) -> tuple[object, ...]:
        """The status."""
        return self.view.status, self.view.notice, self.is_whole

    def watch_is_whole(self) -> None:
        """Say more, or less."""
        self.look()

    def make_page(self, size: Size) -> Page:
        """The line."""
        status = self.view.status
        notice = self.view.notice if self.is_whole else ""
        return Lines([status.header(size.width, notice, is_whole=self.is_whole)] if status else [])


class ResultLine(PagePanel, can_focus=False):
    """How the training does; what was answered; and what the panel below says beside its name."""

    remark: var[str] = var("")
    """Set from above: what the panel that is seen says."""

    def shows(self) -> tuple[object, ...]:
        """The status."""
        return self.view.status, self.view.notice, self.remark

    def watch_remark(self) -> None:
        """Say it."""
        self.look()

    def make_page(self, size: Size) -> Page:
        """The line."""
        status = self.view.status
        return Lines([status.result(size.width, self.view.notice, self.remark)] if status else [])
