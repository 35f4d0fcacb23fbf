"""The table of actions: every place that has words for keys has them from there, and says so where one is missing."""

import re
from collections import Counter
from itertools import pairwise

import pytest

from nn_tui.tui.action import Group, actions_of, key_rows
from nn_tui.tui.dashboard.actions import ACTIONS, VERBS
from nn_tui.tui.dashboard.all_actions import ALL_ACTIONS, DASHBOARD_ACTIONS
from nn_tui.tui.dashboard.dashboard import Dashboard
from nn_tui.tui.keymap import APP_ACTIONS, bindings, keymap
from nn_tui.tui.panels.panel import PanelSpec
from nn_tui.tui.panels.panel_list import PANELS
from nn_tui.tui.view import View

from ..helpers.docs import page, rows, section
from ..helpers.experiments import experiment_of
from ..helpers.pages import snapshot_of

IDS = """
run-pause step phase back epoch reset presets go-to-step first-step newest-step factor
previous-factor gradient-check edit-the-number nudge-down nudge-up settings breakpoints notation other-branch compare-branches save export-or-copy copy-the-number
large-panel narrower wider lower higher reset-sizes help-of-the-panel rate-up rate-down run-faster run-slower
next-example previous-example network-panel parameters-panel gradients-panel loss-panel explain-panel picture-panel
help quit
""".split()
"""By which configurations give actions other keys."""


def row(keys: str, sentence: str) -> str:
    return f"| {' '.join(f'`{key}`' for key in keys.split())} | {sentence} |"


@pytest.mark.posix  # ctrl+z is a key only there
@pytest.mark.parametrize("group", Group, ids=lambda group: group.name.lower())
def test_the_docs_have_every_key(group: Group) -> None:
    expected = [row(*each) for each in key_rows(action for action in ALL_ACTIONS if action.group is group)]
    found = rows(section(page("keys"), f"## {group.value}"))

    missing = "\n".join(each for each in expected if each not in found)
    assert not missing, f"docs/keys.md lacks these rows in its table {group.value!r}:\n{missing}"
    left = "\n".join(each for each in found if each not in expected)
    assert not left, f"docs/keys.md has rows of no action; remove them:\n{left}"
    assert found == expected, f"docs/keys.md has the rows of {group.value!r} in another order than the actions"


def test_configurations_of_today_stay_valid() -> None:
    gone = set(IDS) - {action.name for action in DASHBOARD_ACTIONS}
    assert not gone, f"configurations name these actions, so they must keep their names: {', '.join(sorted(gone))}"
    assert keymap(DASHBOARD_ACTIONS, {"go-to-step": "j"}) == {"go-to-step": "j"}
    assert keymap(DASHBOARD_ACTIONS, {"alter-the-number": "j"}) == {"edit-the-number": "j"}, "an earlier name"


@pytest.mark.parametrize("owner", [Dashboard, *(spec.widget for spec in PANELS)], ids=lambda owner: owner.__name__)
def test_each_action_has_its_words_and_a_key_of_its_own(owner: type) -> None:
    actions = actions_of(owner).values()
    for each in actions:
        assert each.label and each.help, f"{each.name} has no words: give its Action a label and a sentence of help"
        assert not re.search(r"[.|`]$|\|", each.help), f"{each.name}: help is a table's cell: no point at its end, no |"
    twice = [
        key for key, number in Counter(key for each in actions for key in each.keys.split(",")).items() if number > 1
    ]
    assert not twice, f"two actions of {owner.__name__} have these keys: {', '.join(twice)}"


@pytest.mark.parametrize("spec", PANELS, ids=lambda spec: spec.name)
def test_no_panel_takes_a_key_of_the_dashboard(spec: PanelSpec) -> None:
    of_dashboard = {key for action in DASHBOARD_ACTIONS for key in action.keys.split(",")}
    taken = [each.name for each in actions_of(spec.widget).values() if of_dashboard & set(each.keys.split(","))]
    assert not taken, f"these actions of the {spec.name} panel hide a key of the dashboard: {', '.join(taken)}"


def test_what_an_action_does_can_be_looked_up() -> None:
    for binding, action in zip(bindings(DASHBOARD_ACTIONS, has_names=True), DASHBOARD_ACTIONS, strict=True):
        assert not isinstance(binding, tuple)
        assert binding.action == (action.do if isinstance(action.do, str) else f"do('{action.name}')")
        assert binding.id == action.name and binding.tooltip == action.help
    names = [each.name for each in (*DASHBOARD_ACTIONS, *APP_ACTIONS)]
    assert len(set(names)) == len(names)


def test_the_text_mode_has_the_words_of_the_keys() -> None:
    words = Counter(word for verb in VERBS for word in verb.words)
    assert not [word for word, number in words.items() if number > 1]
    for action in ACTIONS:
        if action.verb and action.keys in ("question_mark", "space"):
            continue
        assert not action.verb or action.verb.words[0] == action.keys, f"{action.name}: the verb begins with its key"
    assert all(verb.help.endswith(".") for verb in VERBS)


def test_the_table_is_in_the_order_of_its_groups() -> None:
    order = list(Group)
    for before, action in pairwise(ACTIONS):
        assert order.index(before.group) <= order.index(action.group), (
            f"{action.name!r} is of the group {action.group.value!r}: put it beside the others of that group in ACTIONS"
        )


@pytest.mark.parametrize(("preset", "shown"), [("3-4-1", ["phase"]), ("xor", ["phase"]), ("moons", ["epoch"])])
def test_of_the_phase_and_the_epoch_one_is_in_the_line_of_keys(preset: str, shown: list[str]) -> None:
    of = experiment_of(preset)
    view = View(trainer=of.trainer, snapshot=snapshot_of(of, 0))

    words = [each.word if isinstance(each.word, str) else each.word(view) for each in ACTIONS[:6]]

    assert [word for word in words if word in ("phase", "epoch")] == shown
