"""PyTorch, imported on first use; this is the only file that imports it.

Use it as `from . import lazy_torch as torch`.
"""

from importlib import import_module
from typing import Any, TypeAlias

Tensor: TypeAlias = Any
AutogradNode: TypeAlias = Any
"""A node of the graph of a backward pass."""
TorchModule: TypeAlias = Any
TorchOptimizer: TypeAlias = Any


def torch_part(name: str) -> Any:
    """A module of PyTorch that must be imported by its own name."""
    return import_module(f"torch.{name}")


def __getattr__(name: str) -> Any:
    """Any name of PyTorch, which is then kept in this module."""
    if name.startswith("__"):
        raise AttributeError(name)
    found = globals()[name] = getattr(import_module("torch"), name)
    return found
