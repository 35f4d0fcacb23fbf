"""A session of the text mode: each command changes or shows the training, and answers in sentences."""

import itertools
from collections.abc import Iterator

from ..core.debugger.breakpoints import Breakpoint, breakpoint_of, has_passed
from ..core.debugger.debugger import Debugger, Facts
from ..core.debugger.facts import Arrived, Failed, Finished, Hit, Note, Rejected
from ..core.debugger.snapshot import Snapshot
from ..core.debugger.stage import WHOLE_BACKWARD, PauseWhen, Phase, Stage, StepUnit, never, one_epoch_from, up_to
from ..core.debugger.watch import Watch
from ..core.gradient_check import Verdict, check_snapshot
from ..core.notation.notation import Notation
from ..core.quantities.quantity import Quantity, leaf_or_name
from ..core.timeline.timeline import BUDGET, Timeline
from ..core.training.changes import typed_change
from ..core.training.training import Experiment
from ..core.typed_number import number, quoted
from .text.captions import dead_text
from .text.explanation import explanation_text
from .text.narration import Narration
from .text.numbers import count, plain
from .text.resolve import explain_shown
from .text.safe import safe

FIRST = Stage(Phase.FORWARD, 0)
MOST = 100_000
"""Updates after which a run pauses, even without a stop."""
FARTHEST = 100_000_000


