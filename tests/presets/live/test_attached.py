"""An attached training: what another process reports becomes the dashboard's facts, and verbs become orders."""

from dataclasses import dataclass, field, replace
from pathlib import Path
from queue import SimpleQueue
from threading import Event
from time import monotonic, sleep
from typing import Any, TypeVar

import numpy as np
import pytest
from msgspec.structs import replace as with_fields

from nn_tui.core.debugger.breakpoints import breakpoint_of
from nn_tui.core.debugger.facts import (
    Activity,
    ActivityChanged,
    Agreement,
    Arrived,
    Fact,
    Losses,
    Note,
    Nudge,
    Printed,
    Rejected,
)
from nn_tui.core.debugger.stage import Phase, Stage, StepUnit
from nn_tui.core.functions.losses import loss_of
from nn_tui.core.quantities.quantity import Quantity
from nn_tui.core.steps.events import BackwardPass
from nn_tui.core.steps.state import State
from nn_tui.core.training.changes import Change
from nn_tui.core.training.trainer import Trainer
from nn_tui.core.worker.verbs import Ability
from nn_tui.presets.build import build
from nn_tui.presets.catalogue import find
from nn_tui.presets.live.attached import Attached
from nn_tui.presets.live.channel import GONE
from nn_tui.presets.live.messages import (
    Block,
    FirstNotFinite,
    RecentLosses,
    Recognized,
    Refused,
    Report,
    StepNumbers,
    TrainingActivity,
)
from nn_tui.presets.live.orders import (
    BreakAt,
    EditParameter,
    Leave,
    LookAt,
    Order,
    Pause,
    Run,
    SetLearningRate,
    StepUpdates,
)
from nn_tui.presets.live.proof import prove, prove_update
from nn_tui.presets.live.proof_cause import cause_text
from nn_tui.presets.live.sentences import jump_text
from nn_tui.presets.live.step_numbers import backward_of, preset_at, trainer_at

T = TypeVar("T")
EXPERIMENT = build(find("xor"), Path())
PRESET = find("xor")
RECOGNIZED = Recognized(network=PRESET.network, training=PRESET.training, layers=("net.0", "net.2"))


def step_numbers_of(trainer: Trainer, state: State) -> StepNumbers:
    """What a process reports that computes as nn-tui does."""
    return as_reported(trainer, trainer.backward(trainer.forward(state)))


def as_reported(trainer: Trainer, backward: BackwardPass) -> StepNumbers:
    forward, state = backward.forward, backward.state

    def blocks(arrays: tuple[np.ndarray, ...]) -> tuple[Block, ...]:
        return tuple(map(Block.of, arrays))

    scalars = [name in trainer.optimizer.scalar_slots for name in trainer.optimizer.slot_names]
    return StepNumbers(
        step=state.step,
        loss=forward.loss,
        learning_rate=trainer.learning_rate(state),
        X=Block.of(forward.X),
        y=Block.of(forward.y),
        z=blocks(forward.z),
        a=blocks(forward.a),
        dz=blocks(backward.dz),
        da=blocks(backward.da[:-1]),
        W=blocks(state.W),
        b=blocks(state.b),
        dW=blocks(backward.dW),
        db=blocks(backward.db),
        slots=tuple(Block.of(slot) for slot, is_scalar in zip(state.slots, scalars, strict=True) if not is_scalar),
        updates=state.step,
    )


def states(count: int) -> list[State]:
    trainer, found = EXPERIMENT.trainer, [EXPERIMENT.start]
    while len(found) < count:
        found.append(trainer.update(trainer.backward(trainer.forward(found[-1]))).state)
    return found


STEPS = [step_numbers_of(EXPERIMENT.trainer, state) for state in states(4)]


@dataclass
class Script:
    """A process of which a test plays the part."""

    orders: list[Order] = field(default_factory=list)
    waiting: "SimpleQueue[Report | None]" = field(default_factory=SimpleQueue)
    is_closed: bool = False

    def send(self, order: Order) -> None:
        self.orders.append(order)

    def receive(self) -> Report | None:
        return self.waiting.get()

    def close(self) -> None:
        self.is_closed = True
        self.waiting.put(None)


