"""Markdown in which text from outside is text."""

import re

MARKS = re.compile(r"[\\`*_\[\]<>$~&|#!]|:(?=//)")


def escaped(text: str) -> str:
    """Text in which nothing is markup, mathematics, a link, a picture or HTML."""
    return MARKS.sub(r"\\\g<0>", text)