class PlainSession:
    """A training and its commands; each command answers with lines."""

    def __init__(
        self,
        experiment: Experiment,
        notation: Notation,
        decimals: int,
        budget: int = BUDGET,
        timeline: Timeline | None = None,
    ) -> None:
        """Start at the first layer of the first forward pass, or at the saved step of a session.

        Args:
            experiment: the training.
            notation: the notation of quantities.
            decimals: the decimals of each number.
            budget: bytes for past states, for a new timeline.
            timeline: one of the experiment, to continue.
        """
        self._notation = notation
        self._decimals = decimals
        self._debugger = Debugger(experiment, budget, timeline)
        self._grain = StepUnit.PHASE
        self._example = 0
        self._breakpoints: list[Breakpoint] = []
        self._watch = Watch()
        self._dead = ""
        """The last message about dead layers."""
        self._answers = 0
        """The number of sentences so far."""
        self.is_over = False
        self.has_refused = False
        """Whether a command had an error."""

    def begin(self) -> Iterator[str]:
        """Show the first stage, or the saved step of a session."""
        is_start = self._debugger.timeline.position == (0, 0)
        yield from self._arrived(self._debugger.look(FIRST if is_start else WHOLE_BACKWARD))

    def interrupt(self) -> Iterator[str]:
        """Show the whole step at which a run was interrupted."""
        yield "Interrupted."
        yield from self._arrived(self._debugger.look(WHOLE_BACKWARD))

    # Forward.

    def phase(self, rest: str) -> Iterator[str]:
        """Step by a layer, the loss or the update."""
        self._grain = StepUnit.PHASE
        yield from self._arrived(self._debugger.step(StepUnit.PHASE))

    def update(self, rest: str) -> Iterator[str]:
        """Step by one update, or by several."""
        self._grain = StepUnit.UPDATE
        yield from self._go(never, _count(rest or "1", 1, FARTHEST))

    def epoch(self, rest: str) -> Iterator[str]:
        """Step by one epoch."""
        self._grain = StepUnit.EPOCH
        yield from self._go(one_epoch_from(self._snapshot.state), FARTHEST)

    def run(self, rest: str) -> Iterator[str]:
        """Run to a breakpoint, to the stop, or for a number of updates."""
        self._grain = StepUnit.UPDATE
        snapshot = self._debugger.snapshot
        if snapshot and not snapshot.updated and (hits := self._hits(snapshot)):
            yield f"Paused at the breakpoint {hits}; run again to continue."
            yield from self._arrived(self._debugger.complete())
            return
        yield from self._go(never, _count(rest or str(MOST), 1, FARTHEST))

    # Back, and anywhere.

    def back(self, rest: str) -> Iterator[str]:
        """Step back by the same amount as the last step, or undo the edit made here."""
        facts = self._debugger.back(self._grain)
        if not facts:
            raise ValueError("this is step 0, so there is no step back: expected a step forward, such as f or s")
        yield from self._arrived(facts)

    def go_to(self, rest: str) -> Iterator[str]:
        """Go to a step, back or forward."""
        self._grain = StepUnit.UPDATE
        step, newest = _count(rest, 0, FARTHEST), self._debugger.timeline.branch.newest
        if step <= newest:
            yield from self._arrived(self._debugger.go_to(step))
        else:
            self._debugger.go_to(newest)
            yield from self._go(up_to(step), step - newest)

    def reset(self, rest: str) -> Iterator[str]:
        """Return to step 0 and remove all edits."""
        self._debugger.reset()
        yield from self.begin()

    def switch(self, rest: str) -> Iterator[str]:
        """Switch to the other branch."""
        if len(self._debugger.timeline.branches) < 2:
            raise ValueError("there is no other branch yet: step back and edit something")
        yield from self._arrived(self._debugger.switch())

    # Show.

    def show(self, rest: str) -> Iterator[str]:
        """List every number of the step."""
        yield from map(self._numbered, self._narration.all())

    def loss(self, rest: str) -> Iterator[str]:
        """List the loss of the batch and of all examples."""
        yield from map(self._numbered, self._narration.loss())

    def explain(self, rest: str) -> Iterator[str]:
        """Explain where a number comes from."""
        found = explain_shown(self._debugger.timeline.trainer, self._snapshot, Quantity.parse(rest))
        yield explanation_text(found, self._notation, self._decimals)

    def check(self, rest: str) -> Iterator[str]:
        """Check every gradient against the slope of the loss."""
        checks = list(check_snapshot(self._debugger.timeline.trainer, self._snapshot))
        for each in checks:
            if each.verdict is not Verdict.AGREES:
                values = plain(each.gradient, self._decimals), plain(each.slope, self._decimals)
                yield self._numbered(f"{each.quantity}: {each.verdict.value}, gradient {values[0]}, slope {values[1]}.")
        agreeing = sum(each.verdict is Verdict.AGREES for each in checks)
        yield self._numbered(f"{count(agreeing)} of {count(len(checks))} gradients agree with the slope of the loss.")

    def next_example(self, rest: str) -> Iterator[str]:
        """Show the next example of the batch."""
        yield from self._turn_to(self._example + 1)

    def previous_example(self, rest: str) -> Iterator[str]:
        """Show the previous example of the batch."""
        yield from self._turn_to(self._example - 1)

    def notation(self, rest: str) -> Iterator[str]:
        """Switch to the next notation, or to the named one."""
        names = [each.value for each in Notation]
        if rest and rest not in names:
            raise ValueError(f"expected {', '.join(names[:-1])} or {names[-1]}, got {quoted(rest)}")
        self._notation = Notation(rest or names[(names.index(self._notation.value) + 1) % len(names)])
        yield f"Notation {self._notation.value}."
        yield self._numbered(self._narration.stage())

    # Edit.

    def change(self, rest: str) -> Iterator[str]:
        """Set a number or a setting."""
        what, _, value = rest.partition(" ")
        if not value:
            raise ValueError(f"expected a name and a value, as in set learning_rate 0.1, got {quoted(rest)}")
        facts = self._debugger.change(typed_change(leaf_or_name(what), value))
        if isinstance(facts[-1], Rejected):
            raise ValueError(facts[-1].reason)
        self._grain = StepUnit.UPDATE  # so that back undoes the edit
        notes = [f" {fact.text[0].upper()}{fact.text[1:]}." for fact in facts if isinstance(fact, Note)]
        yield f"Set {safe(what)} to {safe(value.strip())}.{''.join(notes)}"
        yield from self._arrived(facts)

    def break_at(self, rest: str) -> Iterator[str]:
        """Pause at a condition from now on; off removes all breakpoints; without a condition, list them."""
        if rest.lower() == "off":
            self._breakpoints.clear()
        elif rest and (new := breakpoint_of(rest)) not in self._breakpoints:
            self._breakpoints.append(new)
        self._watch.place(self._breakpoints)
        yield f"Breakpoints: {', '.join(each.text for each in self._breakpoints) or 'none'}."
        snapshot = self._debugger.snapshot
        if passed := [each.text for each in self._breakpoints if snapshot and has_passed(each, snapshot.step)]:
            yield f"Already passed: {', '.join(passed)}. To pause there, step back first."

    def quit(self, rest: str) -> Iterator[str]:
        """Quit."""
        self.is_over = True
        yield from ()

    # Helpers.

    @property
    def _snapshot(self) -> Snapshot:
        if self._debugger.snapshot is None:
            raise ValueError("training failed before its first step: reset, or set another value")
        return self._debugger.snapshot

    @property
    def _narration(self) -> Narration:
        trainer = self._debugger.timeline.trainer
        return Narration(self._snapshot, trainer, self._notation, self._decimals, self._example)

    def _turn_to(self, example: int) -> Iterator[str]:
        self._example = example % len(self._snapshot.forward.X)
        yield self._numbered(self._narration.stage())

    def _go(self, pause_when: PauseWhen, updates: int) -> Iterator[str]:
        """Train until a condition, a breakpoint, the end, or the number of updates is reached."""
        steps = itertools.count(1)
        self._debugger.pass_stop()
        facts = self._debugger.run(pause_when, self._watch, lambda: next(steps) >= updates)
        is_reached = isinstance(facts[-1], Arrived) and pause_when(self._snapshot.backward.state)
        if isinstance(facts[-1], Arrived) and not is_reached and updates == MOST:
            yield f"Paused after {count(MOST)} updates."
        yield from self._arrived(facts)

    def _hits(self, snapshot: Snapshot) -> str:
        """The breakpoints that a snapshot reaches; empty if none."""
        return self._watch.hits(*snapshot.last_two, self._debugger.timeline.trainer)

    def _arrived(self, facts: Facts) -> Iterator[str]:
        """Say why training paused, then show the step."""
        match facts[-1]:
            case Failed(reason=reason):
                yield f"Training failed: {safe(reason)}."
            case Finished():
                yield f"Finished at the preset's stop: {self._debugger.stop_reason}; another step continues beyond it."
            case Hit(breakpoints=breakpoints):
                yield f"Paused at the breakpoint {breakpoints}."
        if snapshot := self._debugger.snapshot:
            if not snapshot.updated:
                self._watch.forget(*snapshot.last_two, self._debugger.timeline.trainer)
            yield self._numbered(self._narration.stage())
            yield from self._dead_layers(snapshot)

    def _dead_layers(self, snapshot: Snapshot) -> Iterator[str]:
        """Report a dead layer once."""
        said, self._dead = self._dead, dead_text(self._debugger.timeline.trainer, snapshot)
        if self._dead and self._dead != said:
            yield self._numbered(f"{self._dead[0].upper()}{self._dead[1:]}.")

    def _numbered(self, sentence: str) -> str:
        self._answers += 1
        return f"{self._answers}. {sentence}"


def _count(text: str, least: int, most: int) -> int:
    """The whole number in a text, within bounds."""
    value = number(text.replace(" ", ""), str(max(least, 10)))
    if value != int(value) or not least <= value <= most:
        raise ValueError(f"expected a whole number from {least} to {count(most)}, got {quoted(text)}")
    return int(value)
