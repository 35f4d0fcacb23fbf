"""The inbox: facts in their order, and no more of them than anybody needs."""

from typing import Any, get_args

import msgspec
import numpy as np
import pytest

from nn_tui.core.debugger.debugger import Debugger
from nn_tui.core.debugger.facts import (
    Activity,
    ActivityChanged,
    Arrived,
    BranchBegun,
    Fact,
    Failed,
    Filled,
    Losses,
    Note,
    Rejected,
    Rewound,
)
from nn_tui.core.debugger.stage import StepUnit
from nn_tui.core.metrics.history import MOST_LOSSES, Metrics
from nn_tui.core.metrics.series import Series
from nn_tui.core.quantities.quantity import Quantity
from nn_tui.core.timeline.dump import dump
from nn_tui.core.worker.inbox import Inbox

from ..helpers.experiments import experiment
from ..helpers.facts import Facts, of_kind
from ..helpers.quantities import change_of, quantity


def losses(*steps: int, branch: int = 1, value: float = 1.0) -> Losses:
    return Losses(branch, Series((step, value) for step in steps))


def taken(*facts: Fact) -> Facts:
    """What is left of facts that were put one by one."""
    inbox = Inbox()
    for fact in facts:
        inbox.put(fact)
    return Facts(inbox.take())


def arrived(step: int) -> Arrived:
    debugger = Debugger(experiment())
    debugger.go_to(step)
    return debugger.arrived


def test_what_is_taken_is_gone() -> None:
    inbox = Inbox()
    inbox.put(Note("one"), losses(0))
    assert len(inbox.take()) == 2

    assert inbox.take() == []


def test_losses_of_a_branch_come_together_and_each_step_once() -> None:
    facts = taken(losses(0, 1), Note("between"), losses(1, 2, value=9.0), losses(2, 3))

    assert [step for step, _ in facts.train] == [0, 1, 2, 3] and len(of_kind(Losses, facts)) == 1
    assert facts.train[1] == (1, 1.0)


def test_what_was_taken_does_not_grow() -> None:
    inbox, first = Inbox(), losses(0)
    inbox.put(first)
    facts = Facts(inbox.take())
    inbox.put(losses(1))

    assert facts.train == [(0, 1.0)] and len(first.batch_loss) == 1


def test_losses_of_several_branches_stay_apart() -> None:
    facts = taken(losses(0, 1), BranchBegun(2, 1, 1), losses(1, branch=2), losses(2))

    assert [(each.branch, [step for step, _ in each.batch_loss]) for each in of_kind(Losses, facts)] == [
        (1, [0, 1, 2]),
        (2, [1]),
    ]


def test_losses_before_and_after_a_rewind_stay_in_their_order() -> None:
    facts = taken(losses(0, 1, 2), Rewound(1, 1), losses(1, value=0.5), Rewound(1, 0), losses(0, value=0.25))

    assert [type(fact) for fact in facts] == [Losses, Rewound, Losses, Rewound, Losses]
    assert facts.train == [(0, 1.0), (1, 1.0), (2, 1.0), (1, 0.5), (0, 0.25)]


def test_a_newer_snapshot_replaces_an_older_one_that_was_not_taken() -> None:
    facts = taken(arrived(1), losses(2), arrived(2))

    assert [type(fact) for fact in facts] == [Losses, Arrived] and facts.snapshot.step == 2


def test_what_a_person_should_read_is_all_kept() -> None:
    facts = taken(Note("one"), Rejected("two"), Note("three"), Rejected("four"))

    assert [type(fact) for fact in facts] == [Note, Rejected, Note, Rejected]


def test_a_failure_that_a_change_has_repaired_is_not_reported() -> None:
    state = experiment().start

    assert not of_kind(Failed, taken(Failed("broken", state), Rewound(1, 0)))
    assert len(of_kind(Failed, taken(Rewound(1, 0), Failed("broken", state)))) == 1


def test_what_nobody_takes_does_not_grow() -> None:
    inbox, here = Inbox(), arrived(1)
    for step in range(3 * MOST_LOSSES):
        inbox.put(losses(step), here, ActivityChanged(Activity.RUNNING))

    facts = Facts(inbox.take())

    assert len(facts) == 3 and len(facts.train) <= MOST_LOSSES
    assert facts.train[0][0] == 0 and facts.train[-1][0] == 3 * MOST_LOSSES - 1


@pytest.mark.parametrize("kind", get_args(Fact), ids=lambda kind: kind.__name__)
def test_a_fact_is_frozen(kind: type) -> None:
    assert kind.__dataclass_params__.frozen  # type: ignore[attr-defined]


def written(value: Any) -> Any:
    """What no format knows by itself: arrays, series, and the functions of a network, which have names."""
    if isinstance(value, np.ndarray | np.generic):
        return str(value.dtype), np.shape(value), np.asarray(value).tobytes()
    if isinstance(value, Series):
        return list(value.steps), list(value.values)
    if isinstance(value, Quantity):
        return str(value)
    return value.name if hasattr(value, "name") else type(value).__name__


def test_facts_can_be_written_down() -> None:
    debugger = Debugger(experiment(data__test=0.25))
    facts = [
        *debugger.step(),
        *debugger.step(StepUnit.EPOCH),
        *debugger.back(),
        *debugger.change(change_of("w1[1,1]", 0.5), change_of("w9[1,1]", 0.5)),
        *debugger.nudge(quantity("w1[1,1]"), 0.1),
        *debugger.compare(),
        dump(debugger.timeline),
        ActivityChanged(Activity.FAILED, "why"),
        Failed("broken", debugger.timeline.state()),
        Filled(1, Metrics([Series([(0, 1.0)])])),
    ]

    data = msgspec.msgpack.encode([(type(fact).__name__, fact) for fact in facts], enc_hook=written)

    kinds = {name for name, _ in msgspec.msgpack.decode(data)}
    assert kinds == {kind.__name__ for kind in get_args(Fact)} - {"Hit", "Finished", "Note"} - {"Agreement", "Printed"}
