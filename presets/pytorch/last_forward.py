"""What a forward pass began with, which is needed to run the same batch again: its arguments, and the model's state."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from enum import Enum
from functools import cache
from math import isfinite
from pathlib import Path
from types import FrameType
from typing import Any, NamedTuple

from . import lazy_torch as torch
from .calls_of_module import CallsOfModule
from .lazy_torch import Tensor, TorchModule
from .model_tree import Model
from .restorable_state import ChangingModules, RestorableState

FRAMES, PLACES = 20, 3
"""Most callers that are searched for lines of the script, and most lines that are kept."""
SHORT = 32
"""Python adds up a vector of at most this many numbers faster than PyTorch."""
LARGE = 100_000
"""Numbers of a gradient above which their sum takes too long for each step."""
FIRST = 4
"""How many parameters are the first few."""
HERE = str(Path(__file__).parent)


class Place(NamedTuple):
    """A line of a caller."""

    code: Any
    line: int


class GradientSum(Enum):
    """Which way to add up a gradient is quick."""

    OF_FEW = "of few numbers"
    OF_MANY = "of many"
    OF_COMPLEX = "of complex ones"


class LastForward:
    """The last call of the model, and the lines of the script that called it and its backward pass."""

    def __init__(self) -> None:
        self.arguments: tuple[tuple[Any, ...], dict[str, Any]] | None = None
        self.places: tuple[Place, ...] = ()
        self.backward: tuple[Place, ...] = ()
        self._hook: Any = None
        self._modules: ChangingModules | None = None
        self._before: RestorableState | None = None
        """The model before the forward pass."""
        self._draws = True
        self._runs_again = False
        self._random: Tensor | None = None
        self._watched: tuple[str, Tensor | None, GradientSum] | None = None
        """The parameter whose gradient is checked, its name, and how its numbers are added up."""

    @property
    def is_on(self) -> bool:
        """Whether calls of the model are recorded."""
        return self._hook is not None

    def open(self, module: TorchModule) -> None:
        """Record the calls of a model from now on."""
        self._modules = ChangingModules(module)
        self._draws = any(map(_may_draw, module.modules()))
        self._hook = CallsOfModule(module, self._see)

    def close(self) -> None:
        """Stop recording, and keep nothing."""
        if self._hook is not None:
            self._hook.remove()
        self._hook = self.arguments = self._random = self._watched = self._modules = self._before = None
        self.places, self.backward = (), ()

    def _see(self, arguments: tuple[Any, ...], named: dict[str, Any]) -> None:
        if self._runs_again or self._modules is None or not torch.is_grad_enabled():
            return
        self.arguments = (arguments, named)
        if self._draws:
            self._random = torch.get_rng_state()
        if self._modules.can_change:
            self._before = RestorableState(self._modules)
        self.places = script_places(sys._getframe(2), self.places)

    def see_backward(self) -> None:
        """Handle the start of a backward pass."""
        if self._hook is not None:
            self.backward = script_places(sys._getframe(2), self.backward)

    def bad_gradient(self, model: Model) -> str:
        """That a gradient is not finite, in words; the first layer shows what arrives from all later ones."""
        if self._watched is None:
            self._watched = _cheap(model)
        name, parameter, kind = self._watched
        gradient = None if parameter is None else parameter.grad
        if gradient is None or gradient.is_sparse:
            return ""
        # Python adds up a few numbers in a tenth of the time. A sum of many finite numbers can be too large.
        if isfinite(sum(gradient.tolist()) if kind is GradientSum.OF_FEW else _sum(gradient, kind)):
            return ""
        return "" if bool(torch.isfinite(gradient).all()) else f"the gradient of {name} is not finite"

    @contextmanager
    def again(self) -> Iterator[None]:
        """Restore random state and model from before the forward pass, and undo that at the end."""
        random, before = torch.get_rng_state(), self._before
        now = RestorableState.after(self._modules, before) if self._modules and before else None
        self._runs_again = True
        try:
            if before is not None:
                before.restore()
            if self._random is not None:
                torch.set_rng_state(self._random)
            with torch.enable_grad():
                yield
        finally:
            self._runs_again = False
            if now is not None:
                now.restore()
            torch.set_rng_state(random)


def _may_draw(module: TorchModule) -> bool:
    """Whether a module can draw random numbers: PyTorch's own that do, and all modules of others."""
    kind = type(module)
    is_known = kind.__module__.startswith("torch.nn.modules")
    return not is_known or any(word in kind.__name__ for word in ("Drop", "RReLU", "Attention", "Transformer", "RNN"))


def _cheap(model: Model) -> tuple[str, Tensor | None, GradientSum]:
    """The smallest parameter of the first module: what is not finite behind it arrives there.

    Where all of them are large, as in an embedding, the smallest of the first few parameters is good enough.
    """
    trained = [(name, each) for name, each in model.parameters.items() if each.requires_grad]
    module = trained[0][0].rpartition(".")[0] if trained else ""
    first = [each for each in trained if each[0].rpartition(".")[0] == module] if module else trained[:1]
    if all(each.numel() > LARGE for _, each in first):
        first = trained[:FIRST]
    name, found = min(first, key=lambda each: each[1].numel(), default=("", None))
    if found is not None and found.is_complex():
        return name, found, GradientSum.OF_COMPLEX
    is_few = found is not None and found.dim() == 1 and found.numel() <= SHORT
    return name, found, GradientSum.OF_FEW if is_few else GradientSum.OF_MANY


def _sum(tensor: Tensor, kind: GradientSum) -> float:
    return float((torch.view_as_real(tensor) if kind is GradientSum.OF_COMPLEX else tensor).sum())


def script_places(frame: FrameType | None, last: tuple[Place, ...] = ()) -> tuple[Place, ...]:
    """The lines of the script from a frame outwards, the innermost first.

    Args:
        frame: where the search begins.
        last: those of the call before; they are returned where the innermost one is the same.
    """
    while frame is not None and not is_script(frame.f_code.co_filename):
        frame = frame.f_back
    if last and frame is not None and last[0] == (frame.f_code, frame.f_lineno):
        return last
    places: list[Place] = []
    for _ in range(FRAMES):
        if frame is None or len(places) == PLACES:
            break
        if is_script(frame.f_code.co_filename):
            places.append(Place(frame.f_code, frame.f_lineno))
        frame = frame.f_back
    return tuple(places)


def script_frame(code: Any) -> FrameType | None:
    """The running frame, or else the script's innermost frame."""
    frame: FrameType | None = sys._getframe(1)
    while frame is not None and frame.f_code is not code:
        frame = frame.f_back
    return frame


@cache
def is_script(file: str) -> bool:
    """Whether a file belongs to the script, and not to a package, Python or nn-tui."""
    own = tuple(str(Path(prefix) / "lib" / "python") for prefix in (sys.prefix, sys.base_prefix))
    return not (file.startswith(("<frozen", HERE, *own)) or "site-packages" in file or "dist-packages" in file)
