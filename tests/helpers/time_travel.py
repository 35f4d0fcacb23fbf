"""Time travel: a debugger beside a model of lists, and an engine in plain NumPy beside ours."""

import re
from functools import cache
from typing import Any

import numpy as np
import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from nn_tui.core.debugger.debugger import Debugger
from nn_tui.core.debugger.facts import Arrived, Nudge
from nn_tui.core.debugger.stage import UPDATE, WHOLE_BACKWARD, WHOLE_FORWARD, Phase, StepUnit, up_to
from nn_tui.core.functions.arrays import Array
from nn_tui.core.steps.state import State
from nn_tui.core.training.changes import Change, apply, with_parameter
from nn_tui.core.training.in_bursts import BurstLength
from nn_tui.core.training.trainer import Trainer
from nn_tui.core.training.training import Training

from .experiments import experiment
from .quantities import change_of, quantity


class FixedLength(BurstLength):
    """Bursts of one length, so that a busy machine is the same test."""

    def __init__(self, updates: int) -> None:
        super().__init__()
        self.updates = updates

    def end(self, updates: int) -> None:
        pass


OF = experiment(training__optimizer="adam", training__learning_rate=0.1)
"""Two batches an epoch, shuffled, with slots."""


SMALL = 12_000
"""Bytes for few enough states that most must be computed again."""


CHANGES = st.one_of(
    st.builds(
        change_of, st.sampled_from(["w1[1,1]", "w1[2,1]", "w2[1,2]", "b1[1]"]), st.sampled_from([-1.0, 0.25, 2.0])
    ),
    st.builds(change_of, st.just("learning_rate"), st.sampled_from([0.01, 0.2, 1.0])),
)


Changes = tuple[tuple[int, Change], ...]


def bits(state: State) -> tuple[Any, ...]:
    counts = (state.step, state.epoch, state.position, state.best_loss, state.epochs_since)
    return (*counts, *(each.tobytes() for each in (state.parameters, *state.slots)))


@cache
def replay(changes: Changes, step: int) -> tuple[Trainer, State]:
    """Straight from the start to a step, each change made when its step comes."""
    if changes and changes[-1][0] == step:
        training = apply(changes[-1][1], Training(*replay(changes[:-1], step))).training
        return training.trainer, training.state
    if step == 0:
        return OF.trainer, OF.start
    trainer, state = replay(changes, step - 1)
    return trainer, trainer.update(trainer.backward(trainer.forward(state))).state


def value_of(state: State, what: str) -> float:
    """A parameter of layer 1 or 2 by its name."""
    layer, *index = (int(each) - 1 for each in re.findall(r"\d+", what))
    return float((state.W if what[0] == "w" else state.b)[layer][tuple(index)])


def loss(state: State, X: Array, y: Array) -> float:
    """The mean cross-entropy of 2-3-1 with sigmoids, without the engine."""
    a = X
    for W, b in zip(state.W, state.b, strict=True):
        a = 1 / (1 + np.exp(-(a @ W.T + b)))
    return float(-(y * np.log(a) + (1 - y) * np.log(1 - a)).mean())


def slope(state: State, what: str, X: Array, y: Array) -> float:
    """The central difference of the loss along a parameter."""
    losses = []
    for by in (-1e-5, 1e-5):
        moved = with_parameter(state, quantity(what), value_of(state, what) + by)
        losses.append(loss(moved, X, y))
    return (losses[1] - losses[0]) / 2e-5


