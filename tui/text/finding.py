"""Finding: the numbers of a network in the order in which people look for them, and those that a text names."""

from collections.abc import Iterable, Iterator
from unicodedata import normalize

from ...core.network.network import Network
from ...core.quantities.notation import Labels
from ...core.quantities.quantity import Kind, Quantity

SHOWN = 6
"""Names that are offered at once."""


def quantities_of(network: Network) -> Iterator[Quantity]:
    """The numbers that a person may look for, those that are looked for most first."""
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


def plain_name(text: str) -> str:
    """A name without what cannot be typed: w²₁₁ is w211, ŷ₁ is y1, ∂L/∂w is dL/dw."""
    spaced = normalize("NFKD", text.casefold().replace("∂", "d"))
    return "".join(each for each in spaced if each.isascii() and not each.isspace())


def matches(text: str, quantities: Iterable[Quantity], labels: Labels) -> list[Quantity]:
    """The numbers whose names begin with a text, as the program or as the screen writes them; exact ones first."""
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
    return [*exact, *begun][:SHOWN]
