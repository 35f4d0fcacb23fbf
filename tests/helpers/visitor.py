"""Somebody who is attached to a live training, and says in a test what is to be done."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from threading import Thread
from time import monotonic, sleep
from typing import Any, TypeVar

from nn_tui.presets.live.living import path_of
from nn_tui.presets.live.meeting import connect
from nn_tui.presets.live.messages import Report, TrainingActivity
from nn_tui.presets.live.orders import LookAt, Order, Run
from nn_tui.presets.live.wire import WireError, check_hello, dashboard_end

T = TypeVar("T")
PATIENCE = 90.0


class Visitor:
    """A connection, and what was reported over it."""

    def __init__(self, path: Path) -> None:
        end = monotonic() + PATIENCE
        while True:
            try:
                connection = connect(path)
                break
            except WireError:
                assert monotonic() < end, "nobody listens"
                sleep(0.02)
        connection.settimeout(PATIENCE)
        self.wire = dashboard_end(connection)
        self.hello = check_hello(self.wire.receive())
        self.reports: list[Report] = []

    def ask(self, *orders: Order) -> None:
        for order in orders:
            self.wire.send(order)

    def until(self, *now: str) -> list[Report]:
        """The reports until the training is paused, or what else it is to be."""
        reports: list[Report] = []
        while (report := self.wire.receive()) is not None:
            reports.append(report)
            if isinstance(report, TrainingActivity) and report.now in (now or ("paused",)):
                break
        else:
            raise AssertionError(f"the training is gone before it is {now}: {reports[-3:]}")
        self.reports += reports
        return reports

    def run_to_pause(self, look: LookAt) -> list[Report]:
        """Look, run to the next pause, and let the training go on; what was reported up to the pause."""
        self.ask(look)
        self.until()
        self.ask(Run())
        reports = self.until()
        self.ask(Run())
        return reports


def of_kind(reports: list[Report], kind: type[T]) -> list[T]:
    return [each for each in reports if isinstance(each, kind)]


class Visit(Thread):
    """A visit beside a training in the same process: what it does runs in a thread; `result` waits for its end."""

    def __init__(self, path: Path | None, plan: Callable[[Visitor], T]) -> None:
        super().__init__(daemon=True)
        assert path is not None
        self._path, self._plan = path, plan
        self._found: Any = None
        self._error: BaseException | None = None
        self.start()

    def run(self) -> None:
        try:
            visitor = Visitor(self._path)
            try:
                self._found = self._plan(visitor)
            finally:
                visitor.wire.close()
        except BaseException as error:
            self._error = error

    def result(self) -> Any:
        self.join(PATIENCE)
        if self._error is not None:
            raise self._error
        return self._found


class Script:
    """A script in a process of its own."""

    def __init__(self, folder: Path, text: str, *options: str, plain: bool = False, **environment: str) -> None:
        self.path = folder / "train.py"
        self.path.write_text(text, encoding="utf-8")
        runner = [] if plain else ["-m", "nn_tui.presets.pytorch.script_runner"]
        self.process = subprocess.Popen(
            [sys.executable, *runner, str(self.path), *options],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, "OMP_NUM_THREADS": "1", **environment},
        )

    def visitor(self) -> Visitor:
        return Visitor(path_of(str(self.process.pid)))

    def end(self) -> tuple[int, str, str]:
        """Its status, what it wrote, and its errors."""
        out, errors = self.process.communicate(timeout=PATIENCE)
        return self.process.returncode, out, errors
