"""NumPy, imported when a function is first computed: names and formulas are known before, for help and the first paint.

Use it as `from . import lazy_numpy as np`.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from numpy import *  # noqa: F403
else:

    def __getattr__(name):
        """Any name of NumPy's; the next look finds it in this module itself."""
        found = globals()[name] = getattr(import_module("numpy"), name)
        return found
