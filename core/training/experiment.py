"""An experiment: a trainer, where it starts and where it stops."""

from dataclasses import dataclass

from .state import State
from .stop import Stop
from .trainer import Trainer


@dataclass(frozen=True, kw_only=True)
class Experiment:
    """A whole training, as a preset describes it."""

    trainer: Trainer
    start: State
    stop: Stop