class Training:
    """An attached training of that process, and the facts that it has put."""

    def __init__(self, *, first: StepNumbers | None = None, ranks: int = 1) -> None:
        self.script, self.facts, self._news = Script(), list[Fact](), Event()
        self.verbs = Attached(self.script, EXPERIMENT.trainer, RECOGNIZED, self._news.set, ranks, first)

    def report(self, *reports: Report) -> None:
        for report in reports:
            self.script.waiting.put(report)

    def until(self, kind: type[T]) -> T:
        """The next fact of a kind; facts that come before are passed over."""
        while True:
            self.facts += self.verbs.inbox.take()
            while self.facts:
                fact = self.facts.pop(0)
                if isinstance(fact, kind):
                    return fact
            assert self._news.wait(60), f"no {kind.__name__} came"
            self._news.clear()

    def until_ordered(self, order: Order, times: int) -> None:
        """Wait until an order has been sent so often, which may be after the last fact."""
        end = monotonic() + 60
        while self.script.orders.count(order) < times:
            assert monotonic() < end, f"{order} was not sent {times} times"
            sleep(0)

    def shown(self) -> tuple[int, Stage]:
        """What is shown after the next arrival."""
        snapshot = self.until(Arrived).snapshot
        assert snapshot
        return snapshot.step, snapshot.stage


def whole(step: int) -> tuple[int, Stage]:
    return step, Stage(Phase.BACKWARD)


def test_reported_arrays_become_a_step_with_the_same_numbers() -> None:
    theirs = replace_array(STEPS[2], "dW", 0, 7.0)
    trainer = trainer_at(EXPERIMENT.trainer, theirs)
    backward = backward_of(trainer, theirs)
    assert trainer is EXPERIMENT.trainer, "the same batch and rate"
    assert backward.step == 2
    assert backward.dW[0][0, 0] == 7.0
    for mine, block in zip(
        (*backward.forward.z, *backward.state.W, *backward.dz, *backward.db, *backward.state.slots[:2]),
        (*theirs.z, *theirs.W, *theirs.dz, *theirs.db, *theirs.slots),
        strict=True,
    ):
        assert np.array_equal(mine, block.array())


def replace_array(step_numbers: StepNumbers, name: str, layer: int, first: float) -> StepNumbers:
    """The numbers of a step with another first number in one of the arrays."""
    blocks = list(getattr(step_numbers, name))
    array = blocks[layer].array().copy()
    array.flat[0] = first
    blocks[layer] = Block.of(array)
    return with_fields(step_numbers, **{name: tuple(blocks)})


def test_arrays_of_another_network_are_refused() -> None:
    step_numbers = with_fields(STEPS[0], W=STEPS[0].W[::-1])
    with pytest.raises(ValueError, match="expected arrays of the shapes"):
        backward_of(EXPERIMENT.trainer, step_numbers)
    with pytest.raises(ValueError, match="expected a batch for 2 inputs"):
        trainer_at(EXPERIMENT.trainer, with_fields(STEPS[0], X=STEPS[0].y))


def test_a_preset_at_a_moment_trains_on_as_the_other_process_would() -> None:
    preset = preset_at(RECOGNIZED, STEPS[3], "/somewhere/train.py")
    experiment = build(preset, Path())
    assert preset.name == "train"
    assert np.array_equal(experiment.start.parameters, states(4)[3].parameters)
    assert np.array_equal(experiment.trainer.train.X, EXPERIMENT.trainer.train.X)


def test_a_step_of_core_itself_agrees_to_the_last_bit() -> None:
    trainer, (first, second) = EXPERIMENT.trainer, states(2)
    proof = prove(trainer, trainer.backward(trainer.forward(first)))
    assert (proof.error, proof.differing) == (0.0, None)
    assert prove_update(trainer, trainer.backward(trainer.forward(first)), second).error == 0.0


@pytest.mark.parametrize(
    ("name", "layer", "quantity"),
    [("z", 0, "z1[1]@1"), ("a", 1, "a2[1]@1"), ("dz", 0, "dz1[1]@1"), ("dW", 1, "dw2[1,1]"), ("db", 0, "db1[1]")],
)
def test_the_first_number_that_differs_is_found(name: str, layer: int, quantity: str) -> None:
    step_numbers = replace_array(STEPS[1], name, layer, 0.123)
    proof = prove(EXPERIMENT.trainer, backward_of(EXPERIMENT.trainer, step_numbers))
    assert proof.differing
    assert (str(proof.differing.quantity), proof.differing.theirs) == (quantity, 0.123)


def test_what_a_subtraction_of_almost_equal_numbers_loses_is_no_difference() -> None:
    trainer, state = EXPERIMENT.trainer, states(1)[0]
    y = trainer.forward(state).y_hat + 1e-9
    near = replace(trainer, train=replace(trainer.train, y=y), output=replace(trainer.output, loss=loss_of("mse")))
    exact = near.backward(near.forward(state))
    lost = as_reported(near, exact)
    off = [array + 2e-17 * np.sign(array) for array in exact.dz]
    lost = with_fields(lost, dz=tuple(map(Block.of, off)))
    assert prove(near, backward_of(near, lost)).differing is None
    worse = with_fields(lost, dz=(lost.dz[0], Block.of(exact.dz[1] + 1e-10)))
    assert prove(near, backward_of(near, worse)).differing is not None


