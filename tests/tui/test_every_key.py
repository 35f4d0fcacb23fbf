"""Every key in every state: it changes what is seen, or says in a line why it does not."""

from collections.abc import Awaitable, Callable
from pathlib import Path
from threading import Event
from time import monotonic

import pytest
from textual.pilot import Pilot
from textual.widget import Widget

from nn_tui.core.debugger.facts import Activity
from nn_tui.core.quantities.quantity import Kind, Quantity
from nn_tui.core.training.changes import Change
from nn_tui.core.worker.worker import Worker
from nn_tui.tui.action import Group, actions_of, perform
from nn_tui.tui.dashboard.all_actions import DASHBOARD_ACTIONS
from nn_tui.tui.dashboard.dashboard import Dashboard
from nn_tui.tui.panels.explain_panel import ExplainPanel
from nn_tui.tui.panels.loss_panel import LossPanel
from nn_tui.tui.panels.network_panel import NetworkPanel
from nn_tui.tui.panels.page_view import ARROWS, PAGES, PageView
from nn_tui.tui.panels.panel_grid import PanelGrid
from nn_tui.tui.panels.panel_list import PANELS
from nn_tui.tui.panels.picture_panel import PicturePanel
from nn_tui.tui.panels.presentation_panel import PresentationPanel

from ..helpers.app import LARGE, PATIENCE, SMALL, dashboard, opened, settle, until

LEAVE = ("tour", "quit")
"""They leave the dashboard, as do the actions of the app."""
AT_EDGES = {ARROWS, PAGES}
"""At the edge of a page there is no further number, which is seen."""
SLOW = 0.001
"""Updates a second of a run that is still during a test."""
Begin = Callable[[Pilot[None], Dashboard], Awaitable[None]]


def keys(groups: tuple[Group, ...]) -> dict[str, str]:
    """Every key of some groups that the help lists, with the name of its action."""
    own = [each for spec in PANELS for each in actions_of(spec.widget).values()]
    all_ = (*DASHBOARD_ACTIONS, *own)
    found = [
        each
        for each in all_
        if each.group in groups and callable(each.do) and each.name not in LEAVE and each.help not in AT_EDGES
    ]
    return {key: each.name for each in reversed(found) for key in each.keys.split(",")}


def action_of(owner: Widget | None, key: str) -> str | None:
    """The name of what a key does in a panel, or on the dashboard."""
    actions = actions_of(type(owner)).values() if owner else ()
    return next((each.name for each in actions if key in each.keys.split(",")), None)


async def do(shown: Dashboard, key: str) -> None:
    """Do what a key is for, and take what the trainer made of it."""
    if own := action_of(shown.focused, key):
        await perform(shown.focused, own)
    else:
        await shown.action_do(str(action_of(shown, key)))
    done, worker = Event(), shown.verbs
    assert isinstance(worker, Worker)
    worker._order(done.set)
    assert done.wait(PATIENCE)
    shown.collect()


def seen(shown: Dashboard) -> tuple[object, ...]:
    """All that a screen depends on, as values."""
    view, panels = shown.view, shown.panels
    assert view.snapshot and view.trainer and view.status and view.status.place
    network, loss = shown.query_one(NetworkPanel), shown.query_one(LossPanel)
    return (
        (view.snapshot.step, view.snapshot.stage, view.snapshot.state.parameters.tobytes()),
        (view.trainer.optimizer.learning_rate, view.status.place.branch, view.status.place.changes, view.running),
        (view.example, view.notation, view.cursor, view.quantity, view.factor, view.route, view.checks is None),
        (view.is_large, view.is_presenting, view.is_hiding, panels.layout, panels._latest[:1]),
        (network.drawer.gradients, network.drawer.wants_maps, loss.kind, loss.mark),
        (shown.query_one(PicturePanel)._neuron, shown.query_one(ExplainPanel)._by_size),
        (shown.query_one(PresentationPanel)._is_larger, shown.query_one(PanelGrid).sizes),
        (shown.app.theme, len(shown.app.screen_stack), vars(shown.app).get("_reactive_last_key")),
    )


