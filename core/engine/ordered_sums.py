"""Sums in a stated order: each begins with its first term, takes one after the other, and nothing is fused."""

import numpy as np

from ..functions.arrays import Array

BEGINNING = -0.0
"""What a sum can begin with, so that it is its first term then, be that −0 too."""
MOST = 2**14
"""Products that are made at once, so that they stay in the cache."""


def ordered_product(left: Array, right: Array, out: Array) -> None:
    """Write the product of two matrices, (rows, inner) and (inner, columns), into a third, (rows, columns)."""
    rows, inner = left.shape
    columns = right.shape[1]
    if inner == 1:
        np.multiply(left, right, out)
    elif rows * columns == 1:
        out[0, 0] = np.add.accumulate(left[0] * right[:, 0])[-1]
    elif out.size:
        left, right = left.T[:, :, None], right[:, None, :]
        few = max(2, MOST // (rows * columns))
        for first in range(0, inner, few):
            _add(left[first : first + few], right[first : first + few], out, is_first=not first)


def _add(left: Array, right: Array, out: Array, is_first: bool) -> None:
    """Add the products of these terms to what is there, or begin with the first of them."""
    terms = np.empty((len(left) + (not is_first), *out.shape), out.dtype)
    if is_first:
        np.multiply(left, right, terms)
    else:
        terms[0] = out
        np.multiply(left, right, terms[1:])
    # The outer axis of an array in C's order: NumPy adds one term after the other there.
    np.add.reduce(terms, axis=0, out=out, initial=BEGINNING)


def sum_of(terms: Array) -> float:
    """The sum of a vector."""
    return float(np.add.accumulate(terms)[-1]) if terms.size else 0.0


def sum_down(terms: Array, out: Array | None = None) -> Array:
    """The sum of each column of a matrix, (columns,); into `out` where there is one."""
    if out is None:
        out = np.empty(terms.shape[1], terms.dtype)
    if terms.size == 0:
        out[...] = 0.0
    elif len(terms) == 1:
        out[...] = terms[0]
    elif terms.shape[1] == 1:
        out[...] = np.add.accumulate(terms[:, 0])[-1]
    else:
        np.add.reduce(np.ascontiguousarray(terms), axis=0, out=out, initial=BEGINNING)
    return out


def sum_across(terms: Array) -> Array:
    """The sum of each row of a matrix, (rows,)."""
    return terms[:, 0] if terms.shape[1] == 1 else sum_down(terms.T)
