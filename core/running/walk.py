"""The walk: from moment to moment through a timeline, forward and back, with no thread in it."""

from collections.abc import Iterator
from dataclasses import replace

from ..quantity import Quantity
from ..training.changes import Change
from ..training.events import BackwardPass, EpochEnded, Event, Failed, Finished, ForwardPass, Updated
from ..training.experiment import Experiment
from ..training.stop import NEVER
from .mailbox import Mailbox, Nudge
from .moment import Moment
from .stage import UPDATE, WHOLE_BACKWARD, WHOLE_FORWARD, Phase, Stage, number_of, stages
from .timeline import BUDGET, Timeline

Arrival = Moment | Finished | Failed


class Walk:
    """Where a person is in a training; losses are told to the mailbox as they come."""

    def __init__(
        self, experiment: Experiment, mailbox: Mailbox, budget: int = BUDGET, timeline: Timeline | None = None
    ) -> None:
        """Stand at the first forward pass, or where a timeline does.

        Args:
            experiment: what is trained.
            mailbox: where losses go.
            budget: bytes for past states, where the timeline is a new one.
            timeline: one of the experiment, to go on with.
        """
        self.timeline = timeline or Timeline(experiment, budget)
        self.moment: Moment | None = None
        """Where the walk is; None only where not even the first forward pass could be made."""
        self._mailbox = mailbox
        mailbox.turn_to(self.timeline.branch.number)
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
        if self.moment is None:
            return self.look(WHOLE_BACKWARD)
        updated = self.moment.updated or self._update(self.moment)
        return self._forward(self.moment, updated, WHOLE_BACKWARD) if isinstance(updated, Updated) else updated

    def next_phase(self) -> Arrival:
        """Go on by a layer of a pass, the loss or the update."""
        moment = self.moment
        if moment is None:
            return self.look(WHOLE_FORWARD)
        if moment.updated:
            return self._forward(moment, moment.updated, Stage(Phase.FORWARD, 0))
        following = stages(moment.layers)[number_of(moment.stage, moment.layers) + 1]
        if following != UPDATE:
            return self._stand_at(replace(moment, stage=following))
        updated = self._update(moment)
        if isinstance(updated, Updated):
            return self._stand_at(Moment(UPDATE, updated.backward, moment.before, updated))
        return updated

    def complete(self) -> Arrival:
        """Let every number of a step be known."""
        if self.moment is None or self.moment.updated:
            return self.next_step()
        return self._stand_at(replace(self.moment, stage=WHOLE_BACKWARD))

    def go_beyond_stop(self) -> None:
        """Let a stop that is reached here not count."""
        if self.moment and not self.moment.updated and self._stop.reached(self.moment.backward):
            self._stop = NEVER
            self._look_after_backward()

    @property
    def stop_reason(self) -> str:
        """What ended training here, as a preset writes it; empty where nothing did."""
        return self._stop.reason(self.moment.backward) if self.moment else ""

    # Back.

    def previous_phase(self) -> Arrival | None:
        """Go back by a layer of a pass, the loss or the update; None at the beginning."""
        moment = self.moment
        if moment is None:
            return None
        if moment.updated:
            return self._before_update(moment)
        number = number_of(moment.stage, moment.layers)
        if self.timeline.is_at_change() and (moment.stage == self._changed_at or not number):
            return self.previous_step()
        if number:
            return self._stand_at(replace(moment, stage=stages(moment.layers)[number - 1]))
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
        self._mailbox.turn_to(self.timeline.branch.number, (parent, 0))
        return self.look(WHOLE_FORWARD)

    def change(self, change: Change) -> tuple[Arrival, str]:
        """Go on from here with something changed; what could not be kept.

        Raises:
            ValueError: what is asked for cannot be, and why.
        """
        branch = self.timeline.branch
        told = self.timeline.change(change)
        step = self.timeline.place.step
        if self.timeline.branch is branch:
            self._mailbox.rewind(step)
        else:
            self._mailbox.turn_to(self.timeline.branch.number, (branch.number, step))
        stage = self.moment.stage if self.moment and not self.moment.updated else WHOLE_FORWARD
        self._changed_at = stage
        return self.look(stage), told

    def nudge(self, what: str, by: float) -> Nudge:
        """Move a parameter a little from its value at this moment; how the loss of the moment's parameters changes.

        Raises:
            ValueError: what is asked for cannot be, and why.
        """
        assert self.moment  # without one there is no loss
        before = self.moment.present(self.timeline.trainer)
        value, gradient = (Quantity.parse(name).of(before) for name in (what, f"d{what}"))
        self.change(Change(what, value + by))
        return Nudge(what, by, predicted=gradient * by, actual=self.moment.forward.loss - before.forward.loss)

    def switch(self) -> Arrival:
        """Go over to the next branch."""
        self.timeline.switch()
        self._mailbox.turn_to(self.timeline.branch.number)
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

    def _forward(self, moment: Moment, updated: Updated, stage: Stage) -> Arrival:
        """Go on from a moment, by its update, to the step that this led to; stay at the update where there is none."""
        self.moment = None
        try:
            if self.timeline.next_change == updated.state.step:
                self.timeline.pass_changes()
                return self._begin(updated, stage)
            return self._take_step(updated, stage)
        finally:
            self.moment = self.moment or Moment(UPDATE, updated.backward, moment.before, updated)

    def _take_step(self, before: Updated | None, stage: Stage) -> Arrival:
        """The forward and the backward pass that come next."""
        forward = self._next_event()
        if not isinstance(forward, ForwardPass):
            self.moment = self._moment_of_update()
            return self._ended(forward)
        match self._next_event():
            case BackwardPass() as backward:
                return self._stand_at(Moment(stage, backward, before))
            case other:
                self.moment = Moment(WHOLE_FORWARD, self.timeline.trainer.backward(forward), before)
                return self._ended(other)

    def _update(self, moment: Moment) -> Updated | Finished | Failed:
        """The update of a step, under the changes that were made at it."""
        if self.timeline.next_change == moment.backward.forward.state.step:
            self.timeline.pass_changes()
            self._look_after_backward()
        if moment.stage.phase is Phase.FORWARD:
            self._tell_loss(moment)
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

    def _before_update(self, moment: Moment) -> Arrival:
        """The last stage before an update."""
        while self.timeline.place.step > moment.backward.step:
            self.timeline.go_back()
        self._look_after_backward()
        return self._stand_at(Moment(Stage(Phase.BACKWARD, 0), moment.backward, moment.before))

    def _look_at_update(self) -> Arrival | None:
        """Go to the update that led to the present place; None at the beginning."""
        moment = self._moment_of_update()
        if moment is None:
            return None
        self._events = self._events_from_here()
        return self._stand_at(moment)

    def _moment_of_update(self) -> Moment | None:
        """The update that led to the present place; None at the beginning."""
        updated, before = (*self.timeline.updates_before(2), None, None)[:2]
        return Moment(UPDATE, updated.backward, before, updated) if updated else None

    def _stand_at(self, moment: Moment) -> Moment:
        """Be at a moment."""
        self.moment = moment
        if moment.stage.phase is not Phase.FORWARD:
            self._tell_loss(moment)
        return moment

    def _tell_loss(self, moment: Moment) -> None:
        """Tell the loss of a moment's step, where that is new."""
        forward, branch = moment.backward.forward, self.timeline.branch
        if forward.state.step > branch.told:
            branch.told = forward.state.step
            self._mailbox.put_loss(branch.told, forward.loss)

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
                self._mailbox.put_test(updated.state.step, test)
