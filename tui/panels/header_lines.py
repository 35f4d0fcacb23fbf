"""The lines around the panels: the header, the results, and the tabs if one panel has the screen."""

from collections.abc import Iterator, Sequence

from textual.content import Content
from textual.events import Click
from textual.geometry import Size
from textual.message import Message
from textual.reactive import reactive, var
from textual.widget import Widget

from ..text.spans import Lines, Page, Span
from .panel import PagePanel, PanelSpec


class StatusPanel(PagePanel, can_focus=False):
    """The title, the results and the step."""

    is_whole: var[bool] = var(True)
    """Whether the results are in this line."""

    def shows(self) -> tuple[object, ...]:
        """The status."""
        return self.view.status, self.view.notice, self.view.failure, self.is_whole

    def watch_is_whole(self) -> None:
        """Show or hide the results."""
        self.look()

    def make_page(self, size: Size) -> Page:
        """The line."""
        status = self.view.status
        if status is None and self.view.failure:
            return Lines([[Span(self.view.name, ("lit",)), Span("  ✗ failed  step 0", ("failed",))]])
        notice = self.view.notice if self.is_whole else ""
        return Lines([status.header(size.width, notice, is_whole=self.is_whole)] if status else [])


class ResultLine(PagePanel, can_focus=False):
    """The results, the last answer, and the printed number or the example that is shown."""

    def shows(self) -> tuple[object, ...]:
        """The status, the example, and the number under the cursor."""
        view = self.view
        return view.status, view.notice, view.running, view.example, view.cursor, view.notation

    def make_page(self, size: Size) -> Page:
        """The line."""
        view, status = self.view, self.view.status
        if status is None:
            return Lines([])
        remark = view.briefing.remark if view.briefing and not view.running else ""
        return Lines([status.result(size.width, view.notice, [remark] if remark else view.example_texts)])


class TabLine(Widget):
    """One line; a click on a name shows its panel."""

    class Chosen(Message):
        """The user wants to see a panel."""

        def __init__(self, name: str) -> None:
            super().__init__()
            self.name = name

    COMPONENT_CLASSES = {"tab-line--key", "tab-line--title", "tab-line--shown"}
    shown: reactive[str] = reactive("")
    """The name of the visible panel."""

    def __init__(self, specs: Sequence[PanelSpec], *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._specs = specs

    def render(self) -> Content:
        """The names of the panels, the visible one with its own background."""
        key, title, shown = (
            self.get_visual_style(f"tab-line--{each}", partial=True) for each in ("key", "title", "shown")
        )
        parts: list[Content] = []
        for spec, text in self._tabs():
            if spec.name == self.shown:
                parts.append(Content.styled(f" {text} ", shown))
            else:
                parts += [Content.styled(f" {text[0]}", key), Content.styled(f"{text[1:]} ", title)]
            parts.append(Content(" " * self._gap()))
        return Content.assemble(*parts)

    def on_click(self, event: Click) -> None:
        """Show the panel under the mouse."""
        begin = 0
        for spec, text in self._tabs():
            if begin <= event.x < begin + len(text) + 2:
                self.post_message(self.Chosen(spec.name))
            begin += len(text) + 2 + self._gap()

    def _tabs(self) -> Iterator[tuple[PanelSpec, str]]:
        whole = self._width(is_short=False) <= self.size.width
        return ((spec, f"{spec.key} {spec.title if whole else spec.short or spec.title}") for spec in self._specs)

    def _gap(self) -> int:
        """Blanks between two names, if there is room."""
        width = self._width(is_short=self._width(is_short=False) > self.size.width)
        return min(max(self.size.width - width, 0) // max(len(self._specs) - 1, 1), 2)

    def _width(self, *, is_short: bool) -> int:
        return sum(len(spec.short if is_short and spec.short else spec.title) + 4 for spec in self._specs)
