"""The key line: the important keys of the moment, at the bottom of a screen.

Textual's own footer has a widget for each key. It replaces them at every change of focus, and blocks the drawing of
the whole screen meanwhile.
"""

from itertools import accumulate
from operator import itemgetter
from typing import TYPE_CHECKING, Any, NamedTuple

from textual.binding import ActiveBinding
from textual.content import Content
from textual.events import Click
from textual.reactive import var
from textual.screen import Screen
from textual.widget import Widget

from ..action import Action, bound_actions

if TYPE_CHECKING:
    from ..view import View

LAST = 1000
"""The rank of the key at the right end: the help, or the key that closes the screen."""


class KeyWord(NamedTuple):
    """A key, with its action in a word."""

    rank: int
    key: str
    display: str
    word: str
    is_grey: bool = False
    """Whether the training lacks the action."""

    @property
    def width(self) -> int:
        """Columns of the key and the word."""
        return len(self.display) + len(self.word) + 1


NO_KEY = KeyWord(0, "", "", "")
"""The text before the first key."""


class KeyLine(Widget):
    """A line of keys; a click on a key presses it."""

    COMPONENT_CLASSES = {"key-line--key", "key-line--description", "key-line--lacking", "key-line--pressed"}
    view: "var[View | None]" = var(None)
    """The view, if there is a training; the shown keys depend on it."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._keys: list[tuple[KeyWord, Action[Any] | None]] = []
        """The keys that may be shown here."""
        self._made_from: tuple[object, ...] = ()
        """The bindings of these keys, and whether there is a view."""
        self._shown: list[KeyWord] = []
        self._last: KeyWord | None = None
        """The key that was pressed last, if an audience should see it."""

    def on_mount(self) -> None:
        """Follow the focus, and the pressed keys."""
        self.watch(self.app, "last_key", self._show_last)
        self.screen.bindings_updated_signal.subscribe(self, self._follow)
        self._follow(self.screen)

    def watch_view(self) -> None:
        """Show the keys for a new view."""
        if self._keys and (now := self._words()) != self._shown:
            self._shown = now
            self.refresh()

    def render(self) -> Content:
        """The keys over the whole width, as many as fit."""
        names = ("key-line--key", "key-line--description", "key-line--lacking")
        key, description, grey = (self.get_visual_style(name) for name in names)
        parts: list[Content] = []
        x = 0
        for begin, width, shown in self._placed():
            parts += [Content(" " * (begin - x)), Content.styled(shown.display, grey if shown.is_grey else key)]
            parts.append(Content.styled(f" {shown.word}", grey if shown.is_grey else description))
            x = begin + width
        if self._last and self._last.key:
            text = f" {self._last.display}  {self._last.word} "
            pressed = self.get_visual_style("key-line--pressed")
            parts += [Content(" " * max(self.size.width - len(text) - x, 1)), Content.styled(text, pressed)]
        return Content.assemble(*parts)

    def on_click(self, event: Click) -> None:
        """Press the key under the mouse."""
        for begin, width, shown in self._placed():
            if begin <= event.x < begin + width:
                self.app.simulate_key(shown.key)

    def _show_last(self, last: KeyWord | None) -> None:
        self._last = last
        self.refresh()

    def _follow(self, screen: Screen[object]) -> None:
        bindings: dict[str, ActiveBinding] = {}
        for active in reversed(self.screen.active_bindings.values()):
            if active.binding.show and active.enabled:
                bindings[active.binding.action] = active
        now = self.view is None, [(each.binding, type(each.node)) for each in bindings.values()]
        if now != self._made_from:
            self._made_from, self._keys = now, [self._usual_word(each) for each in reversed(bindings.values())]
            self._shown = self._words()
            self.refresh()

    def _placed(self) -> list[tuple[int, int, KeyWord]]:
        """As many keys as fit, each with its first column and its columns; the last one is at the right end."""
        width, shown = self.size.width, list(self._shown)
        if self._last:
            width -= self._last.width + 4
        widths = [each.width for each in shown]
        while len(shown) > 1 and sum(widths) + 2 * len(widths) > width:
            del shown[-2], widths[-2]
        if not shown:
            return []
        free = width - 2 - sum(widths)
        gap = min(max(free // max(len(shown) - 1, 1), 1), 3)
        places = list(accumulate([each + gap for each in widths[:-1]], initial=1))
        if len(shown) > 1:
            places[-1] = max(width - 1 - widths[-1], places[-1])
        return list(zip(places, widths, shown, strict=True))

    def _words(self) -> list[KeyWord]:
        """The keys for the current view, by rank."""
        view, words = self.view, []
        for usual, action in self._keys:
            word = usual
            if action and view:
                says = action.word if isinstance(action.word, str) else action.word(view)
                word = usual._replace(word=says, is_grey=action.needs is not None and action.needs in view.lacks)
            if word.word:
                words.append(word)
        return sorted(words, key=itemgetter(0))

    def _usual_word(self, active: ActiveBinding) -> tuple[KeyWord, Action[Any] | None]:
        """The word of a key without a training, and its action, which knows its word if there is one."""
        binding, action = active.binding, bound_actions(type(active.node)).get(active.binding.action)
        display = self.app.get_key_display(binding)
        if action is None or self.view is None:
            return KeyWord(0, binding.key, display, binding.description), action
        is_usual = binding.key in action.keys.split(",")
        return KeyWord(action.rank, binding.key, action.shown_keys[0] if is_usual else display, ""), action


def show_or_hide_keys(app: Any) -> None:
    """Show the last key and its action from now on, or hide it."""
    app.last_key = None if app.last_key else pressed_key(app.screen, "K") or NO_KEY


def pressed_key(screen: Screen[object], key: str) -> KeyWord | None:
    """A key with its action on a screen; None for a key without one."""
    active = screen.active_bindings.get(key)
    if active is None or not active.enabled or not active.binding.description:
        return None
    action = bound_actions(type(active.node)).get(active.binding.action)
    is_usual = action is not None and len(action.shown_keys) == len(action.keys.split(",")) == 1
    display = action.shown_keys[0] if action and is_usual else screen.app.get_key_display(active.binding)
    return KeyWord(0, key, display, active.binding.description)
