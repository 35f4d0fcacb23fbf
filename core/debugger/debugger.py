"""The debugger: a training step by step, forward and back, under changes and on branches, with no thread in it."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from math import isfinite
from typing import TYPE_CHECKING

from ..quantities.quantity import Quantity
from ..steps.events import BackwardPass, EpochEnded, Failed, Finished, Updated
from ..steps.state import State
from ..steps.stop import NEVER
from ..steps.values import value_of
from ..timeline.timeline import BUDGET, Timeline
from ..training.changes import Change
from ..training.in_bursts import BurstLength
from ..training.training import Experiment
from .facts import Arrived, BranchBegun, Fact, Hit, Losses, Note, Nudge, Rejected, Rewound, TimelineStatus
from .snapshot import Snapshot
from .stage import (
    UPDATE,
    WHOLE_BACKWARD,
    WHOLE_FORWARD,
    PauseWhen,
    Phase,
    Stage,
    StepUnit,
    never,
    number_of,
    one_epoch_from,
    one_step_from,
    stages,
    up_to,
)

if TYPE_CHECKING:
    from .bursts import Bursts
    from .watch import Watch

Facts = tuple[Fact, ...]
NO_OTHER_BRANCH = Rejected("there is no other branch yet: step back and edit something")


class Debugger:
    """A position in a training. Each verb moves it and returns facts; the last is Arrived, or the end of training.

    A verb that changes nothing, such as a step back from the beginning, returns no facts.
    """

    def __init__(self, experiment: Experiment, budget: int = BUDGET, timeline: Timeline | None = None) -> None:
        """Begin before the first forward pass, or at a timeline's position; the first verb shows it.

        Args:
            experiment: what is trained.
            budget: bytes for past states, where the timeline is a new one.
            timeline: one of the experiment, to continue.
        """
        self.timeline = timeline or Timeline(experiment, budget)
        self.snapshot: Snapshot | None = None
        """The snapshot at this position; None only if the first forward pass failed."""
        self._first_stop = experiment.stop
        self._stop = experiment.stop
        self._changed_at = WHOLE_FORWARD
        """The stage at which the last change was made or undone; a step back by a phase from there undoes another."""

    @property
    def arrived(self) -> Arrived:
        """The current position."""
        timeline = self.timeline
        numbers = tuple(each.number for each in timeline.branches)
        branch, segment = timeline.branch, timeline.position.segment
        status = TimelineStatus(branch.number, numbers, branch.newest, timeline.changes, segment)
        return Arrived(self.snapshot, timeline.trainer, status)

    @property
    def stop_reason(self) -> str:
        """What ended training here, as a preset writes it; empty if nothing did."""
        return self._stop.reason(self.snapshot.backward) if self.snapshot else ""

    # Forward.

    def step(self, unit: StepUnit = StepUnit.UPDATE) -> Facts:
        """Train for one more phase, update or epoch; from a stop, beyond it."""
        if self.snapshot is None:
            return self.look(WHOLE_FORWARD if unit is StepUnit.PHASE else WHOLE_BACKWARD)
        self.pass_stop()
        if unit is StepUnit.PHASE:
            return self._next_phase(self.snapshot)
        here = self.snapshot.backward.state
        return self.run(one_step_from(here) if unit is StepUnit.UPDATE else one_epoch_from(here))

    def run(
        self,
        pause_when: PauseWhen = never,
        watch: "Watch | None" = None,
        is_interrupted: Callable[[], bool] = lambda: False,
        length: BurstLength | None = None,
    ) -> Facts:
        """Train step by step until one of these says to pause, or to an end.

        Args:
            pause_when: asked at each whole step.
            watch: breakpoints; a hit is the last fact.
            is_interrupted: asked after each step, and after each burst.
            length: that of bursts; without it there are none. They pause, hit and end at the same steps.
        """
        from .bursts import Bursts  # here, because a screen is painted before the first run

        losses = Losses(self.timeline.branch.number)
        ends: Facts = ()
        bursts = Bursts(length, pause_when, watch) if length else None
        for end in self._steps(losses, bursts):
            if end:
                ends = (end,)
                break
            snapshot = self.snapshot
            assert snapshot  # a step without an end has one
            if watch and (hits := watch.hits(*snapshot.last_two, self.timeline.trainer)):
                ends = (Hit(hits),)
                break
            if pause_when(snapshot.backward.state) or is_interrupted():
                break
        if self.snapshot and not self.snapshot.updated:
            self.timeline.remember(self.snapshot.backward)
        return (losses, self.arrived, *ends)

    def pass_stop(self) -> None:
        """Ignore a stop that is reached here, so that the next run continues beyond it."""
        if self.snapshot and not self.snapshot.updated and self._stop.reached(self.snapshot.backward):
            self._stop = NEVER

    def complete(self) -> Facts:
        """Compute every number of the step."""
        if self.snapshot is None:
            return self.look(WHOLE_BACKWARD)
        if self.snapshot.updated:
            return self.run(one_step_from(self.snapshot.backward.state))
        return self._stand_at(replace(self.snapshot, stage=WHOLE_BACKWARD))

    # Back.

    def back(self, unit: StepUnit = StepUnit.UPDATE) -> Facts:
        """Step back by a phase, an update or an epoch, or undo a change that was made here."""
        match unit:
            case StepUnit.PHASE:
                return self._previous_phase(self.snapshot) if self.snapshot else ()
            case StepUnit.UPDATE:
                return self._previous_step()
            case StepUnit.EPOCH:
                return self._previous_epoch()

    # Anywhere.

    def go_to(self, step: int | None) -> Facts:
        """Go to a step with all its numbers, training if it has not been reached; without a step, go to the newest."""
        newest = self.timeline.branch.newest
        if step is not None and step < 0:
            return (Rejected(f"expected a step from 0 up, got {step}"),)
        self.timeline.go_to(newest if step is None else min(step, newest))
        facts = self.look(WHOLE_BACKWARD)
        if step is None or step <= newest:
            return facts
        self.pass_stop()
        return (*facts, *self.run(up_to(step)))

    def reset(self) -> Facts:
        """Begin again without any change, with all numbers of step 0."""
        parent = self.timeline.branch.number
        self.timeline.reset()
        return (BranchBegun(self.timeline.branch.number, parent, 0), *self.look(WHOLE_BACKWARD))

    def change(self, *changes: Change) -> Facts:
        """Make changes here, up to the first that is refused."""
        facts: Facts = ()
        try:
            for change in changes:
                facts = (*facts, *self._change(change))
        except ValueError as error:
            return (*facts, Rejected(str(error)))
        return facts

    def nudge(self, what: Quantity, by: float) -> Facts:
        """Move a parameter a little, and report how the loss changes."""
        if self.snapshot is None:
            return (Rejected("training failed before its first step, so there is no loss to compare with"),)
        before = self.snapshot.present(self.timeline.trainer)
        try:
            value, gradient = value_of(what, before), value_of(what.gradient, before)
            facts = self._change(Change(what, value + by))
        except (ValueError, IndexError) as error:
            return (Rejected(str(error)),)
        actual = self.snapshot.forward.loss - before.forward.loss
        return (Nudge(what, by, predicted=gradient * by, actual=actual), *facts)

    def switch(self) -> Facts:
        """Switch to the next branch."""
        self.timeline.switch()
        return self.look(WHOLE_BACKWARD)

    def compare(self) -> Facts:
        """Compare with the last branch that was left."""
        return (self.timeline.compare() or NO_OTHER_BRANCH,)

    def look(self, stage: Stage) -> Facts:
        """Show the current place at a stage."""
        self._stop = self._first_stop
        return self._begin_step(next(iter(self.timeline.updates_before(1)), None), stage)

    # A step forward.

    def _next_phase(self, snapshot: Snapshot) -> Facts:
        if snapshot.updated:
            return self._to_next_step(snapshot.updated, Stage(Phase.FORWARD, 0))
        following = stages(snapshot.layers)[number_of(snapshot.stage, snapshot.layers) + 1]
        return self._update(snapshot) if following == UPDATE else self._stand_at(replace(snapshot, stage=following))

    def _update(self, snapshot: Snapshot) -> Facts:
        """Make the update of a step with the changes made there; the end of training if it has no update."""
        if self.timeline.next_change == snapshot.backward.step:
            self.timeline.pass_changes()
            self.snapshot = replace(snapshot, backward=self.timeline.backward())  # also where training ends here
        trainer, backward = self.timeline.trainer, self.timeline.backward()
        branch, is_new = self.timeline.branch.number, snapshot.phase is Phase.FORWARD
        losses = _loss_of(branch, backward) if is_new else Losses(branch)
        if self._stop.reached(backward):
            return (losses, self.arrived, Finished(backward))
        if failed := trainer.failure_of(backward) or trainer.failure_of(updated := self.timeline.update()):
            return (losses, self.arrived, failed)
        self._evaluate(updated, losses)
        self.timeline.keep(updated)
        self.snapshot = Snapshot(UPDATE, backward, snapshot.before, updated)
        return (losses, self.arrived)

    def _evaluate(self, updated: Updated, losses: Losses) -> None:
        """Add the result on the held-out examples, at the first end of an epoch."""
        state, trainer = updated.state, self.timeline.trainer
        if state.position == 0 and trainer.test and state.step > self.timeline.branch.newest:
            losses.add_test(state.step, trainer.evaluate(state, trainer.test))

    def _to_next_step(self, updated: Updated, stage: Stage) -> Facts:
        """Continue from an update to the step that it leads to."""
        if self.timeline.next_change == updated.state.step:
            self.timeline.pass_changes()
        return self._begin_step(updated, stage)

    def _begin_step(self, before: Updated | None, stage: Stage) -> Facts:
        """The forward and the backward pass at the current position; without one, the update that led there."""
        backward = self.timeline.backward()
        if failed := self.timeline.trainer.failure_of(backward):
            is_known = isfinite(backward.forward.loss)
            self.snapshot = Snapshot(WHOLE_FORWARD, backward, before) if is_known else self._snapshot_of_update()
            return (self.arrived, failed)
        return self._stand_at(Snapshot(stage, backward, before))

    # A run.

    def _steps(self, losses: Losses, bursts: "Bursts | None") -> Iterator[Finished | Failed | None]:
        """Whole steps, without end; each yields the end of training, or None, and adds its loss to these."""
        while True:
            snapshot = self.snapshot
            if snapshot and not snapshot.updated and self.timeline.next_change != snapshot.step:
                if bursts and (state := bursts.run(self.timeline, snapshot, self._stop, losses)):
                    yield next(self._steps_to_change(snapshot, losses, state))
                else:
                    yield from self._steps_to_change(snapshot, losses)
            else:
                yield self._whole_step(snapshot, losses)

    def _whole_step(self, snapshot: Snapshot | None, losses: Losses) -> Finished | Failed | None:
        """One step, from its current stage on."""
        if snapshot is None:
            facts = self.look(WHOLE_BACKWARD)
        else:
            facts = () if snapshot.updated else self._update(snapshot)
            if self.snapshot and self.snapshot.updated:
                facts = (*facts, *self._to_next_step(self.snapshot.updated, WHOLE_BACKWARD))
        for fact in facts:
            if isinstance(fact, Losses):
                losses.add(fact)
        return next((fact for fact in facts if isinstance(fact, Finished | Failed)), None)

    def _steps_to_change(
        self, snapshot: Snapshot, losses: Losses, after_burst: State | None = None
    ) -> Iterator[Finished | Failed | None]:
        """Steps from the trainer's events, up to the next change that has already been made.

        After a burst they begin with the step of its state, whose loss is known.
        """
        timeline, before = self.timeline, snapshot.before
        newest, batch_loss = timeline.branch.newest, losses.batch_loss
        if snapshot.phase is Phase.FORWARD and not after_burst:
            batch_loss.append(snapshot.backward.step, snapshot.forward.loss)
        state, begun = (after_burst, None) if after_burst else (snapshot.backward.state, snapshot.backward)
        try:
            for event in timeline.trainer.events(state, self._stop, begun):
                match event:
                    case Updated():
                        timeline.keep(event)
                        before = event
                        if timeline.next_change == event.step:
                            return
                    case BackwardPass() if event.state is not after_burst:
                        self.snapshot = Snapshot(WHOLE_BACKWARD, event, before)
                        batch_loss.append(event.step, event.forward.loss)
                        yield None
                    case EpochEnded(updated=updated, test=test) if test and updated.step > newest:
                        losses.add_test(updated.step, test)
                    case Finished() | Failed():
                        self._stand_where_timeline_does(before)
                        yield event
                        return
        finally:
            self._stand_where_timeline_does(before)

    def _stand_where_timeline_does(self, updated: Updated | None) -> None:
        """Stay at an update that leads to no further step."""
        if updated and self.snapshot and self.snapshot.step != self.timeline.position.step:
            is_next = self.snapshot.step == updated.backward.step  # no burst was between
            before = self.snapshot.before if is_next else next(iter(self.timeline.updates_before(2)[1:]), None)
            self.snapshot = Snapshot(UPDATE, updated.backward, before, updated)

    # A step back.

    def _previous_phase(self, snapshot: Snapshot) -> Facts:
        if snapshot.updated:
            return self._before_update(snapshot)
        number = number_of(snapshot.stage, snapshot.layers)
        if self.timeline.is_at_change() and (snapshot.stage == self._changed_at or not number):
            return self._previous_step(snapshot.stage)
        if number:
            return self._stand_at(replace(snapshot, stage=stages(snapshot.layers)[number - 1]))
        update = self._snapshot_of_update()
        return self._stand_at(update) if update else ()

    def _before_update(self, snapshot: Snapshot) -> Facts:
        """The last stage before an update."""
        while self.timeline.position.step > snapshot.backward.step:
            self.timeline.go_back()
        return self._stand_at(Snapshot(Stage(Phase.BACKWARD, 0), snapshot.backward, snapshot.before))

    def _previous_step(self, stage: Stage = WHOLE_BACKWARD) -> Facts:
        """Undo the change that was made here, or else go to the previous step; show it up to a stage."""
        if self.timeline.is_at_change():
            self._changed_at = stage
        return self.look(stage) if self.timeline.go_back() else ()

    def _previous_epoch(self) -> Facts:
        """Undo the change that was made here, or else go to the first step of the epoch, or of the previous epoch."""
        if self.timeline.is_at_change():
            return self._previous_step()
        if self.timeline.state().position == 0 and not self.timeline.go_back():
            return ()
        state = self.timeline.state()
        return self.go_to(max(state.step - state.position, 0))

    def _snapshot_of_update(self) -> Snapshot | None:
        """The update that led to the current place; None at the beginning."""
        updated, before = (*self.timeline.updates_before(2), None, None)[:2]
        return Snapshot(UPDATE, updated.backward, before, updated) if updated else None

    # A change.

    def _change(self, change: Change) -> Facts:
        parent = self.timeline.branch
        note = self.timeline.change(change)
        branch, step = self.timeline.branch, self.timeline.position.step
        begun = Rewound(branch.number, step) if branch is parent else BranchBegun(branch.number, parent.number, step)
        self._changed_at = self.snapshot.stage if self.snapshot and not self.snapshot.updated else WHOLE_FORWARD
        return (begun, *([Note(note)] if note else []), *self.look(self._changed_at))

    # Reports.

    def _stand_at(self, snapshot: Snapshot) -> Facts:
        """Move to a snapshot, and report its loss if it is known."""
        self.snapshot = snapshot
        if snapshot.stage.phase is Phase.FORWARD:
            return (self.arrived,)
        return (_loss_of(self.timeline.branch.number, snapshot.backward), self.arrived)


def _loss_of(branch: int, backward: BackwardPass) -> Losses:
    losses = Losses(branch)
    losses.batch_loss.append(backward.step, backward.forward.loss)
    return losses
