"""How the tests run: a machine that is busy is no error, and a person's own files count for nothing."""

import atexit
import gc
import os
import shutil
import signal
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from .helpers.files import full_disk as full_disk
from .helpers.fuzz import FUZZ
from .helpers.style_sheets import share_parsed_rules

# Where a change is judged, the same tests run twice are the same tests; at a desk, each run looks elsewhere.
settings.register_profile(
    "nn-tui",
    deadline=None,
    max_examples=FUZZ // 4,
    derandomize="CI" in os.environ,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("nn-tui")

# Thousands of tests are a large heap, and each app that ends is a large change of it: searched through as often as is
# usual, it takes a fifth of the time.
gc.set_threshold(10_000, 20, 10)

if sys.dont_write_bytecode and "PYTHONPYCACHEPREFIX" not in os.environ:
    # Else each of some hundred processes compiles the program again, and each worker all tests; where they are, nothing is
    # written.
    sys.pycache_prefix = str(Path(__file__).parents[1] / ".pytest_cache" / "bytecode")
    sys.dont_write_bytecode = False
    os.environ["PYTHONPYCACHEPREFIX"] = sys.pycache_prefix
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

# What runs in the background of a shell begins with these ignored, and so would each program that a test starts.
for name in ("SIGINT", "SIGQUIT", "SIGHUP"):
    if hasattr(signal, name) and signal.getsignal(number := getattr(signal, name)) is signal.SIG_IGN:
        signal.signal(number, signal.default_int_handler if name == "SIGINT" else signal.SIG_DFL)

NOWHERE = Path(tempfile.gettempdir()) / "nn-tui-tests-have-no-such-folder"
os.environ |= {"NN_TUI_CONFIG": str(NOWHERE / "config.toml"), "NN_TUI_PRESETS": str(NOWHERE / "presets")}
STATE = tempfile.mkdtemp(prefix="nn-tui-state-")
os.environ["NN_TUI_STATE"] = STATE
os.environ["NN_TUI_START_PACE"] = "0"  # tests wait for what a run comes to; the one that watches it says so
atexit.register(shutil.rmtree, STATE, ignore_errors=True)


collect_ignore = (
    ["tui/terminal/test_driver.py", "tui/terminal/test_heap.py", "tui/test_soak.py"] if sys.platform == "win32" else []
)
"""What imports the parts of POSIX that Windows lacks."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave out what needs POSIX on Windows, and begin with the soak: at the end one core would wait a minute for it."""
    for item in items:
        if sys.platform == "win32" and item.get_closest_marker("posix"):
            item.add_marker(pytest.mark.skip(reason="needs POSIX"))
    items.sort(key=lambda item: item.path.name != "test_soak.py")


def pytest_collection_finish() -> None:
    """Keep what was collected out of every search for garbage: it stays to the end."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session", autouse=True)
def style_sheets() -> Iterator[None]:
    """What style sheets say is parsed once."""
    with pytest.MonkeyPatch.context() as monkeypatch:
        share_parsed_rules(monkeypatch)
        yield


@pytest.fixture(autouse=True)
def state(monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder for the last sessions that no other test writes; pytest would look through all folders for a name."""
    folder = Path(tempfile.mkdtemp(dir=STATE))
    monkeypatch.setenv("NN_TUI_STATE", str(folder))
    return folder


# A test has no terminal whose colours could be asked for, and what it shows must not depend on where it was started.
os.environ |= {"TERM": "xterm-256color", "TEXTUAL_COLOR_SYSTEM": "truecolor"}
os.environ.pop("NO_COLOR", None)
