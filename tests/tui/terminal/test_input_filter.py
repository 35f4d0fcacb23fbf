"""What bytes of a terminal mean: text, known keys and pastes; nothing else, and never a fault."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual._ansi_sequences import ANSI_SEQUENCES_KEYS
from textual._xterm_parser import XTermParser
from textual.events import Key, MouseDown, Resize

from nn_tui.tui.terminal.input_filter import (
    LATE,
    LATE_REPLY,
    MOST_PASTED,
    PASTE_DELAY,
    STRING_DELAY,
    Pasted,
    TerminalInput,
    Token,
)
from nn_tui.tui.terminal.key_sequences import accepted

LONG = 2 * max(LATE, PASTE_DELAY, STRING_DELAY)
"""Seconds after which nothing waits any more."""


def tokens(*came: bytes | float) -> list[Token]:
    """What bytes mean that come together, or so many seconds apart; a long silence follows."""
    filtered, now, found = TerminalInput(), 0.0, []
    for each in came:
        if isinstance(each, bytes):
            found += filtered.feed(each, now)
        else:
            now += each
            found += filtered.tick(now)
    return found + filtered.tick(now + LONG)


@pytest.mark.parametrize(
    "reply",
    [
        b"\x1b]11;rgb:0000/0000/0000\x1b\\",
        b"\x1b]10;rgb:ffff/ffff/ffff\x07",
        b"\x1bP>|XTerm(377)\x1b\\",
        b"\x1bP1$r0m\x1b\\",
        b"\x1b_Gi=1;OK\x1b\\",
        b"\x1b^private\x1b\\",
        b"\x1bXstring\x1b\\",
        b"\x1b[?62;22c",
        b"\x1b[>41;377;0c",
        b"\x1b[12;40R",
        b"\x1b[1;2R",
        b"\x1b[8;36;120t",
        b"\x1b[?1;2u",
        b"\x1b[115;1:3u",
        b"\x1b[1114112u",
        b"\x1b[55296u",
        b"\x1b[115;999u",
        b"\x1b[97;;1114112u",
        b"\x1b[97;;27u",
        b"\x1b[99~",
        b"\x1b[48;0;0;0;0t",
        b"\x1b[" + b"1" * 10_000 + b"m",
        b"\x1b[M\xff\x21s",
        b"\x1b\\",
    ],
)
def test_a_reply_of_the_terminal_is_no_key_however_it_is_cut(reply: bytes) -> None:
    assert tokens(reply) == []
    assert tokens(reply + reply + b"s") == ["s"]
    for at in range(1, min(len(reply), 40)):
        assert tokens(reply[:at], reply[at:] + b"s") == ["s"], at
        assert tokens(reply[:at], 0.05, reply[at:] + b"s") == ["s"], at


@pytest.mark.parametrize(
    ("torn", "late"),
    [
        (b"\x1b[?62;", b"22;1c"),
        (b"\x1b[?6", b"2;22c"),
        (b"\x1b]11;rgb:00", b"00/0000/0000\x1b\\"),
        (b"\x1bP>|X", b"Term\x1b\\"),
    ],
)
def test_the_late_end_of_a_torn_reply_is_no_key(torn: bytes, late: bytes) -> None:
    assert tokens(torn, 1.5, late, 0.1, b"s") == ["s"]


@pytest.mark.parametrize("key", "]PX^_")
@pytest.mark.parametrize("arrow", ["\x1b[A", "\x1b[6~", "\x1bOP"])
def test_escape_a_key_and_an_arrow_in_quick_succession_are_all_keys(key: str, arrow: str) -> None:
    assert tokens(b"\x1b", 0.02, key.encode(), 0.03, arrow.encode(), 0.02, b"s") == ["\x1b", key, arrow, "s"]


def test_a_control_string_that_came_byte_by_byte_still_ends_with_its_end() -> None:
    assert tokens(b"\x1b", 0.01, b"P", 0.01, b"1", 0.01, b"\x1b\\", 0.01, b"s") == ["s"]


@pytest.mark.parametrize("pause", [0.15, 0.3])
@pytest.mark.parametrize(
    ("known", "end"),
    [
        (b"]11;", b"rgb:0000/0000/0000\x07"),
        (b"]10;", b"rgb:ffff/ffff/ffff\x1b\\"),
        (b"]4;", b"1;rgb:ffff/0000/0000\x07"),
        (b"]lxterm\x1b\\", b""),
        (b"P>|", b"XTerm(377)\x1b\\"),
        (b"P1+r", b"544e=787465726d\x1b\\"),
        (b"P0+r", b"\x1b\\"),
        (b"P1$r", b"0m\x1b\\"),
        (b"P0$r", b"\x1b\\"),
        (b"P!|", b"00000000\x1b\\"),
        (b"_G", b"i=1;OK\x1b\\"),
        (b"^private\x1b\\", b""),
        (b"Xstring\x07", b""),
        (b"[?6", b"2;22c"),
        (b"[?2", b"u"),
        (b"[>4", b"1;377;0c"),
        (b"[12;4", b"0R"),
        (b"[8;3", b"6;120t"),
        (b"[0n", b""),
    ],
)
def test_a_reply_that_is_torn_behind_its_escape_is_no_key_but_that_escape(
    pause: float, known: bytes, end: bytes
) -> None:
    assert tokens(b"\x1b", pause, known + end + b"s") == ["\x1b", "s"]
    assert tokens(b"s\x1b", pause, known + end, b"]") == ["s", "\x1b", "]"]
    for at in range(len(end)):
        assert tokens(b"\x1b", pause, known + end[:at], 0.05, end[at:] + b"s") == ["\x1b", "s"], at


@pytest.mark.parametrize(
    ("known", "end"),
    [(b"]11;rgb:00", b"00/0000/0000\x07"), (b"P>|X", b"Term\x1b\\"), (b"[?6", b"2;22c"), (b"[12;4", b"0R")],
)
def test_a_reply_that_is_torn_behind_its_escape_may_end_late(known: bytes, end: bytes) -> None:
    assert tokens(b"\x1b", 0.3, known, 1.5, end, 0.1, b"s") == ["\x1b", "s"]


@pytest.mark.parametrize(
    ("rest", "meant"),
    [
        (b"[<0;3;4M", "\x1b[<0;3;4M"),
        (b"[?2026;2$y", "\x1b[?2026;2$y"),
        (b"[48;24;80;480;640t", "\x1b[48;24;80;480;640t"),
        (b"[I", "\x1b[I"),
        (b"[1;5C", "\x1b[1;5C"),
        (b"[15~", "\x1b[15~"),
        (b"[97;5u", "\x1b[97;5u"),
        (b"[57376u", "\x1b[57376u"),
        (b"[200~sss\x1b[201~", Pasted("sss")),
    ],
)
def test_what_is_no_reply_but_torn_like_one_keeps_its_meaning(rest: bytes, meant: Token) -> None:
    assert tokens(b"\x1b", 0.3, rest, b"s") == ["\x1b", meant, "s"]


@pytest.mark.parametrize("pause", [0.15, 0.3])
@pytest.mark.parametrize(
    "typed",
    [
        *([b"]"], [b"]1"], [b"]", b"1"], [b"]", b"1", b"1", b";"], [b"]", b"11;"], [b"s", b"]11;"], [b"[1"], [b"[["]),
        *([b"[", b"?", b"6"], [b"s", b"[O"], [b"[n"], [b"[3n"], [b"P"], [b"_"], [b"g200\r"], [b"]\x07"]),
    ],
)
def test_what_a_person_types_after_escape_is_typed(pause: float, typed: list[bytes]) -> None:
    came = [part for each in typed for part in (each, 0.05)]

    assert tokens(b"\x1b", pause, *came) == ["\x1b", *(each.decode() for each in typed)]


@pytest.mark.parametrize("key", [b"P", b"]", b"X", b"^", b"_"])
@pytest.mark.parametrize("pause", [0.005, 0.02, 0.09])
def test_escape_and_a_key_that_are_typed_fast_are_two_keys(key: bytes, pause: float) -> None:
    assert tokens(b"\x1b", pause, key) == ["\x1b", key.decode()]
    assert "".join(map(str, tokens(b"\x1b", pause, key, pause, b"s"))) == f"\x1b{key.decode()}s"


@pytest.mark.parametrize("pause", [0.005, 0.02, 0.09])
def test_a_reply_that_comes_byte_by_byte_is_no_key(pause: float) -> None:
    reply = (pause if n % 2 else bytes([byte]) for byte in b"\x1bP>|term\x1b\\" for n in range(2))

    assert tokens(*reply) == []


def test_only_for_a_while_an_escape_may_have_begun_a_reply() -> None:
    assert tokens(b"\x1b", 0.15, LATE_REPLY - 0.01, b"]11;s\x07") == ["\x1b"]
    assert tokens(b"\x1b", 0.15, LATE_REPLY, b"]11;s\x07") == ["\x1b", "]11;s\x07"]


@pytest.mark.parametrize(
    "torn", [b"\x1b[", b"\x1b[1;", b"\x1b[M!", b"\x1b[?20", b"\x1bP", b"\x1b]11;rgb", b"\x1b]11;rgb\x1b"]
)
def test_a_sequence_that_never_ends_is_given_up_and_keys_work_again(torn: bytes) -> None:
    assert tokens(torn, STRING_DELAY + 0.1, b"s") == ["s"]
    assert tokens(torn, STRING_DELAY + 0.1, b"2", 0.1, b"a") == ["2", "a"]


@pytest.mark.parametrize(
    ("came", "meant"),
    [
        ((b"\x1b",), ["\x1b"]),
        ((b"\x1b", 0.2, b"s"), ["\x1b", "s"]),
        ((b"\x1bs",), ["\x1b", "s"]),
        ((b"\x1b", b"s"), ["\x1b", "s"]),
        ((b"\x1bO",), ["\x1b", "O"]),
        ((b"\x1bOs",), ["\x1b", "Os"]),
        ((b"\x1b\r",), ["\x1b", "\r"]),
        ((b"\x1b\x1b",), ["\x1b", "\x1b"]),
        ((b"\x1b\x1b[A",), ["\x1b", "\x1b[A"]),
        ((b"\x1b[\r",), ["\r"]),
        ((b"\x1b[1;\x1b[A",), ["\x1b[A"]),
        ((b"\x1b]11;\x03",), ["\x03"]),
        ((b"g200\r",), ["g200\r"]),
    ],
)
def test_escape_is_a_key_alone_and_before_another_one(came: tuple[bytes | float, ...], meant: list[Token]) -> None:
    assert tokens(*came) == meant


@pytest.mark.parametrize(
    ("came", "meant"),
    [
        ((b"\xf6s",), ["�s"]),
        ((b"\xc3", b"\xb6s"), ["ö", "s"]),
        ((b"\xc3", 0.2, b"s"), ["�", "s"]),
        ((b"\xc3\x1b[A",), ["�", "\x1b[A"]),
        ((b"\xc2\x9b",), []),
    ],
)
def test_a_character_that_cannot_be_decoded_is_replaced(came: tuple[bytes | float, ...], meant: list[Token]) -> None:
    assert "".join(map(str, tokens(*came))) == "".join(map(str, meant))


@pytest.mark.parametrize(
    ("came", "meant"),
    [
        ((b"\x1b[200~0.5\x1b[201~s",), [Pasted("0.5"), "s"]),
        ((b"\x1b[200~0.", 0.2, b"5\x1b[2", 0.2, b"01~s"), [Pasted("0.5"), "s"]),
        ((b"\x1b[200~abc", 1.1, b"s"), [Pasted("abc"), "s"]),
        ((b"\x1b[200~abc", 0.6, b"s", 0.6, b"s"), [Pasted("abcs"), "s"]),
        ((b"\x1b[200~" + b"a" * 20, 0.9, b"b" * 20, 0.9, b"c\x1b[201~"), [Pasted("a" * 20 + "b" * 20 + "c")]),
        ((b"\x1b[200~\x1b[31m\xe2\x80\xaea\xff\x1b[201~",), [Pasted("[31ma�")]),
        ((b"\x1b[201~s",), ["s"]),
    ],
)
def test_a_paste_is_one_text_and_given_up_where_it_does_not_end(
    came: tuple[bytes | float, ...], meant: list[Token]
) -> None:
    assert tokens(*came) == meant


def test_of_a_paste_only_so_much_is_kept() -> None:
    (pasted,) = tokens(b"\x1b[200~", *[b"x" * 9000] * 100, b"\x1b[201~")

    assert pasted == Pasted("x" * MOST_PASTED)


KEYS = [
    *(
        "\x1b[A",
        "\x1b[1;5C",
        "\x1bOP",
        "\x1bOA",
        "\x1b[15~",
        "\x1b[5~",
        "\x1b[3~",
        "\x1b[Z",
        "\x1b[[A",
        "\x1b[7$",
        "\x1b[a",
    ),
    *("\x1b[27u", "\x1b[97;5u", "\x1b[13;2u", "\x1b[57376u", "\x1b[1;2H", "\x1b[115;;115u"),
]


@pytest.mark.parametrize("key", KEYS)
def test_a_key_that_textual_knows_is_read_by_it_as_one(key: str) -> None:
    (token,) = tokens(key.encode())
    assert isinstance(token, str)

    (event, after) = XTermParser().feed(f"{token}j")

    assert isinstance(event, Key) and event.key == (name_of(key) or event.key)
    assert isinstance(after, Key) and after.key == "j"


def name_of(sequence: str) -> str:
    keys = ANSI_SEQUENCES_KEYS.get(sequence)
    return keys[0].value if isinstance(keys, tuple) else ""


def test_mouse_focus_and_reports_that_textual_asks_for_arrive() -> None:
    for sequence in ("\x1b[<0;3;4M", "\x1b[<64;3;4M", "\x1b[I", "\x1b[O", "\x1b[?2026;2$y", "\x1b[?2048;1$y"):
        assert tokens(sequence.encode()) == [sequence]
    assert accepted("\x1b[48;24;80;480;640t") == "\x1b[48;24;80;480;640t"


def test_a_size_without_pixels_leaves_the_mouse_in_cells() -> None:
    parser = XTermParser()
    (size,) = parser.feed(accepted("\x1b[48;24;80;0;0t"))
    (press,) = parser.feed("\x1b[<0;3;4M")

    assert isinstance(size, Resize) and size.size == (80, 24)
    assert isinstance(press, MouseDown) and (press.x, press.y) == (2, 3)


PIECES = st.sampled_from(
    [
        b"\x1b",
        b"[",
        b"]",
        b"P",
        b"O",
        b"M",
        b"\\",
        b"\x07",
        b"200~",
        b"201~",
        b"1;",
        b":3",
        b"u",
        b"s",
        b"\r",
        b"\xc3",
        b"\xb6",
        b"<0;1;1M",
    ]
)
BYTES = st.lists(PIECES | st.binary(max_size=4)).map(b"".join)


@given(st.lists(BYTES, max_size=6), st.lists(st.sampled_from([0.0, 0.05, 0.2, 1.5, 3.0]), min_size=6, max_size=6))
def test_whatever_comes_textual_can_read_it_and_keys_work_after_a_silence(came: list[bytes], gaps: list[float]) -> None:
    filtered, parser, now = TerminalInput(), XTermParser(), 0.0
    for data, gap in zip(came, gaps, strict=False):
        now += gap
        for token in filtered.feed(data, now):
            if isinstance(token, str) and token != "\x1b":
                list(parser.feed(token))
    filtered.tick(now + LONG)

    assert filtered.feed(b"j", now + 2 * LONG) == ["j"]
    assert [event.key for event in parser.feed("j") if isinstance(event, Key)] == ["j"]


REPLIES = st.one_of(
    st.from_regex(rb"\][0-9]{1,4};[!-~]{0,40}(?:\x07|\x1b\\)", fullmatch=True),
    st.from_regex(rb"(?:P(?:>\||[01][+$]r|!\|)|_G)[!-~]{0,40}\x1b\\", fullmatch=True),
    st.from_regex(rb"\[(?:[?>][0-9]{1,3}(?:;[0-9]{1,3}){0,4}c|[0-9]{1,3};[0-9]{1,3}R)", fullmatch=True),
)


@given(REPLIES, st.sampled_from([0.15, 0.3, 0.9]), st.lists(st.sampled_from([b"s", b"]", b"1", b"r"]), max_size=4))
def test_no_reply_behind_an_escape_is_ever_a_key(rest: bytes, pause: float, keys: list[bytes]) -> None:
    assert tokens(b"\x1b", pause, rest, *keys) == ["\x1b", *(each.decode() for each in keys)]


@given(BYTES, st.data())
def test_it_does_not_matter_how_bytes_are_cut_that_come_together(came: bytes, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(came)))

    assert merged(tokens(came[:at], came[at:])) == merged(tokens(came))


def merged(found: list[Token]) -> list[Token]:
    """Texts that follow each other as one."""
    joined: list[Token] = []
    for each in found:
        if (
            joined
            and isinstance(each, str)
            and isinstance(joined[-1], str)
            and not joined[-1].startswith("\x1b")
            and not each.startswith("\x1b")
        ):
            joined[-1] += each
        else:
            joined.append(each)
    return joined


def test_an_enter_that_the_terminal_has_changed_is_still_enter() -> None:
    keys = [each for token in tokens(b"xor\n") for each in XTermParser().feed(str(token)) if isinstance(each, Key)]

    assert [each.key for each in keys] == ["x", "o", "r", "enter"]
    assert tokens(b"\x1b[200~a\nb\x1b[201~") == [Pasted("a\nb")]
