"""`nn-tui [TARGET]`: the dashboard."""

import gc
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ...core.typed_number import quoted
from ...presets.user import builtin_names
from ..config import Config, configured
from .against import AGAINST
from .config_options import configuring, split_options
from .option_types import TARGET
from .output import say_notes
from .overrides import overriding
from .step_command import is_terminal, run_text_mode
from .target import STEP, training_of

if TYPE_CHECKING:
    from ...presets.opened import Opened
    from ...presets.schema import Preset


class DashboardCommand(click.Command):
    """The command that needs no name: nn-tui TARGET."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Refuse a second argument; if a command stands behind an option or behind TARGET, say where it belongs."""
        ctx.allow_extra_args = True
        try:
            super().parse_args(ctx, args)
        except click.NoSuchOption:
            _check_has_no_command(args)
            raise
        if ctx.args and not ctx.resilient_parsing:
            words = [ctx.params["target"], *ctx.args]
            _check_has_no_command(words)
            raise click.UsageError(f"expected one TARGET, got {' and '.join(map(quoted, words))}")
        return ctx.args

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Leave out the name."""
        formatter.write_usage(ctx.find_root().command_path, " ".join(self.collect_usage_pieces(ctx)))


@click.command("dashboard", cls=DashboardCommand, hidden=True)
@click.argument("target", type=TARGET, required=False)
@AGAINST
@STEP
@configuring()
@overriding
def dashboard_command(target: str | None, against: Path | None, step: int | None, **options: Any) -> int:
    """Open TARGET in the dashboard; without TARGET, list the presets; without a terminal, run the text mode."""
    given, changes = split_options(options)
    if target is None:
        return _picker(given, {**changes, "against": against, "step": step})
    is_plain = against is None and step is None
    if is_plain and _is_builtin_as_it_is(target, changes) and is_terminal():
        return on_screen(target, configured(given).config)
    from ...presets.catalogue import TargetError, user_names

    try:
        return show(target, given, changes) if is_plain else show_beside(target, given, changes, against, step)
    except TargetError:
        _check_has_no_command([target])
        raise TargetError(target, [*_commands(), *builtin_names(), *user_names()], "command or preset") from None


def show(target: str, given: dict[str, Any], changes: dict[str, Any]) -> int:
    """Open TARGET on the screen, or in sentences where there is none; the exit status."""
    from ...presets.catalogue import is_saved
    from .overridden_preset import preset_with

    config = configured(given).config
    if not is_terminal():
        return run_text_mode(training_of(target, changes, config=config), config)
    if is_saved(target):
        opened = training_of(target, changes, config=config)
        return on_screen(opened.preset.name, config, opened=opened)
    preset = preset_with(target, budget=config.examples_budget, **changes)
    say_notes()
    return on_screen(target, config, preset)


def show_beside(
    target: str, given: dict[str, Any], changes: dict[str, Any], against: Path | None, step: int | None
) -> int:
    """Open TARGET at a step, with the user's arrays beside its numbers; the exit status."""
    from .against import at, beside

    config = configured(given).config
    layout = None if changes.get("weights") else changes.pop("layout", None)
    opened = training_of(target, changes, config=config, is_whole=True)
    opened = at(opened, step) if against is None else beside(opened, against, step, layout)
    if is_terminal():
        return on_screen(opened.preset.name, config, opened=opened)
    return run_text_mode(opened, config)


def on_screen(
    target: str | None, config: Config, preset: "Preset | None" = None, opened: "Opened | None" = None
) -> int:
    """Show a preset, a resumed training or the picker; the exit status."""
    # What the start makes stays to the end: to look through it for garbage only takes time. The app enables it again.
    gc.disable()
    from ..app import NNApp
    from ..terminal.memory import keep_together
    from ..terminal.signals import run_app

    keep_together()
    app = NNApp(target, preset, config, opened)
    how_to_resume = run_app(app)
    if how_to_resume and not app.return_code:
        click.echo(how_to_resume)
    return app.return_code or 0


def _picker(given: dict[str, Any], changes: dict[str, Any]) -> int:
    if any(value is not None for value in changes.values()):
        raise click.UsageError("TARGET: expected a preset for these options")
    config = configured(given).config
    if not is_terminal():
        raise click.UsageError("TARGET: expected a preset, as choosing one needs a terminal; nn-tui presets lists them")
    return on_screen(None, config)


def _is_builtin_as_it_is(target: str, changes: dict[str, Any]) -> bool:
    """Whether a target is a preset that comes with nn-tui, which is read after the first paint: it has no errors."""
    return target in builtin_names() and all(value is None for value in changes.values())


def _check_has_no_command(words: list[str]) -> None:
    """Refuse words among which a command is.

    Raises:
        UsageError: it would have been expected first.
    """
    if named := [each for each in words if each in _commands()]:
        raise click.UsageError(f"{named[0]}: expected the command before its options: nn-tui {named[0]} …") from None


def _commands() -> list[str]:
    root = click.get_current_context().find_root()
    return root.command.list_commands(root) if isinstance(root.command, click.Group) else []
