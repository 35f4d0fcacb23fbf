"""An attached training: the dashboard's verbs become orders to another process, and its reports become facts."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from threading import RLock, Thread
from types import MappingProxyType

from ...core.debugger.breakpoints import Breakpoint
from ...core.debugger.facts import (
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
    TimelineStatus,
)
from ...core.debugger.stage import StepUnit
from ...core.metrics.series import Series
from ...core.quantities.quantity import Kind, Quantity
from ...core.steps.values import value_of
from ...core.training.changes import Change, with_parameter
from ...core.training.trainer import Trainer
from ...core.worker.inbox import Inbox
from ...core.worker.verbs import Ability
from .channel import GONE, Channel, leave, listen
from .conditions import check_tensor, translated
from .kept_steps import KeptStep, KeptSteps, text_of_numbers
from .messages import (
    FirstNotFinite,
    Module,
    RecentLosses,
    Recognized,
    Refused,
    Report,
    Said,
    StepNumbers,
    TrainingActivity,
)
from .orders import BreakAt, EditParameter, LookAt, Order, Pause, Run, SetLearningRate
from .proof import Proof, combined, prove, prove_update
from .proof_cause import KnownCauses
from .sentences import agreement_of, jump_text, not_finite_text, not_finite_words
from .step_numbers import backward_of, trainer_at
from .step_queue import StepQueue
from .wire import WireError

LACKS: Mapping[Ability, str] = MappingProxyType(
    {
        Ability.STEP_BACK: "a PyTorch training cannot step back, and no earlier step was kept",
        Ability.RESET: "a PyTorch training cannot go back to its start: start the script again",
        Ability.FIND_EPOCHS: "a PyTorch script does not say where an epoch ends: s steps by one update",
        Ability.SET: "m sets the learning rate alone: loss function, optimizer and activations belong to the script; "
        "u continues a copy in nn-tui, where all can be set",
        Ability.BRANCH: "a PyTorch training has one branch; u continues a copy in nn-tui, which can branch",
        Ability.SAVE: "a PyTorch training is saved by its script; u continues a copy in nn-tui, which can be saved",
    }
)
LACKS_WITH_PAST: Mapping[Ability, str] = MappingProxyType(
    {ability: reason for ability, reason in LACKS.items() if ability is not Ability.STEP_BACK}
)
ACTIVITIES = {each.value: each for each in Activity}
STEEPER = 1.2
"""Factor by which a new pace must differ to be sent while training runs."""


class Attached:
    """A recognized training in another process; see `Verbs` for what each verb does."""

    def __init__(
        self,
        channel: Channel,
        trainer: Trainer,
        recognized: Recognized,
        on_pause: Callable[[], None] = lambda: None,
        ranks: int = 1,
        first: StepNumbers | None = None,
        activity: TrainingActivity | None = None,
        modules: Sequence[Module] = (),
    ) -> None:
        """Begin to listen, in a thread.

        Args:
            channel: the connection to the other process.
            trainer: the network, its loss and its optimizer.
            recognized: the same, as reported.
            on_pause: called in the thread whenever training pauses or ends, or an answer was put.
            ranks: processes that train together.
            first: a step that was already reported.
            activity: the reported activity of the training.
            modules: those of the model, by which its tensors are known.
        """
        self.inbox = Inbox()
        self._channel = channel
        self._trainer = trainer
        self._recognized = recognized
        self._modules = modules
        self._on_pause = on_pause
        self._ranks = ranks
        self._kept = KeptSteps()
        self._proofs: dict[int, Proof] = {}
        """The comparisons of kept steps, by step."""
        self._causes = KnownCauses()
        self._differs: tuple[str, ...] = ()
        """The first difference that was reported last."""
        self._edits: list[tuple[int, Change]] = []
        self._is_running = self._is_over = self._is_updating = False
        self._reached = 0
        """The updates after which the training ended, if later ones than the kept steps were made."""
        self._ended: TrainingActivity | None = None
        """The end of the training, as reported."""
        self._fault = ""
        """The operation that was not finite, while the training is paused there."""
        self._back: StepUnit | None = None
        """The unit of the step back to make when the training pauses."""
        self._pace: float | None = None
        self._lock = RLock()
        self._steps = StepQueue(self._order)
        if activity:
            self._take(activity)
        if first:
            self._see(first)
        self._order(LookAt(every_number=True))
        Thread(target=self._listen, name="attached", daemon=True).start()

    @property
    def lacks(self) -> Mapping[Ability, str]:
        """The abilities that it lacks; kept steps can be shown again."""
        return LACKS if self._kept.is_at_oldest else LACKS_WITH_PAST

    def run(self) -> None:
        """Run until a pause or a breakpoint, from where the training is."""
        with self._lock:
            self._is_updating = False
            self._steps.forget()
            if self._order(Run(updates_per_second=self._pace)):
                self._is_running = True
                self.inbox.put(ActivityChanged(Activity.RUNNING))

    def pause(self) -> None:
        """Pause before the next update, and drop the queued steps."""
        with self._lock:
            self._steps.forget()
            self._order(Pause())

    def step(self, unit: StepUnit) -> None:
        """Show the next kept phase or step; at the newest, let the training make one update."""
        with self._lock:
            before = self._kept.shown_number
            if unit is StepUnit.EPOCH:
                self._refuse(self.lacks[Ability.FIND_EPOCHS])
            elif not self._kept.newest or not (
                self._kept.next_phase() if unit is StepUnit.PHASE else self._kept.next_step()
            ):
                self._is_updating = unit is StepUnit.PHASE
                self._steps.ask(self._step)
            else:
                self._show(before)

    def back(self, unit: StepUnit) -> None:
        """Show the previous phase or step, if it was kept; the training itself does not move."""
        with self._lock:
            before = self._kept.shown_number
            if self._is_running:
                self._back = unit
                self.pause()
            elif self._kept.newest and (self._kept.last_phase() if unit is StepUnit.PHASE else self._kept.last_step()):
                self._show(before)
            else:
                self._refuse(LACKS[Ability.STEP_BACK])

    def go_to(self, step: int | None) -> None:
        """Show a kept step; without a step, the newest, and for 0 the oldest."""
        with self._lock:
            numbers = self._kept.numbers
            if not numbers or self._is_running:
                self.pause()
            elif step is not None and step > numbers[-1]:
                self._steps.ask(self._step, min(step - numbers[-1], 1_000_000))
            elif self._kept.go_to(numbers[-1] if step is None else numbers[0] if step == 0 else step):
                self._show()
            else:
                self._refuse(f"step {step} was not kept; kept: {text_of_numbers(numbers)[-160:]}")

    def reset(self) -> None:
        """Refuse, with the reason."""
        self._refuse(self.lacks[Ability.RESET])

    def change(self, *changes: Change) -> None:
        """Let the training change a parameter or its learning rate."""
        with self._lock:
            for each in changes:
                order = self._order_for(each)
                if order is None:
                    self._refuse(self._reason_against(each))
                elif not self._kept.is_at_newest:
                    self._refuse("this step is past: press end and edit the newest, or u to continue a copy in nn-tui")
                elif self._order(order) and self._kept.newest:
                    self._edits.append((self._kept.newest.step, each))

    def nudge(self, what: Quantity, by: float) -> None:
        """Move a parameter a little, and report the predicted loss and that of nn-tui's own forward pass."""
        with self._lock:
            if not self._kept.newest or not self._kept.is_at_newest:
                self._refuse("this step is past: press end and edit the newest")
                return
            trainer, backward = self._kept.newest.trainer, self._kept.newest.backward
            try:
                value, gradient = value_of(what, backward), value_of(what.gradient, backward)
            except (ValueError, IndexError) as error:
                self._refuse(str(error))
                return
            moved = trainer.forward(with_parameter(backward.state, what, value + by))
            actual = moved.loss - trainer.forward(backward.state).loss
            self.inbox.put(Nudge(what, by, predicted=gradient * by, actual=actual))
            self.change(Change(what, value + by))

    def switch(self) -> None:
        """Refuse, with the reason."""
        self._refuse(self.lacks[Ability.BRANCH])

    def compare(self) -> None:
        """Refuse, with the reason."""
        self._refuse(self.lacks[Ability.BRANCH])

    def save(self) -> None:
        """Do nothing: the script saves its training."""

    def break_at(self, breakpoints: tuple[Breakpoint, ...]) -> None:
        """Set the breakpoints that the training can watch, and report the others."""
        conditions = []
        for each in breakpoints:
            try:
                condition = translated(each)
                check_tensor(condition, self._modules)
                conditions.append(condition)
            except ValueError as error:
                self._refuse(str(error))
        self._order(BreakAt(conditions=tuple(conditions)))

    def pace(self, updates_per_second: float | None) -> None:
        """Run at most at this pace."""
        with self._lock:
            before, self._pace = self._pace, updates_per_second
            if self._is_running and _is_other_pace(before, updates_per_second):
                self._order(Run(updates_per_second=updates_per_second))
            elif self._is_running:
                self._pace = before

    def close(self) -> None:
        """Detach; the training continues."""
        self._on_pause = lambda: None
        leave(self._channel)

    def print(self, *lines: str) -> None:
        """Show what the script has printed."""
        self.inbox.put(Printed(lines))

    def _listen(self) -> None:
        why = listen(self._channel, self._lock, self._take)
        with self._lock:
            self._end(why)

    def _take(self, report: Report) -> None:
        match report:
            case StepNumbers():
                self._see(report)
            case RecentLosses(steps=steps, losses=losses):
                with suppress(ValueError):
                    self.inbox.put(Losses(1, Series(zip(steps, losses, strict=True))))
            case TrainingActivity():
                self._become(report)
                self._steps.see(report)
            case Refused(reason=text) | Said(text=text):
                self._put(Rejected(text) if isinstance(report, Refused) else Note(text))
            case FirstNotFinite():
                self._fault = not_finite_words(report)
                self._put(Printed((f"nn-tui: {not_finite_text(report)}",)))
            case _:
                pass  # of models that are not recognized

    @property
    def _step(self) -> int:
        """The last one that was reported."""
        return self._kept.newest.step if self._kept.newest else 0

    def _see(self, step_numbers: StepNumbers) -> None:
        """Keep a reported step, and show it."""
        try:
            self._trainer = trainer_at(self._trainer, step_numbers)
            backward = backward_of(self._trainer, step_numbers)
        except ValueError as error:
            self._refuse(f"step {step_numbers.step} cannot be shown: {error}")
            return
        before = self._kept.newest
        kept = self._kept.add(self._trainer, backward, is_edited=step_numbers.is_edited)
        proof = self._proof_of(kept, before)
        self._proofs[kept.step] = replace(proof, cause=self._causes.text(proof, kept, before))
        for step in self._proofs.keys() - set(self._kept.numbers):
            del self._proofs[step]
        self._kept.show_newest(updating=self._is_updating)
        self._is_updating = False
        self.inbox.put(Losses(1, Series([(step_numbers.step, step_numbers.loss)])))
        self._show()

    def _proof_of(self, kept: KeptStep, before: KeptStep | None) -> Proof:
        """Compare the update that led to a step, and its passes, with nn-tui's own."""
        passes = prove(kept.trainer, kept.backward, self._ranks)
        if kept.is_edited and passes.differing:
            return Proof(step=kept.step, left_out="a parameter was edited after the passes of this step")
        if before is None or kept.before is None or self._recognized.no_update or before.step != kept.step - 1:
            return passes
        return combined(prove_update(before.trainer, before.backward, kept.backward.state), passes)

    def _show(self, before: int | None = None) -> None:
        """Put what is shown now; where steps between it and the one shown before were not kept, say so."""
        shown, newest = self._kept.shown, self._kept.newest
        assert newest is not None
        counting = sum(step <= shown.step for step, _ in self._edits)
        timeline = TimelineStatus(1, (1,), max(newest.step, self._reached), tuple(self._edits), counting)
        proof = self._proofs[shown.step]
        names = shown.trainer.network.names
        agreement = agreement_of(proof, names, self._ranks)
        jump = jump_text(before, shown.step) if before is not None else ""
        notes = [*self._named_once(agreement), *([Note(jump)] if jump else [])]
        end = [] if self._ended is None else [_end_of(self._ended, shown.step)]
        self._put(Arrived(self._kept.snapshot, shown.trainer, timeline), agreement, *end, *notes)

    def _named_once(self, agreement: Agreement) -> list[Fact]:
        """Report a difference in full, if its first number is a new one."""
        if agreement.briefer == self._differs:
            return []
        self._differs = agreement.briefer
        return [Note(agreement.text)] if agreement.briefer else []

    def _become(self, reported: TrainingActivity) -> None:
        activity, step, why = ACTIVITIES[reported.now], reported.step, reported.why
        self._is_running = activity is Activity.RUNNING
        if self._is_running:
            self._fault = ""
        elif activity is Activity.PAUSED and self._fault:
            why = self._fault if step == self._step else f"{self._fault}, at step {step}"
        if activity in (Activity.FINISHED, Activity.FAILED):
            self._is_over, self._ended = True, reported
            self._reached = step if step - 1 > self._step else 0
            if self._reached and self._kept.newest:
                self._show()
            else:
                self._put(_end_of(reported, self._kept.shown.step if self._kept.newest else 0))
        else:
            self._put(ActivityChanged(activity, why))
        if not self._is_running and (unit := self._back):
            self._back = None
            self.back(unit)

    def _end(self, why: str) -> None:
        self._is_running = False
        if not self._is_over:
            self._is_over = True
            self._put(ActivityChanged(Activity.FAILED, why))

    def _order_for(self, change: Change) -> Order | None:
        """The order that makes a change; None if the training cannot make it."""
        what, value = change.what, change.value
        if what == "learning_rate":
            return SetLearningRate(value=float(value))
        if isinstance(what, Quantity) and what.kind in (Kind.W, Kind.B):
            name = "weight" if what.kind is Kind.W else "bias"
            path = self._recognized.layers[what.layer]
            return EditParameter(parameter=f"{path}.{name}" if path else name, index=what.index, value=float(value))
        return None

    def _reason_against(self, change: Change) -> str:
        if isinstance(change.what, Quantity):
            return "only weights and biases can be edited here; u continues a copy in nn-tui, where inputs can be too"
        return self.lacks[Ability.SET]

    def _order(self, order: Order) -> bool:
        """Send an order, and return whether the process still exists."""
        try:
            if self._is_over:
                raise WireError
            self._channel.send(order)
        except WireError:
            if not isinstance(order, LookAt | BreakAt):
                self._refuse(GONE)
            return False
        return True

    def _refuse(self, reason: str) -> None:
        self._put(Rejected(reason))

    def _put(self, *facts: Fact) -> None:
        self.inbox.put(*facts)
        if not self._is_running:
            self._on_pause()


def _end_of(ended: TrainingActivity, step: int) -> ActivityChanged:
    """The end, and of which step the shown numbers are, as those of a run's last steps are not reported."""
    activity, why = ACTIVITIES[ended.now], ended.why
    if ended.step - 1 > step:
        shown = f"the numbers are of step {step}"
        why = f"{why}, {shown}" if activity is Activity.FINISHED else f"after {ended.step} updates, {shown}: {why}"
    return ActivityChanged(activity, why)


def _is_other_pace(before: float | None, after: float | None) -> bool:
    """Whether a run would be visibly faster or slower."""
    if before is None or after is None:
        return before is not after
    return max(before, after) > STEEPER * min(before, after)
