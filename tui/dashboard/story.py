"""The story of a preset: the few steps whose figures its source prints, run slowly enough to watch."""

from msgspec import Struct

from ...core.quantities.quantity import Kind, Quantity
from ...presets.opened import Opened
from ..view import View

PACE = 2.0
"""Updates a second of a story."""
MOST = 20
"""The most steps of a story."""
NEXT = "xor"
"""The preset after a story; after that preset, two moons."""


class Story(Struct, frozen=True):
    """The printed steps of a preset."""

    name: str
    end: int
    """The last printed step; 0 if there is no story."""

    @classmethod
    def of(cls, opened: Opened) -> "Story":
        """The story of a preset's printed numbers; none if the user's own numbers are compared."""
        preset = opened.preset
        end = max((each.step for each in preset.published), default=0) if opened.against is None else 0
        return cls(preset.name, end if 2 <= end <= MOST else 0)

    def is_ahead(self, view: View) -> bool:
        """Whether a printed step follows the shown one, without an edit before it."""
        step = view.snapshot.step if view.snapshot else 0
        return step < self.end and bool(view.printed)

    def ending(self, view: View) -> str:
        """The message at the end."""
        assert view.trainer and view.snapshot
        prediction = Quantity(Kind.A, len(view.trainer.network.layers) - 1)
        figure = view.printed.at(prediction, view.snapshot.step)
        y_hat = float(view.snapshot.forward.y_hat[0, 0])
        said = f"{figure.text}, as printed {figure.mark(y_hat)}" if figure else "the last printed step"
        return f"{said}. Next: {NEXT if self.name != NEXT else 'moons'} (p); space continues"