async def answer(pilot: Pilot[None], shown: Dashboard, before: object) -> bool:
    """Whether something is said, which may come from another thread; nobody waits for it where something has changed."""
    end = monotonic() + PATIENCE
    while (
        not (said := bool(shown.view.notice or pilot.app._notifications))
        and seen(shown) == before
        and monotonic() < end
    ):
        await pilot.pause()
    return said


def again(shown: Dashboard) -> None:
    """Be at the beginning, as if no key had been pressed."""
    if shown.view.is_presenting:
        shown.panels.present()
    if shown.panels.layout.large:
        shown.panels.enlarge()
    shown.explainer.close()
    shown.verbs.pause()
    shown.verbs.reset()
    shown.verbs.pace(None)
    shown.pace = None
    shown.panels.show("network")
    assert shown.view.trainer
    output = Quantity(Kind.A, len(shown.view.trainer.network.layers) - 1)
    shown.query_one("#network", PageView).move(to=output)
    shown.see(notice="", is_hiding=False, checks=None, example=0)


async def first(pilot: Pilot[None], shown: Dashboard) -> None:
    pass


async def between(pilot: Pilot[None], shown: Dashboard) -> None:
    for key in "sff":
        await do(shown, key)


async def running(pilot: Pilot[None], shown: Dashboard) -> None:
    shown.steering._has_chosen = True
    shown.verbs.pace(SLOW)
    await do(shown, "space")


async def finished(pilot: Pilot[None], shown: Dashboard) -> None:
    await run(pilot, shown)


async def diverged(pilot: Pilot[None], shown: Dashboard) -> None:
    shown.verbs.change(Change("learning_rate", 1e12))
    await run(pilot, shown)


async def run(pilot: Pilot[None], shown: Dashboard) -> None:
    """Run to the end."""
    shown.verbs.run()
    await until(pilot, lambda: shown.recorder.activity in (Activity.FINISHED, Activity.FAILED))


async def explained_large(pilot: Pilot[None], shown: Dashboard) -> None:
    await do(shown, "s")
    shown.explainer.explain(shown.view.cursor)
    await do(shown, "l")


async def presenting(pilot: Pilot[None], shown: Dashboard) -> None:
    await do(shown, "s")
    await do(shown, "P")


RUN, EXPLAIN, CHANGE, LOOK = Group.RUN, Group.EXPLAIN, Group.CHANGE, Group.LOOK
STATES: list[tuple[Begin, str, tuple[int, int], tuple[Group, ...]]] = [
    (first, "3-4-1", SMALL, tuple(Group)),
    (between, "3-4-1", LARGE, (RUN,)),
    (running, "xor", SMALL, (RUN, EXPLAIN, CHANGE)),
    (finished, "xor", SMALL, (RUN,)),
    (diverged, "iris", SMALL, (RUN,)),
    (explained_large, "xor", LARGE, (EXPLAIN, LOOK)),
    (presenting, "3-4-1", LARGE, (EXPLAIN, LOOK)),
]
"""Each with the preset, the size and the groups of keys that could have nothing to do there."""


@pytest.mark.parametrize(("begin", "preset", "size", "groups"), STATES, ids=[state[0].__name__ for state in STATES])
async def test_each_key_changes_what_is_seen_or_says_why_not(
    begin: Begin,
    preset: str,
    size: tuple[int, int],
    groups: tuple[Group, ...],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    monkeypatch.chdir(tmp_path)  # for what is saved
    silent = []
    async with opened(preset, size) as pilot:
        shown, before = dashboard(pilot), None
        for key, action in keys(groups).items():
            if before is None:
                again(shown)
                await begin(pilot, shown)
                await pilot.pause()
                before = seen(shown)
            await do(shown, key)
            await pilot.pause()
            said = await answer(pilot, shown, before)
            if seen(shown) != before:
                before = None
            elif not said:
                silent.append(f"{key} ({action})")
            while pilot.app.screen is not shown:
                await pilot.press("escape")
                await settle(pilot)
            pilot.app.clear_notifications()
    assert not silent
