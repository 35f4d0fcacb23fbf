from threading import Thread
from time import monotonic

from nn_tui.presets.live.orders import BreakAt, EditParameter, HoldCondition, LookAt, Pause, Run, StepUpdates
from nn_tui.presets.pytorch.gate import Gate

LOOK = LookAt(statistics=True)


def test_an_open_gate_lets_everything_through() -> None:
    gate = Gate(waits=False)
    assert not gate.is_watched and not gate.wants_hold
    assert gate.task(waits=True) is None


def test_a_step_opens_it_for_as_many_updates() -> None:
    gate = Gate(waits=True)
    gate.attach(LOOK)
    gate.obey(StepUpdates(updates=2))
    seen = []
    for _ in range(3):
        seen.append((gate.wants_hold, gate.holds_next))
        gate.pass_through()
    assert seen == [(False, False), (False, True), (True, True)]


def test_training_does_not_pause_for_a_dashboard_that_has_left() -> None:
    gate = Gate(waits=False)
    gate.attach(LOOK)
    gate.leave()
    gate.hold()
    assert not gate.wants_hold


def test_who_waits_for_somebody_that_no_longer_exists_goes_through() -> None:
    gate = Gate(waits=True, is_wanted=lambda: False)
    assert gate.wants_hold
    assert gate.task(waits=True) is None
    assert not gate.is_watched and not gate.wants_hold


def test_a_thread_that_waits_gets_tasks_in_their_order_and_is_freed_by_the_one_who_leaves() -> None:
    gate = Gate(waits=True)
    edit = EditParameter(parameter="w", index=(0,), value=1.0)
    found: list[object] = []

    def wait() -> None:
        while (task := gate.task(waits=True)) is not None:
            found.append(task)

    thread = Thread(target=wait)
    thread.start()
    gate.attach(LOOK)
    for order in (LOOK, edit, BreakAt(conditions=(HoldCondition(of="loss"),))):
        gate.obey(order)
    while len(found) < 2:
        pass
    assert thread.is_alive() and gate.conditions and gate.look is LOOK
    gate.leave()
    thread.join(60)
    assert found == [LOOK, edit]
    assert not gate.is_attached and gate.conditions == () and gate.look == LookAt()


def test_who_gives_another_order_first_is_told_what_there_is() -> None:
    gate = Gate(waits=True)
    gate.attach(Pause())
    gate.obey(Pause())
    assert gate.task(waits=True) == LookAt()


def test_training_is_no_faster_than_was_asked() -> None:
    gate = Gate(waits=True)
    gate.attach(LOOK)
    gate.obey(Run(updates_per_second=50.0))
    begun = monotonic()
    for _ in range(6):
        gate.pass_through()
    assert monotonic() - begun > 4 / 50
