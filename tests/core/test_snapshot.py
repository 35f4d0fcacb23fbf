"""Snapshots: which numbers are new, which still true, which of earlier parameters, layer by layer."""

from nn_tui.core.debugger.debugger import Debugger
from nn_tui.core.debugger.snapshot import Freshness, Snapshot
from nn_tui.core.debugger.stage import (
    LOSS,
    UPDATE,
    WHOLE_BACKWARD,
    WHOLE_FORWARD,
    Phase,
    Stage,
    StepUnit,
    number_of,
    stages,
)

from ..helpers.experiments import experiment

NEW, CURRENT, STALE, ABSENT = Freshness.NEW, Freshness.CURRENT, Freshness.STALE, Freshness.ABSENT


def first_snapshots(count: int) -> list[Snapshot]:
    of = experiment(training__batch_size="all", training__shuffle=False)
    debugger = Debugger(of)
    debugger.look(Stage(Phase.FORWARD, 0))
    snapshots = []
    for _ in range(count):
        assert debugger.snapshot
        snapshots.append(debugger.snapshot)
        debugger.step(StepUnit.PHASE)
    return snapshots


def freshnesses(snapshot: Snapshot) -> list[Freshness]:
    return [
        snapshot.parameters_freshness,
        snapshot.forward_freshness(0),
        snapshot.forward_freshness(1),
        snapshot.loss_freshness,
        snapshot.backward_freshness(1),
        snapshot.backward_freshness(0),
    ]


def test_the_stages_of_a_step() -> None:
    order = [Stage(Phase.FORWARD, 0), Stage(Phase.FORWARD, 1), LOSS, Stage(Phase.BACKWARD, 1), Stage(Phase.BACKWARD, 0)]

    assert list(stages(2)) == [*order, UPDATE]
    assert [number_of(stage, 2) for stage in stages(2)] == list(range(6))
    assert (number_of(WHOLE_FORWARD, 2), number_of(WHOLE_BACKWARD, 2)) == (1, 4)
    assert [stage.text for stage in stages(2)][:4] == [
        "forward pass, layer 1",
        "forward pass, layer 2",
        "loss",
        "backward pass, layer 2",
    ]


def test_ages_in_the_first_and_second_step() -> None:
    assert list(map(freshnesses, first_snapshots(9))) == [
        [CURRENT, NEW, ABSENT, ABSENT, ABSENT, ABSENT],
        [CURRENT, CURRENT, NEW, ABSENT, ABSENT, ABSENT],
        [CURRENT, CURRENT, CURRENT, NEW, ABSENT, ABSENT],
        [CURRENT, CURRENT, CURRENT, CURRENT, NEW, ABSENT],
        [CURRENT, CURRENT, CURRENT, CURRENT, CURRENT, NEW],
        [NEW, STALE, STALE, STALE, STALE, STALE],
        [CURRENT, NEW, STALE, STALE, STALE, STALE],
        [CURRENT, CURRENT, NEW, STALE, STALE, STALE],
        [CURRENT, CURRENT, CURRENT, NEW, STALE, STALE],
    ]


def test_a_number_that_is_not_stale_belongs_to_the_parameters_shown() -> None:
    for snapshot in first_snapshots(20):
        for layer in (0, 1):
            forward, backward = snapshot.forward_of(layer), snapshot.backward_of(layer)
            if snapshot.forward_freshness(layer) in (NEW, CURRENT):
                assert forward and forward.state is snapshot.state
            elif forward:
                assert forward.state is not snapshot.state
            if snapshot.backward_freshness(layer) in (NEW, CURRENT):
                assert backward and backward.state is snapshot.state
            assert (forward is None) == (snapshot.forward_freshness(layer) is ABSENT)
            assert (backward is None) == (snapshot.backward_freshness(layer) is ABSENT)
        if snapshot.last_update:
            assert snapshot.last_update.state is snapshot.state


def test_after_an_update_the_present_gradients_are_those_of_the_new_parameters() -> None:
    *_, whole, updated = first_snapshots(6)
    trainer = experiment(training__batch_size="all", training__shuffle=False).trainer

    assert whole.present(trainer) is whole.backward
    assert updated.updated and updated.backward.state is not updated.state
    assert updated.present(trainer).state is updated.state


def test_a_snapshot_keeps_no_more_than_one_update_of_the_past() -> None:
    last = first_snapshots(40)[-1]

    assert last.before and last.step - last.before.step <= 1
    assert not hasattr(last.before, "before") and not hasattr(last.before.backward.forward.state, "before")


def test_until_a_loss_is_computed_that_of_the_previous_step_is_known() -> None:
    debugger = Debugger(experiment())
    debugger.step()
    assert debugger.snapshot
    loss = debugger.snapshot.loss

    debugger.step(StepUnit.PHASE)
    debugger.step(StepUnit.PHASE)

    assert debugger.snapshot.phase is Phase.FORWARD and loss is not None
    assert debugger.snapshot.loss == loss
