"""Shared lines: they open to the same bits, and no text does harm."""

import zlib
from base64 import urlsafe_b64decode, urlsafe_b64encode
from hashlib import sha256
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from nn_tui.core.timeline.dump import dump
from nn_tui.core.timeline.replay import replay
from nn_tui.core.timeline.timeline import Timeline, size_of
from nn_tui.core.training.changes import Change, apply
from nn_tui.core.training.training import Training
from nn_tui.presets.build import build
from nn_tui.presets.catalogue import builtin_names, find, folder_of
from nn_tui.presets.errors import PresetError, SessionError
from nn_tui.presets.reopened import opened
from nn_tui.presets.sessions.session import Session, write_session
from nn_tui.presets.sessions.share_link import (
    CHECKSUM,
    MOST_BYTES,
    PREFIX,
    read_share_link,
    share_link,
    short_share_link,
)
from nn_tui.presets.sessions.short_link import ShortTable, preset_checksum

from ...helpers.fuzz import FUZZ
from ...helpers.plain_line import assert_plain
from ...helpers.quantities import change_of
from ...helpers.sessions import PRESET, forked, go_on, put
from ...helpers.time_travel import OF, bits

CHANGES = ((3, change_of("w1[1,1]", 0.25)), (3, Change("optimizer", "momentum")), (5, Change("optimizer", "adam")))
LINE = share_link(PRESET, Path(), CHANGES, 9)
TOO_LARGE = ["digits"]


def sealed(plain: bytes) -> str:
    """What a stranger writes who knows the format."""
    content = zlib.compress(plain)
    data = sha256(content).digest()[:CHECKSUM] + content
    return PREFIX + urlsafe_b64encode(data).decode().rstrip("=")


def plain_of(line: str) -> bytes:
    code = line.removeprefix(PREFIX)
    return zlib.decompress(urlsafe_b64decode(code + "=" * (-len(code) % 4))[CHECKSUM:])


@pytest.mark.parametrize("name", [name for name in builtin_names() if name not in TOO_LARGE])
def test_every_preset_opens_from_a_line_to_the_same_bits(name: str) -> None:
    of = build(find(name), folder_of(name))
    straight = Timeline(of)
    go_on(straight, 5)

    found = opened(share_link(find(name), folder_of(name), (), 5))

    assert found.preset.data.file is None
    assert bits(found.timeline.state()) == bits(straight.state())


def test_what_is_opened_stays_within_a_budget_as_it_goes_on(tmp_path: Path) -> None:
    budget, timeline = 20_000, Timeline(OF)
    go_on(timeline, 100)
    write_session(tmp_path / "x", Session(preset=PRESET, timeline=dump(timeline)))

    for source in (str(tmp_path / "x"), share_link(PRESET, Path(), (), 100)):
        found = opened(source, budget).timeline
        go_on(found, 1000)
        (segment,) = found.branch.segments
        assert 1 < len(segment.checkpoints) * size_of(segment.start) <= budget


def test_changes_count_at_their_steps_and_are_not_taken_for_corrections() -> None:
    training = Training(OF.trainer, OF.start)
    for step in range(9):
        for change in (change for at, change in CHANGES if at == step):
            training = apply(change, training).training
        training = training.updated()

    found = opened(LINE).timeline

    assert found.changes == CHANGES and found.position.step == 9
    assert bits(found.state()) == bits(training.state)


@pytest.mark.parametrize("step", [3, 4, 5])
@pytest.mark.parametrize("switches", [0, 1])
def test_the_changes_that_count_at_a_place_lead_there(switches: int, step: int) -> None:
    timeline = forked()
    for _ in range(switches):
        timeline.switch()
    timeline.go_to(step)

    again = replay(OF, dump(timeline).changes, step)

    assert bits(again.state()) == bits(timeline.state())
    assert again.trainer.optimizer == timeline.trainer.optimizer


def test_a_line_goes_back_and_on() -> None:
    timeline = opened(LINE).timeline

    steps = [timeline.state().step]
    while timeline.go_back():
        steps.append(timeline.state().step)

    assert steps == [9, 8, 7, 6, 5, 5, 4, 3, 3, 3, 2, 1, 0]


def test_what_is_too_large_for_a_line_is_reported() -> None:
    with pytest.raises(PresetError, match=r"^digits: too large for a line: expected at most 65,536 characters"):
        share_link(find("digits"), folder_of("digits"), (), 0)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("nn2:", "cut off or changed: expected letters"),
        ("nn2:ä", "cut off or changed: expected letters"),
        ("nn2:A", "cut off or changed: expected letters"),
        ("nn2:AAAA", "cut off or changed: the checksum does not match"),
        ("nn4:AAAA", "shared by another nn-tui: expected nn2:…, got nn4:…"),
        ("nn2:" + "A" * 70_000, "expected at most 65,536 characters, got 70,004"),
        (LINE[: len(LINE) // 4 * 4 - 8], "cut off or changed: the checksum does not match"),
        (sealed(b""), "not written by nn-tui, or changed since"),
        (sealed(bytes(MOST_BYTES + 1)), "expected at most 1,048,576 bytes of content"),
        (sealed(b"\xdd\xff\xff\xff\xff"), "not written by nn-tui, or changed since"),
    ],
)
def test_a_text_that_is_no_whole_line_is_reported_in_one_line(text: str, line: str) -> None:
    with pytest.raises(SessionError) as caught:
        opened(text)

    assert str(caught.value).startswith(f"the shared line: {line}") and "\n" not in str(caught.value)


