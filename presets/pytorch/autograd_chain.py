"""Finding the layers of a network in the graph of its backward pass, however the script wrote them.

The graph is what PyTorch differentiates; a functional activation and a module look alike in it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from math import isclose
from typing import Any

from . import lazy_torch as torch
from .autograd_losses import FoundLoss, UnknownLossError, UnrecognizedError, before, found_loss, operation
from .autograd_outputs import found_outputs
from .lazy_torch import AutogradNode, Tensor
from .loss_by_value import KnownLosses, WrittenLoss

TRANSPOSES = ("T", "Transpose", "Permute", "NumpyT")
MOST_NUMBERS = 4_000_000
"""Most numbers of a network that is shown whole; larger ones are shown by their tensors."""
SELU = (1.6732632423543772, 1.0507009873554805)


@dataclass(frozen=True, eq=False, kw_only=True)
class ChainLayer:
    """A layer: z = x Wᵀ + b, a = f(z)."""

    node: AutogradNode
    """The tensor whose gradient is dz."""
    activation: str
    activation_node: AutogradNode | None
    """The tensor whose gradient is da; None for the identity, and for an activation that is part of the loss."""
    weight: Tensor
    bias: Tensor | None
    bias_is_added: bool
    """A bias that the script adds after the product."""
    is_transposed: bool
    """Whether the script keeps W as (n_in, n_out)."""
    x: Tensor
    """(batch, n_in)."""

    def matrix(self, of: Tensor) -> Tensor:
        """W, or an array of its shape, as (n_out, n_in)."""
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
        """The output of the layer, computed by the script's own operation."""
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
        """The parts of the network that a description depends on."""
        layers = tuple((each.activation, id(each.weight), id(each.bias)) for each in self.layers)
        return *layers, self.loss.name, self.loss.core_name, self.loss.reduction, self.loss.folded


def recognized_chain(loss: Tensor, known: KnownLosses) -> Chain:
    """The layers and the loss function of a loss, before its backward pass.

    Args:
        loss: the loss.
        known: losses that were already recognized by their values.

    Raises:
        UnrecognizedError: nn-tui cannot compute the network.
    """
    try:
        found = found_loss(loss)
    except UnknownLossError as fault:
        if (chain := _of_formula(loss, known)) is None:
            raise fault from None
        return chain
    layers = _layers(found.node, found.folded)
    return Chain(layers=tuple(layers), loss=found)


def _layers(node: AutogradNode | None, folded: str) -> list[ChainLayer]:
    """The layers in order, found from the outputs back."""
    node = before(node)
    layers: list[ChainLayer] = []
    while node is not None and operation(node) != "AccumulateGrad":
        activation, activation_node = (folded, None) if not layers and folded else _activation(node)
        if activation_node is not None:
            node = before(node.next_functions[0][0])
        layer, node = _layer(node, activation, activation_node)
        layers.append(layer)
        node = before(node)
    layers.reverse()
    _check(layers)
    return layers


def _of_formula(loss: Tensor, known: KnownLosses) -> Chain | None:
    """A network under a loss that the script writes as a formula; None if no loss function has its value."""
    outputs = found_outputs(loss, _ACTIVATIONS)
    if outputs is None:
        return None
    layers = _layers(outputs.node, "")
    last = layers[-1]
    z = last.z()
    prediction = apply_activation(last.activation, z)
    written = WrittenLoss(
        value=float(loss.detach()),
        nodes=outputs.nodes,
        outputs=outputs.node,
        activation=last.activation,
        z=z.cpu().numpy(),
        y_hat=prediction.cpu().numpy(),
    )
    if (match := known.match(written)) is None:
        return None
    if is_folded := match.activation != last.activation:
        layers[-1] = replace(last, activation=match.activation)
    found = FoundLoss(
        name=f"{match.loss}, written as a formula",
        core_name=match.loss,
        reduction=match.reduction,
        node=outputs.node,
        target=torch.from_numpy(written.targets()[match.target]),
        prediction=None if is_folded else prediction,
        folded=match.activation if is_folded else "",
        factor=written.factor_of(match),
        is_written=True,
    )
    return Chain(layers=tuple(layers), loss=found)


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
    if any("complex" in each for each in types):
        raise UnrecognizedError("its numbers are complex; their magnitudes are shown")
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
        "Mul": "a product, such as dropout",
        "Convolution": "convolution",
        "MaxPool2DWithIndices": "pooling",
        "CompiledFunction": "a model that torch.compile made into one operation",
        "ToCopy": "numbers of half precision",
        "Expand": "outputs that are repeated, as their shape is not that of the targets",
    }
    return "nothing" if node is None else words.get(operation(node), operation(node).lower())


def _activation(node: AutogradNode) -> tuple[str, AutogradNode | None]:
    """The name of the activation that a node computes, or identity."""
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
