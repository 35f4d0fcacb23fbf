"""The key line: the keys that matter now, at the foot of a screen.

Textual's own footer is a widget for each key. It takes them away and mounts others at every change of focus, and while
it waits for that the whole screen is not drawn.
"""

from typing import NamedTuple

from textual.content import Content
from textual.events import Click
from textual.screen import Screen
from textual.widget import Widget


class Shown(NamedTuple):
    """A key that is shown."""

    key: str
    display: str
    description: str

    @property
    def width(self) -> int:
        """Columns that it takes, with the room around it."""
        return len(self.display) + len(self.description) + 3


class KeyLine(Widget):
    """One line; a click on a key presses it."""

    COMPONENT_CLASSES = {"key-line--key", "key-line--description"}

    def on_mount(self) -> None:
        """Follow the focus."""
        self.screen.bindings_updated_signal.subscribe(self, self._follow)

    def render(self) -> Content:
        """The keys, as far as there is room."""
        key, description = (self.get_visual_style(name) for name in ("key-line--key", "key-line--description"))
        parts: list[Content] = []
        for shown in self._fitting():
            parts += [Content.styled(f" {shown.display}", key), Content.styled(f" {shown.description} ", description)]
        return Content.assemble(*parts)

    def on_click(self, event: Click) -> None:
        """Press the key under the mouse."""
        begin = 0
        for shown in self._fitting():
            if begin <= event.x < begin + shown.width:
                self.app.simulate_key(shown.key)
            begin += shown.width

    def _follow(self, screen: Screen[object]) -> None:
        self.refresh()

    def _fitting(self) -> list[Shown]:
        """As many as there is room for; the last, which is the help or a way out, before all others."""
        shown = self._shown()
        while len(shown) > 1 and sum(each.width for each in shown) > self.size.width:
            del shown[-2]
        return shown

    def _shown(self) -> list[Shown]:
        """Those that the style of a footer shows, one for each action."""
        bindings = {
            active.binding.action: active.binding
            for active in reversed(self.screen.active_bindings.values())
            if active.binding.show and active.enabled
        }
        return [
            Shown(binding.key, self.app.get_key_display(binding), binding.description)
            for binding in reversed(bindings.values())
        ]
