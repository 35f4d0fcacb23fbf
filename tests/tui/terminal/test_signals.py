"""Signals that end the program, before and after its loop has ended."""

import asyncio
import os
import signal
from collections.abc import Iterator

import pytest

from nn_tui.tui.terminal.signals import ENDING, end_on_signals

from ...helpers.terminal import terminal


@pytest.fixture(autouse=True)
def handlers() -> Iterator[None]:
    """None is ignored, as SIGHUP is behind nohup; the handlers that there were before come back."""
    before = {number: signal.getsignal(number) for number in ENDING}
    for number in ENDING:
        signal.signal(number, signal.SIG_DFL)
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.fixture
def loop() -> Iterator[asyncio.AbstractEventLoop]:
    loop = asyncio.new_event_loop()
    yield loop
    loop.close()


def test_each_signal_ends_with_its_own_status(loop: asyncio.AbstractEventLoop) -> None:
    async def statuses() -> list[int]:
        came: asyncio.Queue[int] = asyncio.Queue()
        end_on_signals(loop, came.put_nowait)
        for number in ENDING:
            signal.raise_signal(number)
        return [await asyncio.wait_for(came.get(), 30) for _ in ENDING]

    assert loop.run_until_complete(statuses()) == [128 + number for number in ENDING]


def test_an_ignored_signal_stays_ignored(loop: asyncio.AbstractEventLoop) -> None:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)  # as nohup does with SIGHUP

    end_on_signals(loop, print)

    assert signal.getsignal(signal.SIGTERM) is signal.SIG_IGN


@pytest.mark.posix
def test_no_signal_is_written_into_a_pipe_that_may_be_full(loop: asyncio.AbstractEventLoop) -> None:
    end_on_signals(loop, print)

    assert signal.set_wakeup_fd(-1) == -1


def test_the_previous_handlers_are_restored(loop: asyncio.AbstractEventLoop) -> None:
    before = {number: signal.getsignal(number) for number in ENDING}

    end_on_signals(loop, print)()

    assert before == {number: signal.getsignal(number) for number in ENDING}


def test_an_interrupt_after_the_end_does_nothing(loop: asyncio.AbstractEventLoop) -> None:
    end_on_signals(loop, print)
    loop.close()

    signal.raise_signal(signal.SIGINT)


@pytest.mark.posix
def test_tests_that_run_in_the_background_can_still_end_a_program() -> None:
    for number in (signal.SIGINT, signal.SIGQUIT, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
        with terminal("sh", "-c", "echo ready; exec sleep 60") as shown:
            shown.wait_for("ready")
            os.kill(shown.pid, number)

            assert shown.wait_for_end() == -number
