"""The state of a model that its forward pass can change, and how it is restored."""

from __future__ import annotations

from collections import Counter, OrderedDict, defaultdict, deque
from collections.abc import Set
from math import inf
from typing import Any, NamedTuple, Self

import numpy as np

from . import lazy_torch as torch
from .lazy_torch import Tensor, TorchModule
from .tensor_copies import TensorCopies

CONTAINERS = frozenset({list, dict, set, tuple, deque, OrderedDict, defaultdict, Counter})
LARGE = 100_000
"""Numbers of an array above which its copy takes too long for each step; buffers are copied at any size."""


class CopyBounds(NamedTuple):
    """How much is kept of one moment, besides buffers."""

    copied: float = 100_000
    """Most values of all containers together."""
    searched: float = 1_000
    """Most values that are searched for further containers; this takes twenty times as long as their copy."""
    array: float = LARGE
    """Most numbers of an array."""


EACH_STEP = CopyBounds()
NO_BOUNDS = CopyBounds(inf, inf, inf)


class ChangingModules:
    """The modules of a model whose state is restored."""

    def __init__(self, module: TorchModule) -> None:
        modules = list(module.modules())
        common = vars(torch.nn.Module()).keys()
        own = [each for each in modules if not type(each).__module__.startswith("torch.")]
        self.own = [OwnAttributes(vars(each), common) for each in own]
        """The attributes of each module of a class of the script, such as a counter of calls."""
        self.buffers: list[dict[str, Tensor | None]] = [each._buffers for each in modules]
        self.can_change = bool(own) or any(self.buffers)
        """Whether there is anything that a forward pass can change."""
        self.parts = [part for each in own for part in (each._parameters, each._modules)]
        """The parameters and the modules of each module of the script."""
        self.kinds = CONTAINERS | {type(torch.empty(0)), np.ndarray}
        self.copies = TensorCopies()


class OwnAttributes:
    """The attributes of a module, and the names of those that are its own; searched again if their number changes."""

    def __init__(self, attributes: dict[str, Any], common: Set[str]) -> None:
        self.attributes, self._common = attributes, common
        self._count, self._names = 0, list[str]()

    def names(self) -> list[str]:
        """The names of what is its own."""
        if self._count != len(self.attributes):
            self._count = len(self.attributes)
            self._names = [each for each in self.attributes if each not in self._common]
        return self._names


class RestorableState:
    """The attributes, containers and buffers of a model at one moment.

    Containers are copied, and those in them, however deep; an object of a class of the script stays as it is.
    """

    def __init__(self, modules: ChangingModules, bounds: CopyBounds = EACH_STEP) -> None:
        self._kinds, self._bounds = modules.kinds, bounds
        self._attributes = [(own.attributes, own.attributes.copy()) for own in modules.own]
        self._containers: list[tuple[Any, Any]] = [(each, each.copy()) for each in modules.buffers if each]
        tensors = [each for buffers, _ in self._containers for each in buffers.values()]
        values: list[Any] = []
        for own in modules.own:
            attributes = own.attributes
            for name in own.names():
                if type(value := attributes.get(name)) in self._kinds:
                    values.append(value)
        self._keep(values, tensors)
        self._tensors = modules.copies.of(tensors)

    @classmethod
    def after(cls, modules: ChangingModules, before: RestorableState) -> Self:
        """The present state, without bounds as it is needed once: of parameters and modules, and of all that is kept.

        Args:
            modules: of the model.
            before: another moment, at which an attribute may have named another object.
        """
        self = cls(modules, NO_BOUNDS)
        tensors = [each for kept in before._tensors for each, _ in kept.parts()]
        self._keep([each for each, _ in before._containers], tensors)
        self._containers += [(each, each.copy()) for each in (*modules.parts, *modules.buffers)]
        self._tensors += TensorCopies().of(tensors)
        return self

    def restore(self) -> None:
        """Make the model what it was, in the same objects."""
        for own, kept in self._attributes:
            for name in own.keys() - kept.keys():
                del own[name]
            own.update(kept)
        for each, kept in self._containers:
            _refill(each, kept)
        for tensors in self._tensors:
            tensors.restore()

    def _keep(self, values: list[Any], tensors: list[Tensor | None]) -> None:
        """Keep containers and arrays, and those in them, the outer ones first.

        Args:
            values: these containers, arrays and tensors; what they contain is appended.
            tensors: what is found is appended.
        """
        seen: set[int] = set()
        copied, searched, of_array = self._bounds
        for value in values:  # which grows
            kind = type(value)
            if kind is np.ndarray:
                if value.size <= of_array and value.flags.writeable:
                    self._containers.append((value, value.copy()))
            elif kind not in CONTAINERS:
                if value.numel() <= of_array and not value.requires_grad:
                    tensors.append(value)
            elif id(value) not in seen:
                seen.add(id(value))
                size = len(value)
                if kind is not tuple:
                    if size > copied:
                        continue
                    copied -= size
                    self._containers.append((value, value.copy()))
                if size <= searched:
                    searched -= size
                    within = value.values() if isinstance(value, dict) else value
                    if not self._kinds.isdisjoint(map(type, within)):
                        values += [each for each in within if type(each) in self._kinds]


def _refill(container: Any, kept: Any) -> None:
    if isinstance(container, np.ndarray | list):
        container[:] = kept
        return
    container.clear()
    container.extend(kept) if isinstance(container, deque) else container.update(kept)
