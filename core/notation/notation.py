"""Notations: a textbook's names of weights and neurons, and its letters."""

from enum import Enum
from typing import NamedTuple


class Notation(Enum):
    """The names of weights and neurons."""

    SUPERSCRIPT = "superscript"
    """w²₁₁: layer, to, from."""
    COUNTED = "counted"
    """w5: weights, biases and neurons are counted through all layers, weights by the neuron that they lead to."""
    NODES = "nodes"
    """w31: from node 3, with the inputs first, to neuron 1 of the next layer; z12 is layer 1, neuron 2."""
    INDEXED = "indexed"
    """W1[4,3]: as in a program, counted from 1."""


class Letters(NamedTuple):
    """The letters of a source, if they differ from the usual ones."""

    loss: str = "L"
    target: str = "y"
    weight: str = "w"
    derivative: str = "∂"
    """The sign of a derivative, as in ∂L/∂w; "d" for dL/dw."""
    error: str = ""
    """A letter for ∂L/∂z, as δ; empty for the derivative."""
    gradient_of_a: str = ""
    """A letter for ∂L/∂a; empty for the derivative."""
    activation: str = ""
    """The letter of the activation function, as f in a = f(z); empty to write its formula."""
    bias_neurons: bool = False
    """Whether biases are weights from neurons that always give 1, and are drawn as such."""


USUAL = Letters()
