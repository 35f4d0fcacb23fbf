"""The commands of the palette: what the keys of the screen do, and the theme."""

from textual.app import SystemCommand
from textual.command import DiscoveryHit, Hit, Hits, Provider


class CommandProvider(Provider):
    """Finds a command by words of its name or of its description, in the order of the help."""

    async def discover(self) -> Hits:
        """Every command."""
        for name, sentence, callback, _ in self._commands():
            yield DiscoveryHit(name, callback, help=sentence)

    async def search(self, query: str) -> Hits:
        """The commands that have every word; those that have them in their name come first."""
        words = query.casefold().split()
        for name, sentence, callback, _ in self._commands():
            in_name = all(word in name.casefold() for word in words)
            if in_name or all(word in f"{name} {sentence}".casefold() for word in words):
                yield Hit(2.0 if in_name else 1.0, name, callback, help=sentence)

    def _commands(self) -> list[SystemCommand]:
        return list(self.app.get_system_commands(self.screen))
