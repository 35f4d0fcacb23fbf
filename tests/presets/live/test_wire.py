import random
import socket

import msgspec
import numpy as np
import pytest

from nn_tui.presets.live.messages import PROTOCOL, Block, Hello, Report
from nn_tui.presets.live.orders import BreakAt, EditParameter, HoldCondition, LookAt, Order, Run, StepUpdates
from nn_tui.presets.live.wire import (
    MOST_OF_ORDER,
    Frames,
    WireError,
    check_hello,
    dashboard_end,
    frame,
    order_frames,
    training_end,
)

from ...helpers.fuzz import FUZZ
from ...helpers.live import PlayedTraining

HELLO = Hello(protocol=PROTOCOL, pid=1, script="train.py", torch="2.9")


def read(data: bytes, kind: object = Report) -> list[Report]:
    return list(Frames[Report](kind, 2**20).feed(data))


def test_messages_in_pieces_of_any_length_are_the_same_messages() -> None:
    sent = [HELLO, HELLO]
    data = b"".join(map(frame, sent))
    for length in (1, 3, 7, len(data)):
        frames: Frames[Report] = Frames(Report, 2**20)
        pieces = [data[start : start + length] for start in range(0, len(data), length)]
        assert [message for piece in pieces for message in frames.feed(piece)] == sent


def test_both_ends_of_a_connection_understand_each_other() -> None:
    ours, theirs = socket.socketpair()
    training, dashboard = training_end(ours), dashboard_end(theirs)
    order = BreakAt(conditions=(HoldCondition(of="loss", bound=float("inf")),))

    training.send(HELLO)
    dashboard.send(order)

    assert dashboard.receive() == HELLO
    assert training.receive() == order
    dashboard.close()
    assert training.receive() is None
    training.close()
    with pytest.raises(WireError, match="the other side is gone"):
        training.send(HELLO)


@pytest.mark.parametrize("dtype", ["float64", "float32", "int64"])
@pytest.mark.parametrize("shape", [(), (0,), (3,), (2, 3)])
def test_an_array_arrives_with_its_bits(dtype: str, shape: tuple[int, ...]) -> None:
    array = np.random.default_rng(1).normal(size=shape).astype(dtype).T

    there = Block.of(array).array()

    assert there.dtype == dtype and there.shape == array.shape and there.tobytes() == array.tobytes()
    assert not there.flags.writeable


def test_an_array_whose_bytes_are_not_as_many_as_its_shape_needs_is_refused() -> None:
    wrong = msgspec.msgpack.encode({"type": "StepNumbers", "X": ["float64", [2, 3], b"12345678"]})

    with pytest.raises(WireError, match=r"expected 6 numbers of 8 bytes, got 8 bytes"):
        read(len(wrong).to_bytes(4, "big") + wrong)


def test_a_frame_that_is_too_long_is_refused_before_it_is_read() -> None:
    with pytest.raises(WireError, match=f"at most {MOST_OF_ORDER} bytes, got one of {2**32 - 1}"):
        list(order_frames().feed(b"\xff\xff\xff\xff"))
    with pytest.raises(WireError, match="at most 10 bytes"):
        frame(HELLO, 10)


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        ({"type": "Execute", "code": "1"}, "Invalid value 'Execute'"),
        ({"type": "StepUpdates", "updates": 0}, "`int` >= 1"),
        ({"type": "StepUpdates", "code": "1"}, "unknown field `code`"),
        ({"type": "Run", "updates_per_second": float("nan")}, "expected"),
        ({"type": "LookAt", "windows": [{"tensor": "w" * 501}]}, "length <= 500"),
        ({"type": "Hello", "protocol": 1}, "Invalid value 'Hello'"),
        ([1, 2], "got `array`"),
        ({"type": "LookAt", "window\x1b[31m": 1}, "u001b|x1b"),
    ],
)
def test_what_is_no_order_is_refused_with_its_reason(body: object, fault: str) -> None:
    data = msgspec.msgpack.encode(body)

    with pytest.raises(WireError, match=fault) as caught:
        list(order_frames().feed(len(data).to_bytes(4, "big") + data))

    assert str(caught.value).isprintable()


def test_random_frames_end_in_a_sentence() -> None:
    rng = random.Random(1)
    with PlayedTraining() as played:
        good = [frame(each) for each in (HELLO, played.step_numbers(), StepUpdates(), LookAt(every_number=True), EditParameter(parameter="w", index=(1,), value=2.0))]  # fmt: skip
    seen = {"messages": 0, "sentences": 0}
    for _ in range(FUZZ):
        data = bytearray(rng.choice(good))
        for _ in range(rng.randrange(1, 5)):
            data[rng.randrange(4 if rng.random() < 0.9 else 0, len(data))] = rng.randrange(256)
        if rng.random() < 0.3:
            data = bytearray(rng.randbytes(rng.randrange(1, 200)))
            data[:4] = (len(data) - 4).to_bytes(4, "big") if len(data) > 4 else data[:4]
        for frames in (Frames[Report](Report, 2**20), order_frames()):
            try:
                seen["messages"] += len(list(frames.feed(bytes(data))))
            except WireError as error:
                assert str(error).isprintable() and str(error).startswith("expected")
                seen["sentences"] += 1
    assert min(seen.values()) > FUZZ / 20


def test_frames_within_each_other_without_end_are_no_message() -> None:
    deep = b"\x81\xa1x" * 100_000
    for kind in (Report, Order):
        with pytest.raises(WireError):
            read(len(deep).to_bytes(4, "big") + deep, kind)


def test_the_first_report_says_the_version() -> None:
    assert check_hello(HELLO) is HELLO
    with pytest.raises(WireError, match="protocol 99 .* install the same version"):
        check_hello(msgspec.structs.replace(HELLO, protocol=99))
    with pytest.raises(WireError, match="another program"):
        check_hello(None)


def test_numbers_of_orders_are_within_bounds() -> None:
    for order in (Run(updates_per_second=-1.0), StepUpdates(updates=10**7)):
        with pytest.raises(WireError):
            list(order_frames().feed(frame(order)))
