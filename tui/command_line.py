"""The command line: the commands, and the dashboard for any other first argument."""

import gc
from importlib import import_module
from pathlib import Path

import click
from click.shell_completion import CompletionItem

from .. import __version__
from ..core.suggestions import suggestion
from ..core.typed_number import quoted
from .commands.option_types import TARGET

COMMANDS = (
    "dashboard",
    "tour",
    "presets",
    "train",
    "step",
    "open",
    "run",
    "attach",
    "verify",
    "check",
    "explain",
    "confusion",
    "predict",
    "worksheet",
    "share",
    "export",
    "config",
)
"""The commands; each is in a file of its name, which is imported when it is called, completed or listed."""
OWN_OPTIONS = ("--help", "--version")


def command_named(name: str) -> click.Command:
    """The command of this name."""
    found: click.Command = getattr(import_module(f".commands.{name}_command", __package__), f"{name}_command")
    return found


class TargetGroup(click.Group):
    """Commands, with the dashboard for any other first argument."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Insert the dashboard's name if no command is named; a first word in completion may still become a command."""
        if not args and ctx.resilient_parsing:
            return super().parse_args(ctx, args)
        if not args or (args[0] not in COMMANDS and args[0] not in OWN_OPTIONS):
            self._check_command(args)
            args = ["dashboard", *args]
        return super().parse_args(ctx, args)

    def _check_command(self, args: list[str]) -> None:
        """Refuse a misspelt command, and one behind its target: only commands have a second argument."""
        if len(args) < 2 or any(each.startswith("-") for each in args[:2]):
            return
        if args[1] in COMMANDS[1:]:
            raise click.UsageError(f"{args[1]}: expected the command first: nn-tui {args[1]} {args[0]}")
        from ..presets.catalogue import builtin_names

        if args[0] not in builtin_names() and not Path(args[0]).exists():
            meant = suggestion(args[0], COMMANDS) or "; nn-tui --help lists the commands"
            raise click.UsageError(f"no command is named {quoted(args[0])}{meant}")

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """The commands, and the targets and options of the dashboard."""
        found = super().shell_complete(ctx, incomplete)
        if incomplete.startswith("-"):
            of_dashboard = command_named("dashboard").shell_complete(ctx, incomplete)
            return [*found, *(each for each in of_dashboard if each.value != "--help")]
        return [*TARGET.shell_complete(ctx, command_named("dashboard").params[0], incomplete), *found]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of this name, if it exists."""
        return command_named(cmd_name) if cmd_name in COMMANDS else None

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The commands in the order of the help."""
        return list(COMMANDS)


@click.group(cls=TargetGroup, subcommand_metavar="[TARGET] | COMMAND …")
@click.version_option(__version__, message="nn-tui %(version)s")
def cli() -> None:
    """Debug gradient descent in the terminal.

    nn-tui TARGET opens TARGET in the dashboard. TARGET is a preset's name, a TOML file, a session file, a shared line
    (nn2:… or nn3:…) or, with --data, a shape such as 4-8-3; every command accepts the same. Without TARGET, the
    dashboard lists the presets. It accepts the options of train that change a preset, and the options of config, such
    as --quiet. Without a terminal, nn-tui TARGET runs the text mode, as nn-tui step does.
    """
    gc.enable()  # the command is imported by now
