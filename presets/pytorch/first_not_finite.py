"""The first operation of a step whose result is not finite, found by running the same batch again.

Random state, buffers and attributes are restored, gradients are not added up, and nothing of the run remains. An
operation counts where its result is not finite and reaches the loss, or the gradient, through results that are not
finite: one that only passes on what arrived is not the first, and a mask of infinities that a softmax makes finite is
no fault.
"""

from __future__ import annotations

import linecache
import re
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from math import isclose, isfinite, isnan
from pathlib import Path
from typing import Any, NamedTuple

from ..live.messages import FirstNotFinite
from . import lazy_torch as torch
from .last_forward import LastForward, Place, is_script, script_places
from .lazy_torch import Tensor, TorchModule
from .loss_by_value import KnownLosses
from .loss_statements import LossCode, expected_loss_code, loss_code
from .model_tree import Model
from .step_capture import StepCapture

BY_DESIGN = ("masked_fill", "where", "full", "fill", "scalar_tensor", "lift_fresh", "detach", "empty", "copy")
"""Operations that write an infinity on purpose."""
LINE = re.compile(r'File "(?P<file>[^"]+)", line (?P<line>\d+)')
MOST_INPUTS = 6
NEAR = 1e-3
"""How far two runs of a batch differ at most, where a device adds up in any order."""
NOT_THE_SAME = "the second pass of the model differs from the first"


class Candidate(NamedTuple):
    """The first operation with a result that is not finite."""

    number: int
    operation: str
    module: str
    places: tuple[tuple[str, int], ...]
    inputs: tuple[str, ...]
    is_backward: bool


def first_not_finite(step: int, model: Model, forward: LastForward, loss: float = 0.0) -> FirstNotFinite:
    """Run the batch of the last step again and name the operation.

    Args:
        step: updates done before.
        model: that is trained.
        forward: its last call.
        loss: of the step.
    """
    try:
        with forward.again():
            again = loss_code(forward, model)
            found = _search(model, forward, again)
    except Exception as error:  # the script's own lines can raise any error when run again
        return FirstNotFinite(step=step, operation="", line=f"the batch could not be run again: {error}"[:500])
    if found is None:
        return FirstNotFinite(step=step, operation="", line=_why_finite(loss, forward, again)[:500])
    file, line = found.places[0] if found.places else ("", 0)
    return FirstNotFinite(
        step=step,
        operation=found.operation[:500],
        module=found.module[:500],
        place=f"{file}:{line}"[:500] if file else "",
        line=linecache.getline(file, line).strip()[:500] if file else "",
        inputs=found.inputs,
        is_backward=found.is_backward,
    )


def _why_finite(loss: float, forward: LastForward, again: LossCode | None) -> str:
    """Why all is finite where the batch is run again."""
    if isfinite(loss) or (again is not None and again.is_whole):
        return f"the same batch was finite when it was run again: {NOT_THE_SAME}"
    places = _lines(forward.backward)
    where = f", before {Path(places[0][0]).name}:{places[0][1]}" if places else ""
    return (
        f"what the model computes is finite when it is run again: a line outside the model makes the loss {loss}{where}"
        f", or {NOT_THE_SAME}"
    )


def capture_again(
    model: Model, forward: LastForward, known: KnownLosses, loss_before: float | None, has_own: bool = False
) -> StepCapture | None:
    """Every number of a step that was not captured, by running its batch again; None if that is not possible.

    Args:
        model: that is trained.
        forward: its last call.
        known: losses that were recognized before.
        loss_before: the loss of the step, if it is known; a run with another one is not that step.
        has_own: whether gradients are those of this run, as the script has computed none.
    """
    parameters = [each for each in model.parameters.values() if each.requires_grad]
    try:
        with forward.again():
            again = loss_code(forward, model) or expected_loss_code(model)
            if again is None:
                return None
            loss = again.run()
            if loss_before is not None and not _is_as_before(float(loss.detach()), loss_before):
                return None
            capture = StepCapture(loss, known)
            gradients = torch.autograd.grad(loss, parameters, allow_unused=True)
            if has_own:
                capture.take_gradients(dict(zip(map(id, parameters), gradients, strict=True)))
            capture.release()
            return capture
    except Exception:  # an error of the script's own lines, or a model that is not recognized
        return None


