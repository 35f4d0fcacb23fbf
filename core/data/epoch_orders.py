"""The orders of many epochs at once: the numbers of `shuffled`, for which NumPy would make a generator each.

What is computed for all epochs together is how NumPy seeds a generator, which its authors promise never to change.
Source: O'Neill, Developing a seed_seq alternative, 2015; NumPy's SeedSequence and PCG64.
"""

import numpy as np
import numpy.typing as npt

from .dataset import shuffled

FEW = 16
"""Epochs that are quicker one by one."""
WORD, WORDS = 2**32, 4
"""Numbers of 32 bits: how many there are, and how many of them a pool has."""
MIXED = 0xCA01F9DD, 0x4973F715
POOLED = 0x43B0D7E5, 0x931E8875
SEEDED = 0x8B51F9DD, 0x58F38DED
MULTIPLIER = 0x2360ED051FC65DA44385DF649FCCF645
Words = npt.NDArray[np.uint32]


class _Hash:
    """A hash whose constant changes with every call."""

    def __init__(self, first: int, factor: int) -> None:
        self._constant, self._factor = first, factor

    def __call__(self, words: Words) -> Words:
        words = words ^ np.uint32(self._constant)
        self._constant = self._constant * self._factor % WORD
        words = words * np.uint32(self._constant)
        return words ^ (words >> np.uint32(16))


def epoch_orders(examples: int, seed: int, first: int, count: int) -> npt.NDArray[np.int64]:
    """The order of the examples in this many epochs from the first on, one after the other, (count · examples,)."""
    if count < FEW or first + count >= WORD:
        every = [shuffled(examples, seed, each) for each in range(first, first + count)]
        return np.concatenate(every, dtype=np.int64)
    orders = np.empty((count, examples), np.int64)
    bits = np.random.PCG64(0)
    generator = np.random.Generator(bits)
    for order, (state, increment) in zip(orders, _seeded(seed, first, count), strict=True):
        numbers = {"state": state, "inc": increment}
        bits.state = {"bit_generator": "PCG64", "state": numbers, "has_uint32": 0, "uinteger": 0}  # type: ignore[typeddict-item]
        order[...] = generator.permutation(examples)
    return orders.ravel()


def _seeded(seed: int, first: int, count: int) -> list[tuple[int, int]]:
    """The state and the increment of the generator of each epoch."""
    entropy: list[Words] = []
    left = seed
    while left or not entropy:
        entropy.append(np.full(count, left % WORD, np.uint32))
        left //= WORD
    pool = _pool([*entropy, np.arange(first, first + count).astype(np.uint32)])
    hashed, seeded = _Hash(*SEEDED), []
    for n in range(2 * WORDS):
        seeded.append(hashed(pool[n % WORDS]).astype(np.uint64))
    halves = [(low | high << np.uint64(32)).tolist() for low, high in zip(seeded[::2], seeded[1::2], strict=True)]
    return [_pcg64(a << 64 | b, c << 64 | d) for a, b, c, d in zip(*halves, strict=True)]


def _pool(entropy: list[Words]) -> list[Words]:
    """All words, mixed into a few."""
    hashed, zeros = _Hash(*POOLED), np.zeros_like(entropy[0])
    pool = [hashed(entropy[n] if n < len(entropy) else zeros) for n in range(WORDS)]
    for source in range(WORDS):
        for target in range(WORDS):
            if source != target:
                pool[target] = _mixed(pool[target], hashed(pool[source]))
    for words in entropy[WORDS:]:
        pool = [_mixed(each, hashed(words)) for each in pool]
    return pool


def _mixed(words: Words, others: Words) -> Words:
    words = np.uint32(MIXED[0]) * words - np.uint32(MIXED[1]) * others
    return words ^ (words >> np.uint32(16))


def _pcg64(start: int, stream: int) -> tuple[int, int]:
    increment = (stream << 1 | 1) % 2**128
    return ((increment + start) * MULTIPLIER + increment) % 2**128, increment
