"""Inks: the names that text and pictures are drawn in; the style sheet says how each of them looks."""

TEXT = (
    "label heading value input neuron plus minus zero new current stale absent phase "
    "running paused finished failed cursor lit agrees kink wrong link"
).split()
ROLES = (
    "text second faint ghost fill raised accent selected track point-0 point-1 "
    "plus-1 plus-2 plus-3 minus-1 minus-2 minus-3"
).split()
"""What a span is for: words, what is not lit, unlit lines, grounds, the cursor's colour, signs by their strength."""
LADDERS = ("heat", "tint", "ash", "grey")
"""Of pictures: colours from minus over neither to plus, the same fainter under points, and
where it is not lit; and from dark to light.

"heat3" is such a colour, and "on-heat3" the ground in it: a theme mixes them.
"""
STEPS = 17
"""Of each of these ladders; number 8 is neither."""
CURVES = ["point", "wrong-point", "train", "test", "other", "mark", "cloud", *(f"series{n}" for n in range(6))]
SHADES = 9
"""Of a ladder from one colour to the other; the middle one is neither."""
CLASSES = 8
"""Colours for classes, and as many fainter ones; more classes than that share them."""
PICTURES = [
    *(f"{ladder}{n}" for ladder in ("shade", "ink") for n in range(SHADES)),
    *(f"class{n}" for n in range(2 * CLASSES)),
]
STYLE_NAMES = (*TEXT, *ROLES, *CURVES, *PICTURES)
