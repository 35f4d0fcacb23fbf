"""What tests of the screen have in common."""

import pytest

SLOW = {
    *("test_app", "test_brief", "test_first_look", "test_keeping", "test_places", "test_session_view", "test_terminal"),
    "test_terminal_faults",
}
"""Files in which a run of xor must last long enough to be seen: the kernel makes its 300 000 steps in a blink."""


@pytest.fixture(autouse=True)
def runs_that_can_be_seen(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let NumPy alone compute what must be seen running."""
    if request.path.stem in SLOW:
        monkeypatch.setenv("NN_TUI_ENGINE", "numpy")
