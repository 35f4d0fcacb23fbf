"""Drawings of networks: a snapshot on a sheet, as the network's panel makes it."""

from nn_tui.core.debugger.snapshot import Snapshot
from nn_tui.core.notation.notation import Notation
from nn_tui.core.quantities.quantity import Kind, Quantity
from nn_tui.core.training.trainer import Trainer
from nn_tui.tui.text.data_names import DataNames
from nn_tui.tui.text.network.brush import Look
from nn_tui.tui.text.network.drawing import draw_network, layer_needs, need_of
from nn_tui.tui.text.network.figures import input_scale
from nn_tui.tui.text.network.heat_map import heat_maps, learns_a_plane
from nn_tui.tui.text.network.network_plan import NetworkPlan, plan_of
from nn_tui.tui.text.network.network_values import NetworkValues
from nn_tui.tui.text.network.selection import Selection
from nn_tui.tui.text.network.sheet import Sheet


def plan_for(
    trainer: Trainer,
    snapshot: Snapshot,
    size: tuple[int, int],
    *,
    gradients: bool = False,
    decimals: int | None = None,
    notation: Notation = Notation.SUPERSCRIPT,
) -> NetworkPlan:
    values = NetworkValues(snapshot, notation=notation, gradients=gradients, names=DataNames.of(trainer, notation))
    has_maps = learns_a_plane(trainer) and not gradients
    return plan_of(
        need_of(values, layer_needs(values, input_scale(trainer)), size, has_maps=has_maps, decimals=decimals)
    )


def sheet_of(
    trainer: Trainer,
    snapshot: Snapshot,
    size: tuple[int, int] = (68, 22),
    cursor: Quantity | None = None,
    *,
    example: int = 0,
    gradients: bool = False,
    decimals: int | None = None,
    look: Look | None = None,
    notation: Notation = Notation.SUPERSCRIPT,
) -> Sheet:
    values = NetworkValues(snapshot, example, notation, gradients, DataNames.of(trainer, notation))
    plan = plan_for(trainer, snapshot, size, gradients=gradients, decimals=decimals, notation=notation)
    maps = heat_maps(trainer, snapshot.state, plan.pixels) if plan.need.has_maps else None
    first = Quantity(Kind.A, len(values.sizes) - 2, 0)
    selection = Selection.of(values.sizes, cursor or first)
    return draw_network(plan, values, selection, look or Look(), input_scale(trainer), maps)
