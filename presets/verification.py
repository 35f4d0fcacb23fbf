"""Verification: the figures that a source prints against computed ones, and what explains a difference."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from enum import Enum
from functools import cached_property
from itertools import combinations
from pathlib import Path

from msgspec.structs import replace

from ..core.explaining.explain import explain
from ..core.quantities.quantity import Quantity, When
from ..core.quantities.values import value_of
from ..core.training.events import BackwardPass, Failed, Updated
from ..core.training.stop import Stop
from ..core.training.trainer import Trainer
from ..core.typed_number import quoted, shortened
from .build import build
from .errors import PresetError
from .printed_figures import matches_figure
from .schema import NetworkTable, Preset, Published

CUT_OFF = "if truncated instead of rounded"


class FigureVerdict(Enum):
    """What a figure comes to."""

    AGREES = "agrees"
    EXPLAINED = "explained"
    """It agrees under another convention, or the preset says why it differs."""
    DISAGREES = "disagrees"


@dataclass(frozen=True, slots=True)
class VerifiedFigure:
    """A published figure beside the computed one."""

    figure: Published
    computed: float
    verdict: FigureVerdict
    why: str = ""
    """The convention under which it agrees, or the reason that the preset gives."""


@dataclass(frozen=True)
class Convention:
    """Another way to compute, in words; a preset, and a number of updates more or fewer."""

    words: str
    preset: Preset
    more_updates: int = 0


@dataclass(frozen=True)
class Course:
    """The steps of a training that figures are of."""

    trainer: Trainer
    steps: dict[int, tuple[BackwardPass, Updated | None]]
    """Each with the update that led to it."""
    failure: str
    """Why training could not continue; empty where it could."""

    def value(self, quantity: Quantity, step: int) -> float:
        """A quantity's value at a step.

        Raises:
            IndexError: there is no such step, or the network has no such quantity.
            ValueError: the optimizer has no such quantity.
        """
        if step not in self.steps:
            raise IndexError(self.failure or f"training has no step {step}")
        backward, before = self.steps[step]
        with suppress(IndexError, ValueError):  # what only an explanation knows, or why the network has no such thing
            if quantity.when is When.NOW:
                return value_of(quantity, backward)
        return explain(self.trainer, backward, quantity, before).value


def verify(preset: Preset, folder: Path) -> Iterator[VerifiedFigure]:
    """Compare every published figure of a preset.

    Raises:
        PresetError: a figure names a quantity that the network does not have.
    """
    search = Search(preset, folder)
    for figure in preset.published:
        yield search.verified(figure)


class Search:
    """Trainings of a preset under its own and other conventions, each done once and only where it is needed."""

    def __init__(self, preset: Preset, folder: Path) -> None:
        """Begin with the preset as it is."""
        self._preset = preset
        self._folder = folder
        self._steps = {figure.step + more for figure in preset.published for more in (-1, 0, 1)}
        self._trained: list[tuple[Preset, Course]] = []

    def verified(self, figure: Published) -> VerifiedFigure:
        """What a figure comes to."""
        try:
            computed = self._course(self._preset).value(Quantity.parse(figure.quantity), figure.step)
        except (IndexError, ValueError) as error:
            place = f"published {quoted(figure.quantity)}"
            raise PresetError(shortened(self._preset.name), place, str(error)) from None
        if matches_figure(figure, computed):
            return VerifiedFigure(figure, computed, FigureVerdict.AGREES)
        if figure.note:
            return VerifiedFigure(figure, computed, FigureVerdict.EXPLAINED, figure.note)
        if cut_off(figure, computed):
            return VerifiedFigure(figure, computed, FigureVerdict.EXPLAINED, f"agrees {CUT_OFF}")
        for convention in self._conventions:
            if words := self._explanation(figure, convention):
                return VerifiedFigure(figure, computed, FigureVerdict.EXPLAINED, f"agrees {words}")
        return VerifiedFigure(figure, computed, FigureVerdict.DISAGREES)

    def _explanation(self, figure: Published, convention: Convention) -> str | None:
        """The words under which a figure agrees, where a convention explains it."""
        computed = self._computed(figure, convention)
        if computed is None:
            return None
        if matches_figure(figure, computed):
            return convention.words
        return f"{convention.words}, and {CUT_OFF}" if cut_off(figure, computed) else None

    @cached_property
    def _conventions(self) -> list[Convention]:
        """The simplest first: one change, then two."""
        fewer = Convention("with one update fewer", self._preset, -1)
        more = Convention("with one update more", self._preset, 1)
        presets = list(other_conventions(self._preset))
        ones = [Convention(f"if {words}", preset) for words, preset in presets]
        shifted = [
            Convention(f"{one.words}, {shift.words}", one.preset, shift.more_updates)
            for one in ones
            for shift in (fewer, more)
        ]
        pairs = [
            Convention(f"if {first} and {second}", both)
            for (first, once), (second, _) in combinations(presets, 2)
            for words, both in other_conventions(once)
            if words == second
        ]
        return [*ones, fewer, more, *shifted, *pairs]

    def _computed(self, figure: Published, convention: Convention) -> float | None:
        """A figure's value under a convention; None where there is no such step or quantity."""
        try:
            step = figure.step + convention.more_updates
            return self._course(convention.preset).value(Quantity.parse(figure.quantity), step)
        except (IndexError, ValueError):
            return None

    def _course(self, preset: Preset) -> Course:
        for trained, course in self._trained:
            if trained is preset:
                return course
        experiment = build(preset, self._folder)
        steps: dict[int, tuple[BackwardPass, Updated | None]] = {}
        before, failure = None, ""
        for event in experiment.trainer.events(experiment.start, Stop(steps=max(self._steps))):
            match event:
                case BackwardPass() if event.step in self._steps:
                    steps[event.step] = event, before
                case Updated():
                    before = event
                case Failed():
                    failure = event.reason
        course = Course(experiment.trainer, steps, failure)
        self._trained.append((preset, course))
        return course


