"""A debugger for gradient descent: every number of a training, stepped to, stepped back from, explained and checked.

>>> import nn_tui
>>> run = nn_tui.open("3-4-1")  # a preset, a TOML file, a session or a shared line; new() takes arrays
>>> run.step(6)
<Run 3-4-1: step 6, loss 0.0779038>
>>> run.predictions.round(3)
array([[0.925]])
>>> round(run["dw1[4,3]"], 6), run.W[0].shape, run.gradients.W[0].shape
(-0.02815, (4, 3), (4, 3))
>>> print(run.explain("db2[1]"))
∂E/∂b²₁ = −0.074947   db2[1], step 6
<BLANKLINE>
∂E/∂b²₁ = ∂E/∂ŷ₁ · ∂ŷ₁/∂z²₁ · ∂z²₁/∂b²₁
        = −1.081019 · 0.069330 · 1.000000
        = −0.074947
<BLANKLINE>
∂E/∂b²₁ = ∂E/∂z²₁
        = −0.074947
<BLANKLINE>
∂ŷ₁/∂z²₁ = ŷ₁ · (1 − ŷ₁)
         = 0.925053 · (1 − 0.925053)
         = 0.069330
>>> other = run.go_to(4).branch(learning_rate=0.1).step(3)
>>> run.compare(other)
step 6: loss 0.0779038 and 0.114293; the largest difference is in b2[1], 0.724414 and 0.641918
>>> run.check()
21 of 21 gradients agree with the slope of the loss

`save` writes a session that `open` and the dashboard open again, and `dashboard(run)` shows the run on the screen.
"""

from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

__version__ = "0.1.0"

_here = Path(__file__).parent
if not (_here / "core").is_dir():
    # A checkout has core, presets and tui beside this folder; an installed copy has them inside.
    __path__.append(str(_here.parent))

if TYPE_CHECKING:
    from .core.explaining.explanation import Explanation
    from .core.gradient_check import Check
    from .core.quantities.quantity import Quantity
    from .core.steps.events import BackwardPass
    from .core.steps.state import State
    from .opening import dashboard, new, open
    from .presets.errors import PresetError
    from .presets.pytorch.watching import breakpoint, watch
    from .reports import ExplanationText, GradientReport, RunDifference
    from .run import Run, TrainingError

_HOMES = {
    "BackwardPass": ".core.steps.events",
    "Check": ".core.gradient_check",
    "Explanation": ".core.explaining.explanation",
    "ExplanationText": ".reports",
    "GradientReport": ".reports",
    "PresetError": ".presets.errors",
    "Quantity": ".core.quantities.quantity",
    "Run": ".run",
    "RunDifference": ".reports",
    "State": ".core.steps.state",
    "TrainingError": ".run",
    "dashboard": ".opening",
    "breakpoint": ".presets.pytorch.watching",
    "new": ".opening",
    "open": ".opening",
    "watch": ".presets.pytorch.watching",
}
"""The module of each public name, which is imported on first use, so that the program starts quickly."""

__all__ = [
    "BackwardPass",
    "Check",
    "Explanation",
    "ExplanationText",
    "GradientReport",
    "PresetError",
    "Quantity",
    "Run",
    "RunDifference",
    "State",
    "TrainingError",
    "breakpoint",
    "dashboard",
    "new",
    "open",
    "watch",
]


if not TYPE_CHECKING:  # from now on this module has every name

    def __getattr__(name: str) -> object:
        """A public name, imported from its module."""
        if name not in _HOMES:
            raise AttributeError(f"module 'nn_tui' has no attribute {name!r}; it has {', '.join(__all__)}")
        value = getattr(import_module(_HOMES[name], __name__), name)
        globals()[name] = value
        return value


def __dir__() -> list[str]:
    """The public names."""
    return [*__all__, "__version__"]
