"""The functions for scripts, `watch` and `breakpoint`, and their hooks in PyTorch."""

from __future__ import annotations

import atexit
import os
import sys
from collections.abc import Callable
from functools import partial, wraps
from importlib.metadata import PackageNotFoundError, version
from multiprocessing import parent_process
from pathlib import Path
from types import TracebackType
from typing import Any, Literal

from ..live.meeting import Meeting
from ..live.messages import PROTOCOL, Hello
from . import lazy_torch as torch
from .gate import Gate
from .lazy_torch import TorchModule, TorchOptimizer
from .link import DashboardLink
from .ranks import ranks
from .watcher import Watcher


class WatchedTraining:
    """A watched training, until it is closed or the process ends."""

    def __init__(self, watcher: Watcher | None, hooks: list[Any], path: Path | None) -> None:
        self._watcher = watcher
        self._hooks = hooks
        self.path = path
        """The path of the socket to attach to; None if this process is not watched."""
        self.is_the_runners = False
        """Whether `nn-tui run` has begun it, which watches all that the script trains."""

    def __enter__(self) -> WatchedTraining:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> Literal[False]:
        self.close(None if error is None else _fault(error))
        return False

    def close(self, error: str | None = None) -> None:
        """End watching, and remove the hooks from PyTorch."""
        watcher, self._watcher = self._watcher, None
        if watcher is None:
            return
        for hook in self._hooks:
            hook.remove()
        watcher.finish(error)  # with the last losses, which are lost otherwise
        watcher.gate.leave()  # another thread may be paused
        watcher.disarm()

    def hold(self, why: str) -> None:
        """Pause until the user lets the training run in the dashboard."""
        if self._watcher is not None:
            if not self._watcher.gate.is_attached:
                print(_how_to_attach(why), file=sys.stderr, flush=True)
                self._watcher.gate.wait_for_somebody()
            self._watcher.hold_here(why)


def watch(
    model: TorchModule | None = None,
    loss: TorchModule | None = None,
    optimizer: TorchOptimizer | None = None,
    paused: bool = False,
) -> WatchedTraining:
    """Let `nn-tui attach` show, pause and step the training that follows; it returns at once.

    Args:
        model: the trained model; by default the one whose parameters the optimizer moves.
        loss: not needed, because the backward pass begins at the loss.
        optimizer: the optimizer of the training; by default the first that makes an update.
        paused: wait before the first update until a dashboard is attached.

    Returns:
        A context manager that ends it; without `with`, it ends with the process.
    """
    if parent_process() is not None and not os.environ.get("WORLD_SIZE"):
        return WatchedTraining(None, [], None)  # a worker that loads data
    if ranks()[0] > 0:
        return WatchedTraining(None, [], None)
    if (other := current_watch()) is not None:
        if other.is_the_runners:
            return WatchedTraining(None, [], other.path)
        other.close()
    begun = begin(sys.argv[0] or "python", paused, model, optimizer)
    if paused:
        print(_how_to_attach("paused before the first update"), file=sys.stderr, flush=True)
    return begun


def begin(
    script: str,
    paused: bool,
    model: TorchModule | None = None,
    optimizer: TorchOptimizer | None = None,
    is_wanted: Callable[[], bool] = lambda: True,
) -> WatchedTraining:
    """Listen, and put the hooks in.

    Args:
        script: the name of the script.
        paused: wait before the first update.
        model: the trained model, if it is known.
        optimizer: its optimizer, if it is known.
        is_wanted: whether a dashboard may still attach to a paused training.

    Raises:
        WireError: there is no folder for a socket.
    """
    gate = Gate(paused, is_wanted)
    meeting = Meeting(os.getpid())
    rank, size = ranks()
    hello = Hello(
        protocol=PROTOCOL,
        pid=os.getpid(),
        script=Path(script).name[:500],
        torch=_torch_version(),
        rank=rank,
        ranks=size,
    )
    link = DashboardLink(meeting, gate, hello)
    watcher = Watcher(gate, link, model, optimizer)
    watched = WatchedTraining(watcher, [], meeting.path)
    torch.autograd._nn_tui = watched
    passes = _PassHooks(watcher)
    gate.when_watched = passes.put
    passes.put(gate.is_watched)
    watched._hooks += [*_step_hooks(watcher, optimizer), passes]
    atexit.register(watched.close)
    return watched


def breakpoint() -> None:
    """Pause here until the user lets the training run in the dashboard.

    Raises:
        RuntimeError: no training is watched.
    """
    watched = current_watch()
    if watched is None:
        if parent_process() is not None or ranks()[0] > 0:
            return
        raise RuntimeError("nn_tui.breakpoint() needs a training that is watched: call nn_tui.watch(model) before")
    caller = sys._getframe(1)
    watched.hold(f"breakpoint at {Path(caller.f_code.co_filename).name}:{caller.f_lineno}")