def cut_off(figure: Published, computed: float) -> bool:
    """Whether a figure is the computed number without its further decimals."""
    unit, more = 10.0**-figure.decimals, abs(computed) - abs(figure.value)
    return computed * figure.value > 0 and -1e-6 * unit <= more < unit


def other_conventions(preset: Preset) -> Iterator[tuple[str, Preset]]:
    """Each way in which articles differ, in words, with the preset that follows it instead."""
    network, training = preset.network, preset.training
    other = "simultaneous" if training.update == "sequential" else "sequential"
    yield f"updates are {other}", replace(preset, training=replace(training, update=other))
    if network.bias != "none":
        word = "fixed" if network.train_bias else "trained"
        yield f"biases are {word}", replace(preset, network=replace(network, train_bias=not network.train_bias))
    if (bias := _other_bias(network)) is not None:
        word = "for each neuron" if bias.bias == "per-neuron" else "shared by a layer"
        yield f"biases are {word}", replace(preset, network=bias)
    other = "sum" if training.reduction == "mean" else "mean"
    yield f"the loss is the {other} over the examples", replace(preset, training=replace(training, reduction=other))
    halves = {"sse": ("half-sse", "has a factor ½"), "half-sse": ("sse", "has no factor ½")}
    if training.loss in halves:
        loss, words = halves[training.loss]
        yield f"the squared error {words}", replace(preset, training=replace(training, loss=loss))


def _other_bias(network: NetworkTable) -> NetworkTable | None:
    """The same biases shared by a layer, or for each neuron; None where there is no such thing."""
    biases = network.biases
    if network.bias == "none" or biases is None:
        return None
    if network.bias == "shared":
        spread = [row * n_out for row, n_out in zip(biases, network.layers[1:], strict=True)]
        return replace(network, bias="per-neuron", biases=spread)
    if all(len(set(row)) == 1 for row in biases):
        return replace(network, bias="shared", biases=[row[:1] for row in biases])
    return None
