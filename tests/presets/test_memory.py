"""The memory that input from strangers takes: bounded, whatever it says.

NN_TUI_FUZZ=10000 tries as many random inputs of each kind, which is for a run by hand.
"""

import os
import subprocess
import sys
from ast import literal_eval
from collections.abc import Iterator
from pathlib import Path

import pytest

from nn_tui.core.timeline.dump import dump
from nn_tui.core.timeline.timeline import Timeline
from nn_tui.presets.build import build
from nn_tui.presets.preset_file import parse_preset
from nn_tui.presets.sessions.session import Session, write_session

pytestmark = pytest.mark.posix  # the peak of a process is read in /proc

MOST = 200
"""MiB that a process holds at most."""
LIBRARIES = 10
"""MiB of libraries' files that a process which has been forked does not count before it reads them anew."""
CHECKOUT = Path(__file__).parents[2]
FUZZ = os.environ.get("NN_TUI_FUZZ", "50")
PEAK = "print('peak', open('/proc/self/status').read().split('VmHWM:')[1].split()[0])"
"""Not the ru_maxrss of getrusage, in which that of the process counts that started this one."""
PRESETS = "tests/presets"
SESSIONS = "tests/presets/sessions"
KINDS = {
    "toml": (f"{PRESETS}/test_bad_input.py", "any_text or damaged_preset"),
    "csv": (f"{PRESETS}/test_examples.py", "any_text"),
    "session": (f"{SESSIONS}/test_session.py", "altered_byte or no_bytes or strangers_making"),
    "share_link": (f"{SESSIONS}/test_share_link.py", "no_text or altered or strangers_making"),
}
"""The tests that try random inputs of each kind."""


