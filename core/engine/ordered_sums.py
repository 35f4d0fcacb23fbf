"""Sums in a stated order: each adds its terms one after the other, and nothing is fused.

A sum of several products begins with 0, as einsum's do; any other with its first term. They differ in the sign of a 0.
"""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import TypeAlias

import numpy as np

from ..functions.arrays import Array

try:
    from numpy._core.multiarray import c_einsum as einsum  # what np.einsum calls, without its 0.8 µs of Python
except ImportError:
    from numpy import einsum

BEGINNING = -0.0
"""The number that a sum begins with, so that the result after the first term is that term, even −0."""
FEW = 64
"""Up to this many terms, adding one by one is faster than NumPy."""
MOST = 2**14
"""Products that are computed together, so that they stay in the cache."""
SUMS = 64
"""Those of random numbers that are compared before calls are used: in another order, half of them differ."""
Call: TypeAlias = Callable[[], object]
Calls: TypeAlias = Sequence[Call]


def ordered_product(left: Array, right: Array, out: Array) -> None:
    """Write the product of two matrices, (rows, inner) and (inner, columns), into a third, (rows, columns)."""
    rows, inner = left.shape
    columns = right.shape[1]
    if inner == 1:
        np.multiply(left, right, out)
    elif rows * columns == 1:
        out[0, 0] = np.add.accumulate(left[0] * right[:, 0])[-1] + 0.0
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
    np.add.reduce(terms, axis=0, out=out, initial=0.0)


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


def ordered_calls(left: Array, right: Array, out: Array) -> Calls:
    """The quickest calls that write a product of matrices that always lie in the same memory; the same bits.

    The memory has random numbers afterwards: einsum does not say in which order it adds, so its sums are compared.

    Args:
        left: (rows, inner).
        right: (inner, columns).
        out: where the product is written, (rows, columns).
    """
    for calls in _ways(left, right, out):
        if _is_ordered(calls, left, right, out):
            return calls
    return [partial(ordered_product, left, right, out)]


def _is_ordered(calls: Calls, left: Array, right: Array, out: Array) -> bool:
    """Whether they write what `ordered_product` does; of few sums, several times."""
    random, expected = np.random.default_rng(0), np.empty(out.shape)
    for _ in range(max(1, SUMS // out.size)):
        for factor in (left, right):
            factor[...] = np.ldexp(random.uniform(-1.0, 1.0, factor.shape), random.integers(-9, 9, factor.shape))
        for call in calls:
            call()
        ordered_product(left, right, expected)
        if (out != expected).any():
            return False
    return True


def _ways(left: Array, right: Array, out: Array) -> Iterator[Calls]:
    """What may be quicker: einsum where its innermost loop is along a row or a column of the product.

    Where NumPy is built for processors that fuse a product and a sum, it does.
    """
    if left.shape[1] == 1:
        yield [partial(np.multiply, left, right, out)]
    if right.strides[1] == right.itemsize:
        yield [partial(einsum, "ik,kj->ij", left, right, out=out)]
    near_left, near_right, turned = np.empty(left.T.shape), np.empty(right.shape), np.empty(out.T.shape)
    by_columns = [
        partial(np.copyto, near_left, left.T),
        partial(einsum, "jk,ki->ji", right.T, near_left, out=turned),
        partial(np.copyto, out, turned.T),
    ]
    by_rows = [
        partial(np.copyto, near_right, right),
        partial(einsum, "ik,kj->ij", left, near_right, out=out),
    ]
    yield from (by_rows, by_columns) if len(out) <= out.shape[1] else (by_columns, by_rows)
