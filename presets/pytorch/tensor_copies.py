"""Copies of many small tensors, by a few calls of PyTorch."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from . import lazy_torch as torch
from .lazy_torch import Tensor


class KeptTensors(NamedTuple):
    """Some tensors, and a copy of their numbers."""

    tensors: list[Tensor]
    numbers: Tensor
    """The numbers of all, one after the other; of a single tensor, such as a sparse one, its clone."""
    sizes: list[int]
    """How many numbers each has; empty for a clone."""

    def parts(self) -> Iterator[tuple[Tensor, Tensor]]:
        """Each tensor and its copy."""
        if not self.sizes:
            yield self.tensors[0], self.numbers
        else:
            for each, numbers in zip(self.tensors, self.numbers.split(self.sizes), strict=True):
                yield each, numbers.view(each.shape)

    def restore(self) -> None:
        """Write back what has changed, and nothing else, as a graph of the script can need a tensor unwritten."""
        with torch.no_grad():
            for each, kept in self.parts():
                if each.layout is not torch.strided or not _is_same(each, kept):
                    each.copy_(kept)


class TensorCopies:
    """Copies the same tensors again and again, so their views as vectors are made once."""

    def __init__(self) -> None:
        self._ids: list[int] = []
        self._places: list[int] = []
        """Where the numbers of each tensor of a group are, as a script can exchange them."""
        self._groups: list[tuple[list[Tensor], list[Tensor], list[int]]] = []
        """Tensors of one type and device, their views, and their sizes."""
        self._in_groups: list[Tensor] = []
        self._others: list[Tensor] = []

    def of(self, tensors: Sequence[Tensor | None]) -> list[KeptTensors]:
        """Copies of tensors.

        Args:
            tensors: what is None is left out.
        """
        if not tensors:
            return []
        with torch.no_grad():
            if self._ids != list(map(id, tensors)) or self._places != _places(self._in_groups):
                self._group([each for each in tensors if each is not None])
                self._ids, self._places = list(map(id, tensors)), _places(self._in_groups)
            kept = [KeptTensors(each, torch.cat(views), sizes) for each, views, sizes in self._groups]
            return kept + [KeptTensors([each], each.clone(), []) for each in self._others]

    def _group(self, tensors: list[Tensor]) -> None:
        plain, groups = type(torch.empty(0)), dict[Any, tuple[list[Tensor], list[Tensor], list[int]]]()
        self._in_groups, self._others = [], []
        for each in tensors:
            if type(each) is plain and each.layout is torch.strided and each.is_contiguous():
                group = groups.setdefault((each.dtype, each.device), ([], [], []))
                for part, value in zip(group, (each, each.detach().view(-1), each.numel()), strict=True):
                    part.append(value)
                self._in_groups.append(each)
            else:
                self._others.append(each)
        self._groups = [*groups.values()]


def _places(tensors: list[Tensor]) -> list[int]:
    return [each.data_ptr() for each in tensors]


def _is_same(one: Tensor, other: Tensor) -> bool:
    """Whether all bits are equal: a nan is equal to itself."""
    return bool(torch.equal(_bytes(one), _bytes(other)))


def _bytes(tensor: Tensor) -> Tensor:
    return tensor.detach().resolve_conj().flatten().view(torch.uint8)
