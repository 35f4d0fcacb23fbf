"""The walk: from moment to moment through a timeline, forward and back, with no thread in it."""

from collections.abc import Iterator
from dataclasses import replace

from ..quantities.quantity import Quantity
from ..quantities.values import value_of
from ..training.changes import Change
from ..training.events import BackwardPass, EpochEnded, Event, Failed, Finished, ForwardPass, Updated
from ..training.experiment import Experiment
from ..training.stop import NEVER
from ..worker.inbox import Inbox, Nudge
from .snapshot import Snapshot
from .stage import UPDATE, WHOLE_BACKWARD, WHOLE_FORWARD, Phase, Stage, number_of, stages
from .timeline import BUDGET, Timeline

Arrival = Snapshot | Finished | Failed


class Debugger:
    """Where a person is in a training; losses are told to the mailbox as they come."""

    def __init__(
        self, experiment: Experiment, inbox: Inbox, budget: int = BUDGET, timeline: Timeline | None = None
    ) -> None:
        """Stand at the first forward pass, or where a timeline does.

        Args:
            experiment: what is trained.
            inbox: where losses go.
            budget: bytes for past states, where the timeline is a new one.
            timeline: one of the experiment, to go on with.
        """
        self.timeline = timeline or Timeline(experiment, budget)
        self.snapshot: Snapshot | None = None
        """Where the walk is; None only where not even the first forward pass could be made."""
        self._inbox = inbox
        inbox.turn_to(self.timeline.branch.number)
        self._stop = experiment.stop
        self._first_stop = experiment.stop
        self._events: Iterator[Event] = iter(())
        """What comes after the moment's backward pass; where its stage is the update, after that."""
        self._end: Finished | Failed | None = None
        """How the events ended."""
        self._changed_at = WHOLE_FORWARD
        """The stage at which the last change was made or undone: going back from there by a phase undoes another."""

    # Forward.

    def next_step(self) -> Arrival:
        """Go on to the whole of the next step."""
        if self.snapshot is None:
            return self.look(WHOLE_BACKWARD)
        updated = self.snapshot.updated or self._update(self.snapshot)
        return self._forward(self.snapshot, updated, WHOLE_BACKWARD) if isinstance(updated, Updated) else updated

    def next_phase(self) -> Arrival:
        """Go on by a layer of a pass, the loss or the update."""
        snapshot = self.snapshot
        if snapshot is None:
            return self.look(WHOLE_FORWARD)
        if snapshot.updated:
            return self._forward(snapshot, snapshot.updated, Stage(Phase.FORWARD, 0))
        following = stages(snapshot.layers)[number_of(snapshot.stage, snapshot.layers) + 1]
        if following != UPDATE:
            return self._stand_at(replace(snapshot, stage=following))
        updated = self._update(snapshot)
        if isinstance(updated, Updated):
            return self._stand_at(Snapshot(UPDATE, updated.backward, snapshot.before, updated))
        return updated

    def complete(self) -> Arrival:
        """Let every number of a step be known."""
        if self.snapshot is None or self.snapshot.updated:
            return self.next_step()
        return self._stand_at(replace(self.snapshot, stage=WHOLE_BACKWARD))

    def go_beyond_stop(self) -> None:
        """Let a stop that is reached here not count."""
        if self.snapshot and not self.snapshot.updated and self._stop.reached(self.snapshot.backward):
            self._stop = NEVER
            self._look_after_backward()

    @property
    def stop_reason(self) -> str:
        """What ended training here, as a preset writes it; empty where nothing did."""
        return self._stop.reason(self.snapshot.backward) if self.snapshot else ""

    # Back.

    def previous_phase(self) -> Arrival | None:
        """Go back by a layer of a pass, the loss or the update; None at the beginning."""
        snapshot = self.snapshot
        if snapshot is None:
            return None
        if snapshot.updated:
            return self._before_update(snapshot)
        number = number_of(snapshot.stage, snapshot.layers)
        if self.timeline.is_at_change() and (snapshot.stage == self._changed_at or not number):
            return self.previous_step()
        if number:
            return self._stand_at(replace(snapshot, stage=stages(snapshot.layers)[number - 1]))
        return self._look_at_update()

    def previous_step(self) -> Arrival | None:
        """Undo the change that was made here, or else go to the whole of the step before; None at the beginning."""
        if self.timeline.is_at_change():
            self._changed_at = WHOLE_BACKWARD
        return self.look(WHOLE_BACKWARD) if self.timeline.go_back() else None

    def previous_epoch(self) -> Arrival | None:
        """Undo the change that was made here, or else go back to the first step of the epoch, or of the one before.

        None at the beginning.
        """
        if self.timeline.is_at_change():
            return self.previous_step()
        if self.timeline.state().position == 0 and not self.timeline.go_back():
            return None
        state = self.timeline.state()
        return self.go_to(max(state.step - state.position, 0))

    # Anywhere.

    def go_to(self, step: int) -> Arrival:
        """Go to the whole of a step that has been reached already."""
        self.timeline.go_to(step)
        return self.look(WHOLE_BACKWARD)

    def reset(self) -> Arrival:
        """Begin again without any change."""
        parent = self.timeline.branch.number
        self.timeline.reset()
        self._inbox.turn_to(self.timeline.branch.number, (parent, 0))
        return self.look(WHOLE_FORWARD)

    def change(self, change: Change) -> tuple[Arrival, str]:
        """Go on from here with something changed; what could not be kept.

        Raises:
            ValueError: what is asked for cannot be, and why.
        """
        branch = self.timeline.branch
        told = self.timeline.change(change)
        step = self.timeline.position.step
        if self.timeline.branch is branch:
            self._inbox.rewind(step)
        else:
            self._inbox.turn_to(self.timeline.branch.number, (branch.number, step))
        stage = self.snapshot.stage if self.snapshot and not self.snapshot.updated else WHOLE_FORWARD
        self._changed_at = stage
        return self.look(stage), told

    def nudge(self, what: Quantity, by: float) -> Nudge:
        """Move a parameter a little from its value at this moment; how the loss of the moment's parameters changes.

        Raises:
            ValueError: what is asked for cannot be, and why.
        """
        assert self.snapshot  # without one there is no loss
        before = self.snapshot.present(self.timeline.trainer)
        value, gradient = value_of(what, before), value_of(what.gradient, before)
        self.change(Change(what, value + by))
        return Nudge(what, by, predicted=gradient * by, actual=self.snapshot.forward.loss - before.forward.loss)

    def switch(self) -> Arrival:
        """Go over to the next branch."""
        self.timeline.switch()
        self._inbox.turn_to(self.timeline.branch.number)
        return self.look(WHOLE_BACKWARD)

    def look(self, stage: Stage) -> Arrival:
        """Compute the moment of the timeline's present place, at a stage."""
        self._stop = self._first_stop
        before = next(iter(self.timeline.updates_before(1)), None)
        return self._begin(before, stage)

    # The stream of events.

    def _begin(self, before: Updated | None, stage: Stage) -> Arrival:
        self._events = self._events_from_here()
        return self._take_step(before, stage)

    def _forward(self, snapshot: Snapshot, updated: Updated, stage: Stage) -> Arrival:
        """Go on from a moment, by its update, to the step that this led to; stay at the update where there is none."""
        self.snapshot = None
        try:
            if self.timeline.next_change == updated.state.step:
                self.timeline.pass_changes()
                return self._begin(updated, stage)
            return self._take_step(updated, stage)
        finally:
            self.snapshot = self.snapshot or Snapshot(UPDATE, updated.backward, snapshot.before, updated)

    def _take_step(self, before: Updated | None, stage: Stage) -> Arrival:
        """The forward and the backward pass that come next."""
        forward = self._next_event()
        if not isinstance(forward, ForwardPass):
            self.snapshot = self._snapshot_of_update()
            return self._ended(forward)
        match self._next_event():
            case BackwardPass() as backward:
                return self._stand_at(Snapshot(stage, backward, before))
            case other:
                self.snapshot = Snapshot(WHOLE_FORWARD, self.timeline.trainer.backward(forward), before)
                return self._ended(other)

    def _update(self, snapshot: Snapshot) -> Updated | Finished | Failed:
        """The update of a step, under the changes that were made at it."""
        if self.timeline.next_change == snapshot.backward.forward.state.step:
            self.timeline.pass_changes()
            self._look_after_backward()
        if snapshot.stage.phase is Phase.FORWARD:
            self._tell_loss(snapshot)
        match self._next_event():
            case Updated() as updated:
                self.timeline.keep(updated.state)
                if updated.state.position == 0:
                    self._tell_end_of_epoch()
                return updated
            case other:
                return self._ended(other)

    def _events_from_here(self) -> Iterator[Event]:
        self._end = None
        return self.timeline.trainer.events(self.timeline.state(), self._stop)

    def _look_after_backward(self) -> None:
        """Compute again what comes after the backward pass of the present place."""
        self._events = self._events_from_here()
        next(self._events), next(self._events)

    def _before_update(self, snapshot: Snapshot) -> Arrival:
        """The last stage before an update."""
        while self.timeline.position.step > snapshot.backward.step:
            self.timeline.go_back()
        self._look_after_backward()
        return self._stand_at(Snapshot(Stage(Phase.BACKWARD, 0), snapshot.backward, snapshot.before))

    def _look_at_update(self) -> Arrival | None:
        """Go to the update that led to the present place; None at the beginning."""
        snapshot = self._snapshot_of_update()
        if snapshot is None:
            return None
        self._events = self._events_from_here()
        return self._stand_at(snapshot)

    def _snapshot_of_update(self) -> Snapshot | None:
        """The update that led to the present place; None at the beginning."""
        updated, before = (*self.timeline.updates_before(2), None, None)[:2]
        return Snapshot(UPDATE, updated.backward, before, updated) if updated else None

    def _stand_at(self, snapshot: Snapshot) -> Snapshot:
        """Be at a moment."""
        self.snapshot = snapshot
        if snapshot.stage.phase is not Phase.FORWARD:
            self._tell_loss(snapshot)
        return snapshot

    def _tell_loss(self, snapshot: Snapshot) -> None:
        """Tell the loss of a moment's step, where that is new."""
        forward, branch = snapshot.backward.forward, self.timeline.branch
        if forward.state.step > branch.told:
            branch.told = forward.state.step
            self._inbox.put_loss(branch.told, forward.loss)

    def _next_event(self) -> Event:
        """What comes next; at an end, that end again."""
        event = next(self._events, self._end)
        if event is None:
            raise RuntimeError("training broke off here; go back, or begin again with reset")
        return event

    def _ended(self, event: Event) -> Finished | Failed:
        assert isinstance(event, Finished | Failed)  # no other event comes there
        self._end = event
        return event

    def _tell_end_of_epoch(self) -> None:
        match next(self._events):
            case EpochEnded(updated=updated, test=test) if test and updated.state.step > self.timeline.branch.told:
                self._inbox.put_test(updated.state.step, test)
