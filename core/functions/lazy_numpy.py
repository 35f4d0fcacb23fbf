"""NumPy, imported when a function is first computed, because help and the first paint need only names and formulas.

Use it as `from . import lazy_numpy as np`.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from numpy import *  # noqa: F403
else:

    def __getattr__(name):
        """Any name of NumPy, which is copied into this module."""
        found = globals()[name] = getattr(import_module("numpy"), name)
        return found
