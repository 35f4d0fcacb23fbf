"""Themes: which is shown, and the colour of each role in it."""

import os
from collections.abc import Mapping, Sequence
from typing import Any

from textual.app import App
from textual.color import BLACK, WHITE, Color
from textual.filter import LineFilter, Monochrome, NoColor
from textual.theme import Theme

from ..presets.errors import PresetError
from .own_themes import (
    DARK,
    LIGHT,
    LIGHT_16,
    ON_DARK,
    ON_DARK_TERMINAL,
    ON_LIGHT,
    ON_LIGHT_TERMINAL,
    OWN,
)
from .text.style_names import LADDERS, STEPS

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
WITHOUT_COLOURS = NoColor()


def colours(theme: Theme) -> dict[str, str]:
    """The colour of each role on a theme's background, for a theme that leaves it out."""
    if theme.ansi:
        return ON_DARK_TERMINAL if theme.dark else ON_LIGHT_TERMINAL
    palette = ON_DARK if theme.dark else ON_LIGHT
    return palette if theme.name in OWN else {**palette, **_derived(theme, palette)}


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
    """Switch from the usual dark theme to the light one, and from any other theme to the usual dark one."""
    usual = _usual(app)
    light = LIGHT_16 if _has_16_colours(app) else LIGHT
    app.theme = light.name if app.theme == usual else usual


def _has_16_colours(app: App[Any]) -> bool:
    """Whether the terminal has no more than 16 colours, so that none can be mixed."""
    return app.console.color_system == "standard"


def has_shades(app: App[Any]) -> bool:
    """Whether colours can be mixed: neither a terminal's own can, nor 16, nor none."""
    return not (app.no_color or app.current_theme.ansi or _has_16_colours(app))


def readable_filters(app: App[Any], usual: Sequence[LineFilter]) -> list[LineFilter]:
    """Textual's filters, without its greys where the terminal's own colours would all be drawn black."""
    if not app.native_ansi_color:
        return [*usual]
    return [WITHOUT_COLOURS if isinstance(each, Monochrome) else each for each in usual]


def begin_in(app: App[None], theme: str | None) -> None:
    """Set a theme, by default the environment's; with 16 colours, the terminal's own colours.

    Raises:
        PresetError: no theme has this name.
    """
    app.theme = _default(app) if theme is None else _known(app, theme)


def _usual(app: App[Any]) -> str:
    return "ansi-dark" if _has_16_colours(app) else DARK.name


def _default(app: App[None]) -> str:
    usual = _usual(app)
    wanted = os.environ.get("TEXTUAL_THEME", usual)
    return wanted if wanted in app.available_themes else usual


def _known(app: App[None], theme: str) -> str:
    if theme not in app.available_themes:
        known = ", ".join(sorted(app.available_themes))
        raise PresetError("theme", f"no theme is named {theme[:40]!r}: known are {known}")
    return theme
