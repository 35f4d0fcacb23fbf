"""The colours of signs: told apart with any colour blindness, readable on the background of every theme."""

from itertools import combinations, product

import numpy as np
import pytest
from textual.color import Color
from textual.filter import DEFAULT_COLOR
from textual.theme import BUILTIN_THEMES, Theme

from nn_tui.core.functions.arrays import Array
from nn_tui.tui.own_themes import DARK, LIGHT, LIGHT_16, OWN
from nn_tui.tui.themes import colours, ladder_colour

from ..helpers.app import opened, settle, text

# Machado, Oliveira and Fernandes, A Physiologically-based Model for Simulation of Color Vision Deficiency, 2009:
# the matrices of a whole deficiency, for linear RGB.
SIGHT = {
    "all cones": np.eye(3),
    "protanopia": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
    ),
    "deuteranopia": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
    ),
    "tritanopia": np.array(
        [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]]
    ),
}
XYZ = np.array(
    [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]]
)
WHITE = XYZ @ np.ones(3)
FAR_APART = 40.0
"""A difference of 2.3 can just be seen."""
READABLE = 4.5
"""The contrast that WCAG 2.1 asks of text; 3 of what is not text."""
THEMES = [theme for theme in (*OWN.values(), *BUILTIN_THEMES.values()) if not theme.ansi]


def linear(colour: str) -> Array:
    rgb = np.array(Color.parse(colour).normalized)
    return np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)


def seen(colour: str, sight: str) -> Array:
    return np.clip(SIGHT[sight] @ linear(colour), 0, 1)


def lab(rgb: Array) -> Array:
    t = XYZ @ rgb / WHITE
    f = np.where(t > (6 / 29) ** 3, np.cbrt(t), t / (3 * (6 / 29) ** 2) + 4 / 29)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def contrast(one: Array, other: Array) -> float:
    darker, lighter = sorted((float(XYZ[1] @ one), float(XYZ[1] @ other)))
    return (lighter + 0.05) / (darker + 0.05)


def palette_of(theme: Theme) -> dict[str, str]:
    return {**colours(theme), **theme.variables}


def background(theme: Theme) -> str:
    return theme.to_color_system().generate()["background"]


@pytest.mark.parametrize("sight", SIGHT)
@pytest.mark.parametrize("theme", THEMES, ids=lambda theme: theme.name)
def test_plus_and_minus_differ_by_all_eyes(theme: Theme, sight: str) -> None:
    palette = palette_of(theme)
    plus, minus = (lab(seen(palette[name], sight)) for name in ("plus", "minus"))

    assert np.linalg.norm(plus - minus) > FAR_APART


@pytest.mark.parametrize("sight", SIGHT)
@pytest.mark.parametrize("theme", THEMES, ids=lambda theme: theme.name)
def test_classes_and_curves_differ_by_all_eyes(theme: Theme, sight: str) -> None:
    palette = palette_of(theme)
    hues = [lab(seen(palette[name], sight)) for name in ("plus", "minus", *(f"hue{n}" for n in range(2, 7)))]

    def nearest(of: list[Array]) -> float:
        return min(float(np.linalg.norm(one - other)) for one, other in combinations(of, 2))

    assert nearest(hues[:4]) > FAR_APART / 2 and nearest(hues) > FAR_APART / 4


@pytest.mark.parametrize("sight", SIGHT)
@pytest.mark.parametrize("theme", THEMES, ids=lambda theme: theme.name)
def test_signs_are_readable_on_every_theme(theme: Theme, sight: str) -> None:
    behind, palette = seen(background(theme), sight), palette_of(theme)

    hues = ((f"hue{n}", 2.5) for n in range(2, 7))
    for name, least in (("plus", READABLE), ("minus", READABLE), ("frame", 1.3), *hues):
        assert contrast(seen(palette[name], sight), behind) > least


ROLES = {"second": 4.5, "faint": 4.0, "plus-3": 4.5, "minus-3": 4.5, "plus-2": 4.0, "minus-2": 4.0, "ghost": 1.2}


