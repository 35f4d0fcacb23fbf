"""Every schedule of the table: its formula comes to its factor; docs, help."""

from itertools import islice
from typing import Any

import pytest

from nn_tui.core.functions.ranges import ranges_of
from nn_tui.core.functions.schedules import (
    SCHEDULES,
    Constant,
    Cosine,
    Exponential,
    InverseTime,
    Schedule,
    Steps,
    WarmUp,
)
from nn_tui.core.quantities.formula import ONE, agrees
from nn_tui.core.steps.events import Updated

from ...helpers.docs import check_row
from ...helpers.experiments import experiment

SETTINGS = [
    {"gamma": 0.9, "epochs": 7, "least": 0.2, "every": 3, "k": 0.5, "updates": 5, "first": 0.1},
    {"gamma": 1.5, "epochs": 1, "least": 0.0, "every": 1, "k": 1e-3, "updates": 1, "first": 0.0},
    {"gamma": 1.0, "epochs": 2, "least": 0.5, "every": 2, "k": 100.0, "updates": 11, "first": 0.0},
]


@pytest.mark.parametrize("rule", SCHEDULES.values(), ids=list(SCHEDULES))
def test_its_formula_comes_to_its_factor(rule: type[Schedule]) -> None:
    assert set(ranges_of(rule)) <= set(SETTINGS[0]), f"{rule.name}: add its settings to SETTINGS, to try it with"
    for settings in SETTINGS:
        schedule = rule(**{name: settings[name] for name in ranges_of(rule)})

        for epoch in range(12):
            assert agrees(schedule.formula(epoch), schedule.factor(epoch)), f"the formula of {rule.name} at {epoch}"


@pytest.mark.parametrize("rule", SCHEDULES.values(), ids=list(SCHEDULES))
def test_the_docs_and_the_help_say_what_it_is(rule: type[Schedule]) -> None:
    check_row("schedule", rule)


@pytest.mark.parametrize(
    ("schedule", "factors"),
    [
        (Constant(), {0: 1.0, 99: 1.0}),
        (Steps(every=10, gamma=0.5), {0: 1.0, 9: 1.0, 10: 0.5, 25: 0.25}),
        (Exponential(gamma=0.9), {0: 1.0, 1: 0.9, 3: 0.729}),
        # ½ (1 + cos(π / 4)) = 0.85355…; after epoch 8 the wave would rise again.
        (Cosine(epochs=8), {0: 1.0, 2: 0.8535533905932737, 4: 0.5, 8: 0.0, 11: 0.0, 16: 0.0}),
        (Cosine(epochs=10, least=0.2), {0: 1.0, 5: 0.6, 10: 0.2, 13: 0.2}),
        # 1 / (1 + 0.5 · 2) = ½, 1 / (1 + 0.5 · 6) = ¼.
        (InverseTime(k=0.5), {0: 1.0, 2: 0.5, 6: 0.25}),
        # 0.2 + 0.8 · 1/4 = 0.4, 0.2 + 0.8 · 3/4 = 0.8.
        (WarmUp(updates=4, first=0.2), {0: 0.2, 1: 0.4, 3: 0.8, 4: 1.0, 9: 1.0}),
    ],
)
def test_schedules(schedule: Schedule, factors: dict[int, float]) -> None:
    for epoch, factor in factors.items():
        assert schedule.factor(epoch) == pytest.approx(factor, abs=1e-15)


def test_a_constant_factor_needs_no_formula() -> None:
    assert Constant().formula(3) == ONE


def test_a_power_that_no_number_holds_is_infinite() -> None:
    assert Exponential(gamma=10.0).factor(400) == float("inf")


def test_a_schedule_scales_the_step_of_its_epoch() -> None:
    of = experiment(training__batch_size="all", training__schedule={"name": "exponential", "gamma": 0.5})

    updates = [
        event for event, _ in zip(of.trainer.events(of.start), range(12), strict=False) if isinstance(event, Updated)
    ]

    for epoch, updated in enumerate(updates[:3]):
        moved = updated.state.W[0] - updated.backward.state.W[0]
        assert moved == pytest.approx(-0.5 * 0.5**epoch * updated.backward.dW[0], rel=1e-12)


@pytest.mark.parametrize(
    ("schedule", "factors"),
    [
        ({"name": "inverse-time", "k": 1.0}, [1.0, 0.5, 1.0 / 3.0, 0.25]),
        ({"name": "warm-up", "updates": 2, "first": 0.5}, [0.5, 0.75, 1.0, 1.0]),
        ({"name": "exponential", "gamma": 0.5}, [1.0, 1.0, 0.5, 0.5]),
    ],
)
def test_a_schedule_counts_updates_or_epochs(schedule: dict[str, Any], factors: list[float]) -> None:
    of = experiment(training__schedule=schedule)  # two updates an epoch
    events = islice((event for event in of.trainer.events(of.start) if isinstance(event, Updated)), 4)

    assert [of.trainer.learning_rate(each.backward.state) for each in events] == pytest.approx(
        [0.5 * factor for factor in factors], rel=1e-15
    )


def test_warm_up_is_that_of_pytorch() -> None:
    torch: Any = pytest.importorskip("torch")
    optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], 1.0)
    theirs = torch.optim.lr_scheduler.LinearLR(optimizer, start_factor=0.3, total_iters=5)

    for time in range(8):
        assert WarmUp(updates=5, first=0.3).factor(time) == pytest.approx(theirs.get_last_lr()[0], rel=1e-12)
        optimizer.step()
        theirs.step()
