"""Style names of spans and pictures; the style sheet defines each of them."""

TEXT = (
    "label heading value input neuron plus minus zero new current stale absent phase "
    "running paused finished failed cursor lit agrees kink wrong link"
).split()
ROLES = (
    "text second faint ghost fill raised accent selected track point-0 point-1 "
    "plus-1 plus-2 plus-3 minus-1 minus-2 minus-3"
).split()
"""Styles of words, of unlit text and lines, of backgrounds, of the cursor, and of signs by strength."""
LADDERS = ("heat", "tint", "ash", "grey")
"""Ladders of colours for pictures: from negative over neutral to positive; fainter under points; fainter if unlit;
and from dark to light.

"heat3" is such a colour, and "on-heat3" has it as background; a theme mixes them.
"""
STEPS = 17
"""Steps of each of these ladders; number 8 is neutral."""
CURVES = ["point", "wrong-point", "train", "test", "other", "here", "mark", "cloud", *(f"series{n}" for n in range(6))]
SHADES = 9
"""Steps of a ladder between two colours; the middle one is neutral."""
CLASSES = 8
"""Colours of classes, and as many fainter ones; more classes share them."""
PICTURES = [
    *(f"{ladder}{n}" for ladder in ("shade", "ink") for n in range(SHADES)),
    *(f"class{n}" for n in range(2 * CLASSES)),
]
STYLE_NAMES = (*TEXT, *ROLES, *CURVES, *PICTURES)
