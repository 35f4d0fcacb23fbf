"""The command line: the commands, and the dashboard for what is none of them."""

import click
from click.shell_completion import CompletionItem

from .. import __version__
from ..core.suggestions import suggestion
from ..core.typed_number import quoted
from .commands.check_command import check_command
from .commands.config_command import config_command
from .commands.dashboard_command import dashboard_command
from .commands.explain_command import explain_command
from .commands.export_command import export_command
from .commands.open_command import open_command
from .commands.option_types import TARGET
from .commands.presets_command import presets_command
from .commands.share_command import share_command
from .commands.step_command import step_command
from .commands.tour_command import tour_command
from .commands.train_command import train_command
from .commands.verify_command import verify_command
from .commands.worksheet_command import worksheet_command

OWN_OPTIONS = ("--help", "--version")


class TargetGroup(click.Group):
    """Commands, and the dashboard for a first argument that is none of them."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Add the dashboard's name if no command is named; a first word that a shell completes may still become one."""
        if not args and ctx.resilient_parsing:
            return super().parse_args(ctx, args)
        if not args or (args[0] not in self.commands and args[0] not in OWN_OPTIONS):
            self._check_command(args)
            args = ["dashboard", *args]
        return super().parse_args(ctx, args)

    def _check_command(self, args: list[str]) -> None:
        """Refuse a misspelt command: only a command has a second word."""
        if len(args) > 1 and not args[1].startswith("-") and (meant := suggestion(args[0], self.commands)):
            raise click.UsageError(f"no command is named {quoted(args[0])}{meant}")

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """The commands, and the targets and options of the dashboard."""
        found = super().shell_complete(ctx, incomplete)
        if incomplete.startswith("-"):
            of_dashboard = dashboard_command.shell_complete(ctx, incomplete)
            return [*found, *(each for each in of_dashboard if each.value != "--help")]
        return [*TARGET.shell_complete(ctx, dashboard_command.params[0], incomplete), *found]

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The commands in the order in which they were added."""
        return list(self.commands)


@click.group(cls=TargetGroup, subcommand_metavar="[TARGET] | COMMAND …")
@click.version_option(__version__, message="nn-tui %(version)s")
def cli() -> None:
    """Debug gradient descent in the terminal.

    nn-tui TARGET opens TARGET in the dashboard. TARGET is a preset's name, a TOML file, a session file, a shared line
    (nn2:…) or, with --data, a shape such as 4-8-3; every command accepts the same. Without TARGET, the dashboard
    lists the presets. It accepts the options of train that change a preset, and the options of config, such as --quiet.
    Without a terminal, nn-tui TARGET runs the text mode, as nn-tui step does.
    """


COMMANDS = (
    dashboard_command,
    tour_command,
    presets_command,
    train_command,
    step_command,
    open_command,
    verify_command,
    check_command,
    explain_command,
    worksheet_command,
    share_command,
    export_command,
    config_command,
)
for each in COMMANDS:
    cli.add_command(each)
