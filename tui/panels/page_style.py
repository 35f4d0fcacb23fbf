"""The styles of a page: the style sheet's and the theme's style for each name of a span."""

from pathlib import Path
from typing import Any

from rich.style import Style
from textual.app import App
from textual.css.styles import RenderStyles

from ..terminal.late_styles import read_style_sheets
from ..text.style_names import LADDERS
from ..themes import ladder_colour

MIXED = ("shade", "ink", "class")
"""Colours of pictures, which are mixed with the background."""
PICTURES = Path(__file__).parents[1] / "pictures.tcss"
"""Their style sheet, read with the first of them."""


def page_style(app: App[Any], name: str) -> Style:
    """The style of a name in the style sheet; on-class3 has the colour of class3 as background."""
    if (ladder := ladder_style(app, name)) is not None:
        return ladder
    if name.startswith("on-"):
        return Style(bgcolor=style_named(app, name.removeprefix("on-")).rich_style.color)
    if name.rstrip("0123456789") in MIXED:
        return Style(color=style_named(app, name).rich_style.color)
    return style_named(app, name).partial_rich_style


def style_named(app: App[Any], name: str) -> RenderStyles:
    """A style of the app for all panels, because Textual computes a widget's own at every change of focus."""
    if name.rstrip("0123456789") in MIXED:
        read_style_sheets(app, [PICTURES])
    return app.get_component_styles(f"page--{name}")


def ladder_style(app: App[Any], name: str) -> Style | None:
    """The style of a level of a ladder, such as heat3 or on-heat3; None for any other name."""
    ladder = name.removeprefix("on-")
    if ladder.rstrip("0123456789") in LADDERS and "heat" not in app.theme_variables:
        return Style.null()  # a theme that uses the terminal's own colours
    colour = ladder_colour(app.theme_variables, ladder)
    if colour is None:
        return None
    return Style(bgcolor=colour.rich_color) if name.startswith("on-") else Style(color=colour.rich_color)