def current_watch() -> WatchedTraining | None:
    """The watched training of this process, which PyTorch's own module keeps."""
    return getattr(torch.autograd, "_nn_tui", None) if "torch" in sys.modules else None


def _step_hooks(watcher: Watcher, optimizer: TorchOptimizer | None) -> list[Any]:
    gate = watcher.gate

    def hold(optimizer: TorchOptimizer) -> None:
        try:
            watcher.before_step(optimizer)
        except Exception as error:
            watcher.give_up(error)

    def before(optimizer: TorchOptimizer, arguments: tuple[Any, ...], named: dict[str, Any]) -> Any:
        if not gate.is_watched:
            return None
        closure = named.get("closure", arguments[1] if len(arguments) > 1 else None)
        if closure is None:
            try:
                watcher.before_step(optimizer)
            except Exception as error:  # an error of the watcher must not stop the training
                watcher.give_up(error)
            return None
        watched = _once_after(closure, partial(hold, optimizer))
        return ((*arguments[:1], watched, *arguments[2:]), {each: named[each] for each in named if each != "closure"})

    def after(optimizer: TorchOptimizer, arguments: object, named: object) -> None:
        try:
            if gate.is_watched:
                watcher.after_step(optimizer)
            elif watcher.counted() is optimizer:
                watcher.step += 1
            else:
                watcher.count_step(optimizer)
        except Exception as error:
            watcher.give_up(error)

    if optimizer is not None:
        return [optimizer.register_step_pre_hook(before), optimizer.register_step_post_hook(after)]
    module = torch.torch_part("optim.optimizer")
    return [module.register_optimizer_step_pre_hook(before), module.register_optimizer_step_post_hook(after)]


def _once_after(closure: Callable[[], Any], then: Callable[[], None]) -> Callable[[], Any]:
    """A closure of an update, with a function that is called after its first call."""
    calls = 0

    @wraps(closure)
    def called() -> Any:
        nonlocal calls
        result = closure()
        calls += 1
        if calls == 1:
            then()
        return result

    return called


class _PassHooks:
    """Wraps, while a dashboard is attached, the function in which every backward pass begins, and that of a scaler."""

    def __init__(self, watcher: Watcher) -> None:
        self._hooks = (
            _Wrapped(torch.autograd, "backward", partial(_watched_backward, watcher)),
            _Wrapped(torch.amp.GradScaler, "scale", partial(_watched_scale, watcher)),
        )

    def put(self, is_watched: bool) -> None:
        """Put both in, or remove them."""
        for each in self._hooks:
            if is_watched:
                each.put()
            else:
                each.remove()

    def remove(self) -> None:
        """Let PyTorch be as it was."""
        self.put(False)
        torch.autograd._nn_tui = None


class _Wrapped:
    """A function of PyTorch that can be wrapped for a time."""

    def __init__(self, owner: Any, name: str, wrap: Callable[[Callable[..., Any]], Callable[..., Any]]) -> None:
        self._owner, self._name, self._wrap = owner, name, wrap
        self._original: Any = None
        self._wrapper: Any = None

    def put(self) -> None:
        """Wrap it, where it is not wrapped."""
        if self._wrapper is None:
            self._original = getattr(self._owner, self._name)
            self._wrapper = wraps(self._original)(self._wrap(self._original))
            setattr(self._owner, self._name, self._wrapper)

    def remove(self) -> None:
        """Undo it, unless another library has wrapped the wrapper since, which then stays and does nothing."""
        if self._wrapper is not None and getattr(self._owner, self._name) is self._wrapper:
            setattr(self._owner, self._name, self._original)
            self._original = self._wrapper = None


def _watched_backward(watcher: Watcher, original: Callable[..., Any]) -> Callable[..., Any]:
    gate = watcher.gate

    def backward(tensors: Any, *arguments: Any, **named: Any) -> None:
        if gate.is_watched:
            try:
                watcher.before_backward(tensors[0] if isinstance(tensors, tuple | list) else tensors)
            except Exception as error:
                watcher.give_up(error)
        original(tensors, *arguments, **named)

    return backward


def _watched_scale(watcher: Watcher, original: Callable[..., Any]) -> Callable[..., Any]:
    """A scaler of half precision multiplies the loss: its own value and gradients are those without the factor."""
    gate = watcher.gate

    def scale(scaler: Any, outputs: Any) -> Any:
        scaled = original(scaler, outputs)
        if gate.is_watched and scaler.is_enabled():
            watcher.see_scaled(outputs, scaled, scaler.get_scale())
        return scaled

    return scale


def _torch_version() -> str:
    try:
        return version("torch")
    except PackageNotFoundError:
        return "none"


def _fault(error: BaseException) -> str:
    return f"{type(error).__name__}: {error}"[:10_000]


def _how_to_attach(why: str) -> str:
    return f"nn-tui: {why}; open it with: nn-tui attach {os.getpid()}"
