"""Finding: the numbers of a network, the most likely first, and those whose names match a text."""

from collections.abc import Iterable, Iterator
from unicodedata import normalize

from ...core.network.network import Network
from ...core.notation.labels import Labels
from ...core.quantities.quantity import DATA, OF_THE_BATCH, Kind, Quantity, When

SHOWN = 6
"""The most names that are offered at once."""
SHOWN_KINDS = (Kind.A, Kind.W, Kind.B, Kind.DW, Kind.DB, Kind.Z, Kind.DZ, Kind.DA)
"""Kinds of numbers in the panels, for each layer."""


def quantities_of(network: Network) -> Iterator[Quantity]:
    """The numbers that can be found by name, the most likely first."""
    sizes = network.sizes
    layers = range(len(network.layers))
    yield Quantity(Kind.LOSS)
    yield from (Quantity(Kind.A, n, i) for n in reversed(layers) for i in range(sizes[n + 1]))
    for kinds in ((Kind.W, Kind.B), (Kind.DW, Kind.DB)):
        for n in layers:
            yield from (Quantity(kinds[0], n, i, j) for i in range(sizes[n + 1]) for j in range(sizes[n]))
            yield from (Quantity(kinds[1], n, i) for i in range(network.bias.size(sizes[n + 1])))
    yield from (
        Quantity(kind, n, i) for kind in (Kind.Z, Kind.DZ, Kind.DA) for n in layers for i in range(sizes[n + 1])
    )
    yield from (Quantity(Kind.X, to=i) for i in range(sizes[0]))
    yield from (Quantity(Kind.Y, to=i) for i in range(sizes[-1]))


def is_among(quantity: Quantity, network: Network) -> bool:
    """Whether `quantities_of` yields a number."""
    sizes, kind, layer = network.sizes, quantity.kind, quantity.layer
    if kind in OF_THE_BATCH or kind in DATA:
        size = {Kind.LOSS: 1, Kind.X: sizes[0], Kind.Y: sizes[-1]}.get(kind, 0)
    elif kind in SHOWN_KINDS and 0 <= layer < len(network.layers):
        size = network.bias.size(sizes[layer + 1]) if kind in (Kind.B, Kind.DB) else sizes[layer + 1]
    else:
        return False
    is_weight_there = quantity.from_ is None or 0 <= quantity.from_ < sizes[layer]
    return 0 <= quantity.to < size and is_weight_there and (quantity.when, quantity.example) == (When.NOW, None)


def plain_name(text: str) -> str:
    """A name in characters that can be typed: w²₁₁ is w211, ŷ₁ is y1, ∂L/∂w is dL/dw."""
    spaced = normalize("NFKD", text.casefold().replace("∂", "d"))
    return "".join(each for each in spaced if each.isascii() and not each.isspace())


def matches(text: str, quantities: Iterable[Quantity], labels: Labels) -> list[Quantity]:
    """The numbers whose names in the program or on the screen begin with a text; exact matches first."""
    wanted = plain_name(text)
    if not wanted:
        return []
    exact: list[Quantity] = []
    begun: list[Quantity] = []
    for quantity in quantities:
        names = (str(quantity), plain_name(labels.text(quantity)))
        if wanted in names:
            exact.append(quantity)
        elif len(begun) < SHOWN and any(name.startswith(wanted) for name in names):
            begun.append(quantity)
    shown: dict[str, Quantity] = {}
    for quantity in (*exact, *begun):
        shown.setdefault(labels.text(quantity), quantity)  # if z is folded into a, both have one name
    return list(shown.values())[:SHOWN]
