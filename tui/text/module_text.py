"""The model of another process as text: the tree of its tensors, a window of numbers, and a histogram."""

import re
from collections.abc import Sequence
from math import isfinite, log10, prod

import numpy as np

from ...core.debugger.facts import Activity
from ...presets.live.messages import ModuleStatistics, Window
from ...presets.live.model_training import OUTPUT, ModelState, TensorRow
from .columns import bar_of_size, form_of
from .numbers import MINUS, count, percent, plain, short, significant, wide
from .plot import Plot
from .safe import cut, safe
from .spans import Line, Lines, Span, label
from .sparkline import BLOCKS, sparkline
from .status_lines import GLYPHS, Part, spread

SETTINGS_END = re.compile(r", (?![^(]*\))")
"""The comma between two settings, not one within brackets."""
SIZE = re.compile(r"^(in_features|out_features)=")
NUMBER = 9
"""Columns of a number in the tree."""
COLUMNS = (
    ("‖W‖", "norm"),
    ("‖dW‖", "gradient_norm"),
    ("‖ΔW‖/‖W‖", "change"),
    ("zeros", "zeros"),
    ("nan, inf", "not_finite"),
)
"""Headings of the tree's numbers, and the field of each."""
RANKS = {"gradient_norm": 0, "flow": 1, "norm": 2, "shape": 3, "change": 4, "zeros": 5, "not_finite": 6}
"""The importance of the columns if not all fit, the most important first."""
SHAPE = 11
LEAST_NAME, MOST_NAME = 18, 48
FLOW, MOST_FLOW = 12, 42
"""Columns of the bar of a gradient."""
WIDTHS = {"shape": SHAPE, "flow": FLOW}
CELL = 11
"""Columns of a number of a window."""
DECADES = 5.0
"""The powers of ten that the bar of a gradient spans, down from the largest."""
USUAL = {
    "bias=True", "inplace=False", "eps=1e-05", "momentum=0.1", "affine=True", "elementwise_affine=True",
    "track_running_stats=True", "stride=(1, 1)", "stride=(1,)", "dilation=1", "ceil_mode=False", "padding=0",
    "approximate='none'", "batch_first=True",
}  # fmt: skip
"""The default settings of modules."""


def kind_words(kind: str, detail: str) -> str:
    """A module's class and its settings, without the defaults: Linear 32 → 128, LayerNorm 32.

    Args:
        kind: the class.
        detail: the settings, as PyTorch writes them.
    """
    parts = [part for part in SETTINGS_END.split(detail) if part and part not in USUAL]
    sizes = [SIZE.sub("", part) for part in parts if SIZE.sub("", part).isdecimal()]
    others = [part for part in parts if not SIZE.sub("", part).isdecimal()]
    words = [" → ".join(sizes), *(_setting(part) for part in others)]
    name = kind.replace("NonDynamicallyQuantizable", "")
    return f"{name} {', '.join(filter(None, words))}".rstrip()


def _setting(part: str) -> str:
    """One of them: kernel_size=(3, 3) is kernel 3×3."""
    name, equals, value = part.rpartition("=")
    sides = value.strip("()").strip(",").replace(", ", "×") if value.startswith("(") else value
    return f"{name.removesuffix('_size')} {sides}" if equals else sides


