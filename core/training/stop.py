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
        state = backward.state
        return (
            (self.steps is not None and state.step >= self.steps)
            or (self.epochs is not None and state.epoch >= self.epochs)
            or (self.loss is not None and backward.forward.loss <= self.loss)
        )


NEVER = Stop()
