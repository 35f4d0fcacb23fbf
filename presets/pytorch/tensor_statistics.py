"""Statistics, windows and histograms of tensors that are too large to show whole."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from math import isfinite
from typing import Any

from ..live.messages import Block, ModuleStatistics, Window
from ..live.orders import WindowAt
from . import lazy_torch as torch
from .lazy_torch import Tensor, TorchModule

OUTPUT, GRADIENT = " output", " gradient"
"""The endings of names of tensors that are no parameters."""
MOST_AT_ONCE = 1_000_000
"""Most numbers that are read in one step while training runs; the others follow in later steps."""
SAMPLE = 4_096
BINS = 40


class Outputs:
    """The outputs of modules in one step, and their gradients, by one hook for all modules."""

    def __init__(self, paths: dict[int, str]) -> None:
        self.values: dict[str, Tensor] = {}
        self.gradients: dict[str, Tensor] = {}
        self.scale = 1.0
        """What a scaler of half precision has multiplied the gradients by."""
        self._paths = paths
        self._hook = torch.nn.modules.module.register_module_forward_hook(self._see)

    def _see(self, module: TorchModule, arguments: object, output: Any) -> None:
        path = self._paths.get(id(module))
        tensor = first_tensor(output)
        if path is None or tensor is None or not (tensor.is_floating_point() or tensor.is_complex()):
            return
        self.values[path + OUTPUT] = tensor.detach()
        if tensor.requires_grad and tensor.grad_fn is not None:
            tensor.register_hook(_Keep(self, path + OUTPUT))

    def tensor(self, name: str) -> Tensor | None:
        """An output, or its gradient."""
        return self.gradients.get(name.removesuffix(GRADIENT)) if name.endswith(GRADIENT) else self.values.get(name)

    def close(self) -> None:
        """Remove the hook."""
        self._hook.remove()


class _Keep:
    """Add a hook to a tensor, which ends with it."""

    def __init__(self, outputs: Outputs, name: str) -> None:
        self._outputs, self._name = outputs, name

    def __call__(self, gradient: Tensor) -> None:
        scale, gradient = self._outputs.scale, gradient.detach()
        self._outputs.gradients[self._name] = gradient if scale == 1.0 else gradient.float() / scale


def first_tensor(value: Any) -> Tensor | None:
    """The first tensor of a module's output, which may be within others."""
    if torch.is_tensor(value):
        return value
    within = value.values() if isinstance(value, dict) else value if isinstance(value, tuple | list) else ()
    return next((found for each in within if (found := first_tensor(each)) is not None), None)


def in_turn(parameters: dict[str, Tensor], begin: int, most: int = MOST_AT_ONCE) -> tuple[list[str], int]:
    """Some parameters from an index on, at least one, and the index of the next; all if they are few."""
    names = [*parameters]
    chosen: list[str] = []
    numbers = 0
    while names and len(chosen) < len(names):
        name = names[(begin + len(chosen)) % len(names)]
        numbers += parameters[name].numel()
        if chosen and numbers > most:
            break
        chosen.append(name)
    return chosen, (begin + len(chosen)) % max(1, len(names))


def statistics_of(
    name: str, values: Tensor, gradient: Tensor | None = None, change: float | None = None
) -> ModuleStatistics:
    """The statistics of one tensor."""
    values, gradient = _dense(values), None if gradient is None else _dense(gradient)
    norm, count = norm_of(values), values.numel()
    # If the norm is finite, so are all numbers; otherwise the others are counted.
    broken = 0 if isfinite(norm) else count - int(torch.isfinite(values).sum())
    gradient_norm = None if gradient is None else norm_of(gradient)
    return ModuleStatistics(
        name=name[:500],
        shape=tuple(values.shape),
        norm=norm,
        gradient_norm=gradient_norm,
        change=change,
        zeros=(count - int(torch.count_nonzero(values))) / count if count else 0.0,
        not_finite=broken,
    )


def norm_of(tensor: Tensor, order: float = 2.0) -> float:
    """The length of a tensor as one vector, or its largest number; a length may be too large for half precision."""
    wide = torch.float32 if tensor.dtype in (torch.float16, torch.bfloat16) else None
    return float(torch.linalg.vector_norm(tensor.detach(), order, dtype=wide)) if tensor.numel() else 0.0


def _dense(tensor: Tensor) -> Tensor:
    """The numbers that a tensor holds; of a sparse gradient those that are not 0 by design."""
    tensor = tensor.detach()
    return tensor.coalesce().values() if tensor.is_sparse else tensor


def rows_of(
    names: Iterable[str], parameters: dict[str, Tensor], changes: dict[str, float], outputs: Outputs | None
) -> Iterator[ModuleStatistics]:
    """The statistics of some parameters, and of all kept outputs."""
    for name in names:
        parameter = parameters[name]
        yield statistics_of(name, parameter, parameter.grad, changes.get(name))
    if outputs is not None:
        for name, values in outputs.values.items():
            yield statistics_of(name, values, outputs.gradients.get(name))


def relative_change(before: Tensor, after: Tensor) -> float:
    """‖ΔW‖ / ‖W‖."""
    norm = norm_of(before)
    return norm_of(after.detach() - before) / norm if norm else 0.0


def window_of(step: int, at: WindowAt, tensor: Tensor) -> Window:
    """A window of a tensor, and the histogram of all of it, or of a sample; of complex numbers their magnitudes."""
    tensor = tensor.detach().abs() if tensor.is_complex() else tensor.detach()
    plane = _plane(tensor, at.index)
    part = plane[at.top : at.top + at.rows, at.left : at.left + at.columns]
    flat = tensor.reshape(-1)
    if flat.numel() > SAMPLE:
        flat = flat[:: -(-flat.numel() // SAMPLE)]
    numbers = flat.double()  # a copy: the sample lies far apart in memory, so it is read once
    if not isfinite(float(numbers.sum())):
        numbers = numbers[torch.isfinite(numbers)]
    least, greatest = (float(numbers.min()), float(numbers.max())) if numbers.numel() else (0.0, 0.0)
    values = part.cpu()
    return Window(
        step=step,
        name=at.tensor,
        shape=tuple(tensor.shape),
        index=at.index,
        top=at.top,
        left=at.left,
        values=Block.of((values if values.dtype == torch.float32 else values.double()).numpy()),
        counts=_counts(numbers, least, greatest),
        least=least,
        greatest=greatest,
    )


def _counts(numbers: Tensor, least: float, greatest: float) -> tuple[int, ...]:
    """The histogram; if all numbers are equal, they are in the middle."""
    if not isfinite(greatest - least):
        return (0,) * BINS
    return tuple(int(each) for each in torch.histc(numbers, BINS, least, greatest).tolist())


def _plane(tensor: Tensor, index: tuple[int, ...]) -> Tensor:
    """The last two axes; of a vector one row."""
    while tensor.dim() > 2:
        chosen, index = (index[0], index[1:]) if index else (0, ())
        tensor = tensor[min(chosen, tensor.shape[0] - 1)]
    return tensor.reshape(1, -1) if tensor.dim() < 2 else tensor