def test_a_line_names_no_file() -> None:
    table = msgspec.msgpack.decode(plain_of(LINE))
    table["preset"]["data"] = {"file": "/etc/passwd"}

    with pytest.raises(SessionError, match=r"data\.file: expected the examples themselves"):
        opened(sealed(msgspec.msgpack.encode(table)))


@pytest.mark.parametrize(
    ("changes", "step", "line"),
    [
        (
            ((5, change_of("b1[1]", 1.0)), (3, change_of("b1[1]", 1.0))),
            9,
            "expected changes in the order of their steps",
        ),
        (((5, change_of("b1[1]", 1.0)),), 3, "expected changes in the order of their steps"),
        (((5, change_of("b7[1]", 1.0)),), 9, "expected a layer from 1 to 2"),
        (((5, Change("batch_size", 99)),), 9, "expected at most 4, as there are 4 examples"),
    ],
)
def test_a_replay_that_cannot_be_made_is_reported(changes: Any, step: int, line: str) -> None:
    with pytest.raises(SessionError) as caught:
        opened(share_link(PRESET, Path(), changes, step))

    assert line in str(caught.value) and "\n" not in str(caught.value)


def test_a_step_that_takes_too_long_to_reach_is_refused_by_who_shares_and_by_who_opens() -> None:
    table = msgspec.msgpack.decode(plain_of(LINE))
    table["step"] = 10_000_001

    with pytest.raises(SessionError, match="^the shared line: expected a step up to 10,000,000, .* got 10,000,001$"):
        opened(sealed(msgspec.msgpack.encode(table)))
    with pytest.raises(SessionError, match="expected a step up to 10,000,000"):
        share_link(PRESET, Path(), (), 10_000_001)


def test_a_training_that_breaks_off_on_the_way_is_reported() -> None:
    preset = find("1-1-1-1")
    broken = replace(preset, training=replace(preset.training, learning_rate=1000.0))

    with pytest.raises(SessionError, match="^the shared line: step .* layer"):
        opened(share_link(broken, Path(), (), 50))


@given(text=st.text(max_size=300))
@settings(max_examples=FUZZ)
def test_no_text_does_harm(text: str) -> None:
    for each in (text, PREFIX + text):
        with pytest.raises(SessionError) as caught:
            read_share_link(each)
        assert_plain(caught.value)


@given(place=st.integers(0, len(LINE) - 1), other=st.characters())
@settings(max_examples=FUZZ)
def test_every_altered_character_is_noticed(place: int, other: str) -> None:
    altered = LINE[:place] + other + LINE[place + 1 :]
    try:
        found = read_share_link(altered)
    except SessionError as error:
        assert_plain(error)
    else:
        # The last character of the code may hold bits that say nothing; white space around it does not count.
        assert found.preset == PRESET and found.changes == CHANGES and found.step == 9


@given(st.data())
@settings(max_examples=FUZZ, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much], deadline=None)
def test_a_line_of_a_strangers_making_opens_or_is_refused_in_one_line(data: st.DataObject) -> None:
    table = msgspec.msgpack.decode(plain_of(LINE))
    for _ in range(data.draw(st.integers(1, 3))):
        put(table, data)
    if table["step"] == 2**53:
        table["step"] = 12

    try:
        assert opened(sealed(msgspec.msgpack.encode(table))).timeline.state()
    except SessionError as error:
        assert_plain(error)


@pytest.mark.parametrize("name", ["3-4-1", "moons", "digits"])
def test_a_short_line_names_a_preset_and_opens_to_the_same_bits(name: str) -> None:
    straight = Timeline(build(find(name), folder_of(name)))
    go_on(straight, 3)

    line = short_share_link(find(name), folder_of(name), (), 3)
    found = opened(line)

    assert line.startswith("nn3:") and len(line) < 100
    assert bits(found.timeline.state()) == bits(straight.state())


def test_a_short_line_keeps_what_was_edited() -> None:
    changes = ((1, change_of("w1[1,1]", 0.25)), (2, Change("learning_rate", 0.1)))

    said = read_share_link(short_share_link(find("xor"), folder_of("xor"), changes, 5))

    assert said.changes == changes and said.step == 5 and said.preset.name == "xor"


def test_a_short_line_is_refused_for_other_presets_and_where_the_preset_is_another() -> None:
    xor = find("xor")
    other = replace(xor, training=replace(xor.training, seed=7))
    with pytest.raises(SessionError, match="expected a preset that comes with nn-tui, with its own settings"):
        short_share_link(other, folder_of("xor"), (), 0)
    table = ShortTable(name="xor", checksum=preset_checksum(other), changes=[], step=0, arithmetic="ordered-1")
    for written, words in ((table, "another xor"), (msgspec.structs.replace(table, name="../x"), "comes with nn-tui")):
        content = msgspec.msgpack.encode(written)
        data = sha256(content).digest()[:CHECKSUM] + content
        with pytest.raises(SessionError, match=words):
            read_share_link("nn3:" + urlsafe_b64encode(data).decode().rstrip("="))


def test_the_words_of_a_preset_are_not_of_its_checksum() -> None:
    xor = find("xor")

    assert preset_checksum(replace(xor, title="another")) == preset_checksum(xor)
    assert preset_checksum(replace(xor, training=replace(xor.training, seed=7))) != preset_checksum(xor)
