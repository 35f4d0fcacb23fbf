"""The user's orders to a training of any model: run, step, and change."""

from collections.abc import Sequence
from functools import partial
from textwrap import wrap
from typing import TYPE_CHECKING

from ...core.typed_number import number
from ...presets.live.conditions import FORMS, check_step, check_tensor, condition_of, condition_text
from ...presets.live.messages import Module
from ...presets.live.orders import EditParameter, HoldCondition, SetLearningRate
from ..dashboard.foreign import NO_OUTPUT, NOTHING_YET
from ..dashboard.run_end import RunEnd
from ..dashboard.steering import next_rate
from ..dialogs.prompt import Prompt, learning_rate_of
from ..dialogs.reading_dialogs import ScriptOutput
from ..text.numbers import count, plain, short

if TYPE_CHECKING:
    from .module_screen import ModuleScreen

OF_THE_SCRIPT = "Loss function and optimizer belong to the script."

COLUMNS = 70
"""Those of a line of the output at the least size of a screen that shows it whole."""
NOT_COMPUTED = (
    "PyTorch's own numbers are shown: loss, norms, gradients, histograms.",
    "Breakpoints, edits and the search for what is not finite work.",
    "Explanations, pictures and the comparison need Linear layers, and",
    "a loss function and an optimizer that nn-tui has.",
)
"""What a model that nn-tui does not compute has, and lacks."""


class ModuleOrders:
    """The keys that steer a training, and show what its script prints."""

    def __init__(self, screen: "ModuleScreen") -> None:
        self._screen = screen
        self._conditions: tuple[HoldCondition, ...] = ()
        self._run_end = RunEnd()

    def follow(self) -> None:
        """Note the time at which a run ends."""
        self._run_end.note(is_running=self._screen.training.is_running)

    def run_or_pause(self) -> None:
        """Run, or hold before the next update."""
        training = self._screen.training
        if not training.is_running and self._run_end.was_just_now():
            self._screen.renew(f"already {training.now.activity.value}; space continues")
            return
        self._run_end.note_key(ends_by_itself=not training.is_running)
        self._screen.renew()
        training.run_or_pause()

    def step(self) -> None:
        """Make one update."""
        self._run_end.note_key(ends_by_itself=False)
        self._screen.renew()
        self._screen.training.step()

    def ask_for_step(self) -> None:
        """Ask for a step to run to."""
        training = self._screen.training
        step = training.now.step

        def run(text: str | None) -> None:
            if text is not None:
                self._run_end.note_key(ends_by_itself=True)
                training.run_to(_step_after(step, text))

        hint = f"A step after {count(step)}: a PyTorch training cannot step back."
        self._screen.app.push_screen(Prompt("Run to step", "", hint, partial(_step_after, step)), run)

    def ask_for_number(self) -> None:
        """Ask for another value of the number under the cursor."""
        screen, window = self._screen, self._screen.window
        if not window.is_editable:
            screen.renew("only weights and biases can be edited")
            return
        if window.is_complex:
            screen.renew("complex numbers are shown by their magnitudes and cannot be edited")
            return
        screen.show("numbers")
        place = ", ".join(map(str, window.place))

        def change(text: str | None) -> None:
            if text is not None:
                order = EditParameter(parameter=window.tensor, index=window.place, value=number(text, "0.5"))
                screen.training.order(order)

        now = screen.value_here
        hint = "The training changes it before its next update."
        before = "" if now is None else f"{plain(now, 6)} now. "
        title = f"{window.tensor}[{place}]"
        screen.app.push_screen(Prompt(title, "", before + hint, lambda text: number(text, "0.5")), change)

    def ask_for_rate(self) -> None:
        """Ask for another learning rate."""
        screen = self._screen

        def change(text: str | None) -> None:
            if text is not None:
                screen.training.order(SetLearningRate(value=number(text, "0.1")))

        now = screen.training.now.learning_rate
        before = "" if now is None else f"{short(now)} now. "
        hint = f"{before}A number from 0 up, such as 0.01. {OF_THE_SCRIPT}"
        screen.app.push_screen(Prompt("Learning rate of all groups", "", hint, learning_rate_of), change)

    def change_rate(self, direction: int) -> None:
        """Raise or lower the learning rate to the next of 1, 2, 5, 10, 20, …."""
        now = self._screen.training.now.learning_rate
        if not now:
            self._screen.renew("not known yet, or not the same in all groups; m sets it")
        else:
            rate = next_rate(now, direction)
            self._screen.training.order(SetLearningRate(value=rate))
            self._screen.renew(f"learning rate {short(now)} → {short(rate)}")

    def ask_for_breakpoints(self) -> None:
        """Ask for breakpoints."""
        now, placed = self._screen.training.now, self._conditions

        def read(text: str) -> tuple[HoldCondition, ...]:
            return _conditions_of(now.model.modules, text, placed, self._screen.training.now.step)

        def place(text: str | None) -> None:
            if text is not None:
                self._conditions = read(text)
                self._screen.training.break_at(self._conditions)

        written = "; ".join(map(condition_text, self._conditions))
        hint = "With ; between them: " + "; ".join(FORMS)
        self._screen.app.push_screen(Prompt("Hold at", written, hint, read), place)

    def show_output(self) -> None:
        """Show all that the script has printed, and why nn-tui does not compute its model."""
        lines, reason = self._screen.training.now.output, self._screen.training.now.model.reason
        printed = lines or (NO_OUTPUT if lines is None else NOTHING_YET,)
        why = ("", *wrap(f"nn-tui: not computed here: {reason}", COLUMNS), *NOT_COMPUTED) if reason else ()
        self._screen.app.push_screen(ScriptOutput((*printed, *why)))


def _conditions_of(
    modules: Sequence[Module], text: str, placed: tuple[HoldCondition, ...], newest: int
) -> tuple[HoldCondition, ...]:
    """The conditions that the user writes, with ; between them, of a model with these modules.

    Args:
        modules: those of the model.
        text: what the user writes.
        placed: the current conditions, whose steps may have passed.
        newest: the newest step.

    Raises:
        ValueError: one is of no known form, of a tensor that is not there, or of a step that has passed.
    """
    found = tuple(condition_of(each) for each in text.split(";") if each.strip())
    for each in found:
        check_tensor(each, modules)
        if each.of == "step" and each not in placed:
            check_step(each, newest)
    return found


def _step_after(newest: int, text: str) -> int:
    step = int(number(text, "100"))
    if step <= newest:
        raise ValueError(f"expected a step after {newest}, got {step}")
    return step