class TimeTravel(RuleBasedStateMachine):
    """A walk beside a model of lists: the changes of each branch, and how many of them count at the present place."""

    def __init__(self) -> None:
        super().__init__()
        self.debugger = Debugger(OF, SMALL)
        self.debugger.step(StepUnit.PHASE)
        self.branches: list[tuple[Changes, int]] = [((), 0)]
        self.current = 0
        self.step, self.counting = 0, 0
        self.changed_at = WHOLE_FORWARD

    @property
    def is_at_change(self) -> bool:
        return self.counting > 0 and self.changes[self.counting - 1][0] == self.step

    @property
    def changes(self) -> Changes:
        return self.branches[self.current][0]

    def pass_changes(self) -> None:
        self.counting = sum(1 for step, _ in self.changes if step <= self.step)

    def go_forward(self) -> None:
        self.pass_changes()
        self.step += 1
        changes, newest = self.branches[self.current]
        self.branches[self.current] = (changes, max(newest, self.step))
        self.pass_changes()

    @rule(count=st.integers(1, 30))
    def steps(self, count: int) -> None:
        for _ in range(count):
            assert isinstance(self.debugger.step()[-1], Arrived)
            self.go_forward_from_stage()

    @rule(count=st.integers(1, 60), updates=st.integers(2, 30))
    def runs_in_bursts(self, count: int, updates: int) -> None:
        goal = self.step + count
        assert isinstance(self.debugger.run(up_to(goal), length=FixedLength(updates))[-1], Arrived)
        while self.step < goal:
            self.go_forward()

    def go_forward_from_stage(self) -> None:
        snapshot = self.debugger.snapshot
        assert snapshot
        if snapshot.step != self.step:
            self.go_forward()
        else:
            self.pass_changes()

    @rule(count=st.integers(1, 9))
    def phases(self, count: int) -> None:
        for _ in range(count):
            assert isinstance(self.debugger.step(StepUnit.PHASE)[-1], Arrived)
            assert self.debugger.snapshot
            if self.debugger.snapshot.stage == UPDATE:
                self.pass_changes()
                self.step += 1
                changes, newest = self.branches[self.current]
                self.branches[self.current] = (changes, max(newest, self.step))
            elif self.debugger.snapshot.stage == (Phase.FORWARD, 0):
                self.pass_changes()

    def go_back(self) -> None:
        if self.is_at_change:
            self.counting -= 1
        elif self.step:
            self.step -= 1

    @rule(count=st.integers(1, 9))
    def back(self, count: int) -> None:
        for _ in range(count):
            self.changed_at = WHOLE_BACKWARD if self.is_at_change else self.changed_at
            self.debugger.back()
            self.go_back()

    @rule(count=st.integers(1, 9))
    def back_by_phases(self, count: int) -> None:
        for _ in range(count):
            snapshot = self.debugger.snapshot
            assert snapshot
            was_update = snapshot.updated
            undoes = snapshot.stage in (self.changed_at, (Phase.FORWARD, 0))
            self.debugger.back(StepUnit.PHASE)
            if was_update:
                step = self.step
                while self.step == step:
                    self.go_back()
            elif undoes and self.is_at_change:
                self.changed_at = snapshot.stage
                self.go_back()

    @rule(count=st.integers(1, 3))
    def back_by_epochs(self, count: int) -> None:
        for _ in range(count):
            self.debugger.back(StepUnit.EPOCH)
            if self.is_at_change:
                self.changed_at = WHOLE_BACKWARD
                self.counting -= 1
            elif self.step:
                position = replay(self.changes[: self.counting], self.step)[1].position
                self.step -= position or len(OF.trainer.train) // OF.trainer.batches.size
                self.pass_changes()

    @rule(share=st.floats(0, 1))
    def go_to(self, share: float) -> None:
        self.step = round(share * self.branches[self.current][1])
        self.debugger.go_to(self.step)
        self.pass_changes()

    @rule(change=CHANGES)
    def change(self, change: Change) -> None:
        self.debugger.change(change)
        self.note(change)

    @rule(what=st.sampled_from(["w1[1,1]", "w2[1,2]", "b1[1]"]), direction=st.sampled_from([-1, 1]))
    def nudge(self, what: str, direction: int) -> None:
        assert self.debugger.snapshot
        by = direction * 1e-3
        before, (trainer, state) = self.debugger.snapshot, replay(self.changes[: self.counting], self.step)
        value = value_of(before.state, what)
        batch = trainer.batch(state)

        nudge = next(fact for fact in self.debugger.nudge(quantity(what), by) if isinstance(fact, Nudge))
        self.note(change_of(what, value + by))

        after = self.debugger.snapshot.state
        assert value_of(after, what) == value + by and (after.parameters != before.state.parameters).sum() == 1
        assert nudge.actual == pytest.approx(loss(after, *batch) - loss(state, *batch), abs=1e-14)
        assert nudge.predicted == pytest.approx(slope(state, what, *batch) * by, rel=1e-5, abs=1e-11)

    def note(self, change: Change) -> None:
        changes, newest = self.branches[self.current]
        kept = changes[: self.counting]
        corrects = bool(kept) and kept[-1][0] == self.step == newest and kept[-1][1].what == change.what
        goes_on = newest == self.step and self.counting == len(changes)
        made = ((*kept[:-1], (self.step, change)) if corrects else (*kept, (self.step, change)), self.step)
        if goes_on:
            self.branches[self.current] = made
        else:
            self.branches.append(made)
            self.current = len(self.branches) - 1
        self.counting = len(made[0])
        assert self.debugger.snapshot
        self.changed_at = self.debugger.snapshot.stage

    @rule()
    def reset(self) -> None:
        if not self.changes:
            del self.branches[self.current]
        self.branches.append(((), 0))
        self.current = len(self.branches) - 1
        self.debugger.reset()
        self.step, self.counting = 0, 0

    @precondition(lambda self: len(self.branches) > 1)
    @rule()
    def switch(self) -> None:
        self.debugger.switch()
        self.current = (self.current + 1) % len(self.branches)
        self.step = min(self.step, self.branches[self.current][1])
        self.pass_changes()

    @invariant()
    def every_number_is_that_of_a_straight_replay(self) -> None:
        trainer, state = replay(self.changes[: self.counting], self.step)
        snapshot = self.debugger.snapshot
        assert snapshot and self.debugger.timeline.trainer == trainer
        assert self.debugger.timeline.changes == self.changes
        assert snapshot.state.parameters.tobytes() == state.parameters.tobytes()
        assert bits(self.debugger.timeline.state()) == bits(state)
        assert snapshot.step == self.step
        if not snapshot.updated:
            backward = trainer.backward(trainer.forward(state))
            assert bits(snapshot.state) == bits(state)
            assert snapshot.backward.gradient.tobytes() == backward.gradient.tobytes()
            assert snapshot.forward.numbers.tobytes() == backward.forward.numbers.tobytes()
