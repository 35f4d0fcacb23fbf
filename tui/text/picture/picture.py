"""A picture of what a network computes, in a form that suits its inputs."""

import numpy as np
from msgspec import Struct

from ....core.debugger.snapshot import Snapshot
from ....core.network.network import Network
from ....core.notation.notation import Notation
from ....core.steps.state import State
from ....core.training.trainer import Trainer
from ..data_names import DataNames
from ..numbers import first_of, short
from ..plot import GREATEST, SERIES, Plot
from ..spans import Line, Lines, Page, heading, label
from .bounds import bounds
from .images import SIDES, Images, image
from .marks import POINTS
from .neuron_choice import Neuron, hidden
from .plane import Decision

LEAST = (10, 4)
"""Columns and lines below which a plot does not fit."""
TOLD_BY_COLOUR = 4
"""The most curves that differ by colour; further curves are drawn with their digits."""
MARKS = ("●", "◆")
"""The marks of the training examples and of the held-out examples."""


class Stack(Struct, frozen=True, eq=False):
    """A page of pages, with an empty line between two."""

    pages: tuple[Page, ...]

    @property
    def width(self) -> int:
        """Columns of the widest line."""
        return max((page.width for page in self.pages), default=0)

    @property
    def height(self) -> int:
        """Lines of all pages, and the lines between them."""
        return sum(page.height + 1 for page in self.pages) - 1 if self.pages else 0

    def line(self, y: int) -> Line:
        """Line number y, from 0."""
        for page in self.pages:
            if y < page.height:
                return page.line(y)
            if y == page.height:
                break
            y -= page.height + 1
        return []


DECIMALS = 3


class PictureView(Struct, frozen=True, eq=False):
    """The training in the picture."""

    trainer: Trainer
    snapshot: Snapshot
    neuron: Neuron | None = None
    """A neuron instead of the network's outputs."""
    has_colours: bool = True
    is_ascii: bool = False
    decimals: int = DECIMALS
    """The decimals of numbers in tables."""
    example: int = 0
    """The number of the example in the batch, from 0."""
    marks_example: bool = False
    """Whether the example is highlighted."""
    notation: Notation = Notation.SUPERSCRIPT


def neurons_of(network: Network) -> tuple[Neuron, ...]:
    """The neurons with a picture of their own: hidden ones, and outputs if there are several."""
    n_in, n_out = network.layers[0].n_in, network.layers[-1].n_out
    if n_in in SIDES:
        return tuple(neuron for neuron in hidden(network) if neuron.layer == 0)
    outputs = tuple(Neuron(len(network.layers) - 1, number) for number in range(n_out)) if n_out > 1 else ()
    return hidden(network) + outputs if n_in <= 2 else ()


@np.errstate(all="ignore")  # a warning would be written over the screen
def picture(view: PictureView, width: int, height: int) -> Page:
    """A curve, a decision map, images with their predictions, or a table."""
    trainer, state = view.trainer, view.snapshot.state
    n_in = trainer.network.layers[0].n_in
    if len(trainer.train) == 1 and n_in > 1 and view.neuron is None:
        return _card(view, width)
    if n_in == 1:
        return curve(trainer, state, view.neuron, width, height, view.notation)
    if n_in == 2:
        forward = view.snapshot.forward
        shown = forward.X[min(view.example, len(forward.X) - 1)] if view.marks_example else None
        looks = view.has_colours, view.is_ascii
        return Decision(trainer, state, view.neuron, width, height, *looks, shown, view.notation).page()
    if n_in in SIDES and view.neuron:
        return _weights(view, view.neuron, width, height)
    return _examples(view, width)


