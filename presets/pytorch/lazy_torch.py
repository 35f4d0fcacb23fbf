"""PyTorch, imported by the process that trains with it and by nobody else: the one file that imports it.

Use it as `from . import lazy_torch as torch`.
"""

from importlib import import_module
from typing import Any, TypeAlias

Tensor: TypeAlias = Any
AutogradNode: TypeAlias = Any
"""Of the graph of a backward pass."""
TorchModule: TypeAlias = Any
TorchOptimizer: TypeAlias = Any


def torch_part(name: str) -> Any:
    """A module of PyTorch that is no attribute of the one above it."""
    return import_module(f"torch.{name}")


def __getattr__(name: str) -> Any:
    """Any name of PyTorch's; the next look finds it in this module itself."""
    if name.startswith("__"):
        raise AttributeError(name)
    found = globals()[name] = getattr(import_module("torch"), name)
    return found
