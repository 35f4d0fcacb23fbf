"""Text in ASCII, for terminals and pipes that have no other characters."""

from unicodedata import normalize

WRITTEN = str.maketrans(
    {
        "−": "-",
        "·": "*",
        "∂": "d",
        "ŷ": "y_hat",
        "√": "sqrt",
        "Ω": "Omega",
        "Σ": "sum",
        "η": "eta",
        "←": "<-",
        "→": "->",
        "≤": "<=",
        "≥": ">=",
        "…": "...",
        "⁺": "+",
        "²": "^2",
        "³": "^3",
    }
)
"""How mathematics is typed."""


def in_ascii(text: str) -> str:
    """The text with every character written in ASCII; what has no such form becomes a question mark."""
    if text.isascii():
        return text
    return normalize("NFKD", text.translate(WRITTEN)).encode("ascii", errors="replace").decode("ascii")
