"""What one frame of a panel costs in CPU time, for networks of three sizes: a new moment until its visible lines are made.

Run with `pytest tests/benchmarks/test_panels.py -n0 -s` on a quiet machine.
"""

from collections.abc import Callable
from itertools import cycle, islice
from statistics import median
from time import thread_time

import pytest
from textual.app import App, ComposeResult

from nn_tui.core.debugger.snapshot import Snapshot
from nn_tui.core.training.training import Experiment
from nn_tui.tui.app import NNApp
from nn_tui.tui.panels.gradients_panel import GradientsPanel
from nn_tui.tui.panels.network_panel import NetworkPanel
from nn_tui.tui.panels.parameters_panel import ParametersPanel
from nn_tui.tui.view import View

from ..helpers.experiments import experiment
from ..helpers.pages import snapshot_after

SHAPES = ((2, 3, 1), (64, 32, 10), (784, 128, 10))
FRAMES = 30
SIZE = (118, 34)
Panel = NetworkPanel | ParametersPanel | GradientsPanel


def of_shape(layers: tuple[int, ...]) -> Experiment:
    inputs = [[(k + n) % 7 / 7 for n in range(layers[0])] for k in range(4)]
    return experiment(network__layers=list(layers), data__inputs=inputs, data__targets=[[1.0] * layers[-1]] * 4)


EXPERIMENTS = [of_shape(layers) for layers in SHAPES]
SNAPSHOTS = [[snapshot_after(of, 4 * step + 2) for step in (1, 2)] for of in EXPERIMENTS]


class Alone(App[None]):
    """Nothing but one panel."""

    COMPONENT_CLASSES = NNApp.COMPONENT_CLASSES

    def __init__(self, panel: Panel) -> None:
        super().__init__()
        self.panel = panel

    def compose(self) -> ComposeResult:
        yield self.panel


async def frame(make: Callable[[], Panel], share: float, of: Experiment, snapshots: list[Snapshot]) -> float:
    """CPU milliseconds of a frame, in the middle of many, with such a share of the page scrolled by."""
    panel, times = make(), []
    async with Alone(panel).run_test(size=SIZE) as pilot:
        panel.view = View(trainer=of.trainer, snapshot=snapshots[-1])
        await pilot.pause()
        panel.scroll_to(panel.max_scroll_x * share, panel.max_scroll_y * share, animate=False)
        await pilot.pause()
        for snapshot in islice(cycle(snapshots), FRAMES):
            begin = thread_time()
            panel.view = View(trainer=of.trainer, snapshot=snapshot)
            times.append((thread_time() - begin) * 1000)
            await pilot.pause()
    return median(times)


def gradients() -> NetworkPanel:
    panel = NetworkPanel()
    panel.drawer.gradients = True
    return panel


PANELS: dict[str, Callable[[], Panel]] = {
    "network": NetworkPanel,
    "network, gradients": gradients,
    "parameters": ParametersPanel,
    "gradients": GradientsPanel,
}


@pytest.mark.parametrize("share", [0.0, 0.5], ids=["begin", "middle"])
@pytest.mark.parametrize("name", PANELS)
async def test_a_frame(name: str, share: float, capsys: pytest.CaptureFixture[str]) -> None:
    times = [await frame(PANELS[name], share, *each) for each in zip(EXPERIMENTS, SNAPSHOTS, strict=True)]

    with capsys.disabled():
        shapes = ("-".join(map(str, layers)) for layers in SHAPES)
        told = "  ".join(f"{shape} {time:5.1f} ms" for shape, time in zip(shapes, times, strict=True))
        print(f"\n{name:<28}from {share:.0%}: {told}  the largest {times[-1] / times[0]:.1f} times the smallest")
