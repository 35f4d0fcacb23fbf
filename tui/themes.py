"""Themes: the project's own, dark and light, and the colours for every other theme.

Blue and orange differ for any colour blindness, and so do the next two hues, of classes and curves; a test simulates
it. More than four differ by glyphs.
"""

import os
from collections.abc import Mapping
from typing import Any

from textual.app import App
from textual.color import BLACK, WHITE, Color
from textual.theme import Theme

from ..presets.errors import PresetError
from .text.style_names import LADDERS, STEPS

ON_DARK = {
    "plus": "#5aa9ff",
    "minus": "#ff9f43",
    "hue2": "#4fe39a",
    "hue3": "#fc60a8",
    "hue4": "#f2ee5a",
    "hue5": "#ffc9c4",
    "hue6": "#b8e4ff",
}
ON_LIGHT = {
    "plus": "#0050b3",
    "minus": "#943b00",
    "hue2": "#12924a",
    "hue3": "#930aff",
    "hue4": "#3d3a10",
    "hue5": "#b56a85",
    "hue6": "#10404d",
}
_TERMINAL = {
    "bar": "ansi_default",
    "raised": "ansi_default",
    "fill": "ansi_bright_black",
    "second": "ansi_default",
    "faint": "ansi_bright_black",
    "ghost": "ansi_bright_black",
    "on-accent": "ansi_black",
    "selected": "ansi_default",
    "track": "ansi_default",
    "point-0": "ansi_default",
    "point-1": "ansi_default",
}
ON_DARK_TERMINAL = {
    **_TERMINAL,
    "plus-3": "ansi_bright_blue",
    "plus-2": "ansi_bright_blue",
    "plus-1": "ansi_blue",
    "minus-3": "ansi_bright_yellow",
    "minus-2": "ansi_yellow",
    "minus-1": "ansi_yellow",
    "plus": "ansi_bright_blue",
    "minus": "ansi_yellow",
    "frame": "ansi_default",
    "hue2": "ansi_green",
    "hue3": "ansi_magenta",
    "hue4": "ansi_bright_yellow",
    "hue5": "ansi_red",
    "hue6": "ansi_cyan",
}
ON_LIGHT_TERMINAL = {
    **_TERMINAL,
    "plus-3": "ansi_blue",
    "plus-2": "ansi_blue",
    "plus-1": "ansi_bright_blue",
    "minus-3": "ansi_red",
    "minus-2": "ansi_red",
    "minus-1": "ansi_yellow",
    "plus": "ansi_blue",
    "minus": "ansi_red",
    "frame": "ansi_default",
    "hue2": "ansi_green",
    "hue3": "ansi_magenta",
    "hue4": "ansi_yellow",
    "hue5": "ansi_bright_red",
    "hue6": "ansi_cyan",
}
"""The colours for themes that use the terminal's own."""

DARK = Theme(
    name="nn-tui-dark",
    primary="#62a8ee",
    secondary="#98a3ae",
    accent="#7fd7b0",
    warning="#f2d27a",
    error="#ff7a90",
    success="#7fd7b0",
    foreground="#dfe4ea",
    background="#0f1317",
    surface="#181e25",
    panel="#1b222a",
    dark=True,
    variables={
        "footer-key-foreground": "#7fd7b0",
        "plus": "#62a8ee",
        "minus": "#eda24e",
        "frame": "#39434d",
        "bar": "#181e25",
        "raised": "#1b222a",
        "fill": "#2f4150",
        "second": "#98a3ae",
        "faint": "#76828e",
        "ghost": "#2c343c",
        "on-accent": "#0f1317",
        "selected": "#22302d",
        "track": "#232b33",
        "plus-3": "#62a8ee",
        "plus-2": "#4a86c8",
        "plus-1": "#2b4a6c",
        "minus-3": "#eda24e",
        "minus-2": "#c98742",
        "minus-1": "#6a4a2a",
        "heat": "#14181d",
        "heat-plus": "#3f86d6",
        "heat-minus": "#e08a35",
        "point-1": "#d4e8ff",
        "point-0": "#ffe2bd",
    },
)
LIGHT = Theme(
    name="nn-tui-light",
    primary="#0a58a8",
    secondary="#56606b",
    accent="#0b7350",
    warning="#7a5c00",
    error="#b00030",
    success="#0b7350",
    foreground="#1d2329",
    background="#fbfbf8",
    surface="#efeee9",
    panel="#ebeae5",
    dark=False,
    variables={
        "footer-key-foreground": "#0b7350",
        "plus": "#0a58a8",
        "minus": "#9c4d00",
        "frame": "#c3c8cc",
        "bar": "#ebeae5",
        "raised": "#efeee9",
        "fill": "#bfd0db",
        "second": "#56606b",
        "faint": "#6a747e",
        "ghost": "#dcdedf",
        "on-accent": "#ffffff",
        "selected": "#e2efe8",
        "track": "#e4e3de",
        "plus-3": "#0a58a8",
        "plus-2": "#2f74bb",
        "plus-1": "#9fc1e3",
        "minus-3": "#9c4d00",
        "minus-2": "#a65c12",
        "minus-1": "#e3bd92",
        "heat": "#f4f3ef",
        "heat-plus": "#5b9bdc",
        "heat-minus": "#e9a35c",
        "point-1": "#08315c",
        "point-0": "#5c2c00",
    },
)
OWN = (DARK, LIGHT)
OWN_NAMES = frozenset(theme.name for theme in OWN)