class ModuleTree:
    """The tree, as wide as the room allows."""

    def __init__(
        self, rows: Sequence[TensorRow], statistics: dict[str, ModuleStatistics], old: dict[str, int], width: int
    ) -> None:
        """Choose the columns that fit, the most important first.

        Args:
            rows: all rows.
            statistics: those of the tensors.
            old: the step of each tensor whose statistics are of an older step than the newest.
            width: of the page.
        """
        self._rows, self._statistics, self._old, self._width = rows, statistics, old, width
        longest = max((len(row.guide) + len(self._label(row)) for row in rows if row.tensor), default=0)
        self._name = min(max(longest + 1, LEAST_NAME), MOST_NAME, max(width - 2 * (NUMBER + 1), 8))
        room = width - self._name
        ranks = dict(RANKS)
        if any(each.not_finite for each in statistics.values()):
            ranks["not_finite"] = -1
        columns = set()
        for name in sorted(ranks, key=ranks.__getitem__):
            if (wide := WIDTHS.get(name, NUMBER + 1)) > room:
                break
            columns.add(name)
            room -= wide
        self._shape = SHAPE if "shape" in columns else 0
        self._flow = FLOW + min(room, MOST_FLOW - FLOW) if "flow" in columns else 0
        self._shown = [column for column in COLUMNS if column[1] in columns]
        norms = [each.gradient_norm or 0.0 for each in statistics.values()]
        self._largest = max((norm for norm in norms if isfinite(norm)), default=0.0)

    def _label(self, row: TensorRow) -> str:
        """The name in its module, and the step of numbers that are old."""
        return f"{row.label} of step {count(self._old[row.tensor])}" if row.tensor in self._old else row.label

    def heading(self) -> Line:
        """The line over the numbers."""
        shape = f"{'shape':>{SHAPE}}" if self._shape else ""
        words = "".join(f"{title:>{NUMBER + 1}}" for title, _ in self._shown)
        flow = "  ‖dW‖, log" + " scale" * (self._flow >= FLOW + 6) if self._flow else ""
        return [label(f"{'tensor':<{self._name}}{shape}{words}{flow}")]

    def line(self, row: TensorRow, *, is_chosen: bool) -> Line:
        """A row; the chosen row has a background of its own."""
        guide = label(cut(row.guide, self._name))
        if not row.tensor:
            name = cut(safe(row.label), max(self._width - len(row.guide), 1))
            room = max(self._width - len(row.guide) - len(name) - 2, 0)
            kind = cut(safe(kind_words(row.kind, row.detail)), room) if room > 1 else ""
            return [guide, Span(name, ("neuron",)), label(f"  {kind}")]
        found = self._statistics.get(row.tensor)
        room = max(self._name - len(row.guide), 1)
        name = cut(safe(self._label(row)), room - 1).ljust(room)
        spans = [guide, Span(name, ("accent" if is_chosen else "second" if row.is_output else "text",))]
        if self._shape:
            spans.append(label(f"{cut('×'.join(map(str, row.shape)) or '1', SHAPE):>{SHAPE}}"))
        spans += [self._number(found, attribute) for _, attribute in self._shown]
        if self._flow:
            spans += [Span("  "), *self._bar(found, "second" if row.is_output else "plus-2")]
        if row.tensor in self._old:
            spans = [span._replace(styles=("label",)) for span in spans]
        if is_chosen:
            missing = max(self._width - sum(len(span.text) for span in spans), 0)
            spans = [span._replace(styles=(*span.styles, "selected")) for span in (*spans, Span(" " * missing))]
        return spans

    def _number(self, found: ModuleStatistics | None, attribute: str) -> Span:
        value = getattr(found, attribute) if found else None
        if value is None or (attribute == "not_finite" and not value):
            return label("·".rjust(NUMBER + 1))
        if attribute == "not_finite":
            return Span(count(value).rjust(NUMBER + 1), ("wrong",))
        text = percent(value) if attribute == "zeros" else _fitted(value)
        return Span(text.rjust(NUMBER + 1), ("value",) if isfinite(value) else ("wrong",))

    def _bar(self, found: ModuleStatistics | None, style: str) -> Line:
        """A bar of a gradient's size, by its power of ten."""
        norm = found.gradient_norm if found else None
        if not norm or not isfinite(norm) or not self._largest:
            return [Span(" " * (self._flow - 2))]
        share = 1.0 + log10(norm / self._largest) / DECADES
        return bar_of_size(max(share, 0.0), 1.0, self._flow - 2, style)


