"""The command line: the commands, and the dashboard for what is none of them."""

import click
from click.shell_completion import CompletionItem

from .. import __version__
from ..core.suggestions import suggestion
from ..core.typed_number import quoted
from .commands.check import check
from .commands.config import config
from .commands.dashboard import dashboard
from .commands.explain import explain
from .commands.export import export
from .commands.open import open_
from .commands.option_types import TARGET
from .commands.presets import presets
from .commands.share import share
from .commands.step import step
from .commands.train import train
from .commands.verify import verify
from .commands.worksheet import worksheet

OWN_OPTIONS = ("--help", "--version")


class TargetGroup(click.Group):
    """Commands, and the dashboard for a first argument that is none of them."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Name the dashboard where no command is named; while a shell completes the first word, it may still be one."""
        if not args and ctx.resilient_parsing:
            return super().parse_args(ctx, args)
        if not args or (args[0] not in self.commands and args[0] not in OWN_OPTIONS):
            self._check_command(args)
            args = ["dashboard", *args]
        return super().parse_args(ctx, args)

    def _check_command(self, args: list[str]) -> None:
        """Refuse a command that is misspelt: only one takes a second word."""
        if len(args) > 1 and not args[1].startswith("-") and (meant := suggestion(args[0], self.commands)):
            raise click.UsageError(f"no command is named {quoted(args[0])}{meant}")

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """The commands, and what the dashboard takes."""
        found = super().shell_complete(ctx, incomplete)
        if incomplete.startswith("-"):
            return [*found, *(each for each in dashboard.shell_complete(ctx, incomplete) if each.value != "--help")]
        return [*TARGET.shell_complete(ctx, dashboard.params[0], incomplete), *found]

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The commands in the order in which they were added."""
        return list(self.commands)


@click.group(cls=TargetGroup, subcommand_metavar="[TARGET] | COMMAND …")
@click.version_option(__version__, message="nn-tui %(version)s")
def cli() -> None:
    """Debug gradient descent in the terminal.

    TARGET opens in the dashboard: a preset's name, a TOML file, a session, a shared line (nn2:…), or a shape such as
    4-8-3 with --data; every command takes the same. Without one a preset can be chosen there. The options of train that
    change a preset count there too, and so do those of config, as --fps 4 --quiet. Where there is no terminal, step
    tells TARGET in sentences instead.
    """


for command in (dashboard, presets, train, step, open_, verify, check, explain, worksheet, share, export, config):
    cli.add_command(command)
