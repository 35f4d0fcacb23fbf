"""Inks: the names that text and pictures are drawn in; the style sheet says how each of them looks."""

TEXT = (
    "label heading value input neuron edge plus minus zero new current stale absent phase "
    "running paused finished failed cursor lit agrees kink wrong symbol link unlit active wire flow faint"
).split()
CURVES = ["point", "wrong-point", "train", "test", "other", *(f"series{n}" for n in range(6))]
SHADES = 9
"""Of a ladder from one colour to the other; the middle one is neither."""
CLASSES = 8
"""Colours for classes, and as many fainter ones; more classes than that share them."""
PICTURES = [
    *(f"{ladder}{n}" for ladder in ("shade", "ink") for n in range(SHADES)),
    *(f"class{n}" for n in range(2 * CLASSES)),
]
STYLE_NAMES = (*TEXT, *CURVES, *PICTURES)
