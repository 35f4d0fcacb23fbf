"""Notations: how a textbook names weights and neurons, and its letters."""

from dataclasses import dataclass
from enum import Enum


class Notation(Enum):
    """How weights and neurons are named."""

    SUPERSCRIPT = "superscript"
    """w²₁₁: layer, to, from."""
    COUNTED = "counted"
    """w5: weights are counted through all layers, by the neuron that they lead to; so are biases and neurons."""
    NODES = "nodes"
    """w31: from node 3, the inputs first, to neuron 1 of the next layer; z12 is that of layer 1, neuron 2."""
    INDEXED = "indexed"
    """W1[4,3]: as in a program, counted from 1."""


@dataclass(frozen=True)
class Letters:
    """The letters of one source, where it has others than most."""

    loss: str = "L"
    target: str = "y"
    weight: str = "w"
    derivative: str = "∂"
    """As in ∂L/∂w; "d" for dL/dw."""
    error: str = ""
    """∂L/∂z in one letter, as δ; empty if it is written as a derivative."""
    gradient_of_a: str = ""
    """The same of ∂L/∂a."""
    activation: str = ""
    """The activation function, as f in a = f(z); empty if its formula is enough."""
    bias_neurons: bool = False
    """Biases are weights from neurons that always give 1, and are drawn so."""


USUAL = Letters()
