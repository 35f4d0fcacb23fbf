"""The opener: it opens a target or a choice of the picker."""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from .config import Config

if TYPE_CHECKING:
    from textual.screen import Screen

    from ..presets.opened import Opened
    from ..presets.schema import Preset
    from .dialogs.picker import Choice


class Opener:
    """Opens trainings within the budgets of a configuration; modules are imported when they are needed."""

    def __init__(self, config: Config, show: "Callable[[Opened], None]") -> None:
        """Pass each opened training to a function."""
        self._config = config
        self._show = show

    def open_target(self, target: str, preset: "Preset | None" = None) -> None:
        """Open a target, possibly with its preset.

        Raises:
            PresetError: there is none, or it cannot be used.
        """
        from ..presets.catalogue import find, folder_of
        from ..presets.opened import opened_preset
        from ..presets.preset_file import check_preset

        preset = preset or check_preset(find(target), target)
        self._show(opened_preset(preset, folder_of(target), self._config.budget, self._config.examples_budget))

    def open_session(self, source: str) -> None:
        """Open a session file.

        Raises:
            SessionError: it is none, or cannot be used.
        """
        from ..presets.reopened import opened

        self._show(opened(source, self._config.budget, self._config.examples_budget))

    def open_lesson(self, target: str) -> None:
        """Open a lesson; the first one if none is named.

        Raises:
            PresetError: there is none, or it cannot be used.
        """
        from ..presets.lessons.lesson_list import lesson_names
        from ..presets.reopened import lesson_training
        from .tour.lesson_check import open_lesson

        self._show(lesson_training(open_lesson(target or lesson_names()[0]), self._config.budget))

    def open_choice(self, choice: "Choice") -> None:
        """Open a choice of the picker.

        Raises:
            PresetError: it cannot be used.
        """
        from ..presets.paths import check_named_file

        if choice.opened:
            self._show(choice.opened)
        elif choice.is_tour:
            self.open_lesson(choice.target)
        elif choice.session:
            check_named_file(choice.session)
            self.open_session(str(choice.session))
        else:
            self.open_target(choice.target, choice.preset)


def has_training(screens: "Iterable[Screen[object]]") -> bool:
    """Whether a training is on one of the screens."""
    from .dashboard.dashboard import Dashboard

    return any(isinstance(screen, Dashboard) for screen in screens)
