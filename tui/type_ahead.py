"""Type-ahead: keys that are pressed while a training is opened are for it."""

from textual.app import App
from textual.events import Event, Key


class TypeAhead(App[None]):
    """An app that holds keys back until the screen that is coming can take them, from its start on."""

    def __init__(self) -> None:
        """Begin to hold keys back."""
        super().__init__()
        self._holds = True
        self._held: list[Key] = []

    def hold_keys(self) -> None:
        """Keep the keys that come now; but for those with ctrl, which are for no screen."""
        self._holds = True

    async def give_keys(self) -> None:
        """Give the screen on top what was pressed meanwhile, and from now on what is pressed."""
        self._holds, held, self._held = False, self._held, []
        for key in held:
            await self.on_event(key)

    async def on_event(self, event: Event) -> None:
        """Hold a key back, or let it have its way."""
        if self._holds and isinstance(event, Key) and not event.key.startswith("ctrl+"):
            self._held.append(event)
        else:
            await super().on_event(event)
