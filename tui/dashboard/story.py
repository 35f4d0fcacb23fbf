"""The story of a preset: the few steps whose figures its source prints, run so slowly that they can be watched."""

from dataclasses import dataclass

from ...core.quantities.quantity import Kind, Quantity
from ...presets.opened import Opened
from ..view import View

PACE = 2.0
"""Updates a second."""
MOST = 20
"""Steps of a story: more are not watched."""
NEXT = "xor"
"""The preset to go to from a story; from that one, two moons."""


@dataclass(frozen=True)
class Story:
    """The printed steps of a preset."""

    name: str
    end: int
    """The last of them; 0 if there is no story."""

    @classmethod
    def of(cls, opened: Opened) -> "Story":
        """The story of a preset's printed numbers; none beside the user's own numbers."""
        preset = opened.preset
        end = max((each.step for each in preset.published), default=0) if opened.against is None else 0
        return cls(preset.name, end if 2 <= end <= MOST else 0)

    def is_ahead(self, view: View) -> bool:
        """Whether there is a printed step after the one that is shown, and no edit has led away from it."""
        step = view.snapshot.step if view.snapshot else 0
        return step < self.end and bool(view.printed)

    def ending(self, view: View) -> str:
        """What to say at its end."""
        assert view.trainer and view.snapshot
        prediction = Quantity(Kind.A, len(view.trainer.network.layers) - 1)
        figure = view.printed.at(prediction, view.snapshot.step)
        y_hat = float(view.snapshot.forward.y_hat[0, 0])
        said = f"{figure.text}, as printed {figure.mark(y_hat)}" if figure else "the last printed step"
        return f"{said}. Next: {NEXT if self.name != NEXT else 'moons'} (p); space continues"
