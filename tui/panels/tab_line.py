"""The tab line: where one panel has the screen, the names of all of them with their keys."""

from collections.abc import Iterator, Sequence

from textual.content import Content
from textual.events import Click
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget

from .panel import PanelSpec


class TabLine(Widget):
    """One line; a click on a name shows its panel."""

    class Chosen(Message):
        """Somebody wants to see a panel."""

        def __init__(self, name: str) -> None:
            super().__init__()
            self.name = name

    COMPONENT_CLASSES = {"tab-line--key", "tab-line--title", "tab-line--shown"}
    shown: reactive[str] = reactive("")
    """The name of the panel that is seen."""

    def __init__(self, specs: Sequence[PanelSpec], *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._specs = specs

    def render(self) -> Content:
        """The names, the one that is seen on a ground of its own."""
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
        """Show the panel whose name is under the mouse."""
        begin = 0
        for spec, text in self._tabs():
            if begin <= event.x < begin + len(text) + 2:
                self.post_message(self.Chosen(spec.name))
            begin += len(text) + 2 + self._gap()

    def _tabs(self) -> Iterator[tuple[PanelSpec, str]]:
        whole = self._width(is_short=False) <= self.size.width
        return ((spec, f"{spec.key} {spec.title if whole else spec.short or spec.title}") for spec in self._specs)

    def _gap(self) -> int:
        """Blanks between two names, where there is room for any."""
        width = self._width(is_short=self._width(is_short=False) > self.size.width)
        return min(max(self.size.width - width, 0) // max(len(self._specs) - 1, 1), 2)

    def _width(self, *, is_short: bool) -> int:
        return sum(len(spec.short if is_short and spec.short else spec.title) + 4 for spec in self._specs)
