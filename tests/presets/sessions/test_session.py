"""Sessions: what is saved and opened again goes on to the bits of a training that was never interrupted."""

import re
import zlib
from dataclasses import asdict
from itertools import pairwise
from pathlib import Path
from threading import Event

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import rule

from nn_tui.core.debugger.debugger import Debugger
from nn_tui.core.debugger.stage import WHOLE_BACKWARD, WHOLE_FORWARD
from nn_tui.core.functions.optimizers import OPTIMIZERS
from nn_tui.core.metrics.history import History, Metrics
from nn_tui.core.metrics.series import Series
from nn_tui.core.timeline.dump import TimelineDump, dump, load
from nn_tui.core.timeline.timeline import Position, Timeline
from nn_tui.core.worker.worker import Worker
from nn_tui.presets.build import build
from nn_tui.presets.catalogue import builtin_names, find, folder_of
from nn_tui.presets.errors import SessionError
from nn_tui.presets.examples import with_inline_data
from nn_tui.presets.preset_file import check_preset, preset_of_tables
from nn_tui.presets.reopened import opened
from nn_tui.presets.sessions.session import (
    HEADER,
    MAGIC,
    MOST_BYTES,
    VERSION,
    Session,
    checksum,
    decode_session,
    encode_session,
    read_session,
    session_summary,
    write_session,
)
from nn_tui.presets.sessions.session_tables import MOST_LAYERS, MOST_POINTS

from ...helpers.experiments import tables
from ...helpers.facts import Facts
from ...helpers.fuzz import FUZZ
from ...helpers.plain_line import assert_plain
from ...helpers.quantities import change_of
from ...helpers.sessions import PRESET, forked, go_on, put
from ...helpers.time_travel import OF, SMALL, TimeTravel, bits, replay


def sealed(content: bytes) -> bytes:
    """What a stranger writes who knows the format."""
    return HEADER.pack(MAGIC, VERSION, len(content), checksum(VERSION, content)) + content


