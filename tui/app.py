"""The app: it shows screens, and leaves the terminal clean."""

import asyncio
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from textual.app import SystemCommand
from textual.await_complete import AwaitComplete
from textual.driver import Driver
from textual.events import Event, Key, Paste
from textual.filter import LineFilter
from textual.notifications import Notify, SeverityLevel
from textual.reactive import Reactive, var
from textual.screen import Screen
from textual.theme import Theme

from ..presets.errors import PresetError, SessionError
from .config import Config
from .dialogs.base_screen import BaseScreen
from .keymap import APP_ACTIONS, QUIT, bindings, shown_key
from .loading import Loading, OpeningScreen
from .opener import Opener, has_training
from .own_themes import DARK, OWN
from .panel_layout import KeptLayout
from .panels.key_line import NO_KEY, KeyWord, pressed_key
from .terminal.ascii_filter import AsciiFilter
from .terminal.executor import Executor
from .terminal.late_styles import LateStyles, read_style_sheets
from .terminal.log import keep_log
from .terminal.memory import SOON, settle
from .terminal.private_parts import ChoosyScreen, ToastNotification, shown_messages
from .terminal.signals import end_on_signals
from .terminal.type_ahead import TypeAhead
from .text.safe import safe
from .text.style_names import STYLE_NAMES
from .themes import begin_in, colours, readable_filters

if TYPE_CHECKING:
    from ..presets.live.live_training import LiveTraining
    from ..presets.opened import Opened
    from ..presets.schema import Preset
    from .dashboard.panel_switch import PanelSwitch
    from .dialogs.picker import Choice
    from .terminal.palette import CommandProvider

DEFAULTS = Config()
BAD_INPUT = 2


def command_provider() -> "type[CommandProvider]":
    """The commands of the palette; loaded when it is opened."""
    from .terminal.palette import CommandProvider

    return CommandProvider