def peak_of(code: str, *arguments: str) -> float:
    """MiB that a program holds at most."""
    command = [sys.executable, "-c", f"{code}\n{PEAK}", *arguments]
    env = {**os.environ, "NN_TUI_FUZZ": FUZZ}
    done = subprocess.run(command, capture_output=True, text=True, cwd=CHECKOUT, env=env, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return int(done.stdout.split()[-1]) / 1024


TEXTS = """
from hypothesis import given, strategies as st
given(st.text())(lambda text: None)()
"""


@pytest.fixture(scope="module")
def tables_of_characters() -> None:
    """What hypothesis makes of Unicode at its first use, and keeps in a file: that takes more memory than any input."""
    peak_of(TEXTS)


@pytest.mark.usefixtures("tables_of_characters")
@pytest.mark.parametrize("kind", KINDS)
def test_random_input_takes_little_memory(kind: str) -> None:
    file, names = KINDS[kind]

    peak = peak_of("import pytest, sys\nassert pytest.main(sys.argv[1:]) == 0", file, "-k", names, "-n0", "-q")

    print(f"{kind}: {peak:.0f} MiB after {FUZZ} inputs of each test")
    assert peak < MOST


ATTACKED = """
import os, sys, zlib
from pathlib import Path
import msgspec
from base64 import urlsafe_b64encode
from hashlib import sha256
from nn_tui.core.timeline.dump import dump
from nn_tui.core.timeline.timeline import Timeline
from nn_tui.presets.build import build
from nn_tui.presets.catalogue import find
from nn_tui.presets.errors import PresetError
from nn_tui.presets.examples import with_inline_data
from nn_tui.presets.preset_file import parse_preset, read_preset
from nn_tui.presets.reopened import opened
from nn_tui.presets.sessions import session
from nn_tui.tui.command_line import cli

FOLDER = Path(sys.argv[1])
XOR = find("xor")
PRESET = msgspec.msgpack.decode(msgspec.msgpack.encode(XOR))
WHOLE = session.encode_session(session.Session(preset=XOR, timeline=dump(Timeline(build(XOR, FOLDER)))), "xor")
KEPT = msgspec.msgpack.decode(zlib.decompress(WHOLE[session.HEADER.size :]))

def preset(data, layers="[1, 1]"):
    return (f'name = "x"\\n[network]\\nlayers = {layers}\\nactivations = "sigmoid"\\ninit = {{ scheme = "xavier" }}\\n'
        f'[training]\\nloss = "mse"\\noptimizer = "adam"\\nlearning_rate = 0.1\\n[data]\\n{data}')

def trained(text, csv=""):
    (FOLDER / "x.toml").write_text(text)
    (FOLDER / "x.csv").write_text(csv)
    preset = read_preset(FOLDER / "x.toml")
    of = build(preset, FOLDER)
    with_inline_data(preset, FOLDER)
    events = of.trainer.events(of.start)
    [next(events) for _ in range(6)]
    of.trainer.evaluate(of.start, of.trainer.train)

def exported(form, text):
    (FOLDER / "x.toml").write_text(text)
    cli.main(["export", str(FOLDER / "x.toml"), "--format", form, "--output", str(FOLDER / "x")], standalone_mode=False)

def line(step=0, changes=(), **data):
    PRESET["network"] |= {} if data else {"layers": [2, 160_000, 1], "init": {"scheme": "zeros"}}
    PRESET["data"] = {"inputs": [[0, 0]], "targets": [[0]], **data}
    plain = msgspec.msgpack.encode({"preset": PRESET, "step": step, "changes": list(changes)})
    content = zlib.compress(plain)
    opened("nn2:" + urlsafe_b64encode(sha256(content).digest()[:8] + content).decode().rstrip("="))

def kept(**changed):
    content = zlib.compress(msgspec.msgpack.encode(KEPT | changed), 1)
    checksum = session.checksum(session.VERSION, content)
    header = session.HEADER.pack(session.MAGIC, session.VERSION, len(content), checksum)
    (FOLDER / "x").write_bytes(header + content)
    opened(str(FOLDER / "x"))

def segment(n):
    change = {"step": 0, "what": "learning_rate", "value": 0.1}
    return {"parent": n - 1 if n else None, "change": change if n else None, "states": []}

def states(number):
    array = {"dtype": "<f4", "shape": [0], "data": b""}
    state = {"step": 1, "epoch": 0, "position": 0, "parameters": array, "slots": []}
    return [{"parent": None, "change": None, "states": [state] * 10_000}] * number

def curves(branches, points, others):
    points, none = {"steps": bytes(8 * points), "values": bytes(8 * points)}, {"steps": b"", "values": b""}
    seen = {"gradients": [none] * others, "ratios": [none] * others, "train_accuracy": points, "test_accuracy": points}
    return [{"branch": k, "train": points, "test": points, "seen": seen} for k in range(branches)]

ROWS = {"inputs": [[0] * 2_600_000], "targets": [[0]]}

def attack(code):
    try:
        exec(code)
    except PresetError as error:
        print(error)

for code in sys.stdin:
    if not os.fork():
        attack(code)
        # From the fork on: what a process held before counts no more.
        print("peak", open("/proc/self/status").read().split("VmHWM:")[1].split()[0], flush=True)
        os._exit(0)
    status = os.waitstatus_to_exitcode(os.wait()[1])
    print("status", status, flush=True)
"""
"""What reads attacks and makes each in a process of its own, without importing everything for each."""
ATTACKS = {
    "a network of many weights": "trained(preset('dataset = {name = \"moons\", samples = 360}', [2, 700, 700, 1]))",
    "many examples": "trained(preset('dataset = {name = \"moons\", samples = 130_000}', [2, 8, 1]))",
    "keys of many parts": "parse_preset(preset('a.' * 50_000 + 'a = 1'), 'x')",
    "many headers": "parse_preset(preset(''.join(f'[{k}.{k}.{k}.{k}.{k}]\\n' for k in range(9_000))), 'x')",
    "many keys": "parse_preset(preset(''.join(f'{k}.{k}.{k}.{k}.{k} = 1\\n' for k in range(19_000))), 'x')",
    "a row of many numbers": "trained(preset(f'inputs = [[{\"0,\" * 490_000}]]\\ntargets = [[0]]', [490_000, 1]))",
    "many rows": 'trained(preset(f\'inputs = [{"[0]," * 99_000}]\\ntargets = [{"[0]," * 99_000}]\'))',
    "a table of many rows": "trained(preset('file = \"x.csv\"'), '12,34\\n' * 349_000)",
    "a table of many classes": "trained(preset('file = \"x.csv\"'), ''.join(f'1,c{k}\\n' for k in range(340_000)))",
    "a line that unpacks to many rows": "line(inputs=[[]] * 1_000_000)",
    "a line that unpacks to many numbers": "line(inputs=[[0] * 1_000_000])",
    "a line that leads far": "line(step=20)",
    "a line of many changes": "line(changes=[{'step': 0, 'what': f'w1[{k + 1},1]', 'value': 1} for k in range(999)])",
    "a session of many numbers": "kept(preset=KEPT['preset'] | {'data': KEPT['preset']['data'] | ROWS})",
    "a session of many segments": "kept(segments=[segment(k) for k in range(1000)])",
    "a session of many states": "kept(segments=states(16))",
    "a session of long curves": "kept(losses=curves(13, 20_000, 0))",
    **{
        f"the largest network as {form}": f"exported('{form}', preset('dataset = {{name = \"moons\", samples = 30}}', "
        "[2, 700, 700, 1]))"
        for form in ("json", "csv", "toml", "npz", "safetensors")
    },
    "many examples as json": "exported('json', preset('dataset = {name = \"moons\", samples = 130_000}', [2, 8, 1]))",
    "an .npz of many numbers": "import numpy; numpy.savez(FOLDER / 'x.npz', X=numpy.zeros((150_000, 8)), "
    "y=numpy.zeros(150_000)); trained(preset('file = \"x.npz\"', [8, 1]))",
    "a session of many curves": "kept(losses=curves(100, 2_500, 50))",
}


@pytest.fixture(scope="module")
def attacked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[subprocess.Popen[str]]:
    """A process that makes the attacks whose lines it is sent."""
    command, pipe = [sys.executable, "-c", ATTACKED, str(tmp_path_factory.mktemp("attacks"))], subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True) as process:
        yield process