class Interrupted(TimeTravel):
    """Time travel that is saved and opened again in between."""

    @rule()
    def save_and_open(self) -> None:
        session = Session(preset=PRESET, timeline=dump(self.debugger.timeline))
        found = decode_session(encode_session(session, "test"), "test")
        self.debugger = Debugger(OF, SMALL, load(OF, found.timeline, SMALL))
        self.debugger.look(WHOLE_BACKWARD)
        self.changed_at = WHOLE_FORWARD

    @rule()
    def every_branch_is_as_it_was(self) -> None:
        timeline = self.debugger.timeline
        for branch, (changes, newest) in zip(timeline.branches, self.branches, strict=True):
            assert branch.newest == newest
            for step in {0, newest // 2, newest}:
                counting = tuple(each for each in changes if each[0] <= step)
                state = branch.segments[branch.segment_at(step)].state_at(step)
                assert bits(state) == bits(replay(counting, step)[1])


Interrupted.TestCase.settings = settings(max_examples=FUZZ // 3, stateful_step_count=20)
TestInterrupted = Interrupted.TestCase


@pytest.mark.parametrize("name", builtin_names())
def test_every_preset_opens_from_a_file_to_the_same_bits(tmp_path: Path, name: str) -> None:
    of = build(find(name), folder_of(name))
    straight, timeline = Timeline(of), Timeline(of)
    go_on(timeline, 5)

    write_session(
        tmp_path / "x.session", Session(preset=with_inline_data(find(name), folder_of(name)), timeline=dump(timeline))
    )
    found = opened(str(tmp_path / "x.session"))

    assert found.timeline.position.step == 5
    assert found.experiment.trainer.train.class_names == of.trainer.train.class_names
    go_on(found.timeline, 9)
    go_on(straight, 9)
    for step in range(10):
        found.timeline.go_to(step)
        straight.go_to(step)
        assert bits(found.timeline.state()) == bits(straight.state())


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_every_optimizers_memory_is_kept(optimizer: str, dtype: str) -> None:
    preset = check_preset(
        preset_of_tables(tables(training__optimizer=optimizer, training__dtype=dtype), "test"), "test"
    )
    of = build(preset, Path())
    straight, timeline = Timeline(of), Timeline(of)
    go_on(timeline, 7)

    found = decode_session(encode_session(Session(preset=preset, timeline=dump(timeline)), "test"), "test")
    resumed = load(of, found.timeline)

    go_on(resumed, 20)
    go_on(straight, 20)
    assert bits(resumed.state()) == bits(straight.state())


def test_a_long_training_opens_and_goes_back_without_being_trained_again(tmp_path: Path) -> None:
    timeline = Timeline(OF)
    go_on(timeline, 20_000)

    write_session(tmp_path / "x", Session(preset=PRESET, timeline=dump(timeline)))
    found = opened(str(tmp_path / "x")).timeline

    (segment,) = found.branch.segments
    held = {step for step in range(20_001) if (state := segment.checkpoints.nearest(step)) and state.step == step}
    assert set(range(19_900, 20_001)) <= held
    assert max(later - earlier for earlier, later in pairwise([0, *sorted(held)])) <= 256


def test_losses_what_was_seen_and_the_view_are_kept() -> None:
    seen = Metrics([Series([(0, 0.5)]), Series()], [Series([(1, 2.0)])], Series([(3, 1.0)]), Series([(4, 0.0)]), [])
    losses = {1: History.of(Series([(0, 0.5), (1, 0.25)]), Series([(2, 1e-300)]), seen)}
    session = Session(preset=PRESET, timeline=dump(Timeline(OF)), histories=losses, view={"theme": "light"})

    found = decode_session(encode_session(session, "test"), "test")

    assert found.histories[1].batch_loss == losses[1].batch_loss and found.histories[1].test_loss == losses[1].test_loss
    assert asdict(found.histories[1].metrics) == asdict(seen)
    assert found.view == {"theme": "light"} and found.preset == PRESET


@pytest.mark.parametrize("branches", [1, 3, 100])
def test_the_fullest_curves_have_room(branches: int) -> None:
    points = Series((2**52 + step, 0.1) for step in range(MOST_POINTS))
    seen = Metrics([points] * (MOST_LAYERS + 1), [points] * (MOST_LAYERS + 1), points, points)
    losses = dict.fromkeys(range(branches), History.of(points, points, seen))

    session = Session(preset=PRESET, timeline=dump(Timeline(OF)), histories=losses)
    found = decode_session(encode_session(session, "test"), "test").histories

    assert found.keys() == losses.keys() and all(len(each.batch_loss) >= 200 for each in found.values())
    assert (len(found[0].metrics.gradients), len(found[0].metrics.batch_accuracy) > 0) == (MOST_LAYERS, branches < 100)


def test_a_summary_shows_where_a_session_is(tmp_path: Path) -> None:
    write_session(tmp_path / "x", Session(preset=PRESET, timeline=dump(forked())))

    found = session_summary(tmp_path / "x")

    assert (found.preset, found.step, found.branch, found.branches) == (PRESET, 7, 2, 2)


def test_a_summary_of_what_is_no_session_is_refused_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(SMALL_SESSION[:-1])

    with pytest.raises(SessionError, match=f"^{re.escape(str(tmp_path / 'x'))}: cut off"):
        session_summary(tmp_path / "x")
    with pytest.raises(SessionError, match=f"^{re.escape(str(tmp_path / 'y'))}: cannot be read"):
        session_summary(tmp_path / "y")


FORKED = encode_session(Session(preset=PRESET, timeline=dump(forked())), "test")
CURVES = encode_session(Session(preset=PRESET, timeline=dump(Timeline(OF)), histories={1: History()}), "test")
SMALL_SESSION = encode_session(Session(preset=PRESET, timeline=dump(Timeline(OF))), "test")


@pytest.mark.parametrize(
    ("data", "line"),
    [
        (b"", "not a session: expected a file that nn-tui has saved"),
        (b"name = 'x'", "not a session: expected a file that nn-tui has saved"),
        (SMALL_SESSION[:30], "cut off: expected at least 60 bytes, got 30"),
        (SMALL_SESSION[:-1], f"cut off: expected {len(SMALL_SESSION):,} bytes, got {len(SMALL_SESSION) - 1:,}"),
        (SMALL_SESSION + b"x", "changed since it was saved: the checksum does not match"),
        (SMALL_SESSION[:16] + b"\x03" + SMALL_SESSION[17:], "saved by a newer nn-tui: expected format 2, got 3"),
        (SMALL_SESSION[:26] + b"\x01" + SMALL_SESSION[27:], "expected at most 16,777,216 bytes, got"),
        (
            SMALL_SESSION[:100] + b"\x00" + SMALL_SESSION[101:],
            "changed since it was saved: the checksum does not match",
        ),
    ],
)
def test_a_file_that_is_no_whole_session_is_reported_in_one_line(tmp_path: Path, data: bytes, line: str) -> None:
    (tmp_path / "x").write_bytes(data)

    with pytest.raises(SessionError) as caught:
        read_session(tmp_path / "x")

    assert str(caught.value).startswith(f"{tmp_path / 'x'}: {line}") and "\n" not in str(caught.value)


@given(place=st.integers(0, len(SMALL_SESSION) - 1), change=st.integers(1, 255))
@settings(max_examples=FUZZ)
def test_every_altered_byte_is_noticed(place: int, change: int) -> None:
    altered = bytearray(SMALL_SESSION)
    altered[place] ^= change

    with pytest.raises(SessionError):
        decode_session(bytes(altered), "test")


@given(data=st.binary(max_size=2000))
@settings(max_examples=FUZZ)
def test_no_bytes_do_harm(data: bytes) -> None:
    for each in (data, MAGIC + data, sealed(data), sealed(zlib.compress(data))):
        with pytest.raises(SessionError) as caught:
            decode_session(each, "test")
        assert_plain(caught.value)


@given(st.data())
@settings(max_examples=FUZZ, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much], deadline=None)
def test_a_session_of_a_strangers_making_opens_or_is_refused_in_one_line(data: st.DataObject) -> None:
    table = msgspec.msgpack.decode(zlib.decompress(data.draw(st.sampled_from([FORKED, CURVES]))[HEADER.size :]))
    for _ in range(data.draw(st.integers(1, 3))):
        put(table, data)

    try:
        found = decode_session(sealed(zlib.compress(msgspec.msgpack.encode(table))), "test")
        timeline = load(build(found.preset, Path()), found.timeline)
    except ValueError as error:
        assert_plain(error)
    else:
        assert Debugger(OF, timeline=timeline).look(WHOLE_BACKWARD)


@pytest.mark.parametrize(
    ("steps", "values", "line"),
    [
        (bytes(8), bytes(16), "a curve: expected as many bytes of steps as of values, a multiple of 8, got 8 and 16"),
        (bytes(7), bytes(7), "a curve: expected as many bytes of steps as of values, a multiple of 8, got 7 and 7"),
        (b"\xff" * 8, bytes(8), "a curve: expected steps from 0 to 9,007,199,254,740,992, got -1 to -1"),
        (bytes(7) + b"\x20", bytes(8), "a curve: expected steps from 0 to 9,007,199,254,740,992, got 2,305,"),
    ],
)
def test_a_curve_that_is_none_is_reported(steps: bytes, values: bytes, line: str) -> None:
    table = msgspec.msgpack.decode(zlib.decompress(CURVES[HEADER.size :]))
    table["losses"][0]["train"] = {"steps": steps, "values": values}

    with pytest.raises(SessionError, match=line):
        decode_session(sealed(zlib.compress(msgspec.msgpack.encode(table))), "test")


def test_what_is_packed_may_not_be_larger_than_a_bound() -> None:
    bomb = zlib.compress(bytes(MOST_BYTES + 1), 9)

    with pytest.raises(SessionError, match="expected at most 16,777,216 bytes of content"):
        decode_session(sealed(bomb), "test")


def test_a_preset_in_a_session_may_not_be_larger_than_a_bound() -> None:
    table = msgspec.msgpack.decode(zlib.decompress(FORKED[HEADER.size :]))
    table["preset"]["data"]["inputs"] = [[0] * (3 * 2**20)]

    with pytest.raises(SessionError, match="preset: expected at most 2,621,440 bytes"):
        decode_session(sealed(zlib.compress(msgspec.msgpack.encode(table), 1)), "test")


def test_as_many_changes_as_can_be_saved_open_again_and_one_more_is_refused() -> None:
    timeline = Timeline(OF)
    for n in range(999):
        timeline.change(change_of("w1[1,1]" if n % 2 else "b1[1]", n / 1000))

    found = decode_session(encode_session(Session(preset=PRESET, timeline=dump(timeline)), "test"), "test")

    assert bits(load(OF, found.timeline).state()) == bits(timeline.state())

    timeline.change(change_of("w1[1,1]", 0.999))
    with pytest.raises(SessionError, match="too many changes to save: expected at most 1,000"):
        encode_session(Session(preset=PRESET, timeline=dump(timeline)), "test")


def test_a_session_names_no_file() -> None:
    named = msgspec.structs.replace(find("3-4-1-marks"))

    with pytest.raises(SessionError, match="expected the examples themselves"):
        decode_session(encode_session(Session(preset=named, timeline=dump(Timeline(OF))), "test"), "test")


def test_a_whole_number_of_many_digits_is_refused() -> None:
    preset = check_preset(preset_of_tables(tables(training__seed=10**30), "test"), "test")

    with pytest.raises(SessionError, match="at most 64 bits"):
        encode_session(Session(preset=preset, timeline=dump(Timeline(OF))), "test")


def test_a_worker_continues_a_timeline_and_leaves_one_to_save() -> None:
    timeline = Timeline(OF)
    go_on(timeline, 12)
    rested = Event()
    worker = Worker(OF, on_pause=rested.set, timeline=timeline)
    try:
        assert rested.wait(60)
        assert Facts(worker.inbox.take()).snapshot.step == 12
        rested.clear()
        worker.save()
        assert rested.wait(60)
        kept = Facts(worker.inbox.take()).last(TimelineDump)
        assert kept and kept.position == Position(0, 12)
    finally:
        worker.close()