def _is_as_before(loss: float, before: float) -> bool:
    return loss == before or isclose(loss, before, rel_tol=NEAR) or (isnan(loss) and isnan(before))


def _search(model: Model, forward: LastForward, again: LossCode | None) -> Candidate | None:
    parameters = [each for each in model.parameters.values() if each.requires_grad]
    with ExitStack() as stack:
        stack.callback(
            torch.autograd.set_detect_anomaly, torch.is_anomaly_enabled(), torch.is_anomaly_check_nan_enabled()
        )
        # Anomaly mode keeps the line of each operation in the graph.
        torch.autograd.set_detect_anomaly(True, check_nan=False)
        modules = stack.enter_context(_Modules(model))
        search = stack.enter_context(_mode(modules))
        if again is not None:
            loss = again.run()
        elif forward.arguments is not None and model.module is not None:
            arguments, named = forward.arguments
            loss = _sum(model.module(*arguments, **named))
        else:
            return None
        found: Candidate | None = search.origin(loss)
        if found is not None:
            return found
        modules.is_backward = True
        gradients = torch.autograd.grad(loss, parameters, allow_unused=True)
        bad = [search.origin(each) for each in gradients if each is not None]
        return min((each for each in bad if each is not None), default=None, key=lambda each: each.number)


def _sum(output: Any) -> Tensor:
    """A substitute loss from all outputs of a model, if the lines of its loss are not known."""
    values = output.values() if isinstance(output, dict) else output if isinstance(output, tuple | list) else [output]
    tensors = [each for each in values if torch.is_tensor(each)]
    real = [each.abs() if each.is_complex() else each for each in tensors]
    return sum(each.sum() for each in real if each.is_floating_point())


class _Modules:
    """The module that computes, found by calls in a forward pass, and by the graph's numbers in a backward pass."""

    def __init__(self, model: Model) -> None:
        self._paths = model.paths
        self._stack: list[tuple[str, int]] = []
        self._spans: list[tuple[int, int, str]] = []
        self.is_backward = False

    def __enter__(self) -> _Modules:
        register = torch.nn.modules.module
        self._hooks = [
            register.register_module_forward_pre_hook(self._enter),
            register.register_module_forward_hook(self._leave, always_call=True),
        ]
        return self

    def __exit__(self, *_: object) -> None:
        for hook in self._hooks:
            hook.remove()

    def _enter(self, module: TorchModule, arguments: object) -> None:
        self._stack.append((self._paths.get(id(module), ""), _sequence()))

    def _leave(self, module: TorchModule, arguments: object, output: object) -> None:
        path, begin = self._stack.pop()
        self._spans.append((begin, _sequence(), path))

    def path(self, node: Any) -> str:
        """The module of the running operation, or of a node of the graph."""
        if node is None:
            return self._stack[-1][0] if self._stack else ""
        number = node._sequence_nr()
        within = [(end - begin, path) for begin, end, path in self._spans if begin <= number < end]
        return min(within)[1] if within else ""


def _sequence() -> int:
    return int(torch._C._autograd._get_sequence_nr())


