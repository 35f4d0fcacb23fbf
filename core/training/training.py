"""A training: a trainer and a state, which together determine every later step, bit for bit."""

from dataclasses import dataclass
from typing import Self

from ..steps.state import State
from ..steps.stop import Stop
from .trainer import Trainer


@dataclass(frozen=True, slots=True)
class Training:
    """A trainer, and the state that it continues from.

    Two are equal, and have the same hash, where their trainers are equal and their states the same bits.
    """

    trainer: Trainer
    state: State

    def __post_init__(self) -> None:
        if self.state.layout.size != self.trainer.network.layout.size:
            raise ValueError(
                f"expected a state with the {self.trainer.network.layout.size} parameters of the network, "
                f"got {self.state.layout.size}"
            )

    def __repr__(self) -> str:
        network, state = self.trainer.network, self.state
        shape = "-".join(str(n) for n in (network.layers[0].n_in, *(layer.n_out for layer in network.layers)))
        activations = "·".join(layer.activation.name for layer in network.layers)
        output = f"{activations}, {self.trainer.output.loss.name}, {self.trainer.optimizer}"
        return f"<Training {shape} {output}, step {state.step}, epoch {state.epoch}>"

    def updated(self) -> Self:
        """The training after one more update."""
        trainer = self.trainer
        return type(self)(trainer, trainer.update(trainer.backward(trainer.forward(self.state))).state)


@dataclass(frozen=True, kw_only=True)
class Experiment:
    """A whole training, as a preset describes it."""

    trainer: Trainer
    start: State
    stop: Stop