@pytest.mark.parametrize("theme", THEMES, ids=lambda theme: theme.name)
def test_every_role_can_be_seen_on_every_theme(theme: Theme) -> None:
    palette, behind = palette_of(theme), linear(background(theme))

    assert {name: contrast(linear(palette[name]), behind) > least for name, least in ROLES.items()} == dict.fromkeys(
        ROLES, True
    )
    for sign in ("plus", "minus"):
        weak, middle, strong = (contrast(linear(palette[f"{sign}-{level}"]), behind) for level in (1, 2, 3))
        assert 1.5 < weak < middle <= strong
    accent = theme.accent or theme.primary
    assert contrast(linear(palette["on-accent"]), linear(accent)) > 3


def test_a_ladder_goes_from_minus_over_neither_to_plus() -> None:
    roles = {**palette_of(DARK), "background": background(DARK)}

    red, _, blue = (ladder_colour(roles, name) for name in ("heat0", "heat8", "heat16"))

    assert red and blue and red.r > red.b and blue.b > blue.r
    assert ladder_colour(roles, "heat8") == Color.parse(roles["heat"])
    assert ladder_colour(roles, "label") is None


@pytest.mark.parametrize("theme", OWN.values(), ids=lambda theme: theme.name)
def test_the_words_of_our_own_themes_are_readable(theme: Theme) -> None:
    for colour in (theme.foreground, theme.accent, theme.warning, theme.error, theme.success, theme.primary):
        assert colour and contrast(linear(colour), linear(background(theme))) > READABLE


@pytest.mark.parametrize(("asked", "taken"), [(LIGHT.name, LIGHT.name), ("nord", "nord"), ("no such", DARK.name)])
async def test_the_environment_can_ask_for_a_theme(asked: str, taken: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TEXTUAL_THEME", asked)
    monkeypatch.setenv("COLORTERM", "truecolor")
    async with opened("3-4-1") as pilot:
        assert pilot.app.current_theme.name == taken
        theme = pilot.app.get_theme(taken)
        assert theme and pilot.app.screen.styles.background == Color.parse(background(theme))


async def test_a_terminal_of_16_colours_keeps_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("textual.constants.COLOR_SYSTEM", "standard")
    async with opened("3-4-1") as pilot:
        assert pilot.app.theme == "ansi-dark"


async def test_the_theme_key_has_a_light_theme_of_16_colours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("textual.constants.COLOR_SYSTEM", "standard")
    async with opened("3-4-1") as pilot:
        themes = [pilot.app.theme]
        for _ in range(2):
            await pilot.press("T")
            themes.append(pilot.app.theme)

        assert themes == ["ansi-dark", LIGHT_16.name, "ansi-dark"]


@pytest.mark.parametrize("colours_of", ["standard", "256", "truecolor"])
async def test_without_colours_every_theme_is_readable(colours_of: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setattr("textual.constants.COLOR_SYSTEM", colours_of)
    async with opened("xor") as pilot:
        for _ in range(3):  # dark, light, and dark again
            lines = pilot.app.screen._compositor.render_strips()
            words = {each.style: each.text for line in lines for each in line if each.text.strip(" █")}
            hidden = {text for look, text in words.items() if look and look.color == look.bgcolor != DEFAULT_COLOR}
            assert len(words) > 1 and not hidden
            await pilot.press("T")
            await settle(pilot)


def test_the_light_theme_of_16_colours_uses_no_others() -> None:
    dark, bright = (product((low, high), repeat=3) for low, high in ((0, 0xAA), (0x55, 0xFF)))
    brown = (0xAA, 0x55, 0)

    used = {LIGHT_16.foreground, LIGHT_16.background, *LIGHT_16.variables.values()}

    assert {Color.parse(colour).rgb for colour in used if colour} <= {*dark, *bright, brown}


@pytest.mark.parametrize("name", [DARK.name, LIGHT.name, "textual-light", "ansi-dark"])
async def test_every_theme_can_be_chosen(name: str) -> None:
    async with opened("3-4-1") as pilot:
        pilot.app.theme = name
        await settle(pilot)

        assert "ŷ₁ 0.521" in text(pilot, "network")
