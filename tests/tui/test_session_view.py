"""How a training is looked at: kept in a session, and found there again, whoever wrote it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual.widgets import OptionList

from nn_tui.core.debugger.breakpoints import FORMS, Placed, breakpoint_of
from nn_tui.core.notation.notation import Notation
from nn_tui.presets.reopened import opened as read
from nn_tui.presets.sessions.autosave import newest_autosave
from nn_tui.tui.app import NNApp
from nn_tui.tui.dashboard.dashboard import Dashboard
from nn_tui.tui.dashboard.session_saver import SessionView
from nn_tui.tui.dialogs.breakpoints_dialog import Breakpoints

from ..helpers.app import LARGE, dashboard, opened, step_to, text, until, until_shown, where

PLACED = st.builds(Placed, st.sampled_from(FORMS).map(breakpoint_of), st.booleans())
VIEWS = st.fixed_dictionaries(
    {
        "notation": st.sampled_from(Notation),
        "example": st.integers(0, 10**6),
        "placed": st.lists(PLACED, max_size=50).map(tuple),
    }
).map(lambda fields: SessionView(**fields))
WORDS = st.dictionaries(st.sampled_from(["notation", "example", "breakpoint 1", "breakpoint 2"]) | st.text(), st.text())


@given(VIEWS)
def test_what_is_kept_is_found(view: SessionView) -> None:
    assert SessionView.of(view.words()) == view


@given(WORDS)
def test_any_words_are_a_view(words: dict[str, str]) -> None:
    view = SessionView.of(words)

    assert SessionView.of(view.words()) == view


@pytest.mark.parametrize("example", ["²", "-1", "1" * 1000, "one", ""])
def test_what_is_no_example_is_the_first(example: str) -> None:
    assert SessionView.of({"example": example}).example == 0


async def test_a_session_has_the_example_the_notation_and_the_breakpoints() -> None:
    async with opened("xor") as pilot:
        await step_to(pilot, 2)
        await pilot.press("n", "n", "t", "k", *"step 9", "enter", "escape")
        await until(pilot, lambda: isinstance(pilot.app.screen, Dashboard))
    app = NNApp("xor", opened=read(str(newest_autosave())))
    async with app.run_test(size=LARGE) as pilot:
        await until(pilot, lambda: bool(app.screen.query("#status")) and dashboard(pilot).view.snapshot is not None)
        assert (dashboard(pilot).view.example, dashboard(pilot).view.notation) == (2, Notation.COUNTED)
        await pilot.press("space")
        await until(pilot, lambda: "step 9" in text(pilot, "status") and not dashboard(pilot).view.running)
        assert where(pilot)[0] == 9
        await pilot.press("k")
        await until_shown(pilot, Breakpoints)
        assert [str(each.prompt) for each in app.screen.query_one(OptionList).options] == ["● step 9"]
