"""The trained model: found by the parameters of its optimizer, described as a tree, with tensors by name."""

from __future__ import annotations

import weakref
from math import sqrt
from typing import Any

from ..live.messages import ModelDescription, Module, Recognized
from ..live.orders import EditParameter
from . import lazy_torch as torch
from .lazy_torch import Tensor, TorchModule, TorchOptimizer

MOST_MODULES = 20_000


class ModelFinder:
    """Records called modules until the trained model is known."""

    def __init__(self) -> None:
        self._seen: dict[int, Any] = {}
        self._hook: Any = torch.nn.modules.module.register_module_forward_pre_hook(self._see)
        self._best: Any = None
        """A weak reference to the model."""

    def _see(self, module: TorchModule, arguments: object) -> None:
        if id(module) not in self._seen:
            self._seen[id(module)] = weakref.ref(module)

    def found(self, optimizer: TorchOptimizer) -> TorchModule | None:
        """The outermost module with most of the optimizer's parameters; this ends the search."""
        if self._hook is not None:
            self.close()
            best = self._outermost({id(each) for group in optimizer.param_groups for each in group["params"]})
            self._best = None if best is None else weakref.ref(best)
            self._seen.clear()
        return None if self._best is None else self._best()

    def _outermost(self, moved: set[int]) -> TorchModule | None:
        best, most = None, (0, 0)
        for module in (reference() for reference in self._seen.values()):
            if module is None:
                continue
            held = sum(id(each) in moved for each in module.parameters())
            size = (held, sum(1 for _ in module.modules()))
            if held and size > most:
                best, most = module, size
        return best

    def close(self) -> None:
        """Remove the hook from PyTorch, where it is still in."""
        hook, self._hook = self._hook, None
        if hook is not None:
            hook.remove()


class Model:
    """The trained module, or parameters without a module."""

    def __init__(self, module: TorchModule | None, optimizer: TorchOptimizer) -> None:
        self.wrapper = module
        """Its name in the script."""
        self.module = getattr(module, "module", module) if _is_parallel(module) else module
        self.parameters = self._named(optimizer)
        self.names = {id(parameter): name for name, parameter in self.parameters.items()}
        self.paths = {} if self.module is None else {id(each): path for path, each in self.module.named_modules()}
        self.is_compiled = self.module is not None and any(map(_is_compiled, self.module.modules()))
        """Whether it was made by torch.compile, which a hook of a module would undo."""

    @property
    def dtype(self) -> Any:
        """The type of parameter with the smallest range."""
        kinds = {each.dtype for each in self.parameters.values() if each.is_floating_point()}
        return min(kinds, key=lambda kind: torch.finfo(kind).max, default=torch.float32)

    @property
    def greatest_rate(self) -> float:
        """A larger learning rate would overflow in the optimizer's products."""
        return sqrt(torch.finfo(self.dtype).max)

    def _named(self, optimizer: TorchOptimizer) -> dict[str, Tensor]:
        if self.module is not None:
            return dict(self.module.named_parameters())
        moved = [each for group in optimizer.param_groups for each in group["params"]]
        return {f"parameter {number}": each for number, each in enumerate(moved)}

    def edit(self, order: EditParameter) -> str:
        """Change a number of a parameter, or return the reason why not."""
        parameter = self.parameters.get(order.parameter)
        if parameter is None:
            return f"there is no parameter {order.parameter}"
        shape = tuple(parameter.shape)
        if len(order.index) != len(shape) or any(i >= n for i, n in zip(order.index, shape, strict=True)):
            return f"{order.parameter} is of the shape {shape}, got the index {order.index}"
        if parameter.is_complex():
            return f"{order.parameter} has complex numbers, of which the magnitudes are shown; they cannot be edited"
        parameter.data[order.index] = order.value
        return ""

    def tree(self) -> tuple[Module, ...]:
        """All modules, each with its own parameters."""
        if self.module is None:
            shapes, of_complex = _shapes(self.parameters)
            return (Module(path="", kind="parameters", parameters=shapes, complex=of_complex),)
        rows = [_row(path, each, self.names) for path, each in self.module.named_modules()]
        return tuple(rows[:MOST_MODULES])

    def described(self, recognized: Recognized | None, reason: str, loss: str, optimizer: Any) -> ModelDescription:
        """The description of the model and its training."""
        return ModelDescription(
            modules=self.tree(), recognized=recognized, reason=reason, loss=loss, optimizer=type(optimizer).__name__
        )


def _is_parallel(module: TorchModule | None) -> bool:
    return type(module).__name__ in ("DistributedDataParallel", "DataParallel", "FullyShardedDataParallel")


def _is_compiled(module: TorchModule) -> bool:
    return type(module).__name__ == "OptimizedModule" or getattr(module, "_compiled_call_impl", None) is not None


def _row(path: str, module: TorchModule, names: dict[int, str]) -> Module:
    """A module with its own parameters; one that is another module's too is named, and listed there alone."""
    prefix = f"{path}." if path else ""
    every = {prefix + name: each for name, each in module.named_parameters(recurse=False)}
    own = {name: each for name, each in every.items() if names.get(id(each), name) == name}
    shared = [
        f"{name.removeprefix(prefix)}=that of {names[id(each)]}" for name, each in every.items() if name not in own
    ]
    settings = [] if any(True for _ in module.children()) else [module.extra_repr()]
    shapes, of_complex = _shapes(own)
    return Module(
        path=path,
        kind=type(module).__name__,
        detail=", ".join(part for part in [*settings, *shared] if part)[:500],
        parameters=shapes,
        complex=of_complex,
    )


def _shapes(parameters: dict[str, Tensor]) -> tuple[tuple[tuple[str, tuple[int, ...]], ...], tuple[str, ...]]:
    """The shape of each parameter, and the names of the complex ones."""
    shapes = tuple((name, tuple(each.shape)) for name, each in parameters.items())
    return shapes, tuple(name for name, each in parameters.items() if each.is_complex())
