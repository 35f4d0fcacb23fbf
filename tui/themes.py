"""Themes: the project's own, dark and light, and the colours that every other theme is given.

Blue and orange are told apart with any colour blindness; a test simulates them.
"""

from textual.theme import Theme

ON_DARK = {"plus": "#5aa9ff", "minus": "#ff9f43", "wire": "#7d8894", "frame": "#4a5561"}
ON_LIGHT = {"plus": "#0050b3", "minus": "#943b00", "wire": "#7a848e", "frame": "#a9b2bb"}
ON_DARK_TERMINAL = {"plus": "ansi_bright_blue", "minus": "ansi_yellow", "wire": "ansi_default", "frame": "ansi_default"}
ON_LIGHT_TERMINAL = {"plus": "ansi_blue", "minus": "ansi_red", "wire": "ansi_default", "frame": "ansi_default"}
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
    """The colours of plus, of minus, of wires and of frames on a theme's background."""
    if theme.ansi:
        return ON_DARK_TERMINAL if theme.dark else ON_LIGHT_TERMINAL
    return ON_DARK if theme.dark else ON_LIGHT
