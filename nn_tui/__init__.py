"""A debugger for gradient descent in the terminal."""

from pathlib import Path

__version__ = "0.1.0"

_here = Path(__file__).parent
if not (_here / "core").is_dir():
    # A checkout keeps core, presets and tui beside this folder; an installed copy has them inside.
    __path__.append(str(_here.parent))
