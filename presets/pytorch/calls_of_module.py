"""The calls of one module, seen without a trace in the module: a copy or a file of it is that of the plain model."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from . import lazy_torch as torch
from .lazy_torch import TorchModule


class CallsOfModule:
    """Sees the calls of one module by `__call__` of its class, which costs less than a hook of PyTorch."""

    def __init__(self, module: TorchModule, see: Callable[[tuple[Any, ...], dict[str, Any]], None]) -> None:
        """See calls from now on.

        Args:
            module: the module; calls of others of its class are let through.
            see: is called before each call, with its arguments and named arguments.
        """
        kind: Any = type(module)
        own = self._own = vars(kind).get("__call__")
        is_compiling = torch.compiler.is_compiling

        def call(called: TorchModule, *arguments: Any, **named: Any) -> Any:
            if called is module and not is_compiling():  # a function that is compiled traces this line
                see(arguments, named)
            if own is not None:
                return own(called, *arguments, **named)
            above: Any = super(kind, called)
            return above.__call__(*arguments, **named)

        self._kind, self._call = kind, call
        kind.__call__ = call

    def remove(self) -> None:
        """Let the class be as it was, unless another library has wrapped its calls since."""
        if vars(self._kind).get("__call__") is not self._call:
            return
        if self._own is None:
            del self._kind.__call__
        else:
            self._kind.__call__ = self._own