def test_a_number_that_is_nan_in_one_alone_differs() -> None:
    step_numbers = replace_array(STEPS[1], "dz", 1, float("nan"))
    proof = prove(EXPERIMENT.trainer, backward_of(EXPERIMENT.trainer, step_numbers))
    assert proof.differing and str(proof.differing.quantity) == "dz2[1]@1"


def test_another_update_is_found_by_its_parameters_and_its_memory() -> None:
    trainer, (first, second) = EXPERIMENT.trainer, states(2)
    backward = trainer.backward(trainer.forward(first))
    moved = replace(second, parameters=second.parameters * (1 + 1e-9))
    proof = prove_update(trainer, backward, moved)
    assert proof.differing and str(proof.differing.quantity) == "next-w1[1,1]"
    if second.slots:
        other = replace(second, slots=(second.slots[0] + 1.0, *second.slots[1:]))
        proof = prove_update(trainer, backward, other)
        assert proof.differing and str(proof.differing.quantity).endswith("-w1[1,1]")


def test_gradients_that_are_averaged_over_ranks_are_not_compared_with_those_of_one() -> None:
    step_numbers = replace_array(STEPS[1], "dW", 1, 0.5)
    proof = prove(EXPERIMENT.trainer, backward_of(EXPERIMENT.trainer, step_numbers), ranks=2)
    assert proof.differing is None
    assert "averaged over 2 ranks" in proof.left_out


def test_the_line_names_the_first_number_that_differs_with_both_values() -> None:
    training = Training(first=replace_array(STEPS[1], "dW", 1, 0.5))
    said = training.until(Agreement)
    ours = EXPERIMENT.trainer.backward(EXPERIMENT.trainer.forward(states(2)[1])).dW[1][0, 0]
    first = "first difference: ∂L/∂w²₁₁"
    assert said == Agreement(f"{first}, torch 0.5, nn-tui {ours:.4g}", agrees=False, briefer=(first,))


def test_gradients_of_two_steps_that_are_added_up_are_named() -> None:
    first, second = (backward_of(trainer_at(EXPERIMENT.trainer, each), each) for each in STEPS[:2])
    sums = {
        name: tuple(
            Block.of(one + other) for one, other in zip(getattr(first, name), getattr(second, name), strict=True)
        )
        for name in ("dW", "db")
    }
    added = backward_of(EXPERIMENT.trainer, with_fields(STEPS[1], **sums))
    assert cause_text(EXPERIMENT.trainer, added, first) == (
        "dW2 and db2 are the sum of this step's gradients and the last step's"
    )
    assert cause_text(EXPERIMENT.trainer, second, first) == ""


def test_of_several_ranks_the_line_says_what_is_averaged() -> None:
    said = Training(first=STEPS[1], ranks=2).until(Agreement).text
    assert said == ("torch and nn-tui agree to the last bit; gradient averaged over 2 ranks, examples of rank 0")


def test_reports_become_facts() -> None:
    training = Training(first=STEPS[0])
    assert training.shown() == whole(0)
    assert training.until(Agreement) == Agreement("torch and nn-tui agree to the last bit", agrees=True)
    training.report(RecentLosses(steps=(1, 2), losses=(0.5, 0.25)), STEPS[3])
    losses = training.until(Losses)
    assert dict(losses.batch_loss)[1] == 0.5
    training.report(TrainingActivity(now="paused", step=3, why="loss < 0.2"))
    changed = training.until(ActivityChanged)
    assert (changed.activity, changed.why) == (Activity.PAUSED, "loss < 0.2")
    training.report(Refused(reason="no parameter is named x"))
    assert training.until(Rejected).reason == "no parameter is named x"


def test_verbs_become_orders() -> None:
    training, weight = Training(first=STEPS[0]), Quantity.parse("w2[1,2]")
    verbs, orders = training.verbs, training.script.orders
    verbs.step(StepUnit.UPDATE)
    verbs.pace(5.0)
    verbs.run()
    verbs.pace(5.5)
    verbs.pace(50.0)
    verbs.pause()
    verbs.change(Change(weight, 0.5), Change("learning_rate", 0.1))
    verbs.break_at((breakpoint_of("loss < 0.1"),))
    verbs.close()
    assert isinstance(orders[0], LookAt) and orders[0].every_number
    assert orders[1:-2] == [
        StepUpdates(),
        Run(updates_per_second=5.0),
        Run(updates_per_second=50.0),
        Pause(),
        EditParameter(parameter="net.2.weight", index=(0, 1), value=0.5),
        SetLearningRate(value=0.1),
    ]
    breaks = orders[-2]
    assert isinstance(breaks, BreakAt)
    assert [(each.of, each.relation, each.bound) for each in breaks.conditions] == [("loss", "<", 0.1)]
    assert orders[-1] == Leave() and training.script.is_closed


