"""Themes: the project's own, dark and light, and the colours that every other theme is given.

Blue and orange are told apart with any colour blindness, and so are the first two hues beside them, of classes and
curves; a test simulates it. Of more than four, glyphs tell which is which.
"""

import os

from textual.app import App
from textual.theme import Theme

from ..presets.errors import PresetError

ON_DARK = {
    "plus": "#5aa9ff",
    "minus": "#ff9f43",
    "wire": "#7d8894",
    "frame": "#4a5561",
    "hue2": "#4fe39a",
    "hue3": "#f564b4",
    "hue4": "#f2ee5a",
    "hue5": "#ffc9c4",
    "hue6": "#b8e4ff",
}
ON_LIGHT = {
    "plus": "#0050b3",
    "minus": "#943b00",
    "wire": "#7a848e",
    "frame": "#a9b2bb",
    "hue2": "#12924a",
    "hue3": "#930aff",
    "hue4": "#3d3a10",
    "hue5": "#b56a85",
    "hue6": "#10404d",
}
ON_DARK_TERMINAL = {
    "plus": "ansi_bright_blue",
    "minus": "ansi_yellow",
    "wire": "ansi_default",
    "frame": "ansi_default",
    "hue2": "ansi_green",
    "hue3": "ansi_magenta",
    "hue4": "ansi_bright_yellow",
    "hue5": "ansi_red",
    "hue6": "ansi_cyan",
}
ON_LIGHT_TERMINAL = {
    "plus": "ansi_blue",
    "minus": "ansi_red",
    "wire": "ansi_default",
    "frame": "ansi_default",
    "hue2": "ansi_green",
    "hue3": "ansi_magenta",
    "hue4": "ansi_yellow",
    "hue5": "ansi_bright_red",
    "hue6": "ansi_cyan",
}
"""Where a theme leaves all colours to the terminal."""

DARK = Theme(
    name="nn-tui-dark",
    primary="#5aa9ff",
    secondary="#8fa1b3",
    accent="#74d3ae",
    warning="#f2d27a",
    error="#ff7a90",
    success="#74d3ae",
    foreground="#dce3ea",
    background="#0f1317",
    surface="#171c22",
    panel="#1f262e",
    dark=True,
    variables={"footer-key-foreground": "#74d3ae"},
)
LIGHT = Theme(
    name="nn-tui-light",
    primary="#0050b3",
    secondary="#54606c",
    accent="#00664a",
    warning="#7a5c00",
    error="#b00030",
    success="#00664a",
    foreground="#1b2229",
    background="#fafbfc",
    surface="#f0f2f4",
    panel="#e4e8ec",
    dark=False,
    variables={"footer-key-foreground": "#00664a"},
)
OWN = (DARK, LIGHT)


def colours(theme: Theme) -> dict[str, str]:
    """The colours of plus, of minus, of wires, of frames and of further classes and curves on a theme's background."""
    if theme.ansi:
        return ON_DARK_TERMINAL if theme.dark else ON_LIGHT_TERMINAL
    return ON_DARK if theme.dark else ON_LIGHT


def begin_in(app: App[None], theme: str | None) -> None:
    """Begin an app in a theme, or where it is None in the environment's; with 16 colours in the terminal's own.

    Raises:
        PresetError: no theme has this name.
    """
    for own in OWN:
        app.register_theme(own)
    # Textual has looked for the environment's before ours were registered, and would see no change to it now. Our
    # dark one differs from the one that Textual begins with in the colours alone: no style needs to be read twice.
    app.set_reactive(App.theme, DARK.name)
    app.stylesheet.set_variables(app.get_css_variables())
    app.theme = _default(app) if theme is None else _known(app, theme)


def _default(app: App[None]) -> str:
    usual = "ansi-dark" if app.console.color_system == "standard" else DARK.name
    wanted = os.environ.get("TEXTUAL_THEME", usual)
    return wanted if wanted in app.available_themes else usual


def _known(app: App[None], theme: str) -> str:
    if theme not in app.available_themes:
        known = ", ".join(sorted(app.available_themes))
        raise PresetError("theme", f"no theme is named {theme[:40]!r}: known are {known}")
    return theme
