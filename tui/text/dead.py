"""Which layers are dead: what the screen says of them."""

from ...core.running.moment import Moment
from ...core.training.dead_units import dead_layers, dead_units
from ...core.training.trainer import Trainer


def dead_text(trainer: Trainer, moment: Moment) -> str:
    """The layers of which every ReLU is dead for every example to train on, in a sentence; empty where none is."""
    state = moment.state
    forward = trainer.forward(state) if moment.updated else moment.forward
    layers = dead_layers(trainer.network, dead_units(trainer.network, forward))
    if layers and len(forward.X) < len(trainer.train):  # only then is the whole training set worth its time
        everything = trainer.forward_on(state, trainer.train.X, trainer.train.y)
        layers = dead_layers(trainer.network, dead_units(trainer.network, everything))
    if not layers:
        return ""
    names = " and ".join(str(n + 1) for n in layers)
    which, whose = (f"layer {names}", "its") if len(layers) == 1 else (f"layers {names}", "their")
    return f"{which}: every ReLU is dead for every example; {whose} gradients stay 0"