class NNApp(LateStyles):
    """nn-tui on the screen."""

    TITLE = "nn-tui"
    CSS_PATH = "loading.tcss"
    ALLOW_SELECT = False
    """There is no text to select here, and selecting fails while a notice covers a dialog."""
    COMPONENT_CLASSES = {f"page--{name}" for name in STYLE_NAMES}
    COMPONENT_CSS_PATH = Path(__file__).with_name("pages.tcss")
    BINDINGS = bindings(APP_ACTIONS)
    get_key_display = shown_key
    COMMANDS = {command_provider}

    theme = Reactive(DARK.name)  # at once, because the colours of Textual's would be computed for nothing
    last_key: var[KeyWord | None] = var(None)
    """The key that was pressed last; None if keys are not shown."""

    def __init__(
        self,
        target: str | None = None,
        preset: "Preset | None" = None,
        config: Config = DEFAULTS,
        opened: "Opened | None" = None,
        live: "LiveTraining | None" = None,
    ) -> None:
        """Begin with a target or with the picker.

        Args:
            target: a preset's name or a file.
            preset: the preset of that target, changed by options; None to look for it.
            config: the configuration.
            opened: a training to continue, instead of a target.
            live: a training of another process, instead of a target.

        Raises:
            PresetError: the configuration names an unknown theme.
        """
        keep_log()
        self._ascii = AsciiFilter(enabled=config.ascii)
        super().__init__()
        begin_in(self, config.theme)
        self._target = target
        self._preset = preset
        self._opened = opened
        self._live = live
        self.was_interrupted = False  # by Ctrl+C
        self.config = config
        self.last_key = NO_KEY if config.show_keys else None
        self._layout = KeptLayout()
        self._loading = Loading(self, self._make_screen)
        self._opener = Opener(config, self.show_training)
        self._type_ahead = TypeAhead(self)
        self._keys: dict[str, str] = {}
        self._restore_signals: Callable[[], None] = lambda: None
        self.animation_level = "none"

    def on_load(self) -> None:
        """Leave the terminal clean after any signal, even one that comes before the terminal is used."""
        self._restore_signals = end_on_signals(
            asyncio.get_running_loop(), lambda status: None if self.is_ending else self.exit(return_code=status)
        )

    def on_mount(self) -> None:
        """Show the first screen."""
        self.app_resume_signal.subscribe(self, lambda _: self.action_redraw())
        asyncio.get_running_loop().set_default_executor(Executor())
        self._loading.begin()
        self.set_interval(self.config.autosave, self._layout.keep_meanwhile)
        is_list = self._target is None and self._opened is None and self._live is None
        # The list of presets is ready before a frame without it would be seen.
        (self.call_later if is_list else self.call_after_refresh)(self._begin)
        self.set_timer(SOON, settle)

    def get_default_screen(self) -> Screen[None]:
        """The screen below all others."""
        return OpeningScreen(self._target or "the presets")

    def on_unmount(self) -> None:
        """Save the layout of the panels, or show why that failed."""
        try:
            self._layout.keep()
        except SessionError as error:
            self.exit(return_code=self.return_code or 0, message=f"nn-tui: {safe(str(error))}")
        self._restore_signals()

    def on_panel_switch_arranged(self, event: "PanelSwitch.Arranged") -> None:
        """Remember the layout of the panels for the next training and the next start."""
        self._layout.layout = event.layout

    async def on_event(self, event: Event) -> None:
        """Let keys and pastes wait until their screen is ready."""
        self.was_interrupted |= isinstance(event, Key) and event.key == QUIT.keys
        if event.is_forwarded or not isinstance(event, Key | Paste) or not self._type_ahead.holds(event):
            if self.last_key and isinstance(event, Key) and not event.is_forwarded:
                self.last_key = pressed_key(self.screen, event.key) or self.last_key
            await super().on_event(event)

    @property
    def available_themes(self) -> dict[str, Theme]:
        """Textual's themes and ours, by name."""
        return super().available_themes | OWN

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """Colours that a theme may leave out."""
        return colours(self.current_theme)

    def push_screen(self, *screen: Any, **options: Any) -> Any:
        """Show a screen over the others, unless a training is being opened: then the caller will be closed."""
        if self._loading.is_under_way or self.is_ending:
            return AwaitComplete()
        if isinstance(screen[0], Screen):
            read_style_sheets(self, screen[0].css_path)
        if isinstance(screen[0], ChoosyScreen):
            screen[0].fit_first_frame(self.size)
        return super().push_screen(*screen, **options)

    def _begin(self) -> None:
        if self.is_ending:  # a signal came first
            return
        try:
            self._layout.recall()
        except SessionError as error:
            self.notify(safe(str(error)), severity="warning", timeout=10, markup=False)
        try:
            if self.config.keys:
                from .dashboard.all_actions import checked_keys

                self._keys = checked_keys(self.config.keys)
            self.set_keymap(self._keys)
            self._show_first()
        except PresetError as error:
            self.exit(return_code=BAD_INPUT, message=f"nn-tui: {safe(str(error))}")

    def _show_first(self) -> None:
        """Show the target or the presets."""
        if self._live is not None:
            from .live.waiting import WaitingScreen

            self.push_screen(WaitingScreen(self._live, self.show_training))
        elif self._opened is not None:
            self.show_training(self._opened)
        elif self._target is None:
            self.action_presets()
        else:
            self._opener.open_target(self._target, self._preset)

    def get_driver_class(self) -> type[Driver]:
        """The project's own driver instead of Textual's for POSIX, which Windows cannot import."""
        found = super().get_driver_class()
        if found.__name__ != "LinuxDriver":
            return found
        from .terminal.driver import TerminalDriver

        return TerminalDriver

    def get_line_filters(self) -> Sequence[LineFilter]:
        """The last filters of every line."""
        return [*readable_filters(self, super().get_line_filters()), *([self._ascii] if self._ascii.enabled else [])]

    def notify(
        self,
        message: str,
        *,
        title: str = "",
        severity: SeverityLevel = "information",
        timeout: float | None = None,
        markup: bool = True,
    ) -> None:
        """Show a message, unless it is on the screen already."""
        if message not in shown_messages(self):
            seconds = self.NOTIFICATION_TIMEOUT if timeout is None else timeout
            self.post_message(Notify(ToastNotification(message, title, severity, seconds, markup)))

    def pop_screen(self) -> AwaitComplete:
        """Close the top screen, if it can be closed; Textual would close any screen."""
        top = self.screen
        stays = len(self.screen_stack) == 1 or (isinstance(top, BaseScreen) and top.stays)
        return AwaitComplete() if stays else super().pop_screen()

    def action_presets(self) -> None:
        """Choose another preset."""
        from .dialogs.picker import Picker

        if not isinstance(self.screen, Picker):
            budgets = self.config.budget, self.config.examples_budget
            is_over = len(self.screen_stack) > 1 and has_training(self.screen_stack)  # it loads the dashboard
            self.push_screen(Picker(*budgets, is_over_training=is_over), self._chosen)

    def action_tour(self, target: str = "") -> None:
        """Begin a tour, the first one by default."""
        self._opener.open_lesson(target)

    def action_redraw(self) -> None:
        """Draw the whole screen again, because another program may have written on it."""
        self.screen.refresh()

    def action_command_palette(self) -> None:
        """Show the commands, unless they are shown already."""
        from .terminal.palette import Palette

        if not isinstance(self.screen, Palette):
            self.push_screen(Palette(placeholder="type to search", id="--command-palette"))

    def action_help(self) -> None:
        """Show the keys."""
        self.clear_notifications()  # they would cover the lines
        from .dashboard.all_actions import ALL_ACTIONS
        from .dialogs.reading_dialogs import Help

        lacks = getattr(getattr(self.screen, "view", None), "lacks", {})
        self.push_screen(Help(ALL_ACTIONS, self._keys, lacks))

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """The keys of this screen, and the themes."""
        for active in screen.active_bindings.values():
            binding = active.binding
            if active.node is screen and binding.description and binding.tooltip:
                title = f"{binding.description} ({self.get_key_display(binding)})"
                yield SystemCommand(title, binding.tooltip, lambda action=binding.action: screen.run_action(action))
        yield SystemCommand("Other themes", "choose one of all themes", self.action_change_theme)

    def _chosen(self, choice: "Choice | None") -> None:
        """Open the choice; on an error, report it and keep the training."""
        if choice is None:
            if not has_training(self.screen_stack):
                self.exit()
            return
        try:
            self._opener.open_choice(choice)
        except PresetError as error:
            self.notify(safe(str(error)), severity="error", timeout=10, markup=False)
            if not has_training(self.screen_stack):
                self.action_presets()

    def show_training(self, opened: "Opened") -> None:
        """Close the training on the screen, if there is one, and show this one."""
        self._loading.show(opened)

    def _make_screen(self, opened: "Opened") -> Screen[None]:
        """A dashboard with the last layout of the panels."""
        from .dashboard.dashboard import Dashboard

        return Dashboard(opened, self.config, self._layout.layout)
