"""The current step of a training: its loss, and every number if the step is captured."""

from __future__ import annotations

from typing import Any

from .autograd_losses import UnrecognizedError
from .lazy_torch import Tensor
from .loss_by_value import KnownLosses
from .model_tree import Model
from .step_capture import StepCapture
from .tensor_statistics import GRADIENT, Outputs


class CurrentStep:
    """From one update to the next; there is one for each, so that what it begins with is the class's."""

    backwards = 0
    capture: StepCapture | None = None
    reason = ""
    """Why a step that should be captured is not."""
    outputs: Outputs | None = None
    is_edited = False
    is_past = False
    """Whether its update has begun; a closure may run backward passes in it."""
    loss: float | None = None
    """The loss of its last backward pass; None before there is one, and before `read_loss`."""
    _unread: Tensor | None = None
    """The loss on another device, which is read when it is there."""

    def __init__(self, is_whole: bool, known: KnownLosses, is_read: bool = True) -> None:
        """Begin a step.

        Args:
            is_whole: whether it is reported.
            known: losses that were recognized before.
            is_read: whether every number of it is, if it is reported.
        """
        self._known = known
        self.is_whole = is_whole
        self._is_read = is_read

    def begin_again(self) -> None:
        """Note that the gradients were set to zero, so earlier backward passes do not count."""
        if self.capture is not None:
            self.capture.release()
        self.backwards, self.loss, self._unread, self.capture, self.reason = 0, None, None, None, ""

    def see_backward(self, loss: Any, scale: float = 1.0) -> None:
        """Handle the start of a backward pass."""
        self.backwards += 1
        if loss.is_cpu:
            self.loss = loss.item()
        else:
            self._unread = loss.detach()
        if self.outputs is not None:
            self.outputs.scale = scale
        if self.backwards > 1:
            self.reason = f"gradient accumulation: {self.backwards} backward passes for an update"
        elif self.is_whole and self._is_read:
            self._read(loss, scale)

    def _read(self, loss: Any, scale: float) -> None:
        try:
            self.capture = StepCapture(loss, self._known, scale)
        except UnrecognizedError as error:
            self.reason = str(error)
        except Exception as error:  # an unknown graph of another PyTorch version must not stop the training
            self.reason = f"its graph could not be read: {error}"[:500]

    def read_loss(self) -> None:
        """Wait for the loss of another device."""
        if self._unread is not None:
            self.loss, self._unread = float(self._unread), None

    @property
    def has_hooks(self) -> bool:
        """Whether there are hooks to remove."""
        return self.capture is not None or self.outputs is not None

    @property
    def numbers(self) -> StepCapture | None:
        """The capture, if its gradients are those of the update."""
        return self.capture if self.backwards <= 1 else None

    def tensor(self, model: Model, name: str) -> Tensor | None:
        """The tensor of a name: a parameter, an output, or the gradient of one of them."""
        if name in model.parameters:
            return model.parameters[name]
        if name.endswith(GRADIENT) and (parameter := model.parameters.get(name.removesuffix(GRADIENT))) is not None:
            return parameter.grad
        return None if self.outputs is None else self.outputs.tensor(name)

    def dead_neurons(self) -> frozenset[tuple[int, ...]]:
        """Layer and number, from 0, of each relu neuron that is 0 for all examples; empty if they are not known."""
        return self.numbers.dead_neurons() if self.numbers is not None else frozenset()

    def close(self) -> None:
        """Remove all hooks."""
        if self.capture is not None:
            self.capture.release()
        if self.outputs is not None:
            self.outputs.close()
