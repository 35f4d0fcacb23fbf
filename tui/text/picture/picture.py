"""What a network does at a moment, in the form that its inputs allow."""

from dataclasses import dataclass

import numpy as np

from ....core.debugger.snapshot import Snapshot
from ....core.network.network import Network
from ....core.training.trainer import Trainer
from ..numbers import short
from ..spans import Lines, Page, heading
from .batch import Batch
from .confusion import confusion
from .curve import curve
from .decision import Decision
from .examples import ExampleTable
from .images import SIDES, Images, image
from .neuron_choice import Neuron, hidden
from .stack import Stack

DECIMALS = 3


@dataclass(frozen=True, eq=False)
class PictureView:
    """What is looked at."""

    trainer: Trainer
    snapshot: Snapshot
    neuron: Neuron | None = None
    """One neuron in the place of the network."""
    has_colours: bool = True
    decimals: int = DECIMALS
    """Of the numbers in tables."""


def neurons_of(network: Network) -> tuple[Neuron, ...]:
    """The neurons that have a picture of their own: hidden ones, and outputs where there are several."""
    n_in, n_out = network.layers[0].n_in, network.layers[-1].n_out
    if n_in in SIDES:
        return tuple(neuron for neuron in hidden(network) if neuron.layer == 0)
    outputs = tuple(Neuron(len(network.layers) - 1, number) for number in range(n_out)) if n_out > 1 else ()
    return hidden(network) + outputs if n_in <= 2 else ()


@np.errstate(all="ignore")  # a warning would be written over the screen
def picture(view: PictureView, width: int, height: int) -> Page:
    """A curve, a decision, pictures with what they are taken for, or a table."""
    trainer, state = view.trainer, view.snapshot.state
    n_in = trainer.network.layers[0].n_in
    if n_in == 1:
        return curve(trainer, state, view.neuron, width, height)
    if n_in == 2:
        return Decision(trainer, state, view.neuron, width, height, view.has_colours).page()
    if n_in in SIDES and view.neuron:
        return _weights(view, view.neuron, width, height)
    return _examples(view, width)


def _examples(view: PictureView, width: int) -> Page:
    trainer = view.trainer
    batch = Batch(trainer, view.snapshot, view.decimals)
    classes, is_set = trainer.classes, len(trainer.test or trainer.train) > 1
    pages: list[Page] = [confusion(trainer, classes, view.snapshot.state, width)] if classes and is_set else []
    if batch.forward and trainer.network.layers[0].n_in in SIDES:
        return Stack((Images(batch, width, view.has_colours), *pages))
    return Stack((*pages, ExampleTable(batch, width))) if batch.forward else Stack(tuple(pages))


def _weights(view: PictureView, neuron: Neuron, width: int, height: int) -> Lines:
    """The weights that lead to a neuron, in the places of the pixels that they weigh, as large as they can be."""
    w = view.snapshot.state.W[neuron.layer][neuron.number]
    most = float(np.abs(w).max()) or 1.0
    side = SIDES[len(w)]
    size = max(min(width // side, 2 * (height - 1) // side), 1)
    pixels = w.reshape(side, side).repeat(size, axis=0).repeat(size, axis=1)
    title = [heading(f"its weights, from {short(float(f'{w.min():.2g}'))} to {short(float(f'{w.max():.2g}'))}")]
    return Lines([title, *image(pixels, (-most, most), "shade", has_colours=view.has_colours)])