def test_what_a_foreign_training_cannot_do_is_answered_with_the_reason() -> None:
    training = Training(first=STEPS[0])
    verbs = training.verbs
    verbs.reset()
    assert training.until(Rejected).reason == verbs.lacks[Ability.RESET]
    verbs.step(StepUnit.EPOCH)
    assert "does not say where an epoch ends" in training.until(Rejected).reason
    verbs.change(Change("loss", "mse"))
    assert training.until(Rejected).reason == verbs.lacks[Ability.SET]
    verbs.change(Change(Quantity.parse("x[1]"), 2.0))
    assert "only weights and biases" in training.until(Rejected).reason
    verbs.back(StepUnit.UPDATE)
    assert "cannot step back" in training.until(Rejected).reason
    verbs.break_at((breakpoint_of("held-out loss rises"),))
    assert "does not pause at 'held-out loss rises'" in training.until(Rejected).reason


def test_phases_walk_through_a_step_and_the_update_opens_the_gate() -> None:
    training = Training(first=STEPS[0])
    verbs, orders = training.verbs, training.script.orders
    assert training.shown() == whole(0)
    verbs.step(StepUnit.PHASE)
    assert orders[-1] == StepUpdates()
    training.report(STEPS[1])
    assert training.shown() == (1, Stage(Phase.UPDATE)), "the update of step 0, with the new parameters"
    asked = len(orders)
    for stage in [Stage(Phase.FORWARD, 0), Stage(Phase.FORWARD, 1), Stage(Phase.LOSS), Stage(Phase.BACKWARD, 1)]:
        verbs.step(StepUnit.PHASE)
        assert training.shown() == (1, stage)
    verbs.back(StepUnit.PHASE)
    assert training.shown() == (1, Stage(Phase.LOSS))
    assert len(orders) == asked, "phases within a step are display only"
    verbs.step(StepUnit.UPDATE)
    assert orders[-1] == StepUpdates()


def test_steps_that_were_kept_can_be_looked_at_while_the_training_holds() -> None:
    training = Training(first=STEPS[0])
    verbs, orders = training.verbs, training.script.orders
    training.report(*STEPS[1:])
    while training.shown() != whole(3):
        pass
    asked = len(orders)
    verbs.back(StepUnit.UPDATE)
    arrived = training.until(Arrived)
    assert arrived.snapshot and arrived.snapshot.step == 2
    assert arrived.timeline.newest == 3
    verbs.go_to(0)
    assert training.shown() == whole(0)
    verbs.change(Change(Quantity.parse("w1[1,1]"), 0.5))
    assert "past" in training.until(Rejected).reason
    verbs.step(StepUnit.UPDATE)
    assert training.shown() == whole(1)
    verbs.go_to(None)
    assert training.shown() == whole(3)
    assert len(orders) == asked
    verbs.go_to(9)
    assert orders[-1] == StepUpdates(updates=6)


def test_a_step_that_was_not_kept_is_refused_with_those_that_were() -> None:
    training = Training(first=STEPS[0])
    training.report(STEPS[2], STEPS[3])
    while training.shown() != whole(3):
        pass
    training.verbs.go_to(1)
    assert training.until(Rejected).reason == "step 1 was not kept; kept: 0, 2–3"


def test_what_is_not_finite_is_said_and_stays_the_reason_of_the_pause() -> None:
    training = Training(first=STEPS[0])
    found = FirstNotFinite(step=0, operation="aten.sqrt", place="train.py:15", inputs=("(16, 1), least −0.16",))
    training.report(found, TrainingActivity(now="paused", why="the loss is nan"))
    said = "step 0: aten.sqrt is not finite (forward pass), train.py:15; inputs (16, 1), least −0.16"
    assert training.until(Printed).lines == (f"nn-tui: {said}",)
    assert training.until(ActivityChanged).why == "first not finite: aten.sqrt, train.py:15"
    training.report(found, TrainingActivity(now="paused", step=4, why="the loss is nan"))
    assert training.until(ActivityChanged).why == "first not finite: aten.sqrt, train.py:15, at step 4"


