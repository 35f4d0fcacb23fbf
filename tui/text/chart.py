"""The charts of a training: its metrics by step, and the current values in the layers."""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Sequence
from enum import Enum
from operator import itemgetter

import numpy as np
from msgspec import Struct
from msgspec.structs import replace

from ...core.functions.arrays import Array
from ...core.metrics.history import Metrics
from ...core.metrics.series import Point, Series, downsample
from ...core.notation.labels import Labels
from .numbers import count, plain, significant
from .plot import GREATEST, SERIES, Drawing, Plot, is_drawable, logarithm

MUCH = 60
"""Columns from which on each of several curves has its newest value beside its name."""
NOISY = ("train", "other")
"""Charts of batches: if there are many steps, the means are a line, with the extremes as dots behind it."""
PARTING = "◆"
BINS = 24
"""The bins of a histogram."""


class ChartKind(Enum):
    """The subject of a chart, and its title."""

    LOSS = "Loss"
    LOG_LOSS = "Loss, logarithmic"
    ACCURACY = "Accuracy"
    GRADIENTS = "‖∂L/∂W‖ by layer"
    RATIOS = "‖ΔW‖ / ‖W‖ by layer"
    ACTIVATIONS = "Activations by layer"

    @property
    def is_log(self) -> bool:
        """Whether its upper values are logarithms."""
        return self in (ChartKind.LOG_LOSS, ChartKind.GRADIENTS, ChartKind.RATIOS)


class Curves(Struct, frozen=True, eq=False):
    """Losses by step, and the other metrics."""

    train: Sequence[Point] = ()
    """The loss of the training batches."""
    test: Sequence[Point] = ()
    """The loss of the held-out examples."""
    other: Sequence[Point] = ()
    """The loss of another branch's training batches."""
    here: int | None = None
    """The step that is shown, unless it is the last one."""
    seen: Metrics = Metrics()
    names: tuple[str, str] | None = None
    """The names of this branch and the other one by what differs; None if they are not compared."""
    batch: str = "batch"
    """The words before the loss and the accuracy of a batch: "train" if a batch is all examples."""
    labels: Labels | None = None
    """The notation of titles; None for the usual letters."""

    @property
    def has_noise(self) -> bool:
        """Whether a batch is only some of the examples, so that its loss jumps from step to step."""
        return self.batch == "batch"


class ChartLine(Struct, frozen=True, eq=False):
    """One curve of a chart."""

    colour: str
    label: str
    """Its name in a legend, under the title of the chart."""
    points: Sequence[Point]
    name: str = ""
    """Its name alone, if the label is too short for that."""
    begins_with: str = ""
    """The marker of its first point."""

    @property
    def full_name(self) -> str:
        """Its name; in a legend, its label."""
        return self.name or self.label


