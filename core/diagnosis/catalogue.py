"""The catalogue of causes: a new one is an entry more in one of these lists.

Their functions vary the computation itself, so that one entry explains wrong figures and can also run a whole training
with the slip in it. Sources name public reports of people who met it.
"""

from .backward_slips import DZ_SLIPS, HIDDEN_SLIPS, OUTPUT_SLIPS
from .conventions import CONVENTIONS
from .forward_slips import FORWARD_SLIPS
from .gradient_slips import GRADIENT_SLIPS, UPDATE_SLIPS

CAUSES = (*CONVENTIONS, *FORWARD_SLIPS, *OUTPUT_SLIPS, *DZ_SLIPS, *HIDDEN_SLIPS, *GRADIENT_SLIPS, *UPDATE_SLIPS)
"""All causes; of those that explain equally much, the earlier is told first."""
