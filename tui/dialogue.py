"""A dialogue: a training led by verbs, and told in sentences."""

from collections.abc import Iterator

from ..core.checking.gradient_check import Verdict, check_moment
from ..core.notation import Notation
from ..core.running.aims import Aim, Grain, one_epoch_from, up_to, without_end
from ..core.running.breakpoints import Breakpoint, Watch
from ..core.running.breakpoints import parse as breakpoint_of
from ..core.running.mailbox import Mailbox
from ..core.running.moment import Moment
from ..core.running.stage import WHOLE_BACKWARD, Phase, Stage
from ..core.running.timeline import BUDGET, Timeline
from ..core.running.walk import Arrival, Walk
from ..core.training.changes import parse as change_of
from ..core.training.events import Failed
from ..core.training.experiment import Experiment
from ..core.typed_number import number, quoted
from .text.asked import explained
from .text.dead import dead_text
from .text.explanation import explanation_text
from .text.numbers import count, plain
from .text.safe import safe
from .text.sentences import Sentences

FIRST = Stage(Phase.FORWARD, 0)
MOST = 100_000
"""Updates after which a run rests, so that one without a stop has an end."""
FARTHEST = 100_000_000


class Dialogue:
    """A walk through a training; every verb answers with lines."""

    def __init__(
        self,
        experiment: Experiment,
        notation: Notation,
        decimals: int,
        budget: int = BUDGET,
        timeline: Timeline | None = None,
    ) -> None:
        """Stand at the first layer of the first forward pass, or at the step where a training was left.

        Args:
            experiment: what is trained.
            notation: how numbers are named.
            decimals: of each number.
            budget: bytes for past states, where the timeline is a new one.
            timeline: one of the experiment, to continue.
        """
        self._notation = notation
        self._decimals = decimals
        self._mailbox = Mailbox()
        self._walk = Walk(experiment, self._mailbox, budget, timeline)
        self._grain = Grain.PHASE
        self._example = 0
        self._breakpoints: list[Breakpoint] = []
        self._watch = Watch()
        self._dead = ""
        """What was said last of dead layers."""
        self._told = 0
        """Sentences so far; each has its number."""
        self.is_over = False

    def begin(self) -> Iterator[str]:
        """Tell the first stage, or the whole step where a training was left."""
        is_start = self._walk.timeline.place == (0, 0)
        yield from self._arrived(self._walk.look(FIRST if is_start else WHOLE_BACKWARD))

    def rest(self) -> Iterator[str]:
        """Stand at a whole step after a run was broken off."""
        yield "Interrupted."
        yield from self._arrived(self._walk.look(WHOLE_BACKWARD))

    # Forward.

    def phase(self, rest: str) -> Iterator[str]:
        """Go on by a layer, the loss or the update."""
        self._grain = Grain.PHASE
        self._walk.go_beyond_stop()
        yield from self._arrived(self._walk.next_phase())

    def update(self, rest: str) -> Iterator[str]:
        """Go on by an update, or by so many."""
        self._grain = Grain.UPDATE
        yield from self._go(without_end, _count(rest or "1", 1, FARTHEST))

    def epoch(self, rest: str) -> Iterator[str]:
        """Go on by an epoch."""
        self._grain = Grain.EPOCH
        yield from self._go(one_epoch_from(self._moment.state), FARTHEST)

    def run(self, rest: str) -> Iterator[str]:
        """Go on to a breakpoint, to the stop, or by so many updates."""
        self._grain = Grain.UPDATE
        moment = self._walk.moment
        if moment and not moment.updated and (hits := self._hits(moment)):
            yield f"Paused at the breakpoint {hits}; run again goes on."
            yield from self._arrived(self._walk.complete())
            return
        yield from self._go(without_end, _count(rest or str(MOST), 1, FARTHEST))

    # Back, and anywhere.

    def back(self, rest: str) -> Iterator[str]:
        """Go back by what was gone on by last, or undo the change that was made here."""
        walk = self._walk
        backs = {Grain.PHASE: walk.previous_phase, Grain.UPDATE: walk.previous_step, Grain.EPOCH: walk.previous_epoch}
        arrival = backs[self._grain]()
        if arrival is None:
            raise ValueError("this is the beginning: expected a way forward, such as f or s")
        yield from self._arrived(arrival)

    def go_to(self, rest: str) -> Iterator[str]:
        """Go to a step, back or forward."""
        self._grain = Grain.UPDATE
        step, newest = _count(rest, 0, FARTHEST), self._walk.timeline.branch.newest
        if step <= newest:
            yield from self._arrived(self._walk.go_to(step))
        else:
            self._walk.go_to(newest)
            yield from self._go(up_to(step), step - newest)

    def reset(self, rest: str) -> Iterator[str]:
        """Begin again without any change."""
        self._walk.reset()
        yield from self.begin()

    def switch(self, rest: str) -> Iterator[str]:
        """Go over to the other branch, where a change began one."""
        if len(self._walk.timeline.branches) < 2:
            raise ValueError("there is no other branch yet: go back and change something")
        yield from self._arrived(self._walk.switch())

    # What is told.

    def show(self, rest: str) -> Iterator[str]:
        """Tell every number of the moment."""
        yield from map(self._numbered, self._sentences.all())

    def loss(self, rest: str) -> Iterator[str]:
        """Tell the loss of the batch and of all examples."""
        yield from map(self._numbered, self._sentences.loss())

    def explain(self, rest: str) -> Iterator[str]:
        """Tell where a number comes from."""
        found = explained(self._walk.timeline.trainer, self._moment, rest)
        yield explanation_text(found, self._notation, self._decimals)

    def check(self, rest: str) -> Iterator[str]:
        """Check every gradient against the slope of the loss."""
        checks = list(check_moment(self._walk.timeline.trainer, self._moment))
        for each in checks:
            if each.verdict is not Verdict.AGREES:
                values = plain(each.gradient, self._decimals), plain(each.slope, self._decimals)
                yield self._numbered(f"{each.quantity}: {each.verdict.value}, gradient {values[0]}, slope {values[1]}.")
        agreeing = sum(each.verdict is Verdict.AGREES for each in checks)
        yield self._numbered(f"{count(agreeing)} of {count(len(checks))} gradients agree with the slope of the loss.")

    def next_example(self, rest: str) -> Iterator[str]:
        """Tell of the next example of the batch."""
        yield from self._turn_to(self._example + 1)

    def previous_example(self, rest: str) -> Iterator[str]:
        """Tell of the example before."""
        yield from self._turn_to(self._example - 1)

    def notation(self, rest: str) -> Iterator[str]:
        """Name numbers in the next notation, or in this one."""
        names = [each.value for each in Notation]
        if rest and rest not in names:
            raise ValueError(f"expected {', '.join(names[:-1])} or {names[-1]}, got {quoted(rest)}")
        self._notation = Notation(rest or names[(names.index(self._notation.value) + 1) % len(names)])
        yield f"Notation {self._notation.value}."
        yield self._numbered(self._sentences.stage())

    # What is changed.

    def change(self, rest: str) -> Iterator[str]:
        """Give a number or a setting another value."""
        what, _, value = rest.partition(" ")
        if not value:
            raise ValueError(f"expected what and its value, as in set learning_rate 0.1, got {quoted(rest)}")
        arrival, told = self._walk.change(change_of(what, value))
        self._grain = Grain.UPDATE  # so that back undoes the change
        yield f"Set {safe(what)} to {safe(value.strip())}.{f' {told[0].upper()}{told[1:]}.' if told else ''}"
        yield from self._arrived(arrival)

    def break_at(self, rest: str) -> Iterator[str]:
        """Rest at a condition from now on; off forgets all; alone it lists them."""
        if rest.lower() == "off":
            self._breakpoints.clear()
        elif rest and (new := breakpoint_of(rest)) not in self._breakpoints:
            self._breakpoints.append(new)
        self._watch.place(self._breakpoints)
        yield f"Breakpoints: {', '.join(each.text for each in self._breakpoints) or 'none'}."

    def quit(self, rest: str) -> Iterator[str]:
        """End."""
        self.is_over = True
        yield from ()

    # How it goes.

    @property
    def _moment(self) -> Moment:
        if self._walk.moment is None:
            raise ValueError("training failed before its first step: reset, or set what made it fail")
        return self._walk.moment

    @property
    def _sentences(self) -> Sentences:
        trainer = self._walk.timeline.trainer
        return Sentences(self._moment, trainer, self._notation, self._decimals, self._example)

    def _turn_to(self, example: int) -> Iterator[str]:
        self._example = example % len(self._moment.forward.X)
        yield self._numbered(self._sentences.stage())

    def _go(self, aim: Aim, updates: int) -> Iterator[str]:
        """Train until an aim, a breakpoint or an end is reached, or by so many updates."""
        self._walk.go_beyond_stop()
        for _ in range(updates):
            arrival = self._walk.next_step()
            self._mailbox.take()
            if not isinstance(arrival, Moment):
                yield from self._arrived(arrival)
                return
            hits = self._hits(arrival)
            if hits:
                yield f"Paused at the breakpoint {hits}."
            if hits or aim(arrival.backward.forward.state):
                break
        else:
            if updates == MOST:
                yield f"Paused after {count(MOST)} updates."
        yield from self._arrived(self._moment)

    def _hits(self, moment: Moment) -> str:
        """The breakpoints at which to pause at a moment; empty where there are none."""
        before = moment.before.backward if moment.before else None
        return self._watch.hits(moment.backward, before, self._walk.timeline.trainer)

    def _arrived(self, arrival: Arrival) -> Iterator[str]:
        """Tell where the walk is, and before that how training ended where it did."""
        self._mailbox.take()  # nobody draws the losses that are left there
        if isinstance(arrival, Failed):
            yield f"Training failed: {safe(arrival.reason)}."
        elif not isinstance(arrival, Moment):
            yield f"Finished, as the preset has stop: {self._walk.stop_reason}; another step goes beyond it."
        if moment := self._walk.moment:
            if not moment.updated:
                before = moment.before.backward if moment.before else None
                self._watch.forget(moment.backward, before, self._walk.timeline.trainer)
            yield self._numbered(self._sentences.stage())
            yield from self._dead_layers(moment)

    def _dead_layers(self, moment: Moment) -> Iterator[str]:
        """Say once that a layer is dead."""
        said, self._dead = self._dead, dead_text(self._walk.timeline.trainer, moment)
        if self._dead and self._dead != said:
            yield self._numbered(f"{self._dead[0].upper()}{self._dead[1:]}.")

    def _numbered(self, sentence: str) -> str:
        self._told += 1
        return f"{self._told}. {sentence}"


def _count(text: str, least: int, most: int) -> int:
    """The whole number that a text says, within bounds."""
    value = number(text.replace(" ", ""), str(max(least, 10)))
    if value != int(value) or not least <= value <= most:
        raise ValueError(f"expected a whole number from {least} to {count(most)}, got {quoted(text)}")
    return int(value)
