"""The screens that change a training, by keyboard and by mouse, at both sizes."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from textual.app import App
from textual.pilot import Pilot
from textual.screen import Screen
from textual.widgets import Input, OptionList, Select, Static

import nn_tui.tui.app
from nn_tui.core.debugger.breakpoints import AtStep, LossBelow, LossRises, Placed
from nn_tui.core.training.changes import Change, apply
from nn_tui.core.training.training import Training
from nn_tui.tui.dialogs.breakpoints_dialog import PASSED, Breakpoints
from nn_tui.tui.dialogs.edit_dialogs import Edit, Settings
from nn_tui.tui.terminal.dropdown import Dropdown
from nn_tui.tui.themes import colours

from ..helpers.app import LARGE, SMALL, settle, until
from ..helpers.experiments import experiment
from ..helpers.quantities import change_of, quantity

WAITING = object()


class Host(App[None]):
    """Nothing but a place for a screen, and what it gives back."""

    CSS_PATH = [Path(nn_tui.tui.app.__file__).with_name(name) for name in ("app.tcss", "dialogs.tcss")]

    def __init__(self, shown: Screen[Any]) -> None:
        super().__init__()
        self._shown = shown
        self.result: object = WAITING

    def get_theme_variable_defaults(self) -> dict[str, str]:
        return colours(self.current_theme)

    def on_mount(self) -> None:
        self.push_screen(self._shown, self._keep)

    def _keep(self, result: object) -> None:
        self.result = result


@asynccontextmanager
async def hosting(shown: Screen[Any], size: tuple[int, int] = SMALL) -> AsyncIterator[Pilot[None]]:
    async with Host(shown).run_test(size=size) as pilot:
        await until(pilot, lambda: pilot.app.screen is shown and shown.focused is not None)
        await settle(pilot)
        yield pilot


async def result(pilot: Pilot[None]) -> object:
    app = pilot.app
    assert isinstance(app, Host)
    await until(pilot, lambda: app.result is not WAITING)
    return app.result


async def type_in(pilot: Pilot[None], text: str) -> None:
    """Type in place of what the line holds."""
    await pilot.press("end", *["backspace"] * 30, *text)


def told(pilot: Pilot[None], name: str) -> str:
    return str(pilot.app.screen.query_one(f"#{name}", Static).render())


def everything(pilot: Pilot[None]) -> str:
    titles = (str(each.border_title or "") for each in pilot.app.screen.query(".form"))
    return "\n".join((*titles, *(str(each.render()) for each in pilot.app.screen.query(Static))))


# One number


@pytest.mark.parametrize("size", [SMALL, LARGE])
async def test_a_number_is_typed_in_place_of_the_old_one(size: tuple[int, int]) -> None:
    async with hosting(Edit(quantity("w1[4,3]"), -0.178863), size) as pilot:
        shown = everything(pilot)
        await pilot.press(*"0.25", "enter")

        assert "w1[4,3]" in shown and "−0.178863" in shown
        assert await result(pilot) == change_of("w1[4,3]", 0.25)


async def test_a_wrong_number_is_refused_and_the_old_one_stays_in_sight() -> None:
    async with hosting(Edit(quantity("w1[4,3]"), 0.5)) as pilot:
        await type_in(pilot, "0,5")
        await pilot.press("enter")
        await until(pilot, lambda: "expected a point for decimals" in told(pilot, "edit-told"))
        assert told(pilot, "edit-now") == "0.5"

        await type_in(pilot, "")
        await until(pilot, lambda: told(pilot, "edit-told") == "")
        await pilot.press("enter")
        await until(pilot, lambda: "got an empty field" in told(pilot, "edit-told"))
        pilot.app.screen.query_one(Input).value = "−2"
        await pilot.press("enter")

        assert await result(pilot) == change_of("w1[4,3]", -2.0)


async def test_what_the_training_cannot_have_is_refused_too() -> None:
    of = experiment()
    check = partial(apply, training=Training(of.trainer, of.start))
    async with hosting(Edit(quantity("y[1]@2"), 1.0, check)) as pilot:
        await pilot.press("2", "enter")

        await until(pilot, lambda: "from 0 to 1, as the loss is bce" in told(pilot, "edit-told"))
        await pilot.press("escape")
        assert await result(pilot) is None


@pytest.mark.parametrize("key", ["escape", "enter"])
async def test_a_number_that_is_left_as_it_is_is_no_change(key: str) -> None:
    async with hosting(Edit(quantity("b1[1]"), -1e-05)) as pilot:
        await pilot.press(key)

        assert await result(pilot) is None


# The breakpoints

PLACED = (Placed(AtStep(100)), Placed(LossBelow(0.1), enabled=False), Placed(LossRises()))


@pytest.mark.parametrize("size", [SMALL, LARGE])
async def test_breakpoints_are_switched_deleted_and_added_by_keys(size: tuple[int, int]) -> None:
    async with hosting(Breakpoints(PLACED), size) as pilot:
        await pilot.press("space", "down", "enter", "down", "d")
        await pilot.press("a", *"step 7", "enter", "escape")

        assert await result(pilot) == (Placed(AtStep(100), enabled=False), Placed(LossBelow(0.1)), Placed(AtStep(7)))


async def test_the_list_shows_which_are_on() -> None:
    async with hosting(Breakpoints(PLACED)) as pilot:
        rows = pilot.app.screen.query_one(OptionList)

        assert [str(option.prompt) for option in rows.options] == ["● step 100", "○ loss < 0.1", "● loss rises"]


async def test_a_step_that_has_passed_says_so_in_the_list() -> None:
    async with hosting(Breakpoints(PLACED, step=101)) as pilot:
        await pilot.press("a", *"step 101", "enter")
        rows = pilot.app.screen.query_one(OptionList)
        await until(pilot, lambda: len(rows.options) == 4)

        prompts = [str(option.prompt) for option in rows.options]
        assert prompts[0] == f"● step 100   {PASSED}"
        assert prompts[3] == "● step 101"


async def test_without_breakpoints_one_is_typed_at_once() -> None:
    async with hosting(Breakpoints(())) as pilot:
        assert isinstance(pilot.app.focused, Input)
        await pilot.press(*"loss < 0.1", "enter")
        await pilot.press(*"loss rises", "enter", "escape")

        assert await result(pilot) == (Placed(LossBelow(0.1)), Placed(LossRises()))


async def test_the_field_keeps_the_focus_after_each_breakpoint_that_is_added() -> None:
    async with hosting(Breakpoints(PLACED)) as pilot:
        await pilot.press("a", *"step 7", "enter", *"loss < 0.2", "enter")
        assert isinstance(pilot.app.focused, Input)
        await pilot.press("up", "d", "escape")

        assert await result(pilot) == (*PLACED, Placed(AtStep(7)))


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("hello", "expected a condition like those below, got 'hello'"),
        ("loss rises", "loss rises is in the list"),
        ("step x", "step: "),
    ],
)
async def test_what_is_no_new_breakpoint_is_reported_and_the_list_stays(text: str, line: str) -> None:
    async with hosting(Breakpoints(PLACED)) as pilot:
        await pilot.press("a", *text, "enter")
        await until(pilot, lambda: told(pilot, "breakpoints-told").startswith(line))
        await pilot.press("backspace")
        await until(pilot, lambda: told(pilot, "breakpoints-told") == "")
        await pilot.press("escape")

        assert await result(pilot) == PLACED


@pytest.mark.parametrize("size", [(60, 20), SMALL])
async def test_a_long_list_leaves_the_line_and_what_is_wrong_in_sight(size: tuple[int, int]) -> None:
    async with hosting(Breakpoints(tuple(Placed(AtStep(step)) for step in range(40))), size) as pilot:
        await pilot.press("end", "a", "x", "enter")
        await until(pilot, lambda: told(pilot, "breakpoints-told") != "")
        await settle(pilot)

        for name in ("new", "told", "forms"):
            region = pilot.app.screen.query_one(f"#breakpoints-{name}").region
            assert region.height and region.bottom < size[1]


async def test_a_click_switches_and_the_footer_deletes() -> None:
    async with hosting(Breakpoints(PLACED)) as pilot:
        await pilot.click(OptionList, offset=(3, 1))
        await until(pilot, lambda: "● loss < 0.1" in str(pilot.app.screen.query_one(OptionList).options[1].prompt))
        await settle(pilot)
        await pilot.click("KeyLine", offset=(2, 0))
        await until(pilot, lambda: "○ loss < 0.1" in str(pilot.app.screen.query_one(OptionList).options[1].prompt))
        await pilot.press("escape")

        assert await result(pilot) == PLACED


# The settings


def settings(**changes: Any) -> Settings:
    of = experiment(**changes)
    return Settings(of.trainer, replace(of.start, position=1))


async def chosen(pilot: Pilot[None], what: str, value: str) -> None:
    pilot.app.screen.query_one(f"#settings-{what}", Select).value = value
    await settle(pilot)


@pytest.mark.parametrize("size", [SMALL, LARGE])
async def test_only_what_differs_is_changed(size: tuple[int, int]) -> None:
    async with hosting(settings(), size) as pilot:
        await pilot.press(*"0.125", "tab", "enter", "down", "enter", "tab", "1", "enter")

        assert await result(pilot) == (
            Change("learning_rate", 0.125),
            Change("optimizer", "momentum"),
            Change("batch_size", 1),
        )


async def test_what_is_in_force_is_shown_and_no_change() -> None:
    shown = settings(network__layers=[2, 3, 3, 1], network__activations=["relu", "tanh", "sigmoid"])
    async with hosting(shown) as pilot:
        lines = {each.id: each.value for each in shown.query(Input)} | {
            each.id: each.value for each in shown.query(Select)
        }
        await pilot.press("ctrl+s")

        assert lines == {
            "settings-learning_rate": "0.5",
            "settings-optimizer": "sgd",
            "settings-batch_size": "2",
            "settings-activation": "relu, tanh",
            "settings-activation3": "sigmoid",
            "settings-loss": "bce",
        }
        assert await result(pilot) == ()


async def test_what_cannot_be_kept_is_reported_before_it_is_applied() -> None:
    async with hosting(settings()) as pilot:
        await chosen(pilot, "optimizer", "adam")
        await until(pilot, lambda: told(pilot, "settings-told") == "the optimizer's state (m, v, t) starts at 0")
        await chosen(pilot, "optimizer", "sgd")
        await until(pilot, lambda: told(pilot, "settings-told") == "")
        await pilot.press("tab", "tab", "4")
        await until(pilot, lambda: told(pilot, "settings-told") == "the epoch restarts with batches of 4")
        await pilot.press("escape")

        assert await result(pilot) == ()


@pytest.mark.parametrize(
    ("what", "value", "line"),
    [
        ("learning_rate", "−1", "learning_rate: expected a number above 0, got -1"),
        ("batch_size", "5", "batch_size: expected at most 4, as there are 4 examples, got 5"),
        ("batch_size", "", "batch_size: expected a number such as 2, got an empty field"),
        ("loss", "cross-entropy", "loss: cross-entropy needs probabilities that add up to 1: expected"),
        ("activation", "softmax", "activation: softmax is for the last layer only"),
        ("activation", "step", "activation: no gradient passes through step"),
    ],
)
async def test_what_does_not_go_together_is_reported_in_the_form(what: str, value: str, line: str) -> None:
    async with hosting(settings()) as pilot:
        field = pilot.app.screen.query_one(f"#settings-{what}")
        assert isinstance(field, Input | Select)
        field.value = value
        await settle(pilot)
        await pilot.press("ctrl+s")
        await until(pilot, lambda: told(pilot, "settings-told").startswith(line))
        await settle(pilot)
        assert pilot.app.screen.query_one("#settings-told").region.bottom <= SMALL[1]

        await pilot.press("escape")
        assert await result(pilot) == ()


@pytest.mark.parametrize(
    ("before", "after"),
    [(("sigmoid", "bce"), ("identity", "mse")), (("identity", "mse"), ("sigmoid", "bce"))],
)
async def test_an_output_and_its_loss_can_be_changed_together(before: tuple[str, str], after: tuple[str, str]) -> None:
    async with hosting(settings(network__activations=["tanh", before[0]], training__loss=before[1])) as pilot:
        await chosen(pilot, "activation2", after[0])
        await chosen(pilot, "loss", after[1])
        await pilot.press("ctrl+s")

        changes = await result(pilot)
        assert isinstance(changes, tuple)
        assert set(changes) == {Change("activation2", after[0]), Change("loss", after[1])}


async def test_without_hidden_layers_there_is_no_row_for_them() -> None:
    async with hosting(settings(network__layers=[2, 1])) as pilot:
        assert not pilot.app.screen.query("#settings-activation")
        assert pilot.app.screen.query("#settings-activation1")


@pytest.mark.parametrize(
    ("button", "expected"), [("apply", (Change("learning_rate", 0.001), Change("optimizer", "adam"))), ("leave", ())]
)
async def test_the_buttons_can_be_clicked(button: str, expected: object) -> None:
    async with hosting(settings()) as pilot:
        await chosen(pilot, "optimizer", "adam")
        await settle(pilot)
        await pilot.click(f"#settings-{button}")

        assert await result(pilot) == expected


@pytest.mark.parametrize("key", ["page_up", "page_down"])
async def test_a_page_key_may_come_before_a_list_is_laid_out(key: str) -> None:
    async with hosting(settings()) as pilot:
        dropdown = pilot.app.screen.query(Dropdown).first()
        dropdown.action_show_overlay()
        getattr(dropdown.query_one(OptionList), f"action_{key}")()
        await pilot.press("escape")

        assert not dropdown.expanded


async def test_settings_show_what_only_a_preset_changes() -> None:
    of = settings(
        training__reduction="sum",
        training__schedule={"name": "warm-up", "updates": 5},
        training__penalty={"l2": 0.1, "form": "lambda/2m", "acts_on": "gradient"},
        training__clip={"norm": 2},
        training__class_weights=[1, 5],
        training__stop={"patience": 3},
    )
    async with hosting(of) as pilot:
        shown = str(pilot.app.screen.query_one("#settings-others", Static).content)

    assert shown.splitlines() == [
        f"{name:<24}{value}"
        for name, value in (
            ("reduction", "sum"),
            ("class weights", "1, 5"),
            ("schedule", "warm-up, updates 5, first 0.1"),
            ("penalty", "l2 0.1, lambda/2m"),
            ("penalty is for", "weights"),
            ("penalty acts on", "gradient"),
            ("clipping", "norm 2"),
            ("early stopping", "on the train loss"),
        )
    ]


async def test_usual_settings_need_no_words() -> None:
    async with hosting(settings()) as pilot:
        assert not pilot.app.screen.query("#settings-others")