def tree_page(now: ModelState, rows: Sequence[TensorRow], chosen: int, width: int, height: int) -> Lines:
    """As many rows around the chosen row as fit, and the heading over them."""
    tree = ModuleTree(rows, now.statistics, now.old, width)
    room = max(height - 1, 1)
    first = min(max(chosen - room // 2, 0), max(len(rows) - room, 0))
    lines = [tree.line(row, is_chosen=n == chosen) for n, row in enumerate(rows[first : first + room], first)]
    return Lines([tree.heading(), *lines])


def tree_title(statistics: dict[str, ModuleStatistics]) -> str:
    """The number of parameters, as far as it was reported."""
    numbers = sum(prod(each.shape) for name, each in statistics.items() if not name.endswith(OUTPUT))
    return f"Modules  {count(numbers)} parameters" if numbers else "Modules"


def reason_text(reason: str, width: int) -> str:
    """The reason why nn-tui does not compute the model itself, in this many columns, or the key that shows it."""
    shorter = (reason, reason.partition(", which ")[0], reason.rpartition(", got ")[2], reason.partition(": ")[0])
    said = [f"not computed here: {each}" for each in shorter] if reason else [""]
    return next((each for each in said if len(each) <= width), "not computed here: i says why")


WAITING, NO_GRADIENT = "waiting for its numbers …", "it has no gradient at this step"
TOO_LATE = "the training ended before these numbers were asked for"


def window_page(
    window: Window | None, cursor: tuple[int, int] | None, width: int, height: int, missing: str = WAITING
) -> Lines:
    """The numbers of a window with their indices, from 0 as in PyTorch; the number under the cursor is lit.

    Args:
        window: the reported numbers.
        cursor: row and column of the number under the cursor.
        width: of the page.
        height: of the page.
        missing: the sentence where there is no window.
    """
    if window is None:
        return Lines([[label(missing)]])
    values = window.values.array()
    if not values.size:
        return Lines([[label("it is empty")]])
    grid = np.atleast_2d(values)
    form = form_of(grid.astype(float), 6, CELL, 3)
    lines: list[Line] = [[label(" " * 6 + "".join(f"{window.left + n:>{CELL}}" for n in range(grid.shape[1])))]]
    for y, row in enumerate(grid.tolist()[: max(height - 1, 1)]):
        spans = [label(f"{window.top + y:>6}")]
        for x, value in enumerate(row):
            is_here = cursor == (window.top + y, window.left + x)
            sign = "plus" if value > 0 else "minus" if value < 0 else "zero"
            styles = ("wrong",) if not isfinite(value) else (sign,)
            text = form.text(value)
            spans += [Span(" " * (CELL - len(text))), Span(text, (*styles, "cursor") if is_here else styles)]
        lines.append(spans)
    return Lines(lines)


def histogram_page(window: Window | None, width: int, height: int) -> Lines:
    """The histogram of all numbers of a tensor, upright, and its ends."""
    if window is None or not window.counts or height < 3:
        return Lines([])
    counts = np.array(window.counts, float)
    bins = min(len(counts), max(width, 1))
    merged = np.array([part.sum() for part in np.array_split(counts, bins)])
    columns = merged[np.arange(max(width, 1)) * bins // max(width, 1)]
    rows = height - 2
    eighths = np.ceil(columns / max(merged.max(), 1.0) * rows * len(BLOCKS)).astype(int)
    lines: list[Line] = []
    for row in range(rows, 0, -1):
        cells = np.clip(eighths - (row - 1) * len(BLOCKS), 0, len(BLOCKS))
        lines.append([Span("".join(BLOCKS[n - 1] if n else " " for n in cells), ("plus-2",))])
    least, greatest = plain(window.least, 4), plain(window.greatest, 4)
    lines.append([label(least + greatest.rjust(max(width - len(least), len(greatest) + 1)))])
    lines.append([label(f"{count(float(counts.sum()))} finite numbers counted")])
    return Lines(lines)


def loss_page(now: ModelState, width: int, height: int) -> Lines:
    """The loss by step."""
    points = [(step, value) for step, value in now.losses.downsample(2 * max(width, 10)) if isfinite(value)]
    if len(points) < 2 or width < 20 or height < 4:
        return Lines([[label("drawn from the second step on")]])
    steps, losses = zip(*points, strict=True)
    plot = Plot(width, height)
    plot.curve(steps, losses, "train", significant(losses[-1]))
    plot.label(steps, losses, is_whole=True)
    return plot.page()


def live_header(now: ModelState, script: str, width: int) -> Line:
    """The script, its loss, and its step."""
    kind = next((module.kind for module in now.model.modules), "")
    rate = "" if now.learning_rate is None else f"learning rate {short(now.learning_rate)}"
    what = ", ".join(filter(None, (safe(kind), safe(now.model.optimizer), rate)))
    left = [Part(0, [Span(safe(script), ("lit",))])]
    if now.why:
        left.append(Part(1, [Span(safe(now.why), (now.activity.value,))]))
    else:
        left.append(Part(7, [Span(what, ("second",))]))
    middle = []
    if len(now.losses):
        spark = sparkline(now.losses, 12)
        middle = [Part(2, [label("loss "), Span(significant(now.losses[-1][1], 4).ljust(wide(4)), ("value", "new"))])]
        middle += [Part(6, [Span(spark, ("second",))])] if spark else []
    right = [Part(0, [Span(f"{GLYPHS[now.activity]} {now.activity.value}", (now.activity.value,))])]
    if now.activity is Activity.RUNNING and now.updates_per_second is not None:
        right.insert(0, Part(9, [label(f"{count(now.updates_per_second)} updates/s")]))
    right.append(Part(0, [Span(f"step {count(now.step)}", ("value", "new"))]))
    return spread(left, middle, right, width)


def tensor_title(row: TensorRow | None, index: tuple[int, ...]) -> str:
    """The name of a tensor, and the part of its leading axes that is shown."""
    if row is None or not row.tensor:
        return "Numbers"
    part = f" [{', '.join(map(str, index))}, …]" if index else ""
    name = row.tensor if not row.tensor.startswith(OUTPUT) else f"model{row.tensor}"
    return f"{safe(name)}{part}  {'×'.join(map(str, row.shape)) or '1'}"


def tensor_facts(found: ModuleStatistics | None) -> str:
    """Facts about the chosen tensor beside its norms."""
    if found is None:
        return ""
    facts = [f"zeros {percent(found.zeros)}"] if found.zeros is not None else []
    return ", ".join([*facts, f"not finite {count(found.not_finite)}"])


def _fitted(value: float) -> str:
    """A number as wide as a column."""
    text = plain(value, 4)
    return text if len(text) <= NUMBER else f"{value:.2e}".replace("-", MINUS)
