"""How the tests run: a machine that is busy is no error, and a person's own files count for nothing."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

import pytest
from hypothesis import settings

settings.register_profile("nn-tui", deadline=None)
settings.load_profile("nn-tui")

NOWHERE = Path(tempfile.gettempdir()) / "nn-tui-tests-have-no-such-folder"
os.environ |= {"NN_TUI_CONFIG": str(NOWHERE / "config.toml"), "NN_TUI_PRESETS": str(NOWHERE / "presets")}
STATE = tempfile.mkdtemp(prefix="nn-tui-state-")
os.environ["NN_TUI_STATE"] = STATE
atexit.register(shutil.rmtree, STATE, ignore_errors=True)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the soak: at the end one core would wait a minute for it."""
    items.sort(key=lambda item: item.path.name != "test_soak.py")


@pytest.fixture(autouse=True)
def state(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder for the last sessions that no other test writes."""
    folder = tmp_path_factory.mktemp("state")
    monkeypatch.setenv("NN_TUI_STATE", str(folder))
    return folder


# A test has no terminal whose colours could be asked for.
os.environ.setdefault("TEXTUAL_COLOR_SYSTEM", "truecolor")