def outcome_of(process: subprocess.Popen[str], code: str) -> tuple[float, str]:
    """MiB that an attack takes at most, and the status that it ends with."""
    assert process.stdin and process.stdout
    print(code, file=process.stdin, flush=True)
    peak = 0.0
    for line in process.stdout:
        match line.split():
            case ["peak", size]:
                peak = int(size) / 1024
            case ["status", status]:
                return peak, status
    raise AssertionError("what makes the attacks has ended")


@pytest.mark.parametrize("attack", ATTACKS)
def test_no_input_of_a_size_that_is_allowed_takes_much_memory(attack: str, attacked: subprocess.Popen[str]) -> None:
    peak, status = outcome_of(attacked, ATTACKS[attack])

    print(f"{attack}: {peak:.0f} MiB")
    assert status == "0" and 20 < peak < MOST - LIBRARIES


WITHIN = """
import os, resource
from nn_tui.tui.command_line import cli
from nn_tui.tui.main import main

cli.main(["train", "digits", "--steps", "1"], standalone_mode=False)  # loads all libraries, and makes their room
pages = int(open("/proc/self/statm").read().split()[0])
most = pages * os.sysconf("SC_PAGE_SIZE") + 16 * 2**20
resource.setrlimit(resource.RLIMIT_AS, (most, most))
main()
"""
LARGE = """
name = "large"
[network]
layers = [2, 650, 650, 1]
activations = ["tanh", "tanh", "sigmoid"]
init = { scheme = "xavier", seed = 1 }
[training]
loss = "bce"
optimizer = "adam"
learning_rate = 0.01
[data]
dataset = { name = "moons", samples = 400 }
"""


def test_a_training_for_which_there_is_no_memory_is_reported_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "large.toml").write_text(LARGE)
    command = [sys.executable, "-c", WITHIN, "train", str(tmp_path / "large.toml"), "--steps", "1"]

    done = subprocess.run(command, capture_output=True, text=True, cwd=CHECKOUT, check=False)

    assert (done.returncode, done.stderr) == (2, "nn-tui: expected a training that fits into memory\n")


SQUEEZED = """
import resource, sys
from nn_tui.presets.errors import SessionError
from nn_tui.presets.reopened import opened

MIB = 2**20
opened(sys.argv[1])  # loads all libraries
pages = int(open("/proc/self/statm").read().split()[0])
refused = []
for more in range(1, 40):
    resource.setrlimit(resource.RLIMIT_AS, (pages * resource.getpagesize() + more * MIB, resource.RLIM_INFINITY))
    try:
        opened(sys.argv[1])
    except SessionError as error:
        refused.append(str(error).removeprefix(f"{sys.argv[1]}: "))
print(sorted(set(refused)))
"""


def test_a_session_for_which_there_is_no_memory_is_refused_by_its_name(tmp_path: Path) -> None:
    preset, file = parse_preset(LARGE, "large"), tmp_path / "x"
    write_session(file, Session(preset=preset, timeline=dump(Timeline(build(preset, tmp_path)))))
    command = [sys.executable, "-c", SQUEEZED, str(file)]

    done = subprocess.run(command, capture_output=True, text=True, cwd=CHECKOUT, check=False)

    assert done.stderr == ""
    assert "expected a training that fits into memory" in literal_eval(done.stdout)
