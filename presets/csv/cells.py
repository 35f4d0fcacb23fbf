"""The cells of a CSV file: which are numbers, which are missing, and what is wrong with the others."""

import re
from math import inf, isfinite

from ...core.typed_number import float_of, quoted

MISSING = frozenset("#n/a|#n/a n/a|#na|-1.#ind|-1.#qnan|-nan|1.#ind|1.#qnan|<na>|n/a|na|nan|none|null|?|".split("|"))
"""Cells without a value, in small letters: those of pandas, and the question mark of the UCI archive."""
TRUTHS = {"true": 1.0, "false": 0.0}
DECIMAL_COMMA = re.compile(r"[-+]?\d*,\d+([eE][-+]?\d+)?")
THOUSANDS = re.compile(r"[-+]?\d{1,3}([,.' ]\d{3})+([.,]\d+)?")
PERCENT = re.compile(r"([-+]?\d+(?:[.,]\d+)?) ?%")
DATE = re.compile(r"\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}([T ].*)?")


def is_missing(text: str) -> bool:
    """Whether a cell has no value."""
    return text.strip().lower() in MISSING


def cell_number(text: str, decimal: str = ".") -> float | None:
    """The number in a cell; None if there is none that is finite."""
    plain = text.replace(",", ".") if decimal == "," else text
    value = float_of(plain)
    return value if value is not None and isfinite(value) else None


def number_fault(text: str) -> str:
    """What is wrong with a cell that should be a number, and what would be right."""
    plain = text.strip()
    got = f"expected a number, got {quoted(plain)}" if plain else "expected a number, got nothing"
    return f"{got}{number_advice(plain)}"


def class_fault(text: str) -> str:
    """What is wrong with a cell that should be a class, but is missing."""
    got = f"{quoted(text.strip())}, a missing value" if text.strip() else "nothing"
    return f"expected a class, got {got}: fill it in, or use --missing drop or --missing mean"


def number_advice(plain: str) -> str:
    """Advice for a cell that should be a number; empty if there is none."""
    plain = plain.strip()
    if not plain:
        return ": fill it in, or use --missing drop or --missing mean"
    if is_missing(plain):
        return ", a missing value: fill it in, or use --missing drop or --missing mean"
    if found := PERCENT.fullmatch(plain):
        return f": write it without the sign, as {float(found[1].replace(',', '.')) / 100:g}"
    if THOUSANDS.fullmatch(plain):
        return f": write it without a thousands separator{_as_decimal(plain)}"
    if DECIMAL_COMMA.fullmatch(plain):
        return f": write it with a decimal point, as {plain.replace(',', '.')}"
    if float_of(plain) in (inf, -inf) and plain.strip("+-")[0].isdigit():
        return ": the largest number is 1.8e308"
    if DATE.fullmatch(plain):
        return ", a date: write it as a number, such as the day's, or leave the column out with --ignore"
    return ""


def _as_decimal(plain: str) -> str:
    """The number without separators of thousands; a single comma may be the decimal sign as well."""
    last = max(plain.rfind(","), plain.rfind("."))
    is_mixed = len(set(re.findall(r"[,.' ]", plain))) > 1
    if is_mixed:  # the last of different signs is the decimal one
        return f", as {re.sub(r'[^0-9+-]', '', plain[:last])}.{plain[last + 1 :]}"
    whole = re.sub(r"[,.' ](?=\d{3}(?:\D|$))", "", plain)
    return f", as {whole}" + (
        f", or {plain.replace(',', '.')} if the comma is decimal" if plain.count(",") == 1 else ""
    )
