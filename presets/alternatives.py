"""Alternative computations of the numbers that a source prints: other conventions, slips and other inputs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from itertools import combinations
from math import isfinite
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from ..core.diagnosis.cause import CauseKind
from ..core.diagnosis.diagnose import CAUSES
from ..core.diagnosis.mistyped_input import BITS_A_DECIMAL, inputs_of, solved, with_input
from ..core.diagnosis.update_inputs import Figure, UpdateInputs
from ..core.diagnosis.varied_training import VariedTraining, can_be_varied, name_at, place_of_number
from ..core.quantities.quantity import Quantity
from ..core.steps.events import BackwardPass, Failed, Updated
from ..core.steps.stop import Stop
from .build import build
from .computed_steps import ComputedSteps, SteppedVelocity
from .first_wrong_figure import Agrees, PlacedFigure, other_input, placed_figures
from .schema import NetworkTable, Preset, Published

MOST_VARIED_STEPS = 100
"""The last step that is computed to find a slip."""
MOST_INPUTS = 200
"""Inputs that are tried at most, to find a mistyped one."""
MOST_DECIMALS = 6
"""Decimals of the value that replaces a mistyped input."""


@dataclass(frozen=True)
class Alternative:
    """One alternative computation of all printed numbers."""

    words: str
    """What differs, as "if the loss is the sum over the examples"."""
    training: ComputedSteps | VariedTraining
    more_updates: int = 0
    price: float = 0.0
    """Bits of evidence that choosing it costs, besides the choice among the alternatives."""
    preset: Preset | None = None
    """The preset with the other input, if nothing else differs."""
    is_usual: bool = True
    """Whether its other input has about as many decimals as the inputs of the preset."""

    def is_near(self, figure: Published) -> bool:
        """Whether a figure is computed quickly."""
        return isinstance(self.training, ComputedSteps) or figure.step <= MOST_VARIED_STEPS

    def number(self, figure: Published) -> float:
        """The printed number computed this way; NaN if there is none."""
        quantity, step = Quantity.parse(figure.quantity), figure.step + self.more_updates
        try:
            if isinstance(self.training, ComputedSteps):
                return self.training.value(quantity, step)
            return self.training.number(quantity, step)
        except (IndexError, ValueError):
            return float("nan")


@dataclass
class Alternatives:
    """All alternative computations of a preset's printed numbers, each trained once and only if it is needed."""

    preset: Preset
    folder: Path
    _trained: list[tuple[Preset, ComputedSteps]] = field(default_factory=list)

    @cached_property
    def own(self) -> ComputedSteps:
        """The steps as the preset describes them."""
        return self._computed(self.preset)

    def conventions(self) -> Iterator[Alternative]:
        """Alternatives with one other convention, or with an update fewer or more."""
        for words, preset in self._other_presets:
            yield Alternative(f"if {words}", self._computed(preset))
        if any(each.quantity.startswith("velocity-") for each in self.preset.published):
            yield Alternative("if the velocity has the learning rate in it, v = βv − ηg", SteppedVelocity.of(self.own))
        yield Alternative("with one update fewer", self.own, -1)
        yield Alternative("with one update more", self.own, 1)
        known = {words for words, _ in self._other_presets}
        yield from (each for each in self._varied(CauseKind.CONVENTION) if each.words.removeprefix("if ") not in known)

    def two_conventions(self) -> Iterator[Alternative]:
        """Alternatives with two other conventions, or with one and an update fewer or more."""
        for words, preset in self._other_presets:
            yield Alternative(f"if {words}, with one update fewer", self._computed(preset), -1)
            yield Alternative(f"if {words}, with one update more", self._computed(preset), 1)
        for (first, once), (second, _) in combinations(self._other_presets, 2):
            for words, both in other_conventions(once):
                if words == second:
                    yield Alternative(f"if {first} and {second}", self._computed(both))

    def slips(self) -> Iterator[Alternative]:
        """Alternatives with one slip of the catalogue."""
        return self._varied(CauseKind.SLIP)

    def mistyped(self, figures: Sequence[Published]) -> Iterator[Alternative]:
        """Alternatives with one other input, whose value the first of these figures decides."""
        first = next(
            (each for each in figures if each.step <= MOST_VARIED_STEPS and _has_place(each, self._setting)), None
        )
        if not self._can_be_varied or first is None:
            return
        quantity = Quantity.parse(first.quantity)
        for name, index, was in list(inputs_of(self._setting))[:MOST_INPUTS]:

            def difference(value: float, name: Figure = name, index: tuple[int, ...] = index) -> float:
                training = VariedTraining(with_input(self._setting, name, index, value))
                return training.number(quantity, first.step) - first.value

            found = solved(difference, was, 1e-3, 0.5e-3 * 10.0**-first.decimals)
            if found is None or not isfinite(found) or (name.name == "learning_rate" and found <= 0.0):
                continue
            for decimals in range(MOST_DECIMALS + 1):
                value = round(found, decimals)
                if abs(difference(value)) <= 0.5 * 10.0**-first.decimals:
                    training = VariedTraining(with_input(self._setting, name, index, value))
                    words = f"if {_input_name(name, index, len(self._setting.x))} is {value:.10g} and not {was:.10g}"
                    price = BITS_A_DECIMAL * decimals + 2.0
                    preset = preset_with_number(self.preset, name, index, value)
                    yield Alternative(
                        words, training, price=price, preset=preset, is_usual=decimals <= self._decimals + 1
                    )
                    break

    def placed(self, figures: Sequence[Published], agrees: Agrees) -> list[PlacedFigure]:
        """The figures of the first updates, each compared with what the figures printed before it lead to."""
        if not self._can_be_varied:
            return []
        near = [each for each in figures if each.step <= MOST_VARIED_STEPS and _has_place(each, self._setting)]
        own = Alternative("", self.own)
        try:
            return placed_figures(self._setting, near, own.number, agrees)
        except (IndexError, ValueError):  # a training that fails on the way
            return []

    def other_input_of(
        self, figures: Sequence[Published], wrong: Sequence[Published], agrees: Agrees, enough: float
    ) -> str:
        """In words, the one other input that makes all wrong figures agree with those before them; else empty."""
        near = [each for each in figures if each.step <= MOST_VARIED_STEPS and _has_place(each, self._setting)]
        found = other_input(self._setting, near, wrong, agrees, enough)
        if found is None:
            return ""
        name, index, was, value = found
        return f"{_input_name(name, index, len(self._setting.x))} is {value:.10g} there and not {was:.10g}"

    def _varied(self, kind: CauseKind) -> Iterator[Alternative]:
        if not self._can_be_varied:
            return
        for cause in CAUSES:
            if cause.kind is kind:
                for variant in cause.variants(self._setting):
                    (_, layers), *_ = variant.causes
                    layer = max(layers)
                    words = cause.text(layer, self._setting.activation(layer))
                    yield Alternative(f"if {words}", VariedTraining(self._setting, variant))

    @cached_property
    def _setting(self) -> UpdateInputs:
        experiment = build(self.preset, self.folder)
        return UpdateInputs.of(experiment.trainer, experiment.start)

    @cached_property
    def _decimals(self) -> int:
        """The most decimals of an input."""
        exponents = (Decimal(repr(was)).normalize().as_tuple().exponent for _, _, was in inputs_of(self._setting))
        return max(-each for each in exponents if isinstance(each, int))

    @cached_property
    def _can_be_varied(self) -> bool:
        return can_be_varied(self._setting) and min(each.step for each in self.preset.published) <= MOST_VARIED_STEPS

    @cached_property
    def _other_presets(self) -> list[tuple[str, Preset]]:
        return list(other_conventions(self.preset))

    def _computed(self, preset: Preset) -> ComputedSteps:
        for trained, training in self._trained:
            if trained is preset:
                return training
        wanted = {figure.step + more for figure in self.preset.published for more in (-1, 0, 1)}
        experiment = build(preset, self.folder)
        steps: dict[int, tuple[BackwardPass, Updated | None]] = {}
        before, failure = None, ""
        for event in experiment.trainer.events(experiment.start, Stop(steps=max(wanted))):
            match event:
                case BackwardPass() if event.step in wanted:
                    steps[event.step] = event, before
                case Updated():
                    before = event
                case Failed():
                    failure = event.reason
        training = ComputedSteps(experiment.trainer, steps, failure)
        self._trained.append((preset, training))
        return training


