"""The debugger: whatever verb moves the timeline, a snapshot of that place is arrived at."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any, ClassVar

import pytest

from nn_tui.core.debugger.breakpoints import AtStep
from nn_tui.core.debugger.debugger import Debugger, Facts
from nn_tui.core.debugger.facts import (
    Arrived,
    BranchBegun,
    Comparison,
    Hit,
    Losses,
    Note,
    Nudge,
    Rejected,
    Rewound,
)
from nn_tui.core.debugger.stage import WHOLE_BACKWARD, WHOLE_FORWARD, StepUnit, never, up_to
from nn_tui.core.debugger.watch import Watch
from nn_tui.core.engine.passes import Passes
from nn_tui.core.functions.optimizers import MOST_SLOTS
from nn_tui.core.steps.events import BackwardPass, Failed, Finished, ForwardPass
from nn_tui.core.steps.stop import Stop
from nn_tui.core.timeline.dump import dump, load
from nn_tui.core.timeline.replay import replay
from nn_tui.core.timeline.timeline import OVERHEAD, Timeline
from nn_tui.core.training.changes import Change
from nn_tui.core.training.trainer import Trainer
from nn_tui.core.training.training import Training

from ..helpers.experiments import experiment, experiment_of
from ..helpers.quantities import change_of, quantity


def failed_walk() -> Debugger:
    """A training whose last update leads to weights that no forward pass bears."""
    debugger = Debugger(experiment(network__activations="identity", training__loss="mse", training__learning_rate=1e30))
    debugger.step(StepUnit.PHASE)
    while not isinstance(debugger.step()[-1], Failed):
        pass
    return debugger


def stands_where_the_timeline_does(debugger: Debugger) -> bool:
    assert debugger.snapshot
    there = debugger.timeline.state()
    return (debugger.snapshot.step, debugger.snapshot.state.parameters.tobytes()) == (
        there.step,
        there.parameters.tobytes(),
    )


@pytest.mark.parametrize(
    "back",
    [lambda debugger: debugger.go_to(debugger.timeline.branch.newest), lambda debugger: debugger.switch()],
    ids=["go_to", "switch"],
)
def test_where_the_forward_pass_fails_the_update_that_led_there_is_shown(back: Callable[[Debugger], object]) -> None:
    debugger = failed_walk()
    at_the_end = debugger.timeline.branch.newest
    assert stands_where_the_timeline_does(debugger) and debugger.snapshot and debugger.snapshot.updated
    debugger.go_to(0)
    assert stands_where_the_timeline_does(debugger)

    back(debugger)

    assert stands_where_the_timeline_does(debugger)
    assert debugger.snapshot and (debugger.snapshot.updated is not None) == (debugger.snapshot.step == at_the_end)


def test_an_epoch_is_up_to_the_first_step_of_the_next_one() -> None:
    debugger = Debugger(experiment())  # two updates are an epoch
    debugger.step()

    ways = []
    for _ in range(3):
        debugger.step(StepUnit.EPOCH)
        assert debugger.snapshot
        ways.append((debugger.snapshot.step, debugger.snapshot.state.epoch))

    assert ways == [(2, 1), (4, 2), (6, 3)]


def test_a_training_that_was_left_where_it_failed_is_taken_up_there() -> None:
    left = failed_walk()

    debugger = Debugger(experiment(), timeline=left.timeline)
    facts = debugger.complete()

    assert isinstance(facts[-1], Failed) and stands_where_the_timeline_does(debugger)
    assert isinstance(debugger.back()[-1], Arrived) and stands_where_the_timeline_does(debugger)


def test_back_by_an_epoch_undoes_a_change_at_the_start_and_the_next_change_begins_a_branch() -> None:
    debugger = Debugger(experiment())
    debugger.step(StepUnit.PHASE)
    before = debugger.timeline.state()
    debugger.change(change_of("w1[1,1]", 0.5))

    debugger.back(StepUnit.EPOCH)

    assert debugger.snapshot and debugger.snapshot.state.parameters.tobytes() == before.parameters.tobytes()
    debugger.change(change_of("w1[2,1]", 0.25))
    assert [branch.segments[-1].change for branch in debugger.timeline.branches] == [
        change_of("w1[1,1]", 0.5),
        change_of("w1[2,1]", 0.25),
    ]


def test_back_by_epochs_leaves_a_change_at_the_start_of_an_epoch_behind() -> None:
    debugger = Debugger(experiment())
    debugger.step(StepUnit.PHASE)
    for _ in range(4):
        debugger.step()
    debugger.change(change_of("w1[1,1]", 0.5))

    steps = []
    while debugger.back(StepUnit.EPOCH):
        assert stands_where_the_timeline_does(debugger) and debugger.snapshot
        steps.append((debugger.snapshot.step, debugger.timeline.position.segment))

    assert steps == [(4, 0), (2, 0), (0, 0)]


def test_back_by_a_phase_undoes_the_change_that_was_just_made() -> None:
    of = experiment()
    debugger = Debugger(of)
    debugger.look(WHOLE_FORWARD)
    while not (debugger.snapshot and debugger.snapshot.updated):
        debugger.step(StepUnit.PHASE)
    debugger.change(change_of("w1[1,1]", 0.5))
    debugger.change(change_of("w1[1,2]", 0.25))

    for left in (1, 0):
        debugger.back(StepUnit.PHASE)
        assert len(debugger.timeline.changes) == 2 and debugger.timeline.position.segment == left
        assert debugger.snapshot.stage == WHOLE_FORWARD  # no later number appears


class CountedPasses(Passes):
    """The passes of a trainer, counted."""

    def forward(self, *args: Any) -> ForwardPass:
        Counting.made.append("forward")
        return super().forward(*args)

    def backward(self, *args: Any) -> BackwardPass:
        Counting.made.append("backward")
        return super().backward(*args)


class Counting(Trainer):
    """A trainer that counts the passes it makes."""

    made: ClassVar[list[str]] = []

    @property
    def _passes(self) -> Passes:
        return CountedPasses(self)


def counting(steps: int) -> Debugger:
    """A debugger after some steps."""
    of = experiment()
    fields = {name: getattr(of.trainer, name) for name in of.trainer.__dataclass_fields__}
    debugger = Debugger(replace(of, trainer=Counting(**fields)))
    debugger.look(WHOLE_FORWARD)
    for _ in range(steps):
        debugger.step()
    Counting.made.clear()
    return debugger


def test_going_back_computes_nothing_that_was_on_the_screen() -> None:
    debugger = counting(6)

    for unit in (StepUnit.UPDATE, StepUnit.UPDATE, StepUnit.EPOCH, *(StepUnit.PHASE for _ in range(5))):
        debugger.back(unit)
    debugger.step()

    assert Counting.made == []
    assert debugger.timeline.training == Training(debugger.timeline.trainer, debugger.timeline.state())


def test_going_back_from_a_step_that_was_gone_to_computes_each_pass_once() -> None:
    debugger = counting(0)
    debugger.go_to(300)
    debugger.go_to(20)
    Counting.made.clear()

    debugger.back()

    assert Counting.made == ["forward", "backward"]  # of the step before, whose update led there


def test_a_verb_says_what_came_of_it() -> None:
    debugger = Debugger(experiment(data__test=0.25))

    assert kinds(debugger.look(WHOLE_FORWARD)) == [Arrived]
    assert kinds(debugger.back()) == []
    assert kinds(debugger.step()) == [Losses, Arrived]
    assert kinds(debugger.change(change_of("w1[1,1]", 0.5))) == [Rewound, Losses, Arrived]
    assert kinds(debugger.change(change_of("w9[1,1]", 0.5))) == [Rejected]
    assert kinds(debugger.compare()) == [Rejected] and kinds(debugger.go_to(-1)) == [Rejected]
    debugger.step(StepUnit.EPOCH)
    debugger.back()
    assert kinds(debugger.change(Change("optimizer", "adam"))) == [BranchBegun, Note, Losses, Arrived]
    assert kinds(debugger.compare()) == [Comparison]
    assert kinds(debugger.nudge(quantity("w1[1,1]"), 0.1)) == [Nudge, Rewound, Losses, Arrived]
    assert kinds(debugger.reset()) == [BranchBegun, Losses, Arrived]


def test_a_run_says_each_loss_once_and_how_the_held_out_examples_fare() -> None:
    debugger = Debugger(experiment(data__test=0.5))
    debugger.look(WHOLE_FORWARD)

    losses, *_ = debugger.run(up_to(10))

    assert isinstance(losses, Losses) and [step for step, _ in losses.batch_loss] == list(range(11))
    per_epoch = debugger.timeline.trainer.batches.per_epoch
    steps = list(range(per_epoch, 11, per_epoch))
    assert [step for step, _ in losses.test_loss] == steps
    assert debugger.timeline.trainer.classes and [step for step, _ in losses.test_accuracy] == steps
    again, *_ = (*debugger.go_to(0), *debugger.run(up_to(10)))[-2:]
    assert isinstance(again, Losses) and not losses.test_loss.last_step < 10 - per_epoch and not again.test_loss


def test_a_run_pauses_at_a_hit_and_finishes_at_a_stop() -> None:
    debugger = Debugger(replace(experiment(), stop=Stop(steps=9)))
    debugger.look(WHOLE_FORWARD)
    watch = Watch([AtStep(4)])

    hit, finished = debugger.run(never, watch)[-1], debugger.run(never, watch)[-1]

    assert isinstance(hit, Hit) and hit.breakpoints == "step 4" and isinstance(finished, Finished)
    assert debugger.arrived.timeline.newest == 9 and debugger.stop_reason == "steps = 9"
    assert isinstance(debugger.run(never)[-1], Finished)  # until a verb passes the stop
    assert isinstance(debugger.step()[-1], Arrived) and debugger.snapshot and debugger.snapshot.step == 10


def kinds(facts: Facts) -> list[type]:
    return [type(fact) for fact in facts]


def test_a_nudge_after_an_update_moves_what_the_update_made() -> None:
    debugger = Debugger(experiment_of("3-4-1"))
    debugger.look(WHOLE_BACKWARD)
    debugger.step(StepUnit.PHASE)
    assert debugger.snapshot and debugger.snapshot.updated
    made = float(debugger.snapshot.state.W[0][0, 0])

    nudge, *_ = debugger.nudge(quantity("w1[1,1]"), made / 100)

    assert debugger.snapshot.state.W[0][0, 0] == made * 1.01
    assert isinstance(nudge, Nudge) and nudge.actual == pytest.approx(nudge.predicted, rel=0.02)


def test_a_way_with_more_changes_than_there_is_memory_for_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    of = experiment()
    state = OVERHEAD + (1 + MOST_SLOTS) * of.start.parameters.nbytes
    monkeypatch.setattr("nn_tui.core.timeline.replay.MOST_COPIED", 6 * state)
    changes = tuple((step, Change("learning_rate", 0.1 * step)) for step in (1, 2, 3))

    assert replay(of, changes[:2], 5).state().step == 5  # three stretches of two states each
    with pytest.raises(ValueError, match="too many changes of so large a network"):
        replay(of, changes, 5)


def test_back_to_where_a_run_ended_computes_nothing_again() -> None:
    debugger = Debugger(experiment())
    debugger.run(up_to(7))
    assert debugger.snapshot
    rested = debugger.snapshot.backward

    debugger.go_to(2)
    debugger.go_to(7)

    assert debugger.snapshot.step == 7
    assert debugger.snapshot.backward is rested


def test_a_timeline_is_untouched_before_its_first_step_and_change() -> None:
    trained, changed = Debugger(experiment()), Debugger(experiment())
    assert dump(trained.timeline).is_untouched

    trained.run(up_to(1))
    trained.go_to(0)
    changed.change(change_of("w1[1,1]", 2.0))

    assert not dump(trained.timeline).is_untouched and not dump(changed.timeline).is_untouched


def test_a_run_over_an_undone_edit_at_the_stop_ends_there() -> None:
    debugger = Debugger(replace(experiment(), stop=Stop(steps=2)))
    debugger.look(WHOLE_BACKWARD)
    for _ in range(2):
        debugger.step(StepUnit.UPDATE)
    debugger.change(Change("learning_rate", 0.1))
    debugger.back(StepUnit.UPDATE)

    facts = debugger.run(never)

    assert isinstance(facts[-1], Finished) and debugger.timeline.position.step == 2


def test_a_run_that_ends_at_an_undone_edit_shows_the_step_with_that_edit() -> None:
    debugger = Debugger(replace(experiment(), stop=Stop(steps=2)))
    debugger.look(WHOLE_BACKWARD)
    debugger.run(never)
    debugger.change(Change("optimizer", "adam"))
    debugger.back(StepUnit.UPDATE)

    debugger.run(never)

    assert debugger.snapshot and debugger.snapshot.backward.state == debugger.timeline.state()
    debugger.step(StepUnit.PHASE)
    assert debugger.snapshot.updated and stands_where_the_timeline_does(debugger)


def test_a_dump_with_a_larger_optimizer_than_there_is_memory_for_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    of = experiment()
    timeline = Timeline(of)
    timeline.change(Change("optimizer", "adam"))
    copied = MOST_SLOTS * of.start.parameters.nbytes

    monkeypatch.setattr("nn_tui.core.timeline.dump.MOST_COPIED", copied)
    assert load(of, dump(timeline)).state() == timeline.state()

    monkeypatch.setattr("nn_tui.core.timeline.dump.MOST_COPIED", copied - 1)
    with pytest.raises(ValueError, match="too many changes of so large a training"):
        load(of, dump(timeline))
