"""Where a training ends by itself."""

from dataclasses import dataclass

from .events import BackwardPass


@dataclass(frozen=True)
class Stop:
    """The first of these to be reached ends a training; with none it goes on for ever."""

    steps: int | None = None
    epochs: int | None = None
    loss: float | None = None
    """The loss of a batch, at or below which to end."""

    def reached(self, backward: BackwardPass) -> bool:
        """Whether training ends here."""
        return bool(self.reason(backward))

    def reason(self, backward: BackwardPass) -> str:
        """What ends training here, as a preset writes it: "steps = 1000"; empty where it goes on."""
        state = backward.state
        if self.steps is not None and state.step >= self.steps:
            return f"steps = {self.steps}"
        if self.epochs is not None and state.epoch >= self.epochs:
            return f"epochs = {self.epochs}"
        if self.loss is not None and backward.forward.loss <= self.loss:
            return f"loss = {self.loss:g}"
        return ""


NEVER = Stop()
