"""Time travel: whatever way leads to a place, its numbers are the bits of a straight replay."""

from hypothesis import settings

from ..helpers.fuzz import FUZZ
from ..helpers.time_travel import TimeTravel

TimeTravel.TestCase.settings = settings(max_examples=max(100, FUZZ // 3), stateful_step_count=20)
"""A time travel that is saved and opened in between adds 200 in the tests of sessions."""
TestTimeTravel = TimeTravel.TestCase
