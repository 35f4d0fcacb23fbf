"""Expressions and documents in LaTeX."""

from collections.abc import Callable, Iterable
from typing import TypeAlias

from ...core.notation.labels import Labels
from ...core.quantities.formula import (
    Difference,
    Equation,
    Function,
    Negative,
    Node,
    Number,
    Power,
    Product,
    Quotient,
    Sum,
    Term,
)
from .equation import FACTOR, PRODUCT, SUM, Show, literal, shorten_sum, value_text
from .numbers import MINUS

Write: TypeAlias = Callable[[Term, int], str]
"""A function that writes a term's number with this many decimals."""
ROOM = 4
"""Terms of a sum on a line."""
SIGNS = {
    "∂": r"$\partial$",
    "ŷ": r"$\hat{y}$",
    "·": r"$\cdot$",
    "−": "$-$",
    "½": r"$\frac{1}{2}$",
    "←": r"$\leftarrow$",
    "→": r"$\rightarrow$",
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    **{each: f"\\{each}" for each in "&%$#_{}"},
}
HEAD = r"""\documentclass{article}
\usepackage[utf8]{inputenc}
\usepackage[T1]{fontenc}
\usepackage{lmodern}
\usepackage[a4paper, margin=2cm]{geometry}
\usepackage{amsmath}
\setlength{\parindent}{0pt}
\begin{document}
"""
TAIL = "\\end{document}\n"


def document(title: str, body: Iterable[str]) -> str:
    """A complete document."""
    return f"{HEAD}\\section*{{{escape_latex(title)}}}\n\n" + "\n\n".join(body) + f"\n\n{TAIL}"


def escape_latex(text: str) -> str:
    """Text without commands; a character that the fonts lack becomes a question mark."""
    return "".join(SIGNS.get(each, each if each.isprintable() and each < "\u0180" else "?") for each in text)


def display(lines: Iterable[str], *, breaks: bool = False) -> str:
    """Equations below each other, aligned at &; on one page, unless they may break."""
    equations = "\\begin{align*}\n" + " \\\\\n".join(lines) + "\n\\end{align*}"
    return f"{{\\allowdisplaybreaks\n{equations}}}" if breaks else equations


def equation_lines(
    equation: Equation, labels: Labels, decimals: int, *, answers: bool = True, write: Write = value_text
) -> list[str]:
    """An equation in symbols and in numbers, with its result or a blank for it."""
    sign = r"\leftarrow" if equation.assigns else "="
    symbols = latex(equation.expression, lambda term: labels.latex(term.symbol))
    lines = [f"{labels.latex(equation.left)} &{sign} {symbols}"]
    if not answers:
        return [*lines, r"&= \underline{\hspace{4cm}}"]
    numbers = latex(equation.expression, lambda term: latex_number(write(term, decimals)))
    result = latex_number(write(Term(equation.left, equation.value), decimals))
    return lines + [f"&= {each}" for each in dict.fromkeys((numbers, result)) if each != symbols]


def latex_number(text: str) -> str:
    """A number as mathematics writes it."""
    text = text.replace(MINUS, "-")
    digits, _, exponent = text.partition("e")
    if text in ("inf", "-inf", "nan"):
        return text.replace("inf", r"\infty").replace("nan", r"\mathrm{nan}")
    return rf"{digits} \cdot 10^{{{int(exponent)}}}" if exponent else text


def latex(node: Node, show: Show, place: int = SUM, *, leading: bool = True) -> str:
    """An expression in a place; a leading minus needs no parentheses."""
    match node:
        case Term():
            return _atom(show(node), leading)
        case Number():
            return _atom(_literal(node), leading)
        case Sum(terms):
            return _in(_sum(shorten_sum(terms), show, leading=leading or place > SUM, breaks=place == SUM), place > SUM)
        case Difference(left, right):
            first = latex(left, show, leading=leading) if place == SUM else _unbroken(left, show)
            return _in(f"{first} - {latex(right, show, PRODUCT, leading=False)}", place > SUM)
        case Negative(term):
            return _in(f"-{latex(term, show, PRODUCT, leading=False)}", place > SUM or not leading)
        case Product(factors):
            parts = [latex(each, show, PRODUCT, leading=leading and not n) for n, each in enumerate(factors)]
            return _in(r" \cdot ".join(parts), place > PRODUCT)
        case Quotient(top, bottom):
            return rf"\frac{{{_unbroken(top, show)}}}{{{_unbroken(bottom, show)}}}"
        case Power(base, exponent):
            inner = latex(base, show, FACTOR)
            wraps = isinstance(base, Term | Number) and any(sign in inner for sign in ("^", "-", "frac", "cdot"))
            return f"{_in(inner, wraps)}^{{{latex(exponent, show)}}}"
        case Function(name, arguments):
            return _function(name, [_unbroken(each, show) for each in arguments])


def _sum(terms: list[Node | None], show: Show, *, leading: bool, breaks: bool) -> str:
    parts = [
        latex(term, show, PRODUCT if n else SUM + (not breaks), leading=leading and not n) if term else r"\cdots"
        for n, term in enumerate(terms)
    ]
    rows = [" + ".join(parts[n : n + ROOM]) for n in range(0, len(parts), ROOM)] if breaks else [" + ".join(parts)]
    return " \\\\\n&\\quad {} + ".join(rows)


def _unbroken(node: Node, show: Show) -> str:
    """An expression within another, without line breaks."""
    if isinstance(node, Sum):
        return _sum(shorten_sum(node.terms), show, leading=True, breaks=False)
    if isinstance(node, Difference) and isinstance(node.left, Sum):
        left = _unbroken(node.left, show)
        return f"{left} - {latex(node.right, show, PRODUCT, leading=False)}"
    if isinstance(node, Negative) or not isinstance(node, Difference):
        return latex(node, show)
    return f"{latex(node.left, show, PRODUCT)} - {latex(node.right, show, PRODUCT, leading=False)}"


def _function(name: str, arguments: list[str]) -> str:
    inner = ", ".join(arguments)
    match name:
        case "abs":
            return rf"\left|{inner}\right|"
        case "sqrt":
            return rf"\sqrt{{{inner}}}"
        case "ln1p":
            return rf"\ln\left(1 + {inner}\right)"
        case "erf" | "sign" | "step":
            return rf"\operatorname{{{name}}}\left({inner}\right)"
        case _:
            return rf"\{name}\left({inner}\right)"


def _literal(node: Number) -> str:
    words = {"½": r"\tfrac{1}{2}", "√(2/π)": r"\sqrt{2/\pi}"}
    return words.get(node.text) or latex_number(literal(node))


def _atom(text: str, leading: bool) -> str:
    return _in(text, text.startswith("-") and not leading)


def _in(text: str, wraps: bool) -> str:
    return rf"\left({text}\right)" if wraps else text
