"""The layers of a network, found in the graph of its backward pass: whatever way the script wrote them.

The graph is what PyTorch differentiates, so that a functional activation and a module look alike in it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import isclose
from typing import Any

from . import lazy_torch as torch
from .autograd_losses import FoundLoss, UnrecognizedError, before, found_loss, operation, target_of
from .lazy_torch import AutogradNode, Tensor

TRANSPOSES = ("T", "Transpose", "Permute", "NumpyT")
MOST_NUMBERS = 4_000_000
"""A network with more is looked at by its tensors."""
SELU = (1.6732632423543772, 1.0507009873554805)


@dataclass(frozen=True, eq=False, kw_only=True)
class ChainLayer:
    """A layer: z = x Wᵀ + b, a = f(z)."""

    node: AutogradNode
    """Whose gradient is dz."""
    activation: str
    activation_node: AutogradNode | None
    """Whose gradient is da; None for the identity, and for what is part of the loss."""
    weight: Tensor
    bias: Tensor | None
    bias_is_added: bool
    """After the product, as a script writes it by hand."""
    is_transposed: bool
    """The script keeps W as (n_in, n_out)."""
    x: Tensor
    """(batch, n_in)."""

    def matrix(self, of: Tensor) -> Tensor:
        """W, or what is of its shape, as (n_out, n_in)."""
        return of.t() if self.is_transposed else of

    @property
    def n_out(self) -> int:
        """Its neurons."""
        return int(self.matrix(self.weight).shape[0])

    @property
    def n_in(self) -> int:
        """Its inputs."""
        return int(self.matrix(self.weight).shape[1])

    def z(self) -> Tensor:
        """What the operation of the script gives, by the same operation."""
        x, weight = self.x.detach(), self.weight.detach()
        bias = None if self.bias is None else self.bias.detach()
        if not self.is_transposed and not self.bias_is_added:
            return torch.nn.functional.linear(x, weight, bias)
        z = x @ (weight if self.is_transposed else weight.t())
        return z if bias is None else z + bias


@dataclass(frozen=True, eq=False, kw_only=True)
class Chain:
    """A recognized network and its loss, in one step."""

    layers: tuple[ChainLayer, ...]
    loss: FoundLoss

    @property
    def signature(self) -> tuple[object, ...]:
        """What a description depends on."""
        layers = tuple((each.activation, id(each.weight), id(each.bias)) for each in self.layers)
        return *layers, self.loss.name, self.loss.core_name, self.loss.reduction, self.loss.folded


def recognized_chain(loss: Tensor) -> Chain:
    """The layers and the loss function of a number that is about to be gone back from.

    Raises:
        UnrecognizedError: they are not those of a network that nn-tui can compute too.
    """
    found = found_loss(loss)
    node = before(found.node)
    layers: list[ChainLayer] = []
    while node is not None and operation(node) != "AccumulateGrad":
        activation, activation_node = (found.folded, None) if not layers and found.folded else _activation(node)
        if activation_node is not None:
            node = before(node.next_functions[0][0])
        layer, node = _layer(node, activation, activation_node)
        layers.append(layer)
        node = before(node)
    layers.reverse()
    _check(layers)
    return Chain(layers=tuple(layers), loss=_complete(found, layers[-1]))


def _complete(found: FoundLoss, last: ChainLayer) -> FoundLoss:
    """A loss by hand, whose target follows from the prediction."""
    if found.folded or found.prediction is not None:
        return found
    node, z = last.activation_node, last.z()
    prediction = z if node is None else getattr(node, "_saved_result", None)
    if prediction is None:
        prediction = apply_activation(last.activation, z)
    target = target_of(found.target, prediction)
    return FoundLoss(**{**_fields(found), "target": target, "prediction": prediction})


def _fields(found: FoundLoss) -> dict[str, Any]:
    return {name: getattr(found, name) for name in FoundLoss.__dataclass_fields__}


def _check(layers: list[ChainLayer]) -> None:
    if not layers:
        raise UnrecognizedError("the loss does not depend on a layer")
    batch = layers[0].x.shape[0]
    for before_it, layer in zip(layers, layers[1:], strict=False):
        if layer.n_in != before_it.n_out or layer.x.shape[0] != batch:
            raise UnrecognizedError("the outputs of a layer are arranged in another way before the next")
    if len({id(layer.weight) for layer in layers}) < len(layers):
        raise UnrecognizedError("two layers share their weights")
    if len({layer.bias is None for layer in layers}) > 1:
        raise UnrecognizedError("some layers have biases and others none")
    types = {str(layer.weight.dtype) for layer in layers} | {str(layers[0].x.dtype)}
    if types not in ({"torch.float32"}, {"torch.float64"}):
        raise UnrecognizedError(f"expected float32 or float64, got {', '.join(sorted(types))}")
    numbers = sum(layer.weight.numel() for layer in layers) + layers[0].x.numel()
    if numbers > MOST_NUMBERS:
        raise UnrecognizedError(f"{numbers} weights and inputs are too many to show each of them")
    vector = [layer.activation for layer in layers[:-1] if layer.activation == "softmax"]
    if vector:
        raise UnrecognizedError("softmax is before the last layer")


def _layer(node: AutogradNode | None, activation: str, activation_node: AutogradNode | None) -> tuple[ChainLayer, Any]:
    """The layer whose z a node computes, and the node of its inputs."""
    top = node
    bias: Tensor | None = None
    is_added = node is not None and operation(node) == "Add"
    if node is not None and is_added:
        (first, _), (second, _) = node.next_functions
        node, bias = before(first), _leaf(second)
        if bias is None:
            raise UnrecognizedError("two parts of the network are added")
    name = "" if node is None else operation(node)
    if node is None or name not in ("Addmm", "Mm") or (name == "Addmm" and is_added):
        raise UnrecognizedError(f"expected Linear layers and activations, got {_shown(node)}")
    nexts = [each for each, _ in node.next_functions]
    if name == "Addmm":
        bias = _leaf(nexts[0])
        if bias is None or node._saved_alpha != 1 or node._saved_beta != 1:
            raise UnrecognizedError("a bias is frozen, or computed")
        nexts = nexts[1:]
    weight, is_transposed = _weight(nexts[1])
    x = node._saved_mat1 if name == "Addmm" else node._saved_self
    if bias is not None and bias.numel() != (weight.shape[1] if is_transposed else weight.shape[0]):
        raise UnrecognizedError("expected a bias for each neuron")
    layer = ChainLayer(
        node=top,
        activation=activation,
        activation_node=activation_node,
        weight=weight,
        bias=bias,
        bias_is_added=is_added,
        is_transposed=is_transposed,
        x=x,
    )
    return layer, nexts[0]


def _weight(node: AutogradNode | None) -> tuple[Tensor, bool]:
    is_transposed = True
    while node is not None and operation(node) in TRANSPOSES:
        node, is_transposed = node.next_functions[0][0], not is_transposed
    weight = _leaf(node)
    if weight is None:
        raise UnrecognizedError("a weight is frozen, or computed")
    return weight, is_transposed


def _leaf(node: AutogradNode | None) -> Tensor | None:
    return node.variable if node is not None and operation(node) == "AccumulateGrad" else None


def _shown(node: AutogradNode | None) -> str:
    words = {
        "NativeDropout": "dropout",
        "NativeLayerNorm": "layer norm",
        "NativeBatchNorm": "batch norm",
        "Mul": "a product, as dropout is one",
        "Convolution": "convolution",
        "MaxPool2DWithIndices": "pooling",
        "CompiledFunction": "a model that torch.compile made one operation of",
    }
    return "nothing" if node is None else words.get(operation(node), operation(node).lower())


def _activation(node: AutogradNode) -> tuple[str, AutogradNode | None]:
    """The name of the activation that a node computes; the identity where it computes none."""
    name = operation(node)
    if name in ("Addmm", "Mm", "Add"):
        return "identity", None
    if (read := _ACTIVATIONS.get(name)) is None or (found := read(node)) is None:
        raise UnrecognizedError(f"expected Linear layers and activations, got {_shown(node)}")
    return found, node


def _numbered(name: str, number: float, usual: float) -> str:
    return name if number == usual else f"{name}({number!r})"


def _elu(node: AutogradNode) -> str | None:
    alpha, scale = float(node._saved_alpha), float(node._saved_scale)
    if isclose(alpha, SELU[0]) and isclose(scale, SELU[1]):
        return "selu"
    return _numbered("elu", alpha, 1.0) if scale == 1.0 and alpha > 0 and node._saved_input_scale == 1 else None


def _leaky(node: AutogradNode) -> str | None:
    slope = float(node._saved_negative_slope)
    return _numbered("leaky-relu", slope, 0.01) if 0 < slope <= 1 else None


_ACTIVATIONS: dict[str, Callable[[AutogradNode], str | None]] = {
    "Sigmoid": lambda node: "sigmoid",
    "Tanh": lambda node: "tanh",
    "Relu": lambda node: "relu",
    "LeakyRelu": _leaky,
    "Elu": _elu,
    "Celu": lambda node: "elu" if node._saved_alpha == 1 else None,
    "Gelu": lambda node: "gelu-tanh" if node._saved_approximate == "tanh" else "gelu",
    "Silu": lambda node: "silu",
    "Softplus": lambda node: "softplus" if node._saved_beta == 1 else None,
    "Softmax": lambda node: "softmax" if node._saved_dim in (1, -1, 2**64 - 1) else None,
}


def apply_activation(name: str, z: Tensor) -> Tensor:
    """The activation of z, by PyTorch."""
    name, _, number = name.removesuffix(")").partition("(")
    functional = torch.nn.functional
    match name:
        case "sigmoid":
            return torch.sigmoid(z)
        case "softmax":
            return torch.softmax(z, 1)
        case "leaky-relu":
            return functional.leaky_relu(z, float(number or 0.01))
        case "elu":
            return functional.elu(z, float(number or 1.0))
        case "gelu-tanh":
            return functional.gelu(z, approximate="tanh")
        case "identity":
            return z
    return getattr(functional, name)(z)