def chart(
    curves: Curves,
    width: int,
    height: int,
    kind: ChartKind = ChartKind.LOSS,
    a: Sequence[Array] = (),
    *,
    has_colours: bool = True,
    mark: int | None = None,
) -> Drawing:
    """The chart as lines of text with colour sequences, and the position of its curves.

    Args:
        curves: the curves to draw.
        width: columns.
        height: lines.
        kind: the chart.
        a: the activations of each layer, for their histogram.
        has_colours: without them each layer's curve is drawn with its number.
        mark: a step that is chosen.
    """
    if kind is ChartKind.ACTIVATIONS:
        return _histogram(a, width, height, has_colours=has_colours)
    is_log = kind.is_log or any(_has_huge(each.points) for each in SERIES_OF[kind](curves))
    value = logarithm if is_log else float
    lines = (replace(each, points=_up_to_drawable(each.points, value)) for each in SERIES_OF[kind](curves))
    drawn = [(each, _drawable(each.points, 2 * width, value)) for each in lines]
    drawn = [(each, points) for each, points in drawn if points]
    plot = Plot(width, height)
    for each, points in drawn:
        if curves.has_noise and each.colour in NOISY and len(points) > width:
            if has_colours:
                plot.cloud(*zip(*points, strict=True))
            points = _means(each.points, width // 2, value)
        steps, values = zip(*points, strict=True)
        label = _label(each, is_alone=len(drawn) == 1, has_room=width >= MUCH)
        plot.curve(steps, values, each.colour, label, _marker(each.colour, has_colours=has_colours))
    for line, points in drawn:
        if line.begins_with:
            plot.points([points[0][0]], [points[0][1]], "mark", line.begins_with)
    for step, name in ((curves.here, "here"), (mark, "mark")):
        if step is not None:
            plot.upright(step, name)
    every = [point for _, points in drawn for point in points]
    plot.label([step for step, _ in every], [value for _, value in every], is_whole=True, is_log=is_log)
    return plot.drawing()


def _label(line: "ChartLine", *, is_alone: bool, has_room: bool) -> str:
    """The label behind a curve: the newest value of a single curve, otherwise the name, with the value if it fits."""
    value = significant(line.points[-1][1])
    return value if is_alone else f"{line.label} {value}" if has_room else line.label


def kinds_of(curves: Curves) -> list[ChartKind]:
    """The charts that have data, and always the loss."""
    found = [kind for kind in SERIES_OF if any(each.points for each in SERIES_OF[kind](curves))]
    return [*(found or [ChartKind.LOSS]), ChartKind.ACTIVATIONS]


def title_of(curves: Curves, kind: ChartKind) -> str:
    """The title of a chart; it names a single curve, because only several have a legend."""
    shown = [each for each in SERIES_OF[kind](curves) if each.points] if kind in SERIES_OF else []
    if len(shown) != 1 or not shown[0].name:
        return curves.labels.sentence(kind.value) if curves.labels else kind.value
    return f"{shown[0].name.capitalize()}{', logarithmic' if kind is ChartKind.LOG_LOSS else ''}"


def chart_steps(curves: Curves, kind: ChartKind, most: int) -> list[int]:
    """The steps of a chart's points in order, at most this many for each curve."""
    return sorted({step for each in _series(curves, kind) for step, _ in downsample(each.points, most)})


def neighbour(steps: Sequence[int], step: int | None, by: int) -> int | None:
    """The step this many places further; the last step if there is no such place."""
    if not steps or step is None:
        return steps[-1] if steps else None
    return steps[min(max(bisect_left(steps, step) + by, 0), len(steps) - 1)]


def nearest(steps: Sequence[int], column: int, columns: range) -> int | None:
    """The step nearest to a column of a chart; None if the column is beside the curves."""
    if not steps or column not in columns:
        return None
    wanted = steps[0] + (steps[-1] - steps[0]) * (column - columns.start) / max(len(columns) - 1, 1)
    return min(steps, key=lambda step: abs(step - wanted))


def readout(curves: Curves, kind: ChartKind, step: int, decimals: int) -> str:
    """The step, and the value of each curve there."""
    values = [(each.full_name, _at(each.points, step)) for each in _series(curves, kind)]
    told = [f"{label} {plain(value, decimals)}" for label, value in values if value is not None]
    return "  ".join([f"step {count(step)}", *told])


def _losses(curves: Curves) -> Iterator[ChartLine]:
    points, same = _parted(curves)
    ours, theirs = curves.names or (curves.batch, "other branch")
    yield ChartLine("train", ours if curves.other else curves.batch, curves.train, f"{curves.batch} loss")
    yield ChartLine("test", "held out", curves.test, "held-out loss")
    yield ChartLine("other", theirs, points, theirs, "" if same is None else PARTING)


def _parted(curves: Curves) -> tuple[Sequence[Point], int | None]:
    """The losses of the other branch from the last common step on, and that step."""
    ours, theirs = (Series(points) for points in (curves.train, curves.other))
    most = min(len(ours), len(theirs))
    is_same = np.array(ours.steps[:most]) == np.array(theirs.steps[:most])
    is_same &= np.array(ours.values[:most]) == np.array(theirs.values[:most])
    same = most if is_same.all() else int(is_same.argmin())
    return (theirs[same - 1 :], theirs.steps[same - 1]) if same else (curves.other, None)


def _accuracies(curves: Curves) -> Iterator[ChartLine]:
    yield ChartLine("train", curves.batch, curves.seen.batch_accuracy, f"{curves.batch} accuracy")
    yield ChartLine("test", "held out", curves.seen.test_accuracy, "held-out accuracy")


def _gradients(curves: Curves) -> Iterator[ChartLine]:
    return _by_layer(curves.seen.gradients)


def _ratios(curves: Curves) -> Iterator[ChartLine]:
    return _by_layer(curves.seen.ratios)


def _by_layer(layers: Sequence[Sequence[Point]]) -> Iterator[ChartLine]:
    yield from (ChartLine(f"series{n % SERIES}", f"layer {n + 1}", points) for n, points in enumerate(layers))


SERIES_OF: dict[ChartKind, Callable[[Curves], Iterator[ChartLine]]] = {
    ChartKind.LOSS: _losses,
    ChartKind.LOG_LOSS: _losses,
    ChartKind.ACCURACY: _accuracies,
    ChartKind.GRADIENTS: _gradients,
    ChartKind.RATIOS: _ratios,
}
"""The curves of each chart over the steps."""


def _up_to_drawable(points: Sequence[Point], value: Callable[[float], float]) -> Sequence[Point]:
    """The points up to the last one that can be drawn, which the label is about."""
    end = len(points)
    while end and not is_drawable(value(points[end - 1][1])):
        end -= 1
    return points if end == len(points) else points[:end]


def _drawable(points: Sequence[Point], most: int, value: Callable[[float], float]) -> list[Point]:
    """As many points as can be distinguished."""
    shown = ((step, value(number)) for step, number in downsample(points, most))
    return [(step, number) for step, number in shown if is_drawable(number)]


def _has_huge(points: Sequence[Point]) -> bool:
    """Whether a number is so large that only its logarithm can be drawn."""
    values = np.abs(np.array((points if isinstance(points, Series) else Series(points)).values))
    return bool(((values > GREATEST) & np.isfinite(values)).any())


def _means(points: Sequence[Point], most: int, value: Callable[[float], float]) -> list[Point]:
    """The first point, and the means of this many intervals of steps; the last interval ends with the last step."""
    series = points if isinstance(points, Series) else Series(points)
    steps, values = np.array(series.steps), np.array(series.values)
    is_known = np.isfinite(values) if value is logarithm else np.abs(values) <= GREATEST
    steps, values = steps[is_known], values[is_known]
    stretches = (steps - steps[0]) * most // (steps[-1] - steps[0] + 1)
    counts, middles = np.bincount(stretches), np.bincount(stretches, steps)
    shares = np.bincount(stretches, values / counts[stretches])  # the sum of large values would overflow
    means = [(int(m / n), value(s)) for m, s, n in zip(middles, shares, counts, strict=True) if n]
    return [(int(steps[0]), value(float(values[0]))), *means[:-1], (int(steps[-1]), means[-1][1])]


def _marker(colour: str, *, has_colours: bool) -> str:
    """The marker of a curve: without colours, its layer's number, or dots for the other branch."""
    if colour == "other" and not has_colours:
        return "·"
    layer = colour.removeprefix("series")
    return str(int(layer) + 1) if not has_colours and layer.isdigit() else "braille"


def _histogram(a: Sequence[Array], width: int, height: int, *, has_colours: bool) -> Drawing:
    """The histogram of each layer's activations, as shares of the layer."""
    plot = Plot(width, height)
    finite = [each[np.abs(each) <= GREATEST] for each in a]
    values = np.concatenate([each.ravel() for each in finite]) if finite else np.zeros(0)
    if not values.size:
        return plot.drawing()
    least, greatest = float(values.min()), float(values.max())
    bins = np.linspace(least, greatest, BINS + 1) if greatest > least else least + np.arange(-1.0, 2.0)
    most = 0.0
    for n, each in enumerate(finite):
        shares = np.histogram(each, bins)[0] / max(each.size, 1)
        colour = f"series{n % SERIES}"
        marker = _marker(colour, has_colours=has_colours)
        plot.curve(((bins[:-1] + bins[1:]) / 2).tolist(), shares.tolist(), colour, f"layer {n + 1}", marker)
        most = max(most, float(shares.max()))
    plot.label(bins.tolist(), [0.0, most])
    return plot.drawing()


def _series(curves: Curves, kind: ChartKind) -> list[ChartLine]:
    return list(SERIES_OF[kind](curves)) if kind in SERIES_OF else []


def _at(points: Sequence[Point], step: int) -> float | None:
    """The last value up to a step."""
    found = bisect_right(points, step, key=itemgetter(0))
    return points[found - 1][1] if found else None
