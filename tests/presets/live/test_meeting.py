import os
import socket
import subprocess
import sys
from pathlib import Path
from stat import S_IMODE
from threading import Thread

import pytest

from nn_tui.presets.live import meeting
from nn_tui.presets.live.living import check_process, living, path_of
from nn_tui.presets.live.meeting import HAS_UNIX, Meeting, connect, greet, meeting_folder
from nn_tui.presets.live.messages import Hello, ModelDescription, StepNumbers, TrainingActivity
from nn_tui.presets.live.orders import Leave, LookAt, Run, StepUpdates
from nn_tui.presets.live.wire import WireError, dashboard_end

from ...helpers.live import PlayedTraining


@pytest.mark.posix
def test_only_the_person_can_reach_a_socket(state: Path) -> None:
    place = Meeting(os.getpid())

    assert place.path == state / "live" / f"{os.getpid()}.sock" == path_of(str(os.getpid()))
    assert S_IMODE(place.path.parent.stat().st_mode) == 0o700
    assert S_IMODE(place.path.stat().st_mode) == 0o600
    place.close()
    assert not place.path.exists()


@pytest.mark.posix
@pytest.mark.parametrize(("mode", "fault"), [(0o755, "mode 700, got 755"), (0o770, "mode 700, got 770")])
def test_a_folder_that_others_can_read_is_refused(state: Path, mode: int, fault: str) -> None:
    meeting_folder().chmod(mode)

    with pytest.raises(WireError, match=fault):
        Meeting(1)
    with pytest.raises(WireError, match=fault):
        living()


@pytest.mark.posix
def test_a_folder_that_others_can_replace_is_refused(state: Path) -> None:
    state.chmod(0o777)
    with pytest.raises(WireError, match="another user could replace"):
        Meeting(1)


@pytest.mark.posix
def test_a_link_or_a_file_is_no_folder_of_ones_own(state: Path, tmp_path: Path) -> None:
    (state / "live").symlink_to(tmp_path)
    with pytest.raises(WireError, match="expected a folder of your own"):
        meeting_folder()
    (state / "live").unlink()
    (state / "live").write_text("")
    with pytest.raises(WireError, match="cannot be used"):
        meeting_folder()


@pytest.mark.skipif(not hasattr(os, "getuid") or os.getuid() != 0, reason="needs the rights to become another user")
def test_a_folder_and_a_process_of_another_user_are_refused(state: Path) -> None:
    place = Meeting(1)
    for folder in (place.path, place.path.parent, *place.path.parents[1:3]):
        folder.chmod(0o777)
    stranger = "import os, socket, sys; os.setuid(65534); s = socket.socket(socket.AF_UNIX); s.connect(sys.argv[1]); print(s.recv(1))"
    process = subprocess.Popen([sys.executable, "-c", stranger, str(place.path)], stdout=subprocess.PIPE)
    with pytest.raises(WireError, match="got one of user 65534"):
        place.accept()
    assert process.communicate()[0] == b"b''\n"
    place.close()

    for folder in (place.path.parent, *place.path.parents[1:3]):
        folder.chmod(0o700)
    os.chown(place.path.parent, 65534, 65534)
    with pytest.raises(WireError, match="expected a folder of your own"):
        Meeting(1)


@pytest.mark.posix
def test_the_sockets_of_ended_trainings_are_removed() -> None:
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    left = Meeting(ended.pid)
    left.listener.close()  # as after kill -9
    with pytest.raises(WireError, match="this training has ended"):
        connect(left.path)

    assert living() == []

    assert not left.path.exists()
    with pytest.raises(WireError, match="there is no such training"):
        connect(left.path)


def test_trainings_that_live_are_listed_with_who_they_are() -> None:
    with PlayedTraining() as first, PlayedTraining() as second:
        found = living()

        assert {each.path for each in found} == {first.path, second.path}
        assert {each.hello.script for each in found} == {"played.py"}
        assert first.orders == []


def test_where_there_are_no_unix_sockets_a_port_and_a_token_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(meeting, "HAS_UNIX", False)
    with PlayedTraining() as played:
        assert played.path.suffix == ".port"
        if os.name == "posix":
            assert S_IMODE(played.path.stat().st_mode) == 0o600
        assert [each.path for each in living()] == [played.path]

        port = int(played.path.read_text().split()[0])
        with socket.create_connection(("127.0.0.1", port)) as stranger:
            stranger.sendall(b"0" * 32)
            assert stranger.recv(1) == b""
        assert [each.path for each in living()] == [played.path]

    for text in ("", "port token", "99999 " + "0" * 32, "80 short", "\xff"):
        played.path.write_text(text, encoding="latin-1")
        with pytest.raises(WireError, match="expected a port and a token"):
            connect(played.path)


@pytest.mark.posix
def test_a_path_that_is_too_long_for_a_socket_is_refused(tmp_path: Path) -> None:
    with pytest.raises(WireError, match="at most 103 bytes"):
        connect(tmp_path / ("x" * 100))


def test_a_played_training_does_what_it_is_asked() -> None:
    with PlayedTraining() as played:
        connection = connect(played.path)
        connection.settimeout(30)
        wire = dashboard_end(connection)
        assert isinstance(wire.receive(), Hello)
        wire.send(LookAt(every_number=True))
        described, step_numbers, activity = wire.receive(), wire.receive(), wire.receive()
        assert isinstance(described, ModelDescription) and described.recognized
        assert isinstance(step_numbers, StepNumbers) and step_numbers.step == 0
        assert activity == TrainingActivity(now="paused")

        wire.send(StepUpdates(updates=3))
        while not (isinstance(activity, TrainingActivity) and activity.now == "paused" and activity.step == 3):
            activity = wire.receive()

        wire.send(Run())
        wire.send(Leave())
        while wire.receive() is not None:
            pass
        wire.close()
    assert played.orders == [LookAt(every_number=True), StepUpdates(updates=3), Run()]


def test_what_is_no_training_is_said_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(WireError, match="got a folder; nn-tui attach --list"):
        greet(tmp_path)
    with pytest.raises(WireError, match="expected a socket, got another file"):
        greet(tmp_path / "file")
    with pytest.raises(WireError, match="process 4000000; nn-tui attach --list"):
        check_process("4000000")
    with pytest.raises(WireError, match=f"process {os.getpid()} cannot be attached to: start a script with nn-tui run"):
        check_process(str(os.getpid()))


@pytest.mark.skipif(not HAS_UNIX, reason="the system has no such sockets")
@pytest.mark.parametrize(
    ("said", "fault"), [(b"HTTP/1.1 200 OK", "got another program"), (b"", "got a program that says nothing")]
)
def test_a_program_that_is_no_training_is_said_in_a_sentence(
    said: bytes, fault: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("nn_tui.presets.live.meeting.LONG_PATIENCE", 0.2)
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(tmp_path / "s"))
        listener.listen()
        guests: list[socket.socket] = []

        def answer() -> None:
            guests.append(listener.accept()[0])
            guests[0].sendall(said)

        thread = Thread(target=answer)
        thread.start()
        with pytest.raises(WireError, match=fault):
            greet(tmp_path / "s")
        thread.join()
        guests[0].close()