def _examples(view: PictureView, width: int) -> Page:
    from .batch import Batch
    from .confusion import confusions
    from .examples import ExampleTable, example_card

    trainer = view.trainer
    batch = Batch(trainer, view.snapshot, view.decimals)
    classes, is_set = trainer.classes, len(trainer.test or trainer.train) > 1
    pages: list[Page] = [*confusions(trainer, classes, view.snapshot.state, width)] if classes and is_set else []
    if batch.forward and trainer.network.layers[0].n_in in SIDES:
        return Stack((Images(batch, width, view.has_colours), *pages))
    if not batch.forward:
        return Stack(tuple(pages))
    card = [example_card(batch, view.example, view.notation, width)] if classes else []
    table = ExampleTable(batch, width, view.notation)
    return Stack((*pages, *card, *([table] if table.width <= width or not pages else [])))


def _card(view: PictureView, width: int) -> Page:
    """The single example."""
    from .batch import Batch
    from .examples import example_card

    batch = Batch(view.trainer, view.snapshot, view.decimals)
    return example_card(batch, 0, view.notation, width) if batch.forward else Lines([])


def _weights(view: PictureView, neuron: Neuron, width: int, height: int) -> Lines:
    """The weights of a neuron at the pixels that they belong to, as large as possible."""
    w = view.snapshot.state.W[neuron.layer][neuron.number]
    most = float(np.abs(w).max()) or 1.0
    side = SIDES[len(w)]
    size = max(min(width // side, 2 * (height - 1) // side), 1)
    pixels = w.reshape(side, side).repeat(size, axis=0).repeat(size, axis=1)
    title = [heading(f"its weights, from {short(float(f'{w.min():.2g}'))} to {short(float(f'{w.max():.2g}'))}")]
    return Lines([title, *image(pixels, (-most, most), "shade", has_colours=view.has_colours)])


def curve(trainer: Trainer, state: State, neuron: Neuron | None, width: int, height: int, notation: Notation) -> Lines:
    """The outputs or a neuron's value over the input; for outputs, also the targets of the examples."""
    if width < LEAST[0] or height < LEAST[1]:
        return Lines([])
    legend = "" if neuron else _legend(trainer)
    plot = Plot(width, height - bool(legend))
    dtype = state.parameters.dtype
    X = bounds(trainer, 0).middles(2 * width)[:, None].astype(dtype)
    a = trainer.forward_on(state, X, np.zeros((len(X), trainer.network.layers[-1].n_out), dtype)).a
    drawn = a[neuron.layer][:, [neuron.number]] if neuron else a[-1]
    finite = (np.abs(drawn) <= GREATEST).all(axis=1)
    x, y = X[finite, 0].tolist(), drawn[finite].T.tolist()
    names = DataNames.of(trainer, notation)
    for n, column in enumerate(y):
        name, told = (f"series{n % SERIES}", names.output(n)) if len(y) > 1 else ("other", None)
        plot.curve(x, column, name, told, "braille" if n < TOLD_BY_COLOUR else str((n + 1) % 10))
    targets = [] if neuron else _points(trainer, plot)
    plot.label(x, [value for column in [*y, targets] for value in column])
    return Lines([*plot.page().lines, [label(legend[:width])]]) if legend else plot.page()


def _legend(trainer: Trainer) -> str:
    """The meaning of the marks, if it is not obvious: for two sets, or for a part of a set."""
    sets = ((trainer.train, MARKS[0], "train"), (trainer.test, MARKS[1], "held out"))
    told = [f"{mark} {name} {first_of(POINTS, len(data.X))}" for data, mark, name in sets if data]
    return "  ".join(told) if len(told) > 1 or len(trainer.train.X) > POINTS else ""


def _points(trainer: Trainer, plot: Plot) -> list[float]:
    """Mark every target of the examples."""
    targets = []
    for data, name, mark in zip((trainer.train, trainer.test), ("train", "test"), MARKS, strict=True):
        for column in range(data.y.shape[1]) if data else ():
            assert data
            points = np.stack([data.X[:POINTS, 0], data.y[:POINTS, column]], axis=1)
            x, y = points[(np.abs(points) <= GREATEST).all(axis=1)].T.tolist()
            plot.points(x, y, name, mark)
            targets += y
    return targets
