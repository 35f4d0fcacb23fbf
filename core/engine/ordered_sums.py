"""Sums in a stated order: each adds its terms one after the other, and nothing is fused."""

from collections.abc import Callable

import numpy as np

from ..functions.arrays import Array

BEGINNING = -0.0
"""The number that a sum begins with, so that the result after the first term is that term, even −0."""
FEW = 64
"""Up to this many terms, adding one by one is faster than NumPy."""
MOST = 2**14
"""Products that are computed together, so that they stay in the cache."""
LARGE, LARGEST = 2**12, 2**17
"""The same for prepared products: above the first number, factors are copied; the second is the most."""
FEW_TERMS = 3
"""Up to this many terms, a call for each is faster than a sum."""


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
    if not 0 < terms.size <= FEW:
        return float(np.add.accumulate(terms)[-1]) if terms.size else 0.0
    first, *others = terms.tolist()
    for each in others:
        first += each
    return float(first)


def sum_down(terms: Array, out: Array | None = None) -> Array:
    """The sum of each column of a matrix, (columns,); into `out` where there is one."""
    if out is None:
        out = np.empty(terms.shape[1], terms.dtype)
    if terms.size == 0:
        out[...] = 0.0
    elif len(terms) == 1:
        out[...] = terms[0]
    elif terms.shape[1] == 1:
        out[0] = sum_of(terms[:, 0])
    else:
        np.add.reduce(np.ascontiguousarray(terms), axis=0, out=out, initial=BEGINNING)
    return out


def sum_across(terms: Array) -> Array:
    """The sum of each row of a matrix, (rows,)."""
    return terms[:, 0] if terms.shape[1] == 1 else sum_down(terms.T)


class KeptProduct:
    """A product of two matrices at fixed memory, with NumPy's calls prepared once."""

    def __init__(self, left: Array, right: Array, out: Array) -> None:
        """Prepare left, (inner, rows), times right, (inner, columns), whose terms are added along `inner`.

        Args:
            left: the factor whose columns are the rows of the product.
            right: the other factor.
            out: where the product is written, (rows, columns).
        """
        self._calls: list[tuple[Callable[..., object], tuple[object, ...]]] = []
        if len(out) > out.shape[1]:  # NumPy's innermost loop is the longer one
            left, right, out = right, left, out.T
        if len(left) * out.size >= LARGE and right.strides[1] != right.itemsize:
            near = np.empty(right.shape)
            self._calls.append((np.copyto, (near, right)))
            right = near
        left, right = left[:, :, None], right[:, None, :]
        if len(left) <= FEW_TERMS or out.size == 1:
            self._add_each(left, right, out)
        else:
            self._add_together(left, right, out)

    def _add_each(self, left: Array, right: Array, out: Array) -> None:
        """A call for each term, and one for each sum of two."""
        term = np.empty(out.shape)
        self._calls.append((np.multiply, (left[0], right[0], out)))
        for n in range(1, len(left)):
            self._calls += [(np.multiply, (left[n], right[n], term)), (np.add, (out, term, out))]

    def _add_together(self, left: Array, right: Array, out: Array) -> None:
        """A call for many terms, and one for their sum, which begins with the last sum."""
        few = min(len(left), LARGEST // out.size)
        memory = np.empty((few + 1, *out.shape))
        for first in range(0, len(left), few):
            terms = memory[1 : 1 + min(few, len(left) - first)]
            self._calls.append((np.multiply, (left[first : first + few], right[first : first + few], terms)))
            if first:
                self._calls.append((np.copyto, (memory[0], out)))
                terms = memory[: 1 + len(terms)]
            # The outer axis of an array in C's order: NumPy adds one term after the other there.
            self._calls.append((np.add.reduce, (terms, 0, None, out, False, BEGINNING)))

    def run(self) -> None:
        """Write the product."""
        for call, arguments in self._calls:
            call(*arguments)
