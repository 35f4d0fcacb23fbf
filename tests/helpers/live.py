"""A training of another process, played without PyTorch: what it reports is computed by core, over a real socket.

`python -m tests.helpers.live` is such a process; it writes the path of its socket.
"""

import os
import select
import sys
from contextlib import suppress
from itertools import count
from pathlib import Path
from threading import Thread
from time import monotonic
from typing import Any

import msgspec
import numpy as np

from nn_tui.core.functions.arrays import Array
from nn_tui.core.steps.events import BackwardPass
from nn_tui.core.steps.state import State
from nn_tui.presets.build import build
from nn_tui.presets.live.meeting import Meeting
from nn_tui.presets.live.messages import (
    PROTOCOL,
    Block,
    Hello,
    ModelDescription,
    Module,
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
from nn_tui.presets.live.wire import Wire, WireError, training_end
from nn_tui.presets.preset_file import check_preset, preset_of_tables

from .experiments import tables

PIDS = count(10_000_000)


def blocks(arrays: tuple[Array, ...]) -> tuple[Block, ...]:
    return tuple(Block.of(each) for each in arrays)


class PlayedTraining:
    """2-3-1 by Adam unless the tables are changed, held before its first update where it is paused."""

    def __init__(self, paused: bool = True, pid: int | None = None, fault: float = 0.0, **changes: Any) -> None:
        """Begin; a fault is added to the first dW that is reported, as a hook of the script would do."""
        tables_ = tables(**{"training__optimizer": "adam", "training__batch_size": "all", "training__shuffle": False, **changes})  # fmt: skip
        self.preset = check_preset(preset_of_tables(tables_, "live"), "live")
        experiment = build(self.preset, Path())
        self.trainer, self.state = experiment.trainer, experiment.start
        self.backward = self._backward(self.state)
        self.orders: list[Order] = []
        self._fault = fault
        self._look = LookAt()
        self._conditions: BreakAt = BreakAt(conditions=())
        self._left: float = 0.0 if paused else float("inf")
        self._edited = False
        self._unsaid: list[tuple[int, float]] = []
        self._last = 0.0
        self.meeting = Meeting(next(PIDS) if pid is None else pid)
        self.path = self.meeting.path
        self._ends = os.pipe()
        self.thread = Thread(target=self._serve, daemon=True)
        self.thread.start()

    def close(self) -> None:
        """End, as a process does that is killed: without a word."""
        os.write(self._ends[1], b"x")
        self.thread.join()
        self.meeting.close()

    def __enter__(self) -> "PlayedTraining":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _serve(self) -> None:
        while True:
            ready, _, _ = select.select([self.meeting.listener.fileno(), self._ends[0]], [], [])
            if self._ends[0] in ready:
                return
            with suppress(WireError, OSError):
                connection = self.meeting.accept()
                connection.settimeout(None)
                wire = training_end(connection)
                try:
                    if not self._converse(wire, connection.fileno()):
                        return
                finally:
                    wire.close()
                    self._left = float("inf")

    def _converse(self, wire: Wire[Report, Order], descriptor: int) -> bool:
        """Play until the dashboard leaves; False where the training ends."""
        wire.send(Hello(protocol=PROTOCOL, pid=os.getpid(), script="played.py", torch="none"))
        described = False
        while True:
            waits = None if self._left <= 0 and not wire.has_message else 0.0
            ready, _, _ = select.select([descriptor, self._ends[0]], [], [], waits)
            if self._ends[0] in ready:
                return False
            if descriptor in ready or wire.has_message:
                order = wire.receive()
                if order is None or isinstance(order, Leave):
                    return True
                self.orders.append(order)
                if not described:
                    wire.send(self._description())
                    described = True
                self._obey(order, wire)
            elif self._left > 0:
                self._train(wire)

    def _obey(self, order: Order, wire: Wire[Report, Order]) -> None:
        match order:
            case LookAt():
                self._look = order
                self._report_hold(wire)
            case Run():
                self._left = float("inf")
                wire.send(TrainingActivity(now="running", step=self.backward.step))
            case StepUpdates(updates=updates):
                self._left = updates
                wire.send(TrainingActivity(now="running", step=self.backward.step))
            case Pause():
                self._left = 0
                self._report(wire)
                wire.send(TrainingActivity(now="paused", step=self.backward.step))
            case BreakAt():
                self._conditions = order
            case SetLearningRate(value=value):
                self.trainer = self.trainer.with_learning_rate(value)
                self._report_hold(wire)
            case EditParameter():
                self._edit(order, wire)

    def _edit(self, order: EditParameter, wire: Wire[Report, Order]) -> None:
        layer, _, name = order.parameter.partition(".")
        arrays = self.state.W if name == "weight" else self.state.b
        if self._left > 0 or not layer.isdecimal() or int(layer) // 2 >= len(arrays):
            wire.send(Refused(reason="only while the training is paused, and a parameter that it has"))
            return
        parameters = [each.copy() for each in (*self.state.W, *self.state.b)]
        parameters[int(layer) // 2 + (0 if name == "weight" else len(self.state.W))][order.index] = order.value
        vector = np.concatenate([each.ravel() for each in parameters])
        self.state = State(self.state.step, 0, 0, vector, self.state.slots, self.state.layout)
        self._edited = True
        self._report_hold(wire)

    def _train(self, wire: Wire[Report, Order]) -> None:
        if self._edited:
            self.backward = self._backward(self.state)
        self.state = self.trainer.update(self.backward).state
        self._edited = False
        self.backward = self._backward(self.state)
        self._left -= 1
        self._unsaid.append((self.backward.step, self.backward.forward.loss))
        why = self._broken_at()
        if why or self._left <= 0:
            self._left = 0
            self._report(wire)
            wire.send(TrainingActivity(now="paused", step=self.backward.step, why=why))
        elif monotonic() - self._last > 1 / self._look.per_second or len(self._unsaid) > 500:
            self._last = monotonic()
            self._report(wire)

    def _broken_at(self) -> str:
        for each in self._conditions.conditions:
            value = {"loss": self.backward.forward.loss, "step": float(self.backward.step)}.get(each.of)
            if value is not None and (value > each.bound if each.relation == ">" else value < each.bound):
                return f"{each.of} {each.relation} {each.bound:g}"
        return ""

    def _report_hold(self, wire: Wire[Report, Order]) -> None:
        if self._left <= 0:
            self._report(wire)
            wire.send(TrainingActivity(now="paused", step=self.backward.step))

    def _report(self, wire: Wire[Report, Order]) -> None:
        if self._unsaid:
            steps, losses = zip(*self._unsaid, strict=True)
            wire.send(RecentLosses(steps=steps, losses=losses, updates_per_second=1000.0))
            self._unsaid.clear()
        if self._look.every_number:
            wire.send(self.step_numbers())

    def _backward(self, state: State) -> BackwardPass:
        return self.trainer.backward(self.trainer.forward(state))

    def _description(self) -> ModelDescription:
        network = msgspec.structs.replace(self.preset.network, init=None, weights=None, biases=None)
        linears = [f"{2 * number}" for number in range(len(self.state.W))]
        modules = [Module(path="", kind="Sequential")]
        for path, W, b in zip(linears, self.state.W, self.state.b, strict=True):
            shapes = ((f"{path}.weight", W.shape), (f"{path}.bias", b.shape))
            modules += [
                Module(path=path, kind="Linear", parameters=shapes),
                Module(path=str(int(path) + 1), kind="Sigmoid"),
            ]
        recognized = Recognized(network=network, training=self.preset.training, layers=tuple(linears))
        return ModelDescription(modules=tuple(modules), recognized=recognized, loss="BCELoss()", optimizer="Adam")

    def step_numbers(self) -> StepNumbers:
        """Every number of the step that the training holds at."""
        backward, state = self.backward, self.state
        scalars = self.trainer.optimizer.scalar_slots
        slots = dict(zip(self.trainer.optimizer.slot_names, state.slots, strict=True))
        dW = list(backward.dW)
        dW[0] = dW[0] + self._fault
        return StepNumbers(
            step=backward.step,
            loss=backward.forward.loss,
            learning_rate=self.trainer.learning_rate(state),
            X=Block.of(backward.forward.X),
            y=Block.of(backward.forward.y),
            z=blocks(backward.forward.z),
            a=blocks(backward.forward.a),
            dz=blocks(backward.dz),
            da=blocks(backward.da[:-1]),
            W=blocks(state.W),
            b=blocks(state.b),
            dW=blocks(tuple(dW)),
            db=blocks(backward.db),
            slots=blocks(tuple(slot for name, slot in slots.items() if name not in scalars)),
            updates=int(slots["t"]) if "t" in slots else 0,
            is_edited=self._edited,
        )


if __name__ == "__main__":
    played = PlayedTraining("--running" not in sys.argv, os.getpid())
    print(played.path, flush=True)
    played.thread.join()
