"""The help as text, and what the palette finds."""

import pytest

from nn_tui.tui.action import Group, actions_of, key_rows
from nn_tui.tui.dashboard.all_actions import ALL_ACTIONS, DASHBOARD_ACTIONS
from nn_tui.tui.dialogs.reading_dialogs import FIRST
from nn_tui.tui.panels.panel import PanelSpec
from nn_tui.tui.panels.panel_list import PANELS
from nn_tui.tui.text.key_help import KEYS, KeySection, help_page, sentence_for

from ..helpers.app import SMALL, drawn, opened, until
from ..helpers.pages import text_of

SECTIONS = [KeySection(group.value, key_rows(each for each in ALL_ACTIONS if each.group is group)) for group in Group]


@pytest.mark.parametrize("width", [50, 70, 110, 130])
def test_no_line_of_the_help_is_wider_than_its_room_and_what_is_wrapped_is_under_its_sentence(width: int) -> None:
    lines = text_of(help_page(SECTIONS, width))

    assert max(map(len, lines)) <= width
    words = " ".join(" ".join(lines).split())
    assert all(each.title in words for each in SECTIONS)
    if width < 104:
        titles = {each.title for each in SECTIONS}
        keys = {row[0] for each in SECTIONS for row in each.rows}
        for line in lines:
            assert not line or line in titles | keys or line.startswith(" " * KEYS) or line[:KEYS].strip() in keys


def test_the_eight_keys_come_first_and_are_keys_that_there_are() -> None:
    known = {key for keys, _ in key_rows(ALL_ACTIONS) for key in keys.split()}

    assert len(FIRST) == 8
    assert all(part in known for keys, _ in FIRST for part in keys.replace("…", " ").split())


@pytest.mark.parametrize(
    ("sentence", "place", "told"),
    [
        ("explain the number; in the loss: go to the step", "the loss", "go to the step"),
        ("explain the number; in the loss: go to the step", "the network", "explain the number"),
        ("explain the number; in the loss and the steps: go to it", "the steps", "go to it"),
        ("in the picture: the next neuron", "the picture", "the next neuron"),
        ("go to a step; to the first step", "the loss", "go to a step; to the first step"),
    ],
)
def test_a_sentence_says_what_a_key_does_in_one_panel(sentence: str, place: str, told: str) -> None:
    assert sentence_for(sentence, place) == told


@pytest.mark.parametrize("spec", PANELS, ids=lambda spec: spec.name)
def test_the_help_of_a_panel_lists_actions_that_there_are(spec: PanelSpec) -> None:
    unknown = set(spec.actions) - {action.name for action in DASHBOARD_ACTIONS}
    assert not unknown, f"tui/panels/{spec.name}_panel.py: SPEC.actions names no action of the dashboard: {unknown}"
    assert spec.actions or actions_of(spec.widget), f"tui/panels/{spec.name}_panel.py: SPEC.actions is empty"


async def test_the_palette_finds_by_words_of_names_and_descriptions_and_lists_no_stock_commands() -> None:
    async with opened("3-4-1", SMALL) as pilot:
        await pilot.press("ctrl+p")
        await until(pilot, lambda: "Run/pause (space)" in drawn(pilot) and "step by one update" in drawn(pilot))
        assert "Screenshot" not in drawn(pilot) and "Maximize" not in drawn(pilot)

        await pilot.press(*"theme")
        await until(pilot, lambda: "Theme" in drawn(pilot) and "Run/pause" not in drawn(pilot))
        assert "Edit the number" not in drawn(pilot)

        await pilot.press("escape", "ctrl+p", *"chain rule")
        await until(pilot, lambda: "Factor (x)" in drawn(pilot) and "Theme" not in drawn(pilot))
