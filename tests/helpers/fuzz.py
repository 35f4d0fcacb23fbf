"""How many random inputs the tests try."""

import os

FUZZ = int(os.environ.get("NN_TUI_FUZZ", "120"))
"""Random inputs of each kind, of slow kinds a share of it; ten thousand are for a run by hand."""
