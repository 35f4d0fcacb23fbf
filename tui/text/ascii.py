"""Text in ASCII, for terminals and pipes that have no other characters."""

from unicodedata import combining, normalize

WRITTEN = str.maketrans(
    {
        "−": "-",
        "⁻": "-",
        "–": "-",
        "—": "-",
        "·": "*",
        "×": "x",
        "±": "+-",
        "⁄": "/",
        "∂": "d",
        "ŷ": "y_hat",
        "√": "sqrt",
        "∑": "sum",
        "Σ": "sum",
        "Δ": "Delta",
        "Ω": "Omega",
        "α": "alpha",
        "β": "beta",
        "γ": "gamma",
        "δ": "delta",
        "ε": "epsilon",
        "η": "eta",
        "λ": "lambda",
        "μ": "mu",
        "π": "pi",
        "ρ": "rho",
        "σ": "sigma",
        "‖": "||",
        "│": "|",
        "←": "<-",
        "→": "->",
        "↑": "^",
        "↓": "v",
        "≤": "<=",
        "≥": ">=",
        "≈": "~",
        "∞": "inf",
        "…": "...",
        "•": "*",
        "✓": "v",
        "✗": "x",
        "‘": "'",
        "’": "'",
        "′": "'",
        "“": '"',
        "”": '"',
        "„": '"',
        "⁺": "+",
        "²": "^2",
        "³": "^3",
    }
)
"""The ASCII form of each mathematical character."""


def in_ascii(text: str) -> str:
    """The text in ASCII; a character without a replacement becomes a question mark."""
    if text.isascii():
        return text
    letters = normalize("NFKD", text.translate(WRITTEN)).translate(WRITTEN)
    return "".join(each if each.isascii() else "?" for each in letters if not combining(each))
