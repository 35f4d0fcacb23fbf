"""PyTorch's optimizers in nn-tui: the rule, its settings, and its slots."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
import numpy as np

from ...core.functions.arrays import Array
from ...core.functions.optimizers import OPTIMIZERS
from ..rule_tables import OPTIMIZER_TABLES, Named
from ..schema import PenaltyTable
from .autograd_chain import Chain
from .autograd_losses import UnrecognizedError
from .lazy_torch import Tensor, TorchOptimizer

Settings = Mapping[str, Any]
"""The settings of a group of parameters."""


@dataclass(frozen=True, kw_only=True)
class FoundOptimizer:
    """An optimizer as a table of [training]."""

    table: str | Named = "sgd"
    penalty: PenaltyTable = PenaltyTable()
    no_update: str = ""
    """Why nn-tui cannot compute the update."""


def found_optimizer(optimizer: TorchOptimizer, chain: Chain) -> FoundOptimizer:
    """The rule of an optimizer, or the reason why nn-tui has none."""
    try:
        return _found(optimizer, chain)
    except UnrecognizedError as error:
        return FoundOptimizer(no_update=str(error))


def learning_rate(optimizer: TorchOptimizer) -> float:
    """The learning rate of the first group."""
    return float(optimizer.param_groups[0].get("lr", 0.0))


def _found(optimizer: TorchOptimizer, chain: Chain) -> FoundOptimizer:
    settings = _settings(optimizer, [each.weight for each in chain.layers])
    biases = [each.bias for each in chain.layers if each.bias is not None]
    of_biases = _settings(optimizer, biases) if biases else settings
    if {**settings, "weight_decay": 0} != {**of_biases, "weight_decay": 0}:
        raise UnrecognizedError("weights and biases have different settings")
    decay, bias_decay = (float(each.get("weight_decay", 0.0)) for each in (settings, of_biases))
    if bias_decay not in (0.0, decay):
        raise UnrecognizedError("weights and biases have different weight decays")
    _check_known(settings)
    name = type(optimizer).__name__
    if not type(optimizer).__module__.startswith("torch.optim") or name not in _RULES:
        raise UnrecognizedError(f"nn-tui does not have the optimizer {name}")
    core_name, values = _RULES[name](settings)
    acts_on = "weights" if settings.get("decoupled_weight_decay", name == "AdamW") else "gradient"
    penalty = PenaltyTable()
    if acts_on == "weights" and (bias_decay or not biases):
        core_name, values = "adamw", {**values, "weight_decay": decay}
    elif decay:
        penalty = PenaltyTable(l2=decay, biases=bias_decay > 0, acts_on=acts_on)
    tag = msgspec.convert({"name": core_name, **values}, OPTIMIZER_TABLES[core_name])
    return FoundOptimizer(table=tag, penalty=penalty)


def _settings(optimizer: TorchOptimizer, tensors: Sequence[Tensor]) -> Settings:
    """The value that all of these tensors share."""
    wanted = {id(each) for each in tensors}
    groups = []
    for group in optimizer.param_groups:
        if held := wanted & {id(each) for each in group["params"]}:
            wanted -= held
            groups.append({name: value for name, value in group.items() if name not in ("params", "initial_lr")})
    if wanted:
        raise UnrecognizedError("the optimizer does not move all parameters of the network")
    if any(_compared(each) != _compared(groups[0]) for each in groups):
        raise UnrecognizedError("groups of parameters have different settings")
    return groups[0]


def _compared(group: Settings) -> dict[str, object]:
    return {name: float(value) if name == "lr" else value for name, value in group.items()}


def _check_known(settings: Settings) -> None:
    for name in ("maximize", "amsgrad", "centered", "lr_decay", "dampening"):
        if settings.get(name):
            raise UnrecognizedError(f"nn-tui has no {name}")


def _sgd(settings: Settings) -> tuple[str, dict[str, float]]:
    momentum = float(settings["momentum"])
    if not momentum:
        return "sgd", {}
    return ("nesterov" if settings["nesterov"] else "momentum"), {"momentum": momentum}


def _rmsprop(settings: Settings) -> tuple[str, dict[str, float]]:
    if settings["momentum"]:
        raise UnrecognizedError("nn-tui has no RMSprop with momentum")
    return "rmsprop", {"alpha": float(settings["alpha"]), "epsilon": float(settings["eps"])}


def _adam(settings: Settings) -> tuple[str, dict[str, float]]:
    beta_1, beta_2 = map(float, settings["betas"])
    return "adam", {"beta_1": beta_1, "beta_2": beta_2, "epsilon": float(settings["eps"])}


_RULES: dict[str, Callable[[Settings], tuple[str, dict[str, float]]]] = {
    "SGD": _sgd,
    "Adagrad": lambda settings: ("adagrad", {"epsilon": float(settings["eps"])}),
    "Adadelta": lambda settings: ("adadelta", {"rho": float(settings["rho"]), "epsilon": float(settings["eps"])}),
    "RMSprop": _rmsprop,
    "Adam": _adam,
    "AdamW": _adam,
}
SLOTS = {
    "velocity": "momentum_buffer",
    "sum_of_squares": "sum",
    "mean_square": "square_avg",
    "mean_square_change": "acc_delta",
    "m": "exp_avg",
    "v": "exp_avg_sq",
}
"""PyTorch's names of an optimizer's slots."""


def slots_of(optimizer: TorchOptimizer, chain: Chain, name: str) -> tuple[list[Array], int]:
    """The optimizer's slots, each all W, then all b; and the number of updates that it has counted.

    Args:
        optimizer: PyTorch's.
        chain: the layers whose parameters it moves.
        name: the name of the rule in nn-tui.
    """
    rule = OPTIMIZERS[name]
    names = [SLOTS[slot] for slot in rule.slot_names if slot not in rule.scalar_slots]
    slots = [_slot(optimizer, chain, each) for each in names]
    state = optimizer.state.get(chain.layers[0].weight, {})
    return slots, int(state["step"]) if "step" in state else 0


def _slot(optimizer: TorchOptimizer, chain: Chain, name: str) -> Array:
    parts = [layer.matrix(_remembered(optimizer, layer.weight, name)) for layer in chain.layers]
    parts += [_remembered(optimizer, layer.bias, name) for layer in chain.layers if layer.bias is not None]
    return np.concatenate([each.detach().cpu().numpy().reshape(-1) for each in parts])


def _remembered(optimizer: TorchOptimizer, parameter: Tensor, name: str) -> Tensor:
    found = optimizer.state.get(parameter, {}).get(name)
    return parameter.new_zeros(parameter.shape) if found is None else found


def is_without_gradients(optimizer: TorchOptimizer | None) -> bool:
    """Whether an optimizer's gradients were set to zero."""
    gradients = [each.grad for group in (optimizer.param_groups if optimizer else ()) for each in group["params"]]
    return bool(gradients) and not any(each is not None and (each.is_sparse or bool(each.any())) for each in gradients)