def _mode(modules: _Modules) -> Any:
    """A mode of PyTorch that sees every operation; the class is made here, as PyTorch is imported late."""

    class Search(torch.torch_part("utils._python_dispatch").TorchDispatchMode):  # type: ignore[misc]
        def __init__(self) -> None:
            super().__init__()
            self._origins: dict[int, tuple[Candidate | None, Tensor]] = {}
            self._number = 0

        def __torch_dispatch__(self, function: Any, types: Any, arguments: Any = (), named: Any = None) -> Any:
            inputs = [*_tensors((arguments, named or {}))]
            # Before the operation, as it may write into its input.
            broken = [each for each in inputs if not _is_finite(each)]
            shown = None if broken and any(map(self._known, broken)) else tuple(map(_shown, inputs[:MOST_INPUTS]))
            result = function(*arguments, **(named or {}))
            outputs = [each for each in _tensors(result) if not _is_finite(each)]
            if outputs:
                origin = self._origin_of(broken) or self._candidate(function, inputs, outputs, shown or ())
                for each in outputs:
                    # The tensor itself is kept, so that no other gets its place.
                    self._origins[_place(each)] = (origin, each)
            return result

        def _known(self, tensor: Tensor) -> bool:
            return self._origins.get(_place(tensor), (None,))[0] is not None

        def _origin_of(self, broken: list[Tensor]) -> Candidate | None:
            known = [self._origins[_place(each)][0] for each in broken if _place(each) in self._origins]
            return min((each for each in known if each is not None), default=None, key=lambda each: each.number)

        def _candidate(
            self, function: Any, inputs: list[Tensor], outputs: list[Tensor], shown: tuple[str, ...]
        ) -> Candidate | None:
            name = function._schema.name.replace("::", ".")
            if any(word in name for word in BY_DESIGN) and not any(bool(each.isnan().any()) for each in outputs):
                return None
            self._number += 1
            node = torch._C._current_autograd_node() if modules.is_backward else None
            places = _places_of(node) if modules.is_backward else _lines(script_places(sys._getframe(2)))
            name = name if node is None else f"{name} in {node.name()}"
            return Candidate(self._number, name, modules.path(node), places, shown, modules.is_backward)

        def origin(self, tensor: Tensor) -> Candidate | None:
            """The origin of a number that is not finite."""
            if _is_finite(tensor):
                return None
            found = self._origins.get(_place(tensor))
            return found[0] if found else None

    return Search()


def _place(tensor: Tensor) -> int:
    return int(tensor.untyped_storage().data_ptr())


def _lines(places: tuple[Place, ...]) -> tuple[tuple[str, int], ...]:
    return tuple((each.code.co_filename, each.line) for each in places)


def _places_of(node: Any) -> tuple[tuple[str, int], ...]:
    """The lines of the script that created a node of the graph, the innermost first."""
    if node is None:
        return ()
    text = "".join(node.metadata.get("traceback_", ()))
    found = [(match["file"], int(match["line"])) for match in LINE.finditer(text)]
    return tuple(each for each in reversed(found) if is_script(each[0]))


def _tensors(value: Any) -> Iterator[Tensor]:
    """All floating-point tensors in a nested value."""
    if torch.is_tensor(value):
        if value.is_floating_point() or value.is_complex():
            yield value
    elif isinstance(value, tuple | list):
        for each in value:
            yield from _tensors(each)
    elif isinstance(value, dict):
        yield from _tensors(tuple(value.values()))


def _is_finite(tensor: Tensor) -> bool:
    return tensor.numel() == 0 or bool(torch.isfinite(tensor).all())


def _shown(tensor: Tensor) -> str:
    """The shape of an input, its range, and how many of its numbers are not finite."""
    numbers = tensor.detach().flatten()
    finite = numbers[torch.isfinite(numbers)]
    shape = "(" + ", ".join(map(str, tensor.shape)) + ("," if tensor.dim() == 1 else "") + ")"
    if finite.numel() == 0 or finite.is_complex():
        return f"{shape}, none of {numbers.numel()} finite"
    broken = numbers.numel() - finite.numel()
    ends = f"{shape}, least {float(finite.min()):.4g}, greatest {float(finite.max()):.4g}"
    return f"{ends}, {broken} of {numbers.numel()} not finite" if broken else ends