GROUND = ("background", "foreground", "accent")
GREYS = {
    "bar": 1.1,
    "raised": 1.15,
    "track": 1.25,
    "ghost": 1.5,
    "frame": 1.9,
    "faint": 4.8,
    "second": 7.3,
}
"""The contrast of each grey to the background."""
LEVELS = (2.0, 4.9, 7.4)
"""The contrast of weak, middle and strong numbers of a sign; weak numbers are lines, never text."""
HEAT = 0.8
"""The share of a sign's colour in the strongest level of a ladder."""
TINT, UNLIT = 0.62, 0.7


def colours(theme: Theme) -> dict[str, str]:
    """The colour of each role on a theme's background, for a theme that leaves it out."""
    if theme.ansi:
        return ON_DARK_TERMINAL if theme.dark else ON_LIGHT_TERMINAL
    palette = ON_DARK if theme.dark else ON_LIGHT
    return palette if theme.name in OWN_NAMES else {**palette, **_derived(theme, palette)}


def _derived(theme: Theme, palette: dict[str, str]) -> dict[str, str]:
    """The roles, each with its contrast to the background in our own themes."""
    ground = {name: Color.parse(value) for name, value in theme.to_color_system().generate().items() if name in GROUND}
    background, text, accent = (ground[name] for name in GROUND)
    signs = {sign: Color.parse(palette[sign]) for sign in ("plus", "minus")}
    greys = {name: toward(background, text, ratio).hex for name, ratio in GREYS.items()}
    levels = {
        f"{sign}-{level}": toward(background, colour, ratio).hex
        for sign, colour in signs.items()
        for level, ratio in enumerate(LEVELS, 1)
    }
    heat = {f"heat-{sign}": background.blend(colour, HEAT).hex for sign, colour in signs.items()}
    points = {f"point-{n}": text.blend(signs[sign], 0.2).hex for n, sign in enumerate(("minus", "plus"))}
    return {
        **greys,
        **levels,
        **heat,
        **points,
        "heat": background.blend(text, 0.03).hex,
        "fill": background.blend(signs["plus"], 0.3).hex,
        "on-accent": max((background, text, BLACK, WHITE), key=lambda colour: contrast(accent, colour)).hex,
        "selected": background.blend(accent, 0.14).hex,
    }


def contrast(one: Color, other: Color) -> float:
    """The contrast ratio of two colours, from 1 to 21, as WCAG 2.1 defines it."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: Color) -> float:
    linear = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in colour.normalized)
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def toward(background: Color, colour: Color, ratio: float) -> Color:
    """A background mixed with a colour until it has this contrast; the colour itself if that has less."""
    low, high = 0.0, 1.0
    for _ in range(12):
        middle = (low + high) / 2
        is_enough = contrast(background.blend(colour, middle), background) >= ratio
        low, high = (low, middle) if is_enough else (middle, high)
    return background.blend(colour, high)


def ladder_colour(roles: Mapping[str, str], name: str) -> Color | None:
    """The colour of a level of a ladder, from heat0 (orange) to heat16 (blue); None for any other name.

    Args:
        roles: the colours of a theme by their names.
        name: tint3 is heat3, fainter for points to be seen on it; ash3 is heat3, fainter for what is not lit.
    """
    ladder = name.rstrip("0123456789")
    if ladder not in LADDERS:
        return None
    if ladder == "grey":
        track, text = Color.parse(roles["track"]), Color.parse(roles["foreground"])
        return track.blend(text, 0.95 * int(name[len(ladder) :]) / (STEPS - 1))
    share = int(name[len(ladder) :]) / (STEPS - 1) * 2 - 1
    full = Color.parse(roles["heat-plus" if share > 0 else "heat-minus"])
    neither = Color.parse(roles["heat"])
    strength: float = 0.95 * abs(share) ** 0.75 * (TINT if ladder == "tint" else 1.0)
    mixed = neither.blend(full, strength)
    return mixed.blend(Color.parse(roles["background"]), UNLIT) if ladder == "ash" else mixed


def take_other(app: App[Any]) -> None:
    """Switch from the project's dark theme to its light one, and from any other theme to its dark one."""
    app.theme = LIGHT.name if app.theme == DARK.name else DARK.name


def begin_in(app: App[None], theme: str | None) -> None:
    """Set a theme, by default the environment's; with 16 colours, the terminal's own colours.

    Raises:
        PresetError: no theme has this name.
    """
    for own in OWN:
        app.register_theme(own)
    # Textual has looked for the environment's theme before ours were registered, and would not notice it now. Our dark
    # theme differs from Textual's first one only in its colours, so no style is read twice.
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
