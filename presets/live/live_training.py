"""A training in another process, from the connection until its model is known."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from threading import Lock, Thread
from typing import TypeAlias

from ...core.worker.inbox import Inbox
from ...core.worker.verbs import Verbs
from ..errors import PresetError
from ..opened import NOWHERE, Opened, opened_preset
from .attached import Attached
from .channel import Channel
from .messages import (
    Hello,
    ModelDescription,
    RecentLosses,
    Refused,
    Report,
    Said,
    ScriptAt,
    StepNumbers,
    TrainingActivity,
)
from .orders import LookAt
from .step_numbers import preset_at
from .wire import WireError, check_hello

Meet: TypeAlias = Callable[[], Channel | None]
"""Waits for the other process; None if it ended first."""
NOTHING = "it ended before a training began"
MOST = 2000
"""Lines of output that are kept."""
FIRST_LOOK = LookAt(every_number=True, statistics=True)


@dataclass(frozen=True)
class Arrival:
    """What is known of the training so far."""

    hello: Hello | None = None
    model: ModelDescription | None = None
    step_numbers: StepNumbers | None = None
    """The first reported step, if the model is recognized."""
    activity: TrainingActivity | None = None
    line: ScriptAt | None = None
    """The line that the script is at, if the first step takes long."""
    fault: str = ""
    """Why no more reports will come; empty if more can."""

    @property
    def is_known(self) -> bool:
        """Whether there is enough to show."""
        return self.model is not None and (self.model.recognized is None or self.step_numbers is not None)


class LiveTraining:
    """Waits in a thread for the first reports of a training, and then hands its connection on."""

    def __init__(self, meet: Meet, name: str, hello: Hello | None = None, *, prints_here: bool = False) -> None:
        """Begin to wait.

        Args:
            meet: connects to the training.
            name: the name of the script, or of the place where it was found.
            hello: its first report, where that was read already.
            prints_here: whether what the script prints comes to `print`.
        """
        self.name = name
        self.arrival = Arrival(hello)
        self.first_losses: tuple[RecentLosses, ...] = ()
        """The messages that came before the model was known."""
        self._meet = meet
        self._prints_here = prints_here
        self._channel: Channel | None = None
        self._lines: list[str] = []
        self._last_said = ""
        """Why watching ended, where the training said so."""
        self._sink: Callable[..., None] | None = None
        self._lock = Lock()
        Thread(target=self._wait, name="arrival", daemon=True).start()

    @property
    def lines(self) -> tuple[str, ...]:
        """The last lines that the script has printed."""
        with self._lock:
            return tuple(self._lines)

    def print(self, *lines: str) -> None:
        """Show what the script has printed; called in any thread."""
        with self._lock:
            self._lines = [*self._lines, *lines][-MOST:]
            if self._sink:
                self._sink(*lines)

    @property
    def channel(self) -> Channel:
        """The connection to the training, for the object that takes over."""
        assert self._channel is not None
        return self._channel

    def print_to(self, sink: Callable[..., None]) -> None:
        """Pass the output so far, and all later output, to a function."""
        with self._lock:
            self._sink = sink
            if self._lines or self._prints_here:
                sink(*self._lines)

    def opened(self) -> Opened:
        """The dashboard's training, of a recognized model.

        Raises:
            PresetError: it cannot be shown.
        """
        hello, model, step_numbers = self.arrival.hello, self.arrival.model, self.arrival.step_numbers
        assert hello and model and model.recognized and step_numbers
        recognized = model.recognized
        try:
            opened = opened_preset(preset_at(recognized, step_numbers, hello.script), NOWHERE)
        except (ValueError, LookupError, TypeError, ArithmeticError) as error:
            raise PresetError(self.name, "model", f"cannot be shown: {error}") from None

        def start(opened: Opened, on_pause: Callable[[], None]) -> tuple[Verbs, Inbox]:
            trainer, ranks = opened.experiment.trainer, hello.ranks
            activity = self.arrival.activity
            attached = Attached(
                self.channel, trainer, recognized, on_pause, ranks, step_numbers, activity, model.modules
            )
            self.print_to(attached.print)
            return attached, attached.inbox

        return Opened(preset=opened.preset, experiment=opened.experiment, timeline=opened.timeline, start=start)

    def close(self) -> None:
        """Detach from it."""
        if self._channel is not None:
            self._channel.close()

    def _wait(self) -> None:
        try:
            self._channel = self._meet()
            if self._channel is None:
                self._know(fault=NOTHING)
                return
            if self.arrival.hello is None:
                self._know(hello=check_hello(self._channel.receive()))
            self._channel.send(FIRST_LOOK)
            while not (self.arrival.is_known or self.arrival.fault):
                report = self._channel.receive()
                if report is None:
                    self._know(fault=self._last_said or NOTHING)
                    return
                self._take(report)
        except WireError as error:
            self._know(fault=(self._last_said or NOTHING) if self.arrival.hello else str(error))

    def _take(self, report: Report) -> None:
        match report:
            case ModelDescription():
                self._know(model=report)
            case StepNumbers():
                self._know(step_numbers=report)
            case TrainingActivity():
                self._know(activity=report)
            case RecentLosses():
                self.first_losses += (report,)
            case ScriptAt():
                self._know(line=report)
            case Said(text=text):
                self._last_said = text
            case Refused(reason=reason):
                self._know(fault=reason)
            case _:
                pass  # it is reported again

    def _know(self, **more: object) -> None:
        self.arrival = replace(self.arrival, **more)  # type: ignore[arg-type]
