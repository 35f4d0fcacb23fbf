"""Where breakpoints of a live training hold."""

from math import nan
from typing import Any

import pytest

from nn_tui.core.debugger.breakpoints import breakpoint_of
from nn_tui.presets.live.conditions import OF_NETWORKS, condition_of, condition_text, translated
from nn_tui.presets.pytorch.hold_conditions import HoldConditions, SeenStep
from nn_tui.presets.pytorch.step_capture import StepCapture
from nn_tui.presets.pytorch.tensor_statistics import relative_change, statistics_of

torch = pytest.importorskip("torch", reason="PyTorch is not installed: pip install -e '.[torch-dev]'")
nn = torch.nn


def holds(text: str, losses: list[float], gradients: Any = (), dead: Any = ()) -> list[tuple[int, str]]:
    """At which steps a condition holds, with what it says."""
    conditions, held = (condition_of(text),), HoldConditions()
    found = []
    for number, loss in enumerate(losses):
        seen = SeenStep(
            number=number,
            loss=loss,
            find=lambda name: None,
            gradients=lambda number=number: gradients[number],  # type: ignore[misc]
            dead_neurons=lambda number=number: frozenset(dead[number]),  # type: ignore[misc]
        )
        if why := held.broken(conditions, seen):
            found.append((number, why))
    return found


def test_each_rise_of_the_loss_holds() -> None:
    assert holds("loss rises", [3.0, 2.0, 2.5, 2.6, 2.6, nan, 1.0, 2.0]) == [
        (2, "loss rises"),
        (3, "loss rises"),
        (7, "loss rises"),
    ]


def test_the_length_of_half_precision_may_exceed_its_largest_number() -> None:
    gradient = torch.full((400,), 5000.0, dtype=torch.float16)
    assert holds("gradient norm > 2e5", [1.0], [[gradient]]) == []
    shown = statistics_of("weight", gradient, gradient)
    assert [shown.norm, shown.gradient_norm] == pytest.approx([100_000.0] * 2)
    assert relative_change(gradient, 3 * gradient) == pytest.approx(2.0)


def test_a_step_holds_once_and_not_where_it_has_passed() -> None:
    assert holds("step 2", [1.0] * 5) == [(2, "step 2")]
    held, conditions = HoldConditions(), (condition_of("step 2"),)
    later = SeenStep(number=7, loss=1.0, find=lambda name: None, gradients=list, dead_neurons=frozenset)
    assert held.broken(conditions, later) == ""


def test_the_largest_gradient_or_the_length_of_all_of_them_holds_where_it_becomes_too_large() -> None:
    gradients = [[torch.tensor([3.0, -4.0]), torch.tensor([[2.0]])], [torch.tensor([-6.0])], [torch.tensor([7.0])], []]
    assert holds("|gradient| > 5", [1.0] * 4, gradients) == [(1, "|gradient| > 5")]
    assert holds("gradient norm > 5", [1.0] * 4, gradients) == [(0, "gradient norm > 5")]
    assert holds("gradient norm < 6.5", [1.0] * 4, gradients) == [(0, "gradient norm < 6.5")]


def test_a_complex_number_holds_by_its_magnitude() -> None:
    held, conditions = HoldConditions(), (condition_of("value w[1,0] < 0.34"),)
    found = []
    for number, magnitude in enumerate((0.35, 0.33)):
        w = torch.tensor([[1 + 0j], [complex(0.0, magnitude)]])
        seen = SeenStep(number=number, loss=1.0, find={"w": w}.get, gradients=list, dead_neurons=frozenset)
        found.append(held.broken(conditions, seen))
    assert found == ["", "value w[1, 0] < 0.34"]


def test_each_neuron_that_dies_holds_once() -> None:
    dead = [(), {(0, 2)}, {(0, 2)}, {(0, 2), (1, 0), (1, 3)}]
    assert holds("dead relu", [1.0] * 4, dead=dead) == [
        (1, "dead relu: neuron 3 of layer 1"),
        (3, "dead relu: neuron 1 of layer 2 and 1 more"),
    ]


def test_neurons_whose_z_is_negative_for_all_examples_are_dead() -> None:
    model = nn.Sequential(nn.Linear(2, 3), nn.ReLU(), nn.Linear(3, 2), nn.Tanh())
    with torch.no_grad():
        model[0].weight.zero_()
        model[0].bias.copy_(torch.tensor([1.0, -1.0, 0.0]))
    capture = StepCapture(((model(torch.randn(4, 2)) - 1.0) ** 2).mean())
    assert capture.dead_neurons() == {(0, 1), (0, 2)}


@pytest.mark.parametrize("text", OF_NETWORKS)
def test_every_form_is_read_as_it_is_written(text: str) -> None:
    assert condition_text(condition_of(text)) == text


@pytest.mark.parametrize("text", ["loss rises", "|gradient| > 5", "dead relu"])
def test_breakpoints_of_the_dashboard_are_those_of_a_live_training(text: str) -> None:
    assert condition_text(translated(breakpoint_of(text))) == text
