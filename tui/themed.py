"""Themed: an app that begins in the theme that somebody asks for, or in our own."""

import os

from textual.app import App

from ..presets.errors import PresetError
from .themes import DARK, OWN, colours


class Themed(App[None]):
    """An app with our themes beside Textual's."""

    def __init__(self, theme: str | None) -> None:
        """Begin in this theme, or where it is None in the environment's; with 16 colours in the terminal's own.

        Raises:
            PresetError: no theme has this name.
        """
        super().__init__()
        for own in OWN:
            self.register_theme(own)
        # Textual has looked for the environment's before ours were registered, and would see no change to it now. Our
        # dark one differs from the one that Textual begins with in the colours alone: no style needs to be read twice.
        self.set_reactive(App.theme, DARK.name)
        self.stylesheet.set_variables(self.get_css_variables())
        self.theme = self._default() if theme is None else self._known(theme)

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """Colours that a theme need not have itself."""
        return colours(self.current_theme)

    def _default(self) -> str:
        usual = "ansi-dark" if self.console.color_system == "standard" else DARK.name
        wanted = os.environ.get("TEXTUAL_THEME", usual)
        return wanted if wanted in self.available_themes else usual

    def _known(self, theme: str) -> str:
        if theme not in self.available_themes:
            known = ", ".join(sorted(self.available_themes))
            raise PresetError("theme", f"no theme is named {theme[:40]!r}: known are {known}")
        return theme
