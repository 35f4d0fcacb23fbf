"""Capturing every number of a step of a recognized network, at the start of the backward pass and during it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

import numpy as np

from ...core.functions.activations import activation_of
from ...core.functions.arrays import Array
from ..live.messages import Block, Recognized, StepNumbers
from ..schema import NetworkTable, TrainingTable
from . import lazy_torch as torch
from .autograd_chain import Chain, ChainLayer, apply_activation, recognized_chain
from .lazy_torch import Tensor, TorchOptimizer
from .loss_by_value import KnownLosses
from .torch_optimizers import FoundOptimizer, found_optimizer, learning_rate, slots_of


class StepCapture:
    """The numbers of a step, from the beginning of its backward pass on.

    Only hooks of the graph's own nodes are added, and the graph ends with the backward pass.
    """

    def __init__(self, loss: Tensor, known: KnownLosses | None = None, scale: float = 1.0) -> None:
        """Read the numbers of the forward pass.

        Args:
            loss: the loss of the backward pass.
            known: losses that were already recognized by their values.
            scale: what a scaler of half precision multiplies the loss by before the backward pass.

        Raises:
            UnrecognizedError: nn-tui cannot compute the network.
        """
        self._scale = scale
        self.chain: Chain = recognized_chain(loss, known or KnownLosses())
        last = self.chain.layers[-1]
        examples = last.x.shape[0]
        self._y = self.chain.loss.y(examples, last.n_out)
        self._weights = self.chain.loss.weights(examples, last.n_out)
        with torch.no_grad():
            self._z = [layer.z() for layer in self.chain.layers]
            self._X = _array(self.chain.layers[0].x)
            self._a = [_array(layer.x) for layer in self.chain.layers[1:]]
            prediction = self.chain.loss.prediction
            if prediction is None:
                prediction = apply_activation(last.activation, self._z[-1])
            self._a.append(_array(prediction).reshape(examples, last.n_out))
        self._loss = float(loss.detach())
        self._own: Mapping[int, Tensor | None] | None = None
        self._gradients: dict[tuple[str, int], Array] = {}
        self._hooks = [hook for number, layer in enumerate(self.chain.layers) for hook in self._hook(number, layer)]

    def _hook(self, number: int, layer: ChainLayer) -> list[Any]:
        shape = (layer.x.shape[0], layer.n_out)
        keep = partial(_keep, self._gradients, shape, self._scale)
        hooks = [layer.node.register_prehook(partial(keep, ("dz", number)))]
        if layer.activation_node is not None:
            hooks.append(layer.activation_node.register_prehook(partial(keep, ("da", number))))
        return hooks

    def take_gradients(self, gradients: Mapping[int, Tensor | None]) -> None:
        """Take these gradients, by the id of each parameter, instead of what the script has computed."""
        self._own = gradients

    def release(self) -> None:
        """Remove the hooks from the graph."""
        for hook in self._hooks:
            hook.remove()
        self._hooks = []

    @property
    def is_complete(self) -> bool:
        """Whether the backward pass has reached every layer."""
        return all(("dz", number) in self._gradients for number in range(len(self.chain.layers)))

    def dead_neurons(self) -> frozenset[tuple[int, ...]]:
        """Layer and number, from 0, of each relu neuron that is 0 for all examples."""
        layers = [n for n, each in enumerate(self.chain.layers) if activation_of(each.activation).can_die]
        return frozenset((n, i) for n in layers for i in (self._z[n].amax(0) <= 0).nonzero().flatten().tolist())

    def recognized(self, optimizer: TorchOptimizer, names: dict[int, str]) -> Recognized:
        """The network and its training, as nn-tui computes them.

        Args:
            optimizer: the optimizer of the parameters.
            names: the names of the parameters, by their id.
        """
        rule = found_optimizer(optimizer, self.chain)
        layers = self.chain.layers
        return Recognized(
            network=NetworkTable(
                layers=[layers[0].n_in, *(layer.n_out for layer in layers)],
                activations=[layer.activation for layer in layers],
                bias="none" if layers[0].bias is None else "per-neuron",
            ),
            training=self._training(rule, optimizer),
            layers=tuple(_owner(names.get(id(layer.weight), "")) for layer in layers),
            no_update=rule.no_update,
        )

    def _training(self, rule: FoundOptimizer, optimizer: TorchOptimizer) -> TrainingTable:
        loss, reduction = self.chain.loss.for_outputs(self.chain.layers[-1].n_out)
        weights = self.chain.loss.class_weights
        return TrainingTable(
            loss=loss,
            reduction=reduction,
            class_weights=None if weights is None else weights.detach().cpu().tolist(),
            optimizer=rule.table,
            learning_rate=learning_rate(optimizer) or 1.0,
            penalty=rule.penalty,
            dtype="float32" if self._X.dtype == np.float32 else "float64",
        )

    def step_numbers(self, step: int, optimizer: TorchOptimizer, rule: str | None, is_edited: bool) -> StepNumbers:
        """The complete step, with the gradients that the update uses.

        Args:
            step: updates done before.
            optimizer: the optimizer of the parameters.
            rule: the name of its rule in nn-tui; None if there is none.
            is_edited: a parameter was edited meanwhile.
        """
        layers = self.chain.layers
        dtype = self._X.dtype
        slots, updates = slots_of(optimizer, self.chain, rule) if rule else ([], 0)
        W = [_array(layer.matrix(layer.weight)) for layer in layers]
        b = [_vector(layer.bias, dtype) for layer in layers]
        return StepNumbers(
            step=step,
            loss=self._loss,
            learning_rate=learning_rate(optimizer),
            X=Block.of(self._X),
            y=Block.of(self._y.astype(dtype)),
            z=_blocks([_array(z) for z in self._z]),
            a=_blocks(self._a),
            dz=_blocks([self._gradients[("dz", number)] for number in range(len(layers))]),
            da=_blocks([self._da(number) for number in range(len(layers) - 1)]),
            W=_blocks(W),
            b=_blocks(b),
            dW=_blocks([_array(layer.matrix(self._gradient(layer.weight))) for layer in layers]),
            db=_blocks([_vector(self._gradient(layer.bias), dtype) for layer in layers]),
            slots=_blocks(slots),
            updates=updates,
            weights=None if self._weights is None else Block.of(self._weights.astype(dtype)),
            is_edited=is_edited,
        )

    def _gradient(self, parameter: Tensor | None) -> Tensor | None:
        if parameter is None:
            return None
        found = parameter.grad if self._own is None else self._own.get(id(parameter))
        return parameter.new_zeros(parameter.shape) if found is None else found

    def _da(self, number: int) -> Array:
        """∂L/∂a; that of the identity is ∂L/∂z."""
        return self._gradients.get(("da", number), self._gradients[("dz", number)])


def _keep(
    gradients: dict[Any, Array], shape: tuple[int, int], scale: float, key: Any, arriving: tuple[Tensor, ...]
) -> None:
    if arriving[0] is not None:
        gradients[key] = (_array(arriving[0]) / np.float32(scale)).reshape(shape)


def _array(tensor: Tensor) -> Array:
    array: Array = np.array(tensor.detach().cpu().numpy())
    return array


def _vector(tensor: Tensor | None, dtype: Any) -> Array:
    return np.zeros(0, dtype) if tensor is None else _array(tensor).reshape(-1)


def _blocks(arrays: list[Array]) -> tuple[Block, ...]:
    return tuple(map(Block.of, arrays))


def _owner(parameter: str) -> str:
    """The path of the module that has a parameter."""
    return parameter.rpartition(".")[0]