def other_conventions(preset: Preset) -> Iterator[tuple[str, Preset]]:
    """Each convention in which articles differ, in words, with the preset changed to it."""
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
        yield f"the loss {words}", replace(preset, training=replace(training, loss=loss))


def _other_bias(network: NetworkTable) -> NetworkTable | None:
    """The same biases shared by a layer, or one for each neuron; None if they cannot be."""
    biases = network.biases
    if network.bias == "none" or biases is None:
        return None
    if network.bias == "shared":
        spread = [row * n_out for row, n_out in zip(biases, network.layers[1:], strict=True)]
        return replace(network, bias="per-neuron", biases=spread)
    if all(len(set(row)) == 1 for row in biases):
        return replace(network, bias="shared", biases=[row[:1] for row in biases])
    return None


def preset_with_number(preset: Preset, name: Figure, index: tuple[int, ...], value: float) -> Preset | None:
    """The preset with another value of one input; None if the preset does not contain that input."""
    network, data = preset.network, preset.data
    match name.name:
        case "learning_rate":
            return replace(preset, training=replace(preset.training, learning_rate=value))
        case "W" if network.weights:
            return replace(
                preset, network=replace(network, weights=_with(network.weights, (name.layer - 1, *index), value))
            )
        case "b" if network.biases:
            return replace(
                preset, network=replace(network, biases=_with(network.biases, (name.layer - 1, *index), value))
            )
        case "x" if data.inputs:
            return replace(preset, data=replace(data, inputs=_with(data.inputs, index, value)))
        case "y" if data.targets and isinstance(data.targets[0], list):
            return replace(preset, data=replace(data, targets=_with(data.targets, index, value)))
    return None


def _with(numbers: Any, index: tuple[int, ...], value: float) -> Any:
    """Nested lists with another number at one place."""
    first, *rest = index
    return [
        (_with(each, tuple(rest), value) if rest else value) if n == first else each for n, each in enumerate(numbers)
    ]


def _has_place(figure: Published, setting: UpdateInputs) -> bool:
    """Whether a printed number is one of an array of an update."""
    try:
        return place_of_number(Quantity.parse(figure.quantity))[0] in setting.figures_to_bring()
    except ValueError:
        return False


def _input_name(name: Figure, index: tuple[int, ...], examples: int) -> str:
    return "the learning rate" if name.name == "learning_rate" else name_at(name, index, examples)
