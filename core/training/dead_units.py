"""Dead units: neurons of relu and similar activations that are always 0, so that they learn nothing."""

import numpy as np

from ..network.network import Network
from ..steps.events import ForwardPass
from .trainer import Trainer

MOST_NAMED = 8
"""Most neurons of a layer that are named one by one."""


def dead_units(network: Network, forward: ForwardPass) -> dict[int, tuple[int, ...]]:
    """The units of a layer such as relu whose z is ≤ 0 for every example of a forward pass.

    A batch's own are `dead_units(backward.network, backward.forward)`; those of the training set are
    `dead_units(trainer.network, trainer.forward_on(state, trainer.train.X, trainer.train.y))`.

    Returns:
        The numbers of the dead neurons, by the number of their layer, both from 0; a layer without any is left out.
    """
    mortal = layers_that_die(network)
    z = forward.z if mortal else ()
    found = {n: tuple(np.flatnonzero(z[n].max(axis=0) <= 0.0).tolist()) for n in mortal}
    return {n: units for n, units in found.items() if units}


def layers_that_die(network: Network) -> tuple[int, ...]:
    """The indices of the layers whose neurons can die."""
    return tuple(n for n, layer in enumerate(network.layers) if layer.activation.can_die)


def dead_in_training(trainer: Trainer, forward: ForwardPass) -> dict[int, tuple[int, ...]]:
    """The units that are dead for every training example; a batch's forward pass leaves few to check.

    Returns:
        The same as `dead_units`.
    """
    dead = dead_units(trainer.network, forward)
    if dead and len(forward.X) < len(trainer.train):  # only then the whole training set is worth its time
        return dead_units(trainer.network, trainer.forward_on(forward.state, trainer.train.X, trainer.train.y))
    return dead


def dead_layers(network: Network, dead: dict[int, tuple[int, ...]]) -> tuple[int, ...]:
    """The indices of the layers in which every neuron is dead, so that no gradient passes back."""
    return tuple(n for n, units in dead.items() if len(units) == network.layers[n].n_out)


def dead_units_text(network: Network, dead: dict[int, tuple[int, ...]]) -> str:
    """The dead neurons in words, counted from 1, as "neurons 1 and 3 of layer 1, all 4 neurons of layer 2"."""
    return ", ".join(f"{_units_text(units, network.layers[n].n_out)} of layer {n + 1}" for n, units in dead.items())


def _units_text(units: tuple[int, ...], n_out: int) -> str:
    if len(units) == n_out:
        return f"all {n_out} neurons" if n_out > 1 else "the only neuron"
    names = [str(unit + 1) for unit in units[:MOST_NAMED]]
    if len(units) > MOST_NAMED:
        names.append(f"{len(units) - MOST_NAMED:,} more".replace(",", " "))
    return f"neuron {names[0]}" if len(names) == 1 else f"neurons {', '.join(names[:-1])} and {names[-1]}"
