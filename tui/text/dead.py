"""Which layers are dead: what the screen says of them."""

from ...core.debugger.snapshot import Snapshot
from ...core.training.dead_units import dead_in_training, dead_layers
from ...core.training.trainer import Trainer


def dead_text(trainer: Trainer, snapshot: Snapshot) -> str:
    """The layers of which every ReLU is dead for every example to train on, in a sentence; empty where none is."""
    forward = trainer.forward(snapshot.state) if snapshot.updated else snapshot.forward
    layers = dead_layers(trainer.network, dead_in_training(trainer, forward))
    if not layers:
        return ""
    names = " and ".join(str(n + 1) for n in layers)
    which, whose = (f"layer {names}", "its") if len(layers) == 1 else (f"layers {names}", "their")
    return f"{which}: every ReLU is dead for every example; {whose} gradients stay 0"
