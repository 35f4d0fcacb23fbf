"""The app without a terminal: opened, waited for, and read."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from time import monotonic
from typing import Any

from textual.css.query import NoMatches
from textual.pilot import Pilot
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from nn_tui.core.debugger.stage import Phase
from nn_tui.presets.catalogue import find
from nn_tui.tui.app import NNApp
from nn_tui.tui.config import Config
from nn_tui.tui.dashboard.dashboard import Dashboard
from nn_tui.tui.dialogs.picker_rows import FittedRow
from nn_tui.tui.panels.page_view import PageView
from nn_tui.tui.terminal.type_ahead import is_ready

SMALL, LARGE = (80, 24), (120, 36)


PATIENCE = 60.0


@asynccontextmanager
async def opened(
    target: str | None, size: tuple[int, int] = LARGE, *, start_pace: float = 0
) -> AsyncIterator[Pilot[None]]:
    """The app with a preset or without; a run is as fast as it goes, unless it is to start slowly."""
    app = NNApp(target, find(target) if target else None, Config(start_pace=start_pace))
    async with app.run_test(size=size) as pilot:
        if target:
            await until(pilot, lambda: isinstance(app.screen, Dashboard) and app.screen.view.snapshot is not None)
            await settle(pilot)
        yield pilot


async def until(pilot: Pilot[None], condition: Callable[[], bool]) -> None:
    """Wait until a condition holds; it does not hold where a widget that it looks up is not there yet."""
    end = monotonic() + PATIENCE
    while not _holds(condition):
        assert monotonic() < end, "the condition did not come"
        await pilot.pause()


def _holds(condition: Callable[[], bool]) -> bool:
    try:
        return condition()
    except NoMatches:
        return False


async def settle(pilot: Pilot[None]) -> None:
    """Wait until the screen is laid out and no message is left: before that places move and what is scrolled is reset."""
    await until(pilot, lambda: is_ready(pilot.app))


async def scroll(pilot: Pilot[None], view: Widget, x: int, y: int) -> None:
    """Scroll a widget by so much to the right, or as far as it goes, and down."""
    await settle(pilot)
    await until(pilot, lambda: view.max_scroll_y >= y)
    view.scroll_to(x=x, y=y, animate=False)
    await until(pilot, lambda: view.scroll_offset == (min(x, view.max_scroll_x), y))
    await settle(pilot)


async def until_shown(pilot: Pilot[None], kind: type[Screen[Any]]) -> None:
    """Wait until a screen of this kind is there with all that is on it; before that nothing can be looked up."""
    await until(pilot, lambda: isinstance(pilot.app.screen, kind) and is_ready(pilot.app))


def dashboard(pilot: Pilot[None]) -> Dashboard:
    screen: Screen[object] = pilot.app.screen
    assert isinstance(screen, Dashboard)
    return screen


def where(pilot: Pilot[None]) -> tuple[int, Phase]:
    snapshot = dashboard(pilot).view.snapshot
    assert snapshot
    return snapshot.step, snapshot.phase


def text_of(widget: Widget) -> str:
    return "\n".join(widget.render_line(y).text.rstrip() for y in range(widget.size.height))


def text(pilot: Pilot[None], name: str) -> str:
    return text_of(pilot.app.screen.query_one(f"#{name}"))


async def step_to(pilot: Pilot[None], step: int) -> None:
    while where(pilot)[0] < step:
        before = where(pilot)[0]
        await pilot.press("s")
        await until(pilot, lambda before=before: where(pilot) == (before + 1, Phase.BACKWARD))  # type: ignore[misc]


async def put_cursor_on(pilot: Pilot[None], name: str) -> None:
    """With keys alone, down the parameter table."""
    await pilot.press("2")
    panel = pilot.app.screen.query_one("#parameters", PageView)
    for _ in range(60):
        await settle(pilot)
        if panel.cell and str(panel.cell.quantity) == name:
            return
        await pilot.press("down")
    raise AssertionError(f"the cursor did not reach {name}")


def drawn(pilot: Pilot[None]) -> str:
    """What can be read on the screen."""
    strips = pilot.app.screen._compositor.render_strips()
    return "\n".join(strip.text.rstrip() for strip in strips) + "\n"


def rows(pilot: Pilot[None]) -> list[str]:
    """What can be chosen in the picker, without the headings; nothing before there is a list."""
    lists = pilot.app.screen.query("#picker-list").results(OptionList)
    return [written(each, option).strip() for each in lists for option in each.options if not option.disabled]


def written(rows: OptionList, option: Option) -> str:
    """A row of the picker, as wide as its list is."""
    assert isinstance(option.prompt, FittedRow)
    return "".join(option.prompt.write(rows.scrollable_content_region.width))


def detail(pilot: Pilot[None]) -> str:
    """The preview in the picker; empty before there is any."""
    return "\n".join(map(text_of, pilot.app.screen.query("#picker-preview")))
