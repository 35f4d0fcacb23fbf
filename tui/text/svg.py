"""Pictures of the screen that can be opened anywhere."""

import re

FROM_ELSEWHERE = re.compile(r"@font-face\s*\{.*?\}|<!--.*?-->", re.DOTALL)
"""Fonts and comments that name other places; a viewer's own monospaced font does as well."""
STYLE_ENDS = "</style>"


def self_contained(svg: str) -> str:
    """The picture without what a viewer would fetch from elsewhere."""
    # What follows the style is the screen's own text, which may look like a style.
    head, end, screen = svg.partition(STYLE_ENDS)
    return FROM_ELSEWHERE.sub("", head) + end + screen