def test_stepping_back_over_steps_that_were_not_kept_says_which() -> None:
    training = Training(first=STEPS[0])
    training.report(STEPS[2], STEPS[3])
    while training.shown() != whole(3):
        pass
    training.verbs.back(StepUnit.UPDATE)
    assert training.shown() == whole(2)
    training.verbs.back(StepUnit.UPDATE)
    assert training.until(Note).text == "step 0; step 1 was not kept"
    assert jump_text(120, 341) == "step 341; steps 121 to 340 were not kept"


def test_steps_in_one_burst_are_made_one_after_the_other() -> None:
    training = Training(first=STEPS[0])
    for _ in range(3):
        training.verbs.step(StepUnit.UPDATE)
    assert training.script.orders.count(StepUpdates()) == 1
    for step in (1, 2):
        training.report(STEPS[step], TrainingActivity(now="paused", step=step))
        while training.shown() != whole(step):
            pass
        training.until_ordered(StepUpdates(), step + 1)
    training.verbs.step(StepUnit.UPDATE)
    training.verbs.pause()
    training.report(STEPS[3], TrainingActivity(now="paused", step=3))
    while training.shown() != whole(3):
        pass
    assert training.script.orders.count(StepUpdates()) == 3, "a pause forgets the steps that wait"


def test_a_nudge_is_computed_here_and_made_there() -> None:
    training, weight = Training(first=STEPS[0]), Quantity.parse("w1[1,1]")
    training.verbs.nudge(weight, 1e-4)
    nudge = training.until(Nudge)
    assert nudge.actual == pytest.approx(nudge.predicted, rel=1e-2)
    order = training.script.orders[-1]
    assert isinstance(order, EditParameter) and order.parameter == "net.0.weight"


def test_numbers_after_an_edit_are_not_called_different() -> None:
    training = Training(first=STEPS[0])
    training.until(Agreement)
    training.report(with_fields(replace_array(STEPS[0], "W", 0, 9.0), is_edited=True))
    assert training.until(Agreement) == Agreement("a parameter was edited after the passes of this step", agrees=True)


def test_a_moment_that_does_not_fit_the_network_is_refused_and_the_next_one_is_shown() -> None:
    training = Training(first=STEPS[0])
    training.shown()
    training.report(with_fields(STEPS[1], z=()), STEPS[2])
    assert training.until(Rejected).reason.startswith("step 1 cannot be shown: expected arrays of the shapes")
    assert training.shown() == whole(2)


@pytest.mark.parametrize(
    ("now", "step", "said"),
    [
        ("failed", 3, "after 3 updates, the numbers are of step 1: why"),
        ("finished", 400, "why, the numbers are of step 1"),
        ("failed", 2, "why"),
    ],
)
def test_an_end_says_of_which_step_the_numbers_are_if_it_is_not_the_last(now: Any, step: int, said: str) -> None:
    training = Training(first=STEPS[0])
    training.report(STEPS[1], TrainingActivity(now=now, step=step, why="why"))
    assert training.until(ActivityChanged).why == said


def test_an_end_is_said_of_the_step_that_is_shown() -> None:
    training = Training(first=STEPS[0])
    training.report(STEPS[1], TrainingActivity(now="failed", step=5, why="why"))
    assert "of step 1" in training.until(ActivityChanged).why

    training.verbs.back(StepUnit.UPDATE)
    assert training.until(ActivityChanged).why == "after 5 updates, the numbers are of step 0: why"
    training.verbs.go_to(None)
    assert training.until(ActivityChanged).why == "after 5 updates, the numbers are of step 1: why"


def test_the_header_of_an_end_counts_the_updates_after_the_shown_step() -> None:
    training = Training(first=STEPS[0])
    training.report(STEPS[1])
    training.shown(), training.shown()

    training.report(TrainingActivity(now="failed", step=41, why="why"))

    arrived = training.until(Arrived)
    assert arrived.snapshot and (arrived.snapshot.step, arrived.timeline.newest) == (1, 41)


def test_the_death_of_the_training_is_said_and_what_it_reported_stays() -> None:
    training = Training(first=STEPS[0])
    training.report(STEPS[1])
    training.shown(), training.shown()
    training.script.waiting.put(None)
    changed = training.until(ActivityChanged)
    assert (changed.activity, changed.why) == (Activity.FAILED, GONE)
    training.verbs.step(StepUnit.UPDATE)
    assert training.until(Rejected).reason == GONE
    training.verbs.back(StepUnit.UPDATE)
    assert training.shown() == whole(0)
