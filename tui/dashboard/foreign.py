"""Actions for a training in another process: its output, its copy in nn-tui, and the refusal of unavailable actions."""

from collections.abc import Callable

from ...core.debugger.facts import Activity
from ...core.training.changes import Change
from ...core.worker.verbs import Ability
from ...presets.errors import PresetError
from ...presets.opened import Opened
from ...presets.schema import Preset
from ..action import Action, actions_of
from ..text.numbers import short
from .desk import Desk

NO_OUTPUT = "the output is in the terminal of the training"
NOTHING_YET = "nothing printed yet"
OF_THE_SCRIPT = "+ and − change it too. Loss function, optimizer and activations are the script's own; u begins a copy."
ONLY = "only a PyTorch training has this: nn-tui run train.py opens one"


class Foreign:
    """The keys of a training in another process."""

    def __init__(self, dashboard: Desk, preset: Preset, beside: Callable[[Opened], Desk], *, is_copy: bool) -> None:
        """Begin without a copy.

        Args:
            dashboard: the dashboard of a training.
            preset: its preset.
            beside: creates a dashboard for the copy.
            is_copy: whether this dashboard shows a copy, over that of the training itself.
        """
        self._dashboard = dashboard
        self._preset = preset
        self._beside = beside
        self._is_copy = is_copy

    @property
    def is_on(self) -> bool:
        """Whether another process trains."""
        return Ability.RESET in self._dashboard.verbs.lacks

    def refuses(self, name: str) -> bool:
        """Report that the training lacks an action; whether it does.

        Its only setting is the learning rate, which is asked for.
        """
        if name == "settings" and self.is_on:
            self._ask_for_rate()
            return True
        action: Action[object] = actions_of(type(self._dashboard))[name]
        reason = self._dashboard.verbs.lacks.get(action.needs) if action.needs else None
        if reason:
            self._dashboard.say(reason, severity="warning", timeout=8)
        return reason is not None

    def show_output(self) -> None:
        """Show all output of the script."""
        lines = self._dashboard.view.output
        if lines is None:
            self._dashboard.say(NO_OUTPUT if self.is_on else ONLY)
        elif not lines:
            self._dashboard.say(NOTHING_YET)
        else:
            from ..dialogs.reading_dialogs import ScriptOutput

            self._dashboard.app.push_screen(ScriptOutput(lines))

    def copy(self) -> None:
        """Open a training by nn-tui itself at the shown step, or return to the original one."""
        dashboard, view = self._dashboard, self._dashboard.view
        if self._is_copy:
            dashboard.screen.dismiss()
        elif not self.is_on or view.snapshot is None or view.trainer is None:
            dashboard.say(ONLY)
        else:
            from ...presets.live.own_copy import copy_of

            dashboard.verbs.pause()
            try:
                begun = copy_of(self._preset, view.trainer, view.snapshot.backward.state)
            except (ValueError, PresetError) as error:
                dashboard.say(f"a copy cannot begin here: {error}", severity="warning", timeout=8)
                return
            copy = self._beside(begun)
            dashboard.app.push_screen(copy.screen)
            is_over = dashboard.recorder.activity in (Activity.FINISHED, Activity.FAILED)
            state = "has ended" if is_over else "waits"
            said = f"a copy from step {view.snapshot.step}, which nn-tui trains; u returns to PyTorch, which {state}"
            copy.say(said, timeout=8)

    def _ask_for_rate(self) -> None:
        """Ask for another learning rate."""
        from ..dialogs.prompt import Prompt, learning_rate_of

        dashboard = self._dashboard

        def change(text: str | None) -> None:
            if text is not None:
                dashboard.verbs.change(Change("learning_rate", learning_rate_of(text)))

        trainer = dashboard.view.trainer
        before = f"{short(trainer.optimizer.learning_rate)} now. " if trainer else ""
        dashboard.app.push_screen(
            Prompt("Learning rate of all groups", "", before + OF_THE_SCRIPT, learning_rate_of), change
        )
