"""The state of a model that its forward pass can change, and how it is restored."""

from __future__ import annotations

from collections import Counter, OrderedDict, defaultdict, deque
from collections.abc import Set
from typing import Any, Self

import numpy as np

from . import lazy_torch as torch
from .lazy_torch import Tensor, TorchModule

CONTAINERS = frozenset({list, dict, set, deque, OrderedDict, defaultdict, Counter})
LARGE = 100_000
"""Numbers of an array above which its copy takes too long for each step; buffers are copied at any size."""
FEW = 32
"""Most values of a container that are searched for further containers."""


class ChangingModules:
    """The modules of a model whose state is restored."""

    def __init__(self, module: TorchModule) -> None:
        modules = list(module.modules())
        common = vars(torch.nn.Module()).keys()
        own = [each for each in modules if not type(each).__module__.startswith("torch.")]
        self.own = [OwnAttributes(vars(each), common) for each in own]
        """The attributes of each module of a class of the script, such as a counter of calls."""
        self.buffers: list[dict[str, Tensor | None]] = [each._buffers for each in modules]
        self.parts = [part for each in own for part in (each._parameters, each._modules)]
        """The parameters and the modules of each module of the script."""
        self.kinds = CONTAINERS | {type(torch.empty(0)), np.ndarray}


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

    Containers are copied, what they contain is not: an object of a class of the script stays as it is.
    """

    def __init__(self, modules: ChangingModules) -> None:
        self._attributes = [(own.attributes, own.attributes.copy()) for own in modules.own]
        self._containers: list[tuple[Any, Any]] = [(each, each.copy()) for each in modules.buffers if each]
        self._tensors: list[tuple[Tensor, Tensor]] = []
        tensors = [each for buffers, _ in self._containers for each in buffers.values()]
        self._kinds = kinds = modules.kinds
        for own in modules.own:
            attributes = own.attributes
            for name in own.names():
                if type(attributes.get(name)) in kinds:
                    self._keep(attributes[name], tensors, FEW)
        if tensors:
            self._keep_tensors(tensors)

    def with_all(self, modules: ChangingModules, other: RestorableState) -> Self:
        """Keep parameters and modules too, which seldom change, and the present values of what another moment has.

        An attribute can name another object than at that moment.
        """
        others = [each for each, _ in other._containers]
        self._containers += [(each, each.copy()) for each in (*others, *modules.parts, *modules.buffers)]
        self._keep_tensors([each for each, _ in other._tensors])
        return self

    def restore(self) -> None:
        """Make the model what it was, in the same objects."""
        for own, kept in self._attributes:
            for name in own.keys() - kept.keys():
                del own[name]
            own.update(kept)
        for each, kept in self._containers:
            _refill(each, kept)
        with torch.no_grad():
            for each, kept in self._tensors:
                # Where nothing has changed, nothing is written, as a graph of the script can need the tensor unwritten.
                if each.layout is not torch.strided or not torch.equal(each, kept):
                    each.copy_(kept)

    def _keep(self, value: Any, tensors: list[Tensor], few: int) -> None:
        """Keep a container or an array, and those in a container of few values."""
        kind = type(value)
        if kind in CONTAINERS:
            self._containers.append((value, value.copy()))
            if 0 < len(value) <= few:
                values = value.values() if isinstance(value, dict) else value
                if not self._kinds.isdisjoint(map(type, values)):
                    for each in [each for each in values if type(each) in self._kinds]:
                        self._keep(each, tensors, 0)
        elif kind is np.ndarray:
            if value.size <= LARGE and value.flags.writeable:
                self._containers.append((value, value.copy()))
        elif value.numel() <= LARGE and not value.requires_grad:
            tensors.append(value)

    def _keep_tensors(self, tensors: list[Tensor | None]) -> None:
        with torch.no_grad():
            self._tensors += [(each, each.clone()) for each in tensors if each is not None]


def _refill(container: Any, kept: Any) -> None:
    if isinstance(container, np.ndarray | list):
        container[:] = kept
        return
    container.clear()
    container.extend(kept) if isinstance(container, deque) else container.update(kept)
